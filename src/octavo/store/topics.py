"""The questions that pages ask about topics: each looks at a bounded number of the newest articles, however many there are.

A topic is its key, in whatever languages; it only reads. Articles' numbers grow in the order of arrival, so that 'the
newest' is found along an index on hashtag and article.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet

from octavo.store import queries
from octavo.store.models import Article, Hashtag

# Articles of one topic that its list holds, and of which a page knows time, publisher and story.
MOST: Final = 5_000
RECENT: Final = 2_000
# Of how many of its newest articles the topics are asked that stand beside it, and how far around, in articles of the archive.
BESIDE, BESIDE_REACH = 400, 200_000
RELATED: Final = 12
# A topic that stands beside it must do so this often. Its articles elsewhere count against it, so many as if by default.
TOGETHER, DOUBT = 2, 4
# What is talked of: the newest articles of a day or week that are looked at, candidates, and those shown.
TALKED_OF, CANDIDATES, TOPS = 4_000, 80, 16
USUAL_DAYS: Final = 28
# Publishers that must talk of it.
PUBLISHERS: Final = 2
# Lines of the alphabetical index on one page.
INDEX_PAGE: Final = 240

Links = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic under its key, with its label; `ids` are its hashtags, one a language."""

    key: str
    label: str
    language: str
    ids: tuple[int, ...]


class Touch(NamedTuple):
    """That an article of a topic came: when, by whom, in which story."""

    article: int
    at: datetime
    publisher: int
    story: int | None


class Beside(NamedTuple):
    """A topic in a list of topics; `articles`: how many the list is about."""

    key: str
    label: str
    language: str
    articles: int


def _links() -> Links:
    return Article.hashtags.through._default_manager.order_by()


def topic(key: str) -> Topic | None:
    """The topic of a key; None where there is none. One query."""
    rows = list(Hashtag.objects.filter(key=key).order_by("language").values_list("pk", "label", "language"))
    if not rows:
        return None
    _pk, label, language = rows[0]
    return Topic(key, label, language, tuple(pk for pk, _, _ in rows))


def articles_under(key: str) -> QuerySet[Article]:
    """The newest articles of a topic, in any language, as a list that can be filtered and turned."""
    newest = _links().filter(hashtag__key=key).order_by("-article_id").values("article_id")[:MOST]
    return Article.objects.filter(id__in=newest)


def recent(found: Topic) -> list[Touch]:
    """When the newest articles of a topic came, and by whom, the newest first; one query."""
    rows = _links().filter(hashtag_id__in=found.ids).order_by("-article_id")
    columns = ("article_id", "article__sort_at", "article__publisher_id", "article__story_id")
    touches = [Touch(*values) for values in rows.values_list(*columns)[:RECENT]]
    return sorted(touches, key=lambda touch: (touch.at, touch.article), reverse=True)


def beside(found: Topic, touches: Sequence[Touch]) -> list[Beside]:
    """The topics that stand with a topic more often than chance would have it, the nearest first; two queries.

    By how large a share of their own articles stand here too, so that what stands everywhere is near to nothing.
    """
    articles = sorted((touch.article for touch in touches), reverse=True)[:BESIDE]
    if not articles:
        return []
    reach = max(articles[-1], articles[0] - BESIDE_REACH)
    here = [article for article in articles if article >= reach]
    together = _counts(_links().filter(article_id__in=here).exclude(hashtag_id__in=found.ids), CANDIDATES)
    kept = {pk: count for pk, count in together.items() if count >= TOGETHER or len(here) < 2 * TOGETHER}
    everywhere = _counts(
        _links().filter(hashtag_id__in=kept, article_id__gte=reach, article_id__lte=articles[0] + BESIDE_REACH)
    )
    ranked = sorted(kept, key=lambda pk: (-kept[pk] / (everywhere.get(pk, 0) + DOUBT), pk))
    return _named(ranked[:RELATED], kept, found.key)


def _counts(links: Links, most: int | None = None) -> dict[int, int]:
    """How many of some links each hashtag has, the most first; one query."""
    counted = links.values("hashtag_id").annotate(n=Count("id")).order_by("-n", "hashtag_id")
    return dict(counted.values_list("hashtag_id", "n")[:most])


def _named(order: Sequence[int], counts: Mapping[int, int], but: str = "") -> list[Beside]:
    """Hashtags as topics in their order, each key once; one query."""
    rows = {row.pk: row for row in Hashtag.objects.filter(pk__in=order)}
    found: dict[str, Beside] = {}
    for pk in order:
        if (row := rows.get(pk)) is not None and row.key != but:
            found.setdefault(row.key, Beside(row.key, row.label, row.language, counts[pk]))
    return list(found.values())


def rising(now: datetime, span: timedelta) -> list[Beside]:
    """What more publishers talk of than is usual, the most unusual first; with its articles. Four queries.

    The usual is how often it came in the four weeks before, by arrival.
    """
    fresh = Article.objects.filter(sort_at__gt=now - span, sort_at__lte=now).order_by("-sort_at", "-id")
    links = _links().filter(article_id__in=fresh.values("id")[:TALKED_OF])
    told = links.values("hashtag_id").annotate(n=Count("id"), p=Count("article__publisher_id", distinct=True))
    rows = (
        told.filter(p__gte=PUBLISHERS)
        .order_by("-p", "-n", "hashtag_id")
        .values_list("hashtag_id", "n", "p")[:CANDIDATES]
    )
    counts = {pk: (n, p) for pk, n, p in rows}
    if not counts:
        return []
    usual = _usual(counts, now, span)
    ranked = sorted(counts, key=lambda pk: (-_rise(counts[pk], usual.get(pk, 0.0)), pk))
    return _named(ranked[:TOPS], {pk: n for pk, (n, _p) in counts.items()})


def _rise(counts: tuple[int, int], usual: float) -> float:
    """How unusual so many articles are: in units of their usual spread; publishers count as much as articles."""
    articles, publishers = counts
    return (articles - usual) / math.sqrt(usual + 1) * math.sqrt(publishers)


def _usual(candidates: Collection[int], now: datetime, span: timedelta) -> dict[int, float]:
    """How many articles each topic usually has in such a time; two queries along indexes."""
    edges = [now - span - timedelta(days=USUAL_DAYS), now - span]
    first, last = (_first_since(edge) for edge in edges)
    if first is None or last is None or first >= last:
        return {}
    counts = _counts(_links().filter(hashtag_id__in=candidates, article_id__gte=first, article_id__lt=last))
    return {pk: count * (span / timedelta(days=USUAL_DAYS)) for pk, count in counts.items()}


def _first_since(when: datetime) -> int | None:
    """The number of the first article that arrived after a time."""
    arrived = Article.objects.filter(arrived_at__gte=when).order_by("arrived_at", "id")
    return arrived.values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class IndexPage:
    """A stretch of the alphabetical index of one language, and where the next begins."""

    topics: Sequence[Beside]
    after: str = ""


def index(language: str, start: str = "") -> IndexPage:
    """The topics of a language by their keys, from one on; those of a single article are left out. One query."""
    other = _links().filter(hashtag_id=OuterRef("pk"))
    rows = Hashtag.objects.filter(language=language, key__gte=start).filter(Exists(other.order_by("article_id")[1:2]))
    found = list(rows.order_by("key").values_list("key", "label", "language")[: INDEX_PAGE + 1])
    shown = [Beside(key, label, spoken, 0) for key, label, spoken in found[:INDEX_PAGE]]
    return IndexPage(shown, found[INDEX_PAGE][0] if len(found) > INDEX_PAGE else "")


def hottest(touches: Iterable[Touch], most: int, within: timedelta) -> list[int]:
    """The newest article in each of a topic's stories that most publishers told lately; no query.

    Lately: within a time of the topic's newest article.
    """
    publishers: dict[int, set[int]] = {}
    newest: dict[int, int] = {}
    last: datetime | None = None
    for touch in touches:
        last = last or touch.at
        if touch.story is not None and touch.at >= last - within:
            publishers.setdefault(touch.story, set()).add(touch.publisher)
            newest.setdefault(touch.story, touch.article)
    told = [story for story in newest if len(publishers[story]) >= PUBLISHERS]
    return [newest[story] for story in sorted(told, key=lambda story: -len(publishers[story]))[:most]]


def languages() -> tuple[str, ...]:
    """The languages in which there are topics, as far as publishers tell; one query."""
    return queries.editions()[0]
