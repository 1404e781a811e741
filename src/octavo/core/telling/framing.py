"""Tells which words and which speakers set one group of a story's texts apart from the others; it judges no group.

Groups are what the source facts say: countries, owners, kinds of medium. Words are weighed by log-odds with an informative
prior (Monroe, Colaresi and Quinn, Fightin' Words, Political Analysis 2008); a word counts only where several texts of the
group have it, so that no single text speaks for a group. Where the evidence is thin, nothing is told.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from octavo.core.telling.names import names
from octavo.core.telling.quotes import quotes
from octavo.core.telling.words import base_language, subject_words
from octavo.core.types import Article
from octavo.core.words import stems

# A group has at least so many publishers with texts of their own, and so has what it is compared with.
FEWEST_PUBLISHERS: Final = 2
# So many publishers of a group have a word, and so often in all; and it is so far from chance (one-sided, 5 %).
FEWEST_HAVING, FEWEST_TIMES = 3, 4
FAR: Final = 1.645
# At least so much more of a group's publishers than of the others have it.
MARGIN: Final = 0.5
# What the whole story counts as prior, in words for each word of a group.
PRIOR: Final = 0.1
MOST_WORDS, MOST_SPEAKERS = 5, 3
# Quotes are looked for in so much of a text: finding them costs more than all else here.
READ_CHARACTERS: Final = 6_000


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a publisher; empty where nothing is."""

    name: str
    country: str = ""
    language: str = ""
    owner: str = ""
    medium: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What sets the texts of one group apart: its words as written, and who is quoted in it alone, by how many publishers."""

    by: str
    name: str
    publishers: tuple[str, ...]
    words: tuple[str, ...]
    speakers: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Text:
    publisher: str
    counts: Mapping[str, int]
    written: Mapping[str, str]
    speakers: frozenset[str]


def groups(texts: Sequence[tuple[Source, Article]]) -> list[Group]:
    """The groups of independent texts in one language that have something of their own, by owner, country and medium."""
    pairs = _pairs([source for source, _ in texts])
    if not pairs:
        return []
    read = [_read(source, article) for source, article in texts]
    told = [_group(by, name, [read[at] for at in its], [read[at] for at in others]) for by, name, its, others in pairs]
    return _each_once([one for one in told if one.words or one.speakers])


def _pairs(sources: Sequence[Source]) -> list[tuple[str, str, list[int], list[int]]]:
    """The groups that are large enough, with those that they are compared with, the smallest groups first."""
    found = []
    for by in ("owner", "country", "medium"):
        members: dict[str, list[int]] = defaultdict(list)
        for at, source in enumerate(sources):
            if name := getattr(source, by):
                members[name].append(at)
        for name, its in sorted(members.items()):
            others = [at for other, theirs in members.items() if other != name for at in theirs]
            if all(len({sources[at].name for at in side}) >= FEWEST_PUBLISHERS for side in (its, others)):
                found.append((by, name, its, others))
    return sorted(found, key=lambda one: len({sources[at].name for at in one[2]}))


def _group(by: str, name: str, inside: Sequence[_Text], others: Sequence[_Text]) -> Group:
    publishers = tuple(sorted({one.publisher for one in inside}))
    return Group(by, name, publishers, _words(inside, others), _speakers(inside, others))


def _each_once(found: Sequence[Group]) -> list[Group]:
    """The groups without speakers that a smaller one has already: those are that one's."""
    told: set[str] = set()
    kept = []
    for one in found:
        left = tuple(pair for pair in one.speakers if pair[0] not in told)
        told |= {name for name, _ in one.speakers}
        kept += [replace(one, speakers=left)] if one.words or left else []
    return kept


def _read(source: Source, article: Article) -> _Text:
    """A text's stems with their counts, how each is written first, and who speaks in it."""
    language = base_language(article.language, article.text)
    spelled = subject_words(article.text, language)
    found = stems(spelled, language)
    capitals = {word.lower(): word for name in names(article.text, language) for word in name.words}
    written: dict[str, str] = {}
    for stem, word in zip(found, spelled, strict=True):
        written.setdefault(stem, capitals.get(word, word))
    opening = article.text[:READ_CHARACTERS]
    told = frozenset(quote.speaker for quote in quotes(opening, language) if " " in quote.speaker)
    return _Text(source.name, Counter(found), written, told)


def _words(inside: Sequence[_Text], others: Sequence[_Text]) -> tuple[str, ...]:
    """The words that a group uses more than the others, those furthest from chance first."""
    mine, theirs = _total(inside), _total(others)
    many, few = mine.total(), theirs.total()
    scored = []
    for stem, count in mine.items():
        here = {one.publisher for one in inside if stem in one.counts}
        if count < FEWEST_TIMES or len(here) < FEWEST_HAVING or not _is_theirs(stem, inside, others):
            continue
        far = _log_odds(count, theirs[stem], many, few)
        if far >= FAR:
            scored.append((-far, stem))
    written = {stem: word for one in reversed(inside) for stem, word in one.written.items()}
    return tuple(written[stem] for _, stem in sorted(scored)[:MOST_WORDS])


def _is_theirs(stem: str, inside: Sequence[_Text], others: Sequence[_Text]) -> bool:
    """Whether clearly more publishers of a group have a word than of the others."""
    shares = [
        len({one.publisher for one in texts if stem in one.counts}) / len({one.publisher for one in texts})
        for texts in (inside, others)
    ]
    return shares[0] - shares[1] >= MARGIN


def _total(texts: Sequence[_Text]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in texts:
        total.update(one.counts)
    return total


def _log_odds(mine: int, theirs: int, many: int, few: int) -> float:
    """How many standard deviations a word's log-odds are from those of the others, the whole story being the prior."""
    prior = PRIOR * (mine + theirs)
    whole = PRIOR * (many + few)
    inside = math.log((mine + prior) / (many + whole - mine - prior))
    outside = math.log((theirs + prior) / (few + whole - theirs - prior))
    return (inside - outside) / math.sqrt(1 / (mine + prior) + 1 / (theirs + prior))


def _speakers(inside: Sequence[_Text], others: Sequence[_Text]) -> tuple[tuple[str, int], ...]:
    """Whom several publishers of a group quote and none of the others does."""
    elsewhere = frozenset[str]().union(*(one.speakers for one in others))
    by: dict[str, set[str]] = defaultdict(set)
    for one in inside:
        for speaker in one.speakers - elsewhere:
            by[speaker].add(one.publisher)
    told = sorted(
        ((name, len(its)) for name, its in by.items() if len(its) >= FEWEST_PUBLISHERS),
        key=lambda one: (-one[1], one[0]),
    )
    return tuple(told[:MOST_SPEAKERS])
