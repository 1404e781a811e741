"""Writes a feed document as the object that the `feed` pipe puts on a line; it decides nothing about the feed."""

from __future__ import annotations

from typing import Any

from octavo.core.types import Enclosure, Entry, FeedDocument, Moment, Note
from octavo.sources.feeds import read_feed

Row = dict[str, Any]


def feed_row(body: bytes, row: Row) -> Row:
    """The feed in a body; `row` may tell the `url` that it came from and its `content_type`."""
    document = read_feed(body, url=row.get("url") or "", content_type=row.get("content_type") or "")
    return {
        "feed": _feed(document),
        "entries": [_entry(entry) for entry in document.entries],
        "notes": _notes(document.notes),
    }


def _feed(document: FeedDocument) -> Row:
    return {
        "kind": document.kind,
        "title": document.title,
        "link": document.home_page,
        "id": document.id,
        "description": document.description,
        "language": document.language,
        "author": document.author,
        "published": _time(document.published),
        "updated": _time(document.updated),
    }


def _entry(entry: Entry) -> Row:
    return {
        "title": entry.title,
        "link": entry.url,
        "id": entry.guid,
        "summary": entry.summary,
        "content": entry.content,
        "author": entry.authors[0] if entry.authors else "",
        "authors": list(entry.authors),
        "published": _time(entry.published),
        "updated": _time(entry.updated),
        "enclosures": [_enclosure(one) for one in entry.enclosures],
        "categories": list(entry.categories),
        "image": entry.image_url,
        "notes": _notes(entry.notes),
    }


def _enclosure(one: Enclosure) -> Row:
    return {"url": one.url, "type": one.type, "length": one.length, "duration": one.duration}


def _time(moment: Moment | None) -> str | None:
    return moment.isoformat() if moment else None


def _notes(notes: tuple[Note, ...]) -> list[str]:
    return [f"{note.kind}: {note.detail}" for note in notes]
