"""Turns what is told of a story into what is stored of it: passages with their places, publishers and times; it tells nothing.

What is read back has lost the passages of articles that have left the story since.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from octavo.core.telling.accounts import Line
from octavo.core.telling.differing import Count, Difference, Value, differences
from octavo.services.accounts import Read
from octavo.store.models import ArticleVersion

# A passage, and an entry that holds passages, as they are stored.
Passage = dict[str, Any]
Entry = dict[str, Any]

# Of so many articles it is told that they give a number; the others are counted.
MOST_GIVING: Final = 5


def numbers(read: Read) -> list[Entry]:
    """Where the articles' numbers differ, as {"measure", "group", "latest", "values": [...]}.

    A value is {"value", "bound", "passages", "count", "corrected_by", "still_in"}; the passage has the time too.
    """
    return [_difference(one, read) for one in differences(read.accounts)]


def _difference(told: Difference, read: Read) -> Entry:
    values = [_value(value, read) for value in told.values]
    return {"measure": told.measure.what, "group": told.measure.group, "latest": told.latest, "values": values}


def _value(value: Value, read: Read) -> Entry:
    back = value.corrected_by
    return {
        "value": value.figure.value,
        "bound": value.figure.bound,
        "count": len(value.counts),
        "passages": _counts(value.counts, read),
        "corrected_by": _counts([back], read)[0] if back else None,
        "still_in": _counts(value.still_in, read),
    }


def _counts(counts: Sequence[Count], read: Read) -> list[Passage]:
    return [passage(read.versions[one.account], one.line) | {"at": one.at.isoformat()} for one in counts[:MOST_GIVING]]


def passage(version: ArticleVersion, line: Line) -> Passage:
    """A sentence with its receipt: the passage of the version where it stands; a headline stands at no place."""
    article = version.article
    return {
        "article": article.pk,
        "version": version.number,
        "start": line.start,
        "end": line.end,
        "text": line.text,
        "language": article.language,
        "publisher": article.publisher.name,
    }


def numbers_here(told: Sequence[Entry], here: Collection[int]) -> list[Entry]:
    """Stored numbers without what articles said that are not here any more; one number alone is no difference."""
    return [found for one in told if len((found := _difference_here(one, here))["values"]) > 1]


def _difference_here(told: Entry, here: Collection[int]) -> Entry:
    kept = [(place, _value_here(one, here)) for place, one in enumerate(told["values"])]
    kept = [(place, one) for place, one in kept if one["passages"]]
    latest = next((at for at, (place, _one) in enumerate(kept) if place == told["latest"]), len(kept) - 1)
    return {**told, "values": [one for _place, one in kept], "latest": latest}


def _value_here(value: Entry, here: Collection[int]) -> Entry:
    back = value["corrected_by"]
    return {
        **value,
        "passages": passages_here(value["passages"], here),
        "corrected_by": back if back and back["article"] in here else None,
        "still_in": passages_here(value["still_in"], here),
    }


def passages_here(passages: Sequence[Passage], here: Collection[int]) -> list[Passage]:
    """Those of some passages whose article is here."""
    return [one for one in passages if one["article"] in here]
