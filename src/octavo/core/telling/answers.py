"""Answers a question with a phrase of the articles and the sentence that holds it, or says that they do not tell.

Sentences are found by the question's words, weighed by rarity, or for a question of the whole text by where they stand;
phrases of the kind asked for compete by learned weights. It writes no word itself.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np

from octavo.core.folding.terms import background, numbers
from octavo.core.telling.asking import Asked, Question, may_answer, understand
from octavo.core.telling.claims import CitedText, check
from octavo.core.telling.names import names
from octavo.core.telling.phrases import Phrase, phrases
from octavo.core.telling.sentences import sentences
from octavo.core.telling.verbs import lemma_of
from octavo.core.telling.words import WORD, base_language, subject_words
from octavo.core.types import Article, Claim, Passage

# A question of the whole text is answered from its first so many sentences, and what happened from fewer; others from more.
READ_GENERAL: Final = {Asked.WHAT: 3, Asked.WHERE: 8}
READ_GENERAL_ELSE, READ = 14, 150
# A longer sentence is a caption or list run into the text; what stands beyond is not read.
LONGEST_LINE: Final = 1_500
# A cited sentence has at most so many words; a longer one is cut around the answer.
LONGEST_CITED: Final = 60
# So much of what a question says, weighed by rarity, must stand in the sentence that answers or beside it, and so much in
# the sentence alone; set by evals/asking.py.
SAID, SAID_THERE = 0.8, 0.45
# What stands in the headline or in a sentence beside it counts so much.
BESIDE: Final = 0.8
# Sentences that fit nearly as well as the best one compete, too.
AS_WELL: Final = 0.85
# The headline is read like a line before the first; what is found there is cited by the line of the text that tells it,
# which has at least so many of its words.
TITLE: Final = -1
TOLD: Final = 0.5
LINES_OF_HEADLINE: Final = 2
# Names behind 'in' and the like are counted in so many characters of a text.
READ_PLACES: Final = 8_000
_PLACED: Final = re.compile(r"\b(?:in|at|near|outside|across|off|around)\s+(?:the\s+|[a-z]+\s+)?([A-Z][\w’'-]+)")
# How steeply chances rise with scores, and how many of the best phrases vote; set by training/answers.py --check.
STEEP: Final = 10.0
VOTING: Final = 50
# An answer shows at most so many sentences; further ones hold the same phrase in other articles.
MOST_CITED: Final = 5
# How much the caller's closeness of meaning (cosine) counts beside the words.
CLOSENESS: Final = 0.3

# By kind of question and trait.
Weights = Mapping[str, Mapping[str, float]]
Closeness = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The shortest phrase that answers, and the sentences that hold it, the best first.

    `article`, `start` and `end` say where the phrase stands in a text; both are 0 where it is worded as the headline has it.
    """

    text: str
    article: str
    start: int
    end: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article with its lemmas and subject words."""

    start: int
    end: int
    text: str
    lemmas: frozenset[str]
    place: int


@dataclass(frozen=True, slots=True)
class Page:
    """An article as it is searched."""

    article: Article
    language: str
    lines: Sequence[Line]
    headline: frozenset[str]
    spread: Mapping[str, int]
    named: Mapping[str, int]
    placed: Mapping[str, int]


def page_of(article: Article, most: int) -> Page:
    """Reads an article's first so many sentences."""
    language = base_language(article.language, article.text)
    lines = []
    if article.title.strip():
        lines.append(_line(article.title, 0, len(article.title), TITLE, language))
    for place, (start, end) in enumerate(sentences(article.text, language)):
        if place == most:
            break
        lines.append(_line(article.text, start, end, place, language))
    headline = frozenset(lemma_of(word, language) for word in subject_words(article.title, language))
    spread = Counter(lemma for line in lines for lemma in line.lemmas)
    named = Counter(w.lower() for line in lines for name in names(line.text, language) for w in name.words)
    placed = Counter(m[1].lower() for m in _PLACED.finditer(article.title + "\n" + article.text[:READ_PLACES]))
    return Page(article, language, lines, headline, spread, named, placed)


def _line(text: str, start: int, end: int, place: int, language: str) -> Line:
    written = text[start : min(end, start + LONGEST_LINE)]
    return Line(start, end, written, frozenset(lemma_of(word, language) for word in WORD.findall(written)), place)


def _place_traits(page: Page, written: str, words: Sequence[str]) -> dict[str, float]:
    """What tells that a phrase is a place: that it stands behind 'in' here, or does so in the news at large."""
    capitals = [word for word in words if word[0].isupper()]
    here = max((page.placed[word.lower()] for word in capitals), default=0)
    named = max((page.named[word.lower()] for word in capitals), default=0)
    known = known_places()
    return {
        "placed": math.log1p(here),
        "placed_share": here / (1 + named),
        "known": float(any(word in known for word in capitals) or written in known),
        "capitals_only": float(capitals == list(words)),
    }


@cache
def known_places() -> frozenset[str]:
    """Names that stand often behind 'in' and 'near' in English news, as counted."""
    path = resources.files("octavo.core.weights") / "places.en.json"
    return frozenset(json.loads(path.read_text(encoding="utf-8"))["words"].split(", "))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase of a line that competes, with what speaks for it; `cited` are the lines of the text that tell it."""

    line: Line
    phrase: Phrase
    traits: Mapping[str, float]
    cited: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The phrase as written."""
        return self.line.text[self.phrase.start : self.phrase.end]


def general_fits(page: Page, kind: Asked) -> dict[int, float]:
    """A question of the whole text: every line that is read for its kind fits alike."""
    most = READ_GENERAL.get(kind, READ_GENERAL_ELSE)
    return dict.fromkeys((line.place for line in page.lines if line.place < most), 1.0)


def select(found: Sequence[Candidate], weights: Mapping[str, float]) -> int | None:
    """The number of the phrase that shares most words with all, by their chances (minimum Bayes risk: Kumar and Byrne 2004).

    None where there is no phrase; the earlier of equal ones.
    """
    scores = np.array([sum(weights.get(trait, 0.0) * value for trait, value in c.traits.items()) for c in found])
    if not len(scores):
        return None
    best = np.argsort(-scores, kind="stable")[:VOTING]
    chances = np.exp((scores[best] - scores[best[0]]) * STEEP)
    bags = [Counter(_plain(found[k].text)) for k in best]
    votes = [
        sum(chance * _overlap(bag, other) for chance, other in zip(chances, bags, strict=True) if chance > LEAST)
        for bag in bags
    ]
    return int(best[max(range(len(best)), key=lambda k: (votes[k], -k))])


# So many phrases of the headline are tried before the text's own are taken.
TRIES: Final = 4
# Lesser chances do not vote.
LEAST: Final = 1e-4


def _plain(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text) if word.lower() not in ("a", "an", "the")]


def _overlap(one: Counter[str], other: Counter[str]) -> float:
    """Token F1."""
    common = sum(min(n, other[word]) for word, n in one.items() if word in other)
    return 2 * common / (one.total() + other.total()) if common else 0.0


def candidates(question: Question, page: Page, fits: Mapping[int, float]) -> list[Candidate]:
    """The phrases of the lines that may answer, with their traits; `fits` tells how well each line fits the question."""
    found = []
    for line in page.lines:
        if line.place not in fits or not may_answer(question.text, line.text):
            continue
        common = _line_traits(page, line) if question.is_general else {}
        for phrase in phrases(line.text, question.kind, page.language):
            traits = _phrase_traits(question, page, line, phrase)
            if traits and (cited := _cited(page, line, phrase)):
                found.append(Candidate(line, phrase, {**common, **traits}, cited))
    return found


def _cited(page: Page, line: Line, phrase: Phrase) -> tuple[Line, ...]:
    """The lines of the text that tell a phrase: its own; for the headline's the one that has most of its words, and one
    more that has most of the rest; none where the first has too few."""
    if line.place != TITLE:
        return (line,)
    left = {lemma_of(word, page.language) for word in WORD.findall(line.text[phrase.start : phrase.end])}
    wanted, chosen = len(left), list[Line]()
    told = [one for one in page.lines if one.place != TITLE]
    while told and left and len(chosen) < LINES_OF_HEADLINE:
        best = max(told, key=lambda one: (len(one.lemmas & left), -one.place))
        if not best.lemmas & left or (not chosen and len(best.lemmas & left) < TOLD * wanted):
            break
        chosen.append(best)
        left -= best.lemmas
    return tuple(chosen)


def _line_traits(page: Page, line: Line) -> dict[str, float]:
    """What a sentence brings to each of its phrases."""
    subject = [lemma for lemma in line.lemmas if page.spread[lemma] > 1]
    return {
        "title": float(line.place == TITLE),
        "first": float(line.place == 0),
        "second": float(line.place == 1),
        "third": float(line.place == 2),
        "late": math.log1p(max(0, line.place)),
        "headline": 0.0 if line.place == TITLE else len(line.lemmas & page.headline) / max(1, len(page.headline)),
        "central": math.log1p(sum(page.spread[lemma] for lemma in subject)) / 5,
        "long_line": float(len(line.text.split()) > LONGEST_CITED // 2),
        "quoted": float(line.text[:1] in '"“‘«'),
    }


def _phrase_traits(question: Question, page: Page, line: Line, phrase: Phrase) -> dict[str, float]:
    """What a phrase brings itself; none for one that only repeats the question."""
    written = line.text[phrase.start : phrase.end]
    words = WORD.findall(written)
    if not words:
        return {}
    lemmas = {lemma_of(word, page.language) for word in words}
    asked = len(lemmas & (question.lemmas | question.names)) / len(lemmas)
    if asked > 0.6 and not question.is_general:
        return {}
    frequent = [page.named[word.lower()] for word in words if word[0].isupper()]
    n = len(words)
    return {
        f"shape {phrase.shape}": 1.0,
        f"cue {phrase.cue}": 1.0,
        "words": math.log(n),
        "one_word": float(n == 1),
        "two_words": float(n == 2),
        "short": float(3 <= n <= 5),
        "long": float(n > 8),
        "very_long": float(n > 12),
        "in_title": len(lemmas & page.headline) / len(lemmas),
        "title_told": len(lemmas & page.headline) / max(1, len(page.headline)),
        "frequent": math.log1p(max(frequent, default=0)),
        **(_place_traits(page, written, words) if question.kind is Asked.WHERE else {}),
        "opens": float(phrase.start < 3),
        "where": phrase.start / max(1, len(line.text)),
        "capitals": sum(word[0].isupper() for word in words) / n,
        "number": float(any(word[0].isdigit() for word in words)),
        "helped": float(words[0].lower() in ("is", "was", "were", "has", "have", "had", "are", "be", "been")),
        "said": float(any(word.lower() in ("said", "says", "told", "added") for word in words)),
        "pronoun": float(
            words[0].lower() in ("he", "she", "it", "they", "we", "i", "this", "that", "you", "his", "her")
        ),
        "spread": sum(page.spread[lemma] for lemma in lemmas) / n / 5,
        "asked": asked,
    }


def answer(
    question: str,
    articles: Sequence[Article],
    versions: Mapping[str, int] | None = None,
    closeness: Closeness | None = None,
) -> Answer | None:
    """Answers a question from some articles; None where nothing in them answers it.

    `versions` numbers the texts (1 where not told). `closeness`, where given, gives the cosine of a question with each of
    some sentences; it only reorders sentences that have the question's words.
    """
    best: tuple[float, Page, Candidate] | None = None
    pages: list[tuple[Page, Mapping[int, float]]] = []
    for article in articles:
        asked = understand(question, article.language or base_language("", article.text))
        page = page_of(article, READ_GENERAL_ELSE if asked.is_general else READ)
        fits = general_fits(page, asked.kind) if asked.is_general else _fits(asked, page, closeness)
        pages.append((page, fits))
        found = candidates(asked, page, fits)
        chosen = choose(page, found, learned().get(asked.kind, {}))
        if chosen and (best is None or fits[chosen.line.place] > best[0]):
            best = fits[chosen.line.place], page, chosen
    return _told(best[1], best[2], pages, versions or {}) if best else None


def choose(page: Page, found: Sequence[Candidate], weights: Mapping[str, float]) -> Candidate | None:
    """The best phrase; one of the headline's only where the sentence that it cites bears it as a claim."""
    left = list(found)
    for _ in range(TRIES):
        place = select(left, weights)
        if place is None or _is_borne(page, left[place]):
            return None if place is None else left[place]
        del left[place]
    left = [one for one in left if one.line.place != TITLE]
    place = select(left, weights)
    return None if place is None else left[place]


def _is_borne(page: Page, candidate: Candidate) -> bool:
    if candidate.line.place != TITLE:
        return True
    article = page.article
    text = CitedText(article.text, article.published, page.language)
    claim = Claim(candidate.text, tuple(Passage(article.id, 1, line.start, line.end) for line in candidate.cited))
    return check(claim, {(article.id, 1): text}).holds


@cache
def learned() -> Weights:
    """The weights of the traits, as training/answers.py fitted them."""
    path = resources.files("octavo.core.weights") / "answers.json"
    weights: Weights = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return weights


def _fits(asked: Question, page: Page, closeness: Closeness | None) -> dict[int, float]:
    """How well the lines fit that fit best: the share of the question's words, weighed by rarity, in and beside each.

    Nothing fits where a name of the question stands nowhere in the article, or too little of the question in any line.
    """
    whole = frozenset().union(*(line.lemmas for line in page.lines)) if page.lines else frozenset()
    if any(not _stands(lemma_of(name, page.language), whole, page.language) for name in asked.names):
        return {}
    rarity = _rarity(asked.lemmas, page.language)
    total = sum(rarity.values())
    title = next((line.lemmas for line in page.lines if line.place == TITLE), frozenset())
    fits: dict[int, float] = {}
    told = [line for line in page.lines if line.place != TITLE]
    for at, line in enumerate(told):
        near = title.union(*(other.lemmas for other in told[max(0, at - 1) : at + 2]))
        here = {lemma for lemma in rarity if _stands(lemma, line.lemmas, page.language)}
        there = sum(rarity[lemma] for lemma in here)
        beside = sum(rarity[lemma] for lemma in rarity.keys() - here if _stands(lemma, near, page.language))
        if asked.focus and asked.focus not in here:
            continue
        if there >= SAID_THERE * total and there + beside >= SAID * total:
            fits[line.place] = (there + BESIDE * beside) / total
    if closeness and fits:
        chosen = [line for line in told if line.place in fits]
        for line, near_by in zip(chosen, closeness(asked.text, [line.text for line in chosen]), strict=True):
            fits[line.place] += CLOSENESS * near_by
    most = max(fits.values(), default=0.0)
    return {place: fit for place, fit in fits.items() if fit >= AS_WELL * most}


def _stands(lemma: str, lemmas: Set[str], language: str) -> bool:
    """Whether a word is among others; in Arabic also within one or around one, since stems keep prefixes of the root."""
    if lemma in lemmas:
        return True
    return language == "ar" and any(
        len(shorter) >= SHORTEST_ROOT and shorter in longer
        for other in lemmas
        for shorter, longer in [sorted((lemma, other), key=len)]
    )


# An Arabic root has three letters.
SHORTEST_ROOT: Final = 3


def _rarity(lemmas: Iterable[str], language: str) -> dict[str, float]:
    """How much each word of a question tells, by the language's background counts."""
    known, spread = background(language)
    ordered = sorted(lemmas)
    weights = np.log((known + 1) / (spread[numbers(ordered)] + 0.5)).clip(min=0.1)
    return dict(zip(ordered, map(float, weights), strict=True))


def _told(
    page: Page, chosen: Candidate, pages: Sequence[tuple[Page, Mapping[int, float]]], versions: Mapping[str, int]
) -> Answer:
    """The answer with its sentence, and those sentences of other articles that fit the question and hold the same phrase."""
    line, phrase, article = chosen.line, chosen.phrase, page.article
    is_verbatim = line.place != TITLE
    start, end = (line.start + phrase.start, line.start + phrase.end) if is_verbatim else (0, 0)
    claims = [_claim(article, one, (start, end), versions) for one in chosen.cited]
    wanted = re.compile(rf"(?<!\w){re.escape(chosen.text)}(?!\w)", re.IGNORECASE)
    for other, fits in pages:
        lines = (one for one in other.lines if one.place != TITLE and one.place in fits)
        held = next((one for one in lines if wanted.search(one.text)), None)
        if other is not page and held and len(claims) < MOST_CITED:
            claims.append(_claim(other.article, held, (0, 0), versions))
    return Answer(chosen.text, article.id, start, end, tuple(claims))


def _claim(article: Article, line: Line, marked: tuple[int, int], versions: Mapping[str, int]) -> Claim:
    """A sentence as a claim that cites itself; of a very long one, the words around the answer."""
    start, end = line.start, line.end
    words = [match.span() for match in re.finditer(r"\S+", article.text[start:end])]
    if len(words) > LONGEST_CITED:
        at = next((k for k, (_, stop) in enumerate(words) if start + stop > marked[0]), 0)
        first = max(0, min(at - LONGEST_CITED // 3, len(words) - LONGEST_CITED))
        start, end = line.start + words[first][0], line.start + words[first + LONGEST_CITED - 1][1]
    return Claim(article.text[start:end], (Passage(article.id, versions.get(article.id, 1), start, end),))
