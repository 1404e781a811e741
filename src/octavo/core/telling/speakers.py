"""Finds to whom a sentence gives its words, as written there; it resolves no pronoun and reads no other sentence."""

from __future__ import annotations

import re
from typing import Final

from octavo.core.telling.names import TITLES
from octavo.core.telling.verbs import AUXILIARIES, REPORTING
from octavo.core.telling.words import STOPWORDS, words_of

# Words follow one another in one way only, and nothing begins within a word: a long shout costs no more than its length.
_WORD: Final = r"[^\W_][\w’'.&-]*+"
_VERBS: Final = "|".join(sorted(REPORTING, key=len, reverse=True))
# Up to so many words before the verb are its subject; an apposition in commas between them is stepped over.
_SUBJECT: Final = (
    r"(?<![^\W_])(?P<subject>(?:[^\W_][\w’'.&-]*+[ ]++){0,6}[^\W_][\w’'.&-]*?)(?:,[^,.;:“”\"]{2,120},| \([^)]*\))?\s+"
    r"(?:has |have |had |also |later |then |previously |reportedly |\w+ly )?"
)
_BEFORE: Final = re.compile(_SUBJECT + rf"(?P<verb>{_VERBS})\b(?!\s+by\b)")
_AFTER: Final = re.compile(rf"[,”\"’]\s*(?P<verb>said|says|added|wrote|asked|replied|told|argued|warned)\s+(?P<subject>{_WORD}(?:[ ]{_WORD}){{0,5}}+)")  # fmt: skip
_ACCORDING: Final = re.compile(rf"\b[Aa]ccording to\s+(?P<subject>{_WORD}(?:[ ]{_WORD}){{0,6}}+)")
_COLON: Final = re.compile(r"^(?P<subject>[A-Z][\w’'.&-]*+(?:[ ][A-Z][\w’'.&-]*+){0,3}+)[ ]?:\s")
_BREAKS: Final = words_of("that which who and but when while as because if where what how why than after before since")
PRONOUNS: Final = words_of("he she they it i we you who which this that these those his her their one some many others")


def speakers(sentence: str) -> list[frozenset[str]]:
    """The words, in small letters, of each who speaks in a sentence; a pronoun stands for itself."""
    found: list[frozenset[str]] = []
    for pattern in (_BEFORE, _AFTER, _ACCORDING, _COLON):
        for match in pattern.finditer(sentence):
            subject = _subject(match["subject"], from_end=pattern is _BEFORE)
            if subject and subject not in found:
                found.append(subject)
    return found


def _subject(written: str, from_end: bool) -> frozenset[str]:
    """The words of a subject: back from the verb, or on from it, to where another clause begins."""
    words = [word.strip(".,").removesuffix("’s").removesuffix("'s") for word in written.split()]
    kept: list[str] = []
    for word in reversed(words) if from_end else words:
        if word.lower() in _BREAKS or (kept and word.lower() in REPORTING | AUXILIARIES):
            break
        kept.append(word.lower())
    little = (STOPWORDS["en"] | AUXILIARIES | {"the", "told"}) - PRONOUNS
    return frozenset(word for word in kept if word and word not in little) - (TITLES if len(kept) > 1 else frozenset())


# Those who may be meant by another word: whoever speaks to a reporter is a source.
SOURCES: Final = words_of(
    """source sources official officials police authorities report reports statement document documents expert experts
    witness witnesses author authors spokesman spokeswoman spokesperson study researchers feds prosecutors investigators
    lawyer lawyers attorney analysts critics government company family media newspaper leader minister president"""
)
