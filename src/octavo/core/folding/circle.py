"""Compares a handful of articles with each other at once: how near they are, and what each has in common with the rest.

The features are those of `features.py` and, relative to the neighbours
that the articles have among themselves, those of `evidence.py`; but nothing is kept, so that any hundred articles of the
archive can be compared in a few milliseconds. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.evidence import LEAST_LEVEL, LEAST_RANGE, LEVELS, OWN, SHARED, SHARPNESS, STRANGERS
from octavo.core.folding.features import NEARNESS, VECTOR_NEARNESS, Floats, features_of
from octavo.core.folding.sparse import MEETS, Column, Weighed
from octavo.core.folding.window import NEIGHBOURS

# The columns that tell how near any two articles are; the others are only asked of one article and the rest.
NEAR_COLUMNS: Final = {Column[name.upper()]: weight for name, weight in NEARNESS.items()}


class Circle:
    """Articles that are seen among each other, by their places."""

    def __init__(self, weighed: Sequence[Weighed], vectors: Sequence[Floats | None], centre: Floats) -> None:
        """`vectors` are unit embeddings of one model, or None; `centre` is what its ordinary articles have in common."""
        self.size = len(weighed)
        self._has_names = np.array([one.has_names for one in weighed])
        self._has_vector = np.array([one is not None for one in vectors])
        self._terms = _table([one.ids for one in weighed], [one.weights for one in weighed])
        self._numbers = _table([one.number_ids for one in weighed], [one.number_weights for one in weighed])[0]
        self._pairs = _table([one.pair_ids for one in weighed], [one.pair_weights for one in weighed])[0]
        self._cosines = _cosines(vectors, centre)
        self.near = self._nearness(self._terms, self._cosines)
        self._nearest_first = np.argsort(-self.near, axis=1, kind="stable")
        ordered = np.take_along_axis(self.near, self._nearest_first, axis=1)
        self._levels = {k: np.maximum(ordered[:, :k].mean(axis=1), LEAST_LEVEL) for k in LEVELS}
        self._own = ordered[:, :OWN].mean(axis=1)
        far = ordered[:, STRANGERS:NEIGHBOURS]
        self._strangers = far.mean(axis=1) if self.size > STRANGERS + 1 else np.zeros(self.size, np.float32)
        self._circles = [self._circle(k) for k in SHARED]

    def features(self, row: int) -> Floats:
        """What the article at a place has in common with each, itself included [articles, FEATURES + RELATIVE]."""
        return np.concatenate([self._common(row), self._relative(row)], axis=1)

    def _common(self, row: int) -> Floats:
        """The features of one with each, in the order of FEATURES."""
        sums = np.stack([self._terms[at][row] @ self._terms[MEETS[at]].T for at in Column], axis=1)
        numbers, pairs = self._numbers @ self._numbers[row], self._pairs @ self._pairs[row]
        have_names = bool(self._has_names[row]), self._has_names
        return features_of(sums, numbers, pairs, self._cosines[row], have_names)

    def _nearness(self, terms: Floats, cosines: Floats) -> Floats:
        """How near any two are, 0 between an article and itself; words speak for a vector that is not there."""
        near = sum(weight * (terms[column] @ terms[column].T) for column, weight in NEAR_COLUMNS.items())
        by_vector = self._has_vector[:, None] & self._has_vector[None, :]
        stretched = near * (1 + VECTOR_NEARNESS / sum(NEARNESS.values()))
        found: Floats = np.where(by_vector, near + VECTOR_NEARNESS * np.maximum(cosines, 0), stretched)
        np.fill_diagonal(found, 0)
        return found.astype(np.float32)

    def _relative(self, row: int) -> Floats:
        """One's nearness to each, seen against both sides' neighbours, in the order of RELATIVE."""
        near = self.near[row]
        columns = [near]
        for level in self._levels.values():
            columns += [near / np.minimum(level[row], level), near / np.maximum(level[row], level)]
        strangers, own = (self._strangers[row] + self._strangers) / 2, (self._own[row] + self._own) / 2
        columns += [near - strangers, (near - strangers) / np.maximum(own - strangers, LEAST_RANGE)]
        ranks = (near[None, :] > near[:, None]).sum(axis=1), (self.near > near[:, None]).sum(axis=1)
        columns += [np.log1p(np.minimum(*ranks)), np.log1p(np.maximum(*ranks))]
        columns += [circle @ circle[row] for circle in self._circles]
        return np.stack(columns, axis=1).astype(np.float32)

    def _circle(self, k: int) -> Floats:
        """The nearest k of each, with itself, at unit length: the cosine of two rows says how much they are the same."""
        nearest = self._nearest_first[:, :k]
        circles = np.zeros_like(self.near)
        np.put_along_axis(circles, nearest, np.take_along_axis(self.near, nearest, axis=1) ** SHARPNESS, axis=1)
        np.fill_diagonal(circles, self.near.max(axis=1) ** SHARPNESS)
        unit: Floats = circles / np.maximum(np.linalg.norm(circles, axis=1, keepdims=True), 1e-6)
        return unit


def _table(ids: Sequence[NDArray[np.int32]], weights: Sequence[Floats]) -> Floats:
    """Weights by column, article and term [columns, articles, terms]; terms of a single article are left out."""
    width = max(one.shape[1] if one.ndim > 1 else 1 for one in weights)
    rows = np.repeat(np.arange(len(ids)), [len(one) for one in ids])
    _, places, counts = np.unique(np.concatenate(ids), return_inverse=True, return_counts=True)
    values = np.concatenate([one.reshape(len(one), -1) if len(one) else one.reshape(0, width) for one in weights])
    shared = counts > 1
    position = np.cumsum(shared) - 1
    kept = shared[places]
    table = np.zeros((values.shape[1], len(ids), int(shared.sum())), np.float32)
    table[:, rows[kept], position[places[kept]]] = values[kept].T
    return table


def _cosines(vectors: Sequence[Floats | None], centre: Floats) -> Floats:
    """The cosines of all pairs, away from the centre; 0 where one has no vector."""
    width = next((len(one) for one in vectors if one is not None), 1)
    rows = np.stack([np.zeros(width, np.float32) if one is None else _away(one, centre) for one in vectors])
    cosines: Floats = rows @ rows.T
    return cosines


def _away(vector: Floats, centre: Floats) -> Floats:
    """How a vector differs from the centre, at unit length (Mu and Viswanath, ICLR 2018)."""
    away = vector - centre if len(centre) == len(vector) else vector
    unit: Floats = (away / max(float(np.linalg.norm(away)), 1e-6)).astype(np.float32)
    return unit
