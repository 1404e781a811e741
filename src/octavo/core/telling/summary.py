"""Chooses the sentences that tell a text; it writes none.

Key points are picked by how much of the text's subject a sentence carries (the mean weight of its words, as in SumBasic:
Nenkova and Vanderwende 2005) and by where it stands, one after the other so that none repeats another (maximal marginal
relevance: Carbonell and Goldstein 1998).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from octavo.core.telling.sentences import sentences
from octavo.core.telling.words import base_language, leans, subject_words

# How many key points a text of so many sentences gets.
FEWEST, MOST = 3, 5
SENTENCES_A_POINT = 6
# Longer texts are judged by their beginning: news puts the subject there.
READ = 120
# A key point is a whole thought that can be read at a glance; counted in words that tell a subject.
SHORTEST, LONGEST = 4, 28
SHORTEST_CHARACTERS, LONGEST_CHARACTERS = 40, 420
# The first sentence of a report counts this much more than a late one; it fades by half after so many sentences.
LEAD = 0.9
LEAD_FADES = 6
TITLE_OVERLAP = 0.5
# Of what a sentence shares with one already chosen, this share counts against it; above REPEATS it is out.
REPEAT_COST = 0.7
REPEATS = 0.6
QUOTE_MARKS = '"“”«»„'
ENDS = tuple(".!?…。！？؟۔।:;)]'’" + QUOTE_MARKS)


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    words: frozenset[str]
    score: float


def key_points(text: str, language: str = "", title: str = "") -> list[tuple[int, int]]:
    """The three to five sentences that tell most of a text, as (start, end) in its code points, in its order.

    Sentences that lean on the one before, questions and bare quotations are taken only where nothing else is left. A
    text of fewer sentences gives fewer; an empty one none. The same text always gives the same.
    """
    language = base_language(language, text)
    spans = _whole(text, list(sentences(text, language)))[:READ]
    if not spans:
        return []
    wanted = min(MOST, max(FEWEST, len(spans) // SENTENCES_A_POINT))
    standing = _candidates(text, spans, language, title)
    firm = [c for c in standing if _stands_alone(text[c.start : c.end], language)]
    chosen = _choose(firm, wanted)
    if len(chosen) < FEWEST:
        chosen += _choose([c for c in standing if c not in firm], FEWEST - len(chosen), chosen)
    return sorted((c.start, c.end) for c in chosen)


def _whole(text: str, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The sentences without the last one, where a paywall has cut it in the middle and the others are whole."""
    ended = [text[start:end].rstrip().endswith(ENDS) for start, end in spans]
    is_cut = len(spans) > 1 and not ended[-1] and sum(ended) * 2 > len(ended)
    return spans[:-1] if is_cut else spans


def _candidates(text: str, spans: Sequence[tuple[int, int]], language: str, title: str) -> list[_Candidate]:
    bags = [subject_words(text[start:end], language) for start, end in spans]
    spread = Counter(word for bag in bags for word in set(bag))
    headline = frozenset(subject_words(title, language))
    return [
        _Candidate(start, end, frozenset(bag), _score(bag, spread, headline, place))
        for place, ((start, end), bag) in enumerate(zip(spans, bags, strict=True))
        if bag
    ]


def _score(bag: Sequence[str], spread: Counter[str], headline: frozenset[str], place: int) -> float:
    """How much of the text's subject a sentence carries, for where it stands."""
    distinct = set(bag)
    weight = sum(spread[word] - 1 for word in distinct) / (len(distinct) + 2)
    told = TITLE_OVERLAP * len(distinct & headline) / max(1, len(headline))
    lead = 1 + LEAD * LEAD_FADES / (LEAD_FADES + place)
    return (0.5 + weight + told) * lead * _fit(len(distinct))


def _fit(words: int) -> float:
    """One for a sentence of good length, less for shorter and longer ones."""
    if words < SHORTEST:
        return 0.3
    return min(1.0, LONGEST / words, 0.6 + words / 20)


def _stands_alone(sentence: str, language: str) -> bool:
    """Whether a sentence can be read without the text around it."""
    bare = sentence.strip()
    if not SHORTEST_CHARACTERS <= len(bare) <= LONGEST_CHARACTERS or bare[-1] in "?؟:…":
        return False
    if bare[0] in QUOTE_MARKS or sum(bare.count(mark) for mark in QUOTE_MARKS) % 2:
        return False
    return not bare[0].islower() and not leans(bare, language)


def _choose(candidates: Sequence[_Candidate], wanted: int, before: Sequence[_Candidate] = ()) -> list[_Candidate]:
    """The best ones, each judged by what those before it leave untold."""
    chosen: list[_Candidate] = []
    left = list(candidates)
    while left and len(chosen) < wanted:
        told = [*before, *chosen]
        best = max(left, key=lambda c: (c.score * (1 - REPEAT_COST * _shared(c, told)), -c.start))
        left.remove(best)
        if _shared(best, told) < REPEATS:
            chosen.append(best)
    return chosen


def _shared(candidate: _Candidate, chosen: Sequence[_Candidate]) -> float:
    """The largest share of a sentence's words that one chosen sentence has already."""
    return max((len(candidate.words & c.words) / len(candidate.words) for c in chosen), default=0.0)
