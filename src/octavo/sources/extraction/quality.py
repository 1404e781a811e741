"""Decides what the text of a page is worth: a full article, or honestly less. It changes no text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from octavo.core.types import Quality
from octavo.sources.extraction.blocks import Block
from octavo.sources.extraction.jsonld import LISTING_TYPES, Node, types_of

EMPTY_WORDS = 12  # fewer are a caption or a notice, not an article
SHORT_WORDS = 250  # a wall or a 'continue reading' counts only under a text as short as this
TEASER_WORDS = 120  # a shorter text that breaks off is a teaser
LONGER = 1.6  # times: what the page announces of its length against what it shows
LISTING_LINKS = 25  # blocks that are links, on a page with little prose
LISTING_WORDS = 150
FRONT_LINKS = 5  # the same at the address of a site itself, where no article stands

PAYWALL = re.compile(
    r"subscribe (?:now |today )?to (?:continue|keep|read|unlock)|to continue reading|already a subscriber|"
    r"subscribers? only|for subscribers|exclusive to subscribers|subscription required|unlock this article|"
    r"(?:this|the) (?:article|content|story) is (?:only )?(?:for|available to) (?:subscribers|members|premium)|"
    r"start your (?:free )?trial|réservé aux abonnés|nur für abonnenten|mit .{1,12} weiterlesen|solo para suscriptores|"
    r"للمشتركين فقط|اشترك لمتابعة",
    re.I,
)
CONTINUE = re.compile(
    r"^(?:continue reading|read (?:the )?(?:full|whole|rest|more)|read on|click (?:here )?to (?:read|continue)|full (?:story|article)|"
    r"weiterlesen|lire la suite|seguir leyendo|leer más|leia mais|continua a leggere|lees verder|اقرأ المزيد|تابع القراءة)\b",
    re.I,
)
CONSENT = re.compile(
    r"\bcookies?\b|\bconsent\b|your privacy|personal data|our partners|store and/or access|legitimate interest|"
    r"accept all|reject all|manage (?:your )?(?:choices|preferences|settings)|datenschutz|einwilligung|données personnelles|"
    r"ملفات تعريف الارتباط",
    re.I,
)
CONSENT_HOST = re.compile(r"^(?:consent|cmp|privacy|zustimmung|myprivacy)\.", re.I)
BROKEN_OFF = re.compile(r"(?:…|\.\.\.|\[\.\.\.\]|\[…\])[\"'”’)]*$")


def announced_words(articles: Sequence[Node]) -> int:
    """How long the page says that its article is, in words; 0 where it does not say."""
    for node in articles:
        said = str(node.get("wordCount", "")).strip()
        if said.isdigit():
            return int(said)
    return 0


def is_consent(text: str, words: int, blocks: Sequence[Block], url: str) -> bool:
    """Whether the page is a consent wall: what little it says is about cookies and data."""
    if CONSENT_HOST.match(urlsplit(url).hostname or ""):
        return True
    if words >= SHORT_WORDS:
        return False
    whole = " ".join(block.text for block in blocks[:200])
    said = len(CONSENT.findall(whole))
    return said >= 4 and said * 40 > len(whole.split()) and (words < EMPTY_WORDS or len(CONSENT.findall(text)) >= 2)


def is_listing(words: int, blocks: Sequence[Block], nodes: Sequence[Node], articles: Sequence[Node], url: str) -> bool:
    """Whether the page leads to articles instead of being one."""
    linked = sum(1 for block in blocks if block.link_characters > 0.7 * len(block.text) and len(block.text) > 25)
    if articles and words >= LISTING_WORDS:
        return False
    listed = any(types_of(node) & LISTING_TYPES for node in nodes) and not articles
    address = urlsplit(url)
    front = not address.path.strip("/") and not address.query and not articles
    if words < LISTING_WORDS:
        return (linked >= LISTING_LINKS and not articles) or (listed and linked >= 5)
    return (front and linked >= FRONT_LINKS) or (listed and linked >= LISTING_LINKS)


def is_teaser(text: str, words: int, blocks: Sequence[Block], articles: Sequence[Node]) -> bool:
    """Whether the text breaks off: it says so, a link says so, or the page announces much more."""
    if announced_words(articles) > LONGER * words and words < SHORT_WORDS:
        return True
    if words < TEASER_WORDS and BROKEN_OFF.search(text):
        return True
    return words < TEASER_WORDS and any(len(b.text) < 60 and b.links and CONTINUE.match(b.text) for b in blocks)


def judge(
    text: str, blocks: Sequence[Block], nodes: Sequence[Node], articles: Sequence[Node], is_free: bool | None, url: str
) -> Quality:
    """The quality of a text that was taken from a page."""
    words = len(text.split())
    walled = words < SHORT_WORDS and any(PAYWALL.search(block.text) for block in blocks if len(block.text) < 300)
    if is_free is False:
        return Quality.PAYWALL if words else Quality.EMPTY
    if is_consent(text, words, blocks, url):
        return Quality.CONSENT
    if is_listing(words, blocks, nodes, articles, url):
        return Quality.LISTING
    if words < EMPTY_WORDS:
        return Quality.EMPTY
    if walled and is_free is None:
        return Quality.PAYWALL
    return Quality.TEASER if is_teaser(text, words, blocks, articles) else Quality.FULL
