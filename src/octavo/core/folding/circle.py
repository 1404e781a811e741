"""Compares a handful of articles with each other at once: how near they are, and what one has in common with the rest.

The first of them is the one that is asked about. The features are those of `features.py` and, relative to the neighbours
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

# The columns that tell how near any two articles are; the others are only asked between the first and the rest.
NEAR_COLUMNS: Final = {Column[name.upper()]: weight for name, weight in NEARNESS.items()}


class Circle:
    """Articles around the first of them. `common` [others, FEATURES] is what it shares with each; see `relative` too."""

    def __init__(self, weighed: Sequence[Weighed], vectors: Sequence[Floats | None], centre: Floats) -> None:
        """`vectors` are unit embeddings of one model, or None; `centre` is what its ordinary articles have in common."""
        self.size = len(weighed)
        self._weighed = weighed
        terms = _table([one.ids for one in weighed], [one.weights for one in weighed])
        sums = np.stack([terms[Column(at)][0] @ terms[MEETS[at]].T for at in Column], axis=1)
        self._has_vector = np.array([one is not None for one in vectors])
        cosines = _cosines(vectors, centre)
        self.common = self._common(sums, cosines[0])[1:]
        self.near = self._nearness(terms, cosines)

    def _common(self, sums: Floats, cosines: Floats) -> Floats:
        """The features of the first with each, itself included, in the order of FEATURES."""
        numbers, pairs = (
            table[0, 0] @ table[0].T
            for table in (
                _table([one.number_ids for one in self._weighed], [one.number_weights for one in self._weighed]),
                _table([one.pair_ids for one in self._weighed], [one.pair_weights for one in self._weighed]),
            )
        )
        have_names = np.array([one.has_names for one in self._weighed])
        return features_of(sums, numbers, pairs, cosines, (bool(have_names[0]), have_names))

    def _nearness(self, terms: Floats, cosines: Floats) -> Floats:
        """How near any two are, 0 between an article and itself; words speak for a vector that is not there."""
        near = sum(weight * (terms[column] @ terms[column].T) for column, weight in NEAR_COLUMNS.items())
        by_vector = self._has_vector[:, None] & self._has_vector[None, :]
        stretched = near * (1 + VECTOR_NEARNESS / sum(NEARNESS.values()))
        found: Floats = np.where(by_vector, near + VECTOR_NEARNESS * np.maximum(cosines, 0), stretched)
        np.fill_diagonal(found, 0)
        return found.astype(np.float32)

    def relative(self) -> Floats:
        """The first's nearness to each other one, seen against both sides' neighbours [others, RELATIVE]."""
        near, ordered = self.near[0], -np.sort(-self.near, axis=1)
        columns = [near]
        for k in LEVELS:
            level = np.maximum(ordered[:, :k].mean(axis=1), LEAST_LEVEL)
            columns += [near / np.minimum(level[0], level), near / np.maximum(level[0], level)]
        far = ordered[:, STRANGERS:NEIGHBOURS].mean(axis=1) if self.size > STRANGERS + 1 else np.zeros(self.size)
        own = ordered[:, :OWN].mean(axis=1)
        strangers = (far[0] + far) / 2
        columns += [near - strangers, (near - strangers) / np.maximum((own[0] + own) / 2 - strangers, LEAST_RANGE)]
        ranks = (near[None, :] > near[:, None]).sum(axis=1), (self.near > near[:, None]).sum(axis=1)
        columns += [np.log1p(np.minimum(*ranks)), np.log1p(np.maximum(*ranks))]
        columns += [self._shared(k) for k in SHARED]
        return np.stack(columns, axis=1).astype(np.float32)[1:]

    def _shared(self, k: int) -> Floats:
        """How much the nearest k of each are those of the first: the cosine of both circles, each with its own centre."""
        nearest = np.argsort(-self.near, axis=1, kind="stable")[:, :k]
        circles = np.zeros_like(self.near)
        np.put_along_axis(circles, nearest, np.take_along_axis(self.near, nearest, axis=1) ** SHARPNESS, axis=1)
        np.fill_diagonal(circles, self.near.max(axis=1) ** SHARPNESS)
        circles /= np.maximum(np.linalg.norm(circles, axis=1, keepdims=True), 1e-6)
        shared: Floats = circles @ circles[0]
        return shared


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
