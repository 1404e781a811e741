"""Names processes, so that what one of them held can be told from what a dead one left; it ends none."""

from __future__ import annotations

import os
import socket
from functools import cache

import psutil


@cache
def _named(pid: int) -> str:
    """The name of a process of this machine by its id; the cache is keyed by it, since a fork must not inherit a name."""
    started = psutil.Process(pid).create_time()
    return f"{socket.gethostname()[:40]}:{pid}:{started:.2f}"


def this_process() -> str:
    """`host:pid:start` of this process: no other process has it, nor a later one that gets the same pid."""
    return _named(os.getpid())


def in_words(holder: str) -> str:
    """A process's name for a person."""
    host, _, rest = holder.partition(":")
    return f"process {rest.partition(':')[0]} on {host}"


def is_dead(holder: str) -> bool:
    """Whether a process is certainly gone: it was on this machine and is no more. False where that cannot be known."""
    try:
        host, pid, started = holder.rsplit(":", 2)
        if host != socket.gethostname()[:40]:
            return False
        process = psutil.Process(int(pid))
        return process.status() == psutil.STATUS_ZOMBIE or f"{process.create_time():.2f}" != started
    except psutil.NoSuchProcess:
        return True
    except (ValueError, psutil.Error):
        return False
