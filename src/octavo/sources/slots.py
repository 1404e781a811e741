"""Runs hostile work in processes that can be killed: each slot is one process that does one task at a time.

A slot is forked from the nursery (`nursery.py`), a small process that was started fresh. A task is bounded in processor
time, in memory and on the clock; one that costs more loses its slot and harms no other. It decides nothing about the work.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

from octavo.settings import Settings
from octavo.sources.slot_messages import (
    BURY,
    FORK,
    ORDER,
    SIZE,
    STATUS,
    Request,
    ValueReader,
    receive,
    receive_exactly,
    send,
    unpack_error,
)

Answer = TypeVar("Answer")

# What the nursery imports before it forks; a module's `prepare()`, where it has one, loads its models. Work from any
# other module of Octavo can be done too: it is imported when first asked for.
PRELOAD = ("octavo.sources.extraction.reading", "octavo.sources.feeds", "octavo.sources.pictures")
DEFAULT_SECONDS = 5.0  # processor time of one task
DEFAULT_MEMORY = 256 * 1024 * 1024  # bytes of one task
# The clock allows this many times the processor time, and at least so many seconds.
CLOCK_FACTOR, CLOCK_FLOOR = 6.0, 10.0
START_SECONDS = 60.0  # the time that a nursery may take to import what it should


class SlotError(RuntimeError):
    """Work that a slot did not finish."""


class SlotKilled(SlotError):
    """Work that cost more than it may, or took its process down; `reason` is one of time, memory, clock, size, died."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


class TaskFailed(SlotError):
    """Work that raised an error which is not Octavo's own; the message names it. Octavo's own are raised as they are."""


class Lost(RuntimeError):
    """A slot that went away through no proven fault of its task."""


class Nursery:
    """The owner's end of the process that slots are forked from. Not for more than one thread at once: lock it."""

    def __init__(self, modules: Iterable[str]) -> None:
        self.modules = tuple(modules)
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.is_closed = False

    def start(self) -> socket.socket:
        """Starts the process if it does not run; gives the socket to speak to it."""
        if self.process and self.process.poll() is None and self.control:
            return self.control
        self.stop()
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
        command = [sys.executable, "-m", "octavo.sources.nursery", str(theirs.fileno()), *self.modules]
        self.process = subprocess.Popen(command, pass_fds=(theirs.fileno(),), env=environment, stdin=subprocess.DEVNULL)
        theirs.close()
        self.control = ours
        receive(ours, time.monotonic() + START_SECONDS)
        return ours

    def fork(self) -> tuple[int, socket.socket]:
        """A new slot: its process number and the socket to it. Raises Lost where the process went away or is closed."""
        with self.lock:
            if self.is_closed:
                raise Lost("the slots are closed")
            control = self.start()
            ours, theirs = socket.socketpair()
            try:
                socket.send_fds(control, [ORDER.pack(FORK, 0)], [theirs.fileno()])
                (child,) = SIZE.unpack(receive_exactly(control, SIZE.size, time.monotonic() + START_SECONDS))
            except (OSError, EOFError, TimeoutError) as error:
                ours.close()
                self.stop()
                raise Lost(f"the nursery went away: {error!r}") from error
            finally:
                theirs.close()
            return child, ours

    def bury(self, child: int) -> int:
        """Ends a slot for good and says what it died of: a signal, negative, or its exit code; 0 where nobody knows.

        The number is safe to name because nobody else takes its status away.
        """
        with self.lock, contextlib.suppress(OSError, EOFError, TimeoutError):
            if self.control:
                self.control.sendall(ORDER.pack(BURY, child))
                return int(
                    STATUS.unpack(receive_exactly(self.control, STATUS.size, time.monotonic() + START_SECONDS))[0]
                )
        return 0

    def stop(self) -> None:
        """Ends the process; its slots go with it."""
        if self.control:
            self.control.close()
            self.control = None
        if self.process:
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


class Slot:
    """One process that does one task at a time, born when first needed."""

    def __init__(self, nursery: Nursery) -> None:
        self.nursery = nursery
        self.child = 0
        self.link: socket.socket | None = None

    def end(self) -> int:
        """Ends the process, if there is one, and says what it died of."""
        if not self.link:
            return 0
        self.link.close()
        self.link = None
        child, self.child = self.child, 0
        return self.nursery.bury(child)

    def do(self, request: Request) -> Any:
        """The work's answer. Raises SlotKilled, TaskFailed, an error of Octavo's, or Lost where the process vanished."""
        message = pickle.dumps(request)
        if self.link is None:
            self.child, self.link = self.nursery.fork()
        allowed = max(CLOCK_FLOOR, CLOCK_FACTOR * request.seconds)
        try:
            send(self.link, message)
            answer = ValueReader(io.BytesIO(receive(self.link, time.monotonic() + allowed))).load()
        except TimeoutError:
            self.end()
            raise SlotKilled("clock", f"It took more than {allowed:.0f} s.") from None
        except (ValueError, pickle.UnpicklingError, AttributeError, ImportError, TypeError) as error:
            self.end()
            raise SlotKilled("size", f"Its answer cannot be taken: {error}.") from None
        except (EOFError, OSError):
            if self.end() == -signal.SIGPROF:
                raise SlotKilled("time", f"It took more than {request.seconds:g} s of processor time.") from None
            raise Lost("its process went away") from None
        if answer.get("tired"):
            self.end()
        return result_of(answer, request)


def result_of(answer: dict[str, Any], request: Request) -> Any:
    """The value of an answer, or the error that it tells of, raised."""
    if "killed" in answer:
        raise SlotKilled(answer["killed"], f"It took more than {request.memory >> 20} MiB.")
    if "raised" in answer:
        raise unpack_error(*answer["raised"])
    if "failed" in answer:
        raise TaskFailed(answer["failed"])
    return answer.get("value")


class Slots:
    """A number of slots. Open it with `with` or `async with`; safe to use from any thread and any event loop.

    `seconds` of processor time and `memory` in bytes are what one piece of work may cost. Poisonous work (too much of
    either, or a process that died twice) raises SlotKilled and harms no other; work whose process merely went away is
    done again once. Work is a module-level function; arguments are pickled, answers are Octavo's values.
    """

    def __init__(
        self,
        count: int,
        *,
        seconds: float = DEFAULT_SECONDS,
        memory: int = DEFAULT_MEMORY,
        preload: Iterable[str] = PRELOAD,
    ) -> None:
        self.count = max(1, count)
        self.seconds = seconds
        self.memory = memory
        self.nursery = Nursery(preload)
        self.free: queue.SimpleQueue[Slot] = queue.SimpleQueue()
        self.slots = [Slot(self.nursery) for _ in range(self.count)]
        for slot in self.slots:
            self.free.put(slot)
        self.threads = ThreadPoolExecutor(self.count, thread_name_prefix="slot")
        self.is_closed = False

    @classmethod
    def from_settings(cls, settings: Settings, preload: Iterable[str] = PRELOAD) -> Slots:
        """As many slots as the settings say: one a core, at most four, where they say 0."""
        count = settings.extract_slots or min(len(os.sched_getaffinity(0)), 4)
        return cls(count, seconds=settings.extract_seconds, memory=settings.extract_memory, preload=preload)

    def perform(self, request: Request) -> Any:
        """Does a piece of work in a free slot and waits for it."""
        slot = self.free.get()
        try:
            try:
                return slot.do(request)
            except Lost:
                if self.is_closed:
                    raise
                return slot.do(request)
        except Lost as error:
            raise SlotKilled("died", f"{error}, twice") from None
        finally:
            self.free.put(slot)

    def submit(self, work: Callable[..., Answer], *arguments: Any, **named: Any) -> Future[Answer]:
        """Starts a piece of work as soon as a slot is free."""
        return self.threads.submit(self.perform, Request(work, arguments, named, self.seconds, self.memory))

    async def run(self, work: Callable[..., Answer], *arguments: Any, **named: Any) -> Answer:
        """The answer of a piece of work, without blocking the event loop. Raises SlotError, and what the work raises."""
        return await asyncio.wrap_future(self.submit(work, *arguments, **named))

    def close(self) -> None:
        """Ends every process; work that runs is given up and not begun again."""
        self.nursery.is_closed = True
        self.threads.shutdown(wait=False, cancel_futures=True)
        for slot in self.slots:
            if slot.link:
                with contextlib.suppress(OSError):
                    slot.link.shutdown(socket.SHUT_RDWR)
        with self.nursery.lock:
            self.nursery.stop()
        self.threads.shutdown(wait=True)

    def __enter__(self) -> Slots:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    async def __aenter__(self) -> Slots:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)
