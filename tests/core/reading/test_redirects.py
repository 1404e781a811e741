"""A feed's new address is believed after a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from octavo.core.reading.redirects import Move, judge_move, permanent_target

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hops", "target"),
    [
        ([], ""),
        ([("a", 301)], "end"),
        ([("a", 308), ("b", 301)], "end"),
        ([("a", 301), ("b", 302)], "b"),
        ([("a", 302), ("b", 301)], ""),
        ([("a", 307)], ""),
        ([("a", 303)], ""),
    ],
)
def test_only_an_unbroken_run_of_permanent_redirects_counts(hops: list[tuple[str, int]], target: str):
    assert permanent_target(hops, "end") == target


def test_a_move_is_watched_from_its_first_sight():
    assert judge_move(None, "new", NOW).keep == Move("new", NOW)


def test_a_move_is_adopted_after_seven_days_and_not_before():
    move = Move("new", NOW)
    early = judge_move(move, "new", NOW + timedelta(days=6, hours=23))
    assert (early.keep, early.adopt) == (move, "")
    held = judge_move(move, "new", NOW + timedelta(days=7))
    assert (held.keep, held.adopt) == (None, "new")


def test_another_target_or_none_starts_afresh():
    later = NOW + timedelta(days=8)
    assert judge_move(Move("new", NOW), "newer", later).keep == Move("newer", later)
    gone = judge_move(Move("new", NOW), "", later)
    assert (gone.keep, gone.adopt) == (None, "")
