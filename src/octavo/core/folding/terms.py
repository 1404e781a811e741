"""Knows how common a word is, in each language by itself: what shipped counts say, and what the stream has shown so far.

Terms are numbered by a hash, so that memory is bounded however long the stream runs; it holds no words and no articles.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# 2^21 numbers: among the 200,000 stems of a full window, one pair of words in ten shares a number with some other.
NUMBERS: Final = 1 << 21
# A language without shipped counts starts as if so many articles without any of its words had been seen.
PRIOR_ARTICLES: Final = 200
SHIPPED: Final = frozenset({"en"})

Ids = NDArray[np.int32]
Floats = NDArray[np.float32]


@lru_cache(maxsize=1 << 17)
def number(term: str) -> int:
    """The number of a term, 1 to NUMBERS - 1; the same on every machine. 0 is no term."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass")) % (NUMBERS - 1) + 1


def numbers(terms: Iterable[str]) -> Ids:
    """The numbers of terms, in order."""
    return np.array([number(term) for term in terms], dtype=np.int32)


class Terms:
    """Document frequencies of each language: the shipped background, and every article learnt since."""

    def __init__(self) -> None:
        self._articles: dict[str, int] = {}
        self._counts: dict[str, Floats] = {}

    def learn(self, language: str, ids: Ids) -> None:
        """Counts one article's terms; `ids` has each once."""
        self._known(language)[ids] += 1
        self._articles[language] += 1

    def rarity(self, language: str, ids: Ids) -> Floats:
        """The inverse document frequency of each term, log((N + 1) / (df + 1/2)), nothing below 0."""
        counts = self._known(language)[ids]
        rare: Floats = np.log((self._articles[language] + 1) / (counts + 0.5))
        return np.maximum(rare, 0, dtype=np.float32)

    def greatest_rarity(self, language: str) -> float:
        """The rarity of a word that no article of a language has had."""
        self._known(language)
        return math.log((self._articles[language] + 1) / 0.5)

    def dump(self) -> dict[str, NDArray[Any]]:
        """What was learnt beyond the shipped counts, by language: the articles, then the terms and their counts."""
        held: dict[str, NDArray[Any]] = {}
        for language, counts in self._counts.items():
            learnt = np.flatnonzero(counts != background(language)[1]).astype(np.int32)
            held |= {f"{language}.articles": np.array(self._articles[language]), f"{language}.ids": learnt}
            held[f"{language}.counts"] = counts[learnt]
        return held

    @classmethod
    def load(cls, held: Mapping[str, NDArray[Any]]) -> Terms:
        """What `dump` gave."""
        terms = cls()
        for language in (name.removesuffix(".articles") for name in held if name.endswith(".articles")):
            terms._known(language)[held[f"{language}.ids"]] = held[f"{language}.counts"]
            terms._articles[language] = int(held[f"{language}.articles"])
        return terms

    def _known(self, language: str) -> Floats:
        """A language's counts; made from the shipped ones when it is first met."""
        if language not in self._counts:
            self._articles[language], self._counts[language] = background(language)
            self._counts[language] = self._counts[language].copy()
        return self._counts[language]


@cache
def background(language: str) -> tuple[int, Floats]:
    """The shipped counts of a language, by term number: how many articles, and how many of them have each term."""
    counts = np.zeros(NUMBERS, np.float32)
    if language not in SHIPPED:
        return PRIOR_ARTICLES, counts
    path = resources.files("octavo.core.weights") / f"terms.{language}.json"
    shipped = json.loads(path.read_text(encoding="utf-8"))
    for count, stems in shipped["stems"].items():
        counts[numbers(stems.split())] += int(count)
    return int(shipped["articles"]), counts
