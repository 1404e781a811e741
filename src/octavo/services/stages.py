"""The rhythm that polling, reading and pictures share: claim a few jobs, work on many at once, save in small lots.

A stage decides how much is under way and never what is done. What is under way is bounded in all and a host, so that
memory is bounded and no slow or dead host holds up the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from octavo.services.database_thread import DatabaseThread
from octavo.services.patience import Patience

log = logging.getLogger(__name__)

# Results that wait this long are saved, and at most so many in one transaction: each costs one wait for the disk.
SAVE_SECONDS = 0.1
SAVE_MOST = 32
# How often a stage without work looks for some by itself; whoever makes work wakes it sooner.
IDLE_SECONDS = 2.0
# A new lot is claimed when this share of the capacity is free: claiming one by one would cost a query each.
ROOM = 0.15
# How long a stop waits for results that are done to be saved.
STOP_SECONDS = 5.0


class Job(Protocol):
    """A claimed row: its host, id and claim number."""

    @property
    def host(self) -> str:
        """The host that it is fetched from."""

    @property
    def id(self) -> int:
        """The row."""

    @property
    def claim(self) -> int:
        """The number that fences its result."""


J = TypeVar("J", bound=Job)
R = TypeVar("R")


@dataclass
class Stage(Generic[J, R]):
    """One kind of work.

    They run in the database's thread: `claim(room, busy hosts)`, `save(results)`, `give_back(jobs)` and `abandon(job, why)`
    for a job whose result cannot be saved. `work` runs in the loop and never raises for what comes from outside.
    """

    name: str
    database: DatabaseThread
    claim: Callable[[int, Counter[str]], Sequence[J]]
    work: Callable[[J], Awaitable[R]]
    save: Callable[[Sequence[R]], None]
    give_back: Callable[[Sequence[J]], None]
    abandon: Callable[[J, str], None]
    capacity: int
    on_saved: Callable[[], None] = lambda: None
    busy: Counter[str] = field(default_factory=Counter)
    _jobs: dict[asyncio.Task[None], J] = field(default_factory=dict)
    _results: asyncio.Queue[tuple[J, R]] = field(default_factory=asyncio.Queue)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _unsaved: int = 0

    def __post_init__(self) -> None:
        self._patience = Patience(log, f"{self.name}: no work could be claimed")

    def wake(self) -> None:
        """Says that there may be work."""
        self._wake.set()

    async def run(self) -> None:
        """Works until cancelled; then saves what is done and gives back what is not."""
        saver = asyncio.create_task(self._save_for_ever())
        try:
            while True:
                self._wake.clear()
                if not await self._claim_and_start():
                    await self._wait()
        finally:
            await self._stop(saver)

    async def _claim_and_start(self) -> bool:
        """Whether any job was started."""
        room = self.capacity - len(self._jobs) - self._unsaved
        if room < max(1, self.capacity * ROOM):
            return False
        try:
            jobs = await self.database(self.claim, room, Counter(self.busy))
        except Exception as error:
            await asyncio.sleep(self._patience.failed(error))
            return False
        self._patience.worked()
        for job in jobs:
            self.busy[job.host] += 1
            task = asyncio.create_task(self._do(job))
            self._jobs[task] = job
            task.add_done_callback(self._done)
        return bool(jobs)

    async def _do(self, job: J) -> None:
        try:
            result = await self.work(job)
        except Exception as error:
            log.exception("%s: %r could not be done", self.name, job)
            await self._abandon(job, error)
            self._wake.set()
            return
        self._unsaved += 1
        self._results.put_nowait((job, result))

    def _done(self, task: asyncio.Task[None]) -> None:
        job = self._jobs.pop(task)
        self.busy[job.host] -= 1
        if self.busy[job.host] <= 0:
            del self.busy[job.host]

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _save_for_ever(self) -> None:
        while True:
            lot = [await self._results.get()]
            await self._gather(lot)
            await self._save(lot)

    async def _gather(self, lot: list[tuple[J, R]]) -> None:
        """Adds what comes within a moment."""
        try:
            async with asyncio.timeout(SAVE_SECONDS):
                while len(lot) < SAVE_MOST:
                    lot.append(await self._results.get())
        except TimeoutError:
            pass

    async def _save(self, lot: Sequence[tuple[J, R]]) -> None:
        """Saves a lot; where that fails, one by one, so that one bad result takes no other down."""
        try:
            await self.database(self.save, [result for _, result in lot])
        except Exception:
            log.exception("%s: %d results could not be saved together; one by one", self.name, len(lot))
            for job, result in lot:
                await self._save_alone(job, result)
        finally:
            self._unsaved -= len(lot)
            self._wake.set()
            self.on_saved()

    async def _save_alone(self, job: J, result: R) -> None:
        try:
            await self.database(self.save, [result])
        except Exception as error:
            log.exception("%s: the result of %r could not be saved", self.name, job)
            await self._abandon(job, error)

    async def _abandon(self, job: J, error: BaseException) -> None:
        """Puts a job off that cannot be done, with the reason, so that nobody waits for it."""
        try:
            await self.database(self.abandon, job, f"{type(error).__name__}: {error}"[:300])
        except Exception:
            log.exception("%s: %r could not even be put off", self.name, job)

    async def _stop(self, saver: asyncio.Task[None]) -> None:
        left = dict(self._jobs)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        undone = [job for task, job in left.items() if task.cancelled()]
        try:
            async with asyncio.timeout(STOP_SECONDS):
                while self._unsaved:
                    await asyncio.sleep(SAVE_SECONDS / 10)
        except TimeoutError:
            log.warning("%s: %d results were not saved in time; they are fetched again", self.name, self._unsaved)
        saver.cancel()
        await asyncio.gather(saver, return_exceptions=True)
        if undone:
            await self.database(self.give_back, undone)
