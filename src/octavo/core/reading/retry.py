"""When a publisher may be asked again after it failed or asked for patience. It never waits itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# What a publisher may ask for at most; longer wishes are cut to this.
MAX_RETRY_AFTER = timedelta(days=7)
# 429 without a Retry-After: the whole host is left alone for this long.
DEFAULT_PAUSE = timedelta(minutes=5)
# The first wait after a failure, doubled with each further one.
FIRST_BACKOFF = timedelta(minutes=5)
MAX_BACKOFF = timedelta(hours=24)
# A wait is lengthened by up to this share, so that feeds that failed together do not return together.
JITTER = 0.25

TOO_MANY_REQUESTS = 429
GONE = 410
FIRST_SERVER_ERROR = 500


def parse_retry_after(value: str, now: datetime) -> datetime | None:
    """The instant that a Retry-After names (RFC 9110, 10.2.3): seconds, or an HTTP date in any of its three forms.

    It lies in [now, now + 7 days]; None where the value is neither. `now` is aware.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        # So many digits that they would overflow a timedelta only mean 'long'.
        seconds = min(int(value[:12]), int(MAX_RETRY_AFTER.total_seconds()))
        return now + timedelta(seconds=seconds)
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return min(max(aware, now), now + MAX_RETRY_AFTER)


def pause_until(status: int, retry_after: datetime | None, now: datetime) -> datetime | None:
    """Until when a whole host is left alone after an answer; None where the answer asks for no pause.

    Only 429 and 5xx pause a host. A 5xx without Retry-After backs off the one address that failed, not its neighbours.
    """
    if status == TOO_MANY_REQUESTS:
        return retry_after or now + DEFAULT_PAUSE
    return retry_after if status >= FIRST_SERVER_ERROR else None


def backoff(failures: int, jitter: float) -> timedelta:
    """How long to leave an address alone after `failures` failures in a row: 5 minutes, doubled up to a day.

    `jitter` is in [0, 1]; the caller draws it.
    """
    if failures <= 0:
        return timedelta(0)
    doubled: timedelta = FIRST_BACKOFF * (1 << min(failures - 1, 20))
    return min(doubled, MAX_BACKOFF) * (1 + JITTER * jitter)


def ask_again(failures: int, retry_at: datetime | None, now: datetime, jitter: float) -> datetime:
    """When to ask an address again: after its backing off, and never before the publisher's own wish."""
    own = now + backoff(failures, jitter)
    return max(own, retry_at) if retry_at else own


def is_gone(status: int) -> bool:
    """Whether an answer ends the polling of a feed for good."""
    return status == GONE
