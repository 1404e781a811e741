"""Remembers which articles had a sampled shingle lately: a table of fixed size, however long the stream runs.

A bucket keeps its newest entries only, so that what stands in every article costs no more than what stands in two. What it
answers depends on the newest articles alone: filling it with these again, in order, gives the same answers.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from octavo.core.folding.wording import SAMPLED, Hashes, Places

# Articles that one bucket remembers.
WAYS: Final = 6
# Shingles that an article of usual length has looked up, and how full the table may become with a full window of them.
USUAL: Final = 700 // SAMPLED
FULL: Final = 0.75


class Postings:
    """Sampled shingles to the numbers of the articles that had them, the newest six a bucket."""

    def __init__(self, window: int) -> None:
        buckets = 1 << max(8, int(np.ceil(np.log2(window * USUAL / (WAYS * FULL)))))
        self._mask = np.uint64(buckets - 1)
        self._window = window
        # The number of the article plus one, 0 for none; and eight more bits of the shingle, to tell those that share a bucket.
        self._article = np.zeros((buckets, WAYS), np.int32)
        self._mark = np.zeros((buckets, WAYS), np.uint8)

    def find(self, hashes: Hashes, count: int) -> tuple[Places, Places]:
        """Who has these shingles among the window's articles, `count` having arrived: places in `hashes`, and numbers."""
        bucket, mark = self._where(hashes)
        articles = self._article[bucket]
        held = (self._mark[bucket] == mark[:, None]) & (articles > max(0, count - self._window))
        rows, ways = np.nonzero(held)
        return rows, articles[rows, ways].astype(np.int64) - 1

    def add(self, hashes: Hashes, number: int) -> None:
        """Notes that an article has these shingles; each takes the place of its bucket's oldest entry."""
        bucket, mark = self._where(hashes)
        way = self._article[bucket].argmin(axis=1)
        self._article[bucket, way] = number + 1
        self._mark[bucket, way] = mark

    def _where(self, hashes: Hashes) -> tuple[Places, np.ndarray[tuple[int], np.dtype[np.uint8]]]:
        """The bucket of each shingle, and its mark in there."""
        bucket = (hashes & self._mask).astype(np.int64)
        return bucket, (hashes >> np.uint64(40)).astype(np.uint8)
