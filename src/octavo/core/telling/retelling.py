"""Lays the sentences of a story's texts beside each other, and says whether one text says what a sentence of another says.

A text retells a sentence where a sentence or two of it hold nearly all of its words, weighed by rarity, and the claims
gate finds nothing against the sentence there: no other number, name, day, speaker or denial. It reads one language at a time
and chooses nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.terms import background, numbers
from octavo.core.telling.claims import CitedText, check
from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.figures import Figure, figures
from octavo.core.telling.leaning import leans, outside_quotes
from octavo.core.telling.names import names
from octavo.core.telling.salience import FIRST_PERSON, QUOTE_MARKS, read, weigh
from octavo.core.telling.summary import is_whole_thought
from octavo.core.telling.times import times
from octavo.core.telling.verbs import lemma_of
from octavo.core.telling.words import base_language, subject_words, words_of
from octavo.core.types import Article, Claim, Passage
from octavo.core.words import forms

# So many sentences of a text are compared; what comes later is searched, too, before something is said to be missing.
READ_SENTENCES: Final = 40
# The share of a sentence's weighed words that a passage must hold to retell it; of those that are no names it may miss so
# many, none of a few, with no more than this weight. Judged by reading gold stories and the demo press.
RETOLD: Final = 0.7
MISSING: Final = 0.15
LEFT: Final = 0.28
# The shares that neither a passage nor the whole of a text reaches that has nothing of a sentence, and none of its numbers.
UNTOLD: Final = 0.35
UNTOLD_IN_WHOLE: Final = 0.5
# Two neighbouring sentences may retell one of so many words that are no names, and no more names: fewer stand in any two.
FEWEST_FOR_TWO: Final = 4
# A longer sentence is a table or a heap, and is not compared.
LONGEST_SENTENCE: Final = 700
# A passage of more characters is a heap of words in which anything stands.
LONGEST_PASSAGE: Final = 600
# A sentence that may be shown has so many telling words; fewer are alike by chance. A headline is short by nature.
FEWEST_WORDS, MOST_WORDS = 5, 32
FEWEST_IN_HEADLINE, FEWEST_PLAIN = 3, 2
# A headline that ends so asks, or tells half.
ENDLESS: Final = "?؟.…"
# What a name adds to a sentence's merit: 'the car' of one sentence is told of in another.
NAMED: Final = 0.2
# Smaller numbers stand in every text for something.
SMALL_NUMBER: Final = 10
# The gate is asked at most so often for a story: it costs a millisecond.
MOST_CHECKS: Final = 400

# Little words that change what is said: where a sentence has one, so has the passage.
QUALIFYING: Final = {
    "en": words_of(
        """only first both last never more less most least every all none another second third largest biggest hours days
        weeks months years decades over against"""
    ),
    "ar": words_of("فقط أول الأول الأولى كل جميع أكثر أقل آخر الأخيرة أكبر كلا"),
}
# 'Settings > Themes' leads somewhere and tells nothing.
NAVIGATING: Final = ">|›"
# A quotation that opens with one of these means what was said before it.
POINTING: Final = words_of("he she it they this that these those them there هو هي هم هذا هذه ذلك تلك هؤلاء")
# What begins a clause that only adds to the one before; 'if' and 'unless' would take back what it says.
SHORTEST_CLAUSE: Final = 40
_ADDING: Final = {
    "en": re.compile(r",? (?:after|as|while|because|amid|following|despite)\b|, (?:which|who|whose|where|and|but|with)\b"),
    "ar": re.compile(r"،? (?:بعدما|بعد أن|فيما|بينما|حيث|وسط|عقب|إثر|بسبب) |، "),
}  # fmt: skip
# No clause by itself: it opens with a participle, or ends with what belongs to the clause behind.
_HALF: Final = re.compile(
    r"^\W*\w+ing\b|\b(?:shortly|soon|just|long|even|only|hours?|minutes?|days?|weeks?|months?|years?|time)$"
)
_WORD: Final = re.compile(r"[^\W_]+")
_ENDS: Final = re.compile(r"[.!۔。][\"”’»)]*$")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a text: the text's place among those given, and the span in its code points; empty for its headline."""

    text: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, the opening clause of one, or a headline, as it is compared. `is_candidate`: whether it may be shown."""

    place: Place
    lemmas: frozenset[str]
    names: frozenset[str]
    merit: float
    is_candidate: bool
    is_sentence: bool = True

    @property
    def plain(self) -> frozenset[str]:
        """The words that are no names."""
        return self.lemmas - self.names


@dataclass(frozen=True, slots=True)
class Whole:
    """The words and numbers of a whole text."""

    lemmas: frozenset[str]
    values: frozenset[float]


def whole_of(text: str, language: str) -> Whole:
    """A whole text by its words, names and little ones too, and its numbers."""
    words = frozenset(lemma_of(word, language) for word in _WORD.findall(text))
    values = frozenset(one.value for one in figures(text, language))
    return Whole(words | lemmas_of(text, language), values)


@dataclass(frozen=True)
class Reading:
    """The texts of one language as they are compared."""

    texts: Sequence[Article]
    language: str
    lines: Sequence[Line]

    @cached_property
    def windows(self) -> Sequence[Sequence[tuple[int, int]]]:
        """The passages of each text as (first, last) line: every sentence, then every two neighbours."""
        found: list[list[int]] = [[] for _ in self.texts]
        for at, line in enumerate(self.lines):
            if line.is_sentence:
                found[line.place.text].append(at)
        return [[*((at, at) for at in own), *pairwise(own)] for own in found]

    @cached_property
    def whole(self) -> Sequence[Whole]:
        """All words and numbers of each text."""
        return [whole_of(text.text, self.language) for text in self.texts]

    def is_silent(self, line: int, whole: Whole) -> bool:
        """Whether too few words of a line, weighed, and none of its numbers stand anywhere in a text.

        Only of what has a fact that can be looked for - a number, a quotation, a name that is not there - is silence told.
        """
        told = self.lines[line]
        sentence = self.text_of(told.place)
        held = sum(self.weights[word] for word in told.lemmas & whole.lemmas)
        if held >= UNTOLD_IN_WHOLE * sum(self.weights[word] for word in told.lemmas):
            return False
        values = _values_of(sentence, self.language)
        has_fact = bool(values or told.names - whole.lemmas or outside_quotes(sentence) != sentence)
        return has_fact and whole.values.isdisjoint(values)

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """How much each word tells: by its rarity in the language, and among the sentences of the story."""
        words = sorted(frozenset[str]().union(*(line.lemmas for line in self.lines)))
        known, counts = background(self.language)
        rare = np.log((known + 1) / (counts[numbers(words)] + 0.5)).clip(min=0.5)
        spread = Counter(word for line in self.lines for word in line.lemmas)
        here = np.log(1 + len(self.lines) / np.array([spread[word] for word in words], float))
        return dict(zip(words, (rare * here).tolist(), strict=True))

    def text_of(self, place: Place) -> str:
        """The words of a place."""
        if place.start == place.end:
            return self.texts[place.text].title
        return self.texts[place.text].text[place.start : place.end]

    def lemmas_of(self, place: Place) -> frozenset[str]:
        """The telling words of a place."""
        return lemmas_of(self.text_of(place), self.language)


def read_texts(texts: Sequence[Article]) -> Reading:
    """Reads the sentences of texts of one language."""
    language = base_language(texts[0].language, texts[0].text) if texts else ""
    return Reading(texts, language, [line for at, text in enumerate(texts) for line in _lines(at, text, language)])


def _lines(at: int, text: Article, language: str) -> Iterator[Line]:
    """A text's headline, and its sentences, behind each its opening clause where that can stand alone."""
    reading = read(text.text, language, text.title)
    merits = weigh(reading).merits
    if text.title.strip():
        yield _headline(at, text.title, language)
    for number, (start, end) in enumerate(reading.spans[:READ_SENTENCES]):
        if end - start > LONGEST_SENTENCE:
            continue
        start += behind_dateline(text.text[start:end])
        sentence, merit = text.text[start:end], float(merits[number])
        yield _line(Place(at, start, end), sentence, language, merit, reads_alone(sentence, language))
        length = opening_clause(sentence, language)
        if length and reads_alone(f"{sentence[:length]}.", language):
            clause = _line(Place(at, start, start + length), sentence[:length], language, merit, True)
            yield Line(clause.place, clause.lemmas, clause.names, clause.merit, clause.is_candidate, is_sentence=False)


def _line(place: Place, told: str, language: str, merit: float, is_alone: bool) -> Line:
    found = lemmas_of(told, language)
    named = _names(told, language) & found
    is_candidate = is_alone and FEWEST_WORDS <= len(found) <= MOST_WORDS
    return Line(place, found, named, merit + NAMED * bool(named), is_candidate)


def _headline(at: int, title: str, language: str) -> Line:
    """A headline as a line: the shortest telling of all, where it tells; it stands at no place of its text."""
    found = lemmas_of(title, language)
    named = _names(title, language) & found
    has_fact = bool(named) or any(counts(one) for one in figures(title, language))
    is_told = title.rstrip()[-1] not in ENDLESS and ":" not in title and not leans(title, language)
    is_long = len(found) >= FEWEST_IN_HEADLINE and len(found - named) >= FEWEST_PLAIN
    return Line(Place(at, 0, 0), found, named, 0.0, is_told and is_long and has_fact, is_sentence=False)


def opening_clause(sentence: str, language: str) -> int:
    """The length of what stands before the first clause that only adds to it ('after …', ', which …'); 0 for none."""
    pattern = _ADDING.get(language)
    match = pattern.search(sentence, SHORTEST_CLAUSE) if pattern else None
    if match is None or _HALF.search(clause := sentence[: match.start()]) or clause[:1] in "'‘":
        return 0
    return match.start()


def reads_alone(sentence: str, language: str) -> bool:
    """Whether a sentence can be shown by itself: whole, leaning on none before it, and nobody speaks of himself in it."""
    if not (_ENDS.search(sentence) and is_whole_thought(sentence)) or leans(sentence, language):
        return False
    if any(mark in sentence for mark in NAVIGATING) or (
        sentence[0] in QUOTE_MARKS and set(forms(sentence, 1)) & POINTING
    ):
        return False
    return language != "en" or FIRST_PERSON.search(outside_quotes(sentence)) is None


def counts(figure: Figure) -> bool:
    """Whether a number is a fact by itself."""
    return not figure.is_silent and not figure.is_ordinal and figure.value >= SMALL_NUMBER


def _values_of(told: str, language: str) -> frozenset[float]:
    """The numbers of a sentence that are facts by themselves, its times left out."""
    dated = [(time.start, time.end) for time in times(told)]
    return frozenset(one.value for one in figures(told, language, dated) if counts(one))


def lemmas_of(sentence: str, language: str) -> frozenset[str]:
    """The telling words of a sentence."""
    return frozenset(lemma_of(word, language) for word in subject_words(sentence, language))


def _names(sentence: str, language: str) -> frozenset[str]:
    return frozenset(lemma_of(word, language) for name in names(sentence, language) for word in name.words)


@dataclass(frozen=True)
class Compared:
    """How much of each line that may be shown stands in each text [lines, texts]: the best share of a passage, and which."""

    reading: Reading
    shares: Floats
    best: NDArray[np.int64]

    def passage(self, line: int, text: int) -> Place:
        """The passage of a text that holds most of a line."""
        first, last = self.reading.windows[text][int(self.best[line, text])]
        lines = self.reading.lines
        return Place(text, lines[first].place.start, lines[last].place.end)

    def is_untold(self, line: int, text: int) -> bool:
        """Whether a text has nothing of a line but words that any text of the story has, and none of its numbers."""
        return bool(self.shares[line, text] < UNTOLD) and self.reading.is_silent(line, self.reading.whole[text])

    def may_be_retold(self, line: int, text: int) -> bool:
        """Whether a passage of a text has nearly all telling words of a line, and those that qualify it."""
        told, passage = self.reading.lines[line], self.passage(line, text)
        if self.shares[line, text] < RETOLD or passage.end - passage.start > LONGEST_PASSAGE:
            return False
        if self._is_two(line, text) and not _may_take_two(told):
            return False
        missing = told.plain - self.reading.lemmas_of(passage)
        if len(missing) > int(MISSING * len(told.plain)) or self._weight(missing) > LEFT * self._weight(told.plain):
            return False
        qualifying = QUALIFYING.get(self.reading.language, frozenset()).intersection(
            forms(self.reading.text_of(told.place))
        )
        return qualifying <= set(forms(self.reading.text_of(passage)))

    def _weight(self, words: Collection[str]) -> float:
        return sum(self.reading.weights[word] for word in words)

    def _is_two(self, line: int, text: int) -> bool:
        first, last = self.reading.windows[text][int(self.best[line, text])]
        return first != last


def _may_take_two(line: Line) -> bool:
    return line.is_sentence and len(line.plain) >= max(FEWEST_FOR_TWO, len(line.names))


def compare(reading: Reading) -> Compared:
    """Lays every line that may be shown beside every text; cost grows with lines times sentences."""
    column = {word: at for at, word in enumerate(reading.weights)}
    holds = _rows((line.lemmas for line in reading.lines), column)
    shown = np.array([at for at, line in enumerate(reading.lines) if line.is_candidate], np.int64)
    weighed = holds[shown] * np.array(list(reading.weights.values()), np.float32)
    size = (len(reading.lines), len(reading.texts))
    shares, best = np.zeros(size), np.zeros(size, np.int64)
    for text, spans in enumerate(reading.windows):
        if spans and len(shown):
            held = _share(weighed, np.stack([np.maximum(holds[first], holds[last]) for first, last in spans]))
            # Of equal ones the single sentence, which stands first.
            best[shown, text], shares[shown, text] = held.argmax(axis=1), held.max(axis=1)
    return Compared(reading, shares, best)


def _rows(found: Iterable[frozenset[str]], column: Mapping[str, int]) -> NDArray[np.float32]:
    """Sets of words as rows [sets, words]; what is no column is left out."""
    sets = list(found)
    rows = np.zeros((len(sets), len(column)), np.float32)
    for row, words in enumerate(sets):
        rows[row, [column[word] for word in words if word in column]] = 1
    return rows


def _share(weighed: NDArray[np.float32], rows: NDArray[np.float32]) -> Floats:
    """What share of each line's weight each row holds [lines, rows]; all of a line that has none."""
    total = weighed.sum(axis=1, keepdims=True)
    # A text has few of a story's words: the others add nothing to any share.
    its = np.flatnonzero(rows.any(axis=0))
    held: Floats = np.where(total > 0, (weighed[:, its] @ rows[:, its].T) / total.clip(min=1e-6), 1.0)
    return held


class Gate:
    """Asks the claims gate whether texts bear a sentence, at most MOST_CHECKS times; afterwards nothing is borne."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._texts = {(str(at), 1): self._cited(at) for at in range(len(reading.texts))}
        self.left = MOST_CHECKS

    def _cited(self, at: int) -> CitedText:
        one = self._reading.texts[at]
        return CitedText(one.text, one.published, self._reading.language)

    def bears(self, shown: Place, passage: Place) -> bool:
        """Whether a passage of another text says what a sentence says."""
        if self.left <= 0:
            return False
        self.left -= 1
        claim = Claim(self._reading.text_of(shown), (Passage(str(passage.text), 1, passage.start, passage.end),))
        return check(claim, self._texts, self._day(shown.text)).holds

    def _day(self, text: int) -> date | None:
        published = self._reading.texts[text].published
        return published.date() if published else None
