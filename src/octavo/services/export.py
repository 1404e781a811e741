"""Articles going out as plain rows. It reads in short steps, so that a long export pins no snapshot of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from octavo.core.types import Quality
from octavo.store.models import Article

# Each step is a read of its own: SQLite can move its write-ahead log on between two of them.
STEP = 500


def articles(publisher: str = "", language: str = "", since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Every article, in order of arrival, as the rows of `octavo export articles`.

    `publisher` is a slug or a name, `language` a BCP 47 prefix, `since` the earliest arrival. Articles that arrive
    meanwhile are met, each at most once.
    """
    chosen = Article.objects.select_related("publisher", "version").order_by("id")
    if publisher:
        chosen = chosen.filter(publisher__slug=publisher) | chosen.filter(publisher__name__iexact=publisher)
    if language:
        chosen = chosen.filter(language__istartswith=language)
    if since:
        chosen = chosen.filter(arrived_at__gte=since)
    after = 0
    while step := list(chosen.filter(id__gt=after)[:STEP]):
        after = step[-1].pk
        yield from map(as_row, step)


def as_row(article: Article) -> dict[str, Any]:
    """One article as the world sees it. `story` is its story's number, null until it has been folded into one."""
    return {
        "id": str(article.pk),
        "url": article.url,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "publisher": article.publisher.name,
        "language": article.language or None,
        "quality": article.quality or Quality.EMPTY.value,
        "story": None if article.story_id is None else str(article.story_id),
        "text": article.version.text if article.version else "",
    }
