"""Reads sentences out of a model's answer while it arrives, whole or broken; it believes none of them.

Asked for is one JSON object a line, `{"text", "passages", "evidence"}`. Read is every whole object of that shape, wherever
it stands: in a list, inside another object, between other words. What is torn is skipped, and so is everything else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

# One object may be as long as a long sentence with its evidence; an answer holds no more than so many.
LONGEST_OBJECT: Final = 6_000
MOST_DRAFTS: Final = 400
MOST_PASSAGES: Final = 6
LONGEST_TEXT: Final = 900


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model gave it: the numbers of the passages that it cites, and words that shall stand in them."""

    text: str
    passages: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass
class DraftReader:
    """Takes an answer in pieces and gives the sentences that have become whole. Linear in the answer's length."""

    _kept: list[str] = field(default_factory=list)
    # Where in `_kept` each open object begins.
    _open: list[int] = field(default_factory=list)
    _in_string: bool = False
    _is_escaped: bool = False
    _count: int = 0

    def read(self, piece: str) -> Iterator[Draft]:
        """The sentences that end in this piece."""
        for character in piece:
            if self._count < MOST_DRAFTS and (draft := self._take(character)):
                self._count += 1
                yield draft

    def _take(self, character: str) -> Draft | None:
        if character == "{" and not self._in_string:
            self._open.append(len(self._kept))
        if not self._open:
            return None
        self._kept.append(character)
        if self._in_string:
            self._inside_string(character)
        elif character == '"':
            self._in_string = True
        elif character == "}":
            return self._closed()
        self._forget_what_is_too_long()
        return None

    def _inside_string(self, character: str) -> None:
        """Where a string ends. JSON has no line break in a string: one that is there closes what was torn."""
        if character == "\n":
            self._reset()
        elif self._is_escaped:
            self._is_escaped = False
        elif character == "\\":
            self._is_escaped = True
        elif character == '"':
            self._in_string = False

    def _closed(self) -> Draft | None:
        begun = self._open.pop()
        written = "".join(self._kept[begun:])
        # An outer object need not hold the text of the inner ones.
        del self._kept[begun:]
        if not self._open:
            self._reset()
        return draft_of(written)

    def _forget_what_is_too_long(self) -> None:
        if len(self._kept) > LONGEST_OBJECT:
            self._reset()

    def _reset(self) -> None:
        self._kept.clear()
        self._open.clear()
        self._in_string = self._is_escaped = False


def draft_of(written: str) -> Draft | None:
    """The sentence of one JSON object; None where it is none."""
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return None
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        return None
    return Draft(text, _numbers(found.get("passages")), _texts(found.get("evidence")))


def _numbers(found: Any) -> tuple[int, ...]:
    """Passage numbers, as 3, "3" or "[3]", alone or in a list."""
    listed = found if isinstance(found, list) else [found]
    written = [str(one).strip(" []") for one in listed if isinstance(one, (int, str)) and not isinstance(one, bool)]
    return tuple(dict.fromkeys(int(one) for one in written if one.isascii() and one.isdigit() and len(one) < 6))[
        :MOST_PASSAGES
    ]


def _texts(found: Any) -> tuple[str, ...]:
    listed = found if isinstance(found, list) else [found]
    return tuple(one for one in listed if isinstance(one, str) and one.strip())[:MOST_PASSAGES]
