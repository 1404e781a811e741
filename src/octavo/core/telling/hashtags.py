"""Chooses the hashtags of an article from its own words: names first, then phrases that recur; it invents none.

Names are runs of capitalised words that stand somewhere else than at a sentence's head; languages without capitals, as
Arabic, go by runs of words that recur. Both are weighed by how often and how early they stand, and by the headline.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from octavo.core.telling.words import STOPWORDS, WORD, base_language, subject_words, words_of
from octavo.core.words import fold_arabic

FEWEST, MOST = 3, 6
READ_CHARACTERS = 12_000
LONGEST_NAME = 4
LONGEST_LABEL = 60
# What one mention weighs: in the headline, in the opening, anywhere; and as a name, or as the publisher's own tag.
IN_TITLE, IN_OPENING = 3.0, 1.0
OPENING_CHARACTERS = 600
NAME, PHRASE, WORD_ALONE = 1.6, 1.3, 0.5
PUBLISHERS_TAG = 2.5
# A word that recurs less often than this is no subject by itself.
RECURS = 2

_JOINING = r"(?:of|the|de|la|del|von|van|der|den|bin|al|el|du|des|da|do)"
_CAPITALISED = r"(?:[^\W\d_a-zß-öø-ÿ][\w\-]*(?:[’'][A-Z]\w+)?)"
_NAME = re.compile(rf"{_CAPITALISED}(?:[ \u00a0](?:{_JOINING}[ \u00a0]){{0,2}}{_CAPITALISED}|[ \u00a0]\d{{1,4}}\b)*")
_SENTENCE_HEAD = re.compile(r"(?:^|[.!?…:\n][\s\"“”‘’«»(]*)$")
_CASELESS = frozenset(("ar", "he", "fa", "ur", "hi", "zh", "ja", "ko", "th"))
# Titles before names, and words that begin headlines: no part of a name.
_FRONT = words_of(
    """mr mrs ms dr sir lord lady president prime minister senator judge king queen prince pope chancellor
        the a an in on at by for from with after before as but and how why what when where who"""
)
_NO_NAMES = STOPWORDS["en"]


@dataclass(frozen=True, slots=True)
class Hashtag:
    """`key` is the same for all spellings of a subject in one language; `label` is shown after the #."""

    key: str
    label: str


def hashtags(title: str, text: str, language: str = "", tags: Iterable[str] = ()) -> list[Hashtag]:
    """Three to six hashtags of an article, the weightiest first; fewer only where there are not so many words.

    `tags` are the publisher's own: they count more where the text has them, and never alone.
    """
    language = base_language(language, text or title)
    text = text[:READ_CHARACTERS]
    weights = _names(title, text) if language not in _CASELESS else {}
    phrases = _phrases(title, text, language)
    for phrase, weight in phrases.items():
        weights[phrase] = max(weights.get(phrase, 0), weight)
    _favour(weights, tags, text)
    chosen = _distinct(weights, language, MOST)
    if len(chosen) < FEWEST:
        chosen += _distinct(_words(title, text, language), language, FEWEST - len(chosen), chosen)
    return chosen


def _names(title: str, text: str) -> dict[str, float]:
    """The names of a text with their weight; a shorter form of a name counts for the longer."""
    found: dict[str, float] = defaultdict(float)
    inside = set(_mentions(text))
    for name in _mentions(text):
        found[name] += 1
    for name in _mentions(title, heads_count=True):
        if name in inside or " " in name:
            found[name] += IN_TITLE if name in inside else 0
    opening = text[:OPENING_CHARACTERS]
    for name in found:
        found[name] += IN_OPENING if name in opening else 0
    return {name: weight * NAME for name, weight in _merged(found).items()}


def _mentions(text: str, heads_count: bool = False) -> list[str]:
    """Every mention of a name, without titles in front; a single word at a sentence's head is none."""
    found = []
    for match in _NAME.finditer(text):
        words = match[0].split()
        at_head = _SENTENCE_HEAD.search(text[max(0, match.start() - 4) : match.start()]) is not None
        while words and words[0].lower() in _FRONT | _NO_NAMES:
            words, at_head = words[1:], False
        if not words or len(words) > LONGEST_NAME + 2 or (at_head and len(words) == 1 and not heads_count):
            continue
        name = re.sub(r"[’']s?$", "", " ".join(words))
        if len(name) > 1 and not name.isdigit() and name.lower() not in _NO_NAMES:
            found.append(name)
    return found


def _merged(found: dict[str, float]) -> dict[str, float]:
    """Counts a last name for the full name that ends with it."""
    longest: dict[str, str] = {}
    for name in sorted(found, key=lambda n: (-len(n.split()), -found[n], n)):
        words = name.split()
        if not any(word.islower() for word in words):  # the Council of Velmara is not meant by Velmara
            longest.setdefault(words[-1], name)
    merged: dict[str, float] = {}
    for name, count in found.items():
        whole = longest.get(name, name) if " " not in name else name
        merged[whole] = merged.get(whole, 0) + count
    return merged


def _phrases(title: str, text: str, language: str) -> dict[str, float]:
    """Pairs of words that recur, and in languages without capitals single words too."""
    stop = STOPWORDS.get(language, frozenset())
    words = [word.lower() for word in WORD.findall(f"{title} . {text}")]
    telling = [word if len(word) > 2 and word not in stop and not word.isdigit() else "" for word in words]
    pairs = Counter(f"{a} {b}" for a, b in itertools.pairwise(telling) if a and b)
    headline = title.lower()
    found = {
        pair: PHRASE * count + (IN_TITLE if pair in headline else 0) for pair, count in pairs.items() if count > RECURS
    }
    if language in _CASELESS:
        found |= {pair: PHRASE * count + 1 for pair, count in pairs.items() if count == RECURS}
        found |= {word: weight for word, weight in _words(title, text, language).items() if weight >= IN_TITLE}
    return found


def _words(title: str, text: str, language: str) -> dict[str, float]:
    """Single words by how often they stand, the headline's counting more."""
    counts: dict[str, float] = defaultdict(float)
    for word in subject_words(text, language):
        counts[word] += WORD_ALONE
    for word in subject_words(title, language):
        counts[word] += IN_TITLE * (0.5 if word not in counts else 1)
    return counts


def _favour(weights: dict[str, float], tags: Iterable[str], text: str) -> None:
    """Lets the publisher's tags count where the text has them."""
    lowered = text.lower()
    by_key = {name.lower(): name for name in weights}
    for tag in tags:
        tag = " ".join(tag.split())
        if 2 < len(tag) <= LONGEST_LABEL and tag.lower() in lowered and tag.lower() not in _NO_NAMES:
            name = by_key.get(tag.lower(), tag)
            weights[name] = max(weights.get(name, 0), 1) * PUBLISHERS_TAG


def _distinct(weights: dict[str, float], language: str, wanted: int, have: Sequence[Hashtag] = ()) -> list[Hashtag]:
    """The weightiest, each subject once: none that is part of one already chosen."""
    chosen: list[Hashtag] = []
    taken = [set(WORD.findall(tag.label.replace("_", " ").lower())) | {tag.key} for tag in have]
    for name in sorted(weights, key=lambda n: (-weights[n], n)):
        words = {_stem(word, language) for word in WORD.findall(name.lower())}
        tag = Hashtag(_key(name, language), _label(name, language))
        if not tag.key or len(tag.label) > LONGEST_LABEL or any((words | {tag.key}) & other for other in taken):
            continue
        chosen.append(tag)
        taken.append(words | {tag.key})
        if len(chosen) == wanted:
            break
    return chosen


def _stem(word: str, language: str) -> str:
    if language == "ar":
        word = fold_arabic(word)
        return word.removeprefix("و").removeprefix("ب").removeprefix("ل").removeprefix("ال")
    return word[:-1] if language == "en" and word.endswith("s") and len(word) > 4 else word


def _key(name: str, language: str) -> str:
    return "".join(fold_arabic(word) if language == "ar" else word.casefold() for word in WORD.findall(name))[:120]


def _label(name: str, language: str) -> str:
    """As hashtags are written: EuropeanCentralBank; with an underscore where there are no capitals."""
    words = WORD.findall(name)
    if language in _CASELESS:
        return "_".join(words)
    return "".join(word[:1].upper() + word[1:] for word in words) if len(words) > 1 else "".join(words)
