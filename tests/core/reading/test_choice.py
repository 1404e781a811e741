"""Which text serves, which time counts, and where an article stands in lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from octavo.core.reading.choice import better_text, judge_feed_text, settle_time, sort_time
from octavo.core.types import Extract, Moment, Precision, Quality

ARRIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG = "word " * 300
SHORT = "A short teaser."


def page(quality: Quality, text: str) -> Extract:
    return Extract("https://quay.example/1", text=text, quality=quality, method="blocks")


def feed(text: str) -> Extract:
    return Extract("https://quay.example/1", text=text, quality=judge_feed_text(text), method="feed")


@pytest.mark.parametrize(
    ("read", "told", "method", "quality"),
    [
        (page(Quality.FULL, LONG), feed(SHORT), "blocks", Quality.FULL),
        (page(Quality.FULL, SHORT), feed(LONG), "feed", Quality.FULL),
        (page(Quality.PAYWALL, SHORT), feed(LONG), "feed", Quality.FULL),
        (page(Quality.PAYWALL, LONG), feed(SHORT), "blocks", Quality.PAYWALL),
        (page(Quality.CONSENT, LONG), feed(SHORT), "feed", Quality.CONSENT),
        (page(Quality.EMPTY, ""), feed(SHORT), "feed", Quality.TEASER),
        (page(Quality.CONSENT, LONG), feed(""), "blocks", Quality.CONSENT),
        (None, feed(SHORT), "feed", Quality.TEASER),
        (None, feed(""), "feed", Quality.EMPTY),
    ],
)
def test_the_text_that_says_more_serves(read, told, method, quality):
    chosen = better_text(read, told)

    assert (chosen.method, chosen.quality) == (method, quality)


def test_a_text_that_is_cut_off_is_a_teaser_however_long():
    assert judge_feed_text(LONG + "…") is Quality.TEASER


def test_a_time_of_day_wins_over_a_date_and_times_ahead_are_ignored():
    day = Moment(ARRIVED - timedelta(hours=12), precision=Precision.DAY)
    hour = Moment(ARRIVED - timedelta(hours=2))
    ahead = Moment(ARRIVED + timedelta(days=365))

    assert settle_time(hour, day, ARRIVED) == (hour, "feed")
    assert settle_time(day, hour, ARRIVED) == (hour, "page")
    assert settle_time(ahead, day, ARRIVED) == (day, "page")
    assert settle_time(ahead, None, ARRIVED) == (None, "")


def test_an_article_never_stands_after_its_arrival():
    assert sort_time(None, ARRIVED) == ARRIVED
    assert sort_time(Moment(ARRIVED + timedelta(minutes=30)), ARRIVED) == ARRIVED
    today = Moment(datetime(2026, 11, 23, tzinfo=UTC), precision=Precision.DAY)
    yesterday = Moment(datetime(2026, 11, 22, tzinfo=UTC), precision=Precision.DAY)
    assert sort_time(today, ARRIVED) == ARRIVED
    assert sort_time(yesterday, ARRIVED) == datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
