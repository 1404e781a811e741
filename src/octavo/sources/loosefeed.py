"""Reads a feed that no XML parser can follow, with feedparser's tag matching; the last resort, on bounded fields."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import feedparser

from octavo.core.types import Enclosure, Entry, FeedDocument, Note
from octavo.sources import fields
from octavo.sources.xmlfeed import MOST_ENTRIES

# It reads about 0.3 MB a second; a longer document is read as far as this.
LONGEST_TEXT = 300_000
# feedparser reads authors in quadratic time (64 kB take 11 s), so they are cut to 500 characters.
_AUTHOR = re.compile(
    r"(<(?:[\w-]+:)?(?:author|creator|contributor|managingeditor|webmaster|owner|publisher|name|email)\b[^>]{0,500}>)([^<]{500})[^<]+",
    re.IGNORECASE,
)


def read_loosely(text: str, url: str, country: str = "", now: datetime | None = None) -> FeedDocument | None:
    """What feedparser finds in a broken document; None where that is neither a title nor an entry."""
    notes: tuple[Note, ...] = (Note("xml-loose", "read by its tags alone"),)
    if len(text) > LONGEST_TEXT:
        notes += (Note("entries-bounded", f"only the first {LONGEST_TEXT} characters could be read"),)
    bounded = _AUTHOR.sub(r"\1\2", text[:LONGEST_TEXT])
    found = feedparser.parse(
        bounded.encode(), response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
        sanitize_html=False, resolve_relative_uris=False,
    )  # fmt: skip
    if not found.entries and not found.feed.get("title"):
        return None
    return FeedDocument(
        kind="atom" if found.version.startswith("atom") else "rss",
        title=fields.plain(found.feed.get("title", "")),
        url=url,
        home_page=fields.link(url, found.feed.get("link"), []),
        description=found.feed.get("subtitle", ""),
        language=fields.language_tag(found.feed.get("language")),
        entries=tuple(_entry(one, url, country, now) for one in found.entries[:MOST_ENTRIES]),
        notes=notes,
    )


def _entry(found: Any, url: str, country: str, now: datetime | None) -> Entry:
    """One entry of feedparser's; dates are read anew, since it drops those without a zone."""
    notes: list[Note] = []
    content = found.get("content") or [{}]
    return Entry(
        guid=fields.identifier(found.get("id")),
        url=fields.link(url, found.get("link"), notes),
        title=fields.plain(found.get("title", "")),
        authors=fields.unique(
            (fields.person(one.get("name", "")) for one in found.get("authors", ())), fields.MOST_AUTHORS
        ),
        summary=found.get("summary", ""),
        content=content[0].get("value", ""),
        published=fields.moment(found.get("published", ""), country, now, notes),
        updated=fields.moment(found.get("updated", "") if "updated" in found else "", country, now, notes),
        enclosures=fields.merged_enclosures(_enclosures(found, url, notes)),
        categories=fields.unique(
            (fields.plain(tag.get("term") or "", 200) for tag in found.get("tags", ())), fields.MOST_CATEGORIES
        ),
        notes=tuple(notes),
    )


def _enclosures(found: Any, url: str, notes: list[Note]) -> list[Enclosure]:
    """The files beside an entry."""
    read = ((fields.link(url, one.get("href"), notes), one) for one in found.get("enclosures", ()))
    return [
        Enclosure(at, fields.file_type(at, one.get("type")), fields.whole_number(one.get("length")))
        for at, one in read
        if at
    ]
