"""Runs a verb of Octavo in this process and writes down what each of its threads and child processes cost.

    python -m bench.stages OUT.json refresh --all

The threads carry the names of what they do, so the stages of the pipeline can be told apart without changing it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter
from pathlib import Path

import psutil

from bench.machine import LOOK_SECONDS, TICKS, own_seconds

# What a thread's or a process's share is called in the report. The index's own threads are tantivy's.
STAGES = {
    "MainThread": "fetch",
    "slot": "hand to slots",
    "database": "store",
    "watcher": "store",
    "manners": "manners",
    "index": "index",
    "fold": "fold",
    "bench": "bench",
}


def stage_of(name: str) -> str:
    """The stage that a thread of Python works for."""
    return STAGES.get(name.partition("_")[0], "other threads")


class Meter:
    """Looks at all threads now and then and keeps the most that each was seen to have used."""

    def __init__(self) -> None:
        self._threads: dict[tuple[str, int], float] = {}
        self._children: dict[int, float] = {}
        self._thread = threading.Thread(target=self._follow, name="bench", daemon=True)
        self._over = threading.Event()

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> dict[str, float]:
        """Processor seconds by stage."""
        self._over.set()
        self._thread.join()
        self._look()
        found: Counter[str] = Counter()
        for (name, _), seconds in self._threads.items():
            found[name] += seconds
        found["extract"] = sum(self._children.values())
        times = os.times()
        found["index"] += max(0.0, times.user + times.system - sum(s for n, s in found.items() if n != "extract"))
        return dict(found)

    def _follow(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        for thread in threading.enumerate():
            if thread.native_id:
                key = stage_of(thread.name), thread.native_id
                self._threads[key] = max(self._threads.get(key, 0.0), thread_seconds(thread.native_id))
        for child in psutil.Process().children(recursive=True):
            self._children[child.pid] = max(self._children.get(child.pid, 0.0), own_seconds(child))


def thread_seconds(number: int) -> float:
    """Processor seconds of one of our threads; 0 where it has ended."""
    try:
        parts = Path(f"/proc/self/task/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / TICKS


def main() -> None:
    """The verb, metered."""
    from octavo.cli import main as octavo

    out, sys.argv = Path(sys.argv[1]), ["octavo", *sys.argv[2:]]
    meter = Meter()
    meter.start()
    try:
        octavo()
    finally:
        out.write_text(json.dumps(meter.stop()))


if __name__ == "__main__":
    main()
