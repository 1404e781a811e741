"""Answers readers' questions from one article, a story or the whole archive, with cited sentences or with nothing.

It decides which texts are looked into, and bounds them; the core chooses the sentences. It writes no word and stores nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from octavo.core.telling.answers import Answer, answer
from octavo.core.telling.asking import understand
from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.offering import visible
from octavo.core.telling.reporting import guess_language
from octavo.core.types import Article as Text
from octavo.core.types import Claim, Precision
from octavo.index.text import IndexBroken
from octavo.services import receipts
from octavo.services.indexing import index_root, reader_of
from octavo.services.search import each_story_once
from octavo.store import stories
from octavo.store.models import Article, ArticleVersion, Story, StoryTelling

# A longer question is cut: nobody asks in more words, and each costs a look into every sentence.
LONGEST_QUESTION: Final = 300
# Of how many articles the archive is asked, and how many the index gives so that so many stories are among them.
ARCHIVE_TEXTS: Final = 20
ARCHIVE_FOUND: Final = 60
# Of how many texts a story is asked, and how much of each text is read; an answer stands early or nowhere.
STORY_TEXTS: Final = 30
READ_CHARACTERS: Final = 12_000


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence that answers, with its receipt; `marked` are the words in it that do, (0, 0) where it words them otherwise."""

    version: ArticleVersion
    start: int
    end: int
    marked: tuple[int, int]

    @property
    def article(self) -> Article:
        """The article that has it."""
        return self.version.article

    @property
    def place(self) -> str:
        """The path that shows it marked in its text."""
        return receipts.path_of(self.article.pk, self.version.number, self.start, self.end)

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence before its answering words, these, and the sentence behind them."""
        text, (low, high) = self.version.text[self.start : self.end], self.marked
        return text[:low], text[low:high], text[high:]

    @property
    def published(self) -> datetime:
        """When its article came out, as lists have it."""
        return self.article.sort_at

    @property
    def has_time(self) -> bool:
        """Whether the time of day is known."""
        return self.article.published_precision != Precision.DAY


def clean(question: str) -> str:
    """A question as it is asked: without characters that nobody sees, of bounded length."""
    return " ".join(visible(question[: 4 * LONGEST_QUESTION]).split())[:LONGEST_QUESTION].strip()


def of_article(article: Article) -> list[ArticleVersion]:
    """The text that an article is asked in; no query."""
    version = article.version
    if version is None:
        return []
    version.article = article
    return [version]


def of_story(story: Story) -> list[ArticleVersion]:
    """The texts that a story is asked in, the newest; who shares another's text tells nothing of its own. One query."""
    own = Article.objects.filter(story=story, placement__copy_of=None).order_by("-sort_at", "-id")
    return _texts(own[:STORY_TEXTS])


def of_archive(question: str) -> list[ArticleVersion]:
    """The texts that the archive is asked in, the likeliest first, each story once. Two queries.

    A question that names no subject ('what happened?') asks an archive nothing.
    """
    language = guess_language(question) or "en"
    if not question or understand(question, language).is_general:
        return []
    try:
        found = reader_of(index_root()).alike(question, "", language, ARCHIVE_FOUND)
    except IndexBroken:
        return []
    ids = [one.id for one in found.others]
    kept = each_story_once(ids, stories.of_articles(ids))[:ARCHIVE_TEXTS] if ids else []
    place = {key: at for at, key in enumerate(kept)}
    texts = _texts(Article.objects.filter(pk__in=kept).order_by())
    return sorted(texts, key=lambda one: place[one.article_id])


def _texts(articles: QuerySet[Article]) -> list[ArticleVersion]:
    """The newest versions of articles with their publishers, in the order of the articles; one query."""
    columns = ("version", "publisher")
    found = articles.select_related(*columns).defer("version__html", "version__notes")
    versions = []
    for article in found:
        if article.version is not None:
            article.version.article = article
            versions.append(article.version)
    return versions


def ask(question: str, versions: Sequence[ArticleVersion]) -> list[Cited]:
    """The sentences of some texts that answer a question, the best first; none where they do not tell. No query."""
    if not question:
        return []
    by_key = {str(version.article_id): version for version in versions}
    numbers = {key: version.number for key, version in by_key.items()}
    found = answer(question, [_text(version) for version in by_key.values()], numbers)
    return [_cited(claim, found, by_key) for claim in found.claims] if found else []


def overtaken(found: Sequence[Cited]) -> set[int]:
    """The articles among those that answer whose sentence gives a number of which the story has a later one. One query."""
    stories_of = {one.article.pk: one.article.story_id for one in found if one.article.story_id}
    if not stories_of:
        return set()
    told = dict(StoryTelling.objects.filter(story__in=set(stories_of.values())).values_list("story", "numbers"))
    late = {place for numbers in told.values() for place in receipts.overtaken(numbers)}
    return {one.article.pk for one in found if (one.article.pk, one.end) in late}


def _text(version: ArticleVersion) -> Text:
    article = version.article
    text = version.text[:READ_CHARACTERS]
    return Text(str(article.pk), version.title or article.title, text, article.sort_at, language=article.language)


def _cited(claim: Claim, found: Answer, by_key: Mapping[str, ArticleVersion]) -> Cited:
    passage = claim.passages[0]
    is_own = passage.article == found.article and passage.start <= found.start < found.end <= passage.end
    low, high = (
        (found.start - passage.start, found.end - passage.start) if is_own else _same_words(claim.text, found.text)
    )
    line = behind_dateline(claim.text)
    if line > low and high:
        line = 0
    return Cited(
        by_key[passage.article], passage.start + line, passage.end, (low - line, high - line) if high else (0, 0)
    )


def _same_words(sentence: str, phrase: str) -> tuple[int, int]:
    """Where a sentence has a phrase, in whatever capitals; (0, 0) where it words it otherwise."""
    place = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", sentence, re.IGNORECASE)
    return place.span() if place else (0, 0)
