"""Reads JSON Feed 1.0 and 1.1 (jsonfeed.org) into a FeedDocument, forgiving wrong types; it resolves no pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Any

from octavo.core.types import Enclosure, Entry, FeedDocument, Note
from octavo.sources import fields
from octavo.sources.xmlfeed import MOST_ENTRIES
from octavo.sources.xmltree import decode

Object = dict[str, Any]


def read_json(body: bytes, url: str, country: str = "", now: datetime | None = None) -> FeedDocument | None:
    """The JSON Feed in a body; None where it is none (no object with a list of items)."""
    text, notes = decode(body)
    try:
        found = json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        return None
    items = [one for one in found["items"] if isinstance(one, dict)]
    if len(items) < len(found["items"]):
        notes += (Note("json-items", f"{len(found['items']) - len(items)} items are no objects and were left out"),)
    if len(items) > MOST_ENTRIES:
        notes += (Note("entries-bounded", f"{len(items)} entries; the first {MOST_ENTRIES} were read"),)
    base = url or _text(found, "feed_url") or _text(found, "home_page_url")
    return FeedDocument(
        kind="json",
        title=fields.plain(_text(found, "title")),
        url=url or _text(found, "feed_url"),
        home_page=fields.link(base, _text(found, "home_page_url"), []),
        id=_text(found, "feed_url"),
        description=escape(_text(found, "description"), quote=False),
        language=fields.language_tag(_text(found, "language")),
        author=next(iter(_authors(found)), ""),
        image_url=fields.link(base, _text(found, "icon") or _text(found, "favicon"), []),
        entries=tuple(_entry(one, base, country, now) for one in items[:MOST_ENTRIES]),
        notes=notes,
    )


def _entry(item: Object, base: str, country: str, now: datetime | None) -> Entry:
    """One item. Plain text is escaped, since an entry's content is markup."""
    notes: list[Note] = []
    content = _text(item, "content_html") or _paragraphs(_text(item, "content_text"))
    return Entry(
        guid=fields.identifier(_text(item, "id")),
        url=fields.link(base, _text(item, "url") or _text(item, "external_url") or _address(_text(item, "id")), notes),
        title=fields.plain(escape(_text(item, "title"), quote=False)),
        authors=_authors(item),
        summary=escape(_text(item, "summary"), quote=False),
        content=content,
        published=fields.moment(_text(item, "date_published"), country, now, notes),
        updated=fields.moment(_text(item, "date_modified"), country, now, notes),
        enclosures=fields.merged_enclosures(_attachments(item, base, notes)),
        categories=fields.unique((fields.plain(str(tag), 200) for tag in _list(item, "tags")), fields.MOST_CATEGORIES),
        image_url=fields.link(base, _text(item, "image") or _text(item, "banner_image"), notes),
        language=fields.language_tag(_text(item, "language")),
        notes=tuple(notes),
    )


def _text(holder: Object, name: str) -> str:
    """A field as text; numbers are written out, since ids are often numbers."""
    value = holder.get(name)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(holder: Object, name: str) -> list[Any]:
    value = holder.get(name)
    return value if isinstance(value, list) else []


def _address(identifier: str) -> str:
    """An id that is a web address, for items that give no other."""
    return identifier if identifier.startswith(("http://", "https://")) else ""


def _paragraphs(text: str) -> str:
    """Plain text as HTML, its paragraphs kept."""
    return "".join(f"<p>{escape(part.strip(), quote=False)}</p>" for part in text.split("\n\n") if part.strip())


def _authors(holder: Object) -> tuple[str, ...]:
    """The names of `authors` (1.1) or `author` (1.0)."""
    given = [*_list(holder, "authors"), holder.get("author")]
    names = (one if isinstance(one, str) else _text(one, "name") for one in given if isinstance(one, str | dict))
    return fields.unique((fields.person(name) for name in names), fields.MOST_AUTHORS)


def _attachments(item: Object, base: str, notes: list[Note]) -> Iterator[Enclosure]:
    """The files beside an item."""
    for one in _list(item, "attachments"):
        if isinstance(one, dict) and (url := fields.link(base, _text(one, "url"), notes)):
            size, seconds = (
                fields.whole_number(_text(one, "size_in_bytes").partition(".")[0]),
                fields.duration(_text(one, "duration_in_seconds")),
            )
            yield Enclosure(
                url,
                fields.file_type(url, _text(one, "mime_type")),
                size,
                seconds,
                fields.plain(_text(one, "title"), 300),
            )
