"""The pipe `extract`, line by line: pages in, what was read out of them out. It reads files and fetches nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from octavo.cli.pipes import read_bytes
from octavo.core.types import Extract
from octavo.settings import Settings
from octavo.sources.extraction import extract
from octavo.sources.slots import Slots

Row = dict[str, Any]
SLOTS = 2
PRELOAD = ("octavo.sources.extraction.reading",)


def read_page(base: Path, row: Row, most: int) -> bytes | str:
    """The page of a line: inline, or a file below `base`, unpacked up to `most` bytes. ValueError where there is none."""
    if isinstance(row.get("html"), str):
        return str(row["html"])
    if not isinstance(row.get("path"), str):
        raise ValueError('a line needs "path" or "html"')
    return read_bytes(base, row["path"], most)


def extract_row(found: Extract) -> Row:
    """The line that the pipe writes of an Extract, without the id."""
    return {
        "url": found.url,
        "title": found.title,
        "text": found.text,
        "html": found.html,
        "authors": list(found.authors),
        "published": found.published.isoformat() if found.published else None,
        "language": found.language or None,
        "image": found.image_url or None,
        "quality": found.quality.value,
        "method": found.method,
    }


def answer_row(row: Row, future: Future[Extract] | Row) -> Row:
    """The line for a row: what its task gave, or why it gave nothing."""
    if isinstance(future, dict):
        return future
    try:
        return {"id": row.get("id"), **extract_row(future.result())}
    except Exception as error:
        return {"id": row.get("id"), "error": f"{type(error).__name__}: {error}"}


def extract_rows(rows: Iterable[Row], base: Path, settings: Settings) -> Iterator[Row]:
    """A line for each row, in order, as soon as it and those before it are done."""
    waiting: deque[tuple[Row, Future[Extract] | Row]] = deque()
    with Slots(SLOTS, seconds=settings.extract_seconds, memory=settings.extract_memory, preload=PRELOAD) as slots:
        for row in rows:
            waiting.append((row, begin(slots, row, base, settings.max_body)))
            while len(waiting) > SLOTS * 4 or (waiting and is_done(waiting[0][1])):
                yield answer_row(*waiting.popleft())
        while waiting:
            yield answer_row(*waiting.popleft())


def begin(slots: Slots, row: Row, base: Path, most: int) -> Future[Extract] | Row:
    """Starts the task of a row; the error line where the row cannot be used."""
    if "error" in row and row.get("id") is None:
        return row
    try:
        return slots.submit(extract, read_page(base, row, most), str(row.get("url") or ""))
    except ValueError as error:
        return {"id": row.get("id"), "error": str(error)}


def is_done(future: Future[Extract] | Row) -> bool:
    """Whether a row's answer is there."""
    return isinstance(future, dict) or future.done()
