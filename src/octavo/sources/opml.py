"""Reads and writes lists of feeds with their folders (OPML 2.0, opml.org); it adds no feed and asks no server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from octavo.core.reading.urls import resolve
from octavo.core.types import Note
from octavo.sources.fields import plain
from octavo.sources.xmltree import Tree, decode, open_tree

LARGEST = 8 * 1024 * 1024
MOST_FEEDS = 20_000
TOO_LARGE = f"The file is larger than {LARGEST // 2**20} MiB; split it."
NO_LIST = "The file holds no list of feeds; give an OPML file as feed readers export it."
CUT = "The file is cut or broken before the first feed of its list; export it again."
# The kind of a note on an address that is none.
LINK_REFUSED = "link-refused"
# listparser believes a declaration only where it is UTF-8's.
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'
_DECLARED = re.compile(r"^\s*<\?xml[^>]*>")


class OpmlError(ValueError):
    """A file that is no list of feeds; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of a list. `folders` are paths of folder names from the top; empty for a feed in none."""

    url: str
    title: str = ""
    home_page: str = ""
    folders: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionList:
    """A list as read: its title, its feeds in order, and what was left out."""

    title: str = ""
    feeds: tuple[Subscription, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(slots=True)
class _Folder:
    """A folder while a list is written."""

    feeds: list[Subscription] = field(default_factory=list)
    folders: dict[str, _Folder] = field(default_factory=dict)


def read_opml(body: bytes) -> SubscriptionList:
    """The feeds of an OPML, FOAF or RDF list, however broken, each once, with all folders that it stands in.

    Raises OpmlError for what is no list of feeds.
    """
    if len(body) > LARGEST:
        raise OpmlError(TOO_LARGE)
    import listparser  # takes a while to load, and few commands need it

    text, notes_on_encoding = decode(body)
    found = listparser.parse(_DECLARATION + _DECLARED.sub("", text, count=1).lstrip("\ufeff \t\r\n").encode())
    if not found.feeds and not found.version:
        raise OpmlError(NO_LIST)
    tree = open_tree(body)
    if not found.feeds and (tree is None or tree.is_broken):
        raise OpmlError(CUT)
    feeds: dict[str, Subscription] = {}
    notes_on_form = tree.notes if tree is not None and tree.is_broken else ()
    notes = [*dict.fromkeys((*notes_on_encoding, *notes_on_form))]
    for one in found.feeds[:MOST_FEEDS]:
        url = _feed_address(one.url or "")
        if not url:
            notes.append(Note(LINK_REFUSED, f"{(one.url or '')[:120]} is no web address"))
            continue
        folders = tuple(tuple(plain(name, 200) for name in path) for path in one.get("categories", ()) if path)
        known = feeds.get(url)
        feeds[url] = _joined(known, Subscription(url, plain(one.get("title") or "", 300), "", folders))
    homes = _home_pages(tree)
    read = tuple(Subscription(one.url, one.title, homes.get(one.url, ""), one.folders) for one in feeds.values())
    return SubscriptionList(plain(found.meta.get("title") or "", 300), read, tuple(notes))


def write_opml(title: str, feeds: Iterable[Subscription], written: datetime) -> bytes:
    """An OPML 2.0 document in UTF-8. A feed in several folders is written in each; `written` is aware."""
    top = _Folder()
    for one in feeds:
        for path in one.folders or ((),):
            place = top
            for name in path:
                place = place.folders.setdefault(name, _Folder())
            place.feeds.append(one)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">', "  <head>",
        f"    <title>{_escaped(title)}</title>", f"    <dateCreated>{format_datetime(written)}</dateCreated>", "  </head>",
        "  <body>", *_outlines(top, 4), "  </body>", "</opml>", "",
    ]  # fmt: skip
    return "\n".join(lines).encode()


def _joined(first: Subscription | None, second: Subscription) -> Subscription:
    """Two mentions of one feed as one."""
    if first is None:
        return second
    return Subscription(
        first.url, first.title or second.title, "", tuple(dict.fromkeys((*first.folders, *second.folders)))
    )


def _feed_address(raw: str) -> str:
    """The web address of a feed; `feed:` is a scheme that browsers once used for them."""
    raw = raw.strip()
    if raw.lower().startswith("feed:"):
        raw = raw[5:] if raw[5:].lower().startswith("http") else f"http:{raw[5:]}"
    return resolve("", raw)


def _home_pages(tree: Tree | None) -> dict[str, str]:
    """The home page of each feed, by the feed's address: listparser leaves `htmlUrl` out."""
    homes: dict[str, str] = {}
    for outline in tree.root.iter() if tree is not None else ():
        names = {str(key).lower(): str(value) for key, value in outline.attrib.items()}
        url, home = _feed_address(names.get("xmlurl", "")), resolve("", names.get("htmlurl", ""))
        if url and home:
            homes.setdefault(url, home)
    return homes


def _outlines(folder: _Folder, indent: int) -> list[str]:
    """The lines of a folder's contents, folders first."""
    space = " " * indent
    lines: list[str] = []
    for name, inner in folder.folders.items():
        lines += [f"{space}<outline text={_quoted(name)}>", *_outlines(inner, indent + 2), f"{space}</outline>"]
    for one in folder.feeds:
        title = _quoted(one.title or one.url)
        home = f" htmlUrl={_quoted(one.home_page)}" if one.home_page else ""
        lines.append(f'{space}<outline type="rss" text={title} title={title} xmlUrl={_quoted(one.url)}{home}/>')
    return lines


def _quoted(text: str) -> str:
    """Text as an attribute's value, without what XML forbids."""
    return quoteattr("".join(c for c in text if c >= " " or c == "\t"))


def _escaped(text: str) -> str:
    return _quoted(text)[1:-1]
