"""Moves whole files and folders into the data folder in the place of others, so that a kill leaves it old or new.

The moves are noted on the disk before the first; a start that finds the note finishes them. It knows no database: tables
that change places with the files are noted as well, and whoever moves them closes the note.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

NOTE = "restore.json"


def is_open(data: Path) -> bool:
    """Whether a swap was begun and not finished."""
    return (data / NOTE).exists()


def begin(data: Path, aside: Path, coming: Mapping[str, Path], leaving: Sequence[str], schema: str = "") -> None:
    """Notes that `coming` (name to its present place) replace what has their names, and that `leaving` go as well.

    What goes is kept in the folder `aside`, tables in the schema of that name, where one is given. Nothing is moved yet;
    `finish` does it, from here on at every start.
    """
    old = [*dict.fromkeys([*coming, *leaving])]
    noted = {
        "aside": str(aside),
        "old": old,
        "new": {name: str(place) for name, place in coming.items()},
        "schema": schema,
    }
    fresh = data / f"{NOTE}.new"
    with fresh.open("w") as file:
        json.dump(noted, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(data / NOTE)
    sync_folder(data)


def finish(data: Path) -> None:
    """Carries a noted swap of files to its end; nothing where there is none. Each move is done once, however often it is
    called. The note stands until `close` where tables are to follow."""
    if not is_open(data):
        return
    noted = json.loads((data / NOTE).read_text())
    aside, coming = Path(noted["aside"]), {name: Path(place) for name, place in noted["new"].items()}
    for name in noted["old"]:
        # Where the new one has left its place already, it is what stands there now.
        is_old = name not in coming or coming[name].exists()
        if is_old and (data / name).exists() and not (aside / name).exists():
            (data / name).rename(aside / name)
    for name, place in coming.items():
        if place.exists():
            place.rename(data / name)
    sync_folder(data)
    if not schema(data):
        close(data)


def schema(data: Path) -> str:
    """The schema that the present tables are to be kept in; empty where no tables wait to change places."""
    return str(json.loads((data / NOTE).read_text()).get("schema", "")) if is_open(data) else ""


def close(data: Path) -> None:
    """Ends the swap: everything has changed places."""
    (data / NOTE).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Makes the renames of a folder outlive a power loss."""
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
