"""The pipe `quotes`, line by line: a text in, what it tells of others' words out. It keeps nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from octavo.core.telling.quotes import quotes

Row = dict[str, Any]


def quote_row(row: Row) -> Row:
    """The quotes of a line's text; ValueError where it has no id or text. A speaker that the text does not name is null."""
    if not isinstance(row.get("id"), str | int):
        raise ValueError('a line needs an "id"')
    text = row.get("text")
    if not isinstance(text, str):
        raise ValueError('a line needs a "text"')
    found = quotes(text, str(row.get("language") or ""))
    return {"quotes": [asdict(one) | {"speaker": one.speaker or None} for one in found]}
