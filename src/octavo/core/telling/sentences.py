"""Finds where sentences begin and end, in scripts with and without capitals; it changes no character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from octavo.core.telling.words import words_of

# A full stop after these ends no sentence.
ABBREVIATIONS = words_of(
    """mr mrs ms dr prof sr jr st mt gen sen rep gov lt col sgt capt cmdr adm maj rev hon pres vs etc e.g
        i.e cf al fig inc ltd co corp bros dept est approx no vol pp ed jan feb mar apr jun jul aug sep sept
        oct nov dec a.m p.m u.s u.k u.n e.u d.c ca bzw ca usw z.b d.h nr str mme mlle m sra srta núm pág"""
)
_LINE = re.compile(r"[^\n]+")
# A mark that may end a sentence, what closes after it, and the space before the next. A run of marks is looked at once,
# from its beginning, so that rows of dots cost linear time.
_END = re.compile(r"(?<![.!?…؟۔。！？])(?P<mark>[.!?…؟۔。！？]++)(?P<close>[\"”’»)\]]*+)(?P<space>\s+|$)")
_UNSPACED = re.compile(r"[。！？]+[」』”]*")
_LAST_WORD = re.compile(r"[^\s(\"“”‘«]+$")
_OPENS = re.compile(r"[\"“”‘’«(\[\-–—\s]*(?P<first>\S)")


def sentences(text: str, language: str = "") -> Iterator[tuple[int, int]]:
    """The sentences of a text as (start, end) in code points, in order; none reaches over a line's end."""
    for line in _LINE.finditer(text):
        yield from _of_line(text, line.start(), line.end())


def _of_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for found in _ends(text, start, end):
        if text[at:found].strip():
            yield _trimmed(text, at, found)
        at = found
    if text[at:end].strip():
        yield _trimmed(text, at, end)


def _ends(text: str, start: int, end: int) -> list[int]:
    """Where sentences end within a line, in order."""
    found = {match.end("close") for match in _END.finditer(text, start, end) if _is_end(text, match, start, end)}
    if "。" in text[start:end]:
        found |= {match.end() for match in _UNSPACED.finditer(text, start, end)}
    return sorted(found)


def _is_end(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Whether a mark ends a sentence: what follows could begin one, and what stands before is no abbreviation."""
    following = _OPENS.match(text, match.end(), end)
    if following is not None and following["first"].islower():
        return False
    if match["mark"] != "." or match["close"]:
        return True
    word = _LAST_WORD.search(text[max(start, match.start() - 24) : match.start()])
    if word is None:
        return True
    last = word[0].lower()
    is_initial = len(last) == 1 and last.isalpha() and word[0].isupper()
    return not (is_initial or last in ABBREVIATIONS)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the white space at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
