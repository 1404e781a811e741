"""Ranks the words and phrases that an article is about, for machines: the pipe `keywords`. It makes no hashtags.

Candidates are single words and runs of two or three that no little word opens or ends; what makes a reader mark one as a
key is learned (as in KEA: Witten and others 1999, with logistic regression); see `training/keywords.py`.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.terms import Terms, numbers
from octavo.core.telling.salience import logistic
from octavo.core.telling.words import STOPWORDS, base_language
from octavo.core.words import Word, stems, words

# Words of a text beyond these are not looked at.
READ: Final = 1500
LONGEST: Final = 3
MOST: Final = 20
OPENING: Final = 60
# Rarities are about 0 to 1 when divided by this; a word above RARE is seen in one article of five hundred.
RARITY_SCALE: Final = 10.0
RARE: Final = 0.62
NOUN_ENDS: Final = ("tion", "ment", "ity", "er", "or", "ship", "ness")
# In an answer of up to so many, a phrase whose words a better one holds already counts less by this factor.
REPEATED: Final = 0.5

FEATURES: Final = (
    "bias", "two", "three", "log_count", "recurs", "often", "place", "near_top", "in_opening", "in_title",
    "title_log_count", "title_two", "title_rarity", "name", "always_name", "name_log_count", "name_one", "name_two",
    "rarity", "least_rarity", "rarity_squared", "rarity_log_count", "one_rarity", "is_rare", "length", "length_squared",
    "length_rarity", "length_one", "is_long", "short", "number", "ends_ing", "ends_ed", "ends_ly", "ends_s", "ends_noun",
    "little", "log_text", "spread", "stem_log_count", "stem_rarity", "stem_length", "stem_share", "stem_below_first",
    "first_log_count", "rank", "among_five", "among_ten", "in_name",
)  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A candidate as it is written where it stands first, its forms, and its features."""

    written: str
    forms: tuple[str, ...]
    features: tuple[float, ...]


def keywords(title: str, text: str, language: str = "", weights: Floats | None = None) -> list[str]:
    """The words and phrases that an article is about, the best first, at most 20; none where there are no words."""
    found = phrases(title, text, language)
    if not found:
        return []
    features = np.array([phrase.features for phrase in found])
    chances = logistic(features @ (shipped_weights() if weights is None else weights))
    order = np.argsort(-chances, kind="stable")[: MOST * 3]
    return [found[at].written for at in _without_repeats(found, order.tolist(), chances)][:MOST]


def _without_repeats(found: Sequence[Phrase], order: Sequence[int], chances: Floats) -> list[int]:
    """The order in which a phrase counts less once a better one holds its words."""
    told: set[str] = set()
    weighed: list[tuple[float, int, int]] = []
    for at in order:
        repeated = told.issuperset(found[at].forms)
        weighed.append((chances[at] * (REPEATED if repeated else 1.0), -len(weighed), at))
        told.update(found[at].forms)
    return [at for _, _, at in sorted(weighed, reverse=True)]


@cache
def shipped_weights() -> Floats:
    """The weights that Octavo ships."""
    told = json.loads((resources.files("octavo.core.weights") / "keywords.json").read_text(encoding="utf-8"))
    return np.array([told["weights"][name] for name in FEATURES])


def as_document(weights: Floats, made_by: str) -> dict[str, Any]:
    """Weights as the JSON that `shipped_weights` reads."""
    named = {name: round(float(value), 5) for name, value in zip(FEATURES, weights, strict=True)}
    return {"made_by": made_by, "weights": named}


@dataclass(slots=True)
class _Seen:
    """Where a candidate stands: as written first, its first and last place, how often, how often as a name."""

    written: str
    first: int
    count: int = 0
    capitals: int = 0
    last: int = 0


@dataclass(frozen=True)
class _Text:
    """What the features of a candidate need of its text: its size, its title, and each form's stem, rarity and count."""

    size: int
    little: frozenset[str]
    titles: frozenset[tuple[str, ...]]
    stems: Mapping[str, str]
    rarity: Mapping[str, float]
    stem_counts: Mapping[tuple[str, ...], int]
    ranks: Mapping[tuple[str, ...], int]
    in_names: frozenset[str]

    def stemmed(self, forms: tuple[str, ...]) -> tuple[str, ...]:
        """The stems of some forms."""
        return tuple(self.stems[form] for form in forms)


def phrases(title: str, text: str, language: str = "") -> list[Phrase]:
    """Every candidate of an article with its features, in order of where it stands first."""
    language = base_language(language, text or title)
    little = STOPWORDS.get(language, frozenset())
    whole = f"{title}\n{text}" if title else text
    found = [word for word, _ in zip(words(whole), range(READ), strict=False)]
    seen = _collect(whole, found, little)
    around = _around(title, seen, len(found), little, language)
    return [Phrase(one.written, forms, _features(forms, one, around)) for forms, one in seen.items()]


def _collect(text: str, found: Sequence[Word], little: frozenset[str]) -> dict[tuple[str, ...], _Seen]:
    """The candidates among a text's words."""
    seen: dict[tuple[str, ...], _Seen] = {}
    for at, size in _runs(text, found):
        run = found[at : at + size]
        forms = tuple(word.form for word in run)
        if size > 1 and (forms[0] in little or forms[-1] in little):
            continue
        if len(forms[0]) < 2 and size == 1:
            continue
        one = seen.setdefault(forms, _Seen(text[run[0].start : run[-1].end], at))
        one.count += 1
        one.last = at
        one.capitals += all(text[word.start].isupper() or word.form in little for word in run) and not _opens(
            text, run[0]
        )
    return seen


def _runs(text: str, found: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """The place and size of every run of neighbouring words that nothing but a space or hyphen parts."""
    together = [text[a.end : b.start] in (" ", "-", "\u00a0") for a, b in pairwise(found)]
    for at in range(len(found)):
        for size in range(1, LONGEST + 1):
            if at + size > len(found) or not all(together[at : at + size - 1]):
                break
            yield at, size


def _opens(text: str, word: Word) -> bool:
    """Whether a word opens a sentence or a line."""
    before = text[max(0, word.start - 3) : word.start].rstrip(" \"“'‘")
    return not before or before[-1] in ".!?:\n"


def _around(
    title: str, seen: Mapping[tuple[str, ...], _Seen], size: int, little: frozenset[str], language: str
) -> _Text:
    """What is to be known of a text before its candidates are weighed."""
    forms = sorted({form for run in seen for form in run})
    stem = dict(zip(forms, stems(forms, language), strict=True))
    rare = _background().rarity(language, numbers([stem[form] for form in forms])) / RARITY_SCALE
    rarity = dict(zip(forms, rare.tolist(), strict=True))
    counts: Counter[tuple[str, ...]] = Counter()
    for run, one in seen.items():
        counts[tuple(stem[form] for form in run)] += one.count
    weight = {run: counts[tuple(stem[form] for form in run)] * _mean(rarity, run) for run in seen}
    ranks = {run: rank for rank, run in enumerate(sorted(seen, key=lambda run: (-weight[run], seen[run].first, run)))}
    in_title = [word.form for word in words(title)]
    titles = {tuple(in_title[at : at + size]) for size in range(1, LONGEST + 1) for at in range(len(in_title))}
    in_names = frozenset(form for run, one in seen.items() if len(run) == 2 and one.capitals for form in run)
    return _Text(size, little, frozenset(titles), stem, rarity, counts, ranks, in_names)


def _mean(rarity: Mapping[str, float], forms: Sequence[str]) -> float:
    """The mean rarity of some forms."""
    return sum(rarity[form] for form in forms) / len(forms)


@cache
def _background() -> Terms:
    """What words are common before any article has been read."""
    return Terms()


def _features(forms: tuple[str, ...], one: _Seen, text: _Text) -> tuple[float, ...]:
    """A candidate's features, in the order of FEATURES."""
    log, last, rarity = math.log(one.count), forms[-1], _mean(text.rarity, forms)
    single, pair = len(forms) == 1, len(forms) == 2
    name, titled, length, place = one.capitals > 0, forms in text.titles, len(last) / 10, one.first / max(1, text.size)
    stem_log = math.log(text.stem_counts[text.stemmed(forms)])
    most = math.log(max(text.stem_counts.values()))
    return (
        1, pair, len(forms) == 3, log, one.count > 1, one.count > 3, place, place < 0.3, one.first < OPENING, titled,
        titled * log, titled and pair, titled * single * rarity, name, one.capitals == one.count, name * log,
        name and single, name and pair, rarity, min(text.rarity[form] for form in forms), rarity * rarity, rarity * log,
        single * rarity, rarity > RARE, length, length * length, length * rarity, length * single, length > 0.7,
        len(last) < 4, last.isdigit(), last.endswith("ing"), last.endswith("ed"), last.endswith("ly"),
        last.endswith("s"), last.endswith(NOUN_ENDS), forms[0] in text.little, math.log(1 + text.size) / 5,
        (one.last - one.first) / max(1, text.size), stem_log, stem_log * rarity, stem_log * length,
        text.stem_counts[text.stemmed(forms)] / math.exp(most), stem_log - most, most,
        min(text.ranks[forms] / 10, 5), text.ranks[forms] < 5, text.ranks[forms] < 10, single and forms[0] in text.in_names,
    )  # fmt: skip
