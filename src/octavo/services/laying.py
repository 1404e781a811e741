"""Reads out of the store what is laid on the desk: articles that wait for it, and those that lay there before, in their order.

It decides nothing and writes nothing. An article is laid down as the version that was read then, whatever came since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from octavo.core.folding.copies import CopyDecision
from octavo.core.types import Article as Laid
from octavo.services import placing
from octavo.store import vectors
from octavo.store.models import Article, ArticleVersion, FoldState, FoldWork, Placement

# Rows read at once while the desk is rebuilt.
STEP = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article as it is laid on the desk, and the version that was read of it; None where only the feed told of it."""

    article: Laid
    version: int | None


@dataclass(frozen=True, slots=True)
class Past:
    """An article as it was laid on the desk before, with what was decided of it, so far as that still stands."""

    sequence: int
    article: Laid
    story: str
    vector: vectors.Floats | None
    copy: CopyDecision


def listed(most: int) -> list[tuple[int, int]]:
    """The next entries of the work list with their articles."""
    return list(FoldWork.objects.order_by("id").values_list("id", "article_id")[:most])


def waiting(ids: Sequence[int]) -> list[Waiting]:
    """Those of the listed articles that are to be laid on the desk, each once; one query.

    They come in the order of their times: what arrived together was read in any order, and who had a text first matters.
    Left out are articles that are gone, that have been placed already, and that say nothing yet, not even in a title.
    """
    rows = Article.objects.filter(pk__in=set(ids), placement=None).select_related("version", "publisher")
    rows = rows.order_by("sort_at", "pk").defer("version__html")
    found = [Waiting(as_laid(row, row.version), row.version_id) for row in rows]
    return [one for one in found if one.article.title or one.article.text]


def past(after: int, model: str) -> list[Past]:
    """The articles that were laid on the desk after a place in the order, so many as a step takes; one query."""
    rows = Placement.objects.filter(sequence__gt=after, article__story__isnull=False).order_by("sequence")
    rows = rows.select_related("version", "article__story", "article__vector", "article__publisher")
    return [_past(row, model) for row in rows.defer("version__html", "article__story__why")[:STEP]]


def _past(row: Placement, model: str) -> Past:
    """A stored placement as the desk takes it up again; another model's vector is as good as none."""
    vector = getattr(row.article, "vector", None)
    assert row.article.story is not None
    return Past(
        row.sequence,
        as_laid(row.article, row.version),
        row.article.story.name,
        vectors.unpack(vector.values) if vector is not None and vector.model == model else None,
        _copy_decision(row),
    )


def as_laid(article: Article, version: ArticleVersion | None) -> Laid:
    """An article as the desk takes it: the version that was read, or what the feed tells where none was."""
    title = (version.title if version else "") or article.title
    text = version.text if version else article.excerpt
    return Laid(str(article.pk), title, text, article.sort_at, article.publisher.slug, article.url, article.language)


def _copy_decision(row: Placement) -> CopyDecision:
    """What was decided of an article's text when it came."""
    first = None if row.was_joined else row.copy_of_id
    added, cut = ([(start, end) for start, end in spans] for spans in (row.added, row.cut))
    return CopyDecision(
        str(row.article_id),
        None if first is None else str(first),
        None if row.nearest_id is None else str(row.nearest_id),
        row.shared or 0.0,
        tuple(added),
        tuple(cut),
        tuple(str(article) for article in row.joined),
        row.agency,
    )


def standing(newest: int) -> dict[str, str]:
    """The names of the stories of the newest articles on the desk, by the articles' ids; one query."""
    rows = Placement.objects.filter(article__story__isnull=False).order_by("-sequence")
    found = rows.values_list("article_id", "article__story__name")[:newest]
    return {str(article): story for article, story in found}


def stories_after(sequence: int) -> set[str]:
    """The names of the stories of the articles that were laid down after a place in the order; one query."""
    rows = Placement.objects.filter(sequence__gt=sequence, article__story__isnull=False)
    return set(rows.values_list("article__story__name", flat=True))


def is_unrepaired() -> bool:
    """Whether articles were placed since the stories were last repaired; one query."""
    return FoldState.objects.filter(name=placing.DESK, sequence__gt=F("repaired")).exists()


def behind() -> int:
    """How many entries wait to be folded; one where only the repair is left."""
    return FoldWork.objects.count() or int(is_unrepaired())
