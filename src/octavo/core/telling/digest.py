"""Decides how much of each story fits into the minutes that a reader has; it neither chooses stories nor sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from octavo.core.telling.words import WORD

# Silent reading of plain prose, in words a minute (Brysbaert 2019: 238 in English, less in most other languages).
WORDS_A_MINUTE: Final = 220


def fill(stories: Sequence[Sequence[int]], words: int) -> list[int]:
    """How many sentences of each story are told within so many words, the first ones of each; `stories` has their lengths.

    Each story gets its next sentence in turn, so that none is long while another has not begun. A story whose next
    sentence does not fit ends there.
    """
    left = words
    counts = [0] * len(stories)
    open_ones = list(range(len(stories)))
    while open_ones:
        still_open = []
        for at in open_ones:
            if counts[at] < len(stories[at]) and stories[at][counts[at]] <= left:
                left -= stories[at][counts[at]]
                counts[at] += 1
                still_open.append(at)
        open_ones = still_open
    return counts


def words_for(minutes: int) -> int:
    """How many words are read in so many minutes."""
    return minutes * WORDS_A_MINUTE


def words_in(sentence: str) -> int:
    """How many words a sentence has."""
    return len(WORD.findall(sentence))


def minutes_for(words: int) -> int:
    """The whole minutes that reading so many words takes, at least 1."""
    return max(1, round(words / WORDS_A_MINUTE))
