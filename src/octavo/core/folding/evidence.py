"""Turns what two articles have in common into the odds that they report one event, seen against their surroundings.

What tells most is not how near two articles are, but whether they have the same neighbours and are nearer than strangers
are here: the same likeness means much in a quiet subject and little in a crowded one. So each pair is judged relative to
both articles' neighbour lists (shared nearest neighbours: Jarvis and Patrick, 1973; local scaling: Zelnik-Manor and
Perona, 2004). The weights are learned; see `training/stories.py`. It moves no article.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.features import FEATURES, VECTOR
from octavo.core.folding.window import Floats, Slots, Window

# Neighbourhoods that are compared, the neighbours that tell an article's own level, and those that tell the strangers'.
SHARED: Final = (5, 8, 12)
LEVELS: Final = (1, 3, 6)
STRANGERS: Final = 16
OWN: Final = 3
SHARPNESS: Final = 1.5
WIDEST: Final = max(SHARED)
# Nothing below these is divided by; nothing above is believed.
LEAST_LEVEL: Final = 0.05
LEAST_RANGE: Final = 0.1
LOG_SHIFT: Final = 0.05
SURE: Final = 5.0
# An event is what happens, not who or where: pairs that share names but hardly another word are held below even odds.
OTHER_WORDS_SHARED: Final = 0.03
ANY_WORDS_SHARED: Final = 0.18
WORD_PAIRS_SHARED: Final = 0.01
MEANING_SHARED: Final = 0.35
NAMES_ALONE: Final = -1.5
# Within so many days reports may be of one event without more ado; each doubling of that takes so much of the log-odds,
# up to a bound, since times are sometimes wrong. Chosen, not fitted: only one of the sets has times (training/stories.py).
SAME_NEWS: Final = 3.0
DOUBLING: Final = 0.5
MOST_TAKEN: Final = 0.75
# An article whose words together tell less than so many words that nobody has used, as "Watch this" does, is like all that
# are as short: what it lacks of that is taken from its log-odds, times so much. Of the headlines of evals: stories/uci 2 in
# 100 do.
ENOUGH_TOLD: Final = 1.05
DOUBT: Final = 8.0
# The pairs that are judged at once; bounds memory.
BLOCK: Final = 4096

RELATIVE: Final = (
    "nearness", "to_nearer_1", "to_farther_1", "to_nearer_3", "to_farther_3", "to_nearer_6", "to_farther_6",
    "above_strangers", "within_range", "rank_least", "rank_most", *(f"shared_{k}" for k in SHARED),
)  # fmt: skip
ALL: Final = (*FEATURES, *RELATIVE)


@dataclass(frozen=True, slots=True)
class Judge:
    """A learned judge of pairs: log-odds = bias + weights of the features and of their logarithms."""

    weights: Floats
    bias: float

    def odds(self, both: Floats) -> Floats:
        """The log-odds of pairs to report one event, within ±SURE, by their features `with_logarithms`."""
        judged: Floats = np.clip(np.vecdot(both, self.weights) + self.bias, -SURE, SURE)
        return judged


class Stage(StrEnum):
    """When a pair is judged: as the later of the two arrives, or in a repair, when both know who came after."""

    ARRIVAL = "arrival"
    REPAIR = "repair"


@dataclass(frozen=True)
class StoryWeights:
    """What `training/stories.py` fitted: for each stage a judge of pairs compared by vector, and one by words alone.

    `centre` is the mean vector of ordinary articles of the model named `model`.
    """

    by_vector: Mapping[Stage, Judge]
    by_words: Mapping[Stage, Judge]
    centre: Floats
    model: str

    @cached_property
    def fingerprint(self) -> str:
        """A short name of these very weights."""
        judges = (judge for judges in (self.by_vector, self.by_words) for judge in judges.values())
        digest = hashlib.sha256(self.model.encode() + self.centre.tobytes())
        for judge in judges:
            digest.update(judge.weights.tobytes() + repr(judge.bias).encode())
        return digest.hexdigest()[:16]


def with_logarithms(features: Floats) -> Floats:
    """Features beside their logarithms [pairs, 2 x features]: likeness counts by its size and by its proportion."""
    return np.concatenate([features, np.log(LOG_SHIFT + np.maximum(features, 0))], axis=1)


@cache
def shipped_weights() -> StoryWeights:
    """The weights that Octavo ships."""
    told = json.loads((resources.files("octavo.core.weights") / "stories.json").read_text(encoding="utf-8"))
    by_vector, by_words = (
        {stage: _read_judge(told[compared][stage.value]) for stage in Stage} for compared in ("by_vector", "by_words")
    )
    return StoryWeights(by_vector, by_words, np.array(told["centre"], np.float32), told["model"])


def _read_judge(told: dict[str, Any]) -> Judge:
    """A judge out of its JSON, its weights in the order of the features of this code."""
    plain = [told["weights"][name] for name in ALL]
    logs = [told["log_weights"][name] for name in ALL]
    return Judge(np.array([*plain, *logs], np.float32), float(told["bias"]))


class Surroundings:
    """The neighbour lists of some articles, in descending nearness, ready for judging pairs among them."""

    def __init__(self, window: Window, numbers: Slots) -> None:
        slots = numbers % window.capacity
        ids = window.neighbours[slots]
        near = np.where(ids >= window.oldest, window.nearness[slots], 0)
        order = np.argsort(-near, axis=1, kind="stable")
        order += np.arange(0, near.size, near.shape[1])[:, None]
        self.near = near.ravel()[order]
        ids = np.where(self.near > 0, ids.ravel()[order], -1)
        total = np.cumsum(self.near, axis=1)
        self.levels = {k: np.maximum(total[:, k - 1] / k, LEAST_LEVEL) for k in LEVELS}
        self.strangers = (total[:, -1] - total[:, STRANGERS - 1]) / (near.shape[1] - STRANGERS)
        self.own = total[:, OWN - 1] / OWN
        self.circle = np.concatenate([numbers[:, None], ids[:, :WIDEST]], axis=1)
        kept = np.concatenate([self.near[:, :1], self.near[:, :WIDEST]], axis=1)
        self.weights = kept**SHARPNESS
        self.lengths = np.sqrt(np.maximum(np.cumsum(self.weights**2, axis=1), 1e-9))

    def shared(self, left: Slots, right: Slots) -> list[Floats]:
        """The cosines of pairs' circles, each article's nearest k with itself, for each k of SHARED; by rows here."""
        met = (self.circle[left][:, :, None] == self.circle[right][:, None, :]) * self.weights[left][:, :, None]
        met *= self.weights[right][:, None, :]
        return [
            met[:, : k + 1, : k + 1].sum(axis=(1, 2)) / (self.lengths[left, k] * self.lengths[right, k]) for k in SHARED
        ]

    def relative(self, left: Slots, right: Slots, near: Floats) -> Floats:
        """The relative features of pairs, given by their rows here and how near they are [pairs, RELATIVE]."""
        columns: list[NDArray[Any]] = [near]
        for k in LEVELS:
            levels = self.levels[k][left], self.levels[k][right]
            columns += [near / np.minimum(*levels), near / np.maximum(*levels)]
        strangers = (self.strangers[left] + self.strangers[right]) / 2
        own = (self.own[left] + self.own[right]) / 2
        columns += [near - strangers, (near - strangers) / np.maximum(own - strangers, LEAST_RANGE)]
        ranks = [1 + (self.near[side] > near[:, None] * (1 + 1e-6)).sum(axis=1) for side in (left, right)]
        columns += [np.log(np.minimum(*ranks)), np.log(np.maximum(*ranks))]
        columns += self.shared(left, right)
        return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of articles by number, each once, with what they have in common [pairs, ALL], the days between them, whether
    neither is in a script that shows names, and how much the one tells that tells less."""

    left: Slots
    right: Slots
    features: Floats
    gaps: Floats
    caseless: NDArray[np.bool_]
    told: Floats


def _pairs(window: Window, left: Slots, right: Slots, features: Floats) -> Pairs:
    """Pairs with what is known of them beside their features."""
    gaps, caseless = window.gaps(left, right), window.are_caseless(left, right)
    return Pairs(left, right, features, gaps, caseless, window.least_told(left, right))


def pairs_among(window: Window, numbers: Slots) -> Pairs:
    """Every pair of neighbours among some articles (ascending numbers), with its features."""
    slots = numbers % window.capacity
    ids, near = window.neighbours[slots], window.nearness[slots]
    place = np.searchsorted(numbers, ids)
    inside = (place < len(numbers)) & (numbers[np.minimum(place, len(numbers) - 1)] == ids) & (near > 0)
    rows, columns = np.nonzero(inside)
    left, right = np.minimum(rows, place[rows, columns]), np.maximum(rows, place[rows, columns])
    _, first = np.unique(left * len(numbers) + right, return_index=True)
    rows, columns, left, right = rows[first], columns[first], left[first], right[first]
    around = Surroundings(window, numbers)
    features = [
        np.concatenate(
            [
                window.features[slots[rows[b]], columns[b]].astype(np.float32),
                around.relative(left[b], right[b], near[rows[b], columns[b]]),
            ],
            axis=1,
        )
        for b in (slice(at, at + BLOCK) for at in range(0, len(rows), BLOCK))
    ]
    table = np.concatenate(features) if features else np.zeros((0, len(ALL)), np.float32)
    return _pairs(window, numbers[left], numbers[right], table)


def pairs_of(window: Window, number: int) -> Pairs:
    """The pairs of one article with its neighbours, with their features."""
    slot = window.slot(number)
    known = np.flatnonzero((window.neighbours[slot] >= window.oldest) & (window.nearness[slot] > 0))
    others = window.neighbours[slot, known]
    around = Surroundings(window, np.concatenate([others, [number]]))
    right = np.arange(len(others))
    near = window.nearness[slot, known]
    relative = around.relative(np.full(len(others), len(others)), right, near)
    features = np.concatenate([window.features[slot, known].astype(np.float32), relative], axis=1)
    mine = np.full(len(others), number)
    return _pairs(window, mine, others, features)


def has_vectors(features: Floats) -> NDArray[np.bool_]:
    """Which pairs were compared by vector as well."""
    by_vector: NDArray[np.bool_] = features[:, VECTOR] != 0
    return by_vector


def share_names_alone(features: Floats, caseless: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which pairs have names in common, but neither words of what happened nor, where it is known, its meaning.

    Where the script shows no names they are among the other words, of which more must then be shared.
    """
    other, pairs, vector = (features[:, FEATURES.index(name)] for name in ("other_words", "word_pairs", "vector"))
    enough = np.where(caseless, ANY_WORDS_SHARED, OTHER_WORDS_SHARED)
    alone: NDArray[np.bool_] = (other < enough) & (pairs < WORD_PAIRS_SHARED) & (vector < MEANING_SHARED)
    return alone


def judge_pairs(pairs: Pairs, weights: StoryWeights, stage: Stage) -> Floats:
    """The log-odds of pairs, each by the judge for the stage and for what it was compared by."""
    blocks = [slice(at, at + BLOCK) for at in range(0, len(pairs.features), BLOCK)]
    judged = [_judge_block(pairs.features[b], pairs.caseless[b], weights, stage) for b in blocks]
    if not judged:
        return np.zeros(0, np.float32)
    odds: Floats = np.concatenate(judged) - drag(pairs.gaps) - doubt(pairs.told)
    return np.maximum(odds, -SURE)


def drag(gaps: Floats) -> Floats:
    """What the days between two articles take from their log-odds: nothing at first, then some for each doubling."""
    doublings = np.log2(np.maximum(gaps, SAME_NEWS) / SAME_NEWS)
    taken: Floats = np.minimum(doublings * DOUBLING, MOST_TAKEN).astype(np.float32)
    return taken


def doubt(told: Floats) -> Floats:
    """What is taken from the log-odds of pairs of which one article tells too little to be known by it."""
    doubted: Floats = (DOUBT * np.maximum(ENOUGH_TOLD - told, 0)).astype(np.float32)
    return doubted


def _judge_block(features: Floats, caseless: NDArray[np.bool_], weights: StoryWeights, stage: Stage) -> Floats:
    """The log-odds of some pairs."""
    by_vector, both = has_vectors(features), with_logarithms(features)
    odds = np.empty(len(features), np.float32)
    for chosen, judges in ((by_vector, weights.by_vector), (~by_vector, weights.by_words)):
        if chosen.any():
            odds[chosen] = judges[stage].odds(both if chosen.all() else both[chosen])
    return np.where(share_names_alone(features, caseless), np.minimum(odds, NAMES_ALONE), odds)
