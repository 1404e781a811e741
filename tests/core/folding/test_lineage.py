"""Who had a shared text first, who cut and who added, whatever the order of arrival."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from octavo.core.folding.copies import Copies, CopyDecision
from octavo.core.folding.lineage import Change, Lineage, Telling, lineage
from octavo.core.types import Article
from tests.core.folding.news import NOW
from tests.core.folding.test_copies import OTHER, WIRE, article

WHOLE = article("whole", ["HARBOUR CITY (Reuters) - " + WIRE[0], *WIRE[1:]], "Ferry aground")
SHORT = article("short", WIRE[:10], "Ferry aground off the Head")
LONGER = article("longer", [*WIRE, *OTHER[:6]], "Ferry aground: what is known")
AGAIN = article("again", WIRE, "Ferry aground off Gannet Head")


def told(*arrivals: tuple[Article, float | None]) -> Lineage:
    """The lineage of some articles, each with the hours after NOW at which it was published."""
    copies = Copies(window=20)

    def at(hours: float | None) -> datetime | None:
        return None if hours is None else NOW + timedelta(hours=hours)

    return lineage([Telling(copies.arrive(one), at(hours), len(one.text)) for one, hours in arrivals])


def test_who_was_first_who_cut_and_who_added() -> None:
    its = told((WHOLE, 0), (SHORT, 1), (LONGER, 2), (AGAIN, 3))
    assert (its.first, its.agency) == ("whole", "Reuters")
    assert [(step.article, step.change) for step in its.steps] == [
        ("short", Change.ABRIDGED),
        ("longer", Change.EXTENDED),
        ("again", Change.SAME),
    ]
    assert its.steps[1].added >= 0.9 * len(" ".join(OTHER[:6]))


def test_who_published_first_is_first_though_it_arrived_last() -> None:
    its = told((SHORT, 2), (WHOLE, 0))
    assert its.first == "whole"
    assert [(step.article, step.source, step.change) for step in its.steps] == [("short", "whole", Change.ABRIDGED)]


def test_where_no_times_are_known_the_order_of_arrival_counts() -> None:
    its = told((SHORT, None), (LONGER, None))
    assert its.first == "short"
    assert its.steps[0].change is Change.EXTENDED


def test_a_source_that_is_not_told_of_leaves_its_step_out() -> None:
    lone = [
        Telling(CopyDecision("a", "gone", "gone"), None, 100),
        Telling(CopyDecision("b", "gone", "gone"), None, 100),
    ]
    assert lineage(lone) == Lineage("a", "", ())


def test_nothing_has_no_lineage() -> None:
    with pytest.raises(ValueError, match="without articles"):
        lineage([])
