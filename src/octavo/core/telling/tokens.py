"""Cuts a text into the words and marks that attribution is told by; it leaves out the middle of long marked stretches.

Nothing begins or ends within a quotation of forty words, so its first and last words stand for it: what follows is
quicker, and the sentence around it stays in view.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from octavo.core.telling.marks import Marked
from octavo.core.telling.sentences import ABBREVIATIONS

TOKEN = re.compile(r"(?:[A-Z]\.){2,}|['’]s\b|\d+(?:[.,:]\d+)*|[^\W_]+(?:['’-](?!s\b)[^\W_]+)*|[^\w\s]|_|\n+")
# Of a longer marked stretch only so many words at either end are read.
MARKED_ENDS = 7
# A longer paragraph is cut, so that the work stays linear and the arrays small.
LONGEST = 240
_CLOSING = "\"”’»')]"
_OWN_SHAPE = frozenset("\"“”‘’'.,:;-–—()?!$")


@dataclass(slots=True)
class Words:
    """The words of a text in order: their forms, where they stand in it (code points), and what they are part of.

    `marked` is the number of the marked stretch a word is in, -1 outside; `paragraph` numbers paragraphs, and the parts
    of long ones; `opens` tells where one begins, `ends` where a sentence ends.
    """

    text: str
    spans: Sequence[Marked]
    forms: list[str] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    stop: list[int] = field(default_factory=list)
    marked: list[int] = field(default_factory=list)
    paragraph: list[int] = field(default_factory=list)
    opens: list[bool] = field(default_factory=list)
    ends: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.forms)

    def goes_on(self, at: int) -> bool:
        """Whether a word has another behind it in its paragraph."""
        return at + 1 < len(self.forms) and not self.opens[at + 1]

    def between(self, first: int, last: int) -> str:
        """The text from one word to another, both included."""
        return self.text[self.start[first] : self.stop[last]]


def read_words(text: str, spans: Sequence[Marked]) -> Words:
    """The words of a text, given its marked stretches in order."""
    words = Words(text, spans)
    number = length = 0
    for at, to, inside in _stretches(text, spans):
        for match in TOKEN.finditer(text, at, to):
            form = match[0]
            if form[0] == "\n":
                number, length = number + (length > 0), 0
                continue
            if length >= LONGEST:
                number, length = number + 1, 0
            words.opens.append(length == 0)
            length += 1
            words.ends.append(form in ".!?" and _ends_sentence(text, match.end(), words.forms))
            words.forms.append(form)
            words.start.append(match.start())
            words.stop.append(match.end())
            words.marked.append(inside)
            words.paragraph.append(number)
    return words


def _stretches(text: str, spans: Sequence[Marked]) -> Iterator[tuple[int, int, int]]:
    """What of a text is read, as (start, end, number of the marked stretch or -1)."""
    at = 0
    for number, span in enumerate(spans):
        yield at, span.start, -1
        found = [match.span() for match in TOKEN.finditer(text, span.start, span.end)]
        if len(found) > 2 * MARKED_ENDS:
            yield span.start, found[MARKED_ENDS - 1][1], number
            yield found[-MARKED_ENDS][0], span.end, number
        else:
            yield span.start, span.end, number
        at = span.end
    yield at, len(text), -1


def _ends_sentence(text: str, after: int, forms: Sequence[str]) -> bool:
    """Whether a full stop, question or exclamation mark that stops at `after` ends a sentence."""
    following = text[after : after + 3].lstrip(_CLOSING)
    if following and (not following[0].isspace() or following.strip()[:1].islower()):
        return False
    before = forms[-1] if forms else ""
    return not (before.lower() in ABBREVIATIONS or (len(before) == 1 and before.isupper()))


def shape(form: str) -> str:
    """A word's outline: 9, x, X, Xx, xX; of a mark the mark itself, or #."""
    first = form[0]
    if first.isdigit():
        return "9"
    if not first.isalpha():
        return form if form in _OWN_SHAPE else "#"
    if form.islower():
        return "x"
    if form.isupper() and len(form) > 1:
        return "X"
    return "Xx" if first.isupper() else "xX"


def suffix(form: str) -> str:
    """The last three letters of a longer word, else nothing."""
    return form[-3:].lower() if len(form) > 4 and form.isalpha() else ""
