"""Turns a text into numbers: one for each word, one for each three words in a row, and a sample of these for look-up.

It keeps no words, so that a window of texts fits in memory, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from octavo.core.words import places

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

_BOUND: Final = np.uint64((1 << 64) // SAMPLED)
# Steps from word to word that do not fit a byte are packed apart.
_FAR: Final = 255


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text as numbers, in order, with the code points where each starts and the text's length."""

    numbers: Numbers
    starts: Places
    length: int

    def __len__(self) -> int:
        return len(self.numbers)


def read_wording(text: str) -> tuple[Wording, Places]:
    """The wording of a text, and where its words end."""
    starts, ends, forms = places(text, MOST_WORDS)
    wording = Wording(word_numbers(forms), np.array(starts, np.int64), len(text))
    return wording, np.array(ends, np.int64)


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
    """A wording in little more than three bytes a word, for keeping."""
    steps = np.diff(wording.starts, prepend=0)
    far = steps >= _FAR
    near = np.where(far, _FAR, steps).astype(np.uint8)
    sizes = np.array([wording.length, len(wording)], np.uint32)
    return b"".join(part.tobytes() for part in (sizes, wording.numbers, steps[far].astype(np.uint32), near))


def unpack(packed: bytes) -> Wording:
    """The wording that was packed."""
    length, count = np.frombuffer(packed, np.uint32, 2).tolist()
    numbers = unpack_numbers(packed)
    steps = np.frombuffer(packed, np.uint8, count, len(packed) - count).astype(np.int64)
    far = np.frombuffer(packed[8 + 2 * count : len(packed) - count], np.uint32)
    steps[steps == _FAR] = far
    return Wording(numbers, np.cumsum(steps), length)


def unpack_numbers(packed: bytes) -> Numbers:
    """The word numbers alone of what was packed."""
    return np.frombuffer(packed, np.uint16, count_words(packed), 8)


def count_words(packed: bytes) -> int:
    """How many words were packed."""
    return int.from_bytes(packed[4:8], "little")
