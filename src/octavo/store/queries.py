"""The questions that pages and feeds ask of the store: each costs the same number of queries however many rows it gives.

It only reads. Lists are given as light rows and turned by keyset, so page 1,000 costs what page 1 costs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum

from octavo.core.types import Precision
from octavo.store.compiled import Asked, Question, padded
from octavo.store.models import (
    Article,
    ArticleVersion,
    Comment,
    Egress,
    Enclosure,
    Entry,
    Feed,
    Folder,
    Hashtag,
    Page,
    Picture,
    Publisher,
    StoryTelling,
)

Values = QuerySet[Article, tuple[Any, ...]]

ROW_FIELDS = (
    "id",
    "title",
    "excerpt",
    "language",
    "quality",
    "section",
    "sort_at",
    "published_precision",
    "word_count",
    "picture_id",
    "publisher_id",
    "publisher__name",
    "publisher__slug",
    "story_id",
)
# How many of the newest articles a front page is made of.
NEWEST = 160
# Beyond it SQLite takes no number.
LARGEST_KEY = 2**63 - 1
# What tells whether a public page may have changed: new articles, new texts, what the index took in, what was folded, the
# newest brief, pictures, comments.
DATA_VERSION = """
SELECT (SELECT max(id) FROM store_article),
       (SELECT max(id) FROM store_articleversion),
       (SELECT max(id) FROM store_indexwork),
       (SELECT max(position) FROM store_indexstate WHERE name <> 'hashtags'),
       (SELECT count(*) FROM store_indexstate WHERE name = 'hashtags' AND position = 0),
       (SELECT max(revision) FROM store_foldstate),
       (SELECT max(made_at) FROM store_brief),
       (SELECT count(*) FROM store_picture WHERE state = 'here'),
       (SELECT max(id) FROM store_comment),
       (SELECT max(edited_at) FROM store_comment),
       (SELECT count(*) FROM store_comment WHERE state = 'shown')
"""


class Row(NamedTuple):
    """An article as a list shows it. `is_read` and `is_saved` are None where nobody in particular reads."""

    id: int
    title: str
    excerpt: str
    language: str
    quality: str
    section: str
    sort_at: datetime
    precision: str
    word_count: int
    picture_id: int | None
    publisher_id: int
    publisher: str
    publisher_slug: str
    story_id: int | None = None
    is_read: bool | None = None
    is_saved: bool | None = None

    @property
    def has_time(self) -> bool:
        """Whether the time of day is known."""
        return self.precision != Precision.DAY


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list that is ordered by time, newest first; articles of one instant are told apart by id."""

    sort_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{round(self.sort_at.timestamp() * 1_000_000)}-{self.id}"

    @classmethod
    def read(cls, written: str) -> Place | None:
        """A place as `str` wrote it; None for anything else."""
        try:
            micros, key = (int(part) for part in written.split("-"))
            return cls(datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros), key)
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of a list, newest first, and where its neighbours begin; None where there is no neighbour."""

    rows: Sequence[Row]
    older: Place | None = None
    newer: Place | None = None

    @property
    def top(self) -> Place | None:
        """The place of its first row."""
        return _first(self.rows)


def rows(articles: QuerySet[Article], limit: int) -> list[Row]:
    """The first `limit` articles as rows; one query."""
    marks = [name for name in ("is_read", "is_saved") if name in articles.query.annotations]
    found = articles.values_list(*ROW_FIELDS, *marks)[:limit]
    if not marks:
        return [Row(*values) for values in found]
    plain = len(ROW_FIELDS)
    return [Row(*values[:plain], **dict(zip(marks, values[plain:], strict=True))) for values in found]


def newest_rows(**bounds: str) -> list[Row]:
    """The newest articles, of one `language` or `country` where these are told; what a visitor's front page is made of."""
    return [Row(*values) for values in _newest(**bounds)]


@Question
def _newest(**bounds: Asked) -> Values:
    return Article.objects.filter(**bounds).order_by("-sort_at", "-id").values_list(*ROW_FIELDS)[:NEWEST]


def row_of(article: Article) -> Row:
    """A loaded article (with its publisher) as a row; no query."""
    values = {name: getattr(article, name) for name in ROW_FIELDS if "__" not in name}
    precision = values.pop("published_precision")
    return Row(**values, precision=precision, publisher=article.publisher.name, publisher_slug=article.publisher.slug)


def older_than(articles: QuerySet[Article], place: Place) -> QuerySet[Article]:
    """What follows a place; written so that the index on time is walked from there."""
    return articles.filter(sort_at__lte=place.sort_at).exclude(sort_at=place.sort_at, id__gte=place.id)


def up_to(articles: QuerySet[Article], place: Place) -> QuerySet[Article]:
    """A place and what follows it."""
    return articles.filter(sort_at__lte=place.sort_at).exclude(sort_at=place.sort_at, id__gt=place.id)


def newer_than(articles: QuerySet[Article], place: Place) -> QuerySet[Article]:
    """What precedes a place, the nearest first."""
    newer = articles.filter(sort_at__gte=place.sort_at).exclude(sort_at=place.sort_at, id__lte=place.id)
    return newer.order_by("sort_at", "id")


def page(articles: QuerySet[Article], size: int, before: Place | None = None, after: Place | None = None) -> RowPage:
    """One page of a list in order of time: the newest, what is older than `before`, or what is newer than `after`."""
    articles = articles.order_by("-sort_at", "-id")
    if after:
        found = rows(newer_than(articles, after), size + 1)
        shown, has_more = found[:size][::-1], len(found) > size
        return RowPage(shown, older=_last(shown) or after, newer=_first(shown) if has_more else None)
    found = rows(older_than(articles, before) if before else articles, size + 1)
    shown, has_more = found[:size], len(found) > size
    return RowPage(shown, older=_last(shown) if has_more else None, newer=_first(shown) if before else None)


def rows_in_order(ids: Sequence[int], articles: QuerySet[Article] | None = None) -> list[Row]:
    """The articles of these ids as rows, in the order of the ids; what is gone, or not among `articles`, is left out."""
    if not ids:
        return []
    if articles is None:
        found = [Row(*values) for values in _among(*padded(ids))]
    else:
        found = rows(articles.filter(id__in=ids).order_by(), len(ids))
    by_id = {row.id: row for row in found}
    return [by_id[key] for key in ids if key in by_id]


@Question
def _among(*ids: Asked) -> Values:
    # Without an order: with one SQLite walks the index on time instead of looking the ids up.
    return Article.objects.filter(id__in=ids).order_by().values_list(*ROW_FIELDS)  # type: ignore[misc]


def article(key: int) -> Article | None:
    """One article with all that its head shows, `story_title`, `has_timeline` and `has_views` too; None where there is none."""
    found = _article(key) if key <= LARGEST_KEY else []
    return found[0] if found else None


@Question
def _article(key: Asked) -> QuerySet[Article]:
    whole = Article.objects.select_related("publisher", "picture", "version", "story")
    # What is told of its story beside the summary: whether there is a timeline, and views.
    told = StoryTelling.objects.filter(story=OuterRef("story"))
    whole = whole.annotate(
        story_title=F("story__headline__title"),
        has_timeline=Exists(told.exclude(timeline=[])),
        has_views=Exists(told.exclude(views={})),
    )
    return whole.filter(pk=key).order_by().defer("version__text_hash", "version__notes", "story__why")


def version(key: int, number: int) -> ArticleVersion | None:
    """One version of an article's text, with the article and its publisher; None where there is none. One query."""
    if key > LARGEST_KEY:
        return None
    whole = ArticleVersion.objects.select_related("article__publisher").defer("html", "notes")
    return whole.filter(article=key, number=number).first()


@Question
def hashtags_of(article: Asked) -> QuerySet[Hashtag]:
    """The hashtags of the article of this id."""
    return Hashtag.objects.filter(articles=article)


@Question
def enclosures_of(article: Asked) -> QuerySet[Enclosure]:
    """The files beside the article of this id."""
    return Enclosure.objects.filter(article=article)


@Question
def comments_on(article: Asked) -> QuerySet[Comment]:
    """The comments on the article of this id, the oldest first, with their authors."""
    return Comment.objects.filter(article=article).select_related("author").order_by("posted_at", "id")


def texts_of(versions: Collection[int]) -> dict[int, str]:
    """The texts of these versions, by id; one query, none for none."""
    if not versions:
        return {}
    return dict(ArticleVersion.objects.filter(id__in=versions).order_by().values_list("id", "text"))


def pictures_here(ids: Sequence[int]) -> dict[int, Picture]:
    """Those of these pictures that are stored here, by id."""
    return {picture.pk: picture for picture in Picture.objects.filter(id__in=ids, state=Picture.State.HERE)}


def editions() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages and the countries in which articles are published here, each sorted; two columns, one query."""
    pairs = _editions()
    languages, countries = ({pair[side] for pair in pairs if pair[side]} for side in (0, 1))
    return tuple(sorted(languages)), tuple(sorted(countries))


@Question
def _editions() -> QuerySet[Publisher, tuple[str, str]]:
    return Publisher.objects.order_by().values_list("language", "country").distinct()


def in_folder(key: int) -> QuerySet[Article]:
    """Articles that a feed of this folder told of."""
    return Article.objects.filter(id__in=Entry.objects.filter(feed__folder=key).values("article_id"))


def folders() -> QuerySet[Folder]:
    """The folders in their order, each with the number of its feeds."""
    return Folder.objects.annotate(feed_count=Count("feeds"))


def feeds_by_folder() -> QuerySet[Feed]:
    """All feeds with publisher and folder, in the order of the folders."""
    return Feed.objects.select_related("publisher", "folder").order_by(
        F("folder__position").asc(nulls_last=True),
        F("folder__name").asc(nulls_last=True),
        "publisher__name",
        "title",
        "id",
    )


def publishers() -> QuerySet[Publisher]:
    """Publishers with the number of their articles and feeds and their latest article's time."""
    return Publisher.objects.annotate(
        article_count=Count("articles", distinct=True),
        feed_count=Count("feeds", distinct=True),
        latest_at=Max("articles__sort_at"),
    ).order_by("country", "name")


def count_publishers() -> int:
    """How many publishers have written something that is here."""
    return Publisher.objects.filter(Exists(Article.objects.filter(publisher=OuterRef("pk")).order_by())).count()


def feed_counts() -> dict[str, int]:
    """How many feeds there are: in all, by state, and failing."""
    return Feed.objects.aggregate(
        all=Count("id"),
        active=Count("id", filter=Q(state=Feed.State.ACTIVE)),
        paused=Count("id", filter=Q(state=Feed.State.PAUSED)),
        gone=Count("id", filter=Q(state=Feed.State.GONE)),
        failing=Count("id", filter=Q(state=Feed.State.ACTIVE, failures__gt=0)),
    )


def page_lags(now: datetime) -> dict[str, Any]:
    """Pages that wait to be fetched for the first time, and how long the one that is due longest has waited."""
    waiting = Page.objects.filter(state=Page.State.WAITING)
    oldest = waiting.filter(due_at__lte=now).aggregate(oldest=Min("due_at"))["oldest"]
    return {"waiting": waiting.count(), "lag": (now - oldest).total_seconds() if oldest else 0.0}


def data_version() -> tuple[Any, ...]:
    """Another value whenever a public page may show something else; one quick query."""
    with connection.cursor() as cursor:
        cursor.execute(DATA_VERSION)
        return tuple(cursor.fetchone() or ())


def _first(shown: Sequence[Row]) -> Place | None:
    return Place(shown[0].sort_at, shown[0].id) if shown else None


def _last(shown: Sequence[Row]) -> Place | None:
    return Place(shown[-1].sort_at, shown[-1].id) if shown else None


def egress_days(since: date) -> list[dict[str, Any]]:
    """The calls to the model by day, the latest first: how many, how many a stored answer saved, bytes and cost; one query."""
    rows = Egress.objects.filter(day__gte=since).order_by("-day").values("day")
    sums = {name: Sum(name) for name in ("bytes_out", "bytes_in", "cost")}
    counts = {"calls": Count("pk", filter=Q(is_kept=False)), "kept": Count("pk", filter=Q(is_kept=True))}
    return [dict(row) for row in rows.annotate(**counts, **sums)]
