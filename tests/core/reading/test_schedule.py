"""Polling follows what a feed publishes and never exceeds what it asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.reading.schedule import fresh_for, next_page_check, next_poll, not_before
from octavo.core.types import PollingHints

NOON = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # a Monday


def every(hours: float, count: int = 10, last: datetime = NOON) -> list[datetime]:
    return [last - timedelta(hours=hours * n) for n in range(count)]


def test_a_feed_is_polled_twice_between_two_articles() -> None:
    assert next_poll(NOON, every(2)).seconds == 3600
    assert "every 2 hours" in next_poll(NOON, every(2)).reason


def test_one_burst_does_not_make_a_slow_feed_quick() -> None:
    burst = [NOON - timedelta(seconds=n) for n in range(4)]
    assert next_poll(NOON, burst + every(24, last=NOON - timedelta(hours=5))).seconds > 3600


def test_a_silent_feed_is_asked_less_and_less() -> None:
    old = every(1, last=NOON - timedelta(days=4))
    assert next_poll(NOON, old).seconds == pytest.approx(4 * 86_400 / 10)
    assert next_poll(NOON, every(1, last=NOON - timedelta(days=400))).seconds == 86_400


def test_bounds_hold() -> None:
    assert next_poll(NOON, every(0.01)).seconds == 300
    assert next_poll(NOON, [], shortest=4000).seconds == 4000


def test_times_that_lie_ahead_tell_nothing() -> None:
    assert next_poll(NOON, [NOON + timedelta(days=300)]).seconds == 1800


def test_hints_slow_polling_and_never_hurry_it() -> None:
    assert next_poll(NOON, every(2), hints=PollingHints(ttl=7200)).seconds == 7200
    assert next_poll(NOON, every(2), hints=PollingHints(ttl=60)).seconds == 3600
    assert next_poll(NOON, every(2), max_age=9000).seconds == 9000
    assert next_poll(NOON, every(2), hints=PollingHints(ttl=10**9)).seconds == 7 * 86_400


def test_skipped_hours_and_days_are_waited_out() -> None:
    later = next_poll(NOON, every(2), hints=PollingHints(skip_hours=frozenset((13, 14))))
    assert later.at == NOON.replace(hour=15)
    tomorrow = next_poll(NOON, every(2), hints=PollingHints(skip_days=frozenset((0,))))
    assert tomorrow.at.date() == NOON.date() + timedelta(days=1)


def test_a_feed_that_skips_every_hour_is_not_believed() -> None:
    assert next_poll(NOON, every(2), hints=PollingHints(skip_hours=frozenset(range(24)))).seconds == 3600


@given(
    st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), max_size=40),  # noqa: DTZ001
    st.floats(0, 1),
    st.none() | st.integers(1, 10**6),
)
def test_a_poll_is_never_too_early(times: list[datetime], jitter: float, ttl: int | None) -> None:
    decision = next_poll(NOON, times, jitter=jitter, hints=PollingHints(ttl=ttl))
    assert decision.seconds >= max(300, min(ttl or 0, 7 * 86_400))
    assert decision.seconds <= max(86_400, min(ttl or 0, 7 * 86_400)) * 1.1


def test_a_page_is_looked_at_after_one_six_and_twenty_four_hours() -> None:
    read, seen = NOON, []
    while (check := next_page_check(NOON, read)) is not None:
        seen.append(check - NOON)
        read = check
    assert seen == [timedelta(hours=1), timedelta(hours=6), timedelta(hours=24)]
    assert next_page_check(NOON, NOON + timedelta(hours=7)) == NOON + timedelta(hours=24)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("public, max-age=600", 600), ("max-age=0", None), ("no-cache, max-age=600", None), ("", None),
        ("s-maxage=10, max-age=20", 20), ("s-maxage=10", None), ('max-age="60"', 60), ("max-age=x", None),
    ],
)  # fmt: skip
def test_freshness(header: str, seconds: int | None) -> None:
    assert fresh_for(header) == seconds


def test_a_feed_that_fails_is_not_asked_sooner_than_it_allows() -> None:
    assert not_before(NOON, PollingHints(ttl=3600)) == NOON + timedelta(hours=1)
    assert not_before(NOON, PollingHints()) == NOON
