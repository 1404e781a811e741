"""Looks up what earlier articles say of an article's people, places and organisations; the core chooses, nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import F
from django.db.models.functions import Coalesce

from octavo.core.folding.kinds import Kind
from octavo.core.telling import background as choosing
from octavo.core.telling.background import Line
from octavo.core.types import Article as Text
from octavo.core.types import Quality
from octavo.index.text import IndexBroken
from octavo.services.indexing import index_root, reader_of
from octavo.services.receipts import Passage, cited
from octavo.store.models import Article, ArticleVersion, Publisher

# Earlier articles that are read: one query of the index finds them, one of the store brings them.
MOST_READ: Final = 20


def background(article: Article) -> list[Passage]:
    """At most five cited sentences of earlier coverage, the newest first; empty where there is none or no index.

    Each has beside its receipt `name`, whom it tells of, and `at`, when its article stands in lists. Three queries at most.
    """
    if article.version is None:
        return []
    told = _text(article)
    names = {subject.name for subject in choosing.subjects(told)}
    publishers = set(Publisher.objects.filter(name__in=names).values_list("name", flat=True))
    about = choosing.subjects(told, publishers)
    earlier = _earlier(article, [subject.stems for subject in about])
    lines = choosing.background(told, about, [_text(one) for one in earlier])
    return [_sentence(earlier[line.text], line) for line in lines]


def _earlier(article: Article, names: Sequence[tuple[str, ...]]) -> list[Article]:
    """The reports from before a story that have the names of one of its articles, the best first; none of its text."""
    before = _begin(article)
    try:
        ids = reader_of(index_root()).naming(names, article.language, before, MOST_READ) if names else ()
    except IndexBroken:
        ids = ()
    if not ids:
        return []
    grouped = Article.objects.annotate(text_of=Coalesce("placement__copy_of", "pk"), kind=F("placement__kind"))
    shown = (
        grouped.filter(pk__in=[*ids, article.pk], version__isnull=False)
        .select_related("version", "publisher")
        .defer("version__html")
    )
    found = {one.pk: one for one in shown.order_by()}
    own = found[article.pk].text_of if article.pk in found else article.pk
    return [one for key in ids if (one := found.get(key)) and one.text_of != own and _may_tell(one, before)]


def _may_tell(earlier: Article, before: datetime) -> bool:
    """Whether an earlier article is a whole report: what lists, comments or goes on by the minute tells less reliably."""
    kind = getattr(earlier, "kind", None) or Kind.REPORT
    return kind == Kind.REPORT and earlier.quality == Quality.FULL and earlier.sort_at < before


def _begin(article: Article) -> datetime:
    """When the story of an article begins; the article's own time where it is in none."""
    first = article.story.first_at if article.story else None
    return min(first or article.sort_at, article.sort_at)


def _text(article: Article) -> Text:
    """An article as the engines see it."""
    version = _version(article)
    return Text(str(article.pk), article.title, version.text, article.sort_at, language=article.language)


def _version(article: Article) -> ArticleVersion:
    if article.version is None:
        raise ValueError("an article without a text tells nothing")
    return article.version


def _sentence(article: Article, line: Line) -> Passage:
    """A line with its receipt."""
    version = _version(article)
    version.article = article
    told = cited(version, line.start, line.end, version.text[line.start : line.end])
    return {**told, "name": line.name, "at": article.sort_at}
