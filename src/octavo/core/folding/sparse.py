"""Weighs an article's terms for comparing: one row of weights a term, one column a view. It compares nothing itself.

Every similarity of two articles that words can give is then a sum over their common terms of a product of two columns:
cosines, the rarity of what they share, and how much of the one's title or chief names the other has.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.counting import Counts
from octavo.core.folding.terms import Ids, Terms
from octavo.core.folding.views import Views
from octavo.core.words import SCRIPTS

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

# Scripts without capitals, as `core/words.py` names them.
CASELESS: Final = frozenset({"arabic", "hebrew", "devanagari", "unspaced"})

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
# The columns that tell how much a term says; that it is present says nothing of that.
WEIGHTY: Final = [*range(10), 11]
# The columns that have unit length, so that their sums of products are cosines; they are the first ones.
COSINES: Final = 7


@dataclass(frozen=True, slots=True)
class Weighed:
    """An article's terms with their weights [terms, columns], its numbers and word pairs with one weight each; its day,
    and whether its script has no capitals, so that no word shows that it is a name. `told` is how much its words tell
    together, where a word that no article has had tells 1.
    """

    ids: Ids
    weights: Rows
    number_ids: Ids
    number_weights: Rows
    pair_ids: Ids
    pair_weights: Rows
    has_names: bool
    day: float | None = None
    is_caseless: bool = False
    told: float = math.inf


def weigh(views: Views, terms: Terms) -> Weighed:
    """Weighs what an article says by how rare each term is in its language at this moment."""
    counts = views.counts
    rarity = terms.rarity(views.language, counts.ids)
    columns = _columns(counts, rarity)
    chosen = _weightiest(columns[WEIGHTY].max(axis=0, initial=0), MOST_TERMS)
    weights = np.ascontiguousarray(columns[:, chosen].T)
    numbers = _unit(counts.figures * terms.rarity(views.language, counts.figure_terms))
    pairs = _unit(counts.pairs * np.maximum(rarity[counts.pair_places].sum(axis=0) - RARE_WORD, 0))
    some, few = _weightiest(pairs, MOST_PAIRS), _weightiest(numbers, MOST_NUMBERS)
    return Weighed(
        counts.ids[chosen],
        weights,
        counts.figure_ids[few],
        numbers[few],
        counts.pair_ids[some],
        pairs[some],
        bool(counts.names.any()),
        views.day,
        SCRIPTS.get(views.language) in CASELESS,
        float(rarity.sum()) / terms.greatest_rarity(views.language),
    )


def _columns(counts: Counts, rarity: Rows) -> Rows:
    """The weights of every term in every view [columns, terms]."""
    columns = np.zeros((len(Column), len(rarity)), np.float32)
    opening, named = counts.damped[2], counts.names > 0
    columns[: Column.NAMES] = counts.damped
    columns[Column.NAMES] = counts.names
    columns[Column.LEAD_NAMES] = counts.leading
    columns[Column.OTHER] = np.where(named, 0, opening)
    cosines = columns[:COSINES]
    cosines *= rarity
    lengths = np.sqrt(np.einsum("ij,ij->i", cosines, cosines))
    cosines /= np.where(lengths > 0, lengths, 1)[:, None]
    columns[Column.TITLE_PRESENCE] = opening > 0
    columns[Column.NAME_PRESENCE] = named
    columns[Column.RARE_WORDS] = columns[Column.TITLE_PRESENCE] * np.sqrt(np.maximum(rarity - RARE_WORD, 0))
    columns[Column.RARE_NAMES] = columns[Column.NAME_PRESENCE] * np.sqrt(np.maximum(rarity - RARE_NAME, 0))
    columns[Column.TITLE_SHARE] = _share((counts.damped[3] > 0) * rarity)
    columns[Column.NAME_SHARE] = _share(_chief(counts, rarity))
    return columns


def _unit(weights: Rows) -> Rows:
    """Weights at unit length; nothing stays nothing."""
    length = float(np.sqrt(np.vecdot(weights, weights)))
    return weights / np.float32(length) if length else weights


def _share(column: Rows) -> Rows:
    """A column as shares of its sum."""
    total = column.sum()
    return column / total if total else column


def _chief(counts: Counts, rarity: Rows) -> Rows:
    """The weights of the few chief names, 0 elsewhere."""
    weights = counts.names * rarity * (1 + counts.leading * np.float32(LEAD_BONUS - 1))
    if len(weights) > CHIEF_NAMES:
        weights[np.argsort(-weights, kind="stable")[CHIEF_NAMES:]] = 0
    return weights


def _weightiest(weights: Rows, most: int) -> NDArray[np.int64]:
    """The places of the greatest weights above 0, in a stable order."""
    order = np.argsort(-weights, kind="stable")[:most]
    return order[weights[order] > 0]
