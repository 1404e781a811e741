"""Decides when a page says it was published, and where it says so. It never guesses a time of day that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import lxml.html
from htmldate import find_date
from lxml import etree

from octavo.core.reading.dates import read_date
from octavo.core.types import Moment, Precision
from octavo.sources.extraction.head import Head
from octavo.sources.extraction.jsonld import Node, text_of
from octavo.sources.extraction.shown import find_dateline, find_last_change, find_shown

FIRST_YEAR = 1990  # before the web; what claims to be older is a default or a mistake
MAX_DATE_TEXT = 80
HTMLDATE_ELEMENTS = 4_000  # larger pages are not searched for a visible date: it would take too long

HAS_DAY = re.compile(r"\d{4}[-/.]?\d\d[-/.]?\d\d")  # a year or a month alone is no day
BEGINS_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?", re.I)
TWO_DAYS = re.compile(r"(?:0?[1-9]|1[0-2])-(?:0?[1-9]|1[0-2])-\d{4}")  # both orders are written with this mark
WITH_PROPERTY = etree.XPath("//*[@itemprop = $name]")
IN_ADDRESS = re.compile(
    r"[/_-](?P<year>20\d\d|199\d)[/_-]?(?P<month>0[1-9]|1[0-2]|[1-9])[/_-]?(?P<day>[0-2]\d|3[01]|[1-9])(?=[/_.-]|$)"
)

PUBLISHED_PROPERTIES = ("datePublished", "uploadDate", "dateCreated")
META_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished", "date_published", "article.published",
    "published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publish-date", "publishdate",
    "publish_date", "published-date", "publication_date", "pubdate", "dc.date.issued", "dcterms.created",
    "dcterms.date", "dc.date", "dc.date.created", "article.created", "originalpublicationdate", "release_date", "date",
    "article_date_original", "citation_publication_date", "citation_date", "shareaholic:article_published_time", "bt:pubdate", "rnews:datepublished", "og:pubdate",
    "pub_date", "displaydate", "timestamp", "gentime", "created", "og:release_date",
)  # fmt: skip
META_UPDATED = (
    "article:modified_time", "og:updated_time", "og:modified_time", "article:modified", "datemodified", "last-modified",
    "dcterms.modified", "dc.date.modified", "lastmod", "article.updated",
)  # fmt: skip
STATE = re.compile(
    r"""(?:datePublished|publishedAt|published_at|publishDate|publish_date|publishedDate|firstPublished\w*|publicationDate"""
    r"""|published_date|originalPublishDate|displayDate|pubDate)\\*["']\s*:\s*\\*["'](\d{4}-\d\d-\d\d[^"'\\]{0,30})"""
)
MAX_STATE = 1_000_000  # characters of one script that are searched
PUBLISHED_WORDS = re.compile(r"publi|posted|created|entry-date|pubdate|byline|dateline|post-date|timestamp", re.I)


def read_moment(text: str) -> Moment | None:
    """A time as machines write it, ISO 8601 also at the beginning of a longer text; None for what may mean two days.

    A day in words without a time of day is written for readers, and lists of other articles are full of them.
    """
    text = text.strip()[:MAX_DATE_TEXT]
    if not (HAS_DAY.match(text) if text[:4].isdigit() else ":" in text):
        return None
    found, notes = read_date(text)
    if found is None and (begins := BEGINS_ISO.match(text)):
        found, notes = read_date(begins[0])
    is_doubtful = TWO_DAYS.match(text) or any(note.kind == "date-ambiguous" for note in notes)
    return None if found is None or is_doubtful or found.instant.year < FIRST_YEAR else found


def from_jsonld(articles: list[Node], names: tuple[str, ...]) -> Moment | None:
    """The first readable of the named properties of the page's article objects."""
    for node in articles:
        for name in names:
            found = read_moment(text_of(node.get(name)))
            if found:
                return found
    return None


def from_meta(head: Head, names: tuple[str, ...]) -> Moment | None:
    """The first readable of the named meta elements."""
    for name in names:
        for content in head.meta.get(name, ()):
            found = read_moment(content)
            if found:
                return found
    return None


def from_itemprop(tree: lxml.html.HtmlElement, name: str) -> Moment | None:
    """The first element that carries the microdata property."""
    for element in WITH_PROPERTY(tree, name=name):
        found = read_moment(element.get("datetime") or element.get("content") or element.text_content())
        if found:
            return found
    return None


def times_of(tree: lxml.html.HtmlElement) -> Iterator[tuple[lxml.html.HtmlElement, Moment]]:
    """The <time> elements that hold a readable time, in order, without those of comments and lists of links."""
    for element in tree.iter("time"):
        found = read_moment(element.get("datetime") or element.text_content())
        if found:
            yield element, found


def is_aside(element: lxml.html.HtmlElement) -> bool:
    """Whether an element belongs to a comment, a list of links or other surroundings."""
    for above in element.iterancestors("aside", "footer", "nav", "li", "a"):
        return above is not None
    return any(
        "comment" in (above.get("class") or "").lower() for above in element.iterancestors("div", "section", "ol")
    )


def from_time(tree: lxml.html.HtmlElement) -> Moment | None:
    """The time element that says it is the publication's, else the first that is not in the surroundings."""
    first: Moment | None = None
    for element, found in times_of(tree):
        said = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('pubdate', 'x')}"
        if is_aside(element):
            continue
        if element.get("pubdate") is not None or PUBLISHED_WORDS.search(said):
            return found
        first = first or found
    return first


def from_address(url: str) -> Moment | None:
    """The day that an address carries, such as /2024/05/17/."""
    match = IN_ADDRESS.search(url)
    return read_moment(f"{match['year']}-{match['month']}-{match['day']}") if match else None


def from_script(tree: lxml.html.HtmlElement) -> Moment | None:
    """The publication's time in the page's own state, where all places there agree on the day."""
    told: list[Moment] = []
    for script in tree.iter("script"):
        if script.text and "ld+json" not in (script.get("type") or ""):
            told += [found for text in STATE.findall(script.text[:MAX_STATE]) if (found := read_moment(text))]
    return told[0] if told and len({found.instant.date() for found in told}) == 1 else None


def from_text(tree: lxml.html.HtmlElement, url: str) -> Moment | None:
    """The day that htmldate finds in the page's elements; never the bare year of a footer, nor a guess at words."""
    if sum(1 for _ in tree.iter()) > HTMLDATE_ELEMENTS:
        return None
    try:
        found = find_date(tree, url=url, original_date=True, extensive_search=False)
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return None
    return read_moment(found) if found else None


def sources(
    tree: lxml.html.HtmlElement,
    head: Head,
    articles: list[Node],
    url: str,
    lines: Sequence[str] = (),
    headline: int = 0,
    hint: Moment | None = None,
) -> Iterator[tuple[str, Moment | None]]:
    """Each place that may tell the time, the most reliable first; evaluated one after the other, only while asked."""
    yield "meta", from_meta(head, META_PUBLISHED)
    yield "json-ld", from_jsonld(articles, PUBLISHED_PROPERTIES)
    yield "microdata", from_itemprop(tree, "datePublished")
    yield "time", from_time(tree)
    yield "feed", hint
    yield "address", from_address(url)
    yield "script", from_script(tree)
    yield "shown", find_shown(lines, headline)
    yield "text", from_text(tree, url)
    yield "dateline", find_dateline(lines, headline)
    yield "last change", find_last_change(lines)


def with_zone(found: Moment, tree: lxml.html.HtmlElement, others: Iterable[Moment | None]) -> Moment:
    """The same instant as some other place of the page writes it in the publisher's own zone, where one does."""
    if found.precision is Precision.DAY or found.offset_minutes:
        return found
    for other in (*others, *(when for _, when in times_of(tree))):
        if other and other.offset_minutes and abs(other.instant - found.instant) < timedelta(minutes=1):
            return other
    return found


def published_of(
    tree: lxml.html.HtmlElement,
    head: Head,
    articles: list[Node],
    url: str,
    lines: Sequence[str] = (),
    headline: int = 0,
    hint: Moment | None = None,
) -> tuple[Moment | None, str]:
    """When the page was published and the place that told it; the feed's word counts before the visible text.

    A place that tells only a day gives way to the feed where that tells the time of the same day.
    """
    for place, found in sources(tree, head, articles, url, lines, headline, hint):
        if found is None:
            continue
        if found.precision is Precision.DAY and hint and abs(hint.instant - found.instant) < timedelta(hours=36):
            return hint, "feed"
        if place in ("meta", "json-ld"):
            found = with_zone(found, tree, (from_jsonld(articles, PUBLISHED_PROPERTIES),))
        return found, place
    return None, ""


def updated_of(head: Head, articles: list[Node], tree: lxml.html.HtmlElement) -> Moment | None:
    """When the page says it was last changed."""
    return (
        from_jsonld(articles, ("dateModified",)) or from_meta(head, META_UPDATED) or from_itemprop(tree, "dateModified")
    )
