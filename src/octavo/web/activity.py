"""A topic's articles over time as a small picture with a text alternative: a bar a day, or a month where it rests.

It draws the times that it is given, in the ink and on the ground of `figures.py`; it decides nothing of a topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext, ngettext

from octavo.web import names

# Bars, and the size of each with the gap behind it, in pixels; the height of the tallest.
DAYS, MONTHS = 30, 24
BAR, GAP, TALLEST = 6, 2, 40


@dataclass(frozen=True, slots=True)
class Activity:
    """The picture, what it shows in words, and the days at its two ends."""

    picture: SafeString
    told: str
    first: str
    last: str


def activity(times: Sequence[datetime], now: datetime) -> Activity | None:
    """How much there was of a topic: by day over the last 30, by month where there was nothing; None for nothing at all."""
    if not times:
        return None
    today = timezone.localdate(now)
    days = Counter(timezone.localdate(when) for when in times)
    shown = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    if any(days[day] for day in shown):
        return _drawn([(day, days[day]) for day in shown], _days_told(days, shown), is_days=True)
    months = Counter(day.replace(day=1) for day in days.elements())
    shown = _months_up_to(max(months))
    return _drawn([(month, months[month]) for month in shown], _months_told(months, shown), is_days=False)


def _months_up_to(last: date) -> list[date]:
    """The first days of the months up to one."""
    numbers = range(last.year * 12 + last.month - MONTHS, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers if number >= 12]


def _drawn(bars: Sequence[tuple[date, int]], told: str, *, is_days: bool) -> Activity:
    tallest = max(count for _, count in bars)
    width, is_mirrored = len(bars) * (BAR + GAP) - GAP, get_language_bidi()
    strokes = []
    for place, (_when, count) in enumerate(bars):
        if count:
            x = (BAR + GAP) * (len(bars) - 1 - place if is_mirrored else place)
            height = max(2, round(count / tallest * TALLEST))
            strokes.append(f"M{x} {TALLEST}v-{height}h{BAR}v{height}z")
    ground = f'<path class="ground" d="M0 {TALLEST}.5h{width}"/>'
    size = f'width="{width}" height="{TALLEST + 1}" viewBox="0 0 {width} {TALLEST + 1}"'
    drawn = (
        f'<svg class="bars" {size} role="img" aria-label="{escape(told)}">{ground}<path d="{"".join(strokes)}"/></svg>'
    )
    written = names.short_day if is_days else names.month
    return Activity(SafeString(drawn), told, written(bars[0][0]), written(bars[-1][0]))


def _days_told(days: Counter[date], shown: Sequence[date]) -> str:
    count = sum(days[day] for day in shown)
    most = max(shown, key=lambda day: (days[day], day))
    told = ngettext("%(count)d article in 30 days", "%(count)d articles in 30 days", count) % {"count": count}
    if days[most] < 2:
        return told
    return gettext(", ").join(
        (told, gettext("most on %(day)s: %(count)d") % {"day": names.short_day(most), "count": days[most]})
    )


def _months_told(months: Counter[date], shown: Sequence[date]) -> str:
    count = sum(months[month] for month in shown)
    return ngettext(
        "%(count)d article up to %(month)s, none in the last 30 days",
        "%(count)d articles up to %(month)s, none in the last 30 days",
        count,
    ) % {"count": count, "month": names.month(shown[-1])}
