"""Small pictures, drawn as SVG with a text alternative: when a story was covered, and who reported when.

They draw the times that they are given, on one kind of axis and in one ink; they decide nothing of a story.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext, ngettext

from octavo.store.stories import Fold, Report
from octavo.web import names

# Coverage over time: so many hours, on a strip of this size, in pixels.
HOURS = timedelta(hours=48)
WIDTH, HEIGHT, FOOT = 96, 14, 12
# Who reported when: the lines that the axis may have, from close to wide, and how many of them are too many.
STEPS = tuple(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 30, 24 * 90, 24 * 365))
MOST_LINES = 4
# A number along time, in pixels.
STEPS_WIDTH, STEPS_HEIGHT = 160, 36
# What lies left and right of the first and last report, as a share of the time between them.
MARGIN = 0.04
SHORTEST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of time on the page; in right-to-left languages it runs to the left, as lines of text do."""

    start: datetime
    end: datetime
    is_mirrored: bool = False

    def place(self, when: datetime) -> float:
        """Where a time stands, in percent from the left edge."""
        share = (when - self.start) / (self.end - self.start) * 100
        return 100 - share if self.is_mirrored else share


def axis_of(times: Sequence[datetime]) -> Axis:
    """An axis on which all of some times stand, with air at both ends."""
    first, last = min(times), max(times)
    air = max(last - first, SHORTEST) * MARGIN
    return Axis(first - air, max(last, first + SHORTEST) + air, get_language_bidi())


# Coverage over time ---------------------------------------------------------------------------------------------------


def coverage(fold: Fold, now: datetime) -> SafeString:
    """A story's last 48 hours: a tick an article, hollow where its text is shared, the first report marked.

    The strip ends now, so that strips on one page compare; that of an older story ends with its newest article.
    """
    newest = fold.story.last_at
    axis = Axis((end := now if now - newest <= HOURS else newest) - HOURS, end, get_language_bidi())
    shown = [report for report in fold.reports if report.at >= axis.start]
    # One tick a pixel is all that can be told apart.
    own = {_pixel(axis, report.at) for report in shown if report.copy_of is None}
    shared = {_pixel(axis, report.at) for report in shown if report.copy_of is not None} - own
    strokes = (
        f'<path class="ground" d="M0 {FOOT}.5h{WIDTH}"/>',
        _path("shared", (f"M{x - 1} 5.5h2v5h-2z" for x in sorted(shared))),
        _path("own", (f"M{x} 5v6" for x in sorted(own))),
        _path("first", [_first(axis, fold.story.first_at)]),
    )
    told = escape(coverage_told(fold.story.first_at, shown))
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return SafeString(f'<svg class="strip" {size} role="img" aria-label="{told}">{"".join(strokes)}</svg>')


def coverage_told(first_at: datetime, shown: Sequence[Report]) -> str:
    """What the strip shows, in words."""
    count, shared = len(shown), sum(report.copy_of is not None for report in shown)
    parts = [ngettext("%(count)d article in 48 hours", "%(count)d articles in 48 hours", count) % {"count": count}]
    if shared:
        parts.append(ngettext("%(count)d shares a text", "%(count)d share a text", shared) % {"count": shared})
    parts.append(gettext("first report: %(time)s") % {"time": names.absolute(first_at)})
    return gettext(", ").join(parts)


def _pixel(axis: Axis, when: datetime) -> int:
    return 2 + round(axis.place(when) / 100 * (WIDTH - 4))


def _first(axis: Axis, when: datetime) -> str:
    """The mark of the first report: a taller tick with a foot; an arrow at the edge where it is older than the strip."""
    if when >= axis.start:
        return f"M{_pixel(axis, when)} 1v{FOOT - 1}"
    return f"M{WIDTH - 5} 5l4 3l-4 3" if axis.is_mirrored else "M5 5l-4 3l4 3"


def _path(name: str, strokes: Iterable[str]) -> str:
    drawn = "".join(strokes)
    return f'<path class="{name}" d="{drawn}"/>' if drawn else ""


# Who reported when ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dot:
    """An article on the line of its publisher."""

    at: datetime
    has_time: bool
    is_shared: bool
    is_first: bool


def line(dots: Sequence[Dot], axis: Axis) -> SafeString:
    """A publisher's dots on the time axis: hollow where a text is shared, ringed where it was the first of all."""
    drawn = ['<line class="ground" x1="0" x2="100%" y1="10" y2="10"/>', *_grid(axis)]
    for dot in sorted(dots, key=lambda dot: dot.at):
        x = f"{axis.place(dot.at):.2f}%"
        if dot.is_first:
            drawn.append(f'<circle class="ring" cx="{x}" cy="10" r="7.5"/>')
        drawn.append(f'<circle class="{"shared" if dot.is_shared else "own"}" cx="{x}" cy="10" r="4"/>')
    return SafeString(
        f'<svg class="times" height="20" role="img" aria-label="{escape(line_told(dots))}">{"".join(drawn)}</svg>'
    )


def line_told(dots: Sequence[Dot]) -> str:
    """The times of a publisher's articles, in words."""
    return gettext(", ").join(_dot_told(dot) for dot in sorted(dots, key=lambda dot: dot.at))


def _dot_told(dot: Dot) -> str:
    told = names.absolute(dot.at, dot.has_time)
    if dot.is_first:
        told = gettext("%(time)s (first report)") % {"time": told}
    return gettext("%(time)s (shared text)") % {"time": told} if dot.is_shared else told


def scale(axis: Axis) -> SafeString:
    """The times under the lines; it repeats what the lines tell, so it is hidden from who hears the page."""
    texts = [
        f'<text x="{axis.place(when):.2f}%" y="13" text-anchor="middle">{escape(names.clock(when, is_day))}</text>'
        for when, is_day in _marks(axis)
    ]
    return SafeString(f'<svg class="times scale" height="18" aria-hidden="true">{"".join(texts)}</svg>')


def _grid(axis: Axis) -> list[str]:
    places = [f"{axis.place(when):.2f}%" for when, _ in _marks(axis)]
    return [f'<line class="ground" x1="{x}" x2="{x}" y1="0" y2="20"/>' for x in places]


def _marks(axis: Axis) -> list[tuple[datetime, bool]]:
    """The round times between the ends of an axis, and whether a day stands there rather than a time of day."""
    span = axis.end - axis.start
    step = next((step for step in STEPS if span / step <= MOST_LINES), STEPS[-1])
    begin = timezone.localtime(axis.start).replace(hour=0, minute=0, second=0, microsecond=0)
    passed = (axis.start - begin) // step + 1
    count = int((axis.end - begin) / step) - passed + 1
    places = [begin + step * (passed + number) for number in range(max(0, count))]
    return [(when, timezone.localtime(when).hour == 0) for when in places if axis.start < when < axis.end]


# Numbers along time -----------------------------------------------------------------------------------------------------


def steps(points: Sequence[tuple[datetime, float]]) -> SafeString:
    """A number as it changed, as steps along time with a dot at each; nothing where there is no time between them."""
    points = sorted(points, key=lambda point: point[0])
    if len(points) < 2 or points[0][0] == points[-1][0]:
        return SafeString("")
    axis, low, high = axis_of([when for when, _ in points]), *_bounds([value for _, value in points])
    places = [
        (axis.place(when) / 100 * STEPS_WIDTH, STEPS_HEIGHT - 5 - (value - low) / (high - low) * (STEPS_HEIGHT - 10))
        for when, value in points
    ]
    line = "".join(
        f"{'M' if at == 0 else 'H'}{x:.1f}" + (f" {y:.1f}" if at == 0 else f"V{y:.1f}")
        for at, (x, y) in enumerate(places)
    )
    dots = "".join(f'<circle class="own" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in places)
    told = escape(gettext(", ").join(f"{names.number(value)} ({names.short(when)})" for when, value in points))
    size = f'width="{STEPS_WIDTH}" height="{STEPS_HEIGHT}" viewBox="0 0 {STEPS_WIDTH} {STEPS_HEIGHT}"'
    return SafeString(
        f'<svg class="steps" {size} role="img" aria-label="{told}"><path class="line" d="{line}"/>{dots}</svg>'
    )


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return low, high if high > low else low + 1
