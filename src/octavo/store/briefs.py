"""The questions that pages ask about briefs: one row each. It only reads."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from octavo.store.compiled import Asked, Question
from octavo.store.models import Brief

# A brief older than this is none of today: nobody has worked since.
CURRENT_FOR: Final = timedelta(hours=26)
FIELDS: Final = ("id", "day", "edition", "made_at", "story_count", "picks")


class BriefRow(NamedTuple):
    """A brief as pages show it; `picks` are its stories in order, as `Brief` tells."""

    id: int
    day: date
    edition: str
    made_at: datetime
    story_count: int
    picks: list[dict[str, Any]]


def current(edition: str, now: datetime) -> BriefRow | None:
    """The newest brief of an edition, unless it is of another day than this or the last; one query."""
    for values in _newest(edition):
        row = BriefRow(*values)
        return row if now - row.made_at <= CURRENT_FOR else None
    return None


@Question
def _newest(edition: Asked) -> QuerySet[Brief, tuple[Any, ...]]:
    return Brief.objects.filter(edition=edition).order_by("-day").values_list(*FIELDS)[:1]


def of_day(day: date, edition: str = "") -> Brief | None:
    """One brief with its readings; None where there is none. One query."""
    return Brief.objects.filter(day=day, edition=edition).defer("inputs").first()


def neighbours(day: date, edition: str = "") -> tuple[date | None, date | None]:
    """The days before and after that have a brief; two queries along an index."""
    days = Brief.objects.filter(edition=edition).values_list("day", flat=True)
    return days.filter(day__lt=day).order_by("-day").first(), days.filter(day__gt=day).order_by("day").first()


def archive(edition: str, most: int, before: date | None = None) -> list[BriefRow]:
    """The briefs of an edition, the newest first, from before a day; one query."""
    found = Brief.objects.filter(edition=edition).order_by("-day").values_list(*FIELDS)
    return [BriefRow(*values) for values in (found.filter(day__lt=before) if before else found)[:most]]
