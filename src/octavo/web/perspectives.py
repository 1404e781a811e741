"""How the views of a story stand on its page: what all, some or one report, who has what, and who is without it.

It puts what is stored into the reader's words and into the rows of a table; it chooses nothing. Nobody is said to omit or to
hide: a statement 'does not stand in the texts here'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from octavo.core.telling.blindspots import BlindSpot
from octavo.core.telling.statements import Stand
from octavo.core.words import primary
from octavo.services import views
from octavo.services.receipts import place_of
from octavo.store.models import Story, StoryTelling
from octavo.web import names

# After so many hours, days are counted.
HOURS_TOLD = 72


@dataclass(frozen=True, slots=True)
class StatementShown:
    """A statement: its number in the table, the sentence, where it stands, and the publishers by their stand to it."""

    number: int
    text: str
    language: str
    publisher: str
    href: str
    has: Sequence[str]
    part: Sequence[str]
    lacks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """How a publisher stands to a statement, in words; where its text says it, the way there."""

    number: int
    stand: str
    told: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A publisher of the table, and those who print its text."""

    publisher: str
    sharing: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Framed:
    """What sets a group of publishers apart: the group in words, its words, and whom it alone quotes."""

    name: str
    words: Sequence[str]
    speakers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Perspective:
    """The views of the texts in one language; `name` is the language where there are several."""

    language: str
    name: str
    count: int
    all: Sequence[StatementShown]
    some: Sequence[StatementShown]
    one: Sequence[StatementShown]
    rows: Sequence[Row]
    owned: Sequence[str]
    groups: Sequence[Framed]


def context(story: Story, stored: StoryTelling, here: Collection[int], now: datetime) -> dict[str, object]:
    """What the story page has of views; two queries at most. `here` are the articles that the page shows."""
    told = views.here(stored.views, here)
    languages = {one["language"] for one in told} | {primary(story.language)}
    several = len(told) > 1
    return {
        "perspectives": [perspective(one, names.language(one["language"]) if several else "") for one in told],
        "without_it": [without_it(one, story, now) for one in views.without_it(story, languages)],
    }


def perspective(told: Mapping[str, Any], name: str) -> Perspective:
    """The views of one language as the page tells them."""
    voices = [voice["name"] for voice in told["voices"]]
    numbered = [(one["kind"], said(number, one, voices)) for number, one in enumerate(told["statements"], 1)]
    kinds = {kind: [each for its, each in numbered if its == kind] for kind in ("all", "some", "one")}
    shared = [
        (each.number, one) for (_, each), one in zip(numbered, told["statements"], strict=True) if one["kind"] != "one"
    ]
    rows = [row(voice, at, shared) for at, voice in enumerate(told["voices"])] if kinds["some"] else []
    groups = [framed(one) for one in told["groups"]]
    return Perspective(
        told["language"], name, len(voices), **kinds, rows=rows, owned=owned(told["voices"]), groups=groups
    )


def said(number: int, told: Mapping[str, Any], voices: Sequence[str]) -> StatementShown:
    """A statement as the page tells it."""
    sentence = told["sentence"]
    by = {stand: [name for name, one in zip(voices, told["stands"], strict=True) if one == stand] for stand in Stand}
    facts = sentence["text"].strip(), sentence["language"], sentence["publisher"], place_of(sentence)
    return StatementShown(number, *facts, by[Stand.HAS], by[Stand.PART], by[Stand.LACKS])


def row(voice: Mapping[str, Any], at: int, shared: Sequence[tuple[int, Mapping[str, Any]]]) -> Row:
    """A publisher of the table."""
    cells = []
    for number, one in shared:
        place = one["places"].get(str(at))
        cells.append(
            Cell(number, one["stands"][at], stand_in_words(one["stands"][at]), place_of(place) if place else "")
        )
    return Row(voice["name"], gettext(", ").join(voice["sharing"]), cells)


def stand_in_words(stand: str) -> str:
    """How a publisher stands to a statement."""
    return {
        Stand.HAS: gettext("has it"),
        Stand.PART: gettext("in part, or in other words"),
        Stand.LACKS: gettext("does not stand in its texts here"),
    }[Stand(stand)]


def owned(voices: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which of the publishers belong together: their voices are of one owner."""
    by: dict[str, list[str]] = defaultdict(list)
    for voice in voices:
        if voice["owner"]:
            by[voice["owner"]].append(voice["name"])
    told = gettext("%(publishers)s belong to %(owner)s.")
    return [told % {"publishers": gettext(", ").join(its), "owner": owner} for owner, its in by.items() if len(its) > 1]


def framed(told: Mapping[str, Any]) -> Framed:
    """A group as the page tells it."""
    speakers = [name for name, _count in told["speakers"]]
    name = f"{group_in_words(told['by'], told['name'])} ({gettext(', ').join(told['publishers'])})"
    return Framed(name, told["words"], speakers)


def group_in_words(by: str, name: str) -> str:
    """A group of publishers by what they have in common."""
    if by == "country":
        return names.country(name)
    return names.medium(name) if by == "medium" else name


def without_it(spot: BlindSpot, story: Story, now: datetime) -> str:
    """'None of your 5 publishers of a group has this story (in the 30 hours since its first report).'"""
    count = {"count": spot.publishers, "group": group_in_words(spot.by, spot.name)}
    lines = {
        "country": ngettext("None of your %(count)d publisher from %(group)s has this story", "None of your %(count)d publishers from %(group)s has this story", spot.publishers),
        "medium": ngettext("None of your %(count)d publisher of this kind has this story: %(group)s", "None of your %(count)d publishers of this kind has this story: %(group)s", spot.publishers),
        "owner": ngettext("None of your %(count)d publisher owned by %(group)s has this story", "None of your %(count)d publishers owned by %(group)s has this story", spot.publishers),
        "folder": ngettext("None of the %(count)d publisher in your folder “%(group)s” has this story", "None of the %(count)d publishers in your folder “%(group)s” has this story", spot.publishers),
    }  # fmt: skip
    return f"{lines[spot.by] % count} {since(story, now)}"


def since(story: Story, now: datetime) -> str:
    """How long it has been out."""
    hours = max(1, round((now - (story.first_at or now)).total_seconds() / 3600))
    if hours > HOURS_TOLD:
        days = round(hours / 24)
        return ngettext("(out for %(count)d day).", "(out for %(count)d days).", days) % {"count": days}
    return ngettext("(out for %(count)d hour).", "(out for %(count)d hours).", hours) % {"count": hours}
