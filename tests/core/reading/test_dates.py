"""Dates of feeds are read as they were meant, and what cannot be read says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.reading.dates import read_date
from octavo.core.types import Precision

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon, 23 Nov 2026 10:41:50 GMT", "2026-11-23T10:41:50+00:00"),
        ("Mon, 23 Nov 2026 10:41:50 +0530", "2026-11-23T10:41:50+05:30"),
        ("23 Nov 26 10:41 EST", "2026-11-23T10:41-05:00"),
        ("Mon, 3 Aug 2026 9:05:00 CEST", "2026-08-03T09:05:00+02:00"),
        ("Mon, 23 Nov 2026 10:41:50 +0100 (CET)", "2026-11-23T10:41:50+01:00"),
        ("Mon, 23 Nov 2026 10:41:50 GMT+1", "2026-11-23T10:41:50+01:00"),
        ("2026-11-23T10:41:50Z", "2026-11-23T10:41:50+00:00"),
        ("2026-11-23T10:41:50.123456+03:00", "2026-11-23T10:41:50+03:00"),
        ("2026-11-23T10:41+0300", "2026-11-23T10:41+03:00"),
        ("20261123T104150Z", "2026-11-23T10:41:50+00:00"),
        ("2026-11-23 10:41:50 +00:00", "2026-11-23T10:41:50+00:00"),
        ("2026-11-23", "2026-11-23"), ("2026/11/23", "2026-11-23"), ("2026-11", "2026-11-01"), ("2026-327", "2026-11-23"),
        ("Mon Nov 23 10:41:50 2026", "2026-11-23T10:41:50+00:00"), ("Mon Nov 23 10:41:50 PST 2026", "2026-11-23T10:41:50-08:00"),
        ("November 23, 2026 at 10:41 pm EST", "2026-11-23T22:41-05:00"), ("Nov. 23, 2026", "2026-11-23"),
        ("lun., 23 nov. 2026 10:41:50 +0100", "2026-11-23T10:41:50+01:00"), ("23. Dezember 2026", "2026-12-23"),
        ("23 de noviembre de 2026", "2026-11-23"), ("23 نوفمبر 2026", "2026-11-23"), ("23.11.2026 10:41", "2026-11-23T10:41+00:00"),
        ("2026-11-23T24:00:00Z", "2026-11-24T00:00:00+00:00"), ("2026-11-23T23:59:60Z", "2026-11-23T23:59:59+00:00"),
        ("1795430510", "2026-11-23T10:41:50+00:00"), ("1795430510000", "2026-11-23T10:41:50+00:00"),
        ("12:30 AM, 23 Nov 2026", None), ("Mon, 23 Nov 2026 12:30 AM UTC", "2026-11-23T00:30+00:00"),
    ],
)  # fmt: skip
def test_a_date_is_read(written: str, read: str | None) -> None:
    moment, _ = read_date(f"  {written}\n")
    assert (moment.isoformat() if moment else None) == read


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("0000-00-00T00:00:00Z", "date-impossible"), ("0001-01-01T00:00:00Z", "date-impossible"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "date-impossible"), ("-1", "date-unreadable"), ("1763-02-10", "date-impossible"),
        ("2026-02-30", "date-impossible"), ("Mon, 31 Feb 2026 10:00:00 GMT", "date-impossible"), ("yesterday", "date-unreadable"),
        ("Tue, 23 Nov 2027 10:00:00 GMT", "date-future"), ("9999-12-31T23:59:59-12:00", "date-impossible"),
        ("23 Foo 2026", "date-impossible"), ("1 " * 500, "date-unreadable"),
    ],
)  # fmt: skip
def test_a_wild_date_is_refused_with_its_reason(written: str, kind: str) -> None:
    moment, notes = read_date(written, now=NOW)
    assert moment is None
    assert [note.kind for note in notes] == [kind]


@pytest.mark.parametrize(
    ("written", "country", "offset", "kinds"),
    [
        ("23 Nov 2026 10:00 IST", "", 330, ["date-zone-ambiguous"]), ("23 Nov 2026 10:00 IST", "ie", 60, []),
        ("23 Nov 2026 10:00 IST", "IL", 120, []), ("23 Nov 2026 10:00 CST", "CN", 480, []),
        ("23 Nov 2026 10:00 AST", "SA", 180, []), ("23 Nov 2026 10:00 BST", "GB", 60, []),
        ("23 Nov 2026 10:00 CET", "", 60, []), ("23 Nov 2026 10:00 XYZ", "", None, ["date-zone-unknown"]),
        ("23 Nov 2026 10:00", "", None, ["date-no-zone"]), ("23 Nov 2026 10:00 +9900", "", None, ["date-zone-unknown"]),
        ("04/05/2026 10:00 GMT", "", 0, ["date-ambiguous"]), ("23 Nov 2026", "", None, []),
    ],
)  # fmt: skip
def test_zones_are_named_in_their_country_or_noted(
    written: str, country: str, offset: int | None, kinds: list[str]
) -> None:
    moment, notes = read_date(written, country=country)
    assert moment is not None
    assert moment.offset_minutes == offset
    assert [note.kind for note in notes] == kinds


def test_precision_is_what_was_written() -> None:
    written = ("2026-11-23", "2026-11-23T10:00Z", "2026-11-23T10:00:00Z")
    assert [read_date(text)[0].precision for text in written] == [Precision.DAY, Precision.MINUTE, Precision.SECOND]


def test_a_clock_that_is_a_little_ahead_is_believed() -> None:
    assert read_date((NOW + timedelta(hours=14)).isoformat(), now=NOW)[0] is not None


def test_nothing_is_nothing() -> None:
    assert read_date("  ") == (None, ())


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001
    st.integers(-12 * 60, 14 * 60),
)
def test_both_standard_forms_mean_the_same_instant(local: datetime, minutes: int) -> None:
    local = local.replace(microsecond=0)
    sign, span = ("-" if minutes < 0 else "+"), abs(minutes)
    rfc = f"{local:%a, %d %b %Y %H:%M:%S} {sign}{span // 60:02}{span % 60:02}"
    iso = f"{local.isoformat()}{sign}{span // 60:02}:{span % 60:02}"
    first, second = read_date(rfc)[0], read_date(iso)[0]
    assert first == second
    assert first is not None
    assert first.instant == (local - timedelta(minutes=minutes)).replace(tzinfo=UTC)


@given(st.text(max_size=60) | st.from_regex(r"[0-9:/. T+-]{4,30}", fullmatch=True))
def test_any_text_is_a_date_or_has_a_reason(text: str) -> None:
    moment, notes = read_date(text)
    assert moment is not None or notes or not text.strip()
