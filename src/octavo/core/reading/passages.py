"""Ties plain text to the sanitised HTML it comes from: one deterministic text, and where in the HTML a span of it lies.

It works on HTML that a sanitiser has written (balanced, attributes quoted) and never makes markup safe itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

ATOM = re.compile(
    r"""<!--.*?-->|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?:"[^"]*"|'[^']*'|[^'">])*>"""
    r"""|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"""
    r"""|(?P<space>\s+)|(?P<words>[^\s<&]+(?:[ ][^\s<&]+)*|[<&])""",
    re.S,
)
PARAGRAPH, LINE, CELL, SPACE = "\n\n", "\n", "\t", " "
STRENGTH = {"": 0, SPACE: 1, CELL: 2, LINE: 3, PARAGRAPH: 4}
BREAKS = dict.fromkeys(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "table",
        "figure",
        "figcaption",
        "div",
        "section",
        "article",
        "dl",
        "dt",
        "dd",
        "hr",
        "caption",
    ],
    PARAGRAPH,
) | {"br": LINE, "tr": LINE, "td": CELL, "th": CELL}
# A figure stands beside the text: its caption is read with the picture, not between two sentences.
BESIDE = "figure"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text and where it stands in the HTML; both places are the same where it is only a separator."""

    text: str
    start: int
    end: int


def pieces(html: str) -> Iterator[Piece]:
    """The text in stretches, in order; joined they are the plain text."""
    gap, gap_at, begun, beside, verbatim = "", (0, 0), False, 0, 0
    for atom in ATOM.finditer(html):
        kind, start, end = atom.lastgroup, atom.start(), atom.end()
        if kind == "tag" or kind is None:
            tag = (atom["tag"] or "").lower()
            step = -1 if atom["close"] else 1
            beside = max(0, beside + step) if tag == BESIDE else beside
            verbatim = max(0, verbatim + step) if tag == "pre" else verbatim
            wanted = BREAKS.get(tag, "")
            if STRENGTH[wanted] > STRENGTH[gap]:
                gap, gap_at = wanted, (start, start)
            continue
        text = unescape(atom[0]) if kind == "entity" else atom[0]
        if beside:
            continue
        if text.isspace():
            wanted = LINE if verbatim and "\n" in text else SPACE
            if STRENGTH[wanted] > STRENGTH[gap]:
                gap, gap_at = wanted, (start, end)
            continue
        if gap and begun:
            yield Piece(gap, *gap_at)
        gap, begun = "", True
        yield Piece(text, start, end)


def plain_text(html: str) -> str:
    """The plain text of sanitised HTML: paragraphs parted by a blank line, lines by a line break, cells by a tab.

    The text inside figures is left out. The same HTML always gives the same text.
    """
    return "".join(piece.text for piece in pieces(html))


def spans_in(html: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the characters `start` to `end` of the plain text stand in the HTML: ranges without a tag inside."""
    found: list[tuple[int, int]] = []
    place = 0
    for piece in pieces(html):
        first, last = max(start - place, 0), min(end - place, len(piece.text))
        place += len(piece.text)
        if last <= 0 and place > end:
            break
        if first >= last or piece.start == piece.end:
            continue
        whole = piece.end - piece.start != len(piece.text)  # an entity, or white space that was written longer
        span = (piece.start, piece.end) if whole else (piece.start + first, piece.start + last)
        if found and found[-1][1] == span[0]:
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    return found


def mark_passage(html: str, start: int, end: int, name: str) -> str:
    """The HTML with `<mark>` around a span of its plain text; the first mark carries `id=name`.

    `start` and `end` are code points of `plain_text(html)`. The plain text of the result is the same. Raises ValueError
    where `name` is no plain identifier. A span outside the text marks nothing.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a plain identifier")
    parts: list[str] = []
    done = 0
    for number, (first, last) in enumerate(spans_in(html, start, end)):
        opening = f'<mark id="{name}">' if number == 0 else "<mark>"
        parts += [html[done:first], opening, html[first:last], "</mark>"]
        done = last
    return "".join([*parts, html[done:]])
