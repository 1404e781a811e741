"""A store full of invented news for the tests of folding, and an encoder at the model's door."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.window import WINDOW
from octavo.core.words import forms
from octavo.demo.press import load
from octavo.services import leases
from octavo.services.folding import Folding
from octavo.store.models import Article, ArticleVersion, FoldWork, Placement, Publisher

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
WIDTH = 32

# Two reports of one event, and one of another.
LOCK = (
    "Lock seven at Wendover gave way on Monday and drained two miles of the canal. Engineer Petra Hollis of the Wendover "
    "Canal Trust said the old gate had been due for repair since the spring, and forty barges lie aground."
)
AGAIN = (
    "Forty barges lie aground after lock seven at Wendover gave way. The Wendover Canal Trust had planned to mend the gate "
    "in spring, said its engineer Petra Hollis, and two miles of the canal have drained."
)
CHESS = "Oona Tarfell won the chess title of the northern islands on Sunday with a rook sacrifice in the last round."


class HashEncoder:
    """Turns a text into the sum of its words' random directions: like texts are near, and nothing is learned."""

    def __init__(self, id: str = "hash/1") -> None:
        self.id = id
        self.asked = 0

    def embed(self, texts: Iterable[str]) -> NDArray[np.float32]:
        rows = [self._row(text) for text in texts]
        self.asked += len(rows)
        return np.stack(rows)

    def _row(self, text: str) -> NDArray[np.float32]:
        row = sum((_direction(word) for word in forms(text)[:100]), np.full(WIDTH, 1e-3))
        return (row / np.linalg.norm(row)).astype(np.float32)


@cache
def _direction(word: str) -> NDArray[np.float64]:
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=WIDTH)


def folding(data: Path, encoder: HashEncoder | None = None, window: int = WINDOW) -> Folding:
    """A desk that knows this encoder alone, or none."""
    return Folding(data, lambda _data: encoder, window)


def held() -> leases.Held:
    """The desk's lease, taken by this process."""
    lease = leases.acquire(leases.DESK)
    assert lease is not None
    return lease


def store_article(title: str, text: str = "", publisher: str = "quay", hours: float = 0, **facts: object) -> Article:
    """An article with its text, as `services/versions.py` would leave it, listed for the desk."""
    owner, _ = Publisher.objects.get_or_create(slug=publisher, defaults={"name": publisher})
    at = NOW - timedelta(hours=hours)
    facts = {"language": "en", "quality": "full" if text else ""} | facts
    article = Article.objects.create(
        publisher=owner, url=f"https://{publisher}.example/{Article.objects.count()}", title=title, arrived_at=at,
        sort_at=at, **facts,
    )  # fmt: skip
    if text:
        article.version = ArticleVersion.objects.create(
            article=article, number=1, title=title, text=text, text_hash="", quality="full", made_at=at
        )
        article.save()
    FoldWork.objects.create(article_id=article.pk)
    return article


def store_press(most: int = 60, keep: Callable[[str], bool] = lambda story: True) -> list[Article]:
    """The first articles of the demo press in the order of their times."""
    found = [one for one in sorted(load().articles, key=lambda one: -one.hours_ago) if one.text and keep(one.story)]
    return [store_article(one.title, one.text, one.publisher, one.hours_ago) for one in found[:most]]


def stories() -> set[frozenset[int]]:
    """The articles of each story."""
    found: dict[int, set[int]] = {}
    for article, story in Article.objects.filter(story__isnull=False).values_list("pk", "story"):
        found.setdefault(story, set()).add(article)
    return {frozenset(articles) for articles in found.values()}


def names() -> dict[int, str]:
    """The desk's name of each article's story."""
    return dict(Article.objects.filter(story__isnull=False).values_list("pk", "story__name"))


def order() -> list[int]:
    """The articles in the order in which they were laid on the desk."""
    return list(Placement.objects.order_by("sequence").values_list("article", flat=True))
