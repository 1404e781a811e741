"""Reads the articles of a story once for all that is told of it beside its summary; it chooses and compares nothing.

An account is one article with what the desk knows of it. Its sentences, times and numbers are found on first use and kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.figures import Figure, figures
from octavo.core.telling.leaning import leans
from octavo.core.telling.sentences import sentences
from octavo.core.telling.summary import is_whole_thought
from octavo.core.telling.times import Time, times
from octavo.core.telling.words import base_language, subject_words
from octavo.core.types import Article
from octavo.core.words import stems

# Of each text so many sentences are read, and of each sentence so many characters: a longer one is a table.
MOST_SENTENCES: Final = 30
LONGEST_SENTENCE: Final = 700


@dataclass(frozen=True)
class Line:
    """A sentence at `start` to `end` of a text, in code points, without its dateline; or the title, at no place."""

    text: str
    language: str
    place: int
    start: int = 0
    end: int = 0

    @cached_property
    def times(self) -> Sequence[Time]:
        """The times that it names."""
        return times(self.text)

    @cached_property
    def figures(self) -> Sequence[Figure]:
        """The numbers that it names, without its times and what counts nothing ('first', 'both')."""
        spans = [(time.start, time.end) for time in self.times]
        return [one for one in figures(self.text, self.language, spans) if not one.is_silent and not one.is_ordinal]

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of the words that tell its subject, each once."""
        return frozenset(stems(subject_words(self.text, self.language), self.language))

    @cached_property
    def reads_alone(self) -> bool:
        """Whether it can be shown by itself: whole, no question, and not pointing at the sentence before."""
        return is_whole_thought(self.text) and not leans(self.text, self.language, is_first=self.place <= 0)


@dataclass(frozen=True)
class Account:
    """An article as one of those that tell a story.

    `copy_of` is the article of the story whose text it shares, empty where its text is its own; `earlier` are the texts
    of its older versions, the oldest first; `at` is when its text was last changed, or published where it never was, in the
    publisher's own zone; `has_time` tells whether more than the day of that is known.
    """

    article: Article
    at: datetime
    copy_of: str = ""
    is_report: bool = True
    has_time: bool = True
    earlier: Sequence[str] = field(default=(), repr=False)

    @cached_property
    def language(self) -> str:
        """The primary language of the text."""
        return base_language(self.article.language, self.article.text)

    @cached_property
    def title(self) -> Line:
        """The headline."""
        return Line(self.article.title[:LONGEST_SENTENCE], self.language, -1)

    @cached_property
    def lines(self) -> Sequence[Line]:
        """The first sentences of the text in their order."""
        return lines_of(self.article.text, self.language)

    @cached_property
    def before(self) -> Sequence[Sequence[Line]]:
        """The first sentences of each older version, the oldest first."""
        return [lines_of(text, self.language) for text in self.earlier]


def lines_of(text: str, language: str) -> list[Line]:
    """The first sentences of a text; a dateline is no part of them, and what is too long for a sentence is left out."""
    found = []
    for place, (start, end) in enumerate(sentences(text, language)):
        if place == MOST_SENTENCES:
            break
        if end - start <= LONGEST_SENTENCE:
            start += behind_dateline(text[start:end])
            found.append(Line(text[start:end], language, place, start, end))
    return found
