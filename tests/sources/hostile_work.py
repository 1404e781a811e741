"""Work that misbehaves in each way that a slot must survive; run only inside slots."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from octavo.core.types import Enclosure
from octavo.settings import SettingsError


def double(number: int) -> int:
    return 2 * number


def own_value(url: str) -> Enclosure:
    return Enclosure(url, length=3)


def spin() -> None:
    while True:
        pass


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def hoard(mebibytes: int) -> int:
    return len(bytearray(mebibytes << 20))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(mark: str) -> str:
    if not Path(mark).exists():
        Path(mark).touch()
        die()
    return "done"


def complain() -> None:
    raise SettingsError("not like this")


def stumble() -> None:
    raise KeyError("x")


def smuggle() -> object:
    return os.system


def process() -> int:
    return os.getpid()
