"""Reads the bytes of a feed, of whatever kind and however broken, into a FeedDocument; it fetches and sanitises nothing.

`summary` and `content` of an entry stay markup from outside: whoever shows them sanitises them. Whatever was repaired
or ignored is in the notes of the document or of the entry. What is no feed at all raises FeedError, which says what it
is and what to do.

One reading of an lxml tree serves every XML dialect (docs/decisions tells why, with figures); feedparser is asked only
where a document is so broken that the tree shows fewer entries than its bytes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from octavo.core.types import FeedDocument, Note
from octavo.sources.jsonfeed import read_json
from octavo.sources.newssitemap import read_sitemap
from octavo.sources.xmlfeed import read_tree
from octavo.sources.xmltree import Tree, open_tree

# The network door lets no larger body through either.
LARGEST = 15 * 1024 * 1024
_ENTRY_START = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
_FEED_START = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex|opml|entry|item)[\s>]", re.IGNORECASE)
_FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:rdf|atom:feed)[\s>]", re.IGNORECASE)
# Each comment ends at its first `-->` and is not read twice: a run of them is read in linear time.
_PAGE_START = re.compile(
    rb"^\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


class FeedError(ValueError):
    """What an address serves is no feed. `reason` is a stable word; `detail` says what it is and what to do."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def read_feed(
    body: bytes, *, url: str = "", content_type: str = "", country: str = "", now: datetime | None = None
) -> FeedDocument:
    """The feed in a body.

    `url` is where it was fetched from (relative links are resolved against it), `content_type` the header as it came,
    `country` the publisher's (ISO alpha-2, decides ambiguous names of time zones), `now` refuses dates that lie ahead.
    Reads RSS 0.9 to 2.0, RSS 1.0, Atom 0.3 and 1.0, CDF, JSON Feed 1.0 and 1.1, and Google News sitemaps.

    Raises FeedError with the reason empty, too-large, compressed, html, opml, sitemap-index, sitemap, json, broken or
    not-a-feed.
    """
    _refuse_early(body)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        document = read_json(body, url, country, now)
        if document is None:
            raise FeedError("json", "The address serves JSON that is no JSON Feed; give the address of a feed.")
        return document
    charset = _CHARSET.search(content_type)
    tree = open_tree(body, charset[1] if charset else "", url)
    if tree is None:
        raise _no_tree(body)
    return _from_tree(tree, body, url, country, now)


def _refuse_early(body: bytes) -> None:
    """Raises for what needs no parsing to be refused."""
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise FeedError("empty", "The address serves an empty document; try again later.")
    if len(body) > LARGEST:
        raise FeedError(
            "too-large", f"The document is larger than {LARGEST // 2**20} MiB; ask the publisher for a shorter one."
        )
    if body.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")):
        raise FeedError("compressed", "The address serves a compressed file; give the address of the feed itself.")
    if _PAGE_START.search(body[:4096].lstrip(b"\xef\xbb\xbf")) and not _FEED_ROOT.search(body):
        raise _page()


def _page() -> FeedError:
    return FeedError(
        "html", "The address serves a web page, not a feed; give the page to `octavo feeds add` to find its feeds."
    )


def _no_tree(body: bytes) -> FeedError:
    """Why nothing could be parsed at all."""
    if _FEED_START.search(body):
        return FeedError("broken", "The document begins like a feed but cannot be read; tell the publisher.")
    return FeedError("not-a-feed", f"The address serves no feed: {body[:60].decode('utf-8', 'replace').strip()!r}.")


def _from_tree(tree: Tree, body: bytes, url: str, country: str, now: datetime | None) -> FeedDocument:
    """The feed of a tree, or of feedparser's reading where the tree lost entries on the way."""
    kind = str(tree.root.tag).rpartition("}")[2].lower()
    _refuse_root(kind, body)
    if kind == "urlset":
        document = read_sitemap(tree.root, url, country, now)
        if document is None:
            raise FeedError("sitemap", "The address serves a sitemap without news; give a news sitemap or a feed.")
    else:
        has_bases = b"xml:base" in body or bool(tree.text)
        document = read_tree(tree.root, url, country, now, has_bases=has_bases, is_broken=tree.is_broken)
    if tree.is_broken:
        document = _fuller(document, tree, url, country, now)
    if document is None:
        raise _page() if kind in ("html", "body", "head") else _no_tree(body)
    if any(note.kind == "xml-cut" for note in tree.notes):
        document = _without_stump(document)
    return replace(document, notes=tree.notes + document.notes) if tree.notes else document


def _refuse_root(kind: str, body: bytes) -> None:
    """Raises for pages, and for documents that list feeds or pages."""
    if kind == "html" and not _FEED_ROOT.search(body):
        raise _page()
    if kind == "opml":
        raise FeedError("opml", "The address serves a list of feeds (OPML); import it with `octavo import`.")
    if kind == "sitemapindex":
        raise FeedError("sitemap-index", "The address lists other sitemaps; give the address of its news sitemap.")


def _fuller(
    document: FeedDocument | None, tree: Tree, url: str, country: str, now: datetime | None
) -> FeedDocument | None:
    """Of a broken document the reading with more entries: ours or feedparser's, which takes any tags for tags."""
    written = len(_ENTRY_START.findall(tree.text))
    if document is not None and len(document.entries) >= written:
        return document
    from octavo.sources.loosefeed import read_loosely  # feedparser takes a tenth of a second to load

    other = read_loosely(tree.text, url, country, now)
    if other is not None and (document is None or len(other.entries) > len(document.entries)):
        return other
    return document


def _without_stump(document: FeedDocument) -> FeedDocument:
    """A cut document without a last entry that nothing identifies: when it comes whole, it would come twice."""
    last = document.entries[-1] if document.entries else None
    if last is None or last.url or last.guid:
        return document
    note = Note("entry-cut", f"{last.title[:80]!r} is left for the next reading")
    return replace(document, entries=document.entries[:-1], notes=(*document.notes, note))
