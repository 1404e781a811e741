"""Small pictures: where a time stands, what is hollow, what is marked, and what they say in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from octavo.store.stories import Fold, Report, StoryRow
from octavo.web import figures
from octavo.web.figures import Axis, Dot

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def fold(*reports: tuple[float, bool]) -> Fold:
    """A story of reports, each so many hours before noon, and whether its text is shared."""
    told = [
        Report(1, number, NOON - hours(before), 99 if shared else None)
        for number, (before, shared) in enumerate(reports)
    ]
    times = [report.at for report in told]
    row = StoryRow(1, 0, "en", "", min(times), max(times), len(told), 1, 1)
    return Fold(row, tuple(sorted(told, key=lambda report: report.at, reverse=True)), ())


def strokes(svg: str, name: str) -> str:
    found = re.search(rf'<path class="{name}" d="([^"]*)"', svg)
    return found[1] if found else ""


def test_each_article_is_a_tick_and_a_shared_text_a_hollow_one() -> None:
    svg = figures.coverage(fold((30, False), (20, False), (10, True)), NOON)
    assert strokes(svg, "own").count("M") == 2
    assert strokes(svg, "shared").count("M") == 1


def test_strips_of_one_page_have_the_same_axis() -> None:
    early, late = (figures.coverage(fold((before, False)), NOON) for before in (40, 4))
    assert strokes(early, "own") < strokes(late, "own")


def test_the_strip_of_an_old_story_ends_with_its_newest_article() -> None:
    old = figures.coverage(fold((500, False), (490, False)), NOON)
    assert strokes(old, "own").count("M") == 2


def test_a_first_report_older_than_the_strip_is_an_arrow_at_its_edge() -> None:
    inside, before = (figures.coverage(fold((age, False), (1, False)), NOON) for age in (40, 60))
    assert strokes(inside, "first").endswith("v11")
    assert strokes(before, "first") == "M5 5l-4 3l4 3"
    assert strokes(before, "own").count("M") == 1


def test_hundreds_of_articles_are_no_more_ticks_than_pixels() -> None:
    svg = figures.coverage(fold(*((number / 10, False) for number in range(400))), NOON)
    assert strokes(svg, "own").count("M") <= figures.WIDTH


@pytest.mark.parametrize(("language", "place"), [("en", 25.0), ("ar", 75.0)])
def test_time_runs_as_the_language_does(language: str, place: float) -> None:
    with translation.override(language):
        axis = figures.axis_of([NOON, NOON + hours(10)])
    plain = Axis(NOON, NOON + hours(4), axis.is_mirrored)
    assert plain.place(NOON + hours(1)) == place


def test_a_publishers_line_tells_times_shares_and_the_first() -> None:
    dots = [Dot(NOON, True, False, True), Dot(NOON + hours(2), True, True, False)]
    svg = figures.line(dots, figures.axis_of([dot.at for dot in dots]))
    assert svg.count('class="own"') == svg.count('class="shared"') == svg.count('class="ring"') == 1
    assert "1 March 2026, 12:00 (first report), 1 March 2026, 14:00 (shared text)" in svg


@pytest.mark.parametrize("span", [0, 0.5, 3, 20, 49, 24 * 9, 24 * 200, 24 * 3000])
def test_an_axis_has_a_few_round_times(span: float) -> None:
    axis = figures.axis_of([NOON, NOON + hours(span)])
    marks = figures._marks(axis)
    assert 1 <= len(marks) <= figures.MOST_LINES + 5
    assert all(axis.start < when < axis.end and when.minute == 0 for when, _ in marks)
