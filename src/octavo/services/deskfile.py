"""Keeps the desk in a file, so that a start need not rebuild it; a cache, never the truth.

Written aside, synced and renamed; the store names the one file that counts, so one left by a crash, or by what a restore
put aside, is never taken for it. For where there is none, the store keeps how common words were from time to time.
"""

from __future__ import annotations

import io
import json
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.desk import Desk
from octavo.core.folding.terms import Terms
from octavo.services.swap import sync_folder
from octavo.store.models import Placement, TermCheckpoint

log = logging.getLogger(__name__)

FOLDER: Final = "desk"
SUFFIX: Final = ".npz"
ABOUT: Final = "about"
# How often the store keeps how common words are, in articles.
CHECKPOINT_EVERY: Final = 20_000
# An article's neighbours were found in the window before it: a desk is rebuilt from so many windows back.
WINDOWS: Final = 2

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A desk as far as it could be had: everything up to `sequence` is on it."""

    desk: Desk
    sequence: int


def write(data: Path, desk: Desk, sequence: int, model: str) -> str:
    """Writes the desk into a new file and returns its name; the store is to be told of it, then `clear` called."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{sequence}-{secrets.token_hex(4)}{SUFFIX}"
    aside = folder / f"{name}.part"
    about = np.frombuffer(json.dumps({"sequence": sequence, "model": model}).encode(), np.uint8)
    with aside.open("wb") as file:
        np.savez(file, allow_pickle=False, **{ABOUT: about, **desk.dump()})
        file.flush()
        os.fsync(file.fileno())
    aside.replace(folder / name)
    sync_folder(folder)
    return name


def clear(data: Path, kept: str) -> None:
    """Removes every file of a desk but the one that is kept."""
    for path in (data / FOLDER).glob("*"):
        if path.name != kept:
            path.unlink(missing_ok=True)


def read(data: Path, name: str, model: str, window: int) -> Opened | None:
    """The desk in a file; None where the file is missing or torn, or where another model or version made it."""
    if not name:
        return None
    try:
        with np.load(data / FOLDER / name, allow_pickle=False) as held:
            arrays = {key: held[key] for key in held.files}
        about = json.loads(arrays.pop(ABOUT).tobytes())
        if about["model"] != model:
            return None
        return Opened(Desk.load(arrays, window=window, model=model), int(about["sequence"]))
    except Exception as error:  # a file that has rotted raises whatever zipfile and numpy come upon, a TokenError too
        log.info("the desk is rebuilt from the store: %s", error)
        return None


def fresh(window: int, model: str = "") -> Opened:
    """An empty desk and the place from which articles must be laid on it again to decide as the one before would have.

    From the beginning while there are few; else from a place where the store kept how common words were.
    """
    edge = Placement.objects.order_by("-sequence").values_list("sequence", flat=True)[WINDOWS * window :].first()
    found = edge and TermCheckpoint.objects.filter(sequence__lte=edge).order_by("-sequence").first()
    if not found:
        return Opened(Desk(window=window, model=model), 0)
    return Opened(Desk(window=window, terms=_words_of(found), model=model), found.sequence)


def words_known() -> Terms:
    """How common words were when the store last kept that; what is shipped where it has not yet."""
    newest = TermCheckpoint.objects.order_by("-sequence").first()
    return _words_of(newest) if newest else Terms()


def _words_of(kept: TermCheckpoint) -> Terms:
    with np.load(io.BytesIO(kept.counts), allow_pickle=False) as held:
        return Terms.load({key: held[key] for key in held.files})


def keep_terms(desk: Desk, sequence: int) -> None:
    """Stores how common words are now, if that has not been done for long."""
    last = TermCheckpoint.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    if sequence - last < CHECKPOINT_EVERY:
        return
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **desk.term_counts())
    TermCheckpoint.objects.update_or_create(sequence=sequence, defaults={"counts": packed.getvalue()})
