"""How a process and its slots speak: messages with their length before them, pickled. It starts and kills no process.

What a slot answers is unpickled with a reader that can only build Octavo's own value classes: a page that takes a slot
over gains nothing here.
"""

from __future__ import annotations

import pickle
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from enum import Enum
from typing import Any

MAX_ANSWER = 64 * 1024 * 1024  # bytes; a longer answer is refused
SIZE = struct.Struct("!I")
STATUS = struct.Struct("!i")
# An order to the nursery: what to do and with which slot.
ORDER = struct.Struct("!cI")
FORK, BURY = b"f", b"b"


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
