"""The parts of every page's frame that depend on the language alone: written once a language, then only copied.

A page of the site has some forty sentences around its articles; looking each up for each page costs a fifth of it.
"""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from octavo.core.types import SECTIONS
from octavo.web import names


def spoken(template: str) -> SafeString:
    """A template that asks for nothing but words, in the reader's language."""
    return _spoken(template, get_language() or "")


def section_links(current: str = "") -> SafeString:
    """The sections as list elements that lead to them; the current one says so."""
    return _section_links(current if current in SECTIONS else "", get_language() or "")


@lru_cache(maxsize=64)
def _spoken(template: str, language: str) -> SafeString:
    return SafeString(get_template(template).render())


@lru_cache(maxsize=256)
def _section_links(current: str, language: str) -> SafeString:
    marks = {section: ' aria-current="page"' if section == current else "" for section in SECTIONS}
    return SafeString(
        "\n".join(
            f'<li><a href="/sections/{section}/"{mark}>{escape(names.section(section))}</a></li>'
            for section, mark in marks.items()
        )
    )
