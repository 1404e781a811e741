"""The questions that pages ask about stories: each costs the same number of queries however many rows it gives.

It only reads. A list of articles becomes a list of stories by `folded`, whatever the list was filtered by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from octavo.store import queries
from octavo.store.compiled import Asked, Question, padded
from octavo.store.models import Article, Earlier, Placement, Story
from octavo.store.queries import Row

STORY_FIELDS = (
    "id", "headline_id", "language", "section", "first_at", "last_at", "article_count", "publisher_count", "text_count",
)  # fmt: skip
# What a list shows of a story's articles beside its headline.
SHOWN = 5
# How many reports of a list's stories are drawn beside them, in all: the newest.
MOST_REPORTS = 1_500
# How many stories may lead a front page.
LEADING = 8
# More articles of one story than these are not told one by one: its page would be longer than anybody reads.
MOST_COVERAGE = 500
# Chief names and words that parts of one affair share. One is a place: on the demo press it linked a storm with a merger.
SHARED_NAMES = 2


class StoryRow(NamedTuple):
    """A story as a list shows it. `headline_id` is the article that speaks for it."""

    id: int
    headline_id: int | None
    language: str
    section: str
    first_at: datetime
    last_at: datetime
    article_count: int
    publisher_count: int
    text_count: int


class Report(NamedTuple):
    """That an article of a story came, when, and whether it shares another's text."""

    story: int
    article: int
    at: datetime
    copy_of: int | None


@dataclass(frozen=True, slots=True)
class Fold:
    """What lies folded under an article of a list: its story, when that was reported, and others of its articles."""

    story: StoryRow
    reports: tuple[Report, ...]
    others: tuple[Row, ...]


class Affair(NamedTuple):
    """The other parts of a long affair: stories that began before one, and those that began with it or after."""

    earlier: list[StoryRow]
    later: list[StoryRow]


@dataclass(frozen=True, slots=True)
class Lineage:
    """What became of the text that an article shares: spans in code points of the two versions named."""

    shared: float | None
    added: Sequence[Sequence[int]]
    cut: Sequence[Sequence[int]]
    version: int | None
    nearest_version: int | None
    agency: str


@dataclass(frozen=True, slots=True)
class Text:
    """One independent text of a story: the article that had it first, and those that share it, the earliest first."""

    row: Row
    lineage: Lineage
    copies: list[tuple[Row, Lineage]] = field(default_factory=list)


def living() -> QuerySet[Story]:
    """The stories that have articles."""
    return Story.objects.filter(heat__isnull=False)


def leading(since: float, **bounds: str) -> list[Row]:
    """The headlines of the stories that several articles tell, the hottest first, down to a heat; one query.

    `bounds`: the `language` of the story, or the `country` of one of its publishers.
    """
    return [Row(*values) for values in _leading(since=since, **bounds)]


@Question
def _leading(since: Asked, language: Asked | None = None, country: Asked | None = None) -> queries.Values:
    hot = Article.objects.filter(story__headline=F("id"), story__article_count__gt=1, story__heat__gte=since)
    if language:
        hot = hot.filter(story__language=language)
    if country:
        hot = hot.filter(Exists(Article.objects.filter(story=OuterRef("story"), country=country).order_by()))
    return hot.order_by("-story__heat", "-story_id").values_list(*queries.ROW_FIELDS)[:LEADING]


def hottest(limit: int, language: str = "") -> list[StoryRow]:
    """The stories that most publishers tell lately, in one language or any; one query along an index."""
    chosen = living().filter(language=language) if language else living()
    return rows(chosen.order_by("-heat", "-id")[:limit])


def latest(limit: int) -> list[StoryRow]:
    """The stories of several articles that were last added to; one query along an index."""
    return rows(Story.objects.filter(last_at__isnull=False, article_count__gt=1).order_by("-last_at", "-id")[:limit])


def rows(stories: QuerySet[Story]) -> list[StoryRow]:
    """Stories as rows, in their order."""
    return [StoryRow(*values) for values in stories.values_list(*STORY_FIELDS)]


def rows_of(ids: Iterable[int | None]) -> dict[int, StoryRow]:
    """The living ones of these stories as rows, by id; one query."""
    wanted = {key for key in ids if key is not None}
    return {row.id: row for row in rows(living().filter(id__in=wanted).order_by())}


def headlines(stories: Iterable[StoryRow], articles: QuerySet[Article] | None = None) -> dict[int, Row]:
    """The headline of each story as a row, by story; one query. `articles` may carry a reader's marks."""
    by_article = {story.headline_id: story.id for story in stories if story.headline_id is not None}
    chosen = (Article.objects.all() if articles is None else articles).filter(id__in=by_article).order_by()
    return {by_article[row.id]: row for row in queries.rows(chosen, len(by_article))}


def members(ids: Iterable[int], each: int = SHOWN, articles: QuerySet[Article] | None = None) -> dict[int, list[Row]]:
    """The newest articles of each story that copy none of the others', at most `each`; two queries along an index."""
    wanted = set(ids)
    ranked = Article.objects.filter(Q(placement=None) | Q(placement__copy_of=None), story__in=wanted).order_by()
    place = Window(RowNumber(), partition_by=F("story_id"), order_by=[F("sort_at").desc(), F("id").desc()])
    chosen = list(ranked.annotate(place=place).filter(place__lte=each).values_list("id", flat=True))
    found: dict[int, list[Row]] = defaultdict(list)
    marked = Article.objects.all() if articles is None else articles
    shown = queries.rows(marked.filter(id__in=chosen).order_by(), len(chosen))
    for row in sorted(shown, key=lambda row: (row.sort_at, row.id), reverse=True):
        if row.story_id is not None:
            found[row.story_id].append(row)
    return dict(found)


def folded(articles: QuerySet[Article]) -> QuerySet[Article]:
    """A list with each story once, at its newest article in that list; articles without a story stand for themselves.

    Being a filter, it keeps the list's order, paging and marks; it costs one look at the story's articles a row.
    """
    newer = Q(sort_at__gt=OuterRef("sort_at")) | Q(sort_at=OuterRef("sort_at"), id__gt=OuterRef("id"))
    same_story = articles.order_by().filter(newer, story=OuterRef("story"))
    return articles.filter(Q(story=None) | ~Exists(same_story))


def folds(shown: Iterable[Row], articles: QuerySet[Article] | None = None) -> dict[int, Fold]:
    """What lies folded under the articles of a list, by story; nothing for a story of one article. Three queries at most.

    `articles` may carry a reader's marks, and leaves out what they hide.
    """
    beside = {row.story_id: row.id for row in shown if row.story_id is not None}
    return _folds({row.id: row for row in _living(beside) if row.article_count > 1}, beside, articles)


def fold_under(article: Article, articles: QuerySet[Article] | None = None) -> Fold | None:
    """What lies folded under one loaded article (with its story); two queries, none for a story of one article."""
    told = article.story
    if told is None or told.article_count < 2:
        return None
    row = StoryRow(*(getattr(told, name) for name in STORY_FIELDS))
    return _folds({row.id: row}, {row.id: article.pk}, articles)[row.id]


def _folds(
    told: Mapping[int, StoryRow], beside: Mapping[int, int], articles: QuerySet[Article] | None
) -> dict[int, Fold]:
    reports: dict[int, list[Report]] = {key: [] for key in told}
    for report in _reports(told):
        reports[report.story].append(report)
    wanted = {key: _others(its, beside[key]) for key, its in reports.items()}
    rows = queries.rows_in_order([key for its in wanted.values() for key in its], articles)
    others: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        others[row.story_id].append(row)
    return {key: Fold(story, tuple(reports[key]), tuple(others[key])) for key, story in told.items()}


def _others(reports: Sequence[Report], beside: int) -> list[int]:
    """The newest articles of a story, beside one of them: first those that share no other's text."""
    ordered = sorted(reports, key=lambda report: report.copy_of is not None)
    return [report.article for report in ordered if report.article != beside][:SHOWN]


def _living(ids: Iterable[int]) -> list[StoryRow]:
    asked = padded(ids)
    return [StoryRow(*values) for values in _rows_among(*asked)] if asked else []


@Question
def _rows_among(*ids: Asked) -> QuerySet[Story, tuple[Any, ...]]:
    return living().filter(id__in=ids).order_by().values_list(*STORY_FIELDS)  # type: ignore[misc]


def _reports(ids: Iterable[int]) -> list[Report]:
    asked = padded(ids)
    return [Report(*values) for values in _reports_of(*asked)] if asked else []


@Question
def _reports_of(*ids: Asked) -> QuerySet[Article, tuple[Any, ...]]:
    told = Article.objects.filter(story__id__in=ids).order_by("-sort_at", "-id")  # type: ignore[misc]
    return told.values_list("story_id", "id", "sort_at", "placement__copy_of")[:MOST_REPORTS]


def of_articles(ids: Iterable[int]) -> dict[int, int]:
    """The story of each of these articles that has one; one query."""
    found = Article.objects.filter(id__in=set(ids), story__isnull=False).order_by()
    return dict(found.values_list("id", "story_id"))


def story(key: int) -> Story | None:
    """A story with its headline, or the one that it was merged into; None where there is none. One query, rarely two."""
    whole = Story.objects.select_related("headline", "headline__publisher", "headline__picture", "merged_into")
    found = whole.filter(pk=key).first()
    if found is None or found.heat is not None:
        return found
    return found.merged_into and whole.filter(pk=found.merged_into.pk, heat__isnull=False).first()


def affair(own: Story, limit: int = SHOWN) -> Affair:
    """The other parts of the affair that a story belongs to, the newest first; two queries.

    They are the stories that the desk found near to it and that share chief names with it.
    """
    if own.first_at is None:
        return Affair([], [])
    near = living().filter(pk__in=_near(own.pk)).order_by("-last_at", "-id").values_list(*STORY_FIELDS, "why")
    chief = _chief(own.why)
    kept = [StoryRow(*values) for *values, why in near if len(chief & _chief(why)) >= SHARED_NAMES]
    earlier, later = ([row for row in kept if (row.first_at < own.first_at) is before] for before in (True, False))
    return Affair(earlier[:limit], later[:limit])


def _near(key: int) -> set[int]:
    """The stories that a story, or one that was merged into it, was linked with, by the numbers that they have now."""
    here = Q(story=key) | Q(story__merged_into=key) | Q(earlier=key) | Q(earlier__merged_into=key)
    links = Earlier.objects.filter(here).values_list(
        "story_id", "story__merged_into", "earlier_id", "earlier__merged_into"
    )
    ends = {merged or story for one, into, other, led in links for story, merged in ((one, into), (other, led))}
    return ends - {key}


def _chief(why: dict[str, list[str]]) -> set[str]:
    """The names, and the words of headlines, that most articles of a story have."""
    return {word.casefold() for word in (*why.get("names", ()), *why.get("words", ()))}


def coverage(key: int, articles: QuerySet[Article] | None = None) -> list[Text]:
    """A story's texts, the newest first, with the copies of each folded under it; two queries.

    A text is told from the article that was published first, whichever came here first. An article whose text was first in
    another story, or is gone, stands for itself.
    """
    chosen = (Article.objects.all() if articles is None else articles).filter(story=key).order_by("-sort_at", "-id")
    shown = {row.id: row for row in reversed(queries.rows(chosen, MOST_COVERAGE))}
    told = {one.article_id: one for one in Placement.objects.filter(article__in=shown)}
    sources = {key: told[key].copy_of_id for key in shown if key in told and told[key].copy_of_id in shown}
    sharing: dict[int, list[Row]] = defaultdict(list)
    for key, row in shown.items():
        sharing[_root(key, sources)].append(row)
    texts = [_text(rows, told) for rows in sharing.values()]
    return sorted(texts, key=lambda text: (text.row.sort_at, text.row.id), reverse=True)


def _text(rows: Sequence[Row], told: Mapping[int, Placement]) -> Text:
    """Articles that share a text, given the earliest first, those whose hour is not known behind the others."""
    first, *others = sorted(rows, key=lambda row: not row.has_time)
    here = {row.id for row in rows}
    sources = _turned(first.id, {row.id: _source(told.get(row.id), here) for row in rows})
    copies = [(row, _against(row.id, sources[row.id], told)) for row in others]
    return Text(first, _lineage(told.get(first.id)), copies)


def _source(placement: Placement | None, here: Set[int]) -> int:
    """The article with which another was compared, where it is among some; 0 where none is."""
    candidates = (placement.nearest_id, placement.copy_of_id) if placement else ()
    return next((one for one in candidates if one is not None and one in here), 0)


def _turned(first: int, sources: Mapping[int, int]) -> dict[int, int]:
    """The sources turned round on the way from the first article to where it came from, so that all begin at it."""
    begun, article, before = dict(sources), first, 0
    while article:
        begun[article], before, article = before, article, begun[article]
    return begun


def _against(article: int, source: int, told: Mapping[int, Placement]) -> Lineage:
    """An article's lineage against its source: of the two, the one that came later was compared with the other."""
    own, its = _lineage(told.get(article)), told.get(source)
    if its is None or its.nearest_id != article:
        return own
    return Lineage(its.shared, its.cut, its.added, its.nearest_version_id, its.version_id, own.agency)


def _root(article: int, sources: Mapping[int, int | None]) -> int:
    """The text at the end of a chain of copies; the article itself where copies name each other in a ring."""
    at = article
    for _ in sources:
        source = sources.get(at)
        if source is None:
            return at
        at = source
    return article if at in sources else at


def _lineage(placement: Placement | None) -> Lineage:
    """What is known of where an article's text comes from."""
    if placement is None:
        return Lineage(None, (), (), None, None, "")
    return Lineage(
        placement.shared,
        placement.added,
        placement.cut,
        placement.version_id,
        placement.nearest_version_id,
        placement.agency,
    )
