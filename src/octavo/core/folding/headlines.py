"""Decides whether a headline may speak for a story: one that shouts, baits or gives an overtaken number should not.

It compares headlines as they are and writes none; which of the others speaks best, coverage.py decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from octavo.core.telling.accounts import Line, lines_of
from octavo.core.telling.differing import agrees
from octavo.core.telling.figures import Figure
from octavo.core.telling.measures import GROWING, Measure, measured

# A headline shouts where so many of its words of so many letters are written in capitals, and this share of them.
SHOUTED_WORDS, SHOUTED_LETTERS, SHOUTED_SHARE = 2, 4, 0.6
# Texts whose counts are remembered: a story is counted anew whenever an article joins it.
REMEMBERED: Final = 4_096

_WORD: Final = re.compile(r"[^\W\d_]+")
_BAIT: Final = re.compile(
    r"[!?؟]|\b(?:shock(?:s|ed|er|ing)?|horror|horrif\w+|terrif\w+|heartbreak\w*|jaw-?dropping|mind-?blowing|stunning|stunned"
    r"|bombshell|insane|slams|blasts|fury|furious|outrage|nightmare|meltdown|bloodbath|carnage|chaos|epic|incredible|unbelievable"
    r"|you (?:won['’]t|will not|need to) \w+|won['’]t believe|what happened next|here['’]s (?:why|what|how)|this is (?:why|what|how)"
    r"|the (?:real )?reason why|everything you|things to know|what (?:we|you) (?:know|need)|all you need|what to (?:do|know|expect))\b"
    r"|صادم|صدمة|صاعق|لن تصدق|فضيح|مرعب|كارثي|شاهد|بالفيديو|بالصور|إليك",
    re.IGNORECASE,
)
# 'Several dead', until somebody has counted.
_VAGUE: Final = re.compile(
    r"\b(?:several|many|dozens|scores|some|feared)\b[^.:;]{0,20}\b(?:dead|killed|die|died|lost)\b", re.IGNORECASE
)
# What a paper calls another kind of piece than a report.
_LABEL: Final = re.compile(
    r"^\s*(?:live|watch|video|photos|pictures|opinion|comment|analysis|explainer|explained|podcast|listen|review|interview|quiz"
    r"|in pictures|editorial|breaking|just in|update|updates|exclusive|مباشر|عاجل|فيديو|رأي|تحليل|حصري)\s*[:|–—-]",
    re.IGNORECASE,
)
_EXPLAINS: Final = re.compile(r"\s*(?:why|how)\b", re.IGNORECASE)


def is_sensational(title: str) -> bool:
    """Whether a headline shouts, exclaims, baits with a question or a promise, explains ('Why …') or has a label ('Live:')."""
    words = [word for word in _WORD.findall(title) if len(word) >= SHOUTED_LETTERS]
    shouted = sum(word.isupper() for word in words)
    shouts = shouted >= SHOUTED_WORDS and shouted >= SHOUTED_SHARE * len(words)
    return shouts or bool(_BAIT.search(title) or _LABEL.match(title) or _EXPLAINS.match(title))


@lru_cache(REMEMBERED)
def counts(text: str, language: str) -> dict[Measure, Figure]:
    """What a short text counts: of each thing the first number that it does not take back. Not to be changed."""
    found: dict[Measure, Figure] = {}
    for line in lines_of(text, language):
        for one in measured(line):
            if not one.is_denied:
                found.setdefault(one.measure, one.figure)
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """Of each thing the last number given in a story, and the numbers of such things that were given before it alone."""

    latest: Mapping[Measure, Figure]
    past: frozenset[float]


def standing(texts: Iterable[tuple[str, str, str]]) -> Standing:
    """How a story's counts stand after (headline, opening, language) in the order of time."""
    latest: dict[Measure, Figure] = {}
    given: set[float] = set()
    for title, opening, language in texts:
        told = counts(opening, language) | counts(title, language)
        given.update(figure.value for what, figure in told.items() if what.what in GROWING)
        latest |= told
    return Standing(latest, frozenset(given - {figure.value for figure in latest.values()}))


def is_overtaken(title: str, language: str, stands: Standing) -> bool:
    """Whether a headline gives a number for which a later text gives another one that does not agree."""
    told, latest = counts(title, language), stands.latest
    if _VAGUE.search(title) and any(what.what == "dead" for what in latest):
        return True
    if any(what in latest and _clash(figure, latest[what]) for what, figure in told.items()):
        return True
    known = {figure.value for figure in told.values()}
    return bool((_numbers(title, language) - known) & stands.past)


@lru_cache(REMEMBERED)
def _numbers(title: str, language: str) -> frozenset[float]:
    return frozenset(figure.value for figure in Line(title, language, -1).figures)


def _clash(one: Figure, other: Figure) -> bool:
    return not (agrees(one, other) or agrees(other, one))
