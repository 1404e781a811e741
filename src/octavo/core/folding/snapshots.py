"""Puts a desk's state into named arrays and takes it out again; whoever keeps them decides where. It reads no file.

No value needs pickling: what is not a number is JSON in an array of bytes. A snapshot is a cache and never the truth: one
that another version made is refused, and the desk is then built anew from what is stored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# To be raised with every change of what is kept of an article, or of how it is compared.
VERSION: Final = 4

Snapshot = dict[str, NDArray[Any]]
Parts = dict[str, Snapshot]


class SnapshotError(ValueError):
    """A snapshot that cannot be used; the message says why. The desk must be rebuilt."""


def packed(parts: Mapping[str, Snapshot], notes: Mapping[str, Any], made_by: str) -> Snapshot:
    """Some parts' arrays under `part/name`, and notes that JSON can write, marked with version and maker."""
    arrays = {f"{part}/{name}": held for part, its in parts.items() for name, held in its.items()}
    told = json.dumps({"version": VERSION, "made_by": made_by, "notes": notes}, separators=(",", ":"))
    return arrays | {"notes": np.frombuffer(told.encode("ascii"), np.uint8)}


def unpacked(snapshot: Mapping[str, NDArray[Any]], made_by: str) -> tuple[Parts, dict[str, Any]]:
    """The parts and the notes of a snapshot. SnapshotError where it is torn or others made it."""
    try:
        told = json.loads(snapshot["notes"].tobytes())
        version, maker, notes = told["version"], told["made_by"], told["notes"]
    except (KeyError, ValueError, TypeError) as error:
        raise SnapshotError(f"The desk's snapshot is torn ({error!r}); build the desk anew.") from None
    if (version, maker) != (VERSION, made_by):
        raise SnapshotError("The desk's snapshot is of another version, window or weights; build the desk anew.")
    parts: Parts = {"window": {}, "terms": {}}
    for name in snapshot:
        part, _, rest = name.partition("/")
        if rest:
            parts.setdefault(part, {})[rest] = snapshot[name]
    return parts, notes
