"""Reads the articles of a story out of the store as what tells it beside its summary wants them; it decides nothing.

At most so many of them: texts of their own first, reports before others, the newest first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from octavo.core.folding.kinds import Kind
from octavo.core.telling.accounts import Account
from octavo.core.types import Article as Text
from octavo.store.models import Article, ArticleVersion, Story
from octavo.store.stories import MOST_COVERAGE

# Articles of a story that are read, and older versions of each.
MOST_READ: Final = 50
MOST_VERSIONS: Final = 4


@dataclass(frozen=True, slots=True)
class Read:
    """The articles of a story as they were read, and the version of each, in one order."""

    accounts: Sequence[Account]
    versions: Sequence[ArticleVersion]


def read(story: Story) -> Read:
    """The articles that tell a story beside its summary; three queries."""
    articles = Article.objects.filter(story=story, version__isnull=False).exclude(version__text="")
    columns = ("pk", "version", "placement__kind", "placement__copy_of")
    facts = list(articles.order_by("-sort_at", "-id").values_list(*columns)[:MOST_COVERAGE])
    here = {key for key, *_ in facts}
    facts.sort(key=lambda one: (one[3] in here, (one[2] or Kind.REPORT) != Kind.REPORT))
    chosen = facts[:MOST_READ]
    found = ArticleVersion.objects.select_related("article__publisher").defer("html")
    versions = found.in_bulk([version for _, version, *_ in chosen])
    earlier = _earlier(versions.values())
    accounts, kept = [], []
    for _key, number, kind, copy_of in chosen:
        if (version := versions.get(number or 0)) is not None:
            original = str(copy_of) if copy_of in here else ""
            accounts.append(_account(version, kind, original, earlier.get(version.article_id, ())))
            kept.append(version)
    return Read(accounts, kept)


def _earlier(versions: Iterable[ArticleVersion]) -> dict[int, list[str]]:
    """The texts of the older versions of articles that have some, the oldest first; one query, none where there are none."""
    changed = [version.article_id for version in versions if version.number > 1]
    if not changed:
        return {}
    found: dict[int, list[str]] = defaultdict(list)
    rows = (
        ArticleVersion.objects.filter(article__in=changed).order_by("-number").values_list("article", "number", "text")
    )
    newest = {version.article_id: version.number for version in versions}
    for article, number, text in rows[: MOST_READ * MOST_VERSIONS]:
        if number < newest[article] and len(found[article]) < MOST_VERSIONS:
            found[article].insert(0, text)
    return found


def _account(version: ArticleVersion, kind: str | None, copy_of: str, earlier: Sequence[str]) -> Account:
    """A version as the engines see it."""
    article = version.article
    title = version.title or article.title
    text = Text(str(article.pk), title, version.text, article.sort_at, article.publisher.slug, "", article.language)
    at = max(version.made_at, article.sort_at) if version.number > 1 else article.sort_at
    return Account(text, at, copy_of, (kind or Kind.REPORT) == Kind.REPORT, earlier)
