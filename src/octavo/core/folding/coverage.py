"""Decides what a story's place in a list is made of: its headline, counts and times, and how much it weighs there.

It sees what articles are and how they open, never their texts, and decides nothing about which articles are one story.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from octavo.core.folding.headlines import is_overtaken, is_sensational, standing
from octavo.core.folding.kinds import Kind
from octavo.core.folding.views import SECONDS_A_DAY
from octavo.core.telling.words import STOPWORDS, base_language
from octavo.core.words import primary, stems, words

# Twice the publishers weigh as much as being so many days younger. Chosen, not fitted: a story of eight publishers stands
# beside one of a single publisher that is a day and a half younger.
DAYS_A_DOUBLING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Covering:
    """An article as a part of its story. `copy_of` is the article whose text it shares, None where it is its own.

    `opening` are its first sentences, for the numbers that they give.
    """

    id: int
    title: str
    publisher: int
    at: datetime
    language: str = ""
    section: str = ""
    kind: str = Kind.REPORT
    is_whole: bool = True
    copy_of: int | None = None
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """A story as a list shows it. `texts` counts the articles that copy no other of the story; `heat` is in days."""

    headline: int
    language: str
    section: str
    first_at: datetime
    last_at: datetime
    articles: int
    publishers: int
    texts: int
    heat: float


def cover(articles: Sequence[Covering]) -> Coverage:
    """What a story's articles make of it. ValueError where there are none."""
    if not articles:
        raise ValueError("a story without articles is none")
    originals = _own_texts(articles)
    publishers = len({one.publisher for one in articles})
    last = max(one.at for one in articles)
    return Coverage(
        headline=_headline(originals).id,
        language=_commonest(one.language for one in articles),
        section=_commonest(one.section for one in articles),
        first_at=min(one.at for one in articles),
        last_at=last,
        articles=len(articles),
        publishers=publishers,
        texts=len(originals),
        heat=heat(publishers, max(one.at for one in originals)),
    )


def _own_texts(articles: Sequence[Covering]) -> list[Covering]:
    """The articles that share no text with another one here; of those that share one from elsewhere, the earliest."""
    here = {one.id for one in articles}
    own: dict[int, Covering] = {}
    for one in sorted(articles, key=lambda one: (one.at, one.id)):
        if one.copy_of not in here:
            own.setdefault(one.id if one.copy_of is None else one.copy_of, one)
    return list(own.values()) or list(articles)


def heat(publishers: int, newest: datetime) -> float:
    """How a story weighs in lists: later and wider is more, and the order of two stories never changes by waiting alone.

    The sum of its newest own text's time in days since 1970 and a bonus for each doubling of its publishers.
    """
    return newest.timestamp() / SECONDS_A_DAY + DAYS_A_DOUBLING * math.log2(max(1, publishers))


def _headline(articles: Sequence[Covering]) -> Covering:
    """The article that speaks for the others.

    A report before other pieces, one whose numbers nobody has overtaken, calm before loud, a whole text; then worded as most
    of them are, the newest of equals.
    """
    if len(articles) == 1:
        return articles[0]
    stems_of = Counter(stem for one in articles for stem in _stems(one))
    reports = [one for one in articles if one.kind == Kind.REPORT]
    stands = standing(_told(one) for one in sorted(reports, key=lambda one: (one.at, one.id)))

    def speaks(one: Covering) -> tuple[bool, bool, bool, bool, float, datetime, int]:
        is_current = not is_overtaken(one.title, _language(one), stands)
        is_calm = not is_sensational(one.title)
        return one.kind == Kind.REPORT, is_current, is_calm, one.is_whole, _typical(one, stems_of), one.at, one.id

    return max(articles, key=speaks)


def _told(one: Covering) -> tuple[str, str, str]:
    return one.title, one.opening, _language(one)


def _language(one: Covering) -> str:
    return base_language(one.language, one.title)


def _typical(one: Covering, counts: Counter[str]) -> float:
    """How often the others' titles use this one's words; a longer title has no more than its root to gain from length."""
    its = _stems(one)
    return round(sum(counts[stem] - 1 for stem in its) / math.sqrt(len(its)), 6) if its else 0.0


def _stems(one: Covering) -> frozenset[str]:
    """The stems of a title without its little words, each once."""
    language = primary(one.language) or "en"
    little = STOPWORDS.get(language, frozenset())
    forms = [word.form for word in words(one.title) if word.form not in little]
    return frozenset(stems(forms, language))


def _commonest(values: Iterable[str]) -> str:
    """The commonest value that says something, the first of equals in the alphabet; empty where none does."""
    counts = Counter(value for value in values if value)
    return min(counts, key=lambda value: (-counts[value], value), default="")
