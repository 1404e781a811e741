"""Decides which sentences of a translation are shown; what cannot be compared across languages stays in its own words.

Compared is what survives translation: numbers, and names by the consonants of their spelling (after Soundex and its kin:
letters of one place of the mouth count as one). A sentence without either has nothing to compare, so its original is shown.
What passes is no proof of its meaning, which is why the original always stands beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from octavo.core.telling.abstract import Told, plain
from octavo.core.telling.drafts import Draft
from octavo.core.telling.figures import figures
from octavo.core.telling.names import names
from octavo.core.telling.offering import DOMAIN, Offered, Source, addresses_reader, speaks_out_of_turn
from octavo.core.telling.sentences import sentences
from octavo.core.telling.words import WORD, base_language
from octavo.core.types import Claim

# A translation between the languages of the interface has 0.7 to 1.3 times the characters of its original.
SHORTEST, LONGEST = 0.5, 1.7
# Small numbers are words in one language and endings in another: 'two years' is one word in Arabic.
SMALL: Final = 2
# So much must agree: a word of a name counts one, a number that is no mere count two.
ENOUGH: Final = 2
COUNTED: Final = 12
# Consonants that spell one sound, by class; vowels, weak letters and what languages swap freely count for nothing.
_CLASSES: Final = {
    "b": "bpvfبپف", "t": "tdtthتطدضثذ", "s": "szcxسصزشظجچ", "k": "kgqxكقغگجخ", "l": "lل", "r": "rر", "m": "mم", "n": "nن",
}  # fmt: skip
_ARABIC_PREFIXES: Final = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ك", "ف")
# Names of fewer consonants are too like one another.
FEWEST_CONSONANTS: Final = 2


def translated(drafts: Iterable[Draft], source: Source, target: str) -> Iterator[Told]:
    """Every offered sentence in order: translated where the draft of it holds, else in its own words; each once."""
    done = 0
    for draft in drafts:
        number = draft.passages[0] if len(draft.passages) == 1 else 0
        original = source.sentence(number)
        if original is None or number <= done:
            continue
        yield from (in_own_words(one) for one in source.offered[done : number - 1])
        yield translation_of(draft, original, source.language, target) or in_own_words(original)
        done = number
    yield from (in_own_words(one) for one in source.offered[done:])


def in_own_words(original: Offered) -> Told:
    """A sentence as it stands in the text."""
    return Told(Claim(original.text, (original.passage,)), is_models=False)


def translation_of(draft: Draft, original: Offered, language: str, target: str) -> Told | None:
    """A draft as the translation of a sentence; None where anything speaks against it, or nothing for it."""
    text = plain(draft.text)
    language = base_language(language, original.text)
    length = len(text) / len(original.text)
    if not SHORTEST <= length <= LONGEST or len(list(sentences(text))) != 1 or not is_written_in(text, target):
        return None
    if speaks_out_of_turn(text) or addresses_reader(text, original.text) or DOMAIN.search(text):
        return None
    if not _holds(text, target, original.text, language):
        return None
    return Told(Claim(text, (original.passage,)), is_models=True)


def is_written_in(text: str, target: str) -> bool:
    """Whether most letters of a text are of the target language's script."""
    letters = [letter for letter in text if letter.isalpha()]
    wanted = "ARABIC" if target == "ar" else "LATIN"
    return bool(letters) and 2 * sum(unicodedata.name(one, "").startswith(wanted) for one in letters) > len(letters)


def _holds(told: str, target: str, original: str, language: str) -> bool:
    """Whether the numbers are the same, most names agree, and together they say which sentence this translates."""
    mine, theirs = _values(told, target), _values(original, language)
    if mine != theirs:
        return False
    known, strange = _names_known(told, target, original, language)
    return known >= strange and known + sum(2 if value > COUNTED else 1 for value in mine) >= ENOUGH


def _values(text: str, language: str) -> set[float]:
    return {figure.value for figure in figures(text, language) if figure.value > SMALL}


def _names_known(told: str, target: str, original: str, language: str) -> tuple[int, int]:
    """How many name words agree and how many do not, as the language that writes names with capitals tells them."""
    here, there = (told, original) if target != "ar" else (original, told)
    wanted = {word for name in names(here, target if target != "ar" else language) for word in name.words}
    have = {skeleton for word in WORD.findall(there) for skeleton in _skeletons(word)}
    found = [
        bool(_skeletons(word) & have)
        for word in wanted
        if any(len(one) >= FEWEST_CONSONANTS for one in _skeletons(word))
    ]
    return sum(found), len(found) - sum(found)


def _skeletons(word: str) -> set[str]:
    """A word's consonants by class, with each reading of its ambiguous letters, with and without an Arabic prefix."""
    bare = {word.lower(), *(word[len(prefix) :] for prefix in _ARABIC_PREFIXES if word.startswith(prefix))}
    return {skeleton for one in bare for skeleton in _readings(unicodedata.normalize("NFD", one))}


def _readings(word: str) -> set[str]:
    found = {""}
    for letter in word[:16]:
        classes = [name for name, letters in _CLASSES.items() if letter in letters]
        if classes:
            found = {one if one.endswith(name) else one + name for one in found for name in classes}
    return found
