"""Decides which articles are on the subject of one, in what order, which of them a reader is shown, and why.

Its candidates come from a full-text index; it compares each with the article, by words, names, numbers and meaning, and
sees it against the other candidates: what is near the nearest is nearer than it looks. The weights are learned; see
`training/related.py`. It looks nothing up, and knows no clock.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np

from octavo.core.folding.circle import Circle
from octavo.core.folding.evidence import RELATIVE
from octavo.core.folding.features import FEATURES, Floats
from octavo.core.folding.sparse import Weighed
from octavo.core.telling.keyphrases import rarity
from octavo.core.words import fold

# Candidates that an index is asked for. evals: related/related; of 577 queries, these hold 98.4 % of the best ten.
CANDIDATES: Final = 100
# What the index said of a candidate: its score as a share of the article's own, of the best one's, its place, and how far
# it stands above the farther half.
FOUND: Final = ("score_of_own", "score_of_best", "place", "score_above_far")
ALL: Final = (*FEATURES, *RELATIVE, *FOUND)
NEARNESS: Final = ALL.index("nearness")

# Time: a gentle preference for what was written near the article's day, in log-odds. evals: related/related (0.3 to 0.7
# are equally good). An unknown time counts as a month; nothing costs more than MOST_TIME, so that a subject stands above it.
TIME_WEIGHT: Final = 0.5
TIME_UNIT_DAYS: Final = 1.0
UNKNOWN_DAYS: Final = 30.0
MOST_TIME: Final = 3.0
# That articles are known to be of one story is worth so much, in log-odds (1 to 2 are equally good).
SAME_STORY: Final = 1.5
# Each article that a publisher has in the list already costs its next one so much, in log-odds.
AGAIN: Final = 0.5
# Articles that are chosen already are compared with so many that wait; from these log-odds on, two report one event,
# though the desk may hold them to be two. evals: of 577 lists of ten, 2 % then have two articles of a story, else 13 %.
COMPARED: Final = 40
SAME_EVENT: Final = -1.0
# Odds are told by the candidates' neighbours, of which a small archive has few: so an event asks for nearness too (95 in
# 100 articles of one story are nearer), and so does a list that need not be full (of one story 99 in 100, of others 40).
SAME_EVENT_NEARNESS: Final = 0.85
ON_SUBJECT: Final = -2.0
ON_SUBJECT_NEARNESS: Final = 0.4
# From so many days before it, an article is background; within half a day, neither earlier nor later.
BACKGROUND_DAYS: Final = 14.0
SAME_TIME_DAYS: Final = 0.5
SHOWN_NAMES: Final = 3
# A single name is told as a reason where fewer than one article in twenty has it.
RARE_NAME: Final = 3.0


@dataclass(frozen=True, slots=True)
class Subject:
    """An article as it is compared. `day` counts from 1970, None where unknown; `names` are written as a reader reads them.

    `story` is empty where unknown. Articles that have any of `texts` in common are copies of each other.
    """

    id: str
    weighed: Weighed
    vector: Floats | None = None
    day: float | None = None
    source: str = ""
    names: tuple[str, ...] = ()
    story: str = ""
    texts: frozenset[str] = frozenset()


class When(StrEnum):
    """How an article stands in time to the one that it is related to."""

    SAME = "same"
    EARLIER = "earlier"
    LATER = "later"
    BACKGROUND = "background"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article is shown: what both name, and when it was written."""

    names: tuple[str, ...]
    when: When


@dataclass(frozen=True, slots=True)
class Related:
    """A candidate with the log-odds that it is on the subject, and how near it is by itself."""

    subject: Subject
    odds: float
    nearness: float

    @property
    def is_on_subject(self) -> bool:
        """Whether it may stand in a list that need not be full."""
        return self.odds >= ON_SUBJECT and self.nearness >= ON_SUBJECT_NEARNESS


@dataclass(frozen=True, slots=True)
class Judge:
    """Log-odds = bias + weights of the features in ALL."""

    weights: Floats
    bias: float

    def odds(self, features: Floats) -> Floats:
        """The log-odds of candidates [candidates, ALL]."""
        judged: Floats = features @ self.weights + self.bias
        return judged


@dataclass(frozen=True, slots=True)
class RelatedWeights:
    """What `training/related.py` fitted: a judge where vectors are compared, and one for words alone."""

    by_vector: Judge
    by_words: Judge
    centre: Floats
    model: str


@cache
def shipped_weights() -> RelatedWeights:
    """The weights that Octavo ships."""
    folder = resources.files("octavo.core.weights")
    told = json.loads((folder / "related.json").read_text(encoding="utf-8"))
    centre = np.array(json.loads((folder / "stories.json").read_text(encoding="utf-8"))["centre"], np.float32)
    return RelatedWeights(_judge(told["by_vector"]), _judge(told["by_words"]), centre, told["model"])


def _judge(told: Mapping[str, Any]) -> Judge:
    """A judge out of its JSON, its weights in the order of the features of this code."""
    return Judge(np.array([told["weights"][name] for name in ALL], np.float32), float(told["bias"]))


def rank(
    asked: Subject,
    candidates: Sequence[Subject],
    scores: Sequence[float],
    own_score: float,
    weights: RelatedWeights | None = None,
) -> list[Related]:
    """The candidates, best first. `scores` are the index's, in descending order; `own_score` is what the article itself gets."""
    if not candidates:
        return []
    weights = weights or shipped_weights()
    features = features_of(asked, candidates, scores, own_score, weights.centre)
    odds = _judged(asked, candidates, features, weights)
    order = np.argsort(-odds, kind="stable")
    near = features[:, NEARNESS]
    return [Related(candidates[at], float(odds[at]), float(near[at])) for at in order]


def _judged(asked: Subject, candidates: Sequence[Subject], features: Floats, weights: RelatedWeights) -> Floats:
    """The log-odds of candidates by their features, each by the judge for what it is compared by, and by what is known."""
    by_vector = [asked.vector is not None and one.vector is not None for one in candidates]
    odds = np.where(by_vector, weights.by_vector.odds(features), weights.by_words.odds(features))
    judged: Floats = odds + np.array([_given(asked, one) for one in candidates], np.float32)
    return judged


def _given(asked: Subject, one: Subject) -> float:
    """What is known of a candidate beside what it says, in log-odds."""
    same = bool(asked.story) and asked.story == one.story
    return SAME_STORY * same - time_cost(asked.day, one.day)


def features_of(
    asked: Subject, candidates: Sequence[Subject], scores: Sequence[float], own_score: float, centre: Floats
) -> Floats:
    """What each candidate has in common with the article [candidates, ALL]."""
    everyone = [asked, *candidates]
    circle = Circle([one.weighed for one in everyone], [one.vector for one in everyone], centre)
    return np.concatenate([circle.common, circle.relative(), found(scores, own_score)], axis=1)


def found(scores: Sequence[float], own_score: float) -> Floats:
    """What the index says of candidates whose scores are in descending order [candidates, FOUND]."""
    told = np.array(scores, np.float32)
    best, far = max(float(told[0]), 1e-6), float(told[len(told) // 2 :].mean())
    columns = [
        told / max(own_score, best),
        told / best,
        np.log1p(np.arange(len(told))),
        (told - far) / max(best - far, 1e-6),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def time_cost(one: float | None, other: float | None) -> float:
    """What the days between two articles cost, in log-odds."""
    days = UNKNOWN_DAYS if one is None or other is None else abs(one - other)
    return min(MOST_TIME, TIME_WEIGHT * float(np.log1p(days / TIME_UNIT_DAYS)))


def choose(
    asked: Subject,
    ranked: Sequence[Related],
    count: int,
    weights: RelatedWeights | None = None,
) -> list[Related]:
    """The best of a list that a reader is shown: no copy, several publishers, and of each event one.

    Of the article's own story it shows none: that is the story's coverage, and stands elsewhere.
    """
    weights = weights or shipped_weights()
    texts, stories, sources = set(asked.texts), {asked.story} - {""}, Counter([asked.source])
    waiting = list(ranked)
    chosen: list[Related] = []
    while len(chosen) < count:
        waiting = [one for one in waiting if not one.subject.texts & texts and one.subject.story not in stories]
        if not waiting:
            break
        best = max(waiting, key=lambda one: one.odds - AGAIN * sources[one.subject.source])
        chosen.append(best)
        texts |= best.subject.texts
        stories |= {best.subject.story} - {""}
        sources[best.subject.source] += 1
        waiting = _other_events(best.subject, [one for one in waiting if one is not best], weights)
    return chosen


def _other_events(shown: Subject, waiting: Sequence[Related], weights: RelatedWeights) -> list[Related]:
    """Those of a list that do not seem to report the event of an article that is shown; beyond COMPARED all are kept."""
    near, rest = [one.subject for one in waiting[:COMPARED]], list(waiting[COMPARED:])
    if not near:
        return rest
    features = features_of(shown, near, [0.0] * len(near), 0.0, weights.centre)
    features[:, -len(FOUND) :] = 0
    odds = _judged(shown, near, features, weights)
    same = (odds >= SAME_EVENT) & (features[:, NEARNESS] >= SAME_EVENT_NEARNESS)
    return [one for one, is_same in zip(waiting, same, strict=False) if not is_same] + rest


def reason(asked: Subject, shown: Subject) -> Reason:
    """Why an article is shown beside another: by the names of both that say something, not by 'House'."""
    written = set(shown.names)
    names = tuple(name for name in asked.names if name in written and is_specific(name))[:SHOWN_NAMES]
    return Reason(names, when(asked.day, shown.day))


def is_specific(name: str) -> bool:
    """Whether a name that two articles share says something: it has several words, or is rare in news."""
    return " " in name.strip() or rarity(fold(name)) >= RARE_NAME


def when(asked: float | None, shown: float | None) -> When:
    """How one day stands to another."""
    if asked is None or shown is None:
        return When.UNKNOWN
    if shown < asked - BACKGROUND_DAYS:
        return When.BACKGROUND
    if abs(shown - asked) <= SAME_TIME_DAYS:
        return When.SAME
    return When.EARLIER if shown < asked else When.LATER
