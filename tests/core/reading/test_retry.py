"""When a publisher may be asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.reading.retry import (
    MAX_BACKOFF,
    MAX_RETRY_AFTER,
    ask_again,
    backoff,
    is_gone,
    parse_retry_after,
    pause_until,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("0", NOW),
        (" 60 ", NOW + timedelta(minutes=1)),
        ("999999999999999999999", NOW + MAX_RETRY_AFTER),
        ("Sun, 01 Mar 2026 12:30:00 GMT", NOW + timedelta(minutes=30)),
        ("Sunday, 01-Mar-26 12:30:00 GMT", NOW + timedelta(minutes=30)),
        ("Sun Mar  1 12:30:00 2026", NOW + timedelta(minutes=30)),
        ("Fri, 01 Mar 2030 12:00:00 GMT", NOW + MAX_RETRY_AFTER),
        ("Thu, 01 Jan 1970 00:00:00 GMT", NOW),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٥", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_dates(value: str, expected: datetime | None):
    assert parse_retry_after(value, NOW) == expected


@given(st.text(max_size=40))
def test_no_retry_after_breaks_it_or_passes_seven_days(value: str):
    instant = parse_retry_after(value, NOW)
    assert instant is None or NOW <= instant <= NOW + MAX_RETRY_AFTER


def test_only_too_many_requests_and_server_errors_pause_a_host():
    later = NOW + timedelta(hours=1)
    assert pause_until(429, later, NOW) == later
    assert pause_until(429, None, NOW) > NOW
    assert pause_until(503, later, NOW) == later
    assert pause_until(500, None, NOW) is None
    assert pause_until(200, later, NOW) is None
    assert pause_until(404, later, NOW) is None


@given(st.integers(0, 1000), st.floats(0, 1))
def test_backing_off_grows_up_to_a_day(failures: int, jitter: float):
    wait = backoff(failures, jitter)
    assert timedelta(0) <= wait <= MAX_BACKOFF * 1.25
    assert backoff(failures + 1, jitter) >= wait


@given(st.integers(0, 20), st.integers(0, 700_000), st.floats(0, 1))
def test_a_publishers_wish_is_never_cut_short(failures: int, seconds: int, jitter: float):
    wish = NOW + timedelta(seconds=seconds)
    assert ask_again(failures, wish, NOW, jitter) >= wish


def test_gone_is_gone():
    assert is_gone(410)
    assert not is_gone(404)
