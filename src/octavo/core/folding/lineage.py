"""Tells how a shared text went from publisher to publisher: who had it first, who cut, who added, and how much.

It goes by what `copies.py` decided of each article, by times of publication, and compares no texts itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from octavo.core.folding.alignment import Span
from octavo.core.folding.copies import CopyDecision

# Less than this share of a text is a changed word or a line of the page, and is told as the same text.
TOLD_CHANGE: Final = 0.05


class Change(StrEnum):
    """How a text differs from the one that it is nearest to."""

    SAME = "same"
    ABRIDGED = "abridged"
    EXTENDED = "extended"
    REWORKED = "reworked"


@dataclass(frozen=True, slots=True)
class Telling:
    """An article that shares the text: what was decided of it, its time, and the length of its text in code points."""

    decision: CopyDecision
    published: datetime | None
    length: int


@dataclass(frozen=True, slots=True)
class Step:
    """One article against the one that it was made from or is nearest to: code points added to that one and cut from it."""

    article: str
    source: str
    change: Change
    added: int
    cut: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """A shared text: who had it first, the agency that most credit, empty where none does, and the steps from there."""

    first: str
    agency: str
    steps: tuple[Step, ...]


def lineage(tellings: Sequence[Telling]) -> Lineage:
    """The lineage of the articles of one group, given in order of arrival. ValueError where there are none.

    First is who published first, and of equals, or where times are unknown, who arrived first. A decision tells of what had
    arrived before; where that was published later, the step is told the other way round.
    """
    if not tellings:
        raise ValueError("a shared text without articles is none")
    told = {one.decision.article: one for one in tellings}
    first = min(tellings, key=_when).decision.article
    sources = _from(first, {name: _source(one.decision, told) for name, one in told.items()})
    order = sorted((one for one in tellings if one.decision.article != first), key=_when)
    steps = [_step(told[name], sources[name], told) for one in order if sources[name := one.decision.article]]
    return Lineage(first, _agency(tellings), tuple(steps))


def _when(telling: Telling) -> tuple[bool, float]:
    """Earlier ones first, those without a time last."""
    return telling.published is None, telling.published.timestamp() if telling.published else 0.0


def _source(decision: CopyDecision, told: Mapping[str, Telling]) -> str:
    """The article that a decision compares with, where it is among those told of."""
    candidates = (decision.nearest, decision.copy_of)
    return next((one for one in candidates if one in told and one != decision.article and one), "")


def _from(first: str, sources: dict[str, str]) -> dict[str, str]:
    """The sources turned round on the way from `first` to where it came from, so that all begin at it."""
    name, before = first, ""
    while name:
        sources[name], before, name = before, name, sources[name]
    return sources


def _step(telling: Telling, source: str, told: Mapping[str, Telling]) -> Step:
    """An article against its source, from whichever of the two decisions compares them."""
    mine, other = telling.decision, told[source]
    if source in (mine.nearest, mine.copy_of):
        added, cut = _length(mine.added), _length(mine.cut)
    else:
        added, cut = _length(other.decision.cut), _length(other.decision.added)
    return Step(mine.article, source, _change(added / max(1, telling.length), cut / max(1, other.length)), added, cut)


def _change(added: float, cut: float) -> Change:
    """What the added share of a text and the cut share of its source make of it."""
    if added < TOLD_CHANGE:
        return Change.SAME if cut < TOLD_CHANGE else Change.ABRIDGED
    return Change.EXTENDED if cut < TOLD_CHANGE else Change.REWORKED


def _length(spans: Iterable[Span]) -> int:
    """The code points of some spans."""
    return sum(end - start for start, end in spans)


def _agency(tellings: Iterable[Telling]) -> str:
    """The agency that most of the articles credit, the first in the alphabet of equals."""
    credits = [one.decision.agency for one in tellings if one.decision.agency]
    return min(set(credits), key=lambda name: (-credits.count(name), name), default="")
