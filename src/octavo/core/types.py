"""The values that Octavo's floors hand to each other. Frozen; they hold facts and never fetch or store any."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum


class Quality(StrEnum):
    """What we have of an article's text, the best first."""

    FULL = "full"
    TEASER = "teaser"
    PAYWALL = "paywall"
    CONSENT = "consent"
    LISTING = "listing"
    EMPTY = "empty"


class Precision(StrEnum):
    """How exactly a publisher told the time."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a publisher told it: the instant, and how it was written.

    `instant` is aware, in UTC (midnight UTC for a bare date). `offset_minutes` is the zone that the source wrote,
    None where it wrote none (the instant then takes the time as UTC).
    """

    instant: datetime
    offset_minutes: int | None = None
    precision: Precision = Precision.SECOND

    def isoformat(self) -> str:
        """ISO 8601 in the source's own offset; a bare date where no time of day is known."""
        if self.precision is Precision.DAY:
            return self.instant.date().isoformat()
        zone = UTC if self.offset_minutes is None else timezone(timedelta(minutes=self.offset_minutes))
        spec = "seconds" if self.precision is Precision.SECOND else "minutes"
        return self.instant.astimezone(zone).isoformat(timespec=spec)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was repaired, ignored or refused on the way in. `kind` is a stable word, `detail` is for people."""

    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file beside an entry: `length` in bytes and `duration` in seconds, None where not told."""

    url: str
    type: str = ""
    length: int | None = None
    duration: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of an article. `summary` and `content` are unsanitised markup from outside."""

    guid: str = ""
    url: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    summary: str = ""
    content: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    enclosures: tuple[Enclosure, ...] = ()
    categories: tuple[str, ...] = ()
    image_url: str = ""
    language: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class PollingHints:
    """How often a feed asks to be polled, at most. `ttl` in seconds; hours 0 to 23 and days 0 (Monday) to 6 in UTC."""

    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One reading of a feed: its own facts and its entries, newest as the feed orders them.

    `kind` is one of rss, rdf, atom, json, sitemap.
    """

    kind: str
    title: str = ""
    url: str = ""
    home_page: str = ""
    id: str = ""
    description: str = ""
    language: str = ""
    author: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    image_url: str = ""
    hints: PollingHints = field(default_factory=PollingHints)
    entries: tuple[Entry, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read out of one page. `html` is sanitised; `text` is plain, and its offsets are code points.

    Paragraphs of `text` are separated by one blank line. `method` names the extractor or the place in the page that the
    text came from; `published_from` names where the time came from.
    """

    url: str
    title: str = ""
    text: str = ""
    html: str = ""
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    published_from: str = ""
    updated: Moment | None = None
    language: str = ""
    section: str = ""
    site_name: str = ""
    image_url: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    tags: tuple[str, ...] = ()
    quality: Quality = Quality.EMPTY
    method: str = ""
    is_free: bool | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One published text as the engines see it. `id` is opaque; `published` is aware, None where unknown."""

    id: str
    title: str
    text: str
    published: datetime | None = None
    source: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of characters of one version of an article's text, in Unicode code points, end exclusive."""

    article: str
    version: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence that we show, with the passages that support it."""

    text: str
    passages: tuple[Passage, ...]


# The sections of the front page, in the order in which they are shown. A feed or a page is mapped to one of them or none.
SECTIONS = (
    "world",
    "politics",
    "business",
    "technology",
    "science",
    "health",
    "environment",
    "culture",
    "sports",
    "opinion",
)
