"""Finds whom and what an article names, in languages with capitals: every name once, with how much it is told of.

Every mention counts for the fullest form: Halen and President Halen for Mira Halen, ECB for the European Central Bank, a
Velmaran for Velmara. It resolves nothing beyond the article, and chooses no hashtags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.idle import (
    AGENCY_NAMES,
    BODIES,
    DEMONYM_ENDS,
    DEMONYMS,
    FRONT,
    GENERIC,
    GERMAN_ARTICLES,
    JOINTS,
    KEPT_TITLES,
    LITTLE,
    MEDIA,
    MEDIA_NAMES,
    ROLES,
    ROLES_ELSEWHERE,
)
from octavo.core.telling.names import JOINING, Name, is_acronym, names, small_words
from octavo.core.telling.phrases import is_verb
from octavo.core.telling.times import MONTHS, WEEKDAYS
from octavo.core.telling.topics import meant, topic_key
from octavo.core.telling.words import STOPWORDS, WORD
from octavo.core.words import fold

# Characters of a text that are its opening.
OPENING: Final = 700
LONGEST_NAME: Final = 6
# A bonus that vouches for a name: a publisher's tag, the word before it.
VOUCHED: Final = 1.5
# What is longer and in capitals throughout is shouted, where the text has it otherwise too.
LONGEST_SHOUT: Final = 3
# What a name weighs for standing in the headline, in the opening; mentions beyond so many add nothing.
IN_TITLE, IN_OPENING, MOST_MENTIONS = 4.0, 1.5, 8
# How often a name must stand that neither the headline nor the opening has; one of a single word always.
RECURS, RECURS_LATE = 2, 3


@dataclass(slots=True)
class Subject:
    """What a text is about: its words as written, how often they stand, and where; `weight` orders subjects of one text."""

    words: tuple[str, ...]
    mentions: int = 0
    in_title: bool = False
    in_opening: bool = False
    inside: int = 0
    is_name: bool = True
    bonus: float = 0.0
    spellings: dict[tuple[str, ...], int] = field(default_factory=dict)

    @property
    def weight(self) -> float:
        """By mentions, the more for the headline and the opening; a name of several words tells more than one."""
        weight = min(self.mentions, MOST_MENTIONS) + self.bonus
        weight += IN_TITLE * self.in_title + IN_OPENING * self.in_opening
        return weight * (1.25 if len(self.words) > 1 and self.is_name else 1.0)

    @property
    def may_be_told_of(self) -> bool:
        """Whether it stands there twice, or once in the opening: what serves where an article tells of little else."""
        if len(self.words) > 1:
            return self.mentions >= RECURS or self.in_opening
        return self.inside > 0 and self.mentions >= RECURS and self.in_opening

    @property
    def is_told_of(self) -> bool:
        """Whether the article is about it, and does not only mention it."""
        if self.mentions and (self.in_title or (self.bonus >= VOUCHED and self.mentions >= RECURS)):
            return True
        if len(self.words) > 1:
            return self.mentions >= (RECURS if self.in_opening else RECURS_LATE)
        return self.inside > 0 and self.mentions >= RECURS_LATE


def named(title: str, text: str, language: str, ours: Iterable[str] = ()) -> list[Subject]:
    """The names that an article tells of, or may tell of, the weightiest first.

    `ours` are the names of its publisher and authors.
    """
    found = _counted(text, language)
    _join_acronyms(found, text)
    _without_openers(found)
    merged = _merged(found)
    _fold_demonyms(merged)
    _look_at_title(merged, title, language)
    banned = {name.casefold() for name in ours if name} | AGENCY_NAMES
    kept = [one for one in merged if (one.is_told_of or one.may_be_told_of) and not _is_idle(one, language, banned)]
    return sorted(kept, key=lambda one: (-one.weight, one.words))


def _counted(text: str, language: str) -> dict[tuple[str, ...], Subject]:
    """Every form of a name with its mentions, without titles before it."""
    found: dict[tuple[str, ...], Subject] = {}
    nouns: set[tuple[str, ...]] = set()
    skipped = _datelines(text)
    for name in (part for whole in names(text, language) for part in _by_lines(whole, text)):
        if any(start <= name.start < end for start, end in skipped) or _is_credit(name, text):
            continue
        words = cleaned(name.words, language)
        if not words or len(words) > LONGEST_NAME or _is_headline(words, language):
            continue
        one = found.setdefault(words, Subject(words))
        one.mentions += 1
        one.in_opening |= name.start < OPENING
        if (
            language == "de"
            and len(words) == 1
            and words == name.words
            and _word_before(text, name.start) in GERMAN_ARTICLES
        ):
            nouns.add(words)
        one.inside += not name.is_opening or words != name.words or len(words) > 1
    return {words: one for words, one in found.items() if words not in nouns}


def _word_before(text: str, start: int) -> str:
    before = text[max(0, start - 20) : start].split()
    return before[-1].lower() if before else ""


def _by_lines(name: Name, text: str) -> Iterator[Name]:
    """A name cut at the ends of lines, where headings and captions run into each other."""
    written = text[name.start : name.end]
    if "\n" not in written:
        yield name
        return
    at = name.start
    for line in written.split("\n"):
        if words := tuple(WORD.findall(line)):
            yield Name(at, at + len(line), words, is_opening=True)
        at += len(line) + 1


def _is_headline(words: Sequence[str], language: str) -> bool:
    """Whether capitalised words are a line of a headline, or shouted, and no name."""
    shouted = [word for word in words if len(word) > 4 and word.isupper()]
    if shouted and len(shouted) < len(words):
        return True
    verbs = [word for word in words[1:] if fold(word) in small_words(language) and is_verb(fold(word))]
    return language == "en" and len(words) > 2 and bool(verbs)


def _is_credit(name: Name, text: str) -> bool:
    """Whether a name stands at a slash, as in a picture's credit."""
    return text[name.end : name.end + 1] == "/" or (name.start > 0 and text[name.start - 1] == "/")


def _datelines(text: str) -> list[tuple[int, int]]:
    """The spans of datelines at the heads of the first lines: places that say where, not what."""
    spans, at = [], 0
    for line in text.split("\n")[:6]:
        if end := behind_dateline(line[:400]):
            spans.append((at, at + end))
        at += len(line) + 1
    return spans


def cleaned(words: Sequence[str], language: str) -> tuple[str, ...]:
    """The words of a name without what stands before a name, and without dates; none where nothing is left."""
    kept = list(words)
    while kept and (fold(kept[0]) in FRONT or _is_date(kept[0]) or kept[0].isdigit()):
        kept = kept[1:]
    while kept and (_is_date(kept[-1]) or fold(kept[-1]) in JOINING):
        kept = kept[:-1]
    if any(_is_date(word) for word in kept):
        return ()
    if language == "en":
        return tuple(_without_roles(kept))
    while len(kept) > 1 and (fold(kept[0]) in ROLES_ELSEWHERE or fold(kept[0]) in JOINING):
        kept = kept[1:]
    return tuple(kept)


def _is_date(word: str) -> bool:
    low = fold(word)
    return low in WEEKDAYS or (low in MONTHS and low not in ("may", "mars", "mai", "march", "august", "hier"))


def _without_roles(words: Sequence[str]) -> Sequence[str]:
    """A person's name without the roles before it: Reid of Senate Majority Leader Harry Reid."""
    lows = [fold(word).rstrip(".") for word in words]
    if lows and lows[-1] in BODIES:
        return words
    last = max((at for at, low in enumerate(lows[:-1]) if low in ROLES), default=-1)
    if last < 0:
        return () if len(words) > 1 and lows[-1] in ROLES and lows[-1] not in KEPT_TITLES else words
    rest = list(words[last + 1 :])
    while len(rest) > 2 and fold(rest[0]) in JOINING:
        rest = rest[2:]
    if rest and fold(rest[0]) in JOINING:
        return ()
    keeps = lows[last] in KEPT_TITLES and len(rest) == 1
    return words[last:] if keeps else rest


def _join_acronyms(found: dict[tuple[str, ...], Subject], text: str) -> None:
    """Lets an acronym count for the name whose initials it is, where the article has both."""
    initials: dict[str, tuple[str, ...]] = {}
    for words in found:
        capitals = "".join(word[0] for word in words if word[0].isupper())
        if len(capitals) > 1:
            initials.setdefault(capitals, words)
    for words in [words for words in found if len(words) == 1 and is_acronym(words[0])]:
        whole = initials.get(words[0])
        if whole is not None and f"({words[0]}" in text:
            _absorb(found[whole], found.pop(words))


def _without_openers(found: dict[tuple[str, ...], Subject]) -> None:
    """Counts a name that stands once, behind a word that only opens the sentence, for the name without it."""
    for words in [words for words in found if len(words) > 1 and found[words].mentions == 1]:
        if words[1:] in found and fold(words[0]) not in ROLES and _is_opener(words):
            _absorb(found[words[1:]], found.pop(words))


def _is_opener(words: Sequence[str]) -> bool:
    """Whether the first word is likely no part of a name: a longer name is left by it, and no person's given name."""
    return len(words) > 2 or fold(words[0]) in DEMONYMS


def _absorb(whole: Subject, part: Subject) -> None:
    whole.mentions += part.mentions
    whole.in_opening |= part.in_opening
    whole.inside += part.inside
    whole.in_title |= part.in_title


def _merged(found: Mapping[tuple[str, ...], Subject]) -> list[Subject]:
    """The names with their shorter forms counted for them; of two that could be meant, the one told of more often."""
    by_end: dict[str, tuple[str, ...]] = {}
    by_front: dict[str, tuple[str, ...]] = {}
    ordered = sorted(found, key=lambda words: (-found[words].mentions, -len(words), words))
    for words in ordered:
        if 1 < len(words) <= 4 and not any(word[0].islower() for word in words):
            by_end.setdefault(words[-1], words)
            if len(words) == 2 and fold(words[-1]) not in BODIES:
                by_front.setdefault(words[0], words)
    whole: dict[tuple[str, ...], Subject] = {}
    for words in sorted(found, key=lambda words: (-len(words), words)):
        target = _fuller(words, found, by_end, by_front)
        if target in whole and target != words:
            _absorb(whole[target], found[words])
        else:
            whole[words] = found[words]
    return _same_key(whole.values())


def _fuller(
    words: tuple[str, ...],
    found: Mapping[tuple[str, ...], Subject],
    by_end: Mapping[str, tuple[str, ...]],
    by_front: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    """The form that a short form stands for in this article; itself where there is none."""
    if len(words) > 1:
        last = by_end.get(words[-1], words)
        return last if last[0] == words[0] and len(last) == 2 < len(words) <= 3 else words
    one = words[0]
    if fold(one) in GENERIC or fold(one) in BODIES:
        return words
    fuller = by_end.get(one)
    if fuller is not None and not _is_place_head(fuller):
        return fuller
    front = by_front.get(one)
    return (
        front
        if front is not None and found[words].mentions <= found[front].mentions * 3 and _is_given(front)
        else words
    )


def _is_place_head(words: Sequence[str]) -> bool:
    """Whether a name only says which of a place is meant: South Korea is not meant by every Korea."""
    return fold(words[0]) in ("south", "north", "east", "west", "new", "northern", "southern", "eastern", "western")


def _is_given(words: Sequence[str]) -> bool:
    """Whether the first word may be a given name: one that is no place's or nation's."""
    low = fold(words[0])
    return low not in DEMONYMS and low not in GENERIC and not is_acronym(words[0]) and low not in small_words("en")


def _same_key(subjects: Iterable[Subject]) -> list[Subject]:
    """One subject for all spellings of a name, under the commonest."""
    by_key: dict[str, Subject] = {}
    for one in sorted(subjects, key=lambda one: (-one.mentions, one.words)):
        key = topic_key(one.words, "en")
        if key in by_key:
            known = by_key[key]
            _absorb(known, one)
            if "".join(known.words).isupper() and len("".join(known.words)) > LONGEST_SHOUT:
                known.words = one.words
        elif key:
            by_key[key] = one
    return list(by_key.values())


def _fold_demonyms(subjects: list[Subject]) -> None:
    """Counts a people's name for the place that the article names too: Velmaran for Velmara."""
    places = [one for one in subjects if len(one.words) == 1 and len(one.words[0]) > 3]
    for one in places:
        word = one.words[0].removesuffix("s")
        for place in places:
            stem = place.words[0][:-1] if place.words[0][-1] in "aeoy" else place.words[0]
            if place is not one and word.startswith(stem) and word[len(stem) :].removeprefix("a") in DEMONYM_ENDS:
                _absorb(place, one)
                one.mentions = 0
                break


def _look_at_title(subjects: Iterable[Subject], title: str, language: str) -> None:
    """Marks what the headline names: a name whole, or by the word that it goes by."""
    in_title = {fold(word.removesuffix("’s").removesuffix("'s")) for word in WORD.findall(title)}
    lowered = f" {' '.join(fold(word.removesuffix('’s').removesuffix(chr(39) + 's')) for word in WORD.findall(title))} "
    for one in subjects:
        lows = [fold(word) for word in one.words]
        is_person = 2 <= len(lows) <= 3 and lows[-1] not in BODIES and lows[-1] not in small_words("en")
        one.in_title = f" {' '.join(lows)} " in lowered or (is_person and lows[-1] in in_title)


def _is_idle(one: Subject, language: str, banned: set[str]) -> bool:
    """Whether a name is nothing to follow: a publisher's, an agency's, a people's alone, a common word."""
    whole = " ".join(one.words)
    low = fold(whole)
    if whole.casefold() in banned or len(whole.replace(".", "")) < 2 or one.mentions == 0:
        return True
    if _is_ragged(one, language):
        return True
    if fold(one.words[-1]) in MEDIA and not (one.in_title and len(one.words) > 2):
        return True
    if len(one.words) == 1:
        return _is_idle_word(one, low, language)
    lows = [fold(word) for word in one.words]
    return all(low in GENERIC or low in DEMONYMS or low in ROLES for low in lows if low not in JOINING)


def _is_ragged(one: Subject, language: str) -> bool:
    """Whether words are a piece of a heading or of broken text: a little word at their end, or within what stands once."""
    lows = [fold(word) for word in one.words]
    little = LITTLE if language == "en" else frozenset[str]()
    if len(lows) > 1 and (lows[-1] in little | JOINTS or all(low in MEDIA_NAMES for low in lows)):
        return True
    is_joined = any("-" in word and word.rpartition("-")[2].islower() for word in one.words)
    return len(lows) > 1 and (is_joined or (one.mentions < RECURS and any(low in little for low in lows)))


def _is_idle_word(one: Subject, low: str, language: str) -> bool:
    if meant(one.words, language) != one.words:
        return False
    plural = low.removesuffix("s")
    if low in MEDIA_NAMES or low in GENERIC or low in DEMONYMS or plural in DEMONYMS or low in ROLES or plural in ROLES:
        return True
    return low in small_words(language) or low in STOPWORDS["en"] or low in MONTHS or low in WEEKDAYS or len(low) < 3
