"""Decides whether a muted word stands in a title: as a whole word, and in Arabic also behind what is written onto it.

The decision is a regular expression that Python and PostgreSQL read alike, so that a database can make it for a list.
"""

from __future__ import annotations

import re
import unicodedata

# What Arabic writes onto the next word: and, so, with, like, for; then the article (proclitics, Ryding 2005).
ARABIC_PREFIX = "(?:[وف]?[بكل]?(?:ال)?|[وف]?لل)"


def muted_form(word: str) -> str:
    """A word as it is kept: single spaces, small letters."""
    return " ".join(word.split()).lower()


def whole_word(word: str) -> str:
    """A pattern, to be searched without regard to case, that finds the word where neither side goes on with letters."""
    begins, ends = ("" if _is_mark(word[:1]) else r"(?:^|\W)"), ("" if _is_mark(word[-1:]) else r"(?:$|\W)")
    prefix = ARABIC_PREFIX if unicodedata.name(word[:1], "").startswith("ARABIC LETTER") else ""
    return f"{begins}{prefix}{''.join(map(_either_case, word))}{ends}"


def _either_case(char: str) -> str:
    """A character in both its cases where a database may not know them: some know those of ASCII alone."""
    lower, upper = char.lower(), char.upper()
    is_pair = not char.isascii() and lower != upper and len(lower) == len(upper) == 1
    return f"[{lower}{upper}]" if is_pair else re.escape(char)


def _is_mark(char: str) -> bool:
    """Whether a character is no part of a word, so that it is an edge itself."""
    return not (char.isalnum() or char == "_")
