"""Turns a text into numbers: one for each word, one for each three words in a row, and a sample of these for look-up.

It keeps no words, so that a window of texts fits in memory, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from octavo.core.words import LONGEST_WORD, Word, cut, words

# A text is compared by so many of its first words.
MOST_WORDS: Final = 2_000
# Words in a row that count as the same passage.
SHINGLE: Final = 3
# One shingle in so many is looked up, and of a short text at least so many: the same ones in every text that has them
# (Broder, 'On the resemblance and containment of documents', 1997: modulo sketch), so that a part finds its whole.
SAMPLED: Final = 12
LEAST_SAMPLED: Final = 32

Numbers = NDArray[np.uint16]
Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

# Stretches of letters whose number is remembered.
REMEMBERED: Final = 1 << 16

_BOUND: Final = np.uint64((1 << 64) // SAMPLED)
# Steps from word to word that do not fit half a byte are packed apart.
_FAR: Final = 15


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text as numbers, in order, with the code points where each starts and the text's length."""

    numbers: Numbers
    starts: Places
    length: int

    def __len__(self) -> int:
        return len(self.numbers)


class _Known(dict[str, int]):
    """The number of a stretch of letters that is one word, -1 of one that is none or several; each worked out once."""

    def __missing__(self, stretch: str) -> int:
        found = word_numbers(word.form for word in islice(words(stretch), 2))
        number = int(found[0]) if len(found) == 1 else -1
        if len(self) >= REMEMBERED:
            self.clear()
        if len(stretch) <= LONGEST_WORD:
            self[stretch] = number
        return number


_known: Final = _Known()


def read_wording(text: str) -> tuple[Wording, Places]:
    """The wording of a text, and where its words end."""
    parts = cut(text, MOST_WORDS)
    stretches = parts[1::2]
    edges = np.fromiter(map(len, parts), np.int64, len(parts)).cumsum()
    numbers = np.fromiter(map(_known.__getitem__, stretches), np.int64, len(stretches))
    starts, ends = edges[:-1:2], edges[1::2]
    if (odd := np.flatnonzero(numbers < 0)).size:
        numbers, starts, ends = _unfolded(numbers, starts, ends, odd, [_words_of(stretches[k]) for k in odd.tolist()])
    numbers, starts, ends = (array[:MOST_WORDS] for array in (numbers, starts, ends))
    return Wording(numbers.astype(np.uint16), starts, len(text)), ends


def _words_of(stretch: str) -> tuple[Word, ...]:
    """The words of a stretch of letters, remembered where it is short."""
    return _remembered(stretch) if len(stretch) <= LONGEST_WORD else tuple(words(stretch))


@lru_cache(maxsize=1 << 12)
def _remembered(stretch: str) -> tuple[Word, ...]:
    return tuple(words(stretch))


def _unfolded(
    numbers: Places, starts: Places, ends: Places, odd: Places, several: Sequence[Sequence[Word]]
) -> tuple[Places, Places, Places]:
    """Numbers, starts and ends with all the words of the stretches at `odd`, which are not one word each."""
    counts = np.ones(len(numbers), np.int64)
    counts[odd] = [len(its) for its in several]
    there = np.repeat(numbers, counts) < 0
    flat = [word for its in several for word in its]
    numbers, starts, ends = (np.repeat(array, counts) for array in (numbers, starts, ends))
    numbers[there] = word_numbers(word.form for word in flat)
    ends[there] = starts[there] + np.array([word.end for word in flat], np.int64)
    starts[there] += np.array([word.start for word in flat], np.int64)
    return numbers, starts, ends


def word_numbers(forms: Iterable[str]) -> Numbers:
    """A number below 65,536 for each word, the same on every machine. A few words share one; three in a row hardly do."""
    written = " ".join(forms).encode("utf-8", "surrogatepass")
    return np.array(list(map(crc32, written.split())), np.uint32).astype(np.uint16)


def shingles(numbers: Numbers) -> Hashes:
    """A well-mixed number for each three words in a row; none of a text of two."""
    count = len(numbers) - SHINGLE + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    wide = numbers.astype(np.uint64)
    joined = np.zeros(count, np.uint64)
    for place in range(SHINGLE):
        joined = (joined << np.uint64(16)) | wide[place : place + count]
    return _mixed(joined)


def _mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): near values become far ones."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def sample(hashes: Hashes) -> Places:
    """The places of the shingles that are looked up, in the order of their hashes, each hash once."""
    chosen = np.flatnonzero(hashes < _BOUND)
    if len(chosen) < LEAST_SAMPLED:
        chosen = np.argsort(hashes, kind="stable")[:LEAST_SAMPLED]
    first = np.unique(hashes[chosen], return_index=True)[1]
    found: Places = chosen[first]
    return found


def pack(wording: Wording) -> bytes:
    """A wording in little more than two and a half bytes a word, for keeping."""
    steps = np.diff(wording.starts, prepend=0)
    far = steps >= _FAR
    near = np.append(np.where(far, _FAR, steps), [0] * (len(steps) % 2)).astype(np.uint8)
    sizes = np.array([wording.length, len(wording)], np.uint32)
    parts = sizes, wording.numbers, steps[far].astype(np.uint32), near[::2] << 4 | near[1::2]
    return b"".join(part.tobytes() for part in parts)


def unpack(packed: bytes) -> Wording:
    """The wording that was packed."""
    length, count = np.frombuffer(packed, np.uint32, 2).tolist()
    half = (count + 1) // 2
    pairs = np.frombuffer(packed, np.uint8, half, len(packed) - half)
    steps = np.stack([pairs >> 4, pairs & 15], axis=1).ravel()[:count].astype(np.int64)
    steps[steps == _FAR] = np.frombuffer(packed[8 + 2 * count : len(packed) - half], np.uint32)
    return Wording(unpack_numbers(packed), np.cumsum(steps), length)


def unpack_numbers(packed: bytes) -> Numbers:
    """The word numbers alone of what was packed."""
    return np.frombuffer(packed, np.uint16, count_words(packed), 8)


def count_words(packed: bytes) -> int:
    """How many words were packed."""
    return int.from_bytes(packed[4:8], "little")
