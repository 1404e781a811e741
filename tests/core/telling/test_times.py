"""Times are read as far as they are told, and mean days where the day of publication is known."""

from __future__ import annotations

from datetime import date

import pytest

from octavo.core.telling.times import Time, supports, times

TUESDAY = date(2026, 11, 24)


def one(text: str) -> Time:
    (found,) = times(text)
    return found


@pytest.mark.parametrize(
    ("told", "cited"),
    [
        ("22 November", "Sunday"),
        ("Sunday", "November 22, 2026"),
        ("22 November 2026", "Nov. 22"),
        ("2026-11-22", "22 November"),
        ("November", "November 22"),
        ("yesterday", "Monday"),
        ("7pm", "19:00"),
        ("٢٢ نوفمبر", "November 22"),
        ("الأحد", "Sunday"),
    ],
)
def test_ways_of_writing_one_time_support_each_other(told: str, cited: str) -> None:
    assert supports(one(told), one(cited), TUESDAY, TUESDAY)


@pytest.mark.parametrize(
    ("told", "cited"),
    [
        ("21 November", "Sunday"),
        ("November 22, 2025", "November 22"),
        ("7pm", "7am"),
        ("2025", "2026"),
        ("May 3", "March 2026"),
    ],
)
def test_other_times_do_not(told: str, cited: str) -> None:
    assert not supports(one(told), one(cited), TUESDAY, TUESDAY)


def test_without_a_day_of_publication_a_weekday_is_only_itself() -> None:
    assert supports(one("Sunday"), one("Sunday"), None, None)
    assert not supports(one("22 November"), one("Sunday"), None, None)


def test_may_and_march_are_words_unless_they_are_written_as_months() -> None:
    assert times("he may march on") == []
    assert [time.month for time in times("in May he may march in March 2015")] == [5, 3]


def test_a_counted_number_is_no_year() -> None:
    assert times("1900 boats sank") == []
    assert one("boats that sank in 1900").year == 1900
