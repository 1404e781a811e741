"""Decides what an article says where its feed and its page differ: which text serves, which time, where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from octavo.core.types import Extract, Moment, Precision, Quality

# A feed's own text is taken for the whole article from so many words on; below, it is a teaser.
WHOLE_FROM_WORDS = 130
# A page that gives less than this share of the feed's whole text gives less than the article.
PAGE_LACKS = 0.6
# Publishers' clocks go wrong by minutes; what lies further ahead is no publication time.
CLOCK_TOLERANCE = timedelta(hours=1)

FEED_METHOD = "feed"
_CUT_OFF = ("…", "...", "[…]", "[...]")


def judge_feed_text(text: str) -> Quality:
    """What a feed's own text is: the whole article, a teaser of it, or nothing."""
    text = text.strip()
    if not text:
        return Quality.EMPTY
    if text.endswith(_CUT_OFF) or len(text.split()) < WHOLE_FROM_WORDS:
        return Quality.TEASER
    return Quality.FULL


def better_text(page: Extract | None, feed: Extract) -> Extract:
    """The extract whose text serves: the page's, unless the feed's own says more.

    Where the page was no article (a consent wall, a listing), the feed's text serves and the page's quality says why
    there is no more of it.
    """
    if page is None:
        return feed
    page_words, feed_words = len(page.text.split()), len(feed.text.split())
    if feed.quality is Quality.FULL and (page.quality is not Quality.FULL or page_words < PAGE_LACKS * feed_words):
        return _with_text_of(page, feed, Quality.FULL)
    if page.quality in (Quality.FULL, Quality.TEASER, Quality.PAYWALL) and page_words >= feed_words:
        return page
    if page.quality is Quality.FULL or not feed_words:
        return page
    quality = Quality.TEASER if page.quality is Quality.EMPTY else page.quality
    return _with_text_of(page, feed, quality)


def _with_text_of(page: Extract, feed: Extract, quality: Quality) -> Extract:
    """The page's facts around the feed's text."""
    return replace(page, text=feed.text, html=feed.html, quality=quality, method=feed.method)


def settle_time(feed: Moment | None, page: Moment | None, arrived: datetime) -> tuple[Moment | None, str]:
    """The publication time and where it came from (`feed` or `page`), or None and ''.

    `page` is what the page told when it was weighed against the feed (sources/extraction/published.py), so it wins,
    but a time of day wins over a bare date. Times ahead of the arrival are ignored.
    """
    known = {"page": unless_ahead(page, arrived), "feed": unless_ahead(feed, arrived)}
    told = {name: moment for name, moment in known.items() if moment is not None}
    if not told:
        return None, ""
    name = min(told, key=lambda n: told[n].precision is Precision.DAY)
    return told[name], name


def sort_time(published: Moment | None, arrived: datetime) -> datetime:
    """Where an article stands in lists: its publication, never after its arrival; a bare date as the end of its day."""
    if published is None:
        return arrived
    if published.precision is Precision.DAY:
        return min(published.instant + timedelta(days=1, seconds=-1), arrived)
    return min(published.instant, arrived)


def unless_ahead(moment: Moment | None, arrived: datetime) -> Moment | None:
    """A time, unless it lies ahead of an arrival by more than clocks go wrong."""
    return None if moment is None or moment.instant > arrived + CLOCK_TOLERANCE else moment
