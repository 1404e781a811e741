"""Chooses Today's Eight: the stories of one day that matter most, with why; it fetches none and knows no clock.

The formula is open: each story's score is the sum of the named terms below, each shown to readers as 'why here'. The same
candidates always give the same eight, so a stored list of candidates reproduces its brief.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

EIGHT: Final = 8
# At most so many of one section, and of one place.
MOST_OF_A_KIND: Final = 2
# A story is told of as long as something of it is younger than this, in hours.
FRESH_HOURS: Final = 24.0

# What each term is worth. Each term is about 0 to 1, but for publishers, which grow with the logarithm.
PUBLISHERS: Final = 1.0
GROWTH: Final = 0.8
ORIGINALITY: Final = 0.6
NOVELTY: Final = 0.8
FRESHNESS: Final = 0.6
RARITY: Final = 0.3
FOLLOWED: Final = 1.0
# A story that many report is one that half of all publishers report, yet at least by so many.
FEWEST_AT_FULL: Final = 4
# Articles in its fastest window of so many hours, against what is usual for a story here.
GROWTH_HOURS: Final = 6.0
# A story of one publisher alone can be in the brief, behind those that others confirm.
ALONE: Final = 0.35
# Terms below this are not told.
TOLD_FROM: Final = 0.15


@dataclass(frozen=True, slots=True)
class Coverage:
    """One article of a story: who owns its publisher, how many hours before the brief it came, and whether its text is its own.

    `share` is its publisher's share of all recent articles, 0 to 1.
    """

    publisher: str
    owner: str
    hours: float
    is_own_text: bool
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that could be in the brief. `told_before` are its articles that yesterday's brief knew, by number."""

    story: str
    headline: str
    section: str
    place: str
    coverage: tuple[Coverage, ...]
    told_before: int = 0
    is_followed: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score: its name, how much of it there is (0 to 1, publishers beyond), and what that is worth."""

    name: str
    value: float
    worth: float


@dataclass(frozen=True, slots=True)
class RankingDecision:
    """A story in its place (1 to 8): its score, the terms of it, and the facts that are told.

    `owners` are those who wrote a text of their own, `publishers` all who carry the story.
    """

    story: str
    place: int
    score: float
    terms: tuple[Term, ...]
    owners: int
    publishers: int
    articles: int
    texts: int


def choose(candidates: Iterable[Candidate], usual: float, publishers: int) -> list[RankingDecision]:
    """The eight, the weightiest first; fewer where there are fewer.

    `usual` is how many texts an ordinary story gains within GROWTH_HOURS here, `publishers` how many owners wrote
    today. No more than two stories of a section or a place stand among them while others are left.
    """
    scored = sorted(
        ((score(terms), candidate, terms) for candidate, terms in _weighed(candidates, usual, publishers)),
        key=lambda each: (-each[0], each[1].story),
    )
    chosen = sorted(_varied(scored), key=lambda each: (-each[0], each[1].story))
    return [_decision(place, *each) for place, each in enumerate(chosen, 1)]


def usual_growth(stories: Iterable[Sequence[float]]) -> float:
    """How many texts an ordinary story gains within GROWTH_HOURS: the median over stories, each as its texts' hours.

    1 where there is none.
    """
    found = [fastest(hours) for hours in stories if hours]
    return float(median(found)) if found else 1.0


def _weighed(
    candidates: Iterable[Candidate], usual: float, publishers: int
) -> Iterable[tuple[Candidate, tuple[Term, ...]]]:
    """The candidates of which something is fresh, each with its terms."""
    for candidate in candidates:
        if candidate.coverage and min(each.hours for each in own_texts(candidate.coverage)) <= FRESH_HOURS:
            yield candidate, terms_of(candidate, usual, publishers)


def score(terms: Sequence[Term]) -> float:
    """The sum of the terms."""
    return sum(term.value * term.worth for term in terms)


def terms_of(candidate: Candidate, usual: float, publishers: int) -> tuple[Term, ...]:
    """The terms of a story's score. Articles that share a text weigh as that text alone."""
    coverage = candidate.coverage
    own = own_texts(coverage)
    hours = [each.hours for each in own]
    owners = len(owners_of(own))
    known = min(candidate.told_before, len(coverage))
    full = max(FEWEST_AT_FULL, publishers / 2)
    return (
        Term("publishers", math.log2(1 + owners) / math.log2(1 + full) if owners > 1 else ALONE / 2, PUBLISHERS),
        Term("growth", _growth(hours, usual), GROWTH),
        Term("originality", len(own) / len(coverage) * min(1.0, len(own) / 2), ORIGINALITY),
        Term("novelty", 1 - known / len(coverage), NOVELTY),
        Term("freshness", max(0.0, 1 - min(hours) / FRESH_HOURS), FRESHNESS),
        Term("rarity", max(0.0, 1 - min(each.share for each in own) * publishers), RARITY),
        Term("followed", float(candidate.is_followed), FOLLOWED),
    )


def own_texts(coverage: Sequence[Coverage]) -> list[Coverage]:
    """The articles of a story that share no other's text; all of them where that is none."""
    return [each for each in coverage if each.is_own_text] or list(coverage)


def owners_of(coverage: Iterable[Coverage]) -> set[str]:
    """Who owns the publishers of some articles; a publisher of unknown owner is its own."""
    return {each.owner or each.publisher for each in coverage}


def _growth(hours: Sequence[float], usual: float) -> float:
    """How much faster a story grew than is usual, 0 to 1: its best GROWTH_HOURS, on a logarithmic scale up to 8 times."""
    return min(1.0, max(0.0, math.log2(fastest(hours) / max(usual, 1.0)) / 3))


def fastest(hours: Sequence[float]) -> int:
    """How many of these times, in hours, lie within the fullest GROWTH_HOURS of them; 0 for none."""
    ordered = sorted(hours)
    most, first = 0, 0
    for last, hour in enumerate(ordered):
        while hour - ordered[first] > GROWTH_HOURS:
            first += 1
        most = max(most, last - first + 1)
    return most


def _varied(
    scored: Sequence[tuple[float, Candidate, tuple[Term, ...]]],
) -> list[tuple[float, Candidate, tuple[Term, ...]]]:
    """The first eight of which no more than two are of a section or a place; then whatever is best, in order of score."""
    sections: Counter[str] = Counter()
    places: Counter[str] = Counter()
    chosen: list[tuple[float, Candidate, tuple[Term, ...]]] = []
    passed: list[tuple[float, Candidate, tuple[Term, ...]]] = []
    for each in scored:
        candidate = each[1]
        crowded = (candidate.section and sections[candidate.section] >= MOST_OF_A_KIND) or (
            candidate.place and places[candidate.place] >= MOST_OF_A_KIND
        )
        if crowded:
            passed.append(each)
        elif len(chosen) < EIGHT:
            chosen.append(each)
            sections[candidate.section] += 1
            places[candidate.place] += 1
    return [*chosen, *passed[: EIGHT - len(chosen)]]


def _decision(place: int, points: float, candidate: Candidate, terms: tuple[Term, ...]) -> RankingDecision:
    coverage = candidate.coverage
    own = own_texts(coverage)
    publishers = len({each.publisher for each in coverage})
    owners = len(owners_of(own))
    return RankingDecision(candidate.story, place, round(points, 4), terms, owners, publishers, len(coverage), len(own))


def told(terms: Sequence[Term]) -> list[Term]:
    """The terms that a 'why here' line names, the weightiest first."""
    return sorted((t for t in terms if t.value * t.worth >= TOLD_FROM), key=lambda t: -t.value * t.worth)
