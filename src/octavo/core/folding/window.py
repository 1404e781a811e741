"""Holds the active window: which articles are in it, what they are compared by, and each one's nearest neighbours.

The cost of adding an article does not grow with the window: candidates come from bounded lists of recent articles that
share a rare term, and from the newest vectors. It decides nothing about stories.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.features import FEATURES, features_of, nearness
from octavo.core.folding.sparse import MEETS, MOST_NUMBERS, MOST_PAIRS, MOST_TERMS, Column, Weighed
from octavo.core.folding.term_postings import TermPostings
from octavo.core.folding.terms import NUMBERS, Ids

# Articles that can still be joined, and whose texts are remembered; older ones keep their story and are compared no more.
WINDOW: Final = 60_000
# Neighbours kept of each article; the farther half of them tells how near strangers are. These sizes were chosen with evals:
# stories/* in view, against bench: desk (training/stories.py says what is fitted and what is not).
NEIGHBOURS: Final = 32
# Candidates by shared terms, and by vector among the newest so many.
BY_TERMS: Final = 40
BY_VECTOR: Final = 16
NEWEST_VECTORS: Final = 2048
# Terms that are looked up.
LOOKED_UP: Final = 32
# The vectors from which the mean of a model's is believed.
ENOUGH_FOR_CENTRE: Final = 50
FIRST_ROOM: Final = 1024
# Weights (below 4) and vectors are kept as whole numbers of so many steps: half floats cost twenty times as much to read.
WEIGHT_STEPS: Final = 16_384
VECTOR_STEPS: Final = 32_767
# Numbers and word pairs of an article, side by side.
MOST_EXTRAS: Final = MOST_NUMBERS + MOST_PAIRS

# The arrays that hold the window's articles, slot by slot.
KEPT: Final = (
    "_term_ids", "_term_weights", "_extra_ids", "_extra_weights", "days", "told", "_is_caseless", "_has_names", "_has_vector", "neighbours",
    "nearness", "features",
)  # fmt: skip
# Terms of articles that have left are swept out whenever so large a share of the window has been renewed.
SWEEPS: Final = 4

Floats = NDArray[np.float32]
Slots = NDArray[np.int64]
Terms = tuple[Ids, Floats]


class Window:
    """The newest `capacity` articles, each in a slot. A slot is used again when its article has become too old."""

    def __init__(self, capacity: int, centre: Floats | None = None) -> None:
        self.capacity = capacity
        self.count = 0
        self.centre = centre
        self._postings = TermPostings()
        self._summed = 0
        self._position = np.zeros(NUMBERS, np.uint8)
        self._room = 0
        self._grow(min(capacity, FIRST_ROOM))

    def _grow(self, room: int) -> None:
        """Makes room for so many slots, keeping what is there."""
        self._term_ids = _room(self, "_term_ids", (room, MOST_TERMS), np.int32)
        self._term_weights = _room(self, "_term_weights", (room, MOST_TERMS, len(Column)), np.uint16)
        self._extra_ids = _room(self, "_extra_ids", (room, MOST_EXTRAS), np.int32)
        self._extra_weights = _room(self, "_extra_weights", (room, MOST_EXTRAS), np.uint16)
        self._is_caseless = _room(self, "_is_caseless", (room,), np.bool_)
        self.days = _room(self, "days", (room,), np.float64)
        self.told = _room(self, "told", (room,), np.float32)
        self._has_names = _room(self, "_has_names", (room,), np.bool_)
        self._has_vector = _room(self, "_has_vector", (room,), np.bool_)
        self._vectors: NDArray[np.int16] | None = getattr(self, "_vectors", None)
        if self._vectors is not None:
            self._vectors = _room(self, "_vectors", (room, self._vectors.shape[1]), np.int16)
        self.neighbours = _room(self, "neighbours", (room, NEIGHBOURS), np.int64, -1)
        self.nearness = _room(self, "nearness", (room, NEIGHBOURS), np.float32)
        self.features = _room(self, "features", (room, NEIGHBOURS, len(FEATURES)), np.float16)
        self._scores = np.zeros(room, np.float64)
        self._places = np.zeros(room, np.int32)
        self._room = room

    @property
    def oldest(self) -> int:
        """The number of the oldest article in the window; articles are numbered from 0 as they come."""
        return max(0, self.count - self.capacity)

    def slot(self, number: int) -> int:
        """Where an article's arrays lie."""
        return number % self.capacity

    def add(self, weighed: Weighed, vector: Floats | None, *, draws: bool = True) -> int:
        """Adds an article and finds its neighbours; returns its number. One that does not draw is nobody's neighbour."""
        number = self.count
        if self.slot(number) >= self._room:
            self._grow(min(self.capacity, self._room * 2))
        self.count += 1
        if number > self.capacity and number % max(self.capacity // SWEEPS, FIRST_ROOM) == 0:
            self._postings.sweep(self.oldest)
        self._put(self.slot(number), weighed, vector)
        terms = by_strength(weighed)
        candidates = self._candidates(number, terms)
        self._meet(number, weighed, candidates, draws)
        if draws:
            self._post(number, terms)
        return number

    def _put(self, slot: int, weighed: Weighed, vector: Floats | None) -> None:
        """Writes what an article is compared by into its slot."""
        for held in (self._term_ids, self._term_weights, self._extra_ids, self._extra_weights, self.nearness):
            held[slot] = 0
        self.neighbours[slot] = -1
        self._term_ids[slot, : len(weighed.ids)] = weighed.ids
        self._term_weights[slot, : len(weighed.ids)] = weighed.weights * WEIGHT_STEPS
        self._extra_ids[slot, : len(weighed.number_ids)] = weighed.number_ids
        self._extra_weights[slot, : len(weighed.number_ids)] = weighed.number_weights * WEIGHT_STEPS
        self._extra_ids[slot, MOST_NUMBERS : MOST_NUMBERS + len(weighed.pair_ids)] = weighed.pair_ids
        self._extra_weights[slot, MOST_NUMBERS : MOST_NUMBERS + len(weighed.pair_ids)] = (
            weighed.pair_weights * WEIGHT_STEPS
        )
        self.days[slot] = np.nan if weighed.day is None else weighed.day
        self.told[slot] = weighed.told
        self._is_caseless[slot] = weighed.is_caseless
        self._has_names[slot] = weighed.has_names
        self._has_vector[slot] = vector is not None
        if vector is not None:
            self._put_vector(slot, vector)

    def vector(self, number: int) -> Floats | None:
        """An article's vector as it is compared, away from the centre; None where it has none."""
        slot = self.slot(number)
        if self._vectors is None or not self._has_vector[slot]:
            return None
        vector: Floats = self._vectors[slot] / np.float32(VECTOR_STEPS)
        return vector

    def _put_vector(self, slot: int, vector: Floats) -> None:
        """Keeps how a vector differs from the language's centre, at unit length (Mu and Viswanath, ICLR 2018)."""
        if self._vectors is None:
            self._vectors = np.zeros((self._room, len(vector)), np.int16)
            self._newest = np.zeros((NEWEST_VECTORS, len(vector)), np.float32)
            self._sum = np.zeros(len(vector))
        kept = vector.astype(np.float16).astype(np.float32)  # as stores keep it: a desk that is rebuilt gives the same
        away = kept - (self._centre_so_far(kept) if self.centre is None else self.centre)
        self._vectors[slot] = np.rint(away * (VECTOR_STEPS / max(float(np.linalg.norm(away)), 1e-6)))

    def _centre_so_far(self, vector: Floats) -> Floats:
        """The mean of all vectors up to this one, for a model whose centre was not measured; 0 while they are few."""
        self._sum += vector
        self._summed += 1
        centre: Floats = (self._sum / self._summed).astype(np.float32)
        return centre if self._summed >= ENOUGH_FOR_CENTRE else np.zeros_like(centre)

    def _candidates(self, number: int, terms: Terms) -> Slots:
        """Numbers of earlier articles worth comparing with, oldest first: by rare terms, and by vector."""
        return np.unique(np.concatenate([self._by_terms(terms), self._by_vector(number)]))

    def _by_terms(self, terms: Terms) -> Slots:
        """The articles that share the most weight, among the newest of each of the weightiest terms."""
        ids, strength = terms
        numbers, lengths = self._postings.of(ids[:LOOKED_UP].tolist())
        weights = np.repeat(strength[:LOOKED_UP] ** 2, lengths)
        if self.count > self.capacity:
            weights[numbers < self.oldest] = 0
        slots = numbers % self.capacity
        np.add.at(self._scores, slots, weights)
        self._places[slots] = places = np.arange(len(slots), dtype=np.int32)
        numbers = numbers[self._places[slots] == places]
        slots = numbers % self.capacity
        total = self._scores[slots]
        self._scores[slots] = 0
        best = np.argpartition(-total, BY_TERMS)[:BY_TERMS] if len(total) > BY_TERMS else np.arange(len(total))
        found: Slots = numbers[best[total[best] > 0]]
        return found

    def _by_vector(self, number: int) -> Slots:
        """The nearest by vector among the newest that draw."""
        if self._vectors is None or not self._has_vector[self.slot(number)]:
            return np.zeros(0, np.int64)
        # vecdot keeps to one thread: for matrices so small BLAS would wake every core, and take ten times the time.
        near = np.vecdot(self._newest, self._vectors[self.slot(number)].astype(np.float32))
        places = np.argpartition(-near, BY_VECTOR)[:BY_VECTOR]
        places = places[near[places] > 0]
        found: Slots = number - 1 - (number - 1 - places) % NEWEST_VECTORS
        return found[found >= self.oldest]

    def _meet(self, number: int, weighed: Weighed, candidates: Slots, draws: bool) -> None:
        """Compares an article with its candidates, and makes them neighbours where they are near enough."""
        if not len(candidates):
            return
        features = self.compare(number, weighed, candidates)
        near = nearness(features, self._both_have_vectors(number, candidates))
        order = np.argsort(-near, kind="stable")[:NEIGHBOURS]
        slot = self.slot(number)
        self.neighbours[slot, : len(order)] = candidates[order]
        self.nearness[slot, : len(order)] = near[order]
        self.features[slot, : len(order)] = features[order]
        if draws:
            self._meet_back(number, candidates, near, features)

    def _meet_back(self, number: int, others: Slots, near: Floats, features: Floats) -> None:
        """Makes an article a neighbour of each other one that has none so near, in place of its farthest."""
        slots = others % self.capacity
        held = np.where(self.neighbours[slots] < self.oldest, -1, self.nearness[slots])
        farthest = held.argmin(axis=1)
        nearer = near > held[np.arange(len(slots)), farthest]
        rows, columns = slots[nearer], farthest[nearer]
        self.neighbours[rows, columns] = number
        self.nearness[rows, columns] = near[nearer]
        self.features[rows, columns] = features[nearer]

    def gaps(self, left: Slots, right: Slots) -> Floats:
        """The days between articles, pair by pair; 0 where the time of one is not known."""
        between = np.abs(self.days[left % self.capacity] - self.days[right % self.capacity])
        gaps: Floats = np.nan_to_num(between).astype(np.float32)
        return gaps

    def least_told(self, left: Slots, right: Slots) -> Floats:
        """How much the one of each pair tells that tells less."""
        least: Floats = np.minimum(self.told[left % self.capacity], self.told[right % self.capacity])
        return least

    def are_caseless(self, left: Slots, right: Slots) -> NDArray[np.bool_]:
        """Whether both articles of a pair are in scripts without capitals."""
        both: NDArray[np.bool_] = self._is_caseless[left % self.capacity] & self._is_caseless[right % self.capacity]
        return both

    def compare(self, number: int, weighed: Weighed, others: Slots) -> Floats:
        """The features of the pairs of one article with others [others, features]."""
        slots = others % self.capacity
        sums = self._common_terms(weighed, slots)
        extra_numbers, extra_pairs = self._common_extras(self.slot(number), slots)
        cosines = self._common_vectors(self.slot(number), slots)
        have_names = weighed.has_names, self._has_names[slots]
        return features_of(sums, extra_numbers, extra_pairs, cosines, have_names)

    def _common_terms(self, weighed: Weighed, slots: Slots) -> Floats:
        """For each other article, each column's product summed over the terms that both have [others, columns]."""
        held = self._held(weighed.ids, self._term_ids.take(slots, axis=0))
        found = np.flatnonzero(held != 0)
        rows = found // MOST_TERMS
        lies = slots.take(rows) * MOST_TERMS + found % MOST_TERMS
        products = self._term_weights.reshape(-1, len(Column)).take(lies, axis=0).astype(np.float32)
        products *= (weighed.weights[:, MEETS] / WEIGHT_STEPS).take(held.ravel().take(found) - 1, axis=0)
        return sum_by_row(products, rows, len(slots))

    def _held(self, mine: Ids, others: Ids) -> NDArray[np.uint8]:
        """For each of some ids its place among mine, counted from 1; 0 where I have it not. No id is 0."""
        self._position[mine] = np.arange(1, len(mine) + 1)
        self._position[0] = 0
        held = self._position[others]
        self._position[mine] = 0
        return held

    def _common_extras(self, slot: int, slots: Slots) -> tuple[Floats, Floats]:
        """The cosines of the numbers, and of the word pairs, with each other article."""
        held = self._held(self._extra_ids[slot], self._extra_ids.take(slots, axis=0))
        found = np.flatnonzero(held != 0)
        rows, mine = found // MOST_EXTRAS, held.ravel().take(found).astype(np.int64) - 1
        lies = slots.take(rows) * MOST_EXTRAS + found % MOST_EXTRAS
        products = self._extra_weights.reshape(-1).take(lies) / WEIGHT_STEPS**2 * self._extra_weights[slot, mine]
        side = rows * 2 + (mine >= MOST_NUMBERS)
        summed = np.bincount(side, products, 2 * len(slots)).astype(np.float32).reshape(-1, 2)
        return summed[:, 0], summed[:, 1]

    def _common_vectors(self, slot: int, slots: Slots) -> Floats:
        """The cosines of the vectors; 0 where one has none."""
        if self._vectors is None:
            return np.zeros(len(slots), np.float32)
        mine = self._vectors[slot].astype(np.float32) / VECTOR_STEPS**2
        cosines: Floats = np.vecdot(self._vectors.take(slots, axis=0).astype(np.float32), mine)
        cosines[~(self._has_vector[slots] & self._has_vector[slot])] = 0
        return cosines

    def _both_have_vectors(self, number: int, others: Slots) -> NDArray[np.bool_]:
        """Whether a pair can be compared by vector."""
        both: NDArray[np.bool_] = self._has_vector[others % self.capacity] & self._has_vector[self.slot(number)]
        return both

    def _post(self, number: int, terms: Terms) -> None:
        """Lets an article be found by its terms and its vector."""
        self._postings.add(terms[0][: LOOKED_UP * 2].tolist(), number)
        if self._vectors is not None and self._has_vector[self.slot(number)]:
            self._newest[number % NEWEST_VECTORS] = self._vectors[self.slot(number)]

    def dump(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays, the slots in use only."""
        used = min(self.count, self.capacity)
        held = {name: getattr(self, name)[:used] for name in KEPT}
        if self._vectors is not None:
            held |= {"_vectors": self._vectors[:used], "_newest": self._newest, "_sum": self._sum}
            held["summed"] = np.array(self._summed)
        return {"count": np.array(self.count), **held, **self._postings.dump()}

    def load(self, held: Mapping[str, NDArray[Any]]) -> None:
        """Takes what `dump` gave into an empty window of the same capacity."""
        self.count = int(held["count"])
        if "_vectors" in held:
            self._newest, self._sum = np.array(held["_newest"]), np.array(held["_sum"])
            self._summed = int(held["summed"])
            self._vectors = np.zeros((self._room, held["_vectors"].shape[1]), np.int16)
        self._grow(max(self._room, min(self.count, self.capacity)))
        for name in (*KEPT, "_vectors"):
            if name in held:
                getattr(self, name)[: len(held[name])] = held[name]
        self._postings = TermPostings.load(held)


def by_strength(weighed: Weighed) -> Terms:
    """An article's terms, those first by which it is best found, and how well by each."""
    strength = weighed.weights[:, [Column.FULL, Column.LEAD, Column.NAMES]].sum(axis=1)
    order = np.argsort(-strength, kind="stable")
    return weighed.ids[order], strength[order]


def sum_by_row(values: Floats, rows: Slots, count: int) -> Floats:
    """Sums rows of values that belong to the same of `count` rows; `rows` is in ascending order."""
    total = np.zeros((count, values.shape[1]), np.float32)
    if len(rows):
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        total[rows[starts]] = np.add.reduceat(values, starts, axis=0)
    return total


def _room(owner: object, name: str, shape: tuple[int, ...], kind: Any, empty: int = 0) -> Any:
    """An array of a shape filled with `empty`, beginning with what the owner's array of that name holds."""
    made = np.full(shape, empty, kind)
    held = getattr(owner, name, None)
    if held is not None:
        made[: len(held)] = held
    return made
