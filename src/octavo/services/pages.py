"""Reads articles' pages: claims those that are due, brings and extracts them, and saves what an article says now.

Where the page fails, the feed's own text serves and the page's row says why. It goes round no wall and no robots.txt.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from octavo.core.reading import retry
from octavo.core.reading.choice import FEED_METHOD
from octavo.core.reading.urls import is_home_page, is_web_address
from octavo.core.types import Precision
from octavo.services import claims
from octavo.services.moments import moment_from_json
from octavo.services.slotwork import FeedSays, PageJob, Reading, Unreadable, read_page_in
from octavo.sources.http import Door, Reply, Request
from octavo.sources.refusals import Reason, Refusal
from octavo.sources.slots import Slots
from octavo.store.models import Entry, Page

log = logging.getLogger(__name__)

# Pages of one host that are under way at once: two that are fetched, and as many that are extracted or saved.
PER_HOST = 5
# A page is larger than an article needs long before a feed is; a smaller bound bounds the memory of many at once.
MAX_PAGE = 6 * 1024 * 1024
# A page that fails so often in a row is left alone until its entry changes.
ATTEMPTS = 3
# A publisher that answers with a short Retry-After is asked again then.
SHORT_RETRY = timedelta(minutes=1)
# So many pages in a row that a host did not answer, and its others are put off for a while without being asked for.
HOST_FAILURES = 3
HOST_REST = timedelta(minutes=10)

DISALLOWED = "robots"
HOST_RESTS = "host-rests"
NO_HTML = "not-html"
NO_PAGE = "no-page"
UNREADABLE = "unreadable"
_FINAL_STATUS = frozenset((400, 401, 402, 403, 404, 405, 406, 410, 451))
_FINAL_REASONS = frozenset(
    (Reason.URL, Reason.SCHEME, Reason.ADDRESS, Reason.REDIRECTS, Reason.TOO_LARGE, Reason.ENCODING)
)
_SILENT = frozenset((Reason.UNREACHABLE, Reason.TOO_SLOW, Reason.TLS, Reason.CUT_SHORT))
_READABLE = ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")


@dataclass(frozen=True, slots=True)
class ClaimedPage:
    """A page that this process reads now, with what the feed says of its article."""

    id: int
    claim: int
    article: int
    url: str
    host: str
    etag: str
    last_modified: str
    needs_feed: bool
    says: FeedSays


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page was not read. `is_final`: asking again would not help; `retry_at`: the publisher's own wish."""

    reason: str
    detail: str
    retry_at: datetime | None = None
    is_final: bool = False

    @property
    def is_disallowed(self) -> bool:
        """Whether the publisher's robots.txt says no."""
        return self.reason == DISALLOWED


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a page: a reading (of the page, or of the feed's text after a failure), or nothing new."""

    page: ClaimedPage
    reading: Reading | None = None
    failure: Failure | None = None
    etag: str = ""
    last_modified: str = ""


def claim_due(room: int, busy: Counter[str], *, demo: bool = False) -> list[ClaimedPage]:
    """Claims up to `room` pages that are due; every host gets its turn, and none more than may be under way."""
    now = timezone.now()
    free = Page.objects.filter(claims.unclaimed(now), due_at__lte=now, article__publisher__is_demo=demo)
    place = Window(RowNumber(), partition_by=F("host"), order_by=(F("due_at").asc(), F("id").desc()))
    ranked = free.annotate(place=place).filter(place__lte=PER_HOST).order_by("place", "-id")
    counts = Counter(busy)
    chosen: list[int] = []
    for pk, host in ranked.values_list("pk", "host")[: room * 3]:
        if counts[host] < PER_HOST and len(chosen) < room:
            counts[host] += 1
            chosen.append(pk)
    if not chosen:
        return []
    return _claimed(claims.take(Page, chosen, now))


def _claimed(numbers: dict[int, int]) -> list[ClaimedPage]:
    """The claimed pages with what their feeds say, in two queries."""
    pages = list(Page.objects.filter(pk__in=numbers).select_related("article__publisher"))
    entries: dict[int, list[Entry]] = {}
    for entry in Entry.objects.filter(article_id__in=[page.article_id for page in pages]):
        entries.setdefault(entry.article_id, []).append(entry)
    return [
        ClaimedPage(
            id=page.pk,
            claim=numbers[page.pk],
            article=page.article_id,
            url=page.url,
            host=page.host,
            etag=page.etag,
            last_modified=page.last_modified,
            needs_feed=page.article.version_id is None or page.article.method == FEED_METHOD,
            says=replace(
                feed_says(page.article.title, page.article.language, entries.get(page.article_id, ())),
                publisher=page.article.publisher.name,
            ),
        )
        for page in pages
    ]


def feed_says(title: str, language: str, entries: Sequence[Entry]) -> FeedSays:
    """What an article's feeds say of it together: the longest text, the first known time, all categories."""
    ordered = sorted(entries, key=lambda entry: entry.pk)
    longest = max(ordered, key=lambda entry: len(entry.content or entry.summary), default=None)
    times = [moment_from_json(entry.published) for entry in ordered if entry.published]
    return FeedSays(
        title=title,
        language=language,
        summary=longest.summary if longest else "",
        content=longest.content if longest else "",
        image_url=next((entry.image_url for entry in ordered if entry.image_url), ""),
        published=min(times, key=lambda m: (m.precision is Precision.DAY, m.instant), default=None),
        tags=tuple(dict.fromkeys(tag for entry in ordered for tag in entry.categories)),
    )


class Silence:
    """Remembers hosts that do not answer, so that a hundred pages of one do not each cost a time-out."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._until: dict[str, datetime] = {}

    def rests_until(self, host: str, now: datetime) -> datetime | None:
        """When a host that did not answer is asked again; None where it is not resting."""
        until = self._until.get(host)
        return until if until and until > now else None

    def hear(self, host: str, answered: bool, now: datetime) -> None:
        """Takes note of an answer or of the want of one."""
        if answered:
            self._counts.pop(host, None)
            self._until.pop(host, None)
            return
        self._counts[host] += 1
        if self._counts[host] >= HOST_FAILURES:
            self._until[host] = now + HOST_REST


async def read(page: ClaimedPage, door: Door, slots: Slots, silence: Silence) -> Read:
    """Brings and extracts a page; never raises for what comes from outside."""
    if failure := _not_a_page(page.url):
        return await _serve_feed(page, failure, slots)
    if until := silence.rests_until(page.host, timezone.now()):
        return await _serve_feed(page, Failure(HOST_RESTS, f"{page.host} has stopped answering.", until), slots)
    try:
        request = Request(page.url, etag=page.etag, last_modified=page.last_modified, max_body=MAX_PAGE)
        reply = await door.fetch(request)
    except Refusal as refusal:
        silence.hear(page.host, refusal.reason not in _SILENT, timezone.now())
        return await _serve_feed(page, _refused(refusal), slots)
    silence.hear(page.host, True, timezone.now())
    if reply.is_unchanged:
        return Read(page, etag=reply.etag or page.etag, last_modified=reply.last_modified or page.last_modified)
    if failure := _unfit(reply):
        return await _serve_feed(page, failure, slots)
    return await _extract(page, reply, slots)


def _not_a_page(url: str) -> Failure | None:
    """Why an entry's address is no article's page, if it is not."""
    if not url:
        return Failure(NO_PAGE, "The entry names no page.", is_final=True)
    if not is_web_address(url):
        return Failure(NO_PAGE, f"The entry's address ({url[:60]}) is none of the web.", is_final=True)
    if is_home_page(url):
        return Failure(NO_PAGE, "The entry's address is the publisher's front page.", is_final=True)
    return None


def _refused(refusal: Refusal) -> Failure:
    # A robots.txt that cannot be read now names a time; one that says no does not.
    final = refusal.reason in _FINAL_REASONS or (refusal.reason is Reason.ROBOTS and refusal.retry_at is None)
    return Failure(refusal.reason.value, refusal.detail, refusal.retry_at, final)


def _unfit(reply: Reply) -> Failure | None:
    """Why an answer is no page to be read, if it is not."""
    if not reply.is_new:
        said = f"The page's answer is {reply.status}."
        return Failure(f"status-{reply.status}", said, reply.retry_after, reply.status in _FINAL_STATUS)
    if reply.media_type not in _READABLE:
        return Failure(NO_HTML, f"The address leads to a file ({reply.media_type[:60]}), not to a page.", is_final=True)
    return None


async def _extract(page: ClaimedPage, reply: Reply, slots: Slots) -> Read:
    """Has the page read in a slot; one that is too much for a slot is served from the feed's text."""
    job = PageJob(url=reply.url, says=page.says, body=reply.body, charset=reply.charset)
    try:
        reading = await read_page_in(slots, job)
    except Unreadable as error:
        # What is too costly stays so; what merely went wrong may go well another time.
        is_final = error.reason != UNREADABLE
        return await _serve_feed(page, Failure(error.reason, error.detail, is_final=is_final), slots)
    return Read(page, reading, etag=reply.etag, last_modified=reply.last_modified)


async def _serve_feed(page: ClaimedPage, failure: Failure, slots: Slots) -> Read:
    """What the feed itself says, for a page that was not read; only needed while the article has no better text."""
    if not page.needs_feed:
        return Read(page, failure=failure)
    for says in (page.says, replace(page.says, summary="", content="")):
        try:
            return Read(page, await read_page_in(slots, PageJob(page.url, says)), failure)
        except Unreadable as error:
            log.warning("The feed's own text of %s could not be read: %s", page.url, error)
    return Read(page, failure=failure)


def give_back(jobs: Sequence[ClaimedPage]) -> None:
    """Frees pages that were not read after all."""
    claims.give_back(Page, {job.id: job.claim for job in jobs})


def next_try(page: Page, failure: Failure, now: datetime) -> datetime | None:
    """When a failed page is asked for again; None where that is of no use. `attempts` counts this failure already."""
    wish = failure.retry_at
    if failure.is_final or page.attempts >= ATTEMPTS:
        return None
    if failure.reason in (HOST_RESTS, Reason.RETRY_LATER.value, Reason.BUSY.value) and wish:
        return wish
    if page.attempts == 1 and wish and wish - now <= SHORT_RETRY:
        return wish
    return retry.ask_again(page.attempts, wish, now, random.random())  # noqa: S311
