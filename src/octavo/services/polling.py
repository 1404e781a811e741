"""Polls feeds: claims those that are due, brings their documents and saves what they say; it reads no article's page.

What a poll changes, entries and the feed's own state together, is saved in one transaction: 'acknowledged' means that it
is committed.
"""

from __future__ import annotations

import hashlib
import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from octavo.core.reading import redirects, retry, urls
from octavo.core.reading.schedule import RECENT_GAPS, fresh_for, next_poll, not_before
from octavo.core.types import FeedDocument, PollingHints
from octavo.services import arriving, claims, publishers
from octavo.services.slotwork import FeedJob, Unreadable, read_document_in
from octavo.sources.http import Door, Reply, Request
from octavo.sources.refusals import Refusal
from octavo.sources.slots import Slots
from octavo.store.models import Article, Feed

log = logging.getLogger(__name__)

# Feeds of one host that are under way at once; the door lets no more through either.
PER_HOST = 2
# A publisher that answers 503 with a short Retry-After is asked again then, once, instead of backing off.
SHORT_RETRY = timedelta(minutes=1)
TITLE_LENGTH = 300
ARRIVAL_ATTEMPTS = 3

GONE = "gone"
STATUS = "status"


@dataclass(frozen=True, slots=True)
class ClaimedFeed:
    """A feed that this process polls now."""

    id: int
    claim: int
    url: str
    host: str
    etag: str
    last_modified: str
    body_hash: str
    country: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a poll brought nothing. `retry_at` is the publisher's own wish; `is_final` ends polling (410)."""

    reason: str
    detail: str
    retry_at: datetime | None = None
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll brought: a document, the news that nothing changed (neither), or a failure."""

    feed: ClaimedFeed
    reply: Reply | None = None
    document: FeedDocument | None = None
    failure: Failure | None = None
    body_hash: str = ""


def claim_due(room: int, busy: Counter[str], *, demo: bool = False) -> list[ClaimedFeed]:
    """Claims up to `room` feeds that are due, the longest due first, and of each host no more than may be under way."""
    now = timezone.now()
    due = Feed.objects.filter(
        Q(due_at=None) | Q(due_at__lte=now), claims.unclaimed(now), state=Feed.State.ACTIVE, publisher__is_demo=demo
    ).select_related("publisher")
    with transaction.atomic():
        chosen = _fair(due.order_by(F("due_at").asc(nulls_first=True), "id")[: room * 4], room, busy)
        numbers = claims.take(Feed, [feed.pk for feed in chosen], now) if chosen else {}
    return [_claimed(feed, numbers[feed.pk]) for feed in chosen if feed.pk in numbers]


def _fair(due: Any, room: int, busy: Counter[str]) -> list[Feed]:
    """The first feeds, without those whose host has its share under way."""
    counts = Counter(busy)
    chosen: list[Feed] = []
    for feed in due:
        host = urls.host_of(feed.url)
        if counts[host] < PER_HOST and len(chosen) < room:
            counts[host] += 1
            chosen.append(feed)
    return chosen


def _claimed(feed: Feed, number: int) -> ClaimedFeed:
    return ClaimedFeed(
        id=feed.pk,
        claim=number,
        url=feed.url,
        host=urls.host_of(feed.url),
        etag=feed.etag,
        last_modified=feed.last_modified,
        body_hash=feed.body_hash,
        country=feed.publisher.country,
    )


def unclaimed_job(feed: Feed) -> ClaimedFeed:
    """A poll of a feed that nobody claimed: to look, unconditionally, and never to save."""
    return replace(_claimed(feed, 0), etag="", last_modified="", body_hash="")


async def poll(feed: ClaimedFeed, door: Door, slots: Slots) -> Polled:
    """Asks a publisher for a feed and reads what comes; never raises for what comes from outside."""
    try:
        request = Request(feed.url, kind="feed", etag=feed.etag, last_modified=feed.last_modified)
        reply = await door.fetch(request)
    except Refusal as refusal:
        return Polled(feed, failure=Failure(refusal.reason.value, refusal.detail, refusal.retry_at))
    if reply.is_unchanged:
        return Polled(feed, reply)
    if not reply.is_new:
        return Polled(feed, reply, failure=_bad_status(reply))
    digest = hashlib.sha256(reply.body).hexdigest()
    if digest == feed.body_hash:
        return Polled(feed, _without_body(reply), body_hash=digest)
    return await _read(feed, reply, digest, slots)


async def _read(feed: ClaimedFeed, reply: Reply, digest: str, slots: Slots) -> Polled:
    """The document of a body, read in a slot: a hostile one costs the slot, not the worker."""
    job = FeedJob(reply.body, reply.url, reply.headers.get("content-type", ""), feed.country)
    reply = _without_body(reply)
    try:
        document = await read_document_in(slots, job)
    except Unreadable as error:
        return Polled(feed, reply, failure=Failure(error.reason, error.detail))
    return Polled(feed, reply, document, body_hash=digest)


def _without_body(reply: Reply) -> Reply:
    """The reply without its body, so that waiting results cost little memory."""
    return replace(reply, body=b"")


def _bad_status(reply: Reply) -> Failure:
    if retry.is_gone(reply.status):
        return Failure(GONE, "The publisher has ended this feed for good (410); look for its successor.", is_final=True)
    advice = {401: "it asks for a login", 403: "it is refused to us", 404: "there is nothing at this address"}
    said = advice.get(reply.status, "the publisher's server has a fault" if reply.status >= 500 else "it is not served")
    return Failure(f"{STATUS}-{reply.status}", f"The answer is {reply.status}: {said}.", reply.retry_after)


def save(results: Sequence[Polled]) -> None:
    """Saves each poll in a transaction of its own; a late worker's changes nothing."""
    for polled in results:
        _save(polled)


def _save(polled: Polled) -> int:
    """The number of new articles. Two feeds of a publisher may bring one article at once: the second tries again."""
    for attempt in range(ARRIVAL_ATTEMPTS):
        try:
            with transaction.atomic():
                return _save_now(polled)
        except IntegrityError:
            if attempt == ARRIVAL_ATTEMPTS - 1:
                raise
    return 0


def _save_now(polled: Polled) -> int:
    now = timezone.now()
    mine = Feed.objects.select_for_update(of=("self",)).select_related("publisher")
    feed = mine.filter(pk=polled.feed.id, claim=polled.feed.claim, claimed_until__isnull=False).first()
    if feed is None:
        log.warning("The poll of %s came too late and is dropped: another has it.", polled.feed.url)
        return 0
    feed.polled_at, feed.claimed_until, feed.claimed_by = now, None, ""
    arrival = arriving.NOTHING
    if polled.failure:
        _take_failure(feed, polled.failure, now)
    else:
        if polled.document:
            publishers.settle(feed, polled.document.home_page)
            arrival = arriving.arrive(feed, polled.document, now)
            _take_document(feed, polled.document)
        _take_success(feed, polled, arrival, now)
    feed.save(update_fields=[*FIELDS])
    return arrival.new


FIELDS = (
    "url", "url_key", "kind", "title", "language", "state", "due_at", "polled_at", "succeeded_at", "interval", "etag",
    "last_modified", "body_hash", "hints", "moved_to", "moved_since", "failures", "failing_since", "failure_reason",
    "failure_detail", "notes", "claimed_until", "claimed_by",
)  # fmt: skip


def _take_failure(feed: Feed, failure: Failure, now: datetime) -> None:
    """What failed, since when, why; and when it is tried again."""
    feed.failures += 1
    feed.failing_since = feed.failing_since or now
    feed.failure_reason, feed.failure_detail = failure.reason[:40], failure.detail[:1000]
    feed.moved_to, feed.moved_since = "", None
    if failure.is_final:
        feed.state, feed.due_at = Feed.State.GONE, None
        return
    wish = failure.retry_at
    if feed.failures == 1 and wish and wish - now <= SHORT_RETRY:
        feed.due_at = wish
    else:
        again = retry.ask_again(feed.failures, wish, now, random.random())  # noqa: S311
        feed.due_at = max(again, not_before(now, hints_from_json(feed.hints)))


def _take_document(feed: Feed, document: FeedDocument) -> None:
    """What the feed says of itself; a title that a person gave stays."""
    feed.kind = document.kind
    feed.title = feed.title or document.title[:TITLE_LENGTH]
    feed.language = feed.language or document.language[:16]
    feed.hints = hints_as_json(document.hints)
    counts = Counter(note.kind for note in document.notes) + Counter(n.kind for e in document.entries for n in e.notes)
    details = {note.kind: note.detail for e in document.entries for note in e.notes}
    details |= {note.kind: note.detail for note in document.notes}
    feed.notes = [{"kind": kind, "detail": details[kind][:300], "count": count} for kind, count in counts.items()]


def _take_success(feed: Feed, polled: Polled, arrival: arriving.Arrival, now: datetime) -> None:
    reply = polled.reply
    assert reply is not None
    feed.succeeded_at = now
    feed.failures, feed.failing_since, feed.failure_reason, feed.failure_detail = 0, None, "", ""
    if polled.body_hash or reply.is_new:
        feed.etag, feed.last_modified = reply.etag[:500], reply.last_modified[:100]
        feed.body_hash = polled.body_hash
    _watch_move(feed, reply, now)
    _plan(feed, fresh_for(reply.headers.get("cache-control", "")), now)


def _plan(feed: Feed, max_age: int | None, now: datetime) -> None:
    """When to poll next, by how often the feed publishes and what it asks for."""
    latest = Article.objects.filter(feed=feed, published_at__isnull=False).order_by("-id")
    decision = next_poll(
        now,
        [at for at in latest.values_list("published_at", flat=True)[: RECENT_GAPS + 1] if at],
        hints=hints_from_json(feed.hints),
        max_age=max_age,
        shortest=settings.OCTAVO.poll_min,
        longest=settings.OCTAVO.poll_max,
        jitter=random.random(),  # noqa: S311
    )
    feed.due_at, feed.interval = decision.at, int(decision.seconds)


def _watch_move(feed: Feed, reply: Reply, now: datetime) -> None:
    """A permanent redirect is adopted once it has held for seven days."""
    known = redirects.Move(feed.moved_to, feed.moved_since) if feed.moved_to and feed.moved_since else None
    decision = redirects.judge_move(known, redirects.permanent_target(reply.hops, reply.url), now)
    feed.moved_to = decision.keep.target if decision.keep else ""
    feed.moved_since = decision.keep.since if decision.keep else None
    if decision.adopt and not Feed.objects.filter(url=decision.adopt).exists():
        feed.url, feed.url_key = decision.adopt, urls.identity_key(decision.adopt)[:700]


def hints_as_json(hints: PollingHints) -> dict[str, Any]:
    """How often a feed asks to be polled, as it is stored."""
    return {"ttl": hints.ttl, "skip_hours": sorted(hints.skip_hours), "skip_days": sorted(hints.skip_days)}


def hints_from_json(stored: dict[str, Any]) -> PollingHints:
    """The reverse."""
    hours, days = stored.get("skip_hours", ()), stored.get("skip_days", ())
    return PollingHints(stored.get("ttl"), frozenset(hours), frozenset(days))


def give_back(jobs: Sequence[ClaimedFeed]) -> None:
    """Frees feeds that were not polled after all."""
    claims.give_back(Feed, {job.id: job.claim for job in jobs})


def abandon(job: ClaimedFeed, why: str) -> None:
    """Puts a feed off whose poll could not be saved, with the reason."""
    failure = Failure("mistake", f"Octavo could not save what came ({why}); please report this.")
    _save(Polled(job, failure=failure))
