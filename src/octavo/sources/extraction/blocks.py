"""Cuts a page into blocks: runs of text between block-level tags, with what surrounds each. It judges none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import NamedTuple

import lxml.html

from octavo.sources.extraction.links import absolute

MAX_BLOCKS = 6_000  # a page with more is a list of something; the rest is not looked at
MAX_PATH = 10  # lists in lists in tables deeper than this are flattened

SKIPPED = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "select",
    "option", "button", "input", "textarea", "head", "audio", "video", "map", "dialog", "progress", "meter",
    "datalist", "amp-ad", "amp-analytics", "amp-consent", "amp-sidebar", "amp-social-share", "amp-iframe",
    "amp-embed", "amp-state",
))  # fmt: skip
BOUNDARIES = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul", "caption",
))  # fmt: skip
STRUCTURE = frozenset(["ul", "ol", "li", "blockquote", "table", "tr", "td", "th"])
INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "sub": "sub", "sup": "sup"}
MARKED_ATTRIBUTES = frozenset(
    ("class", "id", "role", "itemprop", "data-component", "data-testid", "data-module", "aria-label")
)

# What a container is for, as its tag or the words of its class and id say it; each a bit of Block.flags.
TAG_FLAGS = {
    "article": "article", "main": "main", "aside": "aside", "nav": "nav", "footer": "footer", "header": "header",
    "form": "form", "table": "table", "ul": "list", "ol": "list", "figure": "figure", "figcaption": "caption",
    "blockquote": "quote", "section": "section", "dl": "list", "address": "byline",
}  # fmt: skip
WORD_FLAGS = {
    "body": "article body articlebody articletext content entry story storytext post text richtext bodytext paragraph "
    "prose copy main maincontent",
    "bodyprop": "articlebody",
    "comment": "comment comments disqus reply replies respond discussion commentary",
    "share": "share sharing social facebook twitter whatsapp sharedaddy addthis follow toolbar tools print email",
    "related": "related recommend recommended recommendations recirc more popular trending teaser teasers readmore also "
    "similar next previous prev jp relatedposts suggested latest recent mostread carousel outbrain taboola",
    "promo": "promo promotion ad ads advert advertisement advertising sponsor sponsored banner dfp adsense commercial "
    "affiliate shop product cta partner",
    "newsletter": "newsletter subscribe subscription signup sign mailchimp optin mc email alert alerts membership",
    "sidebar": "sidebar side rail aside widget widgets secondary column complementary module",
    "menu": "menu nav navigation navbar navigational toc pagination pager links footer header masthead topbar site "
    "global",
    "cookie": "cookie cookies consent gdpr privacy onetrust eucookie cmp policy",
    "tags": "tag tags topics topic keywords categories category cat labels",
    "byline": "author authors byline bio writer contributor profile avatar reporter credit credits",
    "caption": "caption captions figcaption imagecaption wp-caption gallery slideshow image photo media img",
    "meta": "meta date time timestamp dateline published info details postmeta updated",
    "crumbs": "breadcrumb breadcrumbs crumb crumbs",
    "video": "video player audio podcast transcript embed",
    "paywall": "paywall paywalled gate gateway metered premium regwall piano locked",
    "title": "title headline heading hed kicker standfirst dek subtitle subheadline deck",
    "lead": "lead intro summary excerpt abstract lede standfirst description chapo dek",
    "disclaimer": "disclaimer copyright legal correction corrections footnote footnotes note notes rights",
    "quotebox": "pullquote pull blockquote quote tweet instagram callout box infobox sidenote highlight",
}
# What no article consists of, said so plainly that a small container of that name is never part of one.
BOX_WORDS = frozenset((
    "ad", "ads", "adbox", "adslot", "adunit", "boxad", "advert", "adverts", "advertisement", "advertisements",
    "advertising", "advertorial", "mpu", "dfp", "adsense", "sponsor", "sponsored", "promo", "promos", "promoted",
    "newsletter", "newsletters", "signup", "breadcrumb", "breadcrumbs", "crumbs", "share", "sharing", "sharebar",
    "addthis", "sharedaddy", "outbrain", "taboola", "recirc", "recirculation", "readmore", "readalso", "related",
    "relatedposts", "relatedarticles",
))  # fmt: skip
BOX_PAIRS = frozenset(
    (("read", "also"), ("read", "more"), ("read", "next"), ("see", "also"), ("also", "read"), ("more", "on"))
)
FLAG_NAMES = tuple(dict.fromkeys([*TAG_FLAGS.values(), *WORD_FLAGS, "hidden", "box"]))
FLAGS = {name: 1 << place for place, name in enumerate(FLAG_NAMES)}
WORDS: dict[str, int] = {}
for _name, _words in WORD_FLAGS.items():
    for _word in _words.split():
        WORDS[_word] = WORDS.get(_word, 0) | FLAGS[_name]

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
TAG_BITS = {tag: FLAGS[name] for tag, name in TAG_FLAGS.items()}
# What a block is besides its flags, which the network reads: nobody sees it. `aria-hidden` is seen, though not heard.
UNSEEN = 1 << len(FLAG_NAMES)
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# Styles that show nothing: not drawn, drawn of no size, beside the page, or in the colour of its ground.
UNSEEN_STYLE = re.compile(
    HIDDEN_STYLE.pattern + r"|font-size\s*:\s*0*[01](?:px|pt)?\s*(?:[;!]|$)|text-indent\s*:\s*-\d{3}"
    r"|(?:left|top|right)\s*:\s*-\d{4}|\bcolor\s*:\s*transparent|clip\s*:\s*rect\(0"
    r"|(?<![\w-])color\s*:\s*(?P<ink>(?!inherit|initial|unset)[#\w]+)\b[^}]{0,200}\bbackground(?:-color)?\s*:\s*(?P=ink)\b",
    re.I,
)


class Mark(NamedTuple):
    """A tag inside a run of text: a name, whether it closes, and for a link the address as it is written."""

    name: str
    is_end: bool = False
    href: str = ""


@dataclass(slots=True)
class Block:
    """One run of text. `pieces` are its parts as Walk.say and Walk.opening leave them; `path` lists the structural ancestors as (tag, number); `near` are the flags close by."""

    text: str
    pieces: list[str | Mark]
    tag: str
    flags: int
    near: int
    path: tuple[tuple[str, int], ...]
    parent: int
    signature: str
    link_characters: int
    links: int
    depth: int
    boxes: tuple[int, ...] = ()


@dataclass(slots=True)
class Layout:
    """A page cut up. `base` is what its relative addresses are relative to."""

    base: str = ""
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Place:
    """Where the walk is: what the elements above say of what is below them."""

    tag: str = "body"
    flags: int = 0
    near: int = 0
    above: int = 0
    path: tuple[tuple[str, int], ...] = ()
    parent: int = 0
    signature: str = ""
    depth: int = 0
    boxes: tuple[int, ...] = ()


def collapse(text: str) -> str:
    """The text with every run of white space as one space, none at the ends."""
    return " ".join(text.split())


@lru_cache(maxsize=20_000)
def flags_said(said: str) -> int:
    """What the words of an element's attributes say of its contents."""
    words = [word.lower() for word in WORD.findall(said)]
    flags = 0
    for word in words:
        flags |= WORDS.get(word, 0)
    if not BOX_WORDS.isdisjoint(words) or not BOX_PAIRS.isdisjoint(pairwise(words)):
        flags |= FLAGS["box"]
    return flags


def is_hiding(name: str, value: str) -> bool:
    """Whether an attribute is a style that shows nothing."""
    return name == "style" and bool(HIDDEN_STYLE.search(value))


@lru_cache(maxsize=20_000)
def reading_of(tag: str, attributes: tuple[tuple[str, str], ...]) -> tuple[int, str]:
    """What an element says of its contents by its tag and attributes, as flags, and the kind of element that it is."""
    flags, said, kind = TAG_BITS.get(tag, 0), "", ""
    for name, value in attributes:
        if name in MARKED_ATTRIBUTES:
            said += " " + value
            kind = value if name == "class" else kind
        elif name == "hidden" or (name, value) == ("aria-hidden", "true") or is_hiding(name, value):
            flags |= FLAGS["hidden"]
        if name == "hidden" or (name == "style" and UNSEEN_STYLE.search(value)):
            flags |= UNSEEN
    return flags | flags_said(said[:300]), f"{tag}.{kind[:60]}"


class Walk:
    """One pass over a tree in document order, which fills a Layout."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.layout = Layout(base)
        self.numbers = 0
        self.inline: list[Mark] = []
        self.begin()

    def begin(self) -> None:
        """Begins a new run of text, inside the inline elements that are open."""
        self.texts: list[str] = []
        self.pieces: list[str | Mark] = [*self.inline]
        self.link_characters = self.links = self.breaks = 0

    def flush(self, place: Place) -> None:
        """Ends the run of text and keeps it as a block, unless it is blank."""
        if not self.texts:
            if self.pieces or self.breaks or self.links:
                self.begin()
            return
        text = " ".join("".join(self.texts).split())
        if text and len(self.layout.blocks) < MAX_BLOCKS:
            self.layout.blocks.append(
                Block(
                    text=text,
                    pieces=[*self.pieces, *(mark._replace(is_end=True) for mark in reversed(self.inline))],
                    tag=place.tag,
                    flags=place.flags,
                    near=place.near | place.above,
                    path=place.path,
                    parent=place.parent,
                    signature=place.signature,
                    link_characters=self.link_characters,
                    links=self.links,
                    depth=place.depth,
                    boxes=place.boxes,
                )
            )
        self.begin()

    def say(self, text: str, in_link: bool) -> None:
        """Adds text to the run."""
        if text.isspace():
            if self.texts:
                self.texts.append(" ")
                self.pieces.append(" ")
            return
        self.texts.append(text)
        self.pieces.append(text)
        self.breaks = 0
        if in_link:
            self.link_characters += len(text.strip())

    def line_break(self, place: Place) -> None:
        """A <br>: the second in a row ends the paragraph, as on pages that have no <p>."""
        self.breaks += 1
        if self.breaks >= 2:
            self.flush(place)
        else:
            self.texts.append(" ")
            self.pieces.append(Mark("br"))

    def enter(self, element: lxml.html.HtmlElement, tag: str, place: Place) -> Place:
        """The place inside a block-level element."""
        self.numbers += 1
        path = place.path
        if tag in STRUCTURE and len(path) < MAX_PATH:
            path = (*path, (tag, self.numbers))
        own, signature = reading_of(tag, tuple(element.items()))
        if tag == "body":
            own = 0
        boxes = (*place.boxes, self.numbers) if own & FLAGS["box"] else place.boxes
        return Place(
            tag,
            place.flags | own,
            own,
            place.near,
            path,
            place.parent if tag in ("p", "li") else self.numbers,
            signature,
            place.depth + 1,
            boxes,
        )

    def walk(self, element: lxml.html.HtmlElement, place: Place, in_link: bool = False) -> None:
        """Goes through an element's contents."""
        if element.text:
            self.say(element.text, in_link)
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                pass
            elif tag == "br":
                self.line_break(place)
            elif tag in BOUNDARIES:
                self.flush(place)
                inside = self.enter(child, tag, place)
                self.walk(child, inside, in_link)
                self.flush(inside)
            elif tag not in SKIPPED:
                self.walk_inline(child, tag, place, in_link)
            if child.tail:
                self.say(child.tail, in_link)

    def walk_inline(self, element: lxml.html.HtmlElement, tag: str, place: Place, in_link: bool) -> None:
        """Goes through an element that does not end the run of text."""
        if "style" in element.attrib and HIDDEN_STYLE.search(element.attrib["style"]):
            return
        mark = opening(element, tag)
        if tag == "a":
            self.links += 1
            in_link = True
        if mark:
            self.inline.append(mark)
            self.pieces.append(mark)
        self.walk(element, place, in_link)
        if mark:
            self.inline.pop()
            self.pieces.append(mark._replace(is_end=True))


def opening(element: lxml.html.HtmlElement, tag: str) -> Mark | None:
    """What an inline element is kept as, None where only its text is."""
    if tag in INLINE:
        return Mark(INLINE[tag])
    href = element.get("href") if tag == "a" else None
    return Mark("a", href=href) if href else None


def markup(pieces: Iterable[str | Mark], base: str) -> str:
    """A run of text as markup; a link whose address may not be kept is only its text."""
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            out.append(escape(piece, quote=False))
        elif piece.name == "a":
            address = absolute(piece.href, base)
            out.append(("</a>" if piece.is_end else f'<a href="{escape(address)}">') if address else "")
        else:
            out.append(f"</{piece.name}>" if piece.is_end else f"<{piece.name}>")
    return collapse("".join(out))


def cut(tree: lxml.html.HtmlElement, base: str) -> Layout:
    """The blocks of a page, in document order. `base` is what relative addresses are relative to."""
    walk = Walk(base)
    body = tree.find("body")
    body = tree if body is None else body
    place = Place()
    walk.walk(body, place)
    walk.flush(place)
    return walk.layout
