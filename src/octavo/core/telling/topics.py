"""Gives a topic its one key and its label, whatever its spelling; it finds no topics and knows no archive.

Case, accents, a plural's ending, Arabic's article and the letters that Arabic writers confuse make no other topic. Keys hold
no spaces, so that they are addresses; a key is its own key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from octavo.core.words import fold_arabic

LONGEST_KEY: Final = 120
# Languages that are written without capitals; their labels are joined by underscores.
CASELESS: Final = frozenset(("ar", "he", "fa", "ur", "ps", "hi", "zh", "ja", "ko", "th"))
# Languages whose plurals end in an s that changes nothing else.
_PLURAL_S: Final = frozenset(("en", "fr", "es", "pt"))
# What ends in an s and is no plural.
_NO_PLURAL: Final = re.compile(r"(?:ss|us|is|as|os|ews|ics)$")
# Letters that no decomposition makes plain.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_ARABIC_ARTICLE: Final = "ال"
# What is meant by names that are mostly written short.
MEANT: Final = {
    "en": {
        "us": "United States",
        "usa": "United States",
        "america": "United States",
        "uk": "United Kingdom",
        "eu": "European Union",
        "un": "United Nations",
        "uae": "United Arab Emirates",
        "gop": "Republican Party",
        "imf": "International Monetary Fund",
        "ecb": "European Central Bank",
    },
}
# Vowel signs and the stretching of letters, which only some writers write.
_ARABIC_MARKS: Final = dict.fromkeys([*range(0x610, 0x61B), *range(0x64B, 0x660), 0x670, 0x640])


def meant(words: Sequence[str], language: str) -> tuple[str, ...]:
    """The words of the name that is meant by a short one; a name itself where none is known."""
    whole = MEANT.get(language, {}).get("".join(words).replace(".", "").casefold())
    return tuple(whole.split()) if whole else tuple(words)


def topic_key(words: Sequence[str], language: str, *, is_name: bool = True) -> str:
    """The key of a topic in one language: the same for all its spellings. Only phrases lose a plural's ending."""
    folded = [_fold(word, language) for word in meant(words, language)]
    if folded and not is_name and language in _PLURAL_S:
        folded[-1] = singular(folded[-1])
    return "".join(char for word in folded for char in word if char.isalnum())[:LONGEST_KEY]


def topic_label(words: Sequence[str], language: str) -> str:
    """As hashtags are written: EuropeanCentralBank; with underscores where there are no capitals."""
    parts = [part for word in meant(words, language) for part in re.split(r"[-‐–]", word)]
    kept = [word for word in (re.sub(r"[^\w]|_", "", part) for part in parts) if word]
    if language in CASELESS:
        return "_".join(kept)
    if len(kept) == 1:
        return kept[0]
    return "".join(word[:1].upper() + word[1:] for word in kept)


def better_label(one: str, other: str) -> str:
    """Which of two labels of one topic is shown, whichever came first: marks and capitals tell more than none."""
    return max(one, other, key=_worth)


def _worth(label: str) -> tuple[bool, int, int, str]:
    shouts = len(label) > 5 and label.isupper()
    marks = sum(not char.isascii() for char in label)
    capitals = sum(char.isupper() for char in label)
    return not shouts, marks, capitals, label


def singular(word: str) -> str:
    """A word without its plural's ending, where it has one; what is left is not looked at again."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not _NO_PLURAL.search(word):
        return word[:-1]
    return word


def _fold(word: str, language: str) -> str:
    """A word without what spellings differ by."""
    if language == "ar":
        return fold_arabic_name(word)
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_PLAIN))
    return "".join(char for char in plain if unicodedata.category(char) != "Mn" or char > "\u0400")


def unmarked(text: str) -> str:
    """An Arabic text without vowel signs."""
    return text.translate(_ARABIC_MARKS)


def fold_arabic_name(word: str) -> str:
    """An Arabic word without its article, its marks, and the sound plural's ending."""
    folded = fold_arabic(unicodedata.normalize("NFKC", word))
    if folded.startswith(_ARABIC_ARTICLE) and len(folded) > 4:
        folded = folded[2:]
    return folded[:-2] + "ه" if len(folded) > 4 and folded.endswith("ات") else folded
