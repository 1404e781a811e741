"""Finds names in a text by their capitals; scripts without capitals have none here. It knows no names and resolves none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from octavo.core.telling.figures import NUMBER_WORDS
from octavo.core.telling.times import MONTHS, WEEKDAYS
from octavo.core.telling.words import STOPWORDS, words_of

# A text with more capitalised words than this share is set in capitals, and its capitals tell no names.
TITLE_CASE: Final = 0.6
FEWEST_FOR_TITLE_CASE: Final = 4
# Words inside a name that are written small.
JOINING: Final = words_of("of de del della der den van von bin ibn al el la le da do dos di")
# Languages whose small words are counted.
COUNTED: Final = frozenset({"en"})
# Before a name, not of it.
TITLES: Final = words_of(
    """mr mrs ms miss dr sir lord lady dame prof professor president prime minister chancellor senator sen
    rep representative governor gov mayor judge justice general gen colonel col captain capt
    sergeant sgt lieutenant lt major admiral chief director secretary king queen prince princess
    pope father sister brother bishop archbishop cardinal rabbi imam sheikh coach ceo chairman
    chairwoman detective inspector officer deputy attorney congressman congresswoman councillor
    ambassador commissioner superintendent commander former vice"""
)
_ABBREVIATED: Final = words_of("mr mrs ms dr st gen sen gov jr")
_WORD: Final = re.compile(r"[^\W_]+(?:[’'\-&.][^\W_]+)*")
_SENTENCE_END: Final = re.compile(r"(?:[.!?:;…\n“”\"‘•|()–—]|^|--|[\s\"(]['’])[\"”’)\]]*\s*$")
_POSSESSIVE: Final = ("’s", "'s", "’S", "'S", "s’", "s'")


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words at `start` to `end` of a text, without a possessive ending; its words in order."""

    start: int
    end: int
    words: tuple[str, ...]
    is_opening: bool = False


@cache
def small_words(language: str) -> frozenset[str]:
    """The words that a language writes small: as counted, its little words, and those of numbers."""
    little = STOPWORDS.get(language, frozenset()) | NUMBER_WORDS.keys()
    if language not in COUNTED:
        return little
    path = resources.files("octavo.core.weights") / f"lower.{language}.json"
    return little | frozenset(json.loads(path.read_text(encoding="utf-8"))["words"].split())


def names(text: str, language: str = "en") -> list[Name]:
    """The names of a text in its order.

    A capital that opens a sentence counts where the word is not one that the language, or this text, writes small.
    """
    tokens = list(_WORD.finditer(text))
    small = small_words(language)
    here = {token[0] for token in tokens if token[0].islower()}
    is_title, is_shouted = is_title_case(text), text.isupper()
    chosen = [token[0][0].isupper() and _is_name(text, token, small, here, is_title, is_shouted) for token in tokens]
    return list(_runs(text, tokens, chosen))


def is_title_case(text: str) -> bool:
    """Whether the capitals of a text are a headline's manner and tell no names."""
    tokens = [token[0] for token in _WORD.finditer(text) if token[0][0].isalpha()]
    capitals = sum(token[0].isupper() for token in tokens)
    return len(tokens) >= FEWEST_FOR_TITLE_CASE and capitals > TITLE_CASE * len(tokens)


def is_acronym(word: str) -> bool:
    """Whether a word is written in capitals throughout, as US and NATO are."""
    return len(word) > 1 and word.isupper() and word.isalpha()


def bare(word: str) -> str:
    """A word without its possessive ending."""
    if not word.endswith(_POSSESSIVE):
        return word
    return word[:-1] if word[-1] in "'’" else word[:-2]


def _is_name(
    text: str, token: re.Match[str], small: frozenset[str], here: set[str], is_title: bool, is_shouted: bool
) -> bool:
    word, low = bare(token[0]), bare(token[0]).lower()
    if low in MONTHS or low in WEEKDAYS or (len(word) == 1 and low in ("i", "a")):
        return False
    if word.startswith(("I'", "I’")):
        return False
    if (is_title or opens_sentence(text, token.start())) and not (is_acronym(word) and not is_shouted):
        parts = low.split("-")
        return not all(part in small or part in here for part in parts) and not _contracted(low)
    return True


def _contracted(low: str) -> bool:
    return ("’" in low or "'" in low) and low.replace("’", "'").endswith(("n't", "'s", "'re", "'ve", "'ll", "'d", "'m"))


def opens_sentence(text: str, start: int) -> bool:
    """Whether a capital at `start` may be there because a sentence begins."""
    return _SENTENCE_END.search(text[max(0, start - 5) : start]) is not None if start else True


def _runs(text: str, tokens: Sequence[re.Match[str]], chosen: Sequence[bool]) -> Iterator[Name]:
    """Neighbouring name words as one name: a space, a full stop of an initial or a joining word between them."""
    at = 0
    while at < len(tokens):
        if not chosen[at]:
            at += 1
            continue
        first = at
        last = at
        while (following := _next(text, tokens, chosen, last)) is not None:
            last = following
        yield _name(text, tokens, first, last)
        at = last + 1


def _next(text: str, tokens: Sequence[re.Match[str]], chosen: Sequence[bool], last: int) -> int | None:
    """The token that goes on with a name, None where it ends."""
    if last + 1 >= len(tokens) or tokens[last][0] != bare(tokens[last][0]):
        return None
    gap = text[tokens[last].end() : tokens[last + 1].start()]
    is_abbreviated = len(tokens[last][0]) == 1 or tokens[last][0].lower() in _ABBREVIATED
    if gap.strip() and not (gap.strip() == "." and is_abbreviated):
        return None
    if chosen[last + 1]:
        return last + 1
    if "\n" in gap or last + 2 >= len(tokens) or tokens[last + 1][0] not in JOINING or not chosen[last + 2]:
        return None
    return last + 2 if text[tokens[last + 1].end() : tokens[last + 2].start()] == " " else None


def _name(text: str, tokens: Sequence[re.Match[str]], first: int, last: int) -> Name:
    words = tuple(bare(token[0]) for token in tokens[first : last + 1])
    end = tokens[last].start() + len(bare(tokens[last][0]))
    return Name(tokens[first].start(), end, words, opens_sentence(text, tokens[first].start()))
