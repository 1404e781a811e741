"""A desk that was put down and taken up again decides as the one that went on."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.core.folding.desk import Desk
from octavo.core.folding.snapshots import SnapshotError
from octavo.core.types import Article
from tests.core.folding.news import press, report

WINDOW = 40
REPAIRED = 17


@cache
def stream() -> tuple[Article, ...]:
    """Two languages, with headlines that have no text between the articles."""
    both = [article for pair in zip(press(), press("ar"), strict=False) for article, _ in pair]
    heads = [report(f"head{at}", one.title, language=one.language) for at, one in enumerate(both[::5])]
    return tuple(one for at, article in enumerate(both) for one in (article, *heads[at // 5 : at // 5 + (at % 5 == 4)]))


def vector_of(place: int) -> np.ndarray | None:
    """Some have a vector, some have none."""
    vector = np.random.default_rng(place % 7).normal(size=384).astype(np.float32)
    return vector / np.linalg.norm(vector) if place % 3 else None


def go_on(desk: Desk, start: int, end: int) -> list[object]:
    """Feeds a part of the stream, with corrections and repairs at their places; everything that was answered."""
    said: list[object] = []
    for place in range(start, end):
        said.append(desk.arrive(stream()[place], vector_of(place)))
        if place % REPAIRED == REPAIRED - 1:
            said.append(desk.keep_apart(stream()[place].id, stream()[place - 1].id))
            said.append(desk.keep_together(stream()[place].id, stream()[place + 3].id))
            said.append(desk.repair(whole_window=place % 2 == 0))
    return said


def taken_up(desk: Desk) -> Desk:
    """A desk out of what another put down, by way of a file."""
    file = io.BytesIO()
    np.savez(file, **desk.dump())
    file.seek(0)
    with np.load(file) as held:
        return Desk.load(held, window=WINDOW)


@settings(max_examples=5, deadline=None)
@given(st.integers(min_value=0, max_value=70))
def test_a_desk_taken_up_decides_as_the_one_that_went_on(cut: int) -> None:
    desk, end = Desk(window=WINDOW), 80
    go_on(desk, 0, cut)
    again = taken_up(desk)
    assert go_on(again, cut, end) == go_on(desk, cut, end)
    assert again.stories() == desk.stories()
    assert [again.explain(story) for story in again.stories()] == [desk.explain(story) for story in desk.stories()]


def test_a_snapshot_of_another_window_is_refused() -> None:
    with pytest.raises(SnapshotError, match="build the desk anew"):
        Desk.load(Desk(window=WINDOW).dump(), window=WINDOW + 1)


def test_a_torn_snapshot_is_refused() -> None:
    held = Desk(window=WINDOW).dump()
    with pytest.raises(SnapshotError, match="torn"):
        Desk.load(held | {"notes": held["notes"][:-9]}, window=WINDOW)
    with pytest.raises(SnapshotError, match="torn"):
        Desk.load({}, window=WINDOW)
