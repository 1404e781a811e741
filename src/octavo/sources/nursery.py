"""The nursery, a process of its own that slots are forked from: `python -m octavo.sources.nursery FD MODULE…`.

It has only imported what the tasks need, one thread and no database handle, so forking it is safe, and its memory is
shared by all slots. A task is bounded in processor time (ITIMER_PROF) and in memory above what its slot already had
(RLIMIT_DATA); its owner in `slots.py` bounds it on the clock. It is started by that owner alone and ends with it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import pickle
import resource
import signal
import socket
import sys
from collections.abc import Iterable
from typing import Any

from octavo.sources.slot_messages import FORK, ORDER, SIZE, STATUS, Request, pack_error, receive, send

log = logging.getLogger(__name__)

RECYCLE_TASKS = 500  # a slot is replaced after so many tasks
RECYCLE_GROWTH = 96 * 1024 * 1024  # bytes: or when it keeps so much more memory than at its birth
PR_SET_PDEATHSIG = 1


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
        order, number = ORDER.unpack(message)
        if order == FORK:
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


def main() -> None:
    """The nursery's process: `python -m octavo.sources.nursery FD MODULE…`."""
    with socket.socket(fileno=int(sys.argv[1])) as control:
        tend(control, sys.argv[2:])


if __name__ == "__main__":
    main()
