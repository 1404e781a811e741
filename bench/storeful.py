"""Fills an installation with invented articles and looks at its pages from within; run it in its environment.

python -m bench.storeful fill 20000     writes so many articles and the index over them
python -m bench.storeful queries        prints the number of queries of each page as JSON
python -m bench.storeful search         prints times of searches, beside SQLite's FTS5 on the same texts, as JSON
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import sys
import time
from bisect import bisect
from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate, cycle, islice
from typing import Any

from octavo.services.installation import prepare

PUBLISHERS, FEED_DAYS = 40, 120
# A vocabulary of invented words, used as often as words of a language are (Zipf).
VOCABULARY, SYLLABLES = (
    30_000,
    ("ka", "lo", "mi", "ren", "ta", "su", "vel", "or", "an", "dis", "ber", "no", "phi", "gra"),
)
SENTENCE, PARAGRAPH, LENGTHS = (6, 24), (2, 6), (120, 900)
SEED = 8
LOT = 500
# How many articles tell one story, in turn: most events are told once, few by a dozen. Every fifth of a story shares a text.
STORY_SIZES, SHARED_EVERY = (1, 1, 1, 2, 1, 1, 3, 1, 1, 5, 1, 1, 12), 5
SEARCHES, FOUND = 300, 20


class Writer:
    """Writes texts of invented words."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.words = self._invent()
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(len(self.words))))

    def _invent(self) -> list[str]:
        made: dict[str, None] = {}
        while len(made) < VOCABULARY:
            made["".join(self.chance.choices(SYLLABLES, k=self.chance.choice((1, 2, 2, 3, 3, 4))))] = None
            if len(made) >= len(SYLLABLES) ** 3 * 0.8:
                made[f"{self.chance.choice(SYLLABLES)}{len(made)}"] = None
        return list(made)

    def word(self) -> str:
        """One word, the common ones often."""
        return self.words[bisect(self._weights, self.chance.random() * self._weights[-1])]

    def sentence(self) -> str:
        """Some words, with a capital and a full stop."""
        return " ".join(self.word() for _ in range(self.chance.randint(*SENTENCE))).capitalize() + "."

    def text(self) -> str:
        """Paragraphs, some hundred words in all."""
        left, paragraphs = self.chance.randint(*LENGTHS), []
        while left > 0:
            paragraph = " ".join(self.sentence() for _ in range(self.chance.randint(*PARAGRAPH)))
            left -= paragraph.count(" ") + 1
            paragraphs.append(paragraph)
        return "\n\n".join(paragraphs)


def fill(count: int) -> dict[str, Any]:
    """Publishers, articles with versions and hashtags, their stories, and the index."""
    from octavo.services import indexing
    from octavo.store.models import Publisher

    writer = Writer()
    Publisher.objects.bulk_create(
        Publisher(
            slug=f"paper-{n}", name=writer.sentence()[:30].strip(" ."), language="en", country="GB", medium="newspaper"
        )
        for n in range(PUBLISHERS)
    )
    publishers = list(Publisher.objects.all())
    for done in range(0, count, LOT):
        write_lot(writer, publishers, done, min(LOT, count - done), count)
    return {"articles": indexing.rebuild()}


def write_lot(writer: Writer, publishers: list[Any], done: int, size: int, count: int) -> None:
    """Some articles in one transaction."""
    from django.db import transaction
    from django.utils import timezone

    from octavo.core.telling.summary import key_points
    from octavo.core.types import SECTIONS
    from octavo.store.models import Article, ArticleVersion, Hashtag, Identity, Page

    now, chance = timezone.now(), writer.chance
    with transaction.atomic():
        articles, texts = [], []
        for number in range(done, done + size):
            text, publisher = writer.text(), publishers[number % len(publishers)]
            at = now - timedelta(days=FEED_DAYS) * (1 - (number + 1) / count)
            articles.append(
                Article(
                    publisher=publisher, url=f"https://{publisher.slug}.example/{number}", title=writer.sentence()[:90],
                    excerpt=text[:280], authors=["A. Writer"], arrived_at=at, sort_at=at, published_at=at,
                    published_precision="second", published_from="feed", language="en", country="GB",
                    section=chance.choice(SECTIONS), quality="full", method="bench", word_count=text.count(" ") + 1,
                )
            )  # fmt: skip
            texts.append(text)
        Article.objects.bulk_create(articles)
        versions = ArticleVersion.objects.bulk_create(
            ArticleVersion(
                article=article, number=1, title=article.title, text=text, quality="full", made_at=article.arrived_at,
                html="".join(f"<p>{part}</p>" for part in text.split("\n\n")),
                text_hash=hashlib.sha256(text.encode()).hexdigest(),
                key_points=[list(span) for span in key_points(text, "en", article.title)],
            )
            for article, text in zip(articles, texts, strict=True)
        )  # fmt: skip
        for article, version in zip(articles, versions, strict=True):
            article.version = version
        Article.objects.bulk_update(articles, ["version"], batch_size=200)
        Page.objects.bulk_create(
            Page(article=a, url=a.url, host="paper.example", state=Page.State.READ, fetched_at=a.arrived_at, fetches=1)
            for a in articles
        )
        Identity.objects.bulk_create(Identity(key=f"url:{a.url}", article=a) for a in articles)
        tag(articles, writer, Hashtag)
        fold(articles)


def fold(articles: list[Any]) -> None:
    """Puts articles that lie near each other in time into stories, as the desk would leave them."""
    from octavo.core.folding.coverage import Covering, cover
    from octavo.store.models import Article, Placement, Story

    left = iter(articles)
    for size in cycle(STORY_SIZES):
        its = list(islice(left, size))
        if not its:
            return
        copies = {one.pk: its[0].pk for number, one in enumerate(its) if number % SHARED_EVERY == SHARED_EVERY - 1}
        seen = cover(
            [
                Covering(a.pk, a.title, a.publisher_id, a.sort_at, a.language, a.section, copy_of=copies.get(a.pk))
                for a in its
            ]
        )
        story = Story.objects.create(
            name=str(its[0].pk), founded_at=seen.first_at, changed_at=seen.last_at, headline_id=seen.headline,
            language=seen.language, section=seen.section, first_at=seen.first_at, last_at=seen.last_at, heat=seen.heat,
            article_count=seen.articles, publisher_count=seen.publishers, text_count=seen.texts,
        )  # fmt: skip
        Article.objects.filter(pk__in=[one.pk for one in its]).update(story=story)
        Placement.objects.bulk_create(
            Placement(article=one, sequence=one.pk, version_id=one.version_id, copy_of_id=copies.get(one.pk))
            for one in its
        )


def tag(articles: list[Any], writer: Writer, kind: Any) -> None:
    """Gives each article three hashtags."""
    wanted = {article.pk: {writer.word() for _ in range(3)} for article in articles}
    names = {name for own in wanted.values() for name in own}
    kind.objects.bulk_create((kind(key=name, label=name, language="en") for name in names), ignore_conflicts=True)
    ids = dict(kind.objects.filter(key__in=names).values_list("key", "pk"))
    through = type(articles[0]).hashtags.through
    through.objects.bulk_create(
        through(article_id=key, hashtag_id=ids[name]) for key, own in wanted.items() for name in own
    )


def queries() -> dict[str, int]:
    """How many queries a visitor's front page and an article page ask."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from octavo.store.models import Article

    newest = Article.objects.order_by("-sort_at").values_list("pk", flat=True)[0]
    visitor, found = Client(headers={"host": settings.ALLOWED_HOSTS[0]}), {}
    for name, path in (("front page", "/"), ("article page", f"/articles/{newest}/"), ("latest", "/latest/")):
        with CaptureQueriesContext(connection) as asked:
            answer = visitor.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
        found[name] = len(asked)
    return found


def search() -> dict[str, list[float]]:
    """Milliseconds of each search: Octavo's whole search, its index alone, related articles, and FTS5's best twenty."""
    from django.utils import timezone

    from octavo.core.reading import searching
    from octavo.services import related
    from octavo.services import search as service
    from octavo.services.indexing import index_root, reader_of
    from octavo.store.models import Article

    wanted = questions()
    reader, now = reader_of(index_root()), timezone.now()
    peer = build_peer()
    articles = list(Article.objects.select_related("version").order_by("?")[:SEARCHES])
    reader.count()
    return {
        "octavo": timed(service.search, wanted),
        "index": timed(lambda asked: reader.search(searching.parse(asked, now.date()), now, FOUND), wanted),
        "related": timed(related.related, articles),
        "fts5": timed(lambda asked: ask_peer(peer, asked), wanted),
    }


def questions() -> list[str]:
    """Two or three words each, some common and some rare, a third of them a phrase that stands somewhere."""
    from octavo.store.models import ArticleVersion

    chance = random.Random(SEED)
    texts = list(ArticleVersion.objects.order_by("?").values_list("text", flat=True)[:SEARCHES])
    asked = []
    for number, text in enumerate(texts):
        words = text.replace(".", "").lower().split()
        start = chance.randrange(len(words) - 3)
        if number % 3 == 0:
            asked.append(f'"{" ".join(words[start : start + 2])}"')
        else:
            asked.append(" ".join(chance.sample(words, chance.choice((2, 3)))))
    return asked


def build_peer() -> sqlite3.Connection:
    """The same titles and texts in FTS5, with its Porter stemmer."""
    from octavo.store.models import Article

    peer = sqlite3.connect(":memory:")
    peer.execute("CREATE VIRTUAL TABLE text USING fts5(title, body, tokenize='porter unicode61')")
    rows = Article.objects.order_by("pk").values_list("pk", "title", "version__text").iterator(chunk_size=LOT)
    peer.executemany("INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)", rows)
    return peer


def ask_peer(peer: sqlite3.Connection, asked: str) -> list[Any]:
    """The best twenty by BM25, the title counting twice."""
    words = asked if asked.startswith('"') else " AND ".join(f'"{word}"' for word in asked.split())
    best = "SELECT rowid FROM text WHERE text MATCH ? ORDER BY bm25(text, 2.0, 1.0) LIMIT ?"
    return peer.execute(best, (words, FOUND)).fetchall()


def timed(work: Callable[[Any], Any], wanted: list[Any]) -> list[float]:
    """Milliseconds of the work on each."""
    taken = []
    for one in wanted:
        began = time.perf_counter()
        work(one)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def main(arguments: list[str]) -> None:
    """The verb that is asked for; its answer as JSON."""
    prepare()
    verb = arguments[0]
    answer = fill(int(arguments[1])) if verb == "fill" else {"queries": queries, "search": search}[verb]()
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
