"""Manners kept in the store, so that several processes together treat a host as one would; it fetches nothing.

A process that wants to talk to a host takes a lease on it by one conditional update. While it holds the lease it keeps
the gaps and the two connections in memory; when it lets the host go it closes its connections and writes down when the
next request may come. So the store is written once a host and burst, not once a request. A holder that another process
waits for lets go after the requests that are under way; one that has died is replaced at once, one that hangs after
the lease's term. Robots answers and pauses are written when they come.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from django.db import OperationalError, connections, transaction
from django.db.models import F, Q
from django.utils import timezone

from octavo.core.reading.robots import MAX_CRAWL_DELAY
from octavo.services import holders
from octavo.settings import Settings
from octavo.sources.manners import Leaving, Pace, RobotsAnswer, Sent, Yielded, gap_for
from octavo.sources.robots import rules_of
from octavo.store.models import Host

# How long a lease lasts without being renewed. A dead holder on this machine is noticed before that.
TERM = timedelta(seconds=15)
RENEW_EVERY = 4.0
# How often the keeper looks for hosts that are idle or wanted by others.
TICK = 0.5
# A host that nobody here has used for this long is let go.
IDLE = 1.0
# How often a process that waits for a host asks for it.
ASK_EVERY = 0.2
# After letting go of a host that another process wants, it is given this long to take it.
COURTESY = 0.5

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
_serial = itertools.count(1)


@dataclass(slots=True)
class Tenure:
    """A lease in hand: its number, which fences late writes, its end on the monotonic clock, and the pacing under it."""

    host: str
    lease: int
    until: float
    pace: Pace
    users: int = 0
    used_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What the store says to the new holder of a host."""

    lease: int
    next_at: datetime | None
    retry_at: datetime | None
    is_orphan: bool


class StoreManners:
    """Manners for the worker: `async with StoreManners(settings) as manners, Door(settings, manners) as door:`.

    All its questions to the database are asked in one thread of its own, whose connection is closed at the end.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._holder = f"{next(_serial)}/{holders.this_process()}"
        self._everywhere = asyncio.Semaphore(settings.connections)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="manners")
        self._tenures: dict[str, Tenure] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._leaving: list[Leaving] = []
        self._keeper: asyncio.Task[None] | None = None
        self._renewed = time.monotonic()

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep(), name="manners")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Lets every host go and closes the database connection."""
        tasks = [task for task in (self._keeper, *self._asking.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._let_go(list(self._tenures.values()))
        await self._ask(release_rest, self._holder)
        await self._ask(connections.close_all)
        self._thread.shutdown()

    def when_leaving(self, leaving: Leaving) -> None:
        """See Manners."""
        self._leaving.append(leaving)

    @asynccontextmanager
    async def turn(self, host: str, delay: float = 0.0) -> AsyncIterator[Sent]:
        """See Manners. While another process has the host, its end is waited for."""
        gap = gap_for(self._settings, delay)
        while True:
            tenure = await self._hold(host, gap)
            try:
                async with tenure.pace.turn(host, gap) as sent:
                    yield sent
                    return
            except Yielded:
                await asyncio.sleep(ASK_EVERY)
            finally:
                tenure.users -= 1
                tenure.used_at = time.monotonic()

    async def pause(self, host: str, until: datetime) -> None:
        """See Manners. Written at once: it must outlive this process."""
        if host in self._tenures:
            self._tenures[host].pace.pause(until)
        await self._ask(write_pause, host, until)

    async def robots(self, host: str, origin: str) -> RobotsAnswer | None:
        """See Manners. Under the host's lease, so that of several processes the second finds the first one's answer."""
        tenure = await self._hold(host, gap_for(self._settings, 0.0))
        try:
            return await self._ask(read_robots, host, origin)
        finally:
            tenure.users -= 1
            tenure.used_at = time.monotonic()

    async def keep_robots(self, host: str, origin: str, answer: RobotsAnswer) -> None:
        """See Manners. What it says of a Crawl-delay holds for whoever has the host next."""
        if host in self._tenures:
            self._tenures[host].pace.learn(gap_for(self._settings, rules_of(answer).crawl_delay))
        await self._ask(write_robots, host, origin, answer)

    async def _ask(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: question(*args, **kwargs))

    async def _hold(self, host: str, gap: float) -> Tenure:
        """The lease on a host, with this caller counted among its users. One task asks for it, however many wait."""
        while True:
            tenure = self._tenures.get(host)
            if tenure is not None and tenure.pace.is_ending:
                await asyncio.sleep(ASK_EVERY)
            elif tenure is not None and tenure.until > time.monotonic():
                tenure.users += 1
                return tenure
            else:
                # A caller that is cancelled leaves the asking to the others, or to the keeper, who lets go again.
                await asyncio.shield(self._asking.get(host) or self._begin_asking(host, gap))

    def _begin_asking(self, host: str, gap: float) -> asyncio.Task[None]:
        tenure = self._tenures.get(host)
        work = self._acquire(host, gap) if tenure is None else self._prolong(tenure)
        task = self._asking[host] = asyncio.create_task(work)
        task.add_done_callback(lambda _: self._asking.pop(host, None))
        return task

    async def _prolong(self, tenure: Tenure) -> None:
        """Renews a lease whose term ran out while this process was busy, or loses it to whom has taken it since."""
        until = time.monotonic() + TERM.total_seconds()
        if (tenure.host, tenure.lease) in await self._ask(renew, self._holder, TERM):
            tenure.until = until
        else:
            self._lose(tenure)

    async def _acquire(self, host: str, gap: float) -> None:
        while True:
            until = time.monotonic() + TERM.total_seconds()
            taken = await self._ask(take, host, self._holder, TERM)
            if taken is not None:
                break
            await asyncio.sleep(ASK_EVERY)
        # A holder that died wrote down no next request: its last one may have been a moment ago.
        not_before = time.monotonic() + gap if taken.is_orphan else _monotonic(taken.next_at)
        pace = Pace(self._settings.host_connections, self._everywhere, not_before)
        pace.paused_until = taken.retry_at
        self._tenures[host] = Tenure(host, taken.lease, until, pace, used_at=time.monotonic())

    def _lose(self, tenure: Tenure) -> None:
        """Nothing more is started under this lease; the next caller asks for a new one."""
        tenure.pace.is_ending = True
        if self._tenures.get(tenure.host) is tenure:
            del self._tenures[tenure.host]

    async def _keep(self) -> None:
        """Renews what is in use, ends what others want, lets go of what is idle; until it is cancelled."""
        while True:
            await asyncio.sleep(TICK)
            if not self._tenures:
                continue
            try:
                await self._keep_once()
            except OperationalError as error:
                logger.warning("The leases on hosts could not be kept this time: %s", error)

    async def _keep_once(self) -> None:
        now = time.monotonic()
        if now - self._renewed >= RENEW_EVERY:
            await self._renew_all()
        for host in await self._ask(wanted, self._holder):
            if host in self._tenures:
                self._tenures[host].pace.is_ending = True
        idle = [tenure for tenure in self._tenures.values() if tenure.users == 0 and _is_over(tenure, now)]
        await self._let_go(idle)

    async def _renew_all(self) -> None:
        self._renewed = time.monotonic()
        ours = await self._ask(renew, self._holder, TERM)
        for tenure in list(self._tenures.values()):
            if (tenure.host, tenure.lease) in ours:
                tenure.until = self._renewed + TERM.total_seconds()
            elif tenure.until <= self._renewed:
                self._lose(tenure)

    async def _let_go(self, tenures: list[Tenure]) -> None:
        """Closes the connections first: the next holder opens its own two. `is_ending` keeps new turns out meanwhile."""
        if not tenures:
            return
        for tenure in tenures:
            tenure.pace.is_ending = True
            for leaving in self._leaving:
                await leaving(tenure.host)
        now, clock = timezone.now(), time.monotonic()
        left = [
            (tenure.host, tenure.lease, now + timedelta(seconds=max(0.0, tenure.pace.next_at() - clock)))
            for tenure in tenures
        ]
        contested = await self._ask(release, self._holder, left)
        for tenure in tenures:
            # The ended tenure stays in its place for a moment where another process is to have the host first.
            wait = COURTESY if tenure.host in contested else 0.0
            asyncio.get_running_loop().call_later(wait, self._lose, tenure)


def _is_over(tenure: Tenure, now: float) -> bool:
    return tenure.pace.is_ending or now - tenure.used_at >= IDLE


def _monotonic(instant: datetime | None) -> float:
    """An instant of the store on this process's monotonic clock; 0 for none. Never further off than a Crawl-delay may be."""
    if instant is None:
        return 0.0
    return time.monotonic() + min((instant - timezone.now()).total_seconds(), MAX_CRAWL_DELAY)


def take(host: str, holder: str, term: timedelta) -> Taken | None:
    """Takes the lease on a host that is free, run out, ours, or a dead process's; None, and a wish left, otherwise."""
    now = timezone.now()
    known = Host.objects.filter(name=host).first()
    if known is None:
        Host.objects.bulk_create([Host(name=host)], ignore_conflicts=True)
        known = Host.objects.get(name=host)
    same = Host.objects.filter(name=host, holder=known.holder, lease=known.lease)
    if not _is_free(known, holder, now):
        same.filter(wanted_at=None).update(wanted_at=now)
        return None
    if not same.update(holder=holder, lease=F("lease") + 1, held_until=now + term, wanted_at=None):
        return None
    return Taken(known.lease + 1, known.next_at, known.retry_at, is_orphan=bool(known.holder))


def _is_free(host: Host, holder: str, now: datetime) -> bool:
    if host.holder in ("", holder) or host.held_until is None or host.held_until < now:
        return True
    return holders.is_dead(host.holder.partition("/")[2])


def renew(holder: str, term: timedelta) -> set[tuple[str, int]]:
    """Prolongs every lease of a holder by one update; the (host, lease) that it still has."""
    Host.objects.filter(holder=holder).update(held_until=timezone.now() + term)
    return set(Host.objects.filter(holder=holder).values_list("name", "lease"))


def wanted(holder: str) -> list[str]:
    """The hosts of a holder that another process waits for."""
    return list(Host.objects.filter(holder=holder).exclude(wanted_at=None).values_list("name", flat=True))


def release(holder: str, left: list[tuple[str, int, datetime]]) -> set[str]:
    """Gives leases back, each with the instant of its next request, in one transaction; the hosts that others want."""
    contested: set[str] = set()
    with transaction.atomic():
        for host, lease, next_at in left:
            ours = Host.objects.filter(name=host, holder=holder, lease=lease)
            if ours.filter(wanted_at=None).update(holder="", held_until=None, next_at=next_at):
                continue
            if ours.update(holder="", held_until=None, next_at=next_at):
                contested.add(host)
    return contested


def release_rest(holder: str) -> None:
    """Gives back what was taken by a question whose answer nobody waited for any more."""
    Host.objects.filter(holder=holder).update(holder="", held_until=None)


def write_pause(host: str, until: datetime) -> None:
    """Remembers that a host asked to be left alone; a longer pause that it asked for before stands."""
    shorter = Q(retry_at__isnull=True) | Q(retry_at__lt=until)
    Host.objects.filter(shorter, name=host).update(retry_at=until)


def forget(before: datetime) -> int:
    """Removes hosts that nobody has asked for anything since then; returns how many."""
    unused = Host.objects.filter(holder="", next_at__lt=before)
    return unused.exclude(retry_at__gt=before).delete()[0]


def read_robots(host: str, origin: str) -> RobotsAnswer | None:
    """What a host last answered for an origin's robots.txt."""
    kept: dict[str, Any] = Host.objects.filter(name=host).values_list("robots", flat=True).first() or {}
    answer = kept.get(origin)
    if answer is None:
        return None
    fetched, expires = (datetime.fromisoformat(answer[name]) for name in ("fetched", "expires"))
    return RobotsAnswer(fetched, expires, answer["status"], answer["text"], answer["reason"])


def write_robots(host: str, origin: str, answer: RobotsAnswer) -> None:
    """Remembers an answer beside those of the host's other origins."""
    with transaction.atomic():
        # A write first, so that SQLite takes its lock at the start and the reading cannot be overtaken.
        Host.objects.bulk_create([Host(name=host)], ignore_conflicts=True)
        known = Host.objects.select_for_update().get(name=host)
        known.robots[origin] = {
            "fetched": answer.fetched.isoformat(),
            "expires": answer.expires.isoformat(),
            "status": answer.status,
            "text": answer.text,
            "reason": answer.reason,
        }
        known.save(update_fields=["robots"])
