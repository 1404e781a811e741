"""Counts what stands in an article, view by view, in arrays: all that can be known of it without knowing the others.

A term is its number (see `terms.py`), a pair of neighbouring words a number made of both. It weighs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.terms import NUMBERS, Ids, numbers

# How many words of the body the lead and the opening have, and within how many pairs and numbers are looked for.
LEAD: Final = 80
OPENING: Final = 250
PAIRS_WITHIN: Final = 401
# Spreads the numbers of pairs over all numbers (Knuth, 'The Art of Computer Programming', 6.4: multiplicative hashing).
SPREAD: Final = 2_654_435_761

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """An article's terms by ascending number; `damped` holds 1 + log of each one's count in the whole, the lead, the
    opening and the title [4, terms], `names` the same of its count as a name, `leading` whether it is a name of the lead.

    Pairs of neighbouring words stand with the places of their two terms, numbers under two ids: as the term that they
    are, and as the number that they are compared as.
    """

    ids: Ids
    damped: Floats
    names: Floats
    leading: Floats
    pair_ids: Ids
    pair_places: Places
    pairs: Floats
    figure_ids: Ids
    figure_terms: Ids
    figures: Floats


def count(
    title: Sequence[int],
    body: Sequence[int],
    names: Mapping[int, int],
    leading: Sequence[int],
    figures: Mapping[str, int],
) -> Counts:
    """Counts a title's and a body's terms, its names with their counts and those of the lead, and its numbers."""
    both = np.array([*title, *body], np.int64)
    ids, places = np.unique(both, return_inverse=True)
    split = len(title)
    ends = (len(both), split + LEAD, split + OPENING, split)
    damped = np.stack([damp(np.bincount(places[:end], minlength=len(ids))) for end in ends])
    pair_ids, pair_places, pairs = _pairs(ids, places, split)
    written = sorted(figures)
    return Counts(
        ids.astype(np.int32),
        damped,
        damp(_laid_out(ids, list(names), list(names.values()))),
        _laid_out(ids, leading, [1] * len(leading)).astype(np.float32),
        pair_ids,
        pair_places,
        pairs,
        numbers(f"#{form}" for form in written),
        numbers(written),
        damp(np.array([figures[form] for form in written], np.int64)),
    )


def damp(counts: NDArray[np.int64]) -> Floats:
    """1 + log of counts; 0 where there is nothing."""
    damped: Floats = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0).astype(np.float32)
    return damped


def _laid_out(ids: Places, terms: Sequence[int], values: Sequence[int]) -> NDArray[np.int64]:
    """Values at the places of their terms, 0 elsewhere; every term is among the ids."""
    held = np.zeros(len(ids), np.int64)
    held[np.searchsorted(ids, np.array(terms, np.int64))] = values
    return held


def _pairs(ids: Places, places: Places, split: int) -> tuple[Ids, Places, Floats]:
    """The pairs of neighbouring words in the title and in the body: their ids, their terms' places [2, pairs], counts."""
    first, second = places[:-1], places[1:]
    near = np.arange(len(first))
    inside = (near != split - 1) & (near < split + PAIRS_WITHIN - 1)
    size = max(len(ids), 1)
    found, counts = np.unique(first[inside] * size + second[inside], return_counts=True)
    pair_places = np.stack([found // size, found % size])
    left, right = ids[pair_places] if len(ids) else (found, found)
    pair_ids = (left * SPREAD + right) % (NUMBERS - 1) + 1
    return pair_ids.astype(np.int32), pair_places, damp(counts)
