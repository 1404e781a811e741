"""Reads RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0 and CDF out of an open tree; it fetches, sanitises and drops nothing.

The elements of a channel or an entry are grouped by short name, and each fact is taken from the first name in a
stated order of trust that holds something: publishers mix the dialects, so no dialect is read apart.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape

from lxml import etree

from octavo.core.reading.dates import read_date
from octavo.core.reading.urls import resolve
from octavo.core.types import Enclosure, Entry, FeedDocument, Moment, Note, PollingHints
from octavo.sources import fields
from octavo.sources.names import Names

# More entries than any feed that is meant to be polled; the newest come first in a feed, so the first are kept.
MOST_ENTRIES = 5_000
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
# Elements of feeds that stand in a text only because an end tag is missing.
NO_MARKUP = frozenset(("item", "entry", "link", "guid", "pubdate", "enclosure", "description", "category", "comments"))
ENTRY_NAMES = frozenset(("item", "entry", "atom:entry"))
CHANNEL_NAMES = frozenset(("channel", "feed", "atom:feed"))

# Where each fact is looked for, the most trusted name first.
TITLE = ("title", "atom:title", "dc:title", "media:title", "itunes:title", "dcterms:title")
GUID = ("guid", "atom:id", "id", "dc:identifier")
LINK = ("feedburner:origlink", "link", "atom:link", "url", "href")
SUMMARY = (
    "description", "atom:summary", "summary", "abstract", "itunes:summary", "dc:description", "media:description",
    "itunes:subtitle", "dcterms:abstract", "googleplay:description",
)  # fmt: skip
CONTENT = ("content:encoded", "atom:content", "content", "xhtml:body", "body", "fullitem", "fulltext", "xhtml:div")
PUBLISHED = (
    "pubdate",
    "atom:published",
    "published",
    "dcterms:issued",
    "atom:issued",
    "dc:date",
    "issued",
    "dcterms:created",
    "date",
)
UPDATED = ("atom:updated", "updated", "dcterms:modified", "lastbuilddate", "lastmod", "modified", "last-modified")
AUTHOR = ("dc:creator", "atom:author", "author", "itunes:author", "dc:author", "creator", "dcterms:creator", "byline")
OTHER_AUTHORS = ("atom:contributor", "dc:contributor")
CHANNEL_AUTHOR = ("managingeditor", *AUTHOR, "dc:publisher", "webmaster", "itunes:owner", "googleplay:author")
CATEGORY = (
    "category",
    "atom:category",
    "dc:subject",
    "media:category",
    "itunes:category",
    "itunes:keywords",
    "media:keywords",
)
SUBTITLE = (
    "description", "atom:subtitle", "subtitle", "tagline", "abstract", "itunes:summary", "itunes:subtitle",
    "dc:description", "atom:info", "googleplay:description",
)  # fmt: skip
# What is looked for inside its neighbours where end tags are missing, and is then no part of a neighbour's text.
STRAYS = frozenset(
    (
        *("link", "guid", "pubdate", "author", "category", "comments", "enclosure", "description", "content:encoded"),
        *("dc:creator", "dc:date", "media:content", "media:thumbnail", "atom:link", "atom:id", "atom:updated"),
        *("atom:published", "atom:summary", "atom:content", "atom:author", "image", "language", "ttl", "lastbuilddate"),
    )
)
PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Group = dict[str, list[etree._Element]]


@dataclass(slots=True)
class Reader:
    """What holds for one whole document while it is read."""

    root: etree._Element
    url: str
    country: str
    now: datetime | None
    has_bases: bool
    is_broken: bool
    names: Names = field(init=False)
    base: str = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names(self.root)
        self.base = self.url

    def group(self, element: etree._Element) -> Group:
        """The children of an element by short name."""
        found: Group = {}
        names = self.names
        for child in element:
            name = names[child.tag]
            if name in found:
                found[name].append(child)
            else:
                found[name] = [child]
        if self.is_broken:
            for child in element:
                self._add_stranded(child, found)
        return found

    def _add_stranded(self, element: etree._Element, found: Group) -> None:
        """Adds the elements of an entry that a missing end tag let slip into a neighbour."""
        for child in element:
            name = self.names[child.tag]
            if name not in ENTRY_NAMES:
                if name in STRAYS:
                    found.setdefault(name, []).append(child)
                self._add_stranded(child, found)

    def base_of(self, element: etree._Element) -> str:
        """The address against which an element's links are resolved (xml:base, then the document's)."""
        if not self.has_bases:
            return self.base
        return resolve(self.base, element.base or "") or self.base


def read_tree(
    root: etree._Element,
    url: str,
    country: str = "",
    now: datetime | None = None,
    *,
    has_bases: bool = True,
    is_broken: bool = False,
) -> FeedDocument | None:
    """The feed in a tree; None where the tree has neither a channel nor an entry.

    `has_bases` says that xml:base may occur; `is_broken` that end tags were missing, so that elements may have slipped
    into their neighbours.
    """
    reader = Reader(root, url, country, now, has_bases, is_broken)
    entries = _entries(reader)
    channel = _channel(reader)
    if channel is None and not entries:
        return None
    notes: list[Note] = []
    if len(entries) > MOST_ENTRIES:
        notes.append(Note("entries-bounded", f"{len(entries)} entries; the first {MOST_ENTRIES} were read"))
    document = _channel_facts(reader, channel if channel is not None else root, notes)
    read = tuple(_entry(reader, element) for element in entries[:MOST_ENTRIES])
    return replace(document, entries=read, notes=tuple(notes))


def _entries(reader: Reader) -> list[etree._Element]:
    """The elements that are entries, wherever they stand; names in capitals or odd namespaces are looked for last."""
    names = reader.names
    found = [one for one in reader.root.iter("{*}item", "{*}entry") if names[one.tag] in ENTRY_NAMES]
    return found or [one for one in reader.root.iter(etree.Element) if names[one.tag] in ENTRY_NAMES]


def _kind(reader: Reader) -> str:
    """rss, rdf or atom, by the root element."""
    name = reader.names[reader.root.tag]
    if name.startswith("rdf:"):
        return "rdf"
    return "atom" if name.rpartition(":")[2] in ("feed", "entry") else "rss"


def _channel(reader: Reader) -> etree._Element | None:
    """The element that holds the feed's own facts."""
    for element in reader.root.iter(etree.Element):
        if reader.names[element.tag] in CHANNEL_NAMES:
            return element
    return None


def _channel_facts(reader: Reader, channel: etree._Element, notes: list[Note]) -> FeedDocument:
    """A document with the feed's own facts; settles against what the entries' links are resolved."""
    group = reader.group(channel)
    own_url = _self_address(reader, group)
    reader.base = reader.base or own_url
    home = _page_address(reader, channel, group, notes)
    reader.base = reader.base or home
    language = _text(group, ("language", "dc:language")) or channel.get(XML_LANG) or reader.root.get(XML_LANG)
    return FeedDocument(
        kind=_kind(reader),
        title=_plain_text(group, TITLE),
        url=reader.url or own_url,
        home_page=home,
        id=_text(group, ("atom:id", "id", "guid")) or fields.identifier(channel.get(RDF_ABOUT)),
        description=_markup(group, SUBTITLE),
        language=fields.language_tag(language),
        author=next(iter(_people(reader, group, CHANNEL_AUTHOR)), ""),
        published=_moment(reader, group, PUBLISHED, notes),
        updated=_moment(reader, group, UPDATED, notes) or _last_modified(reader, channel),
        image_url=_channel_image(reader, channel, group),
        hints=_hints(group),
    )


def _entry(reader: Reader, element: etree._Element) -> Entry:
    """One entry with everything that was repaired on the way noted."""
    notes: list[Note] = []
    group = reader.group(element)
    _flatten_media(reader, group)
    guid = _text(group, GUID) or fields.identifier(element.get(RDF_ABOUT))
    enclosures, pictures = _attached(reader, group, notes)
    summary, content = _summary_and_content(group)
    return Entry(
        guid=guid,
        url=_page_address(reader, element, group, notes, guid),
        title=_plain_text(group, TITLE),
        authors=_people(reader, group, AUTHOR) or _people(reader, group, OTHER_AUTHORS),
        summary=summary,
        content=content,
        published=_moment(reader, group, PUBLISHED, notes),
        updated=_moment(reader, group, UPDATED, notes) or _last_modified(reader, element),
        enclosures=enclosures,
        categories=_categories(group),
        image_url=_entry_image(reader, group, pictures),
        language=fields.language_tag(_text(group, ("dc:language", "language")) or element.get(XML_LANG)),
        notes=tuple(notes),
    )


def _flatten_media(reader: Reader, group: Group) -> None:
    """Brings what media:group (and media:content within it) holds up to the entry."""
    for holder in group.get("media:group", ()):
        for name, elements in reader.group(holder).items():
            group.setdefault(name, []).extend(elements)
    for content in list(group.get("media:content", ())):
        if len(content):
            for name, elements in reader.group(content).items():
                group.setdefault(name, []).extend(elements)


# Texts


def _text(group: Group, names: tuple[str, ...]) -> str:
    """The first of the named elements that holds text, as it stands."""
    for name in names:
        for element in group.get(name, ()):
            text = fields.identifier(element.text)
            if text:
                return text
    return ""


def _plain_text(group: Group, names: tuple[str, ...]) -> str:
    """The first of the named elements that holds text, as one plain line."""
    for name in names:
        for element in group.get(name, ()):
            text = fields.plain(_value(element))
            if text:
                return text
    return ""


def _markup(group: Group, names: tuple[str, ...]) -> str:
    """The first of the named elements that holds something, as markup."""
    for name in names:
        for element in group.get(name, ()):
            text = _value(element).strip()
            if text:
                return text
    return ""


def _summary_and_content(group: Group) -> tuple[str, str]:
    """An entry's two texts. Where two summaries and no content are given, the longer is the content: none is lost."""
    summary, content = _markup(group, SUMMARY), _markup(group, CONTENT)
    if not content and "description" in group:
        other = _markup(group, ("atom:summary", "summary", "abstract"))
        if other and other != summary:
            summary, content = sorted((summary, other), key=len)
    return summary, content


def _value(element: etree._Element) -> str:
    """What an element holds as HTML: escaped markup as it was meant, nested markup written out, plain text escaped."""
    kind = (element.get("type") or "").lower()
    if len(element):
        return _inner_markup(element)
    text: str = element.text or element.get("value") or element.get("VALUE") or ""
    if element.get("mode") == "base64" or (kind and not _is_textual(kind)):
        return _from_base64(text)
    if kind in ("text", "text/plain", "plain") and "<" in text:
        return escape(text, quote=False)
    return text


def _is_textual(kind: str) -> bool:
    """Whether a content type of Atom holds its text as such (RFC 4287 4.1.3.3)."""
    return (
        kind in ("text", "html", "xhtml", "plain", "escaped")
        or kind.startswith("text/")
        or kind.endswith(("xml", "+json"))
    )


def _from_base64(text: str) -> str:
    """Text that was packed for transport; as it stands where it was not."""
    try:
        return base64.b64decode(text, validate=False).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return text


def _inner_markup(element: etree._Element) -> str:
    """The markup inside an element, the names freed of prefixes; the div that Atom demands around XHTML is left out."""
    inner = element
    if len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip():
        only = element[0]
        if str(only.tag).rpartition("}")[2].lower() in ("div", "body"):
            inner = only
    return "".join(_written(inner))


def _written(element: etree._Element) -> Iterator[str]:
    """The contents of an element as HTML; entries that a missing end tag let slip inside are no part of it."""
    yield escape(element.text or "", quote=False)
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if name.lower() not in NO_MARKUP:
            attributes = "".join(f' {key.rpartition("}")[2]}="{escape(text)}"' for key, text in child.attrib.items())
            yield f"<{name}{attributes}>"
            yield from _written(child)
            if name.lower() not in ("br", "img", "hr", "input", "source", "wbr", "track", "embed"):
                yield f"</{name}>"
        yield escape(child.tail or "", quote=False)


# People, times, categories


def _people(reader: Reader, group: Group, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the first kind of element that names anybody."""
    for name in names:
        found = fields.unique((_person(reader, element) for element in group.get(name, ())), fields.MOST_AUTHORS)
        if found:
            return found
    return ()


def _person(reader: Reader, element: etree._Element) -> str:
    """One name: Atom's name element, else the text."""
    if len(element):
        parts = reader.group(element)
        for name in ("atom:name", "name", "itunes:name", "atom:email", "email", "itunes:email"):
            for part in parts.get(name, ()):
                if (part.text or "").strip():
                    return fields.person(part.text or "")
    return fields.person("".join(element.itertext()) if len(element) else element.text or "")


def _moment(reader: Reader, group: Group, names: tuple[str, ...], notes: list[Note]) -> Moment | None:
    """The first of the named dates that can be read; each that cannot leaves a note.

    Of several elements with one name the last counts, as it does in the readers that publishers try their feeds with.
    """
    for name in names:
        for element in reversed(group.get(name, ())):
            raw = element.text or element.get("value") or element.get("VALUE")
            if raw and (moment := fields.moment(raw, reader.country, reader.now, notes)) is not None:
                return moment
    return None


def _last_modified(reader: Reader, element: etree._Element) -> Moment | None:
    """The date that CDF writes as an attribute."""
    raw = element.get("LASTMOD") or element.get("lastmod")
    return read_date(raw, country=reader.country, now=reader.now)[0] if raw else None


def _categories(group: Group) -> tuple[str, ...]:
    """Categories, subjects and keywords as plain text."""
    found: list[str] = []
    for name in CATEGORY:
        for element in group.get(name, ()):
            text = element.get("label") or element.get("term") or element.text or element.get("text") or ""
            if name.endswith("keywords"):
                found.extend(fields.plain(word, 200) for word in text[:4000].split(","))
            else:
                found.append(fields.plain(text, 200))
    return fields.unique(found, fields.MOST_CATEGORIES)


# Addresses


def _page_address(reader: Reader, element: etree._Element, group: Group, notes: list[Note], guid: str = "") -> str:
    """The page that an entry or a channel stands for."""
    for name in LINK:
        for found in group.get(name, ()):
            href = _href(found)
            if href and (address := fields.link(reader.base_of(found), href, notes)):
                return address
    for raw in (element.get("HREF") or element.get("href"), element.get(RDF_ABOUT)):
        if raw and (address := fields.link(reader.base_of(element), raw, notes)):
            return address
    return _permalink(reader, group, guid) or _other_link(reader, group)


def _href(element: etree._Element) -> str:
    """A link's target where it is the page itself: RSS's text, Atom's alternate, CDF's href."""
    rel = element.get("rel")
    if rel is not None and rel.lower() not in ("alternate", "http://www.iana.org/assignments/relation/alternate"):
        return ""
    kind = (element.get("type") or "").lower()
    if rel is not None and kind and "html" not in kind and "text/plain" not in kind and _has_better_sibling(element):
        return ""
    return (element.get("href") or element.get("HREF") or element.text or "").strip()


def _has_better_sibling(element: etree._Element) -> bool:
    """Whether beside an alternate of another type (JSON, RSS) there is one in HTML."""
    parent = element.getparent()
    return parent is not None and any(
        (other.get("rel") or "alternate") == "alternate" and "html" in (other.get("type") or "html")
        for other in parent
        if other.tag == element.tag and other is not element
    )


def _permalink(reader: Reader, group: Group, guid: str) -> str:
    """A guid that is an address, unless it is said to be none (RSS 2.0: isPermaLink)."""
    if not guid.lower().startswith(("http://", "https://")):
        return ""
    denied = any(
        (one.get("isPermaLink") or one.get("ispermalink") or "").lower() == "false" for one in group.get("guid", ())
    )
    return "" if denied else resolve(reader.base, guid)


def _other_link(reader: Reader, group: Group) -> str:
    """The least of links: Atom's self, related or via, where nothing else tells a page."""
    for rel in ("related", "via", "self"):
        for element in (*group.get("atom:link", ()), *group.get("link", ())):
            if (element.get("rel") or "").lower() == rel and (
                found := resolve(reader.base_of(element), element.get("href") or "")
            ):
                return found
    return ""


def _self_address(reader: Reader, group: Group) -> str:
    """Where a feed says that it lives."""
    for element in (*group.get("atom:link", ()), *group.get("link", ())):
        if (element.get("rel") or "").lower() == "self":
            return resolve(reader.url, element.get("href") or "")
    return ""


# Files and pictures


def _attached(reader: Reader, group: Group, notes: list[Note]) -> tuple[tuple[Enclosure, ...], tuple[str, ...]]:
    """The files beside an entry, and its pictures, which are not played."""
    found = fields.merged_enclosures(_declared_files(reader, group, notes))
    media = list(_media_files(reader, group, notes))
    pictures = tuple(one.url for one in (*media, *found) if _is_picture(one))
    played = fields.merged_enclosures((*found, *(one for one in media if not _is_picture(one))))
    seconds = next((s for e in group.get("itunes:duration", ()) if (s := fields.duration(e.text))), None)
    return fields.with_duration(played, seconds), pictures


def _declared_files(reader: Reader, group: Group, notes: list[Note]) -> Iterator[Enclosure]:
    """Enclosures of RSS, links of Atom with rel=enclosure."""
    links = (
        e for name in ("atom:link", "link") for e in group.get(name, ()) if (e.get("rel") or "").lower() == "enclosure"
    )
    for element in (*group.get("enclosure", ()), *links):
        url = fields.link(reader.base_of(element), element.get("url") or element.get("href"), notes)
        if url:
            kind, length = fields.file_type(url, element.get("type")), fields.whole_number(element.get("length"))
            yield Enclosure(url, kind, length, None, fields.plain(element.get("title") or "", 300))


def _media_files(reader: Reader, group: Group, notes: list[Note]) -> Iterator[Enclosure]:
    """Files of Media RSS."""
    for element in group.get("media:content", ()):
        url = fields.link(reader.base_of(element), element.get("url"), notes)
        if url:
            kind = fields.file_type(url, element.get("type")) or {"image": "image/*"}.get(
                element.get("medium") or "", ""
            )
            size, seconds = fields.whole_number(element.get("fileSize")), fields.duration(element.get("duration"))
            yield Enclosure(url, kind, size, seconds)


def _is_picture(one: Enclosure) -> bool:
    return one.type.startswith("image/")


def _entry_image(reader: Reader, group: Group, pictures: tuple[str, ...]) -> str:
    """An entry's lead picture: a picture beside it, its thumbnail, or the podcast's cover of the episode."""
    if pictures:
        return pictures[0]
    for name, attribute in (("media:thumbnail", "url"), ("itunes:image", "href"), ("image", "url")):
        for element in group.get(name, ()):
            if found := resolve(reader.base_of(element), element.get(attribute) or element.text or ""):
                return found
    return ""


def _channel_image(reader: Reader, channel: etree._Element, group: Group) -> str:
    """A feed's own picture. In RSS 1.0 it stands beside the channel."""
    beside = [e for e in reader.root if reader.names[e.tag] == "image"] if channel is not reader.root else []
    for image in (*group.get("image", ()), *beside):
        raw = _text(reader.group(image), ("url",)) or image.text or ""
        if found := resolve(reader.base, raw):
            return found
    for name in ("atom:logo", "logo", "atom:icon", "icon", "itunes:image", "googleplay:image"):
        for element in group.get(name, ()):
            if found := resolve(reader.base_of(element), element.get("href") or element.text or ""):
                return found
    return ""


# How often


def _hints(group: Group) -> PollingHints:
    """ttl, skipHours, skipDays (RSS 2.0) and the syndication module's period (RSS 1.0)."""
    ttl = fields.whole_number(_text(group, ("ttl",)))
    period = PERIODS.get(_text(group, ("sy:updateperiod",)).lower())
    frequency = fields.whole_number(_text(group, ("sy:updatefrequency",))) or 1
    waits = [ttl * 60 if ttl else 0, period // frequency if period else 0]
    hours = {int(text) % 24 for text in _listed(group, "skiphours") if re.fullmatch(r"\d{1,2}", text)}
    days = {DAYS.index(text.lower()) for text in _listed(group, "skipdays") if text.lower() in DAYS}
    return PollingHints(max(waits) or None, frozenset(hours), frozenset(days))


def _listed(group: Group, name: str) -> list[str]:
    """The texts inside the elements of a list."""
    return [(child.text or "").strip() for element in group.get(name, ()) for child in element]
