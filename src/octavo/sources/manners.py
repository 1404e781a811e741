"""How politely a host is treated: at most two connections, a gap between requests, patience when asked for it.

The door asks for a turn before each request and gives it back after. Here are the interface, the pacing of one host in
one process, and manners that live in memory; `services/hosts.py` keeps them in the store, for several processes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from octavo.core.reading.robots import MAX_CRAWL_DELAY
from octavo.settings import Settings
from octavo.sources.refusals import Reason, Refusal

# A Retry-After that ends within this many seconds is waited out; a longer one is refused, to be tried later.
SHORT_WAIT = 5.0
# A host that was left alone for this long is forgotten by manners in memory.
IDLE_FORGOTTEN = 60.0

# Called when a host is let go: whoever keeps connections to it open closes them.
Leaving = Callable[[str], Awaitable[None]]
# Called by the door when a turn's request is on its way.
Sent = Callable[[], None]


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What a host answered for robots.txt. Instants are aware.

    `status` is 0 where there was no answer (`reason` says why). `text` is that of the last good answer, None for none:
    while robots.txt cannot be had, the last good one holds.
    """

    fetched: datetime
    expires: datetime
    status: int
    text: str | None = None
    reason: str = ""


class Manners(Protocol):
    """What the door needs to behave. `host` is a Target.host_key, `origin` a Target.origin."""

    def turn(self, host: str, delay: float = 0.0) -> AbstractAsyncContextManager[Sent]:
        """Waits for a turn at a host and holds it; `delay` is its Crawl-delay in seconds. Raises Refusal (retry-later).

        The value is to be called when the request is on its way: the gap to the next one counts from there.
        """

    async def pause(self, host: str, until: datetime) -> None:
        """Leaves a host alone until an instant: it asked for that."""

    async def robots(self, host: str, origin: str) -> RobotsAnswer | None:
        """The last answer for an origin's robots.txt, expired or not."""

    async def keep_robots(self, host: str, origin: str, answer: RobotsAnswer) -> None:
        """Remembers an answer."""

    def when_leaving(self, leaving: Leaving) -> None:
        """Has `leaving(host)` called before another process may talk to a host."""


class Yielded(Exception):
    """The host is being let go: ask for it again."""


class Pace:
    """One host's turns in one process: so many at once, and starts at least a gap apart, first come first served.

    Times are seconds on the monotonic clock. `not_before` bars the host until then, whatever the gap.
    """

    def __init__(self, connections: int, everywhere: asyncio.Semaphore, not_before: float = 0.0) -> None:
        self.not_before = not_before
        self.paused_until: datetime | None = None
        self.is_ending = False
        self._last_at = 0.0
        self._gap = 0.0
        self._slots = asyncio.Semaphore(connections)
        self._gate = asyncio.Lock()
        self._everywhere = everywhere

    def next_at(self, gap: float | None = None) -> float:
        """When the next request may start; with the gap of the last one where none is given."""
        return max(self.not_before, self._last_at + (self._gap if gap is None else gap))

    def pause(self, until: datetime) -> None:
        """The host asked to be left alone; a longer pause that it asked for before stands."""
        self.paused_until = max(until, self.paused_until or until)

    def learn(self, gap: float) -> None:
        """The gap that the host has just asked for: it counts from its last request on."""
        self._gap = gap

    @asynccontextmanager
    async def turn(self, host: str, gap: float) -> AsyncIterator[Sent]:
        """Holds one of the host's slots and one of all; raises Yielded or Refusal (retry-later) instead.

        The gap is the coming request's, since a Crawl-delay is only known after robots.txt has been asked for. It
        counts from the moment the request is on its way, which a slow connection or a busy process may put off: the
        next one passes the gate only after that.
        """
        async with self._slots:
            await self._gate.acquire()
            gate = ExitStack()
            gate.callback(self._gate.release)
            with gate:
                await self._wait(host, gap)
                self._gap = gap
                try:
                    yield lambda: self._sent(gate)
                finally:
                    self._everywhere.release()
                    self._last_at = time.monotonic()

    def _sent(self, gate: ExitStack) -> None:
        self._last_at = time.monotonic()
        gate.close()

    async def _wait(self, host: str, gap: float) -> None:
        """Until the gap is over and a connection is free, in that order, so that a busy moment bunches no requests."""
        while True:
            self._check(host)
            if (wait := self.next_at(gap) - time.monotonic()) > 0:
                await asyncio.sleep(min(wait, 0.5))
                continue
            await self._everywhere.acquire()
            if self.next_at(gap) <= time.monotonic() and not self.is_ending:
                return
            self._everywhere.release()

    def _check(self, host: str) -> None:
        if self.is_ending:
            raise Yielded
        if self.paused_until is None:
            return
        until = self.paused_until
        left = (until - datetime.now(UTC)).total_seconds()
        if left > SHORT_WAIT:
            raise Refusal(
                Reason.RETRY_LATER, f"The publisher asks to be left alone until {until:%d %b %H:%M} UTC", host, until
            )
        self.not_before = max(self.not_before, time.monotonic() + left)
        self.paused_until = None if left <= 0 else until


def gap_for(settings: Settings, delay: float) -> float:
    """Seconds between two requests: the setting, or the host's Crawl-delay where that is longer, up to its bound."""
    return max(settings.host_gap, min(delay, MAX_CRAWL_DELAY))


class MemoryManners:
    """Manners of one process that ends soon: `octavo read`, the pipes, tests. Nothing is remembered after it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._everywhere = asyncio.Semaphore(settings.connections)
        self._paces: dict[str, Pace] = {}
        self._users: dict[str, int] = {}
        self._robots: dict[str, RobotsAnswer] = {}
        self._leaving: list[Leaving] = []
        self._swept = time.monotonic()

    @asynccontextmanager
    async def turn(self, host: str, delay: float = 0.0) -> AsyncIterator[Sent]:
        """See Manners."""
        await self._forget_idle()
        pace = self._pace(host)
        self._users[host] = self._users.get(host, 0) + 1
        try:
            async with pace.turn(host, gap_for(self._settings, delay)) as sent:
                yield sent
        finally:
            self._users[host] -= 1

    async def pause(self, host: str, until: datetime) -> None:
        """See Manners."""
        self._pace(host).pause(until)

    async def robots(self, host: str, origin: str) -> RobotsAnswer | None:
        """See Manners."""
        return self._robots.get(origin)

    async def keep_robots(self, host: str, origin: str, answer: RobotsAnswer) -> None:
        """See Manners."""
        self._robots[origin] = answer

    def when_leaving(self, leaving: Leaving) -> None:
        """See Manners."""
        self._leaving.append(leaving)

    def _pace(self, host: str) -> Pace:
        if host not in self._paces:
            self._paces[host] = Pace(self._settings.host_connections, self._everywhere)
        return self._paces[host]

    async def _forget_idle(self) -> None:
        """Lets hosts go that nobody asked for in a while; a pause that still runs is kept."""
        now = time.monotonic()
        if now - self._swept < IDLE_FORGOTTEN:
            return
        self._swept = now
        for host, pace in list(self._paces.items()):
            if not self._users.get(host) and pace.paused_until is None and now - pace.next_at() > IDLE_FORGOTTEN:
                del self._paces[host]
                for leaving in self._leaving:
                    await leaving(host)
