"""Chooses the sentences of a story's other articles that tell a reader something which those they have read do not.

It compares sentences with sentences, by their words and their numbers; it knows no reader and writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from octavo.core.telling.accounts import Account, Line
from octavo.core.telling.measures import Measure, measured
from octavo.core.telling.timeline import can_be_a_line

# So many sentences are shown, so many of one article, and so many of each text are looked at.
MOST_SENTENCES: Final = 6
MOST_OF_ONE: Final = 2
READ: Final = 15
# A sentence has been read where one that was read has so much of its words, or all of them together so much.
NEAR: Final = 0.5
COVERED: Final = 0.75
# What new counts, and an opening, are worth beside the words that are new.
COUNT_WORTH, OPENING_WORTH = 0.5, 0.3
SHORTEST: Final = 4
# So many of its words must stand in other articles too: then it is on the subject.
SHARED: Final = 2


@dataclass(frozen=True, slots=True)
class Fresh:
    """A sentence that tells something new: the account's place among the others, and the sentence."""

    account: int
    line: Line


@dataclass(frozen=True)
class _Known:
    """What a reader has read: the words of each sentence and of all, the numbers, and what they count."""

    sentences: Sequence[frozenset[str]]
    words: frozenset[str]
    numbers: frozenset[float]
    counts: frozenset[tuple[Measure, float]]


def unread(read: Sequence[Account], others: Sequence[Account], most: int = MOST_SENTENCES) -> list[Fresh]:
    """The sentences of `others` that tell most beside what was `read`, in the order of time; none where nothing was read.

    Only texts in a language of those read are compared, and of copies only the first.
    """
    known, languages = _known(read), {account.language for account in read}
    subject = Counter(word for one in (*read, *others) for word in _words(one))
    found: list[tuple[float, Fresh]] = []
    for place, account in enumerate(others):
        if account.language in languages and account.is_report and not account.copy_of:
            for line in account.lines[:READ]:
                worth = _worth(line, known, subject)
                if worth > 0:
                    found.append((worth, Fresh(place, line)))
    chosen = _apart(sorted(found, key=lambda pair: (-pair[0], -others[pair[1].account].at.timestamp())), most)
    return sorted(chosen, key=lambda one: (others[one.account].at, one.account, one.line.place))


def _known(read: Sequence[Account]) -> _Known:
    lines = [line for account in read for line in (account.title, *account.lines)]
    return _Known(
        [line.words for line in lines if line.words],
        frozenset().union(*(line.words for line in lines)),
        frozenset(figure.value for line in lines for figure in line.figures),
        frozenset(count for line in lines for count in _counts(line)),
    )


def _counts(line: Line) -> set[tuple[Measure, float]]:
    return {(one.measure, one.figure.value) for one in measured(line) if not one.is_denied}


def _words(account: Account) -> frozenset[str]:
    return account.title.words.union(*(line.words for line in account.lines[:READ]))


def _worth(line: Line, known: _Known, subject: Counter[str]) -> float:
    """How much a sentence tells beside what is known; 0 for nothing, or where it cannot be read alone."""
    if len(line.words) < SHORTEST or not can_be_a_line(line):
        return 0.0
    news = len(line.words - known.words) / len(line.words)
    has_new_count = bool(_counts(line) - known.counts)
    nearest = max((len(line.words & other) for other in known.sentences), default=0) / len(line.words)
    if nearest >= NEAR or 1 - news >= COVERED:
        numbers = {figure.value for figure in line.figures}
        if not has_new_count and not (nearest >= NEAR and numbers - known.numbers):
            return 0.0
    shared = sum(subject[word] > 1 for word in line.words)
    if shared < SHARED:
        return 0.0
    return news * shared / len(line.words) + COUNT_WORTH * has_new_count + OPENING_WORTH / (1 + line.place)


def _apart(ranked: Sequence[tuple[float, Fresh]], most: int) -> list[Fresh]:
    """The best that do not repeat each other, and not too many of one article."""
    chosen: list[Fresh] = []
    for _worth_of, one in ranked:
        of_one = sum(other.account == one.account for other in chosen)
        if of_one < MOST_OF_ONE and not any(_repeats(one.line, other.line) for other in chosen):
            chosen.append(one)
        if len(chosen) == most:
            break
    return chosen


def _repeats(line: Line, other: Line) -> bool:
    """Whether two sentences tell one thing: in the same words, or with the same count, in whatever language."""
    is_near = len(line.words & other.words) >= NEAR * min(len(line.words), len(other.words))
    return is_near or bool(_counts(line) & _counts(other))
