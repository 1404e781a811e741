"""Remembers which of the newest articles had a term: bounded lists, so that looking one up costs the same in every window.

It weighs nothing and keeps no article; the table of shared texts' shingles is `postings.py`.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# How many of the newest articles each term remembers.
REMEMBERED: Final = 128
NOBODY: Final = array("q")

Numbers = NDArray[np.int64]


class TermPostings:
    """For each term, the newest articles that are found by it; what no article of the window has is swept out."""

    def __init__(self) -> None:
        self._numbers: dict[int, array[int]] = {}

    def add(self, terms: Sequence[int], number: int) -> None:
        """Lets an article be found by some terms; now and then an article too many is cut from a list's old end."""
        held = self._numbers
        for term in terms:
            posted = held.get(term)
            if posted is None:
                held[term] = array("q", (number,))
                continue
            if len(posted) >= 2 * REMEMBERED:
                del posted[:REMEMBERED]
            posted.append(number)

    def of(self, terms: Sequence[int]) -> tuple[Numbers, list[int]]:
        """The newest articles of each of some terms, one list after the other, and how long each list is."""
        found: array[int] = array("q")
        lengths: list[int] = []
        for term in terms:
            posted = self._numbers.get(term, NOBODY)
            found += posted if len(posted) <= REMEMBERED else posted[-REMEMBERED:]
            lengths.append(min(len(posted), REMEMBERED))
        return np.frombuffer(found, np.int64) if found else np.zeros(0, np.int64), lengths

    def sweep(self, oldest: int) -> None:
        """Drops the terms whose newest article has left the window."""
        self._numbers = {term: posted for term, posted in self._numbers.items() if posted[-1] >= oldest}

    def dump(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays."""
        lists = list(self._numbers.values())
        numbers = np.concatenate([np.frombuffer(posted, np.int64) for posted in lists]) if lists else np.zeros(0)
        return {
            "post_terms": np.fromiter(self._numbers, np.int32, len(lists)),
            "post_lengths": np.array([len(posted) for posted in lists], np.int32),
            "post_numbers": numbers.astype(np.int64),
        }

    @classmethod
    def load(cls, held: Mapping[str, NDArray[Any]]) -> TermPostings:
        """What `dump` gave."""
        posts, ends = cls(), np.cumsum(held["post_lengths"])[:-1]
        lists = np.split(held["post_numbers"], ends) if len(held["post_terms"]) else []
        posts._numbers = {
            term: array("q", numbers.tobytes())
            for term, numbers in zip(held["post_terms"].tolist(), lists, strict=True)
        }
        return posts
