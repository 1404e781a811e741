"""The engines as pipes: JSON Lines in, JSON Lines out, in the same order; no database and no network.

A line that cannot be used gives `{"id": …, "error": …}` on its place and does not stop the rest.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]


def read_rows(lines: Iterator[str]) -> Iterator[Row]:
    """Each line as an object; one that is none becomes `{"id": None, "error": why}`."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield {"id": None, "error": f"line {number} is not JSON: {error}"}
            continue
        yield row if isinstance(row, dict) else {"id": None, "error": f"line {number} is not a JSON object"}


def write_row(row: Row) -> None:
    """One object on a line of standard output, at once."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def answer(row: Row, work: Callable[[Row], Row]) -> Row:
    """What `work` makes of a row, or the reason why it could not."""
    if "error" in row and row.get("id") is None:
        return row
    try:
        return {"id": row.get("id"), **work(row)}
    except Exception as error:
        return {"id": row.get("id"), "error": f"{type(error).__name__}: {error}"}
