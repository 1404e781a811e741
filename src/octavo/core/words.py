"""Words of a text, each with its place and the stem under which it is found; the same for indexing, asking and marking.

Nothing here knows an index: that the three agree is the reason for this module. Offsets are Unicode code points.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

import Stemmer

# Longer 'words' are addresses, keys and noise; they are found by their beginning.
LONGEST_WORD: Final = 64

# Snowball's stemmers by primary language; Arabic has its own below.
ALGORITHMS: Final = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english", "eo": "esperanto",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# The scripts in which languages are written, where it is not Latin: a word asked for in Latin letters has no Russian stem.
SCRIPTS: Final = {
    "ar": "arabic", "fa": "arabic", "ur": "arabic", "ps": "arabic", "ckb": "arabic", "yi": "hebrew", "he": "hebrew",
    "el": "greek", "hy": "armenian", "hi": "devanagari", "ne": "devanagari", "mr": "devanagari", "ta": "tamil",
    "ru": "cyrillic", "uk": "cyrillic", "bg": "cyrillic", "mk": "cyrillic", "be": "cyrillic", "sr": "cyrillic",
    "kk": "cyrillic", "zh": "unspaced", "ja": "unspaced", "th": "unspaced", "lo": "unspaced", "km": "unspaced",
    "my": "unspaced",
}  # fmt: skip


def _ranges(points: Iterable[int]) -> str:
    """Code points as the inside of a regular expression's character class."""
    ordered = sorted(points)
    starts = [ordered[0], *(b for a, b in pairwise(ordered) if b != a + 1)]
    ends = [*(a for a, b in pairwise(ordered) if b != a + 1), ordered[-1]]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


# Vowel signs and accents belong to their word, but Python's \w does not hold them.
_MARKS = _ranges(c for c in range(0x300, 0x10000) if unicodedata.category(chr(c))[0] == "M")
# Scripts without spaces: Thai, Lao, Myanmar, Khmer, kana, Han. Each character counts as a word, a word as a phrase.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[\w{_MARKS}\u0640]+(?:['’][\w{_MARKS}]+)*")
_SPLIT = re.compile(f"({_WORD.pattern})")
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_PIECE = re.compile(rf"[{_UNSPACED}][{_MARKS}]*|[^{_UNSPACED}]+")
_NUMBER_PART = re.compile(r"[^'’]+")

_DIGITS = {base + i: str(i) for base in (0x660, 0x6F0, 0x966) for i in range(10)}
# Tashkeel, Quranic marks and tatweel go; the forms of alef are one.
_ARABIC: Final = {
    **dict.fromkeys([*range(0x610, 0x61B), *range(0x64B, 0x660), 0x670, *range(0x6D6, 0x6EE), 0x640]),
    **dict.fromkeys((0x622, 0x623, 0x625, 0x671), 0x627),
}
_ARABIC_ENDS: Final = {0x649: 0x64A, 0x6CC: 0x64A, 0x629: 0x647, 0x6A9: 0x643}
# Hamza on the letter that bears it, and final letters that writers confuse.
_ARABIC_SPELLINGS: Final = {**_ARABIC, **_ARABIC_ENDS, 0x624: 0x648, 0x626: 0x64A}
_FOLD_TABLE = {**_DIGITS, **_ARABIC}
_ACCENTS = dict.fromkeys((*range(768, 880), *range(1425, 1480)))

# Larkey, Ballesteros and Connell, 'Improving stemming for Arabic information retrieval', SIGIR 2002: light10.
_ARTICLES: Final = ("وال", "بال", "كال", "فال", "ال", "لل")
_SUFFIXES: Final = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")

_stemmers = threading.local()


class Word(NamedTuple):
    """A word at `start` to `end` of a text, in the form that is stemmed: lower case, Arabic and digits unified.

    A tuple, since a page of search results makes ten thousand of them: a frozen dataclass takes three times as long.
    """

    start: int
    end: int
    form: str


def primary(language: str) -> str:
    """The primary subtag of a BCP 47 tag: 'en' of 'en-GB', empty of nothing."""
    return language.replace("_", "-").partition("-")[0].lower()


def fold(word: str) -> str:
    """Lower case and one form for what is written in several; accents stay, since stemmers want them."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    return unicodedata.normalize("NFKC", word).lower().translate(_FOLD_TABLE)[:LONGEST_WORD]


def fold_arabic(word: str) -> str:
    """An Arabic word without the differences of spelling that tell no difference of meaning, for comparing names."""
    return word.translate(_ARABIC_SPELLINGS)


def words(text: str) -> Iterator[Word]:
    """The words of a text in order. An English 's is no part of a word; unspaced scripts give one word a character."""
    for match in _WORD.finditer(text):
        raw, start = match.group(), match.start()
        if raw.isascii() and "'" not in raw:
            yield Word(start, match.end(), raw.lower()[:LONGEST_WORD])
        else:
            yield from _odd_words(raw, start)


def forms(text: str, most: int | None = None) -> list[str]:
    """The forms of a text's words in order, at most so many: what indexing needs, without the cost of their places."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        if most is not None and len(found) >= most:
            break
        raw = match.group()
        if raw.isascii() and "'" not in raw:
            found.append(raw.lower()[:LONGEST_WORD])
        else:
            found += [word.form for word in _odd_words(raw, 0)]
    return found[:most]


def cut(text: str, most: int) -> list[str]:
    """A text cut at its first `most` stretches of letters: what stands before one, the stretch, and so on in turn.

    `words` reads a stretch; who remembers what it found needs to read each only once. Of a text without spaces, which may
    be one stretch, no more is looked at than so many of the longest words would take.
    """
    return _SPLIT.split(text[: most * LONGEST_WORD], most)


def _odd_words(raw: str, start: int) -> Iterator[Word]:
    """The words in a stretch of letters that is not plain: it has an apostrophe, accents, or a script without spaces."""
    if _HAS_UNSPACED.search(raw):
        yield from _pieces(_PIECE, raw, start)
    elif raw[-2:] in ("'s", "’s", "'S", "’S"):
        yield Word(start, start + len(raw) - 2, fold(raw[:-2]))
    elif "'" in raw or "’" in raw:
        yield from _pieces(_NUMBER_PART, raw, start)
    elif form := fold(raw):
        yield Word(start, start + len(raw), form)


def _pieces(pattern: re.Pattern[str], raw: str, start: int) -> Iterator[Word]:
    for piece in pattern.finditer(raw):
        if form := fold(piece.group()):
            yield Word(start + piece.start(), start + piece.end(), form)


def stems(forms: list[str], language: str) -> list[str]:
    """The stem of each form in a language; a form itself where the language has no stemmer. Accents go last."""
    code = primary(language)
    if code == "ar":
        return [arabic_stem(form) for form in forms]
    stemmer = _stemmer(code)
    found = stemmer.stemWords(forms) if stemmer else forms
    return [stem if stem.isascii() else _bare(stem) for stem in found]


def arabic_stem(form: str) -> str:
    """The light10 stem: the article and the commonest endings go, the root is left alone. Other scripts pass through."""
    form = form.translate(_ARABIC_ENDS)
    if form.startswith("و") and len(form) > 3:
        form = form[1:]
    for article in _ARTICLES:
        if form.startswith(article) and len(form) - len(article) >= 2:
            form = form[len(article) :]
            break
    for suffix in _SUFFIXES:
        if form.endswith(suffix) and len(form) - len(suffix) >= 2:
            form = form[: -len(suffix)]
    return _bare(form)


def script(form: str) -> str:
    """The script of a word by its first letter: latin, arabic, cyrillic …; 'any' for a number."""
    if form.isascii():
        return "any" if form.isdecimal() else "latin"
    first = next((char for char in form if char.isalpha()), "")
    if not first:
        return "any"
    if _HAS_UNSPACED.match(first):
        return "unspaced"
    return unicodedata.name(first, "LATIN").partition(" ")[0].lower()


def can_be(form: str, language: str) -> bool:
    """Whether a word can belong to a language, going by its letters. Serbian and unknown languages take two scripts."""
    code, own = primary(language), script(form)
    return own == "any" or not code or own == SCRIPTS.get(code, "latin") or (code == "sr" and own == "latin")


def _bare(stem: str) -> str:
    """A stem without accents, and with the Arabic letters that are confused at a word's end as one."""
    if stem.isascii():
        return stem
    plain = unicodedata.normalize("NFKD", stem).translate(_ACCENTS).translate(_ARABIC_ENDS)
    return unicodedata.normalize("NFC", plain)


def _stemmer(code: str) -> Any:
    """This thread's stemmer of a language: they keep a cache that threads must not share. None where there is none."""
    algorithm = ALGORITHMS.get(code)
    if algorithm is None:
        return None
    mine: dict[str, Any] = _stemmers.__dict__
    if algorithm not in mine:
        mine[algorithm] = Stemmer.Stemmer(algorithm)
    return mine[algorithm]
