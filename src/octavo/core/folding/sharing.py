"""Decides whether two texts are one, told differently: how much they share, where it stands, and what it weighs.

A passage that stands in other texts too weighs little: it is boilerplate, or background that everybody borrows. It knows
no window, and looks at words alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.alignment import Alignment, Mask
from octavo.core.folding.wording import Numbers, Places

# Set on the kit's set dedup/dedup and on evals/copies.py, which edits other articles.
# The share of the shorter text that must stand in the other: where neither text begins with what they share, as with
# borrowed background, where one does, and where both do. More is asked where the titles have nothing to do with each other.
ENOUGH: Final = (0.65, 0.50, 0.40)
ENOUGH_STRANGE: Final = (0.75, 0.60, 0.50)
# The same of the longer text: one text in a digest of many is a small part of it, and no copy.
LEAST_OF_LONGER: Final = (0.15, 0.10, 0.0)
LEAST_OF_STRANGE: Final = (0.25, 0.25, 0.0)
# A text begins with what is shared if so much of its first words is, of a short text its first third.
HEAD_WORDS: Final = 60
HEAD_PART: Final = 1 / 3
HEAD_SHARE: Final = 0.5
# Fewer words prove nothing. Fewer than SHORT, a notice's length, need titles that agree; a brief's must all be shared.
LEAST_WORDS: Final = 20
BRIEF_WORDS: Final = 40
BRIEF_SHARE: Final = 0.90
SHORT_WORDS: Final = 80
# Share of each title's words that stand in the other article; and in the other title, if the two are nearly the same.
TITLES_AGREE: Final = 0.34
ONE_TITLE: Final = 0.80
# One publisher's pages from one mould (results, prices) differ in a few words everywhere. Its updates keep their title, or
# repeat so much in stretches of so many words at least.
VERBATIM_SHARE: Final = 0.50
VERBATIM_WORDS: Final = 12
# Listings, digests and forecasts are made from moulds everywhere.
MOULDED_SHARE: Final = 0.80
# What a passage weighs that stands in no group of texts but the one compared with, in one other, in more.
RARE: Final = np.array([1.0, 0.5, 0.0])

Weights = NDArray[np.float64]


class Titles(Enum):
    """How the titles of two articles go together."""

    STRANGE = "strange"
    AGREEING = "agreeing"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts have in common; shares are of the words that are no boilerplate.

    `left` and `right` are the shares of each text in passages of both, `words` the shared words of the one with fewer,
    `verbatim` the share of the shorter text in long unchanged stretches. A head is the share of a text's first words.
    """

    left: float
    right: float
    left_head: float
    right_head: float
    words: float
    verbatim: float
    titles: Titles
    has_one_publisher: bool = False
    is_moulded: bool = False

    @property
    def shorter(self) -> float:
        """The share of the text that has less of its own."""
        return max(self.left, self.right)

    @property
    def longer(self) -> float:
        """The share of the text that has more of its own."""
        return min(self.left, self.right)

    @property
    def heads(self) -> int:
        """How many of the two texts begin with what they share."""
        return (self.left_head >= HEAD_SHARE) + (self.right_head >= HEAD_SHARE)


def is_copy(like: Likeness) -> bool:
    """Whether two texts are one, told differently."""
    if like.words < LEAST_WORDS or (like.words < SHORT_WORDS and like.titles is Titles.STRANGE):
        return False
    if like.words < BRIEF_WORDS and like.shorter < BRIEF_SHARE:
        return False
    if like.is_moulded and like.longer < MOULDED_SHARE:
        return False
    if like.has_one_publisher and like.verbatim < VERBATIM_SHARE and like.titles is not Titles.ONE:
        return False
    strange = like.titles is Titles.STRANGE
    enough, least = (ENOUGH_STRANGE, LEAST_OF_STRANGE) if strange else (ENOUGH, LEAST_OF_LONGER)
    return like.shorter >= enough[like.heads] and like.longer >= least[like.heads]


def measure(
    both: Alignment, left: Weights, right: Weights, titles: Titles, *, one_publisher: bool, moulded: bool
) -> Likeness:
    """The likeness of two aligned texts whose words weigh `left` and `right`."""
    shares = _share(left, both.left), _share(right, both.right)
    verbatim = _verbatim(left, both.left_same) if shares[0] >= shares[1] else _verbatim(right, both.right_same)
    words = min(float(left[both.left].sum()), float(right[both.right].sum()))
    heads = _head_share(left, both.left), _head_share(right, both.right)
    return Likeness(*shares, *heads, words, verbatim, titles, one_publisher, moulded)


def rarity(rows: Places, groups: Places, count: int, own: int | None = None) -> Weights:
    """What each of `count` sampled shingles weighs, by how many groups hold it beside one of them, or beside `own`.

    `rows` and `groups` tell which shingle is held by which group, a pair for each article that holds it.
    """
    pairs = np.unique(groups * count + rows)
    others = np.bincount(pairs % count, minlength=count)
    beside = np.bincount(rows[groups == own], minlength=count) > 0 if own is not None else others > 0
    weights: Weights = RARE[np.minimum(others - beside, len(RARE) - 1)]
    return weights


def word_weights(sampled: Places, weights: Weights, words: int) -> Weights:
    """What each word of a text weighs: as much as the nearest sampled shingle."""
    if not len(sampled):
        return np.ones(words)
    order = np.argsort(sampled)
    places = sampled[order]
    edges = np.concatenate([[0], (places[1:] + places[:-1] + 1) // 2, [words]])
    return np.repeat(weights[order], np.diff(edges))


def compare_titles(title: Numbers, text: Numbers, other_title: Numbers, other_text: Numbers) -> Titles:
    """How two titles go together, by the numbers of their words and of the texts below them; well, where one has none."""
    if min(_share_in(title, other_title), _share_in(other_title, title)) >= ONE_TITLE:
        return Titles.ONE
    both = _share_in(title, other_title, other_text), _share_in(other_title, title, text)
    return Titles.AGREEING if min(both) >= TITLES_AGREE else Titles.STRANGE


def _share_in(title: Numbers, *places: Numbers) -> float:
    """The share of a title's words that stand in some places; 1 where it has no words."""
    found = [(title[:, None] == place).any(axis=1) for place in places]
    return float(np.logical_or.reduce(found).mean()) if len(title) else 1.0


def _verbatim(weights: Weights, same: Mask) -> float:
    """The share of a text in unchanged stretches of many words."""
    edges = np.flatnonzero(np.diff(same.astype(np.int8), prepend=0, append=0))
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    starts, ends = edges[::2], edges[1::2]
    long = ends - starts >= VERBATIM_WORDS
    return float((sums[ends[long]] - sums[starts[long]]).sum()) / sums[-1] if sums[-1] else 0.0


def _share(weights: Weights, mask: Mask) -> float:
    """The weight of the words in a mask, as a share of all."""
    whole = float(weights.sum())
    return float(weights[mask].sum()) / whole if whole else 0.0


def _head_share(weights: Weights, mask: Mask) -> float:
    """The share of a text's first words that stand in a mask, boilerplate before them passed over."""
    sums = np.cumsum(weights)
    head = int(np.searchsorted(sums, min(HEAD_WORDS, HEAD_PART * sums[-1]))) + 1 if len(sums) else 0
    return _share(weights[:head], mask[:head])
