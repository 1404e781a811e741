"""Reads a Google News sitemap into a FeedDocument; a sitemap without news is none, since it lists pages, not articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from octavo.core.types import Enclosure, Entry, FeedDocument, Note
from octavo.sources import fields
from octavo.sources.names import Names
from octavo.sources.xmlfeed import MOST_ENTRIES

Texts = dict[str, str]


def read_sitemap(root: etree._Element, url: str, country: str = "", now: datetime | None = None) -> FeedDocument | None:
    """The articles of a news sitemap (developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap)."""
    names = Names(root)
    pages = [_texts(element, names) for element in root.iter(etree.Element) if names[element.tag] == "url"]
    if not any("news:news" in page or "news:title" in page for page in pages):
        return None
    notes: tuple[Note, ...] = ()
    if len(pages) > MOST_ENTRIES:
        notes = (Note("entries-bounded", f"{len(pages)} entries; the first {MOST_ENTRIES} were read"),)
    first = pages[0]
    return FeedDocument(
        kind="sitemap",
        title=next((page["news:name"] for page in pages if page.get("news:name")), ""),
        url=url,
        language=fields.language_tag(first.get("news:language")),
        entries=tuple(_entry(page, url, country, now) for page in pages[:MOST_ENTRIES]),
        notes=notes,
    )


def _texts(page: etree._Element, names: Names) -> Texts:
    """The texts below one page by short name, the first of each."""
    found: Texts = {}
    for element in page.iter(etree.Element):
        found.setdefault(names[element.tag], (element.text or "").strip())
    return found


def _entry(page: Texts, base: str, country: str, now: datetime | None) -> Entry:
    """One article: its address, title, time and picture."""
    notes: list[Note] = []
    return Entry(
        url=fields.link(base, page.get("loc"), notes),
        title=fields.plain(page.get("news:title") or page.get("video:title") or ""),
        summary=page.get("video:description", ""),
        published=fields.moment(page.get("news:publication_date", ""), country, now, notes),
        updated=fields.moment(page.get("lastmod", ""), country, now, notes),
        enclosures=tuple(_video(page, base, notes)),
        categories=_keywords(page),
        image_url=fields.link(base, page.get("image:loc") or page.get("video:thumbnail_loc"), notes),
        language=fields.language_tag(page.get("news:language")),
        notes=tuple(notes),
    )


def _video(page: Texts, base: str, notes: list[Note]) -> Iterator[Enclosure]:
    """The page's video, where the sitemap tells its file."""
    if page.get("video:content_loc") and (url := fields.link(base, page["video:content_loc"], notes)):
        yield Enclosure(url, fields.file_type(url, ""), None, fields.duration(page.get("video:duration")))


def _keywords(page: Texts) -> tuple[str, ...]:
    words = f"{page.get('news:genres', '')},{page.get('news:keywords', '')}".split(",")
    return fields.unique((fields.plain(word, 200) for word in words), fields.MOST_CATEGORIES)
