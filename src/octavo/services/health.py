"""What did not work, since when, why, and what to do: of feeds and of the pages behind them. It mends nothing itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q

from octavo.services import pages, polling
from octavo.services.feeds import NO_FEED, TAKEN
from octavo.services.slotwork import slots_for
from octavo.sources.http import Door
from octavo.sources.manners import MemoryManners
from octavo.sources.refusals import ADVICE, Reason
from octavo.store.models import Feed, Page

# What to do, for reasons that the network door does not know.
REMEDIES = {
    polling.GONE: "Look for its successor on the publisher's page and add that; this one is not asked again.",
    "html": "Add the page itself: `octavo feeds add ADDRESS` finds its feeds.",
    "empty": "It is tried again later.",
    "status-401": "The publisher asks for a login; Octavo has none.",
    "status-403": "The publisher refuses us; ask it for access, or remove the feed.",
    "status-404": "Check the address; the publisher may have moved the feed.",
    "status-429": "The publisher asks for patience; it is tried again later.",
    pages.NO_PAGE: "The feed's own text is shown.",
    pages.NO_HTML: "The feed's own text is shown.",
    pages.HOST_RESTS: "It is tried again later; until then the feed's own text is shown.",
    "mistake": "Please report this; the log has more.",
}
# What happened, in words that a page can translate; the detail beside it names hosts and numbers, in English.
CAUSES = {
    "url": "The address is not written as addresses are.",
    "scheme": "The address does not begin with http or https.",
    "address": "The address leads into a network that is not public.",
    "unreachable": "The host cannot be reached.",
    "tls": "The host's certificate or encryption is at fault.",
    "too-slow": "The host answers too slowly.",
    "too-large": "The answer is larger than what is read.",
    "redirects": "The address leads on too often, or in circles.",
    "encoding": "The answer is packed in a way that was not asked for.",
    "header": "The answer is no proper HTTP.",
    "cut-short": "The answer broke off.",
    "robots": "The publisher's robots.txt forbids reading it.",
    "retry-later": "The publisher asks for patience.",
    "busy": "Other requests to this host go first.",
    "proxy": "The proxy does not let it through.",
    "picture": "The picture cannot be read.",
    polling.GONE: "The publisher has ended this feed.",
    "html": "The address leads to a web page and not to a feed.",
    "empty": "The answer is empty.",
    "broken": "The feed is broken and cannot be read.",
    "not-a-feed": "The address serves no feed.",
    "json": "The address serves no feed.",
    "compressed": "The address serves a packed file.",
    "sitemap": "The sitemap lists no news.",
    "sitemap-index": "The address lists other sitemaps.",
    "opml": "The address serves a list of feeds.",
    NO_FEED: "No feed was found at this address or on its page.",
    TAKEN: "Another feed here has this address.",
    pages.NO_PAGE: "The entry names no page.",
    pages.NO_HTML: "The address leads to a file and not to a page.",
    pages.HOST_RESTS: "The host has stopped answering.",
    pages.UNREADABLE: "The document cannot be read.",
    "too-costly": "Reading it costs more than one reading may.",
    "mistake": "Octavo made a mistake.",
    polling.STATUS: "The server answers with an error.",
}
NOT_READ = "It could not be read."
SERVER_FAULT = "The publisher's server has a fault; it is tried again later."
DEMO = "not asked: the demo press is read by its own process alone."
OTHERWISE = "It is tried again later."
# Reasons that mean a host did not answer, and how many feeds must all have met one before the connection is doubted.
SILENT = tuple(reason.value for reason in (Reason.UNREACHABLE, Reason.TOO_SLOW, Reason.TLS, Reason.PROXY))
ENOUGH_SILENT = 8
PAGES = "pages"
FEED = "feed"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that does not work. `what` is feed or pages; `pages` counts the articles without their page."""

    publisher: str
    feed_id: int
    feed: str
    url: str
    what: str
    reason: str
    detail: str
    remedy: str
    since: datetime | None
    pages: int = 0
    is_failing: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The same as a plain dictionary."""
        return asdict(self)

    def sentence(self) -> str:
        """The same for a person."""
        name = self.publisher if self.feed in ("", self.publisher) else f"{self.publisher}, {self.feed}"
        if not self.is_failing:
            return f"{name}: {self.detail}"
        since = f" since {self.since:%d %b %H:%M} UTC" if self.since else ""
        subject = f"{self.pages} articles' pages" if self.what == PAGES else "the feed"
        return f"{name}: {subject} not read{since}: {self.detail} {self.remedy}"


def feed_health() -> list[Trouble]:
    """Everything that does not work now: feeds that fail or have ended, and pages by feed and reason. Three queries."""
    return sorted([*_feeds(), *_pages()], key=lambda t: (t.what != FEED, t.publisher.lower(), t.feed_id, t.reason))


failing = feed_health


def is_cut_off() -> bool:
    """Whether no publisher answers at all: then the fault is this machine's connection and not theirs. One query."""
    polled = Feed.objects.filter(state=Feed.State.ACTIVE, polled_at__isnull=False, publisher__is_demo=False)
    counts = polled.aggregate(all=Count("id"), silent=Count("id", filter=Q(failure_reason__in=SILENT)))
    return bool(counts["all"] >= ENOUGH_SILENT and counts["silent"] == counts["all"])


def _feeds() -> list[Trouble]:
    bad = Q(failures__gt=0) | Q(state=Feed.State.GONE)
    feeds = Feed.objects.filter(bad).exclude(state=Feed.State.PAUSED).select_related("publisher")
    return [
        _trouble(feed, FEED, feed.failure_reason, feed.failure_detail, feed.failing_since or feed.polled_at)
        for feed in feeds
    ]


def _pages() -> list[Trouble]:
    """Pages that were not read, counted by feed and reason, each with one example's words."""
    missing = Page.objects.filter(state__in=[Page.State.FAILED, Page.State.DISALLOWED], article__feed__isnull=False)
    counted = missing.exclude(failure_reason=pages.NO_PAGE).values("article__feed_id", "failure_reason")
    rows = list(counted.annotate(count=Count("id"), since=Min("failed_at"), example=Min("id")).order_by())
    feeds = Feed.objects.select_related("publisher").in_bulk([row["article__feed_id"] for row in rows])
    details = dict(Page.objects.filter(pk__in=[r["example"] for r in rows]).values_list("pk", "failure_detail"))
    return [
        _trouble(
            feeds[row["article__feed_id"]], PAGES, row["failure_reason"], details.get(row["example"], ""), row["since"],
            row["count"],
        )
        for row in rows
    ]  # fmt: skip


def _trouble(
    feed: Feed, what: str, reason: str, detail: str, since: datetime | None, count: int = 0, is_failing: bool = True
) -> Trouble:
    detail = detail.strip().rstrip(".") + "." if detail.strip() else ""
    return Trouble(
        publisher=feed.publisher.name,
        feed_id=feed.pk,
        feed=feed.title or feed.url,
        url=feed.url,
        what=what,
        reason=reason,
        detail=detail,
        remedy=remedy(reason) if is_failing else "",
        since=since,
        pages=count,
        is_failing=is_failing,
    )


def cause(reason: str) -> str:
    """What a reason means, in a sentence; of `status-404` and its like, what their first part means."""
    while reason and reason not in CAUSES:
        reason = reason.rpartition("-")[0]
    return CAUSES.get(reason, NOT_READ)


def remedy(reason: str) -> str:
    """What a person can do about a reason."""
    if reason in REMEDIES:
        return REMEDIES[reason]
    if reason in {known.value for known in Reason}:
        return ADVICE[Reason(reason)]
    return SERVER_FAULT if reason.startswith("status-5") else OTHERWISE


def check(feeds: Sequence[Feed]) -> list[Trouble]:
    """Polls the feeds now, storing nothing, and tells of each what came of it.

    The demo press is not asked: only the process that serves it has a door to it.
    """
    told = [_trouble(feed, FEED, "", DEMO, None, is_failing=False) for feed in feeds if feed.publisher.is_demo]
    return told + asyncio.run(_check([feed for feed in feeds if not feed.publisher.is_demo]))


async def _check(feeds: Sequence[Feed]) -> list[Trouble]:
    async with Door(settings.OCTAVO, MemoryManners(settings.OCTAVO)) as door, slots_for(settings.OCTAVO) as slots:
        jobs = [polling.unclaimed_job(feed) for feed in feeds]
        polled = await asyncio.gather(*(polling.poll(job, door, slots) for job in jobs))
    return [_report(feed, one) for feed, one in zip(feeds, polled, strict=True)]


def _report(feed: Feed, polled: polling.Polled) -> Trouble:
    if polled.failure:
        return _trouble(feed, FEED, polled.failure.reason, polled.failure.detail, feed.failing_since)
    count = len(polled.document.entries) if polled.document else 0
    detail = f"well: {count} entries" if polled.document else "well: nothing new"
    return _trouble(feed, FEED, "", detail, None, is_failing=False)
