"""The pipe `related`, line by line: an article of a corpus, or any other, in; those on its subject out. It keeps nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Any, Final, Protocol

from octavo.ai.embedding import Vectors, reads, wording
from octavo.cli.storylines import EPOCH, REPAIR_EVERY, attempt, read_article
from octavo.core.folding import sketches
from octavo.core.folding.desk import Desk
from octavo.core.folding.related import CANDIDATES, Related, Subject, choose, rank
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import SECONDS_A_DAY, language_of
from octavo.core.folding.window import Floats
from octavo.core.types import Article
from octavo.index.text import Document, TextReader, TextWriter, fresh_folder, publish, sketch_of

Row = dict[str, Any]

# Articles that are put into the index, and embedded, in one step.
STEP: Final = 64


class Embeds(Protocol):
    """What turns texts into vectors."""

    @property
    def id(self) -> str:
        """The model's id, which tells the languages that it reads."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors [texts, width]."""


def read_corpus(path: Path) -> Iterator[Row]:
    """The objects of a JSON Lines file, packed where its name ends in .gz. ValueError where it cannot be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(line, f"{path}, line {number}")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from None


def _row(line: str, where: str) -> Row:
    """The object of a line; ValueError where it is none."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{where} is not JSON: {error}") from None
    if not isinstance(row, dict):
        raise ValueError(f"{where} is not a JSON object")
    return row


def related_rows(rows: Iterable[Row], corpus: Corpus, most: int, *, folded: bool) -> Iterator[Row]:
    """A line for each row, in order and at once; `folded`: no copies, one article a story."""
    for row in rows:
        unread = "error" in row and row.get("id") is None
        yield row if unread else attempt(row, partial(_answer, corpus, row, most, folded))


def _answer(corpus: Corpus, row: Row, most: int, folded: bool) -> Row:
    """The articles on the subject of a row's."""
    found = corpus.related(row, most, folded=folded)
    return {"related": [{"id": corpus.name(one.subject.id), "score": round(one.odds, 4)} for one in found]}


class Corpus:
    """The articles that can be related, in an index below a folder; told apart by their places, as they have come."""

    def __init__(self, rows: Iterable[Row], folder: Path, embedder: Embeds | None) -> None:
        """Takes in every row; ValueError where one is no article or there is none."""
        self._rows = list(rows)
        self.articles = [read_article(row) for row in self._rows]
        if not self.articles:
            raise ValueError("the corpus is empty: it needs one article a line")
        self._place = {one.id: place for place, one in enumerate(self.articles)}
        self._terms = Terms()
        self._reader = self._indexed(folder)
        self._vectors = Remembered(embedder) if embedder else None
        self._stories: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._folding: Folding | None = None
        self._strangers = count()

    def _indexed(self, root: Path) -> TextReader:
        """A look into an index of all articles."""
        folder = fresh_folder(root)
        writer = TextWriter(folder)
        waiting = iter(enumerate(self.articles))
        while some := list(islice(waiting, STEP)):
            writer.put(_document(place, one) for place, one in some)
        writer.commit()
        writer.close()
        publish(folder)
        return TextReader(root)

    def embed_by(self, embedder: Embeds | None) -> None:
        """From now on articles are compared by these vectors; None: by words alone."""
        self._vectors = Remembered(embedder) if embedder else None

    def fold(self) -> None:
        """Finds out which articles are one story and which share a text."""
        self._folding = Folding()
        order = sorted(range(len(self.articles)), key=lambda place: self.articles[place].published or EPOCH)
        for at in range(0, len(order), STEP):
            places = order[at : at + STEP]
            for place, vector in zip(places, self._embedded(places), strict=True):
                self._folding.take(str(place), self.articles[place], vector)
        self._folding.repair()
        self._stories, self._texts = self._folding.stories, self._folding.texts

    def name(self, place: str) -> Any:
        """An article's id as the corpus writes it."""
        return self._rows[int(place)]["id"]

    def related(self, row: Row, most: int, *, folded: bool) -> list[Related]:
        """The articles on the subject of a row's, best first; `folded` asks for `fold` first. ValueError as in `around`."""
        asked, subjects, scores, own = self.around(row)
        ranked = rank(asked, subjects, scores, own)
        return choose(asked, ranked, most) if folded else ranked[:most]

    def around(self, row: Row) -> tuple[Subject, list[Subject], list[float], float]:
        """A row's article, the candidates, their scores in the index, and the article's own, as `rank` takes them.

        ValueError where the row names no article of the corpus and is none itself.
        """
        article = read_article(row)
        place = self._place.get(article.id)
        if not (article.title or article.text):
            if place is None:
                raise ValueError(f"{article.id} is not in the corpus; a line needs an id of it, or a title and text")
            article = self.articles[place]
        found = self._reader.alike(article.title, article.text, language_of(article), CANDIDATES, place)
        vectors = self._embedded([one.id for one in found.others])
        subjects = [self._subject(one.id, one.sketch, v) for one, v in zip(found.others, vectors, strict=True)]
        scores = [one.score for one in found.others]
        own = found.own.score if found.own else max(scores, default=0.0)
        return self._asked(article, place), subjects, scores, own

    def _asked(self, article: Article, place: int | None) -> Subject:
        """The article that is asked about."""
        packed = sketch_of(article.title, article.text, language_of(article), self._terms)
        vector = self._vectors.of([article])[0] if self._vectors else None
        if place is not None:
            return self._subject(place, sketches.read(packed), vector)
        kept, story, text = sketches.read(packed), "", ""
        if self._folding:
            story, text = self._folding.take(f"asked {next(self._strangers)}", article, vector)
        return _subject(article.id, article, kept, vector, story, text)

    def _subject(self, place: int, kept: sketches.Sketch, vector: Floats | None) -> Subject:
        """An article of the corpus as it is compared."""
        article = self.articles[place]
        story, text = self._stories.get(str(place), ""), self._texts.get(str(place), "")
        return _subject(str(place), article, kept, vector, story, text)

    def _embedded(self, places: Sequence[int]) -> Sequence[Floats | None]:
        """The vectors of some articles, each None where there is no embedder."""
        if self._vectors is None or not places:
            return [None] * len(places)
        return self._vectors.of([self.articles[place] for place in places])


class Remembered:
    """An embedder that embeds each text once."""

    def __init__(self, embedder: Embeds) -> None:
        self._embedder = embedder
        self._known: dict[bytes, Floats] = {}

    def of(self, articles: Sequence[Article]) -> list[Floats | None]:
        """The vectors of some articles; None for those in a language that the model does not read."""
        legible = [reads(self._embedder.id, article) for article in articles]
        texts = [wording(article) for article, is_legible in zip(articles, legible, strict=True) if is_legible]
        found = iter(self._embed(texts))
        return [next(found) if is_legible else None for is_legible in legible]

    def _embed(self, texts: Sequence[str]) -> list[Floats]:
        """The vectors of some texts."""
        keys = [hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            self._known |= zip(new, self._embedder.embed(list(new.values())), strict=True)
        return [self._known[key] for key in keys]


class Folding:
    """A desk that is fed with articles, each under a name of its own: their stories and their earliest texts, by name."""

    def __init__(self) -> None:
        self._desk = Desk()
        self.stories: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def take(self, name: str, article: Article, vector: Floats | None) -> tuple[str, str]:
        """Places an article, and returns its story and text; repairs first where much has come since the last time."""
        if len(self.stories) % REPAIR_EVERY == REPAIR_EVERY - 1:
            self.repair()
        decision = self._desk.arrive(replace(article, id=name), vector)
        first = (decision.copy and decision.copy.copy_of) or name
        self.stories[name], self.texts[name] = decision.story, self._earliest(first)
        for joined in decision.copy.joined if decision.copy else ():
            self.texts[joined] = self.texts[name]
        return decision.story, self.texts[name]

    def repair(self) -> None:
        """Repairs the whole window, and follows the groups of texts that were joined."""
        for moved in self._desk.repair(whole_window=True):
            self.stories[moved.article] = moved.after
        for name in self.texts:
            self.texts[name] = self._earliest(name)

    def _earliest(self, name: str) -> str:
        """The earliest text of a group, after groups have been joined."""
        while (earlier := self.texts.get(name, name)) != name:
            name = earlier
        return name


def _document(place: int, article: Article) -> Document:
    """An article as the index takes it."""
    names = (article.source,) if article.source else ()
    at = article.published or EPOCH
    return Document(place, article.title, article.text, names, language_of(article), "", "", at)


def _subject(
    name: str, article: Article, kept: sketches.Sketch, vector: Floats | None, story: str, text: str
) -> Subject:
    """An article as it is compared, under a name; `story` and the earliest `text` of its group are empty where unknown."""
    texts = frozenset([text] if text else [])
    return Subject(name, kept.weighed, vector, _day(article), article.source, kept.names, story, texts)


def _day(article: Article) -> float | None:
    """An article's day since 1970, None where its time is unknown."""
    return article.published.timestamp() / SECONDS_A_DAY if article.published else None
