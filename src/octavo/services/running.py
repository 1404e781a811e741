"""Whether `octavo serve` runs on a data folder: a lock that its process holds while it lives, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_FILE = "serve.lock"


class AlreadyRunning(RuntimeError):
    """Another `octavo serve` runs on the same data folder."""


@contextmanager
def the_only_one(data: Path) -> Iterator[None]:
    """Marks this process as the one that serves; AlreadyRunning where another does."""
    with (data / LOCK_FILE).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"Octavo runs already on {data} (process {_read(file.fileno())}); stop it first."
            ) from None
        os.ftruncate(file.fileno(), 0)
        os.pwrite(file.fileno(), str(os.getpid()).encode(), 0)
        yield


def serving_process(data: Path) -> int | None:
    """The id of the process that serves; None where none does."""
    try:
        with (data / LOCK_FILE).open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(_read(file.fileno()) or 0) or None
    except FileNotFoundError:
        pass
    return None


def _read(handle: int) -> str:
    return os.pread(handle, 32, 0).decode().strip()
