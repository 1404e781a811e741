"""Weighs an article's terms for comparing: one row of weights a term, one column a view. It compares nothing itself.

Every similarity of two articles that words can give is then a sum over their common terms of a product of two columns:
cosines, the rarity of what they share, and how much of the one's title or chief names the other has.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.terms import Terms, numbers
from octavo.core.folding.views import LEAD, NUMBERS_WITHIN, OPENING, Views

# What is kept of an article: its weightiest terms, numbers and pairs of neighbouring words.
MOST_TERMS: Final = 128
MOST_NUMBERS: Final = 24
MOST_PAIRS: Final = 64
# Rarity beyond which a name or a word says something by being shared: one article in 150, one in 400.
RARE_NAME: Final = 5.0
RARE_WORD: Final = 6.0
# Chief names: the weightiest few, a name of the lead counting double.
CHIEF_NAMES: Final = 6
LEAD_BONUS: Final = 2.0

Rows = NDArray[np.float32]


class Column(IntEnum):
    """The views of a term. A share is met by the other article's presence, everything else by itself."""

    FULL = 0
    LEAD = 1
    OPENING = 2
    TITLE = 3
    NAMES = 4
    LEAD_NAMES = 5
    OTHER = 6
    RARE_WORDS = 7
    RARE_NAMES = 8
    TITLE_SHARE = 9
    TITLE_PRESENCE = 10
    NAME_SHARE = 11
    NAME_PRESENCE = 12


# Which column of the other article each column is multiplied with.
MEETS: Final = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 9, 12, 11])


@dataclass(frozen=True, slots=True)
class Weighed:
    """An article's terms with their weights [terms, columns], its numbers and word pairs with one weight each."""

    ids: NDArray[np.int32]
    weights: Rows
    number_ids: NDArray[np.int32]
    number_weights: Rows
    pair_ids: NDArray[np.int32]
    pair_weights: Rows
    has_names: bool


def weigh(views: Views, terms: Terms) -> Weighed:
    """Weighs what an article says by how rare each term is in its language at this moment."""
    stems = sorted(views.stems)
    ids = numbers(stems)
    rarity = terms.rarity(views.language, ids)
    place = {stem: at for at, stem in enumerate(stems)}
    weights = _columns(views, place, rarity)
    chosen = _weightiest(weights.max(axis=1, initial=0), MOST_TERMS)
    number_ids, number_weights = _numbers(views, terms)
    pair_ids, pair_weights = _pairs(views, place, rarity)
    return Weighed(ids[chosen], weights[chosen], number_ids, number_weights, pair_ids, pair_weights, bool(views.names))


def _columns(views: Views, place: dict[str, int], rarity: Rows) -> Rows:
    """The weights of every term in every view [terms, columns]."""
    title, body = [place[s] for s in views.title], [place[s] for s in views.body]
    names = np.zeros(len(place), np.float32)
    for stem, count in views.names.items():
        if stem in place:
            names[place[stem]] = count
    leading = np.zeros(len(place), np.float32)
    leading[[place[s] for s in views.lead_names if s in place]] = 1
    opening = _damped([*title, *body[:OPENING]], len(place))
    weights = np.zeros((len(place), len(Column)), np.float32)
    weights[:, Column.FULL] = _unit(_damped([*title, *body], len(place)) * rarity)
    weights[:, Column.LEAD] = _unit(_damped([*title, *body[:LEAD]], len(place)) * rarity)
    weights[:, Column.OPENING] = _unit(opening * rarity)
    weights[:, Column.TITLE] = _unit(_damped(title, len(place)) * rarity)
    weights[:, Column.NAMES] = _unit(np.where(names > 0, 1 + np.log(np.maximum(names, 1)), 0) * rarity)
    weights[:, Column.LEAD_NAMES] = _unit(leading * rarity)
    weights[:, Column.OTHER] = _unit(np.where(names > 0, 0, opening) * rarity)
    weights[:, Column.RARE_WORDS] = np.where(opening > 0, np.sqrt(np.maximum(rarity - RARE_WORD, 0)), 0)
    weights[:, Column.RARE_NAMES] = np.where(names > 0, np.sqrt(np.maximum(rarity - RARE_NAME, 0)), 0)
    in_title = np.zeros(len(place), np.float32)
    in_title[title] = 1
    weights[:, Column.TITLE_SHARE] = _share(in_title * rarity)
    weights[:, Column.TITLE_PRESENCE] = opening > 0
    weights[:, Column.NAME_SHARE] = _share(_chief(names, leading, rarity))
    weights[:, Column.NAME_PRESENCE] = names > 0
    return weights


def _damped(places: list[int], size: int) -> Rows:
    """1 + log of how often each place occurs; 0 where it does not."""
    counts = np.bincount(np.array(places, dtype=np.int64), minlength=size).astype(np.float32)
    damped: Rows = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0).astype(np.float32)
    return damped


def _unit(column: Rows) -> Rows:
    """A column at unit length; nothing stays nothing."""
    length = float(np.sqrt((column * column).sum()))
    return column / length if length else column


def _share(column: Rows) -> Rows:
    """A column as shares of its sum."""
    total = float(column.sum())
    return column / total if total else column


def _chief(names: Rows, leading: Rows, rarity: Rows) -> Rows:
    """The weights of the few chief names, 0 elsewhere."""
    weights = np.where(names > 0, (1 + np.log(np.maximum(names, 1))) * rarity * (1 + leading * (LEAD_BONUS - 1)), 0)
    weights[np.argsort(-weights, kind="stable")[CHIEF_NAMES:]] = 0
    return weights.astype(np.float32)


def _weightiest(weights: Rows, most: int) -> NDArray[np.int64]:
    """The places of the greatest weights above 0, in a stable order."""
    order = np.argsort(-weights, kind="stable")[:most]
    return order[weights[order] > 0]


def _numbers(views: Views, terms: Terms) -> tuple[NDArray[np.int32], Rows]:
    """An article's numbers with their weights at unit length."""
    written = sorted(views.numbers)
    ids = numbers(written)
    counts = np.array([views.numbers[form] for form in written], np.float32)
    weights = _unit((1 + np.log(counts)) * terms.rarity(views.language, ids)) if written else counts
    chosen = _weightiest(weights, MOST_NUMBERS)
    return numbers(f"#{form}" for form in written)[chosen], weights[chosen]


def _pairs(views: Views, place: dict[str, int], rarity: Rows) -> tuple[NDArray[np.int32], Rows]:
    """Pairs of neighbouring words, weighed by the rarity of both, at unit length over all of them."""
    body = views.body[: NUMBERS_WITHIN + 1]
    counts = Counter([*pairwise(views.title), *pairwise(body)])
    if not counts:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    pairs = list(counts)
    first, second = (rarity[[place[pair[side]] for pair in pairs]] for side in (0, 1))
    times = np.array([counts[pair] for pair in pairs], np.float32)
    weights = _unit((1 + np.log(times)) * np.maximum(first + second - RARE_WORD, 0))
    chosen = _weightiest(weights, MOST_PAIRS)
    return numbers(f"{pairs[at][0]} {pairs[at][1]}" for at in chosen), weights[chosen]
