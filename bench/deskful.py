"""What `bench.desk` has done in processes of its own: `scale ARCHIVE WINDOW` and `whole COUNT`; each prints one JSON line.

The stream of `scale` is invented: words of an invented vocabulary by Zipf's law, and events with names of their own, each
told by some articles. Its vectors are random, with the articles of an event near each other.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.kit import NoKit, articles
from bench.machine import shared_out_memory
from octavo.ai.embedding import BATCH, Embedder, find, wording
from octavo.core.folding.copies import Copies, read
from octavo.core.folding.counting import count
from octavo.core.folding.desk import Desk
from octavo.core.folding.kinds import Kind
from octavo.core.folding.terms import NUMBERS
from octavo.core.folding.views import Views, look
from octavo.core.types import Article

VOCABULARY, ZIPF = 300_000, 1.1
BODY, TITLE, OWN_WORDS, PER_EVENT, AT_ONCE = 350, 9, 12, 5, 40
WIDTH, NEAR = 384, 0.8
# How many articles of the archive come before the window is full once more, and how many are then timed.
RENEWED, TIMED, REPAIR_EVERY = 0.1, 1_000, 500
CORES = 2

Vector = NDArray[np.float32]


class Stream:
    """Invented articles without end, the same on every run."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(11)
        self._numbers = self._rng.permutation(NUMBERS - 1)[:VOCABULARY] + 1
        self._events: list[tuple[NDArray[np.int64], Vector]] = []
        self._told = 0

    def words(self, many: int) -> NDArray[np.int64]:
        """So many words by Zipf's law, as term numbers."""
        ranks = self._rng.zipf(ZIPF, many)
        return self._numbers[np.minimum(ranks, VOCABULARY) - 1]

    def _event(self) -> tuple[NDArray[np.int64], Vector]:
        """One of the events of these days: its own words, and its direction."""
        if len(self._events) < AT_ONCE or self._rng.random() < 1 / PER_EVENT:
            own = self._numbers[self._rng.integers(2_000, VOCABULARY, OWN_WORDS)]
            self._events = [*self._events[-AT_ONCE + 1 :], (own, unit(self._rng.normal(size=WIDTH)))]
            return self._events[-1]
        return self._events[self._rng.integers(len(self._events))]

    def article(self) -> tuple[Views, Vector]:
        """The next article and its vector."""
        own, towards = self._event()
        body = self.words(BODY)
        body[self._rng.integers(0, BODY, 40)] = self._rng.choice(own, 40)
        title = [*self._rng.choice(own, 3), *self.words(TITLE - 3)]
        names = {int(term): int((body == term).sum()) for term in own[:6] if term in body}
        counts = count(title, body.tolist(), names, list(names)[:3], {})
        self._told += 1
        vector = unit(NEAR * towards + (1 - NEAR) * unit(self._rng.normal(size=WIDTH)))
        shown = tuple(f"name{term}" for term in names)
        fields = ("en", self._told / 2_000, "bench", Kind.REPORT, True, (), {}, frozenset(), {}, shown, shown)
        return Views(f"article{self._told}", *fields, counts), vector


def unit(vector: NDArray[Any]) -> Vector:
    """A vector at unit length."""
    scaled: Vector = (vector / np.linalg.norm(vector)).astype(np.float32)
    return scaled


def scale(archive: int, window: int) -> dict[str, float]:
    """What an article costs on a desk that has seen `archive` articles, of which it holds `window`.

    Of the oldest only the words are learnt, as they have left the window; the newest are placed, more than it holds.
    """
    stream, desk = Stream(), Desk(window=window)
    for _ in range(archive - int(window * (1 + RENEWED))):
        desk._terms.learn("en", np.unique(stream.words(BODY)).astype(np.int32))
    for place in range(int(window * (1 + RENEWED))):
        desk.place(*stream.article())
        if place % REPAIR_EVERY == 0:
            desk.repair()
    drawn = [stream.article() for _ in range(TIMED)]
    repaired: list[float] = []
    times: list[float] = []
    for place, (views, vector) in enumerate(drawn, 1):
        began = time.process_time_ns()
        desk.place(views, vector)
        times.append((time.process_time_ns() - began) / 1e6)
        if place % REPAIR_EVERY == 0:
            began = time.process_time_ns()
            desk.repair()
            repaired.append((time.process_time_ns() - began) / 1e6 / REPAIR_EVERY)
    told = {"place": float(np.mean(times)), "repair": float(np.mean(repaired))}
    return {**told, "memory": shared_out_memory(os.getpid()) / 2**20}


def texts(many: int) -> list[Article]:
    """Articles of the kit, else invented ones."""
    try:
        with gzip.open(articles("corpus/allsides_pre2016"), "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in islice(lines, many)]
    except NoKit:
        return list(islice(invented(), many))
    return [
        Article(row["id"], row["title"], row["text"], datetime.fromisoformat(row["published"]), row["source"], "", "en")
        for row in rows
    ]


def invented() -> Iterator[Article]:
    """Articles of invented words."""
    stream, began = Stream(), datetime(2026, 1, 1, tzinfo=UTC)
    for place in range(10**9):
        written = [f"{'aeiou'[n % 5]}{'bdfglmnrst'[n // 5 % 10]}{n:x}" for n in stream.words(BODY + TITLE).tolist()]
        title, text = (
            " ".join(written[:TITLE]),
            ". ".join(" ".join(written[a : a + 18]) for a in range(TITLE, BODY, 18)),
        )
        yield Article(str(place), title, text, began + timedelta(minutes=place), "bench", "", "en")


def whole(many: int, models: Path) -> dict[str, float]:
    """What an article costs through the whole desk, part by part in processor milliseconds, and how many come a second."""
    given, embedder = texts(many), find(models)
    if embedder:
        embedder.embed([given[0].title])
    costs = parts(given, embedder)
    began = time.perf_counter()
    desk, copies = Desk(), Copies()
    with ThreadPoolExecutor(CORES) as pool:
        batches = [given[at : at + BATCH] for at in range(0, len(given), BATCH)]
        for batch, vectors in zip(batches, pool.map(lambda batch: embedded(embedder, batch), batches), strict=True):
            for article, vector in zip(batch, vectors, strict=True):
                desk.place(look(article), vector, copy=copies.arrive(article))
    return {**costs, "a second": many / (time.perf_counter() - began)}


def embedded(embedder: Embedder | None, batch: list[Article]) -> list[Vector | None]:
    """The vectors of some articles; None for each where no model is installed."""
    if embedder is None:
        return [None] * len(batch)
    return [embedder.embed([wording(one)])[0] for one in batch]  # one by one, as the worker does


def parts(given: list[Article], embedder: Embedder | None) -> dict[str, float]:
    """Processor milliseconds an article of each part by itself."""
    desk, copies = Desk(), Copies()
    times = [time.process_time()]
    views = [look(article) for article in given]
    times.append(time.process_time())
    for article in given:
        copies.take(read(article))
    times.append(time.process_time())
    vectors = [vector for at in range(0, len(given), BATCH) for vector in embedded(embedder, given[at : at + BATCH])]
    times.append(time.process_time())
    for one, vector in zip(views, vectors, strict=True):
        desk.place(one, vector)
    times.append(time.process_time())
    spent = np.diff(times) * 1000 / len(given)
    return dict(zip(("words", "copies", "embedding", "placement"), spent.tolist(), strict=True))


if __name__ == "__main__":
    verb, *numbers = sys.argv[1:]
    made = scale(int(numbers[0]), int(numbers[1])) if verb == "scale" else whole(int(numbers[0]), Path(numbers[1]))
    print(json.dumps(made))
