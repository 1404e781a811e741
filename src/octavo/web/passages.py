"""The text of an article as its page shows it, with one passage highlighted.

It rewrites only markup that was sanitised before it was stored, and adds to it nothing but the mark.
"""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from octavo.core.reading.passages import mark_passage
from octavo.core.types import Passage
from octavo.store.models import ArticleVersion

# Where a link to a passage lands.
ANCHOR = "p"


def body(version: ArticleVersion, passage: Passage | None) -> SafeString:
    """A version's markup, with `<mark id="p">` at a passage; a passage outside the text marks nothing."""
    html = version.html
    if passage is not None:
        html = mark_passage(html, passage.start, passage.end, ANCHOR)
    return mark_safe(html)  # noqa: S308 - sanitised before it was stored
