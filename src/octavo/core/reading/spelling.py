"""Decides which name a misspelt word of a query was meant to be, of the names that occur here. It looks none up itself.

Words are compared without accents, capitals and the spellings that Arabic writers vary; the distance is that of Damerau
(1964), restricted: one for each letter that is wrong, missing, too many, or exchanged with its neighbour.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from octavo.core.words import fold, fold_arabic

# Shorter words are near too many others. From LONG letters on, two may be wrong.
SHORTEST: Final = 4
LONG: Final = 8
# A name must stand in at least so many articles, and in so many times as many as the word itself.
LEAST_ARTICLES: Final = 2
TIMES_AS_MANY: Final = 10
# A word that stands in so many articles is no mistake.
KNOWN_IN: Final = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it occurs: how it is compared, how it is written, and in how many articles."""

    plain: str
    written: str
    articles: int


def plain(word: str) -> str:
    """A word as names are compared: lower case, without accents, Arabic spellings as one."""
    spelled = fold_arabic(fold(word))
    if spelled.isascii():
        return spelled
    return "".join(letter for letter in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(letter))


def allowed(word: str) -> int:
    """How many letters of a plain word may be wrong: 0 where it is too short to tell."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < LONG else 2


def intact(word: str) -> tuple[str, str]:
    """A beginning and an end of a plain word, of which one is right where all mistakes are not in both of them."""
    length = max(2, len(word) // (allowed(word) + 1))
    return word[:length], word[-length:]


def meant(word: str, names: Iterable[Name], articles: int = 0) -> Name | None:
    """The name that a plain word, which stands in so many articles itself, was meant to be; None where it is none.

    The nearest, and of equally near ones the commonest. A word that is a name itself is meant as it stands.
    """
    least, most = max(LEAST_ARTICLES, TIMES_AS_MANY * articles), allowed(word)
    found = sorted(
        (distance(word, one.plain, most), -one.articles, one.written, one) for one in _alike(word, names, most)
    )
    if not found or articles >= KNOWN_IN:
        return None
    off, _, _, nearest = found[0]
    return nearest if 0 < off <= most and nearest.articles >= least else None


def _alike(word: str, names: Iterable[Name], most: int) -> Iterator[Name]:
    """The names that can be near enough by their length and letters: cheap to see, before the distance is reckoned."""
    letters = set(word)
    for one in names:
        if abs(len(one.plain) - len(word)) <= most and len(letters - set(one.plain)) <= most:
            yield one


def distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong between two words, or `most` + 1 where they are more."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            steps = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != against))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against
            now.append(min(steps, before[column - 2] + 1) if swapped else steps)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return min(last[-1], most + 1)
