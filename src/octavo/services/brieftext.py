"""Puts a brief into words for the terminal and for mail: plain text, and HTML that needs no style sheet. It chooses nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, Final

from babel import Locale
from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext

from octavo.core.telling.ranking import Term, told
from octavo.services.receipts import place_of

# A pick as the store has it: see `Brief`.
Pick = Mapping[str, Any]
# How much a story has of a term before it is called so.
ALL_NEW: Final = 0.999
FAST: Final = 0.3
# What a line tells; all terms stand beside it on the page.
MOST_REASONS: Final = 4
WIDTH: Final = 78


def terms_of(pick: Pick) -> list[Term]:
    """The terms of a pick's score."""
    return [Term(name, value, worth) for name, value, worth in pick["terms"]]


def reasons(pick: Pick) -> list[str]:
    """Why a story is there: its publishers first, then its weightiest terms in words."""
    words = [_reason(term, pick) for term in told(terms_of(pick)) if term.name != "publishers"]
    return [publishers(pick), *list(filter(None, words))[: MOST_REASONS - 1]]


def publishers(pick: Pick) -> str:
    """How many publishers of different owners tell a story in words of their own."""
    return ngettext("%(count)d independent publisher", "%(count)d independent publishers", pick["owners"]) % {
        "count": pick["owners"]
    }


def _reason(term: Term, pick: Pick) -> str:
    """A term as it is told in a line; empty where it would say nothing here."""
    match term.name:
        case "growth":
            return gettext("grew fast") if term.value >= FAST else gettext("grew")
        case "novelty" if pick["has_before"]:
            return gettext("new since yesterday") if term.value >= ALL_NEW else gettext("goes on from yesterday")
        case "freshness":
            return gettext("recent")
        case "rarity":
            return gettext("a rarely heard publisher")
        case "followed":
            return gettext("you follow it")
    return ""


def title(day: date) -> str:
    """What the brief of a day is called, in the language of now."""
    locale = Locale.parse(get_language() or "en", sep="-")
    return gettext("The eight of %(day)s") % {"day": format_date(day, gettext("EEEE d MMMM y"), locale=locale)}


def as_text(day: date, picks: Sequence[Pick]) -> str:
    """A brief as plain text, each story with its summary, why it is there, and its address."""
    return "\n".join([title(day), "", *(_story_as_text(pick) for pick in picks), address_of_day(day), ""])


def _story_as_text(pick: Pick) -> str:
    said = textwrap.fill(_speakable(_summary(pick)), WIDTH, initial_indent="   ", subsequent_indent="   ")
    lines = [f"{pick['place']}. {_speakable(pick['title'])} ({_speakable(pick['publisher'])})", said,
             f"   {' · '.join(reasons(pick))}", f"   {address_of_story(pick)}"]  # fmt: skip
    return "\n".join(filter(None, lines)) + "\n"


def as_html(day: date, picks: Sequence[Pick]) -> str:
    """A brief as a simple page: each sentence is followed by a link to its place."""
    language, direction = get_language() or "en", "rtl" if get_language_bidi() else "ltr"
    stories = "".join(_story_as_html(pick) for pick in picks)
    whole = f'<p><a href="{address_of_day(day)}">{escape(gettext("This brief on its page"))}</a></p>'
    head = f'<html lang="{language}" dir="{direction}"><meta charset="utf-8"><title>{escape(title(day))}</title>'
    return f'<!doctype html>{head}<body style="max-width:40em"><h1>{escape(title(day))}</h1><ol>{stories}</ol>{whole}'


def _story_as_html(pick: Pick) -> str:
    said = " ".join(
        f'{escape(one["text"].strip())} <a href="{settings.OCTAVO.site_url}{place_of(one)}">[{escape(one["publisher"])}]</a>'
        for one in pick["sentences"]
    )
    head = f'<h2><a href="{address_of_story(pick)}" dir="auto">{escape(pick["title"])}</a></h2>'
    why = escape(" · ".join(reasons(pick)))
    return f'<li>{head}<p dir="auto">{said}</p><p><small>{escape(pick["publisher"])} · {why}</small></p></li>'


def _summary(pick: Pick) -> str:
    return " ".join(one["text"].strip() for one in pick["sentences"])


def address_of_story(pick: Pick) -> str:
    """The whole address of a story's page."""
    return f"{settings.OCTAVO.site_url}/stories/{pick['story']}/"


def address_of_day(day: date) -> str:
    """The whole address of a day's page."""
    return f"{settings.OCTAVO.site_url}/briefs/{day.isoformat()}/"


def _speakable(text: str) -> str:
    """A text on one line, without characters that a terminal would obey."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
