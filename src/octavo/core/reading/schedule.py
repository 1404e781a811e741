"""Decides when a feed is polled next and when a page is looked at again; it reads no clock and rolls no dice.

A feed is polled about twice between two articles that it is likely to publish, and never more often than it asks for.
Spreading comes from a number that the caller draws.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from octavo.core.types import PollingHints

# Gaps between articles that tell the pace; older ones tell of another time.
RECENT_GAPS = 20
# Polls in a typical gap: an article is then seen after a quarter of a gap on average.
POLLS_PER_GAP = 2
# A feed that fell silent is asked once in this share of its silence.
SILENCE_SHARE = 10
# Feeds of which no times are known are polled at this pace, in seconds.
UNKNOWN_PACE = 1_800
# The wait is stretched by up to this share, never shortened, so that hints hold.
JITTER_SHARE = 0.1
# A hint beyond this is a mistake of the publisher's; Retry-After is heeded as long.
LONGEST_HINT = timedelta(days=7)
# A page is looked at again this long after it was first read, since articles are corrected in their first day.
PAGE_CHECKS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))

_MAX_AGE = re.compile(r"(?:^|[,\s])(?P<name>s-maxage|max-age)\s*=\s*\"?(?P<seconds>\d{1,10})", re.IGNORECASE)
_NEVER_FRESH = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PollDecision:
    """When a feed is polled next, the wait behind it in seconds, and the reason in a few words for people."""

    at: datetime
    seconds: float
    reason: str


def next_poll(
    now: datetime,
    published: Sequence[datetime],
    *,
    hints: PollingHints | None = None,
    max_age: int | None = None,
    shortest: float = 300,
    longest: float = 86_400,
    jitter: float = 0.0,
) -> PollDecision:
    """When to poll a feed again that has just answered; core/reading/retry.py decides it for one that has not.

    `published` are aware times of its latest articles in any order; `max_age` the seconds for which its last answer is
    fresh; `shortest` and `longest` the settings `poll_min` and `poll_max` in seconds; `jitter` a number in [0, 1) that
    the caller draws.
    """
    hints = hints or PollingHints()
    seconds, reason = _pace(now, published)
    seconds = min(max(seconds, shortest), longest)
    for asked, why in ((hints.ttl, "the feed asks for it (ttl)"), (max_age, "its answer stays fresh (Cache-Control)")):
        if asked and asked > seconds:
            seconds, reason = min(asked, LONGEST_HINT.total_seconds()), why
    at = now + timedelta(seconds=seconds * (1 + JITTER_SHARE * min(max(jitter, 0.0), 1.0)))
    allowed = _past_skipped(at, hints)
    return PollDecision(
        allowed, (allowed - now).total_seconds(), reason if allowed == at else "the feed skips these hours"
    )


def not_before(now: datetime, hints: PollingHints) -> datetime:
    """The earliest time at which a feed lets itself be asked again, also when its last answer was a failure."""
    return now + min(timedelta(seconds=hints.ttl or 0), LONGEST_HINT)


def next_page_check(first_read: datetime, last_read: datetime) -> datetime | None:
    """When a page is fetched again, conditionally: 1, 6 and 24 hours after it was first read; None after that."""
    return next((first_read + wait for wait in PAGE_CHECKS if first_read + wait > last_read), None)


def fresh_for(cache_control: str) -> int | None:
    """The seconds that a Cache-Control header lets an answer be used for (RFC 9111 5.2.2); None where it tells none."""
    if _NEVER_FRESH.search(cache_control):
        return None
    found = {match["name"].lower(): int(match["seconds"]) for match in _MAX_AGE.finditer(cache_control)}
    return found.get("max-age") or None


def _pace(now: datetime, published: Sequence[datetime]) -> tuple[float, str]:
    """The wait in seconds that the feed's own rhythm suggests, and why."""
    times = sorted({moment for moment in published if moment <= now}, reverse=True)[: RECENT_GAPS + 1]
    if len(times) < 2:
        silence = (now - times[0]).total_seconds() / SILENCE_SHARE if times else 0.0
        return max(UNKNOWN_PACE, silence), "its rhythm is not known yet"
    gap = median((later - earlier).total_seconds() for later, earlier in pairwise(times))
    silence = (now - times[0]).total_seconds() / SILENCE_SHARE
    if silence > gap / POLLS_PER_GAP:
        return silence, f"silent for {_spoken((now - times[0]).total_seconds())}"
    return gap / POLLS_PER_GAP, f"publishes about every {_spoken(gap)}"


def _past_skipped(at: datetime, hints: PollingHints) -> datetime:
    """The moment, moved to the first hour that the feed does not skip; a feed that skips all is not believed."""
    if not hints.skip_hours and not hints.skip_days:
        return at
    moved = at
    for _ in range(24 * 7):
        if moved.hour not in hints.skip_hours and moved.weekday() not in hints.skip_days:
            return moved
        moved += timedelta(hours=1)
    return at


def _spoken(seconds: float) -> str:
    """A span in its largest fitting unit."""
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
