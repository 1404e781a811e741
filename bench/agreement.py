"""Says whether an installation is whole: `python -m bench.agreement` prints one JSON object; run it in its environment."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from typing import Any

MOST_ARTICLES = 1_000_000


def look() -> dict[str, Any]:
    """What is stored and what is found, and whether the two agree."""
    from django.db import connection

    from octavo.services import laying
    from octavo.store.models import Article, ArticleVersion, Identity, IndexWork

    with connection.cursor() as cursor:
        integrity = cursor.execute("PRAGMA integrity_check").fetchone()[0]
        orphans = len(cursor.execute("PRAGMA foreign_key_check").fetchall())
    unread = Article.objects.filter(version__isnull=True).order_by()
    texts = set(Article.objects.filter(version__isnull=False).values_list("pk", flat=True))
    numbers = Counter(ArticleVersion.objects.order_by().values_list("article", "number"))
    return {
        "integrity": integrity,
        "orphans": orphans,
        "urls": sorted(Article.objects.values_list("url", flat=True)),
        "nameless": Article.objects.exclude(pk__in=Identity.objects.values("article")).count(),
        "unread": unread.count(),
        "why unread": dict(Counter(unread.values_list("page__failure_reason", flat=True))),
        "versions twice": sum(count > 1 for count in numbers.values()),
        "to index": IndexWork.objects.count(),
        "index differs by": len(texts ^ indexed()),
        "to fold": laying.behind(),
        "outside of stories": Article.objects.filter(version__isnull=False, story=None).count(),
        "stories miscounted": miscounted(),
    }


def miscounted() -> int:
    """How many stories tell another number of articles than stand in them."""
    from django.db.models import Count, F

    from octavo.store.models import Story

    return Story.objects.annotate(here=Count("articles")).exclude(here=F("article_count")).count()


def indexed() -> set[int]:
    """The numbers of all articles that are found."""
    from django.utils import timezone

    from octavo.core.reading import searching
    from octavo.index.text import IndexBroken
    from octavo.services.indexing import index_root, reader_of

    everything = searching.parse("after:1900-01-01", date(2000, 1, 1))
    try:
        found = reader_of(index_root()).search(everything, timezone.now(), MOST_ARTICLES, newest=True)
    except IndexBroken:
        return set()
    return set(found.ids)


if __name__ == "__main__":
    from octavo.services.installation import prepare

    prepare()
    json.dump(look(), sys.stdout)
