"""What runs in a slot and how it is asked: feeds, pages, pictures, whatever they may cost; no store, network or Django.

Here the engines of one article meet: its text is chosen, and its key points and hashtags are made from it, so that the
worker itself only fetches and saves.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from octavo.core.reading.choice import FEED_METHOD, better_text, judge_feed_text, unless_ahead
from octavo.core.telling.hashtags import Hashtag, hashtags
from octavo.core.telling.summary import key_points
from octavo.core.types import Entry, Extract, FeedDocument, Moment
from octavo.settings import Settings
from octavo.sources.extraction import extract, sanitise_fragment
from octavo.sources.feeds import FeedError, read_feed
from octavo.sources.pictures import Rendition, shrink
from octavo.sources.refusals import Refusal
from octavo.sources.slots import PRELOAD, SlotError, SlotKilled, Slots


@dataclass(frozen=True, slots=True)
class FeedJob:
    """The body of a feed, where it came from, and what decides its doubtful dates."""

    body: bytes
    url: str
    content_type: str
    country: str


@dataclass(frozen=True, slots=True)
class FeedSays:
    """What the feeds tell of an article; `summary` and `content` are markup from outside."""

    title: str = ""
    language: str = ""
    summary: str = ""
    content: str = ""
    image_url: str = ""
    published: Moment | None = None
    tags: tuple[str, ...] = ()
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page to read; without a body, only what the feeds say of it."""

    url: str
    says: FeedSays
    body: bytes | None = None
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it is to be shown: the text that serves, its key points as (start, end), its hashtags.

    `addresses` are those that the page itself proved: where it came from, and the canonical one that it names.
    """

    extract: Extract
    key_points: tuple[tuple[int, int], ...] = ()
    hashtags: tuple[Hashtag, ...] = field(default=())
    addresses: tuple[str, ...] = ()


class Unreadable(ValueError):
    """What came cannot be read: `reason` is a stable word, `detail` is for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def slots_for(settings: Settings) -> Slots:
    """The slots of a worker, as many and as bounded as the settings say."""
    return Slots.from_settings(settings, preload=(*PRELOAD, __name__))


async def read_document_in(slots: Slots, job: FeedJob) -> FeedDocument:
    """The feed of a body, read in a slot. Raises Unreadable."""
    try:
        return await slots.run(read_document, job)
    except FeedError as error:
        raise Unreadable(error.reason, error.detail) from None
    except SlotError as error:
        raise _unreadable(error) from None


async def read_page_in(slots: Slots, job: PageJob) -> Reading:
    """The article of a page, read in a slot. Raises Unreadable."""
    try:
        return await slots.run(read_page, job)
    except SlotError as error:
        raise _unreadable(error) from None


async def shrink_in(slots: Slots, body: bytes) -> tuple[Rendition, ...]:
    """A picture in our own sizes, made in a slot. Raises Unreadable."""
    try:
        return await slots.run(shrink, body)
    except Refusal as refusal:
        raise Unreadable(refusal.reason.value, refusal.detail) from None
    except SlotError as error:
        raise _unreadable(error) from None


def _unreadable(error: SlotError) -> Unreadable:
    if isinstance(error, SlotKilled):
        return Unreadable(f"too-costly-{error.reason}", f"Reading it costs more than one reading may ({error}).")
    return Unreadable("unreadable", f"It could not be read ({error}).")


# Inside a slot


def read_document(job: FeedJob) -> FeedDocument:
    """The feed of a body. Raises FeedError."""
    return read_feed(job.body, url=job.url, content_type=job.content_type, country=job.country, now=datetime.now(UTC))


def read_page(job: PageJob) -> Reading:
    """The article of a page, or of the feeds' own text where that says more."""
    page = None
    if job.body is not None:
        page = extract(job.body, job.url, hint=hint_of(job.says), charset=job.charset)
    chosen = better_text(page, feed_text(job.says, job.url))
    title = job.says.title or chosen.title
    language = chosen.language or job.says.language
    return Reading(
        extract=replace(chosen, title=title, image_url=chosen.image_url or job.says.image_url),
        key_points=tuple(key_points(chosen.text, language, title)),
        hashtags=tuple(
            hashtags(title, chosen.text, language, job.says.tags or chosen.tags, (job.says.publisher, *chosen.authors))
        ),
        addresses=tuple(dict.fromkeys(address for address in (job.url, page.url) if address)) if page else (),
    )


def hint_of(says: FeedSays) -> Entry:
    """What the feed tells beside the text, for the extraction to weigh; a time that lies ahead tells nothing."""
    published = unless_ahead(says.published, datetime.now(UTC))
    return Entry(title=says.title, published=published, language=says.language, categories=says.tags)


def feed_text(says: FeedSays, url: str) -> Extract:
    """What the feeds themselves give of an article's text, sanitised and judged."""
    markup = says.content if len(says.content) >= len(says.summary) else says.summary
    html, text = sanitise_fragment(markup, url) if markup.strip() else ("", "")
    return Extract(
        url=url,
        title=says.title,
        text=text,
        html=html,
        published=says.published,
        language=says.language,
        image_url=says.image_url,
        quality=judge_feed_text(text),
        method=FEED_METHOD,
    )
