"""How the installation stands, in numbers: what it holds, what is due, who works, how far index and desk are. It only reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

import octavo
from octavo.services import laying, leases
from octavo.store import queries, stories
from octavo.store.models import Article, Entry, Feed, FoldState, IndexWork, Lease, Page, Picture, RefreshRequest, User


@dataclass(frozen=True)
class Status:
    """One look at the installation; times are aware, None where a thing has never happened."""

    version: str
    data: str
    publishers: int
    feeds: int
    feeds_active: int
    feeds_paused: int
    feeds_gone: int
    feeds_failing: int
    feeds_due: int
    articles: int
    articles_by_quality: dict[str, int]
    newest_arrival: datetime | None
    pages_waiting: int
    pictures_waiting: int
    index_behind: int
    stories: int
    fold_behind: int
    embedding_model: str
    readers: int
    refresh_waiting: int
    last_poll: datetime | None
    desk: str
    desk_until: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """The same as a plain dictionary."""
        return asdict(self)


def status(now: datetime | None = None) -> Status:
    """Reads the numbers now; a dozen queries, none that grows with the articles' texts."""
    now = now or timezone.now()
    feeds = feed_counts(now)
    by_quality = Article.objects.order_by().values_list("quality").annotate(Count("id"))
    qualities = {quality or "unread": count for quality, count in by_quality}
    desk = Lease.objects.filter(name=leases.DESK, held_until__gt=now).first()
    return Status(
        version=octavo.__version__,
        data=str(settings.OCTAVO.data),
        publishers=queries.count_publishers(),
        **feeds,
        articles=sum(qualities.values()),
        articles_by_quality=qualities,
        newest_arrival=Article.objects.order_by("-arrived_at").values_list("arrived_at", flat=True).first(),
        pages_waiting=Page.objects.filter(state=Page.State.WAITING, due_at__lte=now).count(),
        pictures_waiting=Picture.objects.filter(state=Picture.State.WAITING).count(),
        index_behind=IndexWork.objects.count(),
        stories=stories.living().count(),
        fold_behind=laying.behind(),
        embedding_model=FoldState.objects.values_list("model", flat=True).first() or "",
        readers=User.objects.count(),
        refresh_waiting=RefreshRequest.objects.filter(finished_at=None).count(),
        last_poll=Feed.objects.filter(polled_at__isnull=False)
        .order_by("-polled_at")
        .values_list("polled_at", flat=True)
        .first(),
        desk=desk.holder if desk else "",
        desk_until=desk.held_until if desk else None,
    )


def feed_counts(now: datetime) -> dict[str, int]:
    """How many feeds are in which state, and how many are due; two queries."""
    counts = queries.feed_counts()
    due = Feed.objects.filter(Q(due_at=None) | Q(due_at__lte=now), state=Feed.State.ACTIVE).count()
    return {"feeds": counts.pop("all"), "feeds_due": due, **{f"feeds_{name}": count for name, count in counts.items()}}


@dataclass(frozen=True)
class FeedRow:
    """A feed in a list, with what a person wants to know of it."""

    id: int
    publisher: str
    title: str
    url: str
    folder: str
    state: str
    standing: str
    articles: int
    polled_at: datetime | None
    succeeded_at: datetime | None
    due_at: datetime | None
    failing_since: datetime | None
    failure: str

    def as_dict(self) -> dict[str, Any]:
        """The same as a plain dictionary."""
        return asdict(self)


def feed_rows(failing_only: bool = False) -> list[FeedRow]:
    """Every feed with the number of its articles, in two queries."""
    feeds = Feed.objects.select_related("publisher", "folder").order_by("publisher__name", "id")
    if failing_only:
        feeds = feeds.filter(failures__gt=0)
    counts = dict(Entry.objects.order_by().values_list("feed").annotate(Count("id")))
    return [feed_row(feed, counts.get(feed.pk, 0)) for feed in feeds]


def feed_row(feed: Feed, articles: int) -> FeedRow:
    """One feed; `standing` is its state, or 'failing' for an active one whose last poll failed."""
    failure = ": ".join(part for part in (feed.failure_reason, feed.failure_detail) if part)
    is_failing = feed.state == Feed.State.ACTIVE and feed.failures > 0
    return FeedRow(
        id=feed.pk,
        publisher=feed.publisher.name,
        title=feed.title,
        url=feed.url,
        folder=feed.folder.name if feed.folder else "",
        state=feed.state,
        standing="failing" if is_failing else feed.state,
        articles=articles,
        polled_at=feed.polled_at,
        succeeded_at=feed.succeeded_at,
        due_at=feed.due_at,
        failing_since=feed.failing_since,
        failure=failure if feed.failures else "",
    )
