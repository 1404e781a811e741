"""Reads the feeds now and says when all that came is searchable and folded; it never works beside another that holds the desk.

Where a worker runs (`octavo serve`), the wish is handed over in the store and waited for. Where none does, this process
is the worker until the wish is fulfilled: the same code either way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from octavo.services import laying, leases
from octavo.store.models import Article, Feed, IndexWork, Page, RefreshRequest

# done, total (None where unknown), what is being done
Progress = Callable[[int, int | None, str], None]

# A page or feed that is to be tried again within this time is waited for; a later one is left to the schedule.
RETRY_SOON = timedelta(seconds=12)
# How often a waiting refresh looks.
LOOK_SECONDS = 0.25
# A wish that nobody has fulfilled for so long was left by a process that died.
FORGOTTEN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a refresh has come."""

    feeds_done: int
    feeds_total: int
    feeds_failed: int
    pages_left: int
    articles: int
    index_behind: int
    fold_behind: int = 0

    @property
    def is_read(self) -> bool:
        """Whether every feed was polled and every page that could be had is read."""
        return self.feeds_done >= self.feeds_total and not self.pages_left

    @property
    def is_settled(self) -> bool:
        """Whether it is searchable and folded too."""
        return self.is_read and not self.index_behind and not self.fold_behind

    def tell(self, progress: Progress) -> None:
        """Reports: feeds while they are polled, then articles."""
        if self.feeds_done < self.feeds_total:
            progress(self.feeds_done, self.feeds_total, f"Polling feeds · {self.articles} new articles")
        elif self.pages_left:
            progress(self.articles - self.pages_left, self.articles, "Reading articles")
        elif self.index_behind:
            progress(self.articles, self.articles, "Making them searchable")
        else:
            progress(max(0, self.articles - self.fold_behind), self.articles, "Folding them into stories")


def refresh(
    everything: bool = False, feed_ids: Sequence[int] = (), progress: Progress = lambda done, total, what: None
) -> dict[str, Any]:
    """Polls what is due, or all, or the named feeds; returns when what they brought is read, searchable and folded.

    `everything` ignores schedules and freshness hints, never Retry-After, 410 or robots.txt. The outcome has feeds,
    failed, articles (new ones), seconds.
    """
    from octavo.services.worker import work_for

    request = ask(everything, feed_ids)
    while not request.finished_at:
        if not leases.is_held(leases.DESK):
            work_for(request.pk, progress)
        else:
            _tell(request, progress)
            time.sleep(LOOK_SECONDS)
        request.refresh_from_db()
    return dict(request.outcome)


def sentence(outcome: dict[str, Any]) -> str:
    """The outcome for a person."""
    failed = outcome.get("failed", 0)
    ending = f" {failed} could not be read: see `octavo feeds check`." if failed else ""
    feeds, articles = outcome.get("feeds", 0), outcome.get("articles", 0)
    if not feeds:
        return "No feed was due; `octavo refresh --all` polls them nevertheless."
    return f"{_count(feeds, 'feed')} polled, {_count(articles, 'new article')} in {outcome.get('seconds', 0):.0f} s.{ending}"


def ask(everything: bool = False, feed_ids: Sequence[int] = ()) -> RefreshRequest:
    """Leaves the wish in the store for whoever holds the desk; returns at once (the site's 'refresh now')."""
    return RefreshRequest.objects.create(asked_at=timezone.now(), everything=everything, feed_ids=list(feed_ids))


def open_requests() -> list[RefreshRequest]:
    """The wishes that wait, the oldest first."""
    since = timezone.now() - FORGOTTEN
    return list(RefreshRequest.objects.filter(finished_at=None, asked_at__gte=since).order_by("id"))


def begin(request: RefreshRequest) -> None:
    """Makes the wanted feeds due and remembers which they are. A feed that was polled since the wish counts as done.

    Begun again after a crash, it goes on where it was.
    """
    now = timezone.now()
    wanted = Feed.objects.filter(state=Feed.State.ACTIVE)
    if request.feed_ids:
        wanted = wanted.filter(pk__in=request.feed_ids)
    elif not request.everything:
        wanted = wanted.filter(Q(due_at=None) | Q(due_at__lte=now) | Q(polled_at__gte=request.asked_at))
    ids = list(wanted.values_list("pk", flat=True))
    if request.feed_ids or request.everything:
        Feed.objects.filter(_unpolled(request.asked_at), pk__in=ids).update(due_at=now)
    request.started_at = now
    request.outcome = {"scope": ids}
    request.save(update_fields=["started_at", "outcome"])


def standing(request: RefreshRequest) -> Standing:
    """How far a begun wish has come, in a few small queries."""
    scope, since = request.outcome.get("scope", []), request.asked_at
    soon = timezone.now() + RETRY_SOON
    feeds = Feed.objects.filter(pk__in=scope)
    open_feeds = feeds.filter(_still_open(since, soon), state=Feed.State.ACTIVE)
    pages = Page.objects.filter(due_at__lte=soon)
    if request.feed_ids:
        pages = pages.filter(article__feed_id__in=scope)
    new = Article.objects.filter(arrived_at__gte=since)
    if request.feed_ids:
        new = new.filter(feed_id__in=scope)
    return Standing(
        feeds_done=len(scope) - open_feeds.count(),
        feeds_total=len(scope),
        feeds_failed=feeds.filter(failures__gt=0).count() + feeds.filter(state=Feed.State.GONE).count(),
        pages_left=pages.count(),
        articles=new.count(),
        index_behind=IndexWork.objects.count(),
        fold_behind=laying.behind(),
    )


def _unpolled(since: datetime) -> Q:
    return Q(polled_at=None) | Q(polled_at__lt=since)


def _still_open(since: datetime, soon: datetime) -> Q:
    """Not polled since, or to be tried again in a moment."""
    return _unpolled(since) | Q(failures__gt=0, due_at__lte=soon)


def keep_standing(request: RefreshRequest, now: Standing) -> None:
    """Leaves the progress in the store for those who wait for it."""
    request.outcome |= {"standing": asdict(now)}
    RefreshRequest.objects.filter(pk=request.pk, finished_at=None).update(outcome=request.outcome)


def finish(request: RefreshRequest, now: Standing) -> None:
    """Says that the wish is fulfilled, and what came of it."""
    ended = timezone.now()
    request.finished_at = ended
    request.outcome = {
        "feeds": now.feeds_total,
        "failed": now.feeds_failed,
        "articles": now.articles,
        "seconds": (ended - request.asked_at).total_seconds(),
    }
    request.save(update_fields=["finished_at", "outcome"])


def _tell(request: RefreshRequest, progress: Progress) -> None:
    if told := request.outcome.get("standing"):
        Standing(**told).tell(progress)
    else:
        progress(0, None, "Waiting for the running worker")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
