"""Chooses what several voices of a story say alike, and what one says alone; `retelling.py` judges what is alike.

A voice is a publisher with a text of its own. A statement is a sentence of one text, verbatim, with the stand of every voice
to it. A wrong 'all report' is a false claim, and so is a wrong 'does not report': what is in doubt counts as 'in part'.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from typing import Final

from octavo.core.telling.figures import figures
from octavo.core.telling.names import TITLES, names
from octavo.core.telling.retelling import RETOLD, Compared, Gate, Line, Place, Reading, Whole, compare, counts, whole_of
from octavo.core.telling.times import times
from octavo.core.telling.verbs import lemma_of

# So many statements of each kind are kept, and of one voice alone; two share no more than this part of their words.
MOST_SHARED, MOST_ALONE, MOST_ALONE_OF_VOICE = 8, 4, 2
REPEATS: Final = 0.5
# What an own name or number adds to the weight of a sentence that stands alone.
OWN_FACT: Final = 0.15
MOST_OWN: Final = 3
# A sentence that stands alone is still about the story: so many of its words stand in half of the texts.
ABOUT: Final = 2
# A name so like a word of another text is that word misspelt.
MISSPELT: Final = 0.84
_WORD: Final = re.compile(r"[^\W_]+")


class Stand(StrEnum):
    """How a voice stands to a statement: has it, has part of it or words too far off to tell, has nothing of it."""

    HAS = "has"
    PART = "part"
    LACKS = "lacks"


@dataclass(frozen=True, slots=True)
class Statement:
    """What some voices say: the sentence shown, how each voice stands to it, and where each that has it says it.

    `own` are the names and numbers that stand with one voice alone, where it has the statement alone.
    """

    shown: Place
    stands: tuple[Stand, ...]
    places: tuple[Place, ...]
    own: tuple[str, ...] = ()

    @property
    def holders(self) -> int:
        """How many voices have it."""
        return sum(stand is Stand.HAS for stand in self.stands)


@dataclass(frozen=True)
class Voices:
    """The texts of a story in one language: whose each is, by the number of its voice, and whether all of it is here.

    A text that is not whole cannot lack anything, and its sentences are not shown. `further` are the story's other texts,
    with their voices, -1 for nobody's: before something is said to be missing it is looked for there, too.
    """

    reading: Reading
    of_text: Sequence[int]
    is_whole: Sequence[bool]
    further: Sequence[tuple[int, str]] = ()

    @cached_property
    def others(self) -> Sequence[tuple[int, Whole]]:
        """The further texts, read."""
        return [(voice, whole_of(text, self.reading.language)) for voice, text in self.further]

    @property
    def count(self) -> int:
        """How many voices there are."""
        return max(self.of_text, default=-1) + 1


def statements(voices: Voices, without: Collection[str] = ()) -> tuple[list[Statement], list[Statement]]:
    """What at least two voices say, those first that most have; and the weightiest that one says alone.

    `without` are names that are no facts of the story, as those of publishers.
    """
    if voices.count < 2:
        return [], []
    compared = compare(voices.reading)
    shared = _shared(compared, voices)
    return shared, _alone(compared, voices, shared, without)


def _shared(compared: Compared, voices: Voices) -> list[Statement]:
    """The statements of several voices; none says again what one before says."""
    lines, gate, found = voices.reading.lines, Gate(voices.reading), list[Statement]()
    for at in _most_reaching(compared, voices):
        if len(found) == MOST_SHARED:
            break
        if not any(_says_again(voices.reading, lines[at], one) for one in found):
            statement = _statement(compared, gate, at, voices)
            found += [statement] if statement.holders > 1 else []
    return sorted(found, key=lambda one: -one.holders)


def _most_reaching(compared: Compared, voices: Voices) -> list[int]:
    """The lines that may be shown and that two voices or more may have, those of most first; whole sentences before parts."""
    lines, reach = voices.reading.lines, dict[int, int]()
    for at, line in enumerate(lines):
        if line.is_candidate and voices.is_whole[line.place.text]:
            near = {voices.of_text[text] for text, share in enumerate(compared.shares[at]) if share >= RETOLD}
            reach[at] = len(near | {voices.of_text[line.place.text]})
    likely = [at for at in reach if reach[at] > 1]
    return sorted(likely, key=lambda at: (-reach[at], not lines[at].is_sentence, -lines[at].merit, at))


def _says_again(reading: Reading, line: Line, statement: Statement) -> bool:
    """Whether a sentence is one of those that have a statement, or repeats it."""
    for one in statement.places:
        if one.text == line.place.text and one.start < line.place.end and line.place.start < one.end:
            return True
    other = reading.lemmas_of(statement.shown)
    return len(line.lemmas & other) >= REPEATS * min(len(line.lemmas), len(other))


def _statement(compared: Compared, gate: Gate, at: int, voices: Voices) -> Statement:
    """A line as a statement: a voice has it where one of its texts has, and lacks it where all of them do."""
    own = voices.reading.lines[at].place
    stands, places = [], []
    for voice in range(voices.count):
        texts = [text for text, of in enumerate(voices.of_text) if of == voice]
        place = own if own.text in texts else next(_retellings(compared, gate, at, texts), None)
        if place:
            places.append(place)
        is_missing = all(voices.is_whole[text] for text in texts) and _is_untold(compared, voices, at, {voice})
        stands.append(Stand.HAS if place else Stand.LACKS if is_missing else Stand.PART)
    return Statement(own, tuple(stands), tuple(places))


def _is_untold(compared: Compared, voices: Voices, at: int, among: Collection[int]) -> bool:
    """Whether no text of some voices, nor any further one of theirs, has anything of a line."""
    texts = (text for text, of in enumerate(voices.of_text) if of in among)
    further = (whole for voice, whole in voices.others if voice in among)
    return all(compared.is_untold(at, text) for text in texts) and all(
        voices.reading.is_silent(at, whole) for whole in further
    )


def _retellings(compared: Compared, gate: Gate, at: int, texts: Sequence[int]) -> Iterator[Place]:
    """The passages of some texts that retell a line."""
    for text in texts:
        if compared.may_be_retold(at, text) and gate.bears(
            compared.reading.lines[at].place, passage := compared.passage(at, text)
        ):
            yield passage


def _alone(
    compared: Compared, voices: Voices, shared: Sequence[Statement], without: Collection[str]
) -> list[Statement]:
    """The weightiest sentences whose names or numbers stand with one voice alone, and of whose words no other has many.

    None says again what is shared.
    """
    reading, chosen = voices.reading, list[Statement]()
    taken: Counter[int] = Counter()
    for at, own in _own_lines(compared, voices, without):
        line = reading.lines[at]
        voice = voices.of_text[line.place.text]
        if taken[voice] < MOST_ALONE_OF_VOICE and not any(
            _says_again(reading, line, one) for one in (*shared, *chosen)
        ):
            stands = tuple(Stand.HAS if other == voice else Stand.LACKS for other in range(voices.count))
            chosen.append(Statement(line.place, stands, (line.place,), tuple(own)))
            taken[voice] += 1
        if len(chosen) == MOST_ALONE:
            break
    return chosen


def _own_lines(compared: Compared, voices: Voices, without: Collection[str]) -> list[tuple[int, list[str]]]:
    """The lines that one voice has alone, with their own facts, the weightiest first."""
    reading = voices.reading
    spread = Counter(word for one in reading.whole for word in one.lemmas)
    about = {word for word, count in spread.items() if 2 * count >= len(reading.texts)}
    known = [_known_to_others(voices, voice) for voice in range(voices.count)]
    found = []
    for at, line in enumerate(reading.lines):
        if not (line.is_sentence and line.is_candidate and voices.is_whole[line.place.text]):
            continue
        voice = voices.of_text[line.place.text]
        if len(line.lemmas & about) < ABOUT:
            continue
        facts = dict.fromkeys(_own_facts(reading.text_of(line.place), known[voice], reading.language))
        own = [one for one in facts if not _is_of(one, without)]
        if own and _is_untold(compared, voices, at, {-1, *range(voices.count)} - {voice}):
            found.append((line.merit + OWN_FACT * min(len(own), MOST_OWN), at, own))
    return [(at, own) for _, at, own in sorted(found, key=lambda one: (-one[0], one[1]))]


def _known_to_others(voices: Voices, voice: int) -> Whole:
    """The words and numbers of all texts but those of a voice."""
    texts = [whole for whole, of in zip(voices.reading.whole, voices.of_text, strict=True) if of != voice]
    texts += [whole for of, whole in voices.others if of != voice]
    lemmas = frozenset[str]().union(*(one.lemmas for one in texts))
    return Whole(lemmas, frozenset[float]().union(*(one.values for one in texts)))


def _is_of(fact: str, without: Collection[str]) -> bool:
    """Whether a name is one of some, or a part of one, as 'Courier' of 'The Port Sennet Courier'; or is a title alone."""
    return TITLES.issuperset(fact.lower().split()) or any(f" {fact} " in f" {one} " for one in without)


def _own_facts(sentence: str, others: Whole, language: str) -> list[str]:
    """The names and numbers of a sentence of which the others have nothing, as they are written."""
    dated = [(time.start, time.end) for time in times(sentence)]
    told = [one for one in figures(sentence, language, dated) if counts(one) and one.value not in others.values]
    own = [sentence[one.start : one.end] for one in told]
    for name in names(sentence, language):
        parts = [lemma_of(part, language) for word in name.words for part in _WORD.findall(word)]
        is_sure = len(parts) > 1 or not name.is_opening
        if is_sure and parts and not any(part in others.lemmas or _is_misspelt(part, others.lemmas) for part in parts):
            own.append(" ".join(name.words))
    return own


def _is_misspelt(part: str, words: Collection[str]) -> bool:
    """Whether a word is nearly one of others that begins alike."""
    near = (word for word in words if word[:2] == part[:2] and abs(len(word) - len(part)) <= 2)
    return any(SequenceMatcher(None, part, word, autojunk=False).ratio() >= MISSPELT for word in near)
