"""Makes markup from outside safe to show. nh3 has the last word: nothing is rewritten after it."""

from __future__ import annotations

import nh3

from octavo.core.reading.passages import plain_text
from octavo.sources.extraction.assemble import assemble
from octavo.sources.extraction.blocks import cut
from octavo.sources.extraction.features import CUE
from octavo.sources.extraction.page import bounded, parse

TAGS = frozenset((
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "caption",
    "a", "strong", "em", "code", "pre", "br", "sub", "sup", "hr",
))  # fmt: skip
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https"}
REL = "noopener noreferrer nofollow"
MAX_FRAGMENT = 500_000  # characters of a feed's text
APPEARED = ("appeared first on", "first appeared on", "[&#8230;]", "[…]")  # what WordPress adds to its feeds
SHORT_CUE = 60  # characters: 'Read more' and the like


def clean(html: str) -> str:
    """The markup with the allowed tags and http(s) addresses only, balanced."""
    return nh3.clean(html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL)


def is_footer(text: str) -> bool:
    """Whether a paragraph of a feed's text is what a feed adds, not what an author wrote."""
    if len(text) < SHORT_CUE and CUE.match(text):
        return True
    return len(text) < 300 and any(phrase in text for phrase in APPEARED[:2])


def sanitise_fragment(html: str, base_url: str) -> tuple[str, str]:
    """A feed's summary or content as safe HTML and as its plain text. `base_url` makes its links absolute."""
    layout = cut(parse(f"<html><body>{bounded(html[:MAX_FRAGMENT])}</body></html>"), base_url)
    kept = [number for number, block in enumerate(layout.blocks) if not is_footer(block.text)]
    safe = clean(assemble(layout, kept, ""))
    return safe, plain_text(safe)
