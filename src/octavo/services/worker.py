"""The worker: polls, reads, brings pictures and, while it holds the desk, indexes, folds and serves refresh requests.

One event loop that only waits, a thread each for the database, the index and the desk, and processes for what may be
hostile. Any number of workers share the work by claims; killing one loses nothing that was saved.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import uvloop
from django.utils import timezone

from octavo.ai.embedding import find
from octavo.services import (
    briefs,
    claims,
    correcting,
    indexing,
    leases,
    mailing,
    pages,
    pictures,
    polling,
    refresh,
    tagging,
    telling,
    versions,
)
from octavo.services.database_thread import DatabaseThread
from octavo.services.folding import Folding, Stopped
from octavo.services.hosts import StoreManners
from octavo.services.pages import ClaimedPage, Read, Silence
from octavo.services.patience import Patience
from octavo.services.pictures import Brought, ClaimedPicture
from octavo.services.placing import DeskTaken
from octavo.services.polling import ClaimedFeed, Polled
from octavo.services.slotwork import slots_for
from octavo.services.stages import Stage
from octavo.settings import Settings
from octavo.sources.addresses import Allowance
from octavo.sources.http import Door
from octavo.sources.slots import Slots
from octavo.store.models import RefreshRequest

log = logging.getLogger(__name__)

# How much of each kind is under way at once; what waits for its host's turn counts too.
FEEDS_AT_ONCE = 60
PAGES_AT_ONCE = 120
PICTURES_AT_ONCE = 12
# Seconds between looks: at the desk's lease, at wishes while some are open, and while none is.
RENEW_SECONDS = 8.0
BUSY_SECONDS = 0.4
QUIET_SECONDS = 1.0
# Commits of the index while articles pour in; each costs the same however many it takes.
INDEX_SECONDS = 2.0
# Rounds of folding while articles pour in: what came since is laid on the desk together.
FOLD_SECONDS = 2.0
# Looks at whether a brief is due; and whether there is news for the day's first.
BRIEF_SECONDS = 60.0
FIRST_BRIEF_SECONDS = 3.0
# How long a refresh that works by itself may go on to tell stories.
TELLING_SECONDS = 10.0
HOUSEKEEPING = timedelta(hours=1)


class Worker:
    """One process's work. `demo` reads the demo press alone, through a door that only `allow` opens for it."""

    def __init__(self, settings: Settings, *, demo: bool = False, allow: Sequence[Allowance] = ()) -> None:
        self._settings = settings
        self._demo = demo
        self._allow = allow
        self._database = DatabaseThread("database")
        self._indexer = DatabaseThread("index")
        self._folder = DatabaseThread("fold")
        self._mailer = DatabaseThread("mail")
        self._mail_again_at = 0.0
        self._folding = Folding(Path(settings.data), partial(find, folder=settings.embedding_model))
        self._desk: leases.Held | None = None
        self._index_due = asyncio.Event()
        self._index_now = asyncio.Event()
        self._fold_due = asyncio.Event()
        self._fold_now = asyncio.Event()
        self._is_folding_to_the_end = False
        self._is_one_off = False
        self._is_fulfilled = False
        self._indexing_patience = Patience(log, "The index could not be brought up to date")
        self._folding_patience = Patience(log, "Articles could not be folded")
        self._mailing_patience = Patience(log, "The brief could not be mailed")
        self._silence = Silence()
        self._stages: list[Stage[Any, Any]] = []

    async def fulfil(self, request: int, progress: refresh.Progress) -> None:
        """Works until a refresh request is fulfilled, here or by another process that has the desk."""
        self._is_one_off = True
        await self.run(lambda: self._is_fulfilled, progress, request)

    async def run(
        self,
        until: Callable[[], bool] = lambda: False,
        progress: refresh.Progress | None = None,
        request: int | None = None,
    ) -> None:
        """Works until cancelled, or until `until()` says that what was asked for is done."""
        try:
            async with self._open() as (door, slots):
                await self._work(door, slots, until, progress, request)
        finally:
            await self._hand_over()

    @contextlib.asynccontextmanager
    async def _open(self) -> AsyncIterator[tuple[Door, Slots]]:
        """The doors to the outside: the network with its manners, and the slots."""
        await self._database(claims.release_dead)
        if not self._demo:
            # Building the graph takes 400 MB for some seconds, once: before the slots take theirs.
            await asyncio.to_thread(self._folding.build_model)
        async with (
            StoreManners(self._settings) as manners,
            Door(self._settings, manners, allow=self._allow) as door,
            slots_for(self._settings) as slots,
        ):
            yield door, slots

    async def _work(
        self,
        door: Door,
        slots: Slots,
        until: Callable[[], bool],
        progress: refresh.Progress | None,
        request: int | None,
    ) -> None:
        self._stages = [self._polling(door, slots), self._reading(door, slots)]
        if progress is None:
            self._stages.append(self._pictures(door, slots))
        jobs: list[Coroutine[Any, Any, None]] = [stage.run() for stage in self._stages]
        jobs += [
            self._keep_desk(),
            self._keep_index(),
            self._keep_folding(),
            self._serve_requests(progress, request),
            self._keep_house(),
        ]
        if not self._is_one_off:
            jobs.append(self._keep_briefs())
        tasks = [asyncio.create_task(job) for job in jobs]
        try:
            while not until():
                done, _ = await asyncio.wait(tasks, timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()  # none of them ends by itself but by a fault
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _polling(self, door: Door, slots: Slots) -> Stage[ClaimedFeed, Polled]:
        def save(results: Sequence[Polled]) -> None:
            polling.save(results)

        return Stage(
            name="polling",
            database=self._database,
            claim=partial(polling.claim_due, demo=self._demo),
            work=lambda feed: polling.poll(feed, door, slots),
            save=save,
            give_back=polling.give_back,
            abandon=polling.abandon,
            capacity=FEEDS_AT_ONCE,
            on_saved=lambda: self._wake("reading"),
        )

    def _reading(self, door: Door, slots: Slots) -> Stage[ClaimedPage, Read]:
        return Stage(
            name="reading",
            database=self._database,
            claim=partial(pages.claim_due, demo=self._demo),
            work=lambda page: pages.read(page, door, slots, self._silence),
            save=versions.save,
            give_back=pages.give_back,
            abandon=versions.abandon,
            capacity=PAGES_AT_ONCE,
            on_saved=self._take_in,
        )

    def _pictures(self, door: Door, slots: Slots) -> Stage[ClaimedPicture, Brought]:
        return Stage(
            name="pictures",
            database=self._database,
            claim=partial(pictures.claim_due, demo=self._demo),
            work=lambda picture: pictures.bring(picture, door, slots, self._settings.data),
            save=pictures.save,
            give_back=pictures.give_back,
            abandon=pictures.abandon,
            capacity=PICTURES_AT_ONCE,
        )

    def _take_in(self) -> None:
        """Says that there are articles to index and to fold."""
        self._index_due.set()
        self._fold_due.set()

    def _wake(self, name: str) -> None:
        for stage in self._stages:
            if stage.name == name:
                stage.wake()

    async def _keep_desk(self) -> None:
        """Holds the desk while no other process does. The demo's worker leaves it to the real one."""
        while not self._demo:
            if self._desk is None:
                self._desk = await self._database(leases.acquire, leases.DESK)
            elif not await self._database(leases.renew, self._desk):
                log.warning("Another process has taken the desk; this one goes on polling and reading.")
                self._desk = None
                await self._indexer(indexing.close)
                await self._folder(self._folding.close)
            self._take_in()
            await asyncio.sleep(RENEW_SECONDS if self._desk else QUIET_SECONDS)
        await asyncio.Event().wait()

    async def _keep_index(self) -> None:
        """Takes what was saved into the index, a little later, so that one commit serves many articles."""
        while True:
            await self._index_due.wait()
            self._index_due.clear()
            self._index_now.clear()
            if self._desk is not None:
                await self._index()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(INDEX_SECONDS):
                    await self._index_now.wait()

    async def _index(self) -> None:
        try:
            await self._indexer(indexing.catch_up)
            self._indexing_patience.worked()
        except indexing.IndexTaken as error:
            log.warning("%s", error)
            self._desk = None
        except Exception as error:
            self._index_due.set()
            await asyncio.sleep(self._indexing_patience.failed(error))

    async def _keep_folding(self) -> None:
        """Lays what was saved on the desk, a little later, so that one transaction serves many articles."""
        while True:
            await self._fold_due.wait()
            self._fold_due.clear()
            self._fold_now.clear()
            if self._desk is not None:
                await self._fold(self._desk)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FOLD_SECONDS):
                    await self._fold_now.wait()

    async def _fold(self, desk: leases.Held) -> None:
        try:
            await self._folder(self._folding.catch_up, desk, finish=self._is_folding_to_the_end)
            for catch_up in () if self._is_one_off else (telling.catch_up, tagging.catch_up):
                if await self._folder(catch_up, desk):
                    self._fold_due.set()
            self._folding_patience.worked()
        except DeskTaken as error:
            log.warning("%s", error)
            self._desk = None
        except Stopped:
            pass
        except Exception as error:
            self._fold_due.set()
            await asyncio.sleep(self._folding_patience.failed(error))

    async def _serve_requests(self, progress: refresh.Progress | None, wanted: int | None) -> None:
        """Fulfils refresh requests while this process holds the desk; `wanted` is the one that it runs for."""
        while True:
            requests = await self._database(refresh.open_requests) if self._desk or wanted else []
            is_corrected = await self._database(correcting.are_due) if self._desk else False
            if is_corrected:
                self._fold_due.set()
                self._fold_now.set()
            for request in requests if self._desk else ():
                await self._serve(request, progress)
            self._is_fulfilled = wanted is not None and wanted not in {r.pk for r in requests if not r.finished_at}
            await asyncio.sleep(BUSY_SECONDS if requests or wanted else QUIET_SECONDS)

    async def _serve(self, request: RefreshRequest, progress: refresh.Progress | None) -> None:
        if request.started_at is None:
            await self._database(refresh.begin, request)
            self._wake("polling")
        now = await self._database(refresh.standing, request)
        if progress is not None:
            now.tell(progress)
        self._is_folding_to_the_end = now.is_read and not now.is_settled
        if now.is_read and now.index_behind:
            self._index_due.set()
            self._index_now.set()
        if now.is_read and now.fold_behind:
            self._fold_due.set()
            self._fold_now.set()
        finish = refresh.finish if now.is_settled else refresh.keep_standing
        await self._database(finish, request, now)

    async def _keep_house(self) -> None:
        """What is done now and then: claims of the dead are freed; retention, by its settings."""
        from octavo.services import housekeeping

        while True:
            await self._database(claims.release_dead)
            if self._desk is not None:
                await self._database(housekeeping.keep, timezone.now())
            await asyncio.sleep(HOUSEKEEPING.total_seconds())

    async def _keep_briefs(self) -> None:
        """Makes the briefs that are due, while this process holds the desk."""
        while True:
            is_made = self._desk is not None and await self._brief(self._desk)
            if is_made and mailing.is_time(timezone.now()):
                await self._mail()
            await asyncio.sleep(BRIEF_SECONDS if is_made else FIRST_BRIEF_SECONDS)

    async def _brief(self, desk: leases.Held) -> bool:
        """Whether there is a brief of today now."""
        try:
            return await self._folder(briefs.keep, desk, timezone.now())
        except DeskTaken as error:
            log.warning("%s", error)
            self._desk = None
        except Exception:
            log.exception("Today's Eight could not be chosen; trying again soon")
        return False

    async def _tell(self, desk: leases.Held) -> None:
        """Tells what changed, once all else is done: for a process that will not be there later."""
        try:
            await self._folder(telling.catch_up, desk, TELLING_SECONDS)
        except Exception:
            log.exception("Some stories could not be told; the next refresh tries again")

    async def _mail(self) -> None:
        """Mails the brief to those who wait for it; where the server fails, later again."""
        if time.monotonic() < self._mail_again_at:
            return
        try:
            await self._mailer(mailing.send_due, timezone.now())
            self._mailing_patience.worked()
        except Exception as error:
            self._mail_again_at = time.monotonic() + self._mailing_patience.failed(error)

    async def _put_away(self, desk: leases.Held) -> None:
        try:
            await self._folder(self._folding.put_away, desk)
        except Exception:
            log.exception("The desk could not be kept in its file; the next start lays it anew")

    async def _hand_over(self) -> None:
        """Leaves the desk to the next one."""
        self._folding.stop()
        await self._indexer(indexing.close)
        if self._desk is not None:
            if self._is_one_off and self._is_fulfilled:
                await self._tell(self._desk)
                await self._brief(self._desk)
            await self._put_away(self._desk)
            await self._database(leases.release, self._desk)
        await asyncio.to_thread(self._indexer.close)
        await asyncio.to_thread(self._folder.close)
        await asyncio.to_thread(self._mailer.close)
        await asyncio.to_thread(self._database.close)


def work_for(request: int, progress: refresh.Progress) -> None:
    """Is the worker until one refresh request is fulfilled."""
    from django.conf import settings

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Worker(settings.OCTAVO).fulfil(request, progress))


async def _run_until_signal(worker: Worker) -> None:
    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    assert me is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, me.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await worker.run()


def work_until_signal() -> int:
    """Is a worker until SIGTERM or SIGINT; the exit code."""
    from django.conf import settings

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run_until_signal(Worker(settings.OCTAVO)))
    return 0
