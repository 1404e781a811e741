"""The text of an article as its page shows it: one passage highlighted, and no picture that a publisher would serve.

It rewrites only markup that was sanitised before it was stored, and adds to it nothing that is not escaped.
"""

from __future__ import annotations

import re
from html import unescape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from octavo.core.reading.passages import mark_passage, plain_text
from octavo.core.types import Passage
from octavo.store.models import ArticleVersion

# Where a link to a passage lands.
ANCHOR = "p"
FIGURE = re.compile(r"<figure>(?P<inside>.*?)</figure>", re.S)
IMAGE = re.compile(r"<img\b[^>]*>")
CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.S)
ATTRIBUTE = {name: re.compile(rf'\b{name}="([^"]*)"') for name in ("src", "alt")}


def body(version: ArticleVersion, passage: Passage | None) -> SafeString:
    """A version's markup, with `<mark id="p">` at a passage; a passage outside the text marks nothing."""
    html = version.html
    if passage is not None:
        html = mark_passage(html, passage.start, passage.end, ANCHOR)
    html = IMAGE.sub("", FIGURE.sub(_as_link, html))
    return mark_safe(html)  # noqa: S308 - sanitised before it was stored


def _as_link(figure: re.Match[str]) -> str:
    """A picture in the text as a link to it, where something says what it shows; a page loads nothing from elsewhere."""
    image, caption = IMAGE.search(figure["inside"]), CAPTION.search(figure["inside"])
    address = _attribute(image, "src")
    told = plain_text(caption[1]) if caption else _attribute(image, "alt")
    if not address or not told:
        return ""
    link = '<p class="away"><a href="{}" rel="noopener noreferrer nofollow">{}</a></p>'
    return format_html(link, address, _("Picture: %(told)s") % {"told": told})


def _attribute(image: re.Match[str] | None, name: str) -> str:
    found = ATTRIBUTE[name].search(image[0]) if image else None
    return unescape(found[1]) if found else ""
