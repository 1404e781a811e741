"""Shows a passage in the sentences around it, so that a receipt can be read where it is asked for. It never leaves a paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from octavo.core.telling.sentences import sentences

# So much is looked at on either side, and of a passage itself no more is shown; in code points.
LOOKED_AT: Final = 360
LONGEST: Final = 1_600


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A passage between what stands before and after it; `is_cut` where it is longer than is shown."""

    before: str
    passage: str
    after: str
    is_cut: bool = False


def surroundings(text: str, start: int, end: int) -> Surroundings | None:
    """The passage at `start` to `end` with the sentence before and the one after it; None where the text ends earlier.

    What is left out of a long sentence is marked by '…'. Bounded whatever the text.
    """
    if not 0 <= start < end <= len(text):
        return None
    passage = text[start : min(end, start + LONGEST)]
    is_cut = end - start > LONGEST
    after = "" if is_cut else _after(text, end)
    return Surroundings(_before(text, start), passage, after, is_cut)


def _before(text: str, start: int) -> str:
    """The rest of the passage's sentence before it, or the sentence before."""
    low = max(0, start - LOOKED_AT)
    paragraph = max(text.rfind("\n", low, start) + 1, low)
    window = text[paragraph:start]
    spans = list(sentences(window))
    if not spans:
        return ""
    first = spans[-1][0]
    is_torn = first == 0 and paragraph == low > 0 and not text[low - 1].isspace()
    shown = window[first:].partition(" ")[2] if is_torn else window[first:]
    return f"… {shown.lstrip()}" if first == 0 and paragraph == low > 0 else shown


def _after(text: str, end: int) -> str:
    """The rest of the passage's sentence behind it, or the sentence after."""
    high = min(len(text), end + LOOKED_AT)
    line = text.find("\n", end, high)
    window = text[end : line if line >= 0 else high]
    spans = list(sentences(window))
    if not spans:
        return ""
    last = spans[0][1]
    is_torn = last == len(window) and line < 0 and high < len(text)
    return f"{window[:last].rpartition(' ')[0]} …" if is_torn else window[:last]
