"""Finds where a report's first sentence begins behind its dateline: 'PORT SENNET (Meridian Wire) – '. It changes no text."""

from __future__ import annotations

import re
from typing import Final

# What follows must be a sentence by itself, in characters.
SHORTEST: Final = 20
# A place has so many words at most.
LONGEST_PLACE: Final = 5
# Some words, perhaps a name in brackets, then a dash with air behind it. No white space is given back, so that much of it
# costs linear time.
_DATELINE: Final = re.compile(
    r"\s*+(?P<place>[^\n()–—]{0,50}?)\s*+(?P<name>\([^()\n]{2,40}\))?\s*+(?:[–—-]|--)\s++(?=\S)"
)

# 'Kano, Nigeria (CNN)Troops from': an agency's name in brackets with nothing between it and the sentence, or first of all.
_GLUED: Final = re.compile(
    r"\s*+(?:(?P<place>[^\W\d_][^\n()]{0,50}?)\s*+\([A-Z][\w ./]{1,30}\)(?=\w)|\([A-Z][\w ./]{1,30}\)\s*+)(?=[^\W_a-z])"
)


def behind_dateline(sentence: str) -> int:
    """The place, in code points, at which a sentence begins behind its dateline; 0 where it has none."""
    if (glued := _GLUED.match(sentence)) and len(sentence) - glued.end() >= SHORTEST:
        return glued.end()
    match = _DATELINE.match(sentence)
    if match is None or len(sentence) - match.end() < SHORTEST or sentence[match.end()].islower():
        return 0
    place = match["place"]
    is_short = 0 < len(place.split()) <= LONGEST_PLACE
    return match.end() if is_short and (match["name"] or place.partition(",")[0].isupper()) else 0
