"""Weighs how much each word, pair of words and sentence of a text belongs into its summary; it chooses no sentence.

A summary is good where it holds the words that a person would have used (word importance: Hong and Nenkova, EACL 2014).
So each word and each pair of neighbouring words gets the probability that a person's summary holds it, and each sentence
what it would add by where and how it stands. The weights are learned; see `training/summaries.py`.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.telling.sentences import sentences
from octavo.core.telling.words import STOPWORDS, base_language
from octavo.core.words import words

# Longer texts are judged by their beginning: news puts the subject there.
READ: Final = 80
# A sentence's words beyond these are not looked at; a 'sentence' of thousands is a table.
LONGEST_SENTENCE: Final = 120
# Log-odds by which a word of the headline is likelier to be told. Chosen, not fitted: the training texts have no headlines.
TITLE_ODDS: Final = 1.0
# Little words that lists of subject words leave out, yet are as telling as those.
LITTLE: Final = {
    "en": frozenset(["a", "an", "the", "is", "it", "as", "or", "of", "to", "in", "on", "at", "and", "was", "be"])
}
QUOTE_MARKS: Final = '"“”«»„'
FIRST_PERSON = re.compile(r"\b(?:I|we|We|you|You|my|My|our|Our)\b")

WORD_FEATURES: Final = (
    "bias", "log_count", "log_sentences", "share", "nearness", "in_first", "in_first_three", "place", "little", "name",
    "name_log_count", "name_in_first", "number", "length", "short", "little_log_count", "count_by_nearness", "once",
    "log_length", "recurring_lead",
)  # fmt: skip
PAIR_FEATURES: Final = (
    "bias", "log_count", "recurs", "nearness", "in_first", "in_first_three", "names", "left_name", "right_name",
    "left_little", "right_little", "littles", "left_number", "right_number", "left_log_count", "right_log_count",
    "log_counts", "recurring_names", "recurring_lead", "log_length", "least_log_count",
)  # fmt: skip
SENTENCE_FEATURES: Final = (
    "nearness", "first", "second", "third", "log_place", "place", "first_five", "first_ten", "length", "length_squared",
    "is_short", "is_long", "weight", "mean_count", "recurring_share", "recurring", "centrality", "lead_share", "names",
    "name_weight", "chief_name", "number", "quoted", "opens_quoted", "question", "first_person", "commas",
)  # fmt: skip

Floats = NDArray[np.float64]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SummaryWeights:
    """What was fitted: log-odds of words and pairs, and and what a sentence adds by itself."""

    words: Floats
    pairs: Floats
    sentences: Floats
    bias: float


@dataclass(frozen=True)
class Reading:
    """A text as it is weighed: its sentences in code points, their words, and the counts that the features need."""

    text: str
    language: str
    spans: Sequence[tuple[int, int]]
    tokens: Sequence[Sequence[str]]
    counts: Mapping[str, int]
    in_sentences: Mapping[str, int]
    first: Mapping[str, int]
    names: frozenset[str]
    little: frozenset[str]
    title: frozenset[str]


@dataclass(frozen=True)
class Salience:
    """Probabilities of words and of pairs to be told, and the merit of each sentence, all by the reading's order."""

    words: Mapping[str, float]
    pairs: Mapping[Pair, float]
    merits: Floats


@cache
def shipped_weights() -> SummaryWeights:
    """The weights that Octavo ships."""
    told = json.loads((resources.files("octavo.core.weights") / "summary.json").read_text(encoding="utf-8"))

    def row(part: str, names: Sequence[str]) -> Floats:
        return np.array([told[part][name] for name in names])

    return SummaryWeights(
        row("words", WORD_FEATURES),
        row("pairs", PAIR_FEATURES),
        row("sentences", SENTENCE_FEATURES),
        float(told["bias"]),
    )


def read(text: str, language: str = "", title: str = "") -> Reading:
    """Reads a text's sentences and counts its words."""
    language = base_language(language, text or title)
    spans = list(sentences(text, language))[:READ]
    tokens: list[list[str]] = []
    capitals: Counter[str] = Counter()
    small: Counter[str] = Counter()
    first: dict[str, int] = {}
    for place, (start, end) in enumerate(spans):
        sentence = text[start:end]
        found = [word for word, _ in zip(words(sentence), range(LONGEST_SENTENCE), strict=False)]
        for word in found:
            first.setdefault(word.form, place)
            (capitals if word.start > 0 and sentence[word.start].isupper() else small)[word.form] += 1
        tokens.append([word.form for word in found])
    counts = Counter(form for row in tokens for form in row)
    spread = Counter(form for row in tokens for form in set(row))
    names = frozenset(form for form in counts if capitals[form] > small[form])
    little = STOPWORDS.get(language, frozenset()) | LITTLE.get(language, frozenset())
    headline = frozenset(word.form for word in words(title)) - little
    return Reading(text, language, spans, tokens, counts, spread, first, names, little, headline)


def weigh(reading: Reading, weights: SummaryWeights | None = None) -> Salience:
    """The probabilities and merits of a reading."""
    weights = weights or shipped_weights()
    in_title = np.array([word in reading.title for word in reading.counts])
    told = logistic(word_features(reading) @ weights.words + TITLE_ODDS * in_title)
    pairs = pair_counts(reading)
    paired = logistic(pair_features(reading, pairs) @ weights.pairs)
    merits = sentence_features(reading) @ weights.sentences + weights.bias
    return Salience(
        dict(zip(reading.counts, told.tolist(), strict=True)), dict(zip(pairs, paired.tolist(), strict=True)), merits
    )


def logistic(odds: Floats) -> Floats:
    """Probabilities of log-odds."""
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return found


def word_features(reading: Reading) -> Floats:
    """The features of each different word, in the order of `counts` [words, WORD_FEATURES]."""
    size = max(1, len(reading.tokens))
    rows = []
    for word, count in reading.counts.items():
        log, first, spread = math.log(count), reading.first[word], reading.in_sentences[word]
        is_name, is_little, near = word in reading.names, word in reading.little, 1 / (1 + first)
        rows.append((
            1, log, math.log(spread), spread / size, near, first == 0, first <= 2, min(first, 20) / 20, is_little, is_name,
            is_name * log, is_name and first == 0, word.isdigit(), len(word) / 10, len(word) < 3, is_little * log,
            log * near, count == 1, math.log(size), not is_little and first == 0 and spread > 1,
        ))  # fmt: skip
    return np.array(rows, float).reshape(-1, len(WORD_FEATURES))


def pair_counts(reading: Reading) -> dict[Pair, tuple[int, int]]:
    """Each pair of neighbouring words with how often, and in which sentence first, it stands."""
    found: dict[Pair, tuple[int, int]] = {}
    for place, row in enumerate(reading.tokens):
        for pair in itertools.pairwise(row):
            count, first = found.get(pair, (0, place))
            found[pair] = count + 1, first
    return found


def pair_features(reading: Reading, pairs: Mapping[Pair, tuple[int, int]]) -> Floats:
    """The features of each pair, in order [pairs, PAIR_FEATURES]."""
    logs = {word: math.log(count) for word, count in reading.counts.items()}
    log_size = math.log(max(1, len(reading.tokens)))
    rows = []
    for (left, right), (count, first) in pairs.items():
        names = left in reading.names, right in reading.names
        littles = left in reading.little, right in reading.little
        a, b, recurs = logs[left], logs[right], count > 1
        rows.append((
            1, math.log(count), recurs, 1 / (1 + first), first == 0, first <= 2, all(names), *names, *littles, all(littles),
            left.isdigit(), right.isdigit(), a, b, a * b, recurs and all(names), recurs and first == 0, log_size, min(a, b),
        ))  # fmt: skip
    return np.array(rows, float).reshape(-1, len(PAIR_FEATURES))


def sentence_features(reading: Reading) -> Floats:
    """The features of each sentence, in order [sentences, SENTENCE_FEATURES]."""
    size = len(reading.tokens)
    bags = [{word for word in row if word not in reading.little and not word.isdigit()} for row in reading.tokens]
    total = sum(reading.counts.values()) or 1
    rarity = {word: math.log(1 + size / reading.in_sentences[word]) for word in reading.counts}
    centre = {word: rarity[word] * reading.in_sentences[word] for bag in bags for word in bag}
    length = math.sqrt(sum(weight * weight for weight in centre.values())) or 1
    rows = []
    for place, (bag, (start, end)) in enumerate(zip(bags, reading.spans, strict=True)):
        sentence, counts = reading.text[start:end], [reading.counts[word] for word in bag]
        own = math.sqrt(sum(rarity[word] ** 2 for word in bag)) or 1
        recurring = sum(reading.in_sentences[word] > 1 for word in bag)
        names = [reading.counts[word] for word in bag if word in reading.names]
        many = min(len(reading.tokens[place]), 60) / 30
        rows.append((
            1 / (1 + place), place == 0, place == 1, place == 2, math.log1p(place), place / max(1, size - 1), place < 5,
            place < 10, many, many * many, many < 8 / 30, many > 40 / 30, sum(counts) / total,
            sum(math.log(count) for count in counts) / max(1, len(bag)), recurring / max(1, len(bag)), recurring / 10,
            sum(rarity[word] * centre[word] for word in bag) / own / length,
            len(bag & bags[0]) / max(1, len(bags[0])) if place else 0, len(names) / 5, sum(names) / 20,
            max(names, default=0) / 10, any(char.isdigit() for char in sentence),
            any(mark in sentence for mark in QUOTE_MARKS), sentence[:1] in QUOTE_MARKS, sentence[-1:] in "?؟",
            FIRST_PERSON.search(sentence) is not None, sentence.count(",") / 5,
        ))  # fmt: skip
    return np.array(rows, float).reshape(-1, len(SENTENCE_FEATURES))


def as_document(weights: SummaryWeights, made_by: str) -> dict[str, Any]:
    """Weights as the JSON that `shipped_weights` reads."""

    def told(row: Floats, names: Sequence[str]) -> dict[str, float]:
        return {name: round(float(value), 5) for name, value in zip(names, row, strict=True)}

    return {
        "made_by": made_by,
        "bias": round(weights.bias, 5),
        "words": told(weights.words, WORD_FEATURES),
        "pairs": told(weights.pairs, PAIR_FEATURES),
        "sentences": told(weights.sentences, SENTENCE_FEATURES),
    }
