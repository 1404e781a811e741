"""The parts of a page that depend on its language and little else: written once for each, then only copied.

A page of the site has some forty sentences around its articles; looking each up for each page costs a third of it.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from octavo.core.types import SECTIONS
from octavo.web import names

# A part in every language and with all that it is told; the choice of edition is what is told most.
MOST_PARTS = 1024


def spoken(template: str, **told: Hashable) -> SafeString:
    """A template that asks for nothing but words and what it is told, in the reader's language.

    What it is told takes few values: each set of them is kept in memory.
    """
    return _spoken(template, get_language() or "", tuple(told.items()))


def section_links(current: str = "") -> SafeString:
    """The sections as list elements that lead to them; the current one says so."""
    marks = {section: ' aria-current="page"' if section == current else "" for section in SECTIONS}
    return SafeString(
        "\n".join(
            f'<li><a href="/sections/{section}/"{mark}>{escape(names.section(section))}</a></li>'
            for section, mark in marks.items()
        )
    )


@lru_cache(maxsize=MOST_PARTS)
def _spoken(template: str, language: str, told: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return SafeString(get_template(template).render(dict(told)))
