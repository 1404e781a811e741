"""How what is told of a story beside its summary stands on its page: numbers, timeline, quotes and what is new to a reader.

It puts what is stored into the reader's words and drops what no article of the page supports any more; it chooses nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from octavo.core.telling.ledger import Relation
from octavo.services import receipts
from octavo.services.receipts import place_of
from octavo.store.models import StoryTelling
from octavo.web import figures, names

# So many lines of a timeline, and quotes, stand open; the others are folded.
OPEN_LINES = 6
OPEN_QUOTES = 4
MEASURES = {
    "dead": pgettext_lazy("number", "Dead"),
    "missing": pgettext_lazy("number", "Missing"),
    "injured": pgettext_lazy("number", "Injured"),
    "rescued": pgettext_lazy("number", "Rescued"),
    "arrested": pgettext_lazy("number", "Arrested"),
    "evacuated": pgettext_lazy("number", "Evacuated"),
    "aboard": pgettext_lazy("number", "Aboard"),
    "destroyed": pgettext_lazy("number", "Houses destroyed"),
    "magnitude": pgettext_lazy("number", "Magnitude"),
    "unpowered": pgettext_lazy("number", "Without electricity"),
}
GROUPS = {
    "home": pgettext_lazy("number", "homes"),
    "building": pgettext_lazy("number", "buildings"),
    "family": pgettext_lazy("number", "families"),
    "passenger": pgettext_lazy("number", "passengers"),
    "child": pgettext_lazy("number", "children"),
    "customer": pgettext_lazy("number", "customers"),
    "worker": pgettext_lazy("number", "workers"),
    "soldier": pgettext_lazy("number", "soldiers"),
}
BOUNDS = {
    "more": pgettext_lazy("number", "at least %(number)s"),
    "less": pgettext_lazy("number", "up to %(number)s"),
    "about": pgettext_lazy("number", "about %(number)s"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A passage as the page leads to it, and when its text came out."""

    text: str
    publisher: str
    language: str
    href: str
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A number, who gives it, how many more do; who took it back, and where it still stands."""

    number: str
    places: Sequence[Place]
    more: int
    is_latest: bool
    corrected: Place | None
    still: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Number:
    """One thing that is counted differently; `group` in its own language where Octavo has no word for it."""

    what: str
    group: str
    picture: SafeString
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline: its day, the time where one is known, its sentence, and how many more articles tell it.

    `is_corrected` where it gives a number that its publisher took back since.
    """

    day: date
    when: datetime | None
    clock: str
    place: Place
    more: int
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording of a quote, the spans of it that differ from the fullest, and where it is printed."""

    text: str
    differs: Sequence[Sequence[int]]
    is_part: bool
    language: str
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class QuoteShown:
    """A quote: who is said to have said it, its fullest wording, and the others."""

    speakers: Sequence[str]
    fullest: Wording
    others: Sequence[Wording]


def context(told: StoryTelling, here: Collection[int]) -> dict[str, object]:
    """What the story page has of a story beside its summary; no query."""
    numbers = receipts.numbers_here(told.numbers, here)
    wrong = receipts.corrected(numbers)
    moments = [_moment(one, wrong) for one in receipts.timeline_here(told.timeline, here)]
    said = [_said(one) for one in receipts.quotes_here(told.quotes, here)]
    return {
        "numbers": [_number(one) for one in numbers],
        "earlier_moments": moments[:-OPEN_LINES],
        "moments": moments[-OPEN_LINES:],
        "quotes": said[:OPEN_QUOTES],
        "more_quotes": said[OPEN_QUOTES:],
    }


def places(passages: Sequence[Mapping[str, Any]]) -> list[Place]:
    """Passages as the page leads to them."""
    return [_place(one) for one in passages]


def _of_publishers(passages: Sequence[Mapping[str, Any]]) -> list[Place]:
    """The first passage of each publisher."""
    first: dict[str, Mapping[str, Any]] = {}
    for one in passages:
        first.setdefault(one["publisher"], one)
    return places(list(first.values()))


def _place(one: Mapping[str, Any]) -> Place:
    when = datetime.fromisoformat(one["at"]) if one.get("at") else None
    return Place(one["text"].strip(), one["publisher"], one["language"], place_of(one), when)


def _number(told: Mapping[str, Any]) -> Number:
    values = [_value(one, place == told["latest"]) for place, one in enumerate(told["values"])]
    drawn = [
        (datetime.fromisoformat(one["at"]), value["value"]) for value in told["values"] for one in value["passages"]
    ]
    group = str(GROUPS.get(told["group"], told.get("noun", ""))) if told["group"] else ""
    return Number(str(MEASURES.get(told["measure"], told["measure"])), group, figures.steps(drawn), values)


def _value(told: Mapping[str, Any], is_latest: bool) -> Value:
    number = names.number(told["value"])
    if told["bound"] in BOUNDS:
        number = str(BOUNDS[told["bound"]]) % {"number": number}
    shown, back = _of_publishers(told["passages"]), told["corrected_by"]
    more = max(0, told["count"] - len(told["passages"]))
    return Value(number, shown, more, is_latest, _place(back) if back else None, places(told["still_in"]))


def _key(passage: Mapping[str, Any]) -> tuple[int, int]:
    return passage["article"], passage["end"]


def _moment(told: Mapping[str, Any], wrong: Collection[tuple[int, int]]) -> Moment:
    """A line of the timeline; the publisher's 'today' is the day on which its text came out here."""
    when = datetime.fromisoformat(told["at"]) if told["at"] else None
    published, minute, day = datetime.fromisoformat(told["published"]), told["minute"], date.fromisoformat(told["day"])
    clock = f"{minute // 60:02}:{minute % 60:02}" if minute is not None else ""
    if day == published.date() and minute is None:
        day = timezone.localtime(published).date()
    passage = told["passages"][0]
    return Moment(day, when, clock, _place(passage), told["count"] - 1, _key(passage) in wrong)


def _said(told: Mapping[str, Any]) -> QuoteShown:
    wordings = [
        Wording(
            one["text"],
            one["differs"],
            one["relation"] == Relation.PART,
            one["passages"][0]["language"],
            _of_publishers(one["passages"]),
        )
        for one in told["variants"]
    ]
    return QuoteShown(told["speakers"], wordings[0], wordings[1:])
