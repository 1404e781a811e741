"""Chooses what earlier articles say of the people, places and organisations of an article: whole sentences, each by itself.

It looks nothing up and writes no word. A name counts only where it stands in full, and only where the earlier article has
more in common with this one than the name: that another of the same name is meant costs more than a line left out.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.leaning import leans
from octavo.core.telling.names import TITLES, is_acronym, names
from octavo.core.telling.sentences import sentences
from octavo.core.telling.summary import REPEATS, is_whole_thought
from octavo.core.telling.words import STOPWORDS, base_language, subject_words, words_of
from octavo.core.types import Article
from octavo.core.words import stems, words

# Names that are looked for, and lines that are shown. A name has one line of what it is and one of what happened, an
# earlier article has one line.
MOST_NAMES: Final = 8
MOST_LINES: Final = 5
# So much of an article is looked through for its names, and so many sentences of an earlier one.
READ_CHARACTERS: Final = 12_000
READ_SENTENCES: Final = 40
# What a mention in the headline and in the opening adds to a name's weight; one word alone is a name less surely.
IN_TITLE, IN_OPENING, ALONE = 3.0, 1.0, 0.5
OPENING: Final = 600
LONGEST_NAME: Final = 6
# An earlier article is on the same matter where it has another of the names, or so many words of the headline.
SHARED_WORDS: Final = 2
# What speaks for a sentence: it says who somebody is, begins with the name, stands early, its headline has the name, has
# further names of this article, is new. Chosen by reading; no labels exist.
DESCRIBES, BEGINS, EARLY, HEADLINED, FURTHER, NEW = 1.0, 0.5, 0.8, 0.7, 0.4, 0.8
# And against: it quotes, tells of 'yesterday', or opens with 'the' and so with something known already.
QUOTES, DATED, KNOWN = 0.6, 0.3, 0.4
MOST_FURTHER: Final = 2
# And what each name that stands higher in the article takes.
LESSER: Final = 0.1
# Languages without capitals: a name is a pair of words that recurs.
CASELESS: Final = frozenset({"ar", "fa", "ur", "he"})
RECURS: Final = 2

# Before the name in a sentence, one of these points out of it.
POINTING: Final = {
    "en": words_of("he she they it his her their its him them this these those such there here who which"),
    "ar": words_of("هو هي هم هذا هذه ذلك تلك هؤلاء بذلك لذلك كذلك أيضا"),
}
_NEAR_TIME = words_of("today yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday")
_PLACING = words_of("in at from to of on off near for with by over into")
_DESCRIBED = re.compile(r"(?:,\s+(?:a|an|the|who|whose|which)\b|\s+(?:is|was|has been|became|serves as|runs|leads)\b)")
_QUOTE = re.compile(r"[\"“”«»„]")
_ENDS = re.compile(r"[.!۔。][\"”’»)]*$")


@dataclass(frozen=True, slots=True)
class Subject:
    """A name that an article tells of: as it is written, and its stems in order, by which it is looked for."""

    name: str
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an earlier article: that article's place among those given, its span, and whom it tells of."""

    text: int
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be shown; `is_description` where it says who or what the name is."""

    line: Line
    telling: frozenset[str]
    worth: float
    is_description: bool


def subjects(article: Article, without: Collection[str] = ()) -> list[Subject]:
    """The chief names of an article in full, the weightiest first; where a script has no capitals, what recurs in pairs.

    `without` are names that tell no subject: those of publishers.
    """
    language = base_language(article.language, article.text)
    text = article.text[:READ_CHARACTERS]
    found = _pairs(article.title, text, language) if language in CASELESS else _written(article.title, text, language)
    chosen: dict[tuple[str, ...], Subject] = {}
    for name in sorted(found, key=lambda one: (-found[one], one)):
        key = tuple(stems([word.form for word in words(name)], language))
        if key and name not in without and not any(_within(key, other) or _within(other, key) for other in chosen):
            chosen[key] = Subject(name, key)
    return list(chosen.values())[:MOST_NAMES]


def background(
    article: Article, about: Sequence[Subject], earlier: Sequence[Article], most: int = MOST_LINES
) -> list[Line]:
    """What earlier articles, the most fitting first, say of an article's subjects: at most `most` lines, the newest first.

    No line repeats the article, or another line. The earlier ones must be in its language.
    """
    language = base_language(article.language, article.text)
    named = frozenset(stem for subject in about for stem in subject.stems)
    told = [_telling(article.text[start:end], language) for start, end in _sentences(article.text, language)]
    headline = frozenset(stems(subject_words(article.title, language), language))
    candidates = [
        candidate
        for place, one in enumerate(earlier)
        for candidate in _candidates(place, one, about, headline, article.published, language)
        if _repeats(candidate.telling - named, told) < REPEATS
    ]
    chosen = _chosen(candidates, most)
    return sorted(chosen, key=lambda line: (-_time(earlier[line.text]), line.text))


def _chosen(candidates: Iterable[_Candidate], most: int) -> list[Line]:
    """The best lines, one after the other, none that repeats one before."""
    chosen: list[_Candidate] = []
    for one in sorted(candidates, key=lambda one: (-one.worth, one.line.text, one.line.start)):
        if len(chosen) < most and not any(_excludes(other, one) for other in chosen):
            chosen.append(one)
    return [one.line for one in chosen]


def _excludes(chosen: _Candidate, one: _Candidate) -> bool:
    """Whether a chosen line leaves no place for another: of one article, of one kind for one name, or saying the same."""
    is_same_kind = (chosen.line.name, chosen.is_description) == (one.line.name, one.is_description)
    return chosen.line.text == one.line.text or is_same_kind or _repeats(one.telling, [chosen.telling]) >= REPEATS


def _candidates(
    place: int,
    earlier: Article,
    about: Sequence[Subject],
    headline: frozenset[str],
    now: datetime | None,
    language: str,
) -> Iterator[_Candidate]:
    """The sentences of an earlier article that can be read alone and have a name in full."""
    whole = _stems_of(f"{earlier.title}\n{earlier.text[:READ_CHARACTERS]}", language)
    named = [one for one in about if _stands(one.stems, whole)]
    if not named or (len(named) == 1 and len(headline.intersection(whole) - set(named[0].stems)) < SHARED_WORDS):
        return
    title = _stems_of(earlier.title, language)
    for number, (start, end) in enumerate(_sentences(earlier.text, language)):
        start += behind_dateline(earlier.text[start:end])
        sentence = earlier.text[start:end]
        if not (_ENDS.search(sentence) and is_whole_thought(sentence)) or leans(sentence, language):
            continue
        here = _stems_of(sentence, language)
        fitting = [one for one in named if _stands(one.stems, here) and _reads_alone(sentence, one, language)]
        if not fitting:
            continue
        common = EARLY / (1 + number) + NEW * _freshness(earlier, now) - _against(sentence, language)
        common += FURTHER * min(len(fitting) - 1, MOST_FURTHER)
        for rank, one in enumerate(fitting):
            described = _described(sentence, one.name)
            own = HEADLINED * _stands(one.stems, title) + described + _begins(sentence, one.name)
            if own or len(fitting) > 1:
                line, worth = Line(place, start, end, one.name), common + own - LESSER * rank
                yield _Candidate(line, _telling(sentence, language), worth, described >= DESCRIBES)


def _reads_alone(sentence: str, subject: Subject, language: str) -> bool:
    """Whether nothing before the name in a sentence points out of it, and the name is written as one."""
    at = sentence.find(subject.name)
    if at < 0 and language not in CASELESS:
        return False
    pointing = POINTING.get(language, frozenset())
    return not any(word.form in pointing for word in words(sentence[: max(at, 0)]))


def _described(sentence: str, name: str) -> float:
    """What it is worth that a sentence says who somebody is: behind the name, or less surely before it."""
    at = sentence.find(name)
    before = sentence[: max(at, 0)].split()
    if at < 0 or (before and before[-1].lower() in _PLACING):
        return 0.0
    if _DESCRIBED.match(sentence, at + len(name)):
        return DESCRIBES
    return DESCRIBES / 2 * (len(before) >= 2 and all(word.isalpha() and word.islower() for word in before[-2:]))


def _begins(sentence: str, name: str) -> float:
    """What it is worth that a sentence begins with the name."""
    at = sentence.find(name)
    return BEGINS * (at >= 0 and len(sentence[:at].split()) <= 3)


def _against(sentence: str, language: str) -> float:
    """What speaks against showing a sentence by itself."""
    low = {word.form for word in words(sentence)}
    opens = language == "en" and sentence.startswith("The ")
    return QUOTES * bool(_QUOTE.search(sentence)) + DATED * bool(low & _NEAR_TIME) + KNOWN * opens


def _freshness(earlier: Article, now: datetime | None) -> float:
    """1 for what was published just before, half of it for a day or two earlier, a fifth for months."""
    if earlier.published is None or now is None:
        return 0.0
    return 1 / (1 + math.log1p(max(0.0, (now - earlier.published).total_seconds() / 86_400)))


def _time(article: Article) -> float:
    return article.published.timestamp() if article.published else 0.0


def _sentences(text: str, language: str) -> list[tuple[int, int]]:
    return list(itertools.islice(sentences(text[:READ_CHARACTERS], language), READ_SENTENCES))


def _stems_of(text: str, language: str) -> list[str]:
    return stems([word.form for word in words(text)], language)


def _telling(sentence: str, language: str) -> frozenset[str]:
    """The stems of the words of a sentence that carry its subject."""
    return frozenset(stems(subject_words(sentence, language), language))


def _repeats(telling: frozenset[str], others: Iterable[frozenset[str]]) -> float:
    """The largest share of a sentence's telling words that another has already."""
    return max((len(telling & other) / max(1, len(telling)) for other in others), default=0.0)


def _stands(name: tuple[str, ...], whole: Sequence[str]) -> bool:
    """Whether stems stand in a row among others."""
    size = len(name)
    return any(one == name[0] and tuple(whole[at : at + size]) == name for at, one in enumerate(whole))


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return len(short) <= len(long) and _stands(short, long)


def _written(title: str, text: str, language: str) -> dict[str, float]:
    """The names of a text by their capitals, with their weights; a last name counts for the full name that ends with it."""
    counts: Counter[str] = Counter()
    for one in names(text, language):
        spelled = _without_titles(one.words)
        is_shouted = len(spelled) > 1 and all(word.isupper() for word in spelled)
        if spelled and len(spelled) <= LONGEST_NAME and not is_shouted and not (one.is_opening and len(spelled) == 1):
            counts[" ".join(spelled)] += 1
    weights: Counter[str] = Counter()
    for name, count in counts.items():
        weights[_in_full(name, counts)] += count
    return {name: _weight(name, count, title, text) for name, count in weights.items() if _is_telling(name, count)}


def _in_full(name: str, counts: Mapping[str, int]) -> str:
    """The commonest full name that a last name ends, and of 'Deckhand Ida Quill' the 'Ida Quill' that stands here too."""
    if " " in name:
        tails = (tail for tail in counts if " " in tail and name.endswith(f" {tail}"))
        return min(tails, key=len, default=name)
    wholes = (whole for whole in counts if whole.endswith(f" {name}"))
    return max(wholes, key=lambda whole: (counts[whole], -len(whole), whole), default=name)


def _without_titles(spelled: Sequence[str]) -> list[str]:
    """A name's words without what stands before a name."""
    kept = list(spelled)
    little = STOPWORDS["en"] | TITLES
    while kept and kept[0].lower().rstrip(".") in little:
        kept = kept[1:]
    return kept


def _is_telling(name: str, count: int) -> bool:
    """Whether a name can be looked for: of several words, or one that recurs or is an acronym."""
    return " " in name or (len(name) > 2 and (count >= RECURS or is_acronym(name)))


def _weight(name: str, count: int, title: str, text: str) -> float:
    weight = count + IN_TITLE * (name in title) + IN_OPENING * (name in text[:OPENING])
    return weight if " " in name else ALONE * weight


def _pairs(title: str, text: str, language: str) -> dict[str, float]:
    """The pairs of telling words that recur in a text, in their shortest spelling, with their weights."""
    found = list(words(f"{title}\n{text}"))
    own = stems([word.form for word in found], language)
    little = STOPWORDS.get(language, frozenset())
    whole = f"{title}\n{text}"
    counts: Counter[tuple[str, str]] = Counter()
    spelled: dict[tuple[str, str], str] = {}
    for at, (one, other) in enumerate(itertools.pairwise(found)):
        is_near = whole[one.end : other.start] in (" ", "\u00a0")
        if is_near and {one.form, other.form}.isdisjoint(little) and _are_long(own[at], own[at + 1]):
            key = own[at], own[at + 1]
            counts[key] += 1
            spelled[key] = min(spelled.get(key, written := whole[one.start : other.end]), written, key=len)
    return {spelled[key]: _weight(spelled[key], n, title, text) for key, n in counts.items() if n >= RECURS}


def _are_long(*found: str) -> bool:
    """Whether stems can be a name's: three letters or more, no numbers."""
    return all(len(one) > 2 and not any(char.isdigit() for char in one) for one in found)
