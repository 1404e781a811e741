"""Finds what a text tells of others' words: each quote verbatim, its kind, and who is said to have said it.

English is labelled by a fitted model (attribution.py); other languages go by their quotation marks and reporting words
(reporting.py). A quote's text is always the text's own, character by character; no speaker is named that the text does
not name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from octavo.core.telling.attribution import BEGIN, INSIDE, Labelled, Model, is_sentence, model_of
from octavo.core.telling.marks import marked_spans
from octavo.core.telling.mentions import Mention, Told, choose, scene
from octavo.core.telling.naming import Namer
from octavo.core.telling.reporting import guess_language, reported
from octavo.core.telling.tokens import Words, read_words
from octavo.core.words import primary


@dataclass(frozen=True, slots=True)
class Quote:
    """What another said or is said to think, at `start` to `end` of the text in code points.

    `kind` is direct (all in quotation marks), mixed (partly) or indirect. `speaker` is the resolved name, empty where the
    text names nobody; `speaker_start` and `speaker_end` mark the mention beside the quote, even a pronoun.
    """

    start: int
    end: int
    text: str
    kind: str
    speaker: str = ""
    speaker_start: int | None = None
    speaker_end: int | None = None


def told_spans(words: Words, labelled: Labelled) -> list[Told]:
    """What is told of others according to the labels, in order; a marked stretch is in it as a whole or not at all.

    A sentence in marks is a quote by itself, whatever the labels say of it: 1,040 of 1,090 are in the development set.
    """
    found: list[Told] = []
    ranges = _ranges_of_stretches(words)
    sentences = [ranges[number] for number, span in enumerate(words.spans) if is_sentence(words.text, span)]
    whole = [_without_rest(words, ranges, *_whole(words, ranges, *run)) for run in _runs(words, labelled.labels)]
    for first, last in _split(whole, sentences):
        if found and first <= found[-1].last:
            first = found[-1].last + 1
        if any(form[0].isalnum() for form in words.forms[first : last + 1]):
            found.append(Told(first, last, _kind(words, ranges, first, last)))
    return found


def _split(runs: Sequence[tuple[int, int]], sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The sentences, and what is left of each run before its first sentence or where it has none; in order."""
    upcoming = 0
    for first, last in runs:
        while upcoming < len(sentences) and sentences[upcoming][1] < first:
            yield sentences[upcoming]
            upcoming += 1
        if upcoming == len(sentences) or sentences[upcoming][0] > last:
            yield first, last
        elif first < sentences[upcoming][0]:
            yield first, sentences[upcoming][0] - 1
    yield from sentences[upcoming:]


def _runs(words: Words, labels: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The runs of words that the labels begin and go on with, as (first, last)."""
    first = -1
    for at, label in enumerate(labels):
        goes_on = label == INSIDE and first >= 0 and not words.opens[at]
        if first >= 0 and not goes_on:
            yield first, at - 1
            first = -1
        if first < 0 and label in (BEGIN, INSIDE):
            first = at
    if first >= 0:
        yield first, len(labels) - 1


def _ranges_of_stretches(words: Words) -> dict[int, tuple[int, int]]:
    """The first and last word of each marked stretch."""
    ranges: dict[int, tuple[int, int]] = {}
    for at, number in enumerate(words.marked):
        if number >= 0:
            ranges[number] = (ranges[number][0] if number in ranges else at, at)
    return ranges


def _whole(words: Words, ranges: dict[int, tuple[int, int]], first: int, last: int) -> tuple[int, int]:
    """A run widened to a marked stretch that it has most of, or drawn back from one of which it has less."""
    if words.marked[first] >= 0:
        low, high = ranges[words.marked[first]]
        first = low if min(high, last) - first >= first - low else min(high + 1, last)
    if words.marked[last] >= 0:
        low, high = ranges[words.marked[last]]
        last = high if last - max(low, first) >= high - last else max(low - 1, first)
    return first, last


def _without_rest(words: Words, ranges: dict[int, tuple[int, int]], first: int, last: int) -> tuple[int, int]:
    """A run without what follows a marked stretch that it begins with, where that ends like a sentence: so it is in 98
    of 100 cases of the development set, while the labels sometimes run on to the next marks."""
    number = words.marked[first]
    if number < 0 or ranges[number][0] != first:
        return first, last
    span = words.spans[number]
    ends = words.text[span.end - 1 - span.closed] in ",.?!…—" and not words.text.startswith(" by ", span.end)
    return (first, ranges[number][1]) if ends else (first, last)


def _kind(words: Words, ranges: dict[int, tuple[int, int]], first: int, last: int) -> str:
    number = words.marked[first]
    if number >= 0 and ranges[number] == (first, last):
        return "direct"
    return "mixed" if any(inside >= 0 for inside in words.marked[first : last + 1]) else "indirect"


class Engine:
    """Finds quotes by fitted weights, those of the labels and those of the speakers, where a text is English."""

    def __init__(self, model: Model, ranking: Mapping[str, float]) -> None:
        self._model, self._ranking = model, ranking

    def quotes(self, text: str, language: str = "") -> list[Quote]:
        """The quotes of a text in its order; none overlaps another. `language` is a BCP 47 tag, guessed where empty."""
        language = primary(language) or guess_language(text)
        words = read_words(text, marked_spans(text, language))
        found = self._labelled(words) if language == "en" else reported(words, language)
        namer = Namer(words)
        return [_quote(words, told, mention, namer) for told, mention in found]

    def _labelled(self, words: Words) -> Iterator[tuple[Told, Mention | None]]:
        labelled = self._model.label(words)
        told = told_spans(words, labelled)
        return zip(told, choose(scene(words, labelled, told), self._ranking), strict=True)


def _quote(words: Words, told: Told, mention: Mention | None, namer: Namer) -> Quote:
    start, end = words.start[told.first], words.stop[told.last]
    if mention is None:
        return Quote(start, end, words.text[start:end], told.kind)
    at, to = words.start[mention.first], words.stop[mention.last]
    return Quote(start, end, words.text[start:end], told.kind, namer.name(mention), at, to)


@cache
def engine() -> Engine:
    """The engine with the weights that are shipped."""
    file = resources.files("octavo.core.weights").joinpath("quotes.en.json")
    document = json.loads(file.read_text(encoding="utf-8"))
    return Engine(model_of(document), document["speakers"])


def quotes(text: str, language: str = "") -> list[Quote]:
    """What a text tells of others' words, in order, no two overlapping; `language` is a BCP 47 tag, guessed where empty.

    The same text always gives the same. Any text is taken; time is linear in its length.
    """
    return engine().quotes(text, language)
