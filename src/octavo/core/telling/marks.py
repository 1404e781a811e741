"""Pairs the quotation marks of a text; it judges not whether what stands between them was said.

Typists mix straight and curly marks, forget the closing one where a quotation goes on in the next paragraph, and mark
inches and attributes with the same character. So a mark opens or closes by what stands beside it, within one paragraph;
what is never closed counts only where a quotation of several paragraphs may be meant. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# The languages that point guillemets inwards (»so«); elsewhere they point outwards («so»).
_INWARDS = frozenset(("de", "da", "sl", "hr", "sr", "cs", "sk", "hu"))
_DOUBLE = '"“”„‟«»＂「」『』'
_MARK = re.compile(f"[{_DOUBLE}]|(?<!\\w)[‘'](?=[^\\W\\d])|(?<=\\S)[’'](?!\\w)")
_BEFORE_OPENING = frozenset("([{—–-/:‘'>")
_AFTER_CLOSING = frozenset(".,;:!?)[]}—–-/…’'<。，؟،؛")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch in quotation marks, both marks within it, in code points; `closed` is false where the last is missing."""

    start: int
    end: int
    closed: bool = True


def marked_spans(text: str, language: str = "en") -> list[Marked]:
    """The outermost marked stretches of a text, in order; none reaches over a line's end.

    Single marks count only in a text that has no double ones, where they are its way to quote.
    """
    singles = not any(mark in text for mark in _DOUBLE)
    found: list[Marked] = []
    for line in _LINE.finditer(text):
        found.extend(_of_line(text, line.start(), line.end(), language, singles))
    return found


def _of_line(text: str, start: int, end: int, language: str, singles: bool) -> Iterator[Marked]:
    opened, head = -1, start + len(text[start:end]) - len(text[start:end].lstrip())
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match[0]
        if mark in "‘’'" and not singles:
            continue
        side = _side(text, at, start, end, opened >= 0, language)
        if side == "opens":
            if opened == head:  # only a quotation at a paragraph's head can go on in the next
                yield Marked(opened, _before(text, opened, at), closed=False)
            opened = at
        elif side == "closes" and opened >= 0:
            yield Marked(opened, at + 1)
            opened = -1
    if opened == head:  # only a quotation at a paragraph's head can go on in the next
        yield Marked(opened, _before(text, opened, end), closed=False)


def _side(text: str, at: int, start: int, end: int, is_open: bool, language: str) -> str:
    """Whether a mark opens or closes, or is none: by its shape, corrected by what stands beside it."""
    mark = text[at]
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    may_open = (before.isspace() or before in _BEFORE_OPENING) and not after.isspace()
    may_close = (after.isspace() or after in _AFTER_CLOSING) and not before.isspace()
    shape = _shape(mark, language)
    if before == "=" or (mark == '"' and before.isdigit() and not is_open):
        return "none"
    if mark in "«»" and before.isspace() and (after.isspace() or after in _AFTER_CLOSING):
        return shape  # French sets spaces within
    if may_open != may_close:
        return "opens" if may_open else "closes"
    if shape:
        return shape
    return "closes" if is_open else "opens"


def _shape(mark: str, language: str) -> str:
    """What a mark's form says of its side; nothing for a straight one."""
    if mark in "„「『‘":
        return "opens"
    if mark in "”」』’":
        return "closes"
    if mark in "«»":
        return "opens" if (mark == "«") != (language in _INWARDS) else "closes"
    if mark == "“":
        return "closes" if language in _INWARDS else "opens"
    return ""


def _before(text: str, opened: int, end: int) -> int:
    return opened + len(text[opened:end].rstrip())
