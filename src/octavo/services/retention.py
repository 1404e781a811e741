"""Removes articles by age and number, in small steps; never one that is saved, commented or cited.

What goes leaves its identities behind, marked as removed, so that no feed brings it back. Pictures that no article shows
any more go with it, files and all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from octavo.services import placing, telling
from octavo.services.installation import PICTURES
from octavo.store.models import Article, Brief, Comment, Identity, IndexWork, Picture, Saved

# Articles in one transaction: writers wait no longer than for this many.
STEP = 100
# Pictures in one transaction.
PICTURE_STEP = 200

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True)
class Pruned:
    """What was removed, or would be."""

    articles: int
    pictures: int

    def as_dict(self) -> dict[str, Any]:
        """The same as a plain dictionary."""
        return asdict(self)


def prune(
    days: int | None = None,
    count: int | None = None,
    dry_run: bool = False,
    progress: Progress = lambda done, total, what: None,
    now: datetime | None = None,
) -> Pruned:
    """Removes what is older than `days` or beyond the newest `count`; None: as set, 0: no bound."""
    now = now or timezone.now()
    days = settings.OCTAVO.keep_days if days is None else days
    count = settings.OCTAVO.keep_articles if count is None else count
    leaving = removable(days, count, now)
    total = leaving.count()
    if dry_run:
        return Pruned(total, orphans(leaving_too=leaving).count())
    done = 0
    while ids := list(leaving.values_list("pk", flat=True)[:STEP]):
        done += remove(ids, now)
        progress(done, total, "Removing articles")
    return Pruned(done, remove_orphans())


def removable(days: int, count: int, now: datetime) -> QuerySet[Article]:
    """The articles that may go, the oldest first: old or beyond the number, and kept by nobody."""
    beyond = Q(pk__in=[])
    if days:
        beyond |= Q(sort_at__lt=now - timedelta(days=days))
    if count and (edge := Article.objects.order_by("-sort_at", "-id").values_list("sort_at", "pk")[count : count + 1]):
        sort_at, number = edge[0]
        beyond |= Q(sort_at__lt=sort_at) | Q(sort_at=sort_at, pk__lte=number)
    return Article.objects.filter(beyond).exclude(is_kept()).order_by("sort_at", "id")


def is_kept() -> Q:
    """Whether anybody keeps an article: saved it, wrote under it, or a brief cites it. Stories are told anew without it."""
    here = OuterRef("pk")
    cited = Brief.objects.filter(cites=here).order_by()
    saved, talked = Saved.objects.filter(article=here), Comment.objects.filter(article=here)
    return Q(Exists(saved)) | Q(Exists(talked)) | Q(Exists(cited))


def remove(ids: Sequence[int], now: datetime) -> int:
    """Removes articles in one transaction, with their tombstones and their index work; returns how many.

    Whether they may go is asked again inside it, once the rows are locked: a reader may be saving one this moment.
    """
    with transaction.atomic():
        locked = list(Article.objects.select_for_update().filter(pk__in=ids).values_list("pk", flat=True))
        going = list(Article.objects.filter(pk__in=locked).exclude(is_kept()).values_list("pk", flat=True))
        Identity.objects.filter(article__in=going).update(removed_at=now)
        IndexWork.objects.bulk_create([IndexWork(article_id=number) for number in going])
        told = set(Article.objects.filter(pk__in=going, story__telling__isnull=False).values_list("story", flat=True))
        with placing.leaving(going):
            Article.objects.filter(pk__in=going).delete()
        telling.prune(told)
    return len(going)


def orphans(leaving_too: QuerySet[Article] | None = None) -> QuerySet[Picture]:
    """Pictures that no article shows, or none but those that leave."""
    shown = Article.objects.filter(picture=OuterRef("pk"))
    if leaving_too is not None:
        shown = shown.exclude(pk__in=leaving_too.order_by().values("pk"))
    return Picture.objects.filter(~Exists(shown))


def remove_orphans() -> int:
    """Removes pictures without an article: their rows first, so that no page points at a missing file."""
    removed, after = 0, 0
    while step := list(orphans().filter(pk__gt=after, claimed_until=None).order_by("pk")[:PICTURE_STEP]):
        after = step[-1].pk
        with transaction.atomic():
            free = orphans().filter(pk__in=[picture.pk for picture in step], claimed_until=None)
            going = set(free.values_list("pk", flat=True))
            Picture.objects.filter(pk__in=going).delete()
        for picture in step:
            if picture.pk in going:
                remove_files(picture)
        removed += len(going)
    return removed


def remove_files(picture: Picture) -> None:
    """Removes a picture's files in all their sizes."""
    if not picture.name:
        return
    folder = Path(settings.OCTAVO.data) / PICTURES
    for path in (folder / picture.name).parent.glob(f"{Path(picture.name).name}-*"):
        path.unlink(missing_ok=True)
