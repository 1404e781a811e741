"""Fills an installation with an archive of invented articles, and searches it from within; run it in its environment.

python -m bench.archiveful fill 1000000   writes so many articles, the index over them, and a peer in SQLite's FTS5
python -m bench.archiveful search         prints the times of searches and of related articles, and the memory, as JSON

The words are their own stems, and index entries are put together from them without reading a text: what is measured is
asking, not filling. Every article belongs to one of many affairs, whose names and words it repeats.
"""

from __future__ import annotations

import json
import random
import sqlite3
import struct
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import tantivy

from bench.storeful import FOUND, SYLLABLES, ask_peer, timed
from octavo.core.folding.sketches import MOST_PAIRS, MOST_TERMS
from octavo.core.folding.sparse import Column
from octavo.core.folding.terms import NUMBERS, numbers
from octavo.core.words import stems
from octavo.index.text import BORDER, TextWriter, fresh_folder, publish
from octavo.services.installation import prepare

SEED, LOT, COMMIT = 11, 500, 20_000
VOCABULARY, NAMES, PUBLISHERS, DAYS = 120_000, 80_000, 200, 1200
LENGTHS, TITLE, AFFAIR_WORDS, AFFAIR_NAMES, ARTICLES_AN_AFFAIR = (120, 700), 8, 8, 4, 25
WIDTH, VECTORS = 384, 5_000
SEARCHES, WARMING = 500, 60
# Small weights are commoner than great ones; a third of the columns of a term are empty.
EMPTY, GREATEST_BYTE, SKETCHED = 0.35, 120, 150


@dataclass
class Made:
    """An invented article: its words, the names among them, and when."""

    number: int
    title: list[str]
    body: list[str]
    names: list[str]
    at: datetime


class Press:
    """Invents articles, the same ones each time."""

    def __init__(self, count: int, now: datetime) -> None:
        self.count, self.now = count, now
        self.draw = np.random.default_rng(SEED)
        words = invent(VOCABULARY + NAMES)
        self.words, self.names = words[:VOCABULARY], words[VOCABULARY:]
        self._weights = np.cumsum(1 / (np.arange(VOCABULARY) + 8.0))
        self.ids = dict(zip(words, numbers(words).tolist(), strict=True))
        self.affairs = max(1, count // ARTICLES_AN_AFFAIR)

    def lot(self, first: int, size: int) -> list[Made]:
        """Some articles that follow each other."""
        lengths = self.draw.integers(*LENGTHS, size)
        drawn = self.draw.random(int(lengths.sum()) + size * TITLE) * self._weights[-1]
        places, at, made = np.searchsorted(self._weights, drawn), 0, []
        for number, length in enumerate(lengths.tolist(), first):
            chosen = [self.words[place] for place in places[at : at + length + TITLE]]
            at += length + TITLE
            made.append(self._of_affair(number, chosen[:TITLE], chosen[TITLE:]))
        return made

    def _of_affair(self, number: int, title: list[str], body: list[str]) -> Made:
        """An article of an affair: its names and words stand in it, most of them more than once."""
        chance = random.Random(f"{SEED} {number % self.affairs}")
        names = [self.names[int(NAMES * chance.random() ** 3)] for _ in range(AFFAIR_NAMES)]
        told = [*names, *(self.words[int(VOCABULARY * chance.random())] for _ in range(AFFAIR_WORDS))]
        own = random.Random(f"{SEED} article {number}")
        for word in told * 3:
            if own.random() < 0.6:
                body[int(len(body) * own.random() ** 2)] = word
        title[: len(names) // 2] = names[: len(names) // 2]
        age = timedelta(days=DAYS * (1 - number / self.count), minutes=own.randrange(600))
        return Made(number, title, body, names, self.now - age)


def invent(count: int) -> list[str]:
    """So many words that are their own stems, the short ones first."""
    chance, made = random.Random(SEED), dict[str, None]()
    size = 2
    while len(made) < count:
        some = ["".join(chance.choices(SYLLABLES, k=size)) for _ in range(50_000)]
        made |= dict.fromkeys(word for word, stem in zip(some, stems(some, "en"), strict=True) if word == stem)
        size = min(5, size + 1)
    return list(made)[:count]


def text_of(made: Made) -> str:
    """The words as sentences, the names with capitals."""
    names = set(made.names)
    words = [word.capitalize() if word in names else word for word in made.body]
    return "\n\n".join(" ".join(words[at : at + 60]).capitalize() + "." for at in range(0, len(words), 60))


class Archive(TextWriter):
    """An index that takes articles in without reading a text."""

    def take(self, made: Made, publisher: str, ids: dict[str, int]) -> None:
        """One article; `ids` are the numbers of terms."""
        entry, title = tantivy.Document(), " ".join(made.title)
        entry.add_integer("id", made.number)
        entry.add_text("title", title)
        entry.add_text("text", f"{title} {BORDER} {' '.join(made.body)}")
        for field, value in (("publisher", publisher), ("language", "en"), ("section", "world"), ("quality", "full")):
            entry.add_text(field, value)
        entry.add_integer("at", int(made.at.timestamp()))
        for name in made.names:
            entry.add_text("name", f"en\x1f{name}\x1f{name.capitalize()}")
            entry.add_text("eman", f"en\x1f{name[::-1]}\x1f{name.capitalize()}")
        entry.add_bytes("sketch", sketch_of(made, ids))
        self._writer.add_document(entry)


def sketch_of(made: Made, ids: dict[str, int]) -> bytes:
    """A sketch of the right size and form, with the article's own terms and arbitrary weights."""
    terms = np.fromiter((ids[word] for word in dict.fromkeys([*made.names, *made.title, *made.body[:SKETCHED]])), "<i4")
    draw = np.random.default_rng(made.number)
    weights = draw.integers(0, GREATEST_BYTE, (min(len(terms), MOST_TERMS), len(Column)), np.uint8)
    weights[weights < GREATEST_BYTE * EMPTY] = 0
    pairs = draw.integers(1, NUMBERS, MOST_PAIRS, "<i4")
    head = struct.pack("<BBBB", len(weights), 0, len(pairs), 1)
    names = "\x1f".join(name.capitalize() for name in made.names).encode()
    return head + terms[:MOST_TERMS].tobytes() + weights.tobytes() + pairs.tobytes() + bytes([60] * len(pairs)) + names


def fill(count: int) -> dict[str, Any]:
    """Publishers, articles with a version and a vector each, the index, and the peer."""
    from django.utils import timezone

    from octavo.services.indexing import TEXT, index_root
    from octavo.store.models import IndexState, Publisher

    press, peer = Press(count, timezone.now()), open_peer()
    Publisher.objects.bulk_create(
        Publisher(pk=n + 1, slug=f"paper-{n}", name=f"Paper {n}", language="en", country="GB", medium="newspaper")
        for n in range(PUBLISHERS)
    )
    pool = np.random.default_rng(SEED).normal(size=(VECTORS, WIDTH))
    vectors = [(row / np.linalg.norm(row)).astype("<f2").tobytes() for row in pool]
    folder = fresh_folder(index_root())
    index = Archive(folder)
    for first in range(1, count + 1, LOT):
        made = press.lot(first, min(LOT, count + 1 - first))
        texts = [text_of(one) for one in made]
        write(made, texts, vectors)
        with peer:
            peer.executemany(
                "INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)",
                [(one.number, " ".join(one.title), text) for one, text in zip(made, texts, strict=True)],
            )
        for one in made:
            index.take(one, f"paper-{one.number % PUBLISHERS}", press.ids)
        if first // COMMIT != (first + LOT) // COMMIT:
            index.commit()
            print(first, file=sys.stderr, flush=True)
    index.commit()
    index.close()
    publish(folder)
    IndexState.objects.update_or_create(name=TEXT, defaults={"schema": folder.name, "position": 0})
    return {"articles": count, "index": size_of(folder), "peer": size_of(peer_file())}


def write(made: Sequence[Made], texts: Sequence[str], vectors: Sequence[bytes]) -> None:
    """Some articles in one transaction."""
    from django.db import transaction

    from octavo.core.folding.related import shipped_weights
    from octavo.store.models import Article, ArticleVersion, Vector

    facts = {"published_precision": "second", "published_from": "feed", "language": "en", "country": "GB",
             "section": "world", "quality": "full", "method": "bench"}  # fmt: skip
    with transaction.atomic():
        Article.objects.bulk_create(
            Article(
                pk=one.number, publisher_id=one.number % PUBLISHERS + 1, url=f"https://paper.example/{one.number}",
                title=" ".join(one.title).capitalize(), excerpt=text[:280], arrived_at=one.at, sort_at=one.at,
                published_at=one.at, version_id=one.number, word_count=len(one.body), **facts,
            )
            for one, text in zip(made, texts, strict=True)
        )  # fmt: skip
        ArticleVersion.objects.bulk_create(
            ArticleVersion(pk=one.number, article_id=one.number, number=1, title=" ".join(one.title).capitalize(),
                           text=text, quality="full", made_at=one.at, text_hash=str(one.number))
            for one, text in zip(made, texts, strict=True)
        )  # fmt: skip
        model = shipped_weights().model
        Vector.objects.bulk_create(
            Vector(article_id=one.number, model=model, values=vectors[one.number % VECTORS]) for one in made
        )


def peer_file() -> Path:
    """Where the peer's index lies."""
    from django.conf import settings

    return Path(settings.OCTAVO.data) / "peer.sqlite3"


def open_peer() -> sqlite3.Connection:
    """The peer: titles and texts in FTS5 without their content, with its Porter stemmer."""
    peer = sqlite3.connect(peer_file())
    peer.execute("PRAGMA journal_mode = WAL")
    peer.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS text USING fts5(title, body, content='', tokenize='porter unicode61')"
    )
    return peer


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    return sum(file.stat().st_size for file in path.rglob("*")) if path.is_dir() else path.stat().st_size


def search() -> dict[str, Any]:
    """Milliseconds of each search, of what is related, of a suggestion, and of the peer; memory in MB."""
    from django.utils import timezone

    from octavo.core.reading import searching
    from octavo.services import related
    from octavo.services import search as service
    from octavo.services.indexing import index_root, reader_of
    from octavo.store.models import Article

    reader, now = reader_of(index_root()), timezone.now()
    count = reader.count()
    chance = random.Random(SEED)
    keys = chance.sample(range(1, count + 1), min(count, SEARCHES))
    articles = list(Article.objects.filter(pk__in=keys).select_related("version"))
    wanted = list(questions([one.version.text for one in articles if one.version], chance))
    misspelt = [misspell(chance.choice(one.title.split()), chance) for one in articles[:100]]
    peer = open_peer()
    work: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
        "index": (lambda asked: reader.search(searching.parse(asked, now.date()), now, FOUND), wanted),
        "search": (service.search, wanted),
        "related": (related.related, articles),
        "suggestion": (service.search, misspelt),
        "fts5": (lambda asked: ask_peer(peer, asked), wanted),
    }
    for name, (ask, asked) in work.items():
        if name != "related":
            timed(ask, asked[:WARMING])
    process = psutil.Process()
    times: dict[str, Any] = {}
    for name, (ask, asked) in work.items():
        times[name] = timed(ask, asked)
        if name == "suggestion":
            memory = process.memory_info()
            # What is mapped from the index's files is the system's to take back whenever memory is short.
            times["own_mb"], times["resident_mb"] = (memory.rss - memory.shared) / 1e6, memory.rss / 1e6
    times["articles"] = count
    return times


def questions(texts: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Two or three words of each text, some common and some rare; of every third text a phrase."""
    for number, text in enumerate(texts):
        words = text.replace(".", "").lower().split()
        start = chance.randrange(len(words) - 3)
        if number % 3 == 0:
            yield f'"{" ".join(words[start : start + 2])}"'
        else:
            yield " ".join(chance.sample(words, chance.choice((2, 3))))


def misspell(word: str, chance: random.Random) -> str:
    """A word with two neighbouring letters exchanged and one doubled."""
    at = chance.randrange(len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return swapped + swapped[-1]


def main(arguments: list[str]) -> None:
    """The verb that is asked for; its answer as JSON."""
    prepare()
    began = time.perf_counter()
    answer = fill(int(arguments[1])) if arguments[0] == "fill" else search()
    json.dump({**answer, "seconds": time.perf_counter() - began}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
