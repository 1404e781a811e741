"""Runs hostile work in processes that can be killed: each slot is one process that does one task at a time.

A slot is forked from a nursery: a small process, started fresh, that has only imported what the tasks need. It has one
thread and no database handle, so forking it is safe, and its memory is shared by all slots. A task is bounded in
processor time (ITIMER_PROF), in memory above what the slot already had (RLIMIT_DATA) and on the clock. What a slot
answers is unpickled with a reader that can only build Octavo's own value classes: a page that takes a slot over gains
nothing here.

Octavo's own processes use `Slots`; `python -m octavo.sources.slots FD` is the nursery and is started by it alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import io
import logging
import os
import pickle
import queue
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, is_dataclass
from enum import Enum
from types import TracebackType
from typing import Any, TypeVar

from octavo.settings import Settings

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

# What the nursery imports before it forks; a module's `prepare()`, where it has one, loads its models. Work from any
# other module of Octavo can be done too: it is imported when first asked for.
PRELOAD = ("octavo.sources.extraction.reading", "octavo.sources.feeds", "octavo.sources.pictures")
DEFAULT_SECONDS = 5.0  # processor time of one task
DEFAULT_MEMORY = 256 * 1024 * 1024  # bytes of one task
CLOCK_FACTOR, CLOCK_FLOOR = (
    6.0,
    10.0,
)  # the clock allows this many times the processor time, and at least so many seconds
RECYCLE_TASKS = 500  # a slot is replaced after so many tasks
RECYCLE_GROWTH = 96 * 1024 * 1024  # bytes: or when it keeps so much more memory than at its birth
MAX_ANSWER = 64 * 1024 * 1024  # bytes; a longer answer is refused
START_SECONDS = 60.0  # the time that a nursery may take to import what it should
SIZE = struct.Struct("!I")
STATUS = struct.Struct("!i")
PR_SET_PDEATHSIG = 1


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


# ---------------------------------------------------------------- messages


@dataclass(frozen=True, slots=True)
class Request:
    """One piece of work and what it may cost: processor seconds, and bytes above what its process already has."""

    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    seconds: float
    memory: int


def send(link: socket.socket, message: bytes) -> None:
    """Writes one message with its length before it."""
    link.sendall(SIZE.pack(len(message)) + message)


def receive_exactly(link: socket.socket, count: int, deadline: float | None) -> bytes:
    """So many bytes; raises EOFError where the other side has gone and TimeoutError at the deadline."""
    parts: list[bytes] = []
    while count:
        if deadline is not None and not select.select([link], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError
        part = link.recv(min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def receive(link: socket.socket, deadline: float | None = None, most: int = MAX_ANSWER) -> bytes:
    """One message; raises ValueError where it is longer than `most`."""
    (length,) = SIZE.unpack(receive_exactly(link, SIZE.size, deadline))
    if length > most:
        raise ValueError(f"an answer of {length} bytes")
    return receive_exactly(link, length, deadline)


class ValueReader(pickle.Unpickler):
    """Reads what a slot answers: plain values, dates, and Octavo's dataclasses, enumerations and errors. Nothing else."""

    PLAIN = frozenset(("datetime.datetime", "datetime.date", "datetime.timedelta", "datetime.timezone", "builtins.set", "builtins.frozenset"))  # fmt: skip

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name, if it is one that only carries values. Raises pickle.UnpicklingError."""
        if f"{module}.{name}" in self.PLAIN:
            return super().find_class(module, name)
        if module.split(".")[0] == "octavo" and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum | Exception)):
                return found
        raise pickle.UnpicklingError(f"a slot may not answer with {module}.{name}")


def pack_error(error: Exception) -> dict[str, Any]:
    """An error as it is sent: Octavo's own whole, any other as its name and message."""
    if type(error).__module__.split(".")[0] == "octavo":
        return {"raised": (type(error), error.args, dict(vars(error)))}
    return {"failed": f"{type(error).__name__}: {error}"[:500]}


def unpack_error(kind: type[Exception], arguments: tuple[Any, ...], state: dict[str, Any]) -> Exception:
    """The error that `pack_error` took apart; its own __init__ is not called again."""
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(state)
    return error


# ---------------------------------------------------------------- inside the nursery and its slots


def memory_now(field: str = "VmData") -> int:
    """Bytes that this process has: VmData what it may write to, VmRSS what it holds."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    return 0


def die_with_parent() -> None:
    """Asks the kernel to kill this process when the nursery dies, even while a task runs."""
    with contextlib.suppress(Exception):
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def perform(request: Request) -> dict[str, Any]:
    """Does one piece of work under its bounds and says what came of it. Out of time, the process dies without a word."""
    ceiling = memory_now() + request.memory
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (ceiling, resource.RLIM_INFINITY))
        signal.setitimer(signal.ITIMER_PROF, request.seconds)
        return {"value": request.work(*request.arguments, **request.named)}
    except MemoryError:
        return {"killed": "memory"}
    except Exception as error:
        return pack_error(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def answer_message(answer: dict[str, Any]) -> bytes:
    """An answer as bytes; one that cannot be sent becomes the reason why."""
    try:
        return pickle.dumps(answer)
    except (pickle.PicklingError, TypeError, AttributeError, MemoryError, RecursionError) as error:
        return pickle.dumps({"failed": f"{type(error).__name__}: {error}"[:500], "tired": True})


def serve_tasks(link: socket.socket) -> None:
    """The life of a slot: work after work until it should be replaced or its owner has gone."""
    at_birth, done = memory_now("VmRSS"), 0
    while True:
        try:
            request = pickle.loads(receive(link))  # noqa: S301 - from our own parent
        except EOFError:
            return
        answer = perform(request)
        done += 1
        tired = "killed" in answer or done >= RECYCLE_TASKS or memory_now("VmRSS") > at_birth + RECYCLE_GROWTH
        send(link, answer_message({**answer, "tired": tired}))
        del request, answer
        if tired:
            return


def become_slot(control: socket.socket, link: socket.socket) -> None:
    """What a forked child does; it never returns into the nursery's code."""
    code = 1
    try:
        control.close()
        die_with_parent()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        with open(os.devnull, "r+b") as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(nothing.fileno(), 1)
        serve_tasks(link)
        code = 0
    except (OSError, EOFError):
        code = 0
    finally:
        os._exit(code)


def tend(control: socket.socket, modules: Iterable[str]) -> None:
    """The life of the nursery: imports the modules, then forks and buries slots until its owner goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in modules:
        warm_up(name)
    gc.collect()
    gc.freeze()  # keeps the shared pages shared: the collector does not touch what was there before
    send(control, b"ready")
    children: set[int] = set()
    while True:
        message, handles, _, _ = socket.recv_fds(control, 64, 1)
        if not message:
            break
        order, number = struct.unpack("!cI", message)
        if order == b"f":
            link = socket.socket(fileno=handles[0])
            child = os.fork()
            if child == 0:
                become_slot(control, link)
            link.close()
            children.add(child)
            control.sendall(SIZE.pack(child))
        elif number in children:
            children.discard(number)
            control.sendall(STATUS.pack(bury(number)))
        else:
            control.sendall(STATUS.pack(0))
    for child in children:
        bury(child)


def warm_up(name: str) -> None:
    """Imports a module and lets it load what it needs, so that every slot finds it there."""
    try:
        prepare = getattr(importlib.import_module(name), "prepare", None)
    except ModuleNotFoundError as error:
        log.warning("%s cannot be imported: %s", name, error)
        return
    if prepare:
        prepare()


def bury(child: int) -> int:
    """Kills a slot that may still run and takes its status away: the signal that ended it, negative, or its exit code.

    A process that is already dying of another signal keeps that one: so running out of time is told from being killed.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# ---------------------------------------------------------------- in the owner's process


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
        command = [sys.executable, "-m", "octavo.sources.slots", str(theirs.fileno()), *self.modules]
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
                socket.send_fds(control, [struct.pack("!cI", b"f", 0)], [theirs.fileno()])
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
                self.control.sendall(struct.pack("!cI", b"b", child))
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


def main() -> None:
    """The nursery's process: `python -m octavo.sources.slots FD MODULE…`."""
    with socket.socket(fileno=int(sys.argv[1])) as control:
        tend(control, sys.argv[2:])


if __name__ == "__main__":
    main()
