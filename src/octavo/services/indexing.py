"""Keeps the full-text index in step with the store; only the process that holds the desk may call it.

The store is the truth: an article's own transaction lists it in IndexWork. Here the listed articles are put into the
index and committed, and only then struck off the list. A kill between the two repeats a put, which changes nothing. A
folder that does not open, or that the store does not know, is built anew from the store.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from octavo.index.text import (
    SCHEMA,
    Document,
    IndexBroken,
    IndexLocked,
    TextReader,
    TextWriter,
    current_folder,
    fresh_folder,
    publish,
)
from octavo.services.deskfile import words_known
from octavo.store.models import Article, IndexState, IndexWork

log = logging.getLogger(__name__)

TEXT = "text"
# Articles in one commit: enough to share its cost, few enough that a kill repeats little and memory stays small.
BATCH = 256
# A rebuild commits seldom: nobody reads it before it is done.
REBUILD_BATCH = 500
REBUILD_COMMIT = 20_000

# How often and how long the index's lock is waited for.
LOCK_TRIES = 40
LOCK_SECONDS = 0.25

Progress = Callable[[int, int | None, str], None]

_lock = threading.RLock()
_writer: TextWriter | None = None


class IndexTaken(RuntimeError):
    """The index was rebuilt by another process meanwhile; this one must stop writing."""


def index_root() -> Path:
    """Where the index lies: `index` in the data folder."""
    return Path(settings.OCTAVO.data) / "index"


@cache
def reader_of(root: Path) -> TextReader:
    """This process's look into an index."""
    return TextReader(root)


def catch_up(most: int | None = None) -> int:
    """Takes in what is listed, up to `most` entries; returns how many. The first call opens, or rebuilds, the index."""
    with _lock:
        writer, taken = _open_writer(), 0
        while most is None or taken < most:
            step = BATCH if most is None else min(BATCH, most - taken)
            listed = list(IndexWork.objects.order_by("id").values_list("id", "article_id")[:step])
            if not listed:
                break
            _take_in(writer, listed)
            taken += len(listed)
        return taken


def rebuild(progress: Progress = lambda done, total, what: None) -> int:
    """Builds the index anew from the store, beside the old one, which serves until then; returns how many articles."""
    global _writer
    with _lock:
        close()
        folder = fresh_folder(index_root())
        # From here on a late writer of the old folder can strike nothing off the list.
        IndexState.objects.update_or_create(name=TEXT, defaults={"schema": f"building {folder.name}", "position": 0})
        writer = TextWriter(folder, words_known())
        count = _fill(writer, progress)
        publish(folder)
        IndexState.objects.filter(name=TEXT).update(schema=folder.name)
        _writer = writer
        log.info("the full-text index was built: %d articles", count)
        return count


def close() -> None:
    """Gives the index's lock back; for when the desk is handed on or the process ends."""
    global _writer
    with _lock:
        if _writer is not None:
            _writer.close()
            _writer = None


def _open_writer() -> TextWriter:
    """The writer of the index in use; rebuilds it where it does not open or is not the one that the store knows."""
    global _writer
    if _writer is not None and _writer.folder.parent == index_root():
        return _writer
    close()
    folder = current_folder(index_root())
    known = IndexState.objects.filter(name=TEXT).values_list("schema", flat=True).first()
    try:
        if folder is None or folder.name != known:
            raise IndexBroken("there is no index of this database")
        _writer = _wait_for_writer(folder)
    except IndexBroken as error:
        if Article.objects.exists():
            log.warning("the full-text index is rebuilt: %s", error)
        rebuild()
    assert _writer is not None
    return _writer


def _wait_for_writer(folder: Path) -> TextWriter:
    """The folder's writer; a holder of the desk that has just given it up may still be closing its own."""
    for _ in range(LOCK_TRIES):
        try:
            return TextWriter(folder, words_known())
        except IndexLocked:
            time.sleep(LOCK_SECONDS)
    return TextWriter(folder, words_known())


def _take_in(writer: TextWriter, listed: Sequence[tuple[int, int]]) -> None:
    """Puts the listed articles into the index, commits, and strikes them off, unless the index was taken over."""
    wanted = list({article for _, article in listed})
    made = documents(wanted)
    writer.put(made, gone=set(wanted) - {document.id for document in made})
    writer.commit()
    rows = [row for row, _ in listed]
    with transaction.atomic():
        mine = IndexState.objects.filter(name=TEXT, schema=writer.folder.name)
        if not mine.update(position=rows[-1]):
            close()
            raise IndexTaken("Another process rebuilds the index; what was listed stays listed for it.")
        IndexWork.objects.filter(id__in=rows).delete()


def _fill(writer: TextWriter, progress: Progress) -> int:
    """Puts every article into an empty index, in order of their numbers."""
    total, done, after, waiting = Article.objects.filter(version__isnull=False).count(), 0, 0, 0
    while ids := list(Article.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:REBUILD_BATCH]):
        made = documents(ids)
        writer.put(made)
        done, waiting, after = done + len(made), waiting + len(made), ids[-1]
        if waiting >= REBUILD_COMMIT:
            writer.commit()
            waiting = 0
        progress(done, total, "Building the full-text index")
    writer.commit()
    return done


def documents(ids: Sequence[int]) -> list[Document]:
    """The articles of these numbers as the index takes them, in one query; those without a text yet are left out."""
    rows = Article.objects.filter(pk__in=ids, version__isnull=False).order_by("pk")
    columns = (
        "pk", "title", "version__text", "publisher__slug", "publisher__name", "publisher__site_key",
        "language", "section", "quality", "sort_at",
    )  # fmt: skip
    return [
        Document(pk, title, text, (slug, name, site), language, section, quality, at)
        for pk, title, text, slug, name, site, language, section, quality, at in rows.values_list(*columns)
    ]


def behind() -> int:
    """How many entries wait to be taken in."""
    return IndexWork.objects.count()


__all__ = ["SCHEMA", "IndexTaken", "behind", "catch_up", "close", "documents", "index_root", "reader_of", "rebuild"]
