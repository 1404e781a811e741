"""Cuts a page into blocks: runs of text between block-level tags, with what surrounds each. It judges none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

import lxml.html

from octavo.sources.extraction.links import absolute

MAX_BLOCKS = 6_000  # a page with more is a list of something; the rest is not looked at
MAX_PATH = 10  # lists in lists in tables deeper than this are flattened

SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "head",
        "audio",
        "video",
        "map",
        "dialog",
        "progress",
        "meter",
        "datalist",
        "amp-ad",
        "amp-analytics",
        "amp-consent",
        "amp-sidebar",
        "amp-social-share",
        "amp-iframe",
        "amp-embed",
        "amp-state",
    ]
)
BOUNDARIES = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
STRUCTURE = frozenset(["ul", "ol", "li", "blockquote", "table", "tr", "td", "th"])
INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "sub": "sub", "sup": "sup"}
MARKED_ATTRIBUTES = ("class", "id", "role", "itemprop", "data-component", "data-testid", "data-module", "aria-label")

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
FLAG_NAMES = tuple(dict.fromkeys([*TAG_FLAGS.values(), *WORD_FLAGS, "hidden"]))
FLAGS = {name: 1 << place for place, name in enumerate(FLAG_NAMES)}
WORDS: dict[str, int] = {}
for _name, _words in WORD_FLAGS.items():
    for _word in _words.split():
        WORDS[_word] = WORDS.get(_word, 0) | FLAGS[_name]

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
SPACE = re.compile(r"\s+")


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


@dataclass(slots=True)
class Picture:
    """A picture of a page, before the block number `place`."""

    src: str
    alt: str
    caption: str
    place: int
    flags: int
    width: int


@dataclass(slots=True)
class Layout:
    """A page cut up. `base` is what its relative addresses are relative to."""

    base: str = ""
    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
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


def collapse(text: str) -> str:
    """The text with every run of white space as one space, none at the ends."""
    return SPACE.sub(" ", text).strip()


class Walk:
    """One pass over a tree in document order, which fills a Layout."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.layout = Layout(base)
        self.said: dict[str, int] = {}
        self.numbers = 0
        self.start()
        self.inline: list[Mark] = []

    def start(self) -> None:
        """Begins a new run of text."""
        self.texts: list[str] = []
        self.pieces: list[str | Mark] = []
        self.link_characters = self.links = self.breaks = 0

    def flags_of(self, element: lxml.html.HtmlElement, tag: str) -> int:
        """What an element says of its contents, by its tag and by the words of its attributes."""
        flags = FLAGS[TAG_FLAGS[tag]] if tag in TAG_FLAGS else 0
        attributes = element.attrib
        if not attributes:
            return flags
        said = " ".join([attributes[name] for name in MARKED_ATTRIBUTES if name in attributes])[:300]
        if said:
            known = self.said.get(said)
            if known is None:
                known = 0
                for word in WORD.findall(said):
                    known |= WORDS.get(word.lower(), 0)
                self.said[said] = known
            flags |= known
        if (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or HIDDEN_STYLE.search(attributes.get("style", ""))
        ):
            flags |= FLAGS["hidden"]
        return flags

    def flush(self, place: Place) -> None:
        """Ends the run of text and keeps it as a block, unless it is blank."""
        if not self.texts:
            self.breaks = 0
            return
        text = collapse("".join(self.texts))
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
                )
            )
        self.start()
        self.pieces.extend(self.inline)

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
        own = self.flags_of(element, tag) if tag != "body" else 0
        signature = f"{tag}.{element.get('class', '')[:60]}"
        return Place(
            tag,
            place.flags | own,
            own,
            place.near,
            path,
            place.parent if tag in ("p", "li") else self.numbers,
            signature,
            place.depth + 1,
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
            elif tag in ("img", "amp-img"):
                self.picture(child, place)
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

    def picture(self, element: lxml.html.HtmlElement, place: Place) -> None:
        """Keeps a picture with its address, wherever lazy loaders hide it."""
        src = picture_source(element, self.base)
        if src:
            width = element.get("width", "").rstrip("px")
            caption = caption_of(element)
            self.layout.pictures.append(
                Picture(
                    src, collapse(element.get("alt", ""))[:300], caption, len(self.layout.blocks),
                    place.flags, int(width) if width.isascii() and width.isdigit() else 0,
                )
            )  # fmt: skip


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


def picture_source(element: lxml.html.HtmlElement, base: str) -> str:
    """The absolute address of a picture, or an empty string."""
    for name in ("data-src", "data-original", "data-lazy-src", "src"):
        src = absolute(element.get(name, ""), base)
        if src:
            return src
    for name in ("srcset", "data-srcset"):
        last = element.get(name, "").split(",")[-1].split()
        if last:
            return absolute(last[0], base)
    return ""


def caption_of(element: lxml.html.HtmlElement) -> str:
    """The caption of the figure that a picture stands in."""
    for above in element.iterancestors("figure"):
        caption = above.find(".//figcaption")
        return collapse(caption.text_content())[:600] if caption is not None else ""
    return ""


def cut(tree: lxml.html.HtmlElement, base: str) -> Layout:
    """The blocks and pictures of a page, in document order. `base` is what relative addresses are relative to."""
    walk = Walk(base)
    body = tree.find("body")
    body = tree if body is None else body
    place = Place()
    walk.walk(body, place)
    walk.flush(place)
    return walk.layout
