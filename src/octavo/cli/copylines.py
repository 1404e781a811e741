"""The pipe `dedup`, line by line: articles in arrival order in, the earliest text that each shares out. It keeps nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from octavo.cli.storylines import attempt, read_article
from octavo.core.folding.copies import Copies, CopyDecision

Row = dict[str, Any]


def copy_rows(rows: Iterable[Row], *, explain: bool) -> Iterator[Row]:
    """A line for each row, in order and at once; with `explain`, what is shared with which text and what is not."""
    copies = Copies()

    def answered(row: Row) -> Row:
        return told(copies.arrive(read_article(row)), explain=explain)

    for row in rows:
        unread = "error" in row and row.get("id") is None
        yield row if unread else attempt(row, partial(answered, row))


def told(decision: CopyDecision, *, explain: bool) -> Row:
    """A decision as the object that is put on a line; spans are in code points."""
    answer: Row = {"duplicate_of": decision.copy_of}
    if explain:
        answer |= {
            "nearest": decision.nearest,
            "shared": decision.shared,
            "added": [list(span) for span in decision.added],
            "cut": [list(span) for span in decision.cut],
            "joined": list(decision.joined),
            "agency": decision.agency,
        }
    return answer
