"""What processes cost: memory as proportional set size, processor seconds, and what others took of the machine meanwhile."""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import threading
import time
from types import TracebackType
from typing import Self

import psutil

LOOK_SECONDS = 0.25
TICKS = os.sysconf("SC_CLK_TCK")
# A fixed piece of computing: this many rounds over this many bytes.
SPIN_ROUNDS, SPIN_BYTES = 40, 1 << 20
PRECEDENCE = -10


def tree(pid: int) -> list[psutil.Process]:
    """A process with all its descendants; empty where it is gone."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def shared_out_memory(pid: int) -> int:
    """Bytes of a process by its proportional set size: pages that several share count in parts. 0 where it is gone."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def busy_seconds() -> float:
    """Processor seconds that the whole machine has spent since it started, idling and waiting apart."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)


def spin() -> float:
    """Milliseconds that a fixed piece of computing takes now: how fast this machine is at this moment."""
    block, began = bytes(SPIN_BYTES), time.perf_counter()
    for _ in range(SPIN_ROUNDS):
        hashlib.sha256(block).digest()
    return (time.perf_counter() - began) * 1000


def take_precedence() -> None:
    """Puts this process and all that it starts from now on before others, where the system lets it: speeds need a core."""
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, PRECEDENCE)


class Noise:
    """How disturbed a measurement was: the machine's pace before and after, and the cores that others kept busy."""

    def __init__(self) -> None:
        self.pace_before = spin()
        self._began, self._busy, self._ours = time.monotonic(), busy_seconds(), our_seconds()

    def until_now(self) -> dict[str, float]:
        """The noise since the start; ask when every process of the measurement has ended."""
        seconds = max(0.01, time.monotonic() - self._began)
        others = busy_seconds() - self._busy - (our_seconds() - self._ours)
        return {
            "cores used by others": max(0.0, others) / seconds,
            "fixed work before (ms)": self.pace_before,
            "and after (ms)": spin(),
        }


def our_seconds() -> float:
    """Processor seconds of this process and of all that it started and that have ended."""
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in each)


class Watch:
    """Follows a process tree from outside while it runs: its peak memory and its processor seconds."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self.seconds = 0.0
        self._pid = pid
        self._each: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._over.is_set():
            self._look()
            self._over.wait(LOOK_SECONDS)

    def _look(self) -> None:
        processes = tree(self._pid)
        self.peak = max(self.peak, sum(shared_out_memory(process.pid) for process in processes))
        for process in processes:
            self._each[process.pid] = max(self._each.get(process.pid, 0.0), own_seconds(process))
        self.seconds = sum(self._each.values())


def own_seconds(process: psutil.Process) -> float:
    """What a process itself has used, without its children; 0 where it is gone."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system
