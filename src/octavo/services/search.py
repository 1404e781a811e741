"""Searching what is here; it reads the index and the store and writes neither."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Substr
from django.utils import timezone

from octavo.core import words as lexical
from octavo.core.reading import searching, spelling
from octavo.core.reading.searching import Excerpt, Query
from octavo.index.text import POOL, Found, IndexBroken, TextReader
from octavo.services.indexing import index_root, reader_of
from octavo.services.related import more_like
from octavo.store import stories
from octavo.store.models import Article

log = logging.getLogger(__name__)

PAGE_SIZE = 20
# Nobody turns further, and each page costs the ranking of all before it.
MOST_PAGES = 50
# Names are suggested where fewer articles are found, for at most so many words.
FEW = 10
MOST_SUGGESTED = 6

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Hit:
    """An article that was found, with the places of the asked words in its title and in an excerpt of its text."""

    article: Article
    title_spans: Spans
    found: Excerpt

    @property
    def title(self) -> str:
        """The headline, into which `title_spans` point."""
        return self.article.title

    @property
    def publisher(self) -> str:
        """Who wrote it."""
        return self.article.publisher.name

    @property
    def url(self) -> str:
        """The original."""
        return self.article.url

    @property
    def sort_at(self) -> datetime:
        """When it stands in lists."""
        return self.article.sort_at

    @property
    def excerpt(self) -> str:
        """A stretch of the text, into which `excerpt_spans` point."""
        return self.found.text

    @property
    def excerpt_spans(self) -> Spans:
        """The found words in the excerpt."""
        return self.found.spans

    def as_dict(self) -> dict[str, Any]:
        """For `octavo search --json`."""
        published = self.article.published
        return {
            "id": str(self.article.pk),
            "url": self.url,
            "title": self.title,
            "publisher": self.publisher,
            "published": published.isoformat() if published else None,
            "language": self.article.language or None,
            "quality": self.article.quality,
            "story": str(self.article.story_id) if self.article.story_id else None,
            "excerpt": self.excerpt,
            "spans": self.excerpt_spans,
        }


@dataclass(frozen=True)
class Results:
    """One page of what was found. `is_ready` is false while there is no index to ask."""

    query: Query
    hits: tuple[Hit, ...] = ()
    total: int = 0
    page: int = 1
    # How many pages can be turned to.
    pages: int = 1
    is_ready: bool = True
    # What was meant, where a name seems misspelt; empty where nothing does.
    suggestion: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For `octavo search --json`."""
        return {
            "query": self.query.text,
            "ignored": self.query.ignored,
            "total": self.total,
            "page": self.page,
            "pages": self.pages,
            "ready": self.is_ready,
            "suggestion": self.suggestion or None,
            "hits": [hit.as_dict() for hit in self.hits],
        }


def search(
    text: str, page: int = 1, newest: bool = False, now: datetime | None = None, is_folded: bool = True
) -> Results:
    """One page of the articles that a reader's query asks for, each story once at its best article; two queries.

    `is_folded` false: every article, also several of one story; one query.
    """
    now = now or timezone.now()
    query = searching.parse(text, now.date())
    page = max(1, min(page, MOST_PAGES))
    if query.is_empty:
        return Results(query)
    reader = reader_of(index_root())
    try:
        look = _Look(reader, query, now, newest)
        found, pages = look.folded(page) if is_folded else look.plain(page)
        suggestion = suggest(reader, query) if found.total < FEW else ""
    except IndexBroken as error:
        log.info("nothing can be searched now: %s", error)
        return Results(query, is_ready=False)
    pages = max(1, min(MOST_PAGES, pages))
    return Results(query, tuple(hits(found.ids, query)), found.total, page, pages, suggestion=suggestion)


@dataclass(frozen=True, slots=True)
class _Look:
    """A query as it is asked of the index, page by page; each gives the page's articles and how many pages there are."""

    reader: TextReader
    query: Query
    now: datetime
    newest: bool

    def plain(self, page: int) -> tuple[Found, int]:
        """As found."""
        found = self._ask(PAGE_SIZE, (page - 1) * PAGE_SIZE)
        return found, pages_of(found.total)

    def folded(self, page: int) -> tuple[Found, int]:
        """Each story once among the best; what comes behind these, where hardly anybody turns to, is as found."""
        best = self._ask(POOL, 0)
        kept = each_story_once(best.ids, stories.of_articles(best.ids))
        first, count = (page - 1) * PAGE_SIZE, pages_of(len(kept))
        pages = count + pages_of(best.total - len(best.ids))
        if page <= max(1, count):
            return Found(tuple(kept[first : first + PAGE_SIZE]), best.total), pages
        return self._ask(PAGE_SIZE, POOL + (page - count - 1) * PAGE_SIZE), pages

    def _ask(self, limit: int, offset: int) -> Found:
        if self.query.like:
            found = _like(self.reader, self.query, self.newest)
            return Found(found.ids[offset : offset + limit], found.total)
        return self.reader.search(self.query, self.now, limit, offset, self.newest)


def pages_of(count: int) -> int:
    """How many pages so many rows fill."""
    return -(-count // PAGE_SIZE)


def each_story_once(ids: Sequence[int], story_of: Mapping[int, int]) -> list[int]:
    """Articles in their order without those whose story stands before them; what has no story stands for itself."""
    firsts: dict[tuple[str, int], int] = {}
    for key in ids:
        firsts.setdefault(("story", story_of[key]) if key in story_of else ("article", key), key)
    return list(firsts.values())


def _like(reader: TextReader, query: Query, newest: bool) -> Found:
    """The articles like one that the rest of the query asks for, best first or newest; none where it is gone."""
    article = Article.objects.select_related("version").filter(pk=query.like or 0).first()
    ids = reader.among(more_like(article), query, newest) if article else ()
    return Found(ids, len(ids))


def suggest(reader: TextReader, query: Query) -> str:
    """The query with misspelt names as they are written here; empty where none is. Phrases stay as they are."""
    changed = query.text
    for term in query.terms[:MOST_SUGGESTED]:
        word = spelling.plain(term.forms[0])
        if term.excluded or len(term.forms) > 1 or not spelling.allowed(word):
            continue
        articles = reader.articles_with(term.forms[0])
        if articles < spelling.KNOWN_IN and (name := spelling.meant(word, reader.names_like(word), articles)):
            changed = _replaced(changed, term.forms[0], name.written)
    return changed if changed != query.text else ""


def _replaced(text: str, form: str, written: str) -> str:
    """A text with a word, in whichever spelling it has that form, written anew."""
    for word in reversed([word for word in lexical.words(text) if word.form == form]):
        text = text[: word.start] + written + text[word.end :]
    return text


def hits(ids: Sequence[int], query: Query) -> list[Hit]:
    """The found articles with their words marked, in the order given; those gone since are left out."""
    return [hit(article, lead, query) for article, lead in in_order(ids)]


def hit(article: Article, lead: str, query: Query) -> Hit:
    """One found article; where no word of the query stands in the beginning of its text, the excerpt is that beginning."""
    in_title = searching.spans(article.title, query, article.language, is_title=True)
    return Hit(article, in_title, searching.excerpt(lead, searching.spans(lead, query, article.language)))


def in_order(ids: Sequence[int]) -> list[tuple[Article, str]]:
    """Articles with publisher and the beginning of their text, in the order of their numbers given, in one query."""
    chosen = Article.objects.filter(pk__in=ids).order_by().select_related("publisher", "picture")
    with_lead = chosen.annotate(lead=Substr("version__text", 1, searching.LOOKED_AT))
    known = {article.pk: (article, article.lead or "") for article in with_lead}
    return [known[number] for number in ids if number in known]
