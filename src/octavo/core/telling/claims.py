"""Decides whether a claim may be shown: whether what it says stands in what it cites. It never mends a claim.

A veto is about the cited text alone. A claim that holds is 'checked against the cited text', which is less than true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import numpy as np

from octavo.core.folding.terms import background
from octavo.core.folding.views import look
from octavo.core.telling.alignment import differences
from octavo.core.telling.checks import (
    altered_quotes,
    conflict,
    missing_names,
    missing_numbers,
    missing_times,
    missing_words,
    spans_of,
    swapped_speakers,
)
from octavo.core.telling.polarity import flips
from octavo.core.telling.sentences import sentences
from octavo.core.telling.times import times
from octavo.core.telling.verbs import lemma_of
from octavo.core.telling.words import WORD, base_language, subject_words
from octavo.core.types import Article, Claim

# Of a claim's subject words so many must be in its passages, and of each clause's; set by evals/claims.py.
SUPPORT: Final = 0.5
CLAUSE_SUPPORT: Final = 0.34
CLAUSE_WORDS: Final = 3
# Articles of no known story whose weighed words are less alike (cosine) are two stories: of the development
# set of stories this keeps 98 % of the pairs of one story and parts 98 % of the others.
ONE_STORY: Final = 0.1
# Languages with capitals: elsewhere names cannot be told from words.
_CASELESS: Final = frozenset({"ar", "fa", "ur", "he", "hi", "zh", "ja", "ko", "th"})
_CLAUSE: Final = re.compile(
    r"[,;:—–()]|\s-+\s|\b(?:and|but|or|because|after|before|while|when|who|which|that|as|since|due to|by|amid|for|with)\b",
    re.IGNORECASE,
)
_CAUSE: Final = re.compile(r"\b(?:because|due to|owing to|as a result of|thanks to|caused by)\b|بسبب|لأن|نتيجة", re.I)
_CAUSED: Final = re.compile(
    r"\b(?:because|due to|owing to|result|thanks to|cause[sd]?|after|since|as|so|over|from|following|amid|led|for|blam\w+|"
    r"by|why|reason\w*|attribut\w+|to)\b|بسبب|لأن|نتيجة|بعد",
    re.IGNORECASE,
)


class Reason(StrEnum):
    """Why a claim is not shown."""

    SPAN = "span"
    STORIES = "stories"
    NUMBER = "number"
    UNIT = "unit"
    DATE = "date"
    NAME = "name"
    QUOTE = "quote"
    NEGATION = "negation"
    MODAL = "modal"
    CONTRARY = "contrary"
    SPEAKER = "speaker"
    CAUSE = "cause"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class CitedText:
    """One version of an article's text as claims cite it. `story` is '' where none is known."""

    text: str
    published: datetime | None = None
    language: str = ""
    story: str = ""


@dataclass(frozen=True, slots=True)
class Veto:
    """One reason against a claim and the words that it is about."""

    reason: Reason
    what: str


@dataclass(frozen=True, slots=True)
class ClaimDecision:
    """What is against a claim; it may be shown where nothing is."""

    vetoes: tuple[Veto, ...]

    @property
    def holds(self) -> bool:
        """Whether the claim may be shown."""
        return not self.vetoes


def check(claim: Claim, texts: Mapping[tuple[str, int], CitedText], day: date | None = None) -> ClaimDecision:
    """Compares a claim with its passages. `texts` holds every cited version under (article, version).

    `day` is the one from which the claim's own 'yesterday' counts; where none is told, that of the first passage.
    """
    wrong = [
        f"{p.article}/{p.version} {p.start}-{p.end}"
        for p in claim.passages
        if (p.article, p.version) not in texts or not 0 <= p.start < p.end <= len(texts[p.article, p.version].text)
    ]
    if wrong or not claim.passages or not claim.text.strip():
        return ClaimDecision(tuple(Veto(Reason.SPAN, what) for what in wrong or ["nothing is cited"]))
    return ClaimDecision(tuple(dict.fromkeys(_vetoes(claim, texts, day))))


def _vetoes(claim: Claim, texts: Mapping[tuple[str, int], CitedText], day: date | None) -> Iterator[Veto]:
    cited = [(texts[p.article, p.version], p) for p in claim.passages]
    passages = [(text.text[p.start : p.end], _day(text)) for text, p in cited]
    joined = "\n".join(passage for passage, _ in passages)
    sources = {(p.article, p.version): text for text, p in cited}
    whole = "\n".join(text.text for text in sources.values())
    language = base_language(cited[0][0].language, joined)
    told = claim.text
    if _is_verbatim(told, [passage for passage, _ in passages]):
        return
    if len({p.article for p in claim.passages}) > 1:
        yield from (Veto(Reason.STORIES, what) for what in _two_stories(sources))
    yield from (Veto(Reason(kind), what) for kind, what in missing_numbers(told, joined, language))
    yield from (Veto(Reason.DATE, what) for what in missing_times(told, day or passages[0][1], passages))
    yield from (Veto(Reason.QUOTE, what) for what in altered_quotes(told, joined))
    if language in _CASELESS:
        yield from (Veto(Reason.NAME, what) for what in missing_words(told, joined, language))
    else:
        yield from (Veto(Reason.NAME, what) for what in missing_names(told, joined, whole, language))
    spans = spans_of(times(told)), spans_of(times(joined))
    yield from (Veto(Reason(kind), what) for kind, what in flips(told, joined, language, spans))
    for difference in differences(told, [passage for passage, _ in passages], language):
        if found := conflict(difference, language, passages[0][1]):
            yield Veto(Reason(found[0]), found[1])
    if language == "en":
        yield from _speaking(told, [passage for passage, _ in passages], whole)
    yield from _supported(told, joined, language)


def _day(text: CitedText) -> date | None:
    return text.published.date() if text.published else None


def _is_verbatim(told: str, passages: list[str]) -> bool:
    """Whether the claim is one of its passages, or whole sentences of one."""
    flat = " ".join(told.split())
    for passage in passages:
        if flat == " ".join(passage.split()):
            return True
        if flat in {" ".join(passage[start:end].split()) for start, end in sentences(passage)}:
            return True
    return False


def _two_stories(sources: Mapping[tuple[str, int], CitedText]) -> Iterator[str]:
    """What tells that the cited articles are not of one story: their known stories, else how little they share."""
    stories = {text.story for text in sources.values()}
    if len(stories) > 1 and "" not in stories:
        yield " + ".join(sorted(stories))
    elif "" in stories:
        weights = [weighed(text.text, text.language) for text in sources.values()]
        for place, one in enumerate(weights[1:], 1):
            if max(likeness(one, other) for other in weights[:place]) < ONE_STORY:
                yield " + ".join(sorted({article for article, _ in sources}))


def weighed(text: str, language: str) -> dict[int, float]:
    """The terms of a text, by number, weighed by their count and rarity, with length 1."""
    seen = look(Article("", "", text, language=language))
    known, spread = background(seen.language)
    rare = np.log((known + 1) / (spread[seen.counts.ids] + 0.5)).clip(min=0)
    weights = seen.counts.damped[0] * rare
    length = float(np.linalg.norm(weights)) or 1.0
    return dict(zip(seen.counts.ids.tolist(), (weights / length).tolist(), strict=True))


def likeness(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """The cosine of two weighed texts."""
    return sum(weight * other[stem] for stem, weight in one.items() if stem in other)


def _speaking(told: str, passages: list[str], whole: str) -> Iterator[Veto]:
    """Words given to another: compared with the sentence that the claim has most words of, and those it tells most of."""
    pieces = [passage[start:end] for passage in passages for start, end in sentences(passage)]
    mine = set(subject_words(told, "en"))
    bags = [set(subject_words(piece, "en")) for piece in pieces]
    most = max((len(mine & bag) for bag in bags), default=0)
    near = [
        piece
        for piece, bag in zip(pieces, bags, strict=True)
        if len(mine & bag) == most or 2 * len(mine & bag) >= len(bag) > 0
    ]
    yield from (Veto(Reason.SPEAKER, what) for what in swapped_speakers(told, near, whole))


def _supported(told: str, cited: str, language: str) -> Iterator[Veto]:
    """Whether the subject words, of the whole and of each clause, are those of the passages; and its causes."""
    have = {lemma_of(word, language) for word in WORD.findall(cited)}
    have |= {part for word in have for part in word.split("-")}
    if _share(told, have, language) < SUPPORT:
        yield Veto(Reason.SUPPORT, told)
        return
    at = 0
    for mark in [*_CLAUSE.finditer(told), None]:
        clause = told[at : mark.start() if mark else len(told)].strip()
        if len(subject_words(clause, language)) >= CLAUSE_WORDS and _share(clause, have, language) < CLAUSE_SUPPORT:
            yield Veto(Reason.SUPPORT, clause)
        at = mark.end() if mark else at
    if (cause := _CAUSE.search(told)) and not _CAUSED.search(cited):
        yield Veto(Reason.CAUSE, told[cause.start() :])


def _share(told: str, have: set[str], language: str) -> float:
    """The share of a text's subject words that are among lemmas, also by the parts of compounds; 1 for none."""
    mine = [lemma_of(word, language) for word in subject_words(told, language)]
    known = sum(word in have or all(part in have for part in word.split("-")) for word in mine)
    return known / len(mine) if mine else 1.0
