"""Finds the feeds that a page tells of, the likeliest first; it reads the page's bytes and never fetches any itself.

A page names its feeds with `link rel=alternate`; pages that forgot it often have an anchor to them. Where neither is
found, the usual addresses are worth a try: `usual_addresses` lists them for the caller to fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from octavo.core.reading.urls import host_of, resolve
from octavo.sources.fields import plain

# No page has its links to feeds beyond this many bytes.
LARGEST = 3 * 1024 * 1024
MOST_FOUND = 40
# Media types of feeds, each with the kind of document behind it. JSON alone is often something else.
FEED_TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/rdf+xml": "rdf",
    "application/feed+json": "json",
    "application/x-rss+xml": "rss",
    "application/x.atom+xml": "atom",
    "text/rss+xml": "rss",
    "text/rss": "rss",
}
LOOSE_TYPES = {"application/json": "json", "text/xml": "rss", "application/xml": "rss"}
USUAL_PATHS = (
    *(
        "/feed/",
        "/rss",
        "/rss.xml",
        "/feed.xml",
        "/atom.xml",
        "/index.xml",
        "/feed.json",
        "/feeds/",
        "/rss/",
        "/?feed=rss2",
    ),
    *("/news/rss.xml", "/rss/news", "/en/rss", "/ar/rss", "/sitemap-news.xml", "/news-sitemap.xml"),
)

_FEED_WORD = re.compile(r"\b(?:rss|atom|feed|xml|rdf|خلاصات)\b", re.IGNORECASE)
_FEED_ADDRESS = re.compile(
    r"(?:/(?:rss|feeds?|atom|rdf)(?:[/.?_-]|$)|\.(?:rss|atom|rdf)$|(?:rss|feed|atom|index)\.xml$|/feed\.json$|[?&](?:feed|format)=(?:rss|atom))",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"\bcomments?\b|/comments?/|التعليقات|commentaires|kommentare|comentarios", re.IGNORECASE)
_NOT_A_FEED = re.compile(r"\.(?:html?|png|jpe?g|svg|css|js|pdf)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page tells of. `kind` as in FeedDocument ('' where unknown); `place` is link, anchor or usual."""

    url: str
    title: str = ""
    kind: str = ""
    place: str = "link"


def find_feeds(html: bytes, base: str) -> tuple[FeedLink, ...]:
    """The feeds that a page tells of, each once: those it declares in its order, then those that it links to.

    Feeds of comments come last. `base` is the address that the page was fetched from.
    """
    page = LexborHTMLParser(html[:LARGEST])
    root = _base_of(page, base)
    found: dict[str, FeedLink] = {}
    for one in (*_declared(page, root), *_anchored(page, root)):
        known = found.get(one.url)
        if known is None or (not known.title and one.title):
            found[one.url] = one if known is None else FeedLink(one.url, one.title, known.kind, known.place)
    return tuple(sorted(found.values(), key=_is_of_comments)[:MOST_FOUND])


def usual_addresses(home: str) -> tuple[FeedLink, ...]:
    """Where feeds usually lie on a site, for a page that tells of none: below the page, then at the site's root."""
    below = home if home.endswith("/") else f"{home}/"
    places = [urljoin(below, path.lstrip("/")) for path in USUAL_PATHS[:4]] if urlsplit(home).path.strip("/") else []
    places += [urljoin(home, path) for path in USUAL_PATHS]
    return tuple(FeedLink(url, place="usual") for url in dict.fromkeys(places))


def _base_of(page: LexborHTMLParser, base: str) -> str:
    """What links are resolved against: the base element, where it is a web address."""
    element = page.css_first("base[href]")
    return (resolve(base, element.attributes.get("href") or "") if element else "") or base


def _declared(page: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    """Links with rel=alternate or rel=feed of a feed's media type."""
    for node in page.css("link[href]"):
        relations = (node.attributes.get("rel") or "").lower().split()
        if not {"alternate", "feed", "service.feed"} & set(relations) or "stylesheet" in relations:
            continue
        media = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        url = resolve(base, node.attributes.get("href") or "")
        kind = FEED_TYPES.get(media) or (LOOSE_TYPES.get(media) if _FEED_ADDRESS.search(url) else None)
        if kind is None and "feed" in relations:
            kind = ""
        if url and kind is not None and not _is_oembed(url):
            yield FeedLink(url, plain(node.attributes.get("title") or "", 300), kind, "link")


def _is_oembed(url: str) -> bool:
    """WordPress declares its oEmbed and REST addresses beside its feeds."""
    return "oembed" in url or "/wp-json/" in url


def _anchored(page: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    """Anchors to the same site, or to a known host of feeds, whose address or text speaks of a feed."""
    for node in page.css("a[href]"):
        raw = node.attributes.get("href") or ""
        if not _FEED_ADDRESS.search(raw) and not _FEED_WORD.search(raw):
            continue
        url = resolve(base, raw)
        path = urlsplit(url).path if url else ""
        if url and _FEED_ADDRESS.search(url) and not _NOT_A_FEED.search(path) and _is_near(url, base):
            yield FeedLink(url, _anchor_title(node), "", "anchor")


def _anchor_title(node: LexborNode) -> str:
    text = plain(node.text(deep=True) or node.attributes.get("title") or "", 300)
    return "" if text.lower() in ("rss", "atom", "feed", "xml", "rss feed") else text


def _is_near(url: str, base: str) -> bool:
    """Whether an address belongs to the page's own site (same registrable-looking end) or to a host of feeds."""
    own, other = host_of(base), host_of(url)
    return other.split(".")[-2:] == own.split(".")[-2:] or other.startswith(("feeds.", "rss.", "feed."))


def _is_of_comments(one: FeedLink) -> bool:
    return bool(_COMMENTS.search(one.url) or _COMMENTS.search(one.title))
