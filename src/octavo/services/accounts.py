"""Reads the articles of a story out of the store as what tells it beside its summary wants them; it decides nothing.

At most so many of them: texts of their own first, reports before others, the newest first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Final

from django.db.models import F, Q

from octavo.core.folding.kinds import Kind
from octavo.core.telling.accounts import Account
from octavo.core.types import Article as Text
from octavo.core.types import Precision
from octavo.store.models import Article, ArticleVersion, Story
from octavo.store.stories import MOST_COVERAGE

# Articles of a story that are read, and older versions of each.
MOST_READ: Final = 50
MOST_VERSIONS: Final = 4


# The number of an article, its version, its kind and whose text it shares.
Facts = tuple[int, int | None, str | None, int | None]


@dataclass(frozen=True, slots=True)
class Read:
    """The articles of a story as they were read, and the version of each, in one order."""

    accounts: Sequence[Account]
    versions: Sequence[ArticleVersion]


def read(story: Story) -> Read:
    """The articles that tell a story beside its summary; three queries, four where texts have been changed."""
    articles = Article.objects.filter(story=story, version__isnull=False).exclude(version__text="")
    columns = ("pk", "version", "placement__kind", "placement__copy_of")
    facts = list(articles.order_by("-sort_at", "-id").values_list(*columns)[:MOST_COVERAGE])
    here = {key for key, *_ in facts}
    facts.sort(key=lambda one: (one[3] in here, (one[2] or Kind.REPORT) != Kind.REPORT))
    return read_of(facts[:MOST_READ], here)


def read_of(facts: Sequence[Facts], here: Collection[int]) -> Read:
    """The articles of which these facts are, in their order; `here` are those of which one may be a copy."""
    found = ArticleVersion.objects.select_related("article__publisher").defer("html")
    versions = found.in_bulk([version for _, version, *_ in facts])
    earlier = _earlier(versions.values())
    accounts, kept = [], []
    for _key, number, kind, copy_of in facts:
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
    # Each article's own last ones: one that is edited all day must not crowd out those of others.
    older = Q(number__lt=F("article__version__number"), number__gte=F("article__version__number") - MOST_VERSIONS)
    rows = ArticleVersion.objects.filter(older, article__in=changed).order_by("number")
    for article, text in rows.values_list("article", "text"):
        found[article].append(text)
    return found


def _account(version: ArticleVersion, kind: str | None, copy_of: str, earlier: Sequence[str]) -> Account:
    """A version as the engines see it."""
    article = version.article
    title = version.title or article.title
    zone = timezone(timedelta(minutes=article.published_offset or 0))
    published = article.sort_at.astimezone(zone)
    text = Text(str(article.pk), title, version.text, published, article.publisher.slug, "", article.language)
    is_changed = version.number > 1 and version.made_at > article.sort_at
    at = version.made_at.astimezone(zone) if is_changed else published
    has_time = is_changed or article.published_precision != Precision.DAY
    return Account(text, at, copy_of, (kind or Kind.REPORT) == Kind.REPORT, has_time, earlier)
