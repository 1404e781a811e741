"""Chooses the sentences that tell a text, or a story's several texts; it writes none.

Of all sets of a few sentences that can be read alone, the summary is the one that is expected to share the most with what
a person would write: the expected overlap of words and of pairs (ROUGE: Lin 2004), by the probabilities of `salience.py`.
Key points are chosen one after the other by what each adds to those before (maximal marginal relevance: Carbonell and
Goldstein 1998).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.leaning import leans, outside_quotes
from octavo.core.telling.salience import (
    QUOTE_MARKS,
    Pair,
    Reading,
    Salience,
    SummaryWeights,
    read,
    shipped_weights,
    weigh,
)
from octavo.core.telling.words import WORD
from octavo.core.types import Article

# A summary's bounds. Three sentences in seventy words are read in twenty seconds.
SUMMARY_WORDS: Final = 70
SUMMARY_SENTENCES: Final = 3
# The best sentences by themselves, of which sets are made.
POOL: Final = 14
# What a shared pair counts beside a shared word, and a sentence's own merit: chosen by cross-validation in
# training/summaries.py, where 1 to 4 and 0 to 1 differ by less than the noise.
PAIR_WORTH: Final = 2.5
MERIT_WORTH: Final = 0.5
# How long a person's summary is taken to be, in words: the longer, the longer are those that win here.
PERSONS_LENGTH: Final = 45
# How many key points a text of so many sentences gets.
FEWEST, MOST = 3, 5
SENTENCES_A_POINT: Final = 6
# What can be read at a glance, in characters.
SHORTEST, LONGEST = 40, 420
# Who says it, in words: less than this beside a quotation that opens a sentence tells nobody.
ATTRIBUTION: Final = 3
# A sentence of which this share of the telling words has been told already is left out.
REPEATS: Final = 0.6
# A story is told from so many of its texts, and from so many sentences of each.
STORY_TEXTS: Final = 12
STORY_READ: Final = 25
ENDS = tuple(".!?…。！？؟۔।:;)]'’" + QUOTE_MARKS)

K = TypeVar("K")
Span = tuple[int, int]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Told:
    """A chosen sentence: the place of its text among those given, and its span in that text's code points."""

    text: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be chosen. `needs` is the place of the candidate that must stand directly before it."""

    told: Told
    words: frozenset[str]
    pairs: frozenset[Pair]
    telling: frozenset[str]
    length: int
    merit: float
    needs: Told | None = None


@dataclass(frozen=True)
class _Subject:
    """The sentences that may be chosen, and how likely each word and pair is to be told."""

    candidates: Sequence[_Candidate]
    words: Mapping[str, float]
    pairs: Mapping[Pair, float]

    def alone(self, candidate: _Candidate, told: frozenset[str] = frozenset()) -> float:
        """What a sentence is worth where some words have been told."""
        gained = sum(self.words[word] for word in candidate.words if word not in told)
        paired = sum(self.pairs[pair] for pair in candidate.pairs if not told.issuperset(pair))
        shared = 2 * (gained + PAIR_WORTH * paired) / (candidate.length + PERSONS_LENGTH)
        return shared + MERIT_WORTH * candidate.merit


def summary(text: str, language: str = "", title: str = "", weights: SummaryWeights | None = None) -> list[Span]:
    """One to three sentences of at most 70 words that tell a text, as (start, end) in its code points, in its order.

    A sentence that leans on the one before is taken only together with that one. Empty where there is no sentence.
    """
    weights = weights or shipped_weights()
    reading = read(text, language, title)
    subject = _subject([reading], [weigh(reading, weights)])
    return [(told.start, told.end) for told in _best_set(subject)]


def story_summary(
    articles: Sequence[Article],
    weights: SummaryWeights | None = None,
    without: Collection[tuple[int, int]] = (),
) -> list[Told]:
    """One to three sentences that tell a story out of its texts (the most telling first), in the order of the texts.

    A word counts by how many of the texts would tell it, so what several publishers report comes before what one does.
    `without` are sentences that shall not be told, since they were corrected: the place of their text, and their end.
    """
    weights = weights or shipped_weights()
    readings = [_opening(read(one.text, one.language, one.title)) for one in articles[:STORY_TEXTS]]
    subject = _subject(readings, [weigh(reading, weights) for reading in readings])
    told = [one for one in subject.candidates if (one.told.text, one.told.end) not in without]
    return _best_set(replace(subject, candidates=told or subject.candidates))


def key_points(text: str, language: str = "", title: str = "") -> list[Span]:
    """The three to five sentences that tell most of a text, as (start, end) in its code points, in its order.

    Sentences that lean on the one before, questions and bare quotations are taken only where nothing else is left. A
    text of fewer sentences gives fewer; an empty one none. The same text always gives the same. A dateline is left out.
    """
    reading = read(text, language, title)
    salience = weigh(reading, shipped_weights())
    subject = _subject([reading], [salience])
    wanted = min(MOST, max(FEWEST, len(_whole(reading)) // SENTENCES_A_POINT))
    chosen = _one_by_one(subject, [one for one in subject.candidates if one.needs is None], wanted, [])
    if len(chosen) < FEWEST:
        everything = [_candidate(reading, salience, 0, place) for place in range(len(_whole(reading)))]
        chosen += _one_by_one(subject, [one for one in everything if one.words], FEWEST - len(chosen), chosen)
    spans = sorted((one.told.start, one.told.end) for one in chosen)
    return [(start + behind_dateline(text[start:end]), end) for start, end in spans]


def _opening(reading: Reading) -> Reading:
    """A reading without the sentences of which no story is told; its counts stay those of the whole."""
    return replace(reading, spans=reading.spans[:STORY_READ], tokens=reading.tokens[:STORY_READ])


def _subject(readings: Sequence[Reading], saliences: Sequence[Salience]) -> _Subject:
    """What can be chosen from some texts; a word's probability is the mean over them, none where it does not stand."""
    words: dict[str, float] = defaultdict(float)
    pairs: dict[Pair, float] = defaultdict(float)
    for salience in saliences:
        for word, probability in salience.words.items():
            words[word] += probability / len(saliences)
        for pair, probability in salience.pairs.items():
            pairs[pair] += probability / len(saliences)
    candidates: list[_Candidate] = []
    for place, (reading, salience) in enumerate(zip(readings, saliences, strict=True)):
        candidates += _standing(reading, salience, place)
    return _Subject(candidates, words, pairs)


def _standing(reading: Reading, salience: Salience, text: int) -> list[_Candidate]:
    """The sentences that can be read alone, and those that can directly behind one of these."""
    found: list[_Candidate] = []
    before: _Candidate | None = None
    for place in range(len(_whole(reading))):
        start, end = reading.spans[place]
        sentence = reading.text[start:end]
        candidate = _candidate(reading, salience, text, place) if is_whole_thought(sentence) else None
        if candidate and candidate.words and leans(sentence, reading.language, is_first=place == 0):
            candidate = replace(candidate, needs=before.told) if before and before.needs is None else None
        if candidate and candidate.words:
            found.append(candidate)
        before = candidate
    return found


def _candidate(reading: Reading, salience: Salience, text: int, place: int) -> _Candidate:
    row = reading.tokens[place]
    telling = frozenset(word for word in row if word not in reading.little)
    pairs = frozenset(pairwise(row))
    merit = float(salience.merits[place])
    return _Candidate(Told(text, *reading.spans[place]), frozenset(row), pairs, telling, len(row), merit)


def _whole(reading: Reading) -> Sequence[Span]:
    """The sentences without the last one, where a paywall has cut it in the middle and the others are whole."""
    spans, text = reading.spans, reading.text
    ended = [text[start:end].rstrip().endswith(ENDS) for start, end in spans]
    is_cut = len(spans) > 1 and not ended[-1] and sum(ended) * 2 > len(ended)
    return spans[:-1] if is_cut else spans


def is_whole_thought(sentence: str) -> bool:
    """Whether a sentence can be shown by itself: of readable length, no question, no half of a quotation or sentence.

    A quotation is whole where the sentence says whose it is.
    """
    bare = sentence.strip()
    if not SHORTEST <= len(bare) <= LONGEST or bare.rstrip(" .")[-1:] in "?؟:…" or bare[0].islower():
        return False
    if sum(bare.count(mark) for mark in QUOTE_MARKS) % 2:
        return False
    return bare[0] not in QUOTE_MARKS or len(WORD.findall(outside_quotes(bare))) >= ATTRIBUTION


def _best_set(subject: _Subject) -> list[Told]:
    """The set of candidates of the greatest expected overlap; the best of what there is where none fits the bounds."""
    fitting = [one for one in subject.candidates if one.length <= SUMMARY_WORDS]
    pool = sorted(fitting, key=lambda one: (-subject.alone(one), one.told.text, one.told.start))[:POOL]
    if not pool:
        return []
    pool.sort(key=lambda one: (one.told.text, one.told.start))
    place = {one.told: at for at, one in enumerate(pool)}
    sets = [
        chosen
        for size in range(1, SUMMARY_SENTENCES + 1)
        for chosen in combinations(range(len(pool)), size)
        if sum(pool[at].length for at in chosen) <= SUMMARY_WORDS and _is_supported(pool, chosen, place)
    ]
    if not sets:
        return []
    worth = _worth(subject, pool, sets)
    return [pool[at].told for at in sets[int(np.argmax(worth))]]


def _is_supported(pool: Sequence[_Candidate], chosen: Sequence[int], place: Mapping[Told, int]) -> bool:
    """Whether each sentence that leans has the one before it with it."""
    needs = [pool[at].needs for at in chosen]
    return all(need is None or place.get(need) in chosen for need in needs)


def _worth(subject: _Subject, pool: Sequence[_Candidate], sets: Sequence[Sequence[int]]) -> Floats:
    """The expected overlap of each set with a person's summary, with its sentences' merit."""
    member = np.zeros((len(sets), len(pool)), bool)
    for row, chosen in enumerate(sets):
        member[row, list(chosen)] = True
    lengths = np.array([one.length for one in pool])
    merits = np.array([one.merit for one in pool])
    total = member @ lengths
    held = _covered([one.words for one in pool], subject.words, member)
    held += PAIR_WORTH * _covered([one.pairs for one in pool], subject.pairs, member)
    worth: Floats = 2 * held / (total + PERSONS_LENGTH) + MERIT_WORTH * (member @ (merits * lengths)) / total
    return worth


def _covered(parts: Sequence[frozenset[K]], weight: Mapping[K, float], member: NDArray[np.bool_]) -> Floats:
    """The weight of what each set's parts hold together, each thing once [sets]."""
    things = sorted(set().union(*parts), key=str)
    place = {thing: at for at, thing in enumerate(things)}
    holds = np.zeros((len(parts), len(things)), np.float32)
    for row, part in enumerate(parts):
        holds[row, [place[thing] for thing in part]] = 1
    covered: Floats = ((member.astype(np.float32) @ holds) > 0) @ np.array([weight[thing] for thing in things])
    return covered


def _one_by_one(
    subject: _Subject, candidates: Sequence[_Candidate], wanted: int, before: Sequence[_Candidate]
) -> list[_Candidate]:
    """The best ones, each judged by what those before it leave untold."""
    chosen: list[_Candidate] = []
    left = [one for one in candidates if one not in before]
    while left and len(chosen) < wanted:
        told = frozenset().union(*(one.words for one in (*before, *chosen)))
        best = max(left, key=lambda one: (subject.alone(one, told), -one.told.start))
        left.remove(best)
        if _repeats(best, (*before, *chosen)) < REPEATS:
            chosen.append(best)
    return chosen


def _repeats(candidate: _Candidate, chosen: Sequence[_Candidate]) -> float:
    """The largest share of a sentence's telling words that one chosen sentence has already."""
    mine = max(1, len(candidate.telling))
    return max((len(candidate.telling & one.telling) / mine for one in chosen), default=0.0)
