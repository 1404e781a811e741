"""Finds the passages that two texts share, in whatever order they stand, and which spans of each stand in it alone.

It judges nothing: whether texts with such passages are one text is decided in `copies.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.wording import SHINGLE, Hashes, Places, Wording

# A passage goes on over so many changed words; fewer shingles in a row are a common phrase and no passage.
BRIDGED: Final = 12
LEAST_SHINGLES: Final = 3
# Spans that are told of a text, the longest first chosen.
MOST_SPANS: Final = 32

Mask = NDArray[np.bool_]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sorted:
    """The shingles of a text in the order of their value, for looking others up in them.

    `places` is where each stands in the text; `first` the index of the first one like it; `alone` whether it is the only one.
    """

    hashes: Hashes
    places: Places
    first: Places
    alone: Mask
    words: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which words of two texts stand in shared passages: masks over the words of each.

    A passage takes in the few words that were changed in it; `left_same` and `right_same` leave those out.
    """

    left: Mask
    right: Mask
    left_same: Mask
    right_same: Mask


def sort_shingles(hashes: Hashes, words: int) -> Sorted:
    """Makes a text ready to be aligned with others."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    new = np.ones(len(ordered), np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    first = np.flatnonzero(new)[np.cumsum(new) - 1] if len(ordered) else order
    alone = new & np.append(new[1:], True)[: len(new)]
    return Sorted(ordered, order, first, alone, words)


def align(left: Sorted, right: Hashes, right_words: int) -> Alignment:
    """The words of two texts that stand in passages of both."""
    if not len(left.hashes) or not len(right):
        return Alignment(*(np.zeros(words, np.bool_) for words in (left.words, right_words) * 2))
    found = np.minimum(np.searchsorted(left.hashes, right), len(left.hashes) - 1)
    known = left.hashes[found] == right
    met = np.zeros(len(left.hashes), np.bool_)
    met[found[known]] = True
    same_left = _stretches(_words_of(left.places[met[left.first]], left.words))
    same_right = _stretches(_words_of(np.flatnonzero(known), right_words))
    at_right = np.flatnonzero(known & left.alone[found])
    at_left = left.places[found[at_right]]
    run = _runs(at_left, at_right)
    long = np.bincount(run)[run] >= LEAST_SHINGLES if len(run) else np.zeros(0, np.bool_)
    in_left = _spanned(run[long], at_left[long], left.words) | same_left
    in_right = _spanned(run[long], at_right[long], right_words) | same_right
    return Alignment(in_left, in_right, same_left, same_right)


def _stretches(mask: Mask) -> Mask:
    """A mask without its stretches that are too short to be a passage."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    starts, ends = edges[::2], edges[1::2]
    long = ends - starts >= LEAST_SHINGLES + SHINGLE - 1
    change = np.zeros(len(mask) + 1, np.int8)
    change[starts[long]], change[ends[long]] = 1, -1
    kept: Mask = np.cumsum(change)[:-1] > 0
    return kept


def _runs(at_left: Places, at_right: Places) -> Places:
    """The run that each match belongs to: a run goes on while neither text has moved on by much."""
    breaks = (np.diff(at_right) > BRIDGED) | (np.abs(np.diff(at_left - at_right)) > BRIDGED)
    return np.concatenate([[0], np.cumsum(breaks)])[: len(at_left)]


def _spanned(run: Places, places: Places, words: int) -> Mask:
    """The words from each run's first shingle to its last."""
    edges = np.zeros(words + 1, np.int64)
    if len(run):
        starts = np.flatnonzero(np.diff(run, prepend=run[0] - 1))
        np.add.at(edges, np.minimum.reduceat(places, starts), 1)
        np.add.at(edges, np.maximum.reduceat(places, starts) + SHINGLE, -1)
    spanned: Mask = np.cumsum(edges)[:words] > 0
    return spanned


def _words_of(places: Places, words: int) -> Mask:
    """The words of the shingles at some places."""
    mask = np.zeros(words + SHINGLE, np.bool_)
    for step in range(SHINGLE):
        mask[places + step] = True
    return mask[:words]


def lone_spans(same: Mask, starts: Places, ends: Places) -> tuple[Span, ...]:
    """The stretches of words outside a mask, from the start of the first to the end of the last; the longest, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], same, [True]]).astype(np.int8)))
    first, last = edges[::2], edges[1::2]
    longest = np.sort(np.argsort(first - last, kind="stable")[:MOST_SPANS])
    return tuple((int(starts[first[k]]), int(ends[last[k] - 1])) for k in longest)


def ends_before_next(wording: Wording) -> Places:
    """Where each word ends, if only the starts are known: where the next one starts, the last at the text's end."""
    return np.append(wording.starts[1:], wording.length) if len(wording) else wording.starts
