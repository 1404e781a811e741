"""The pipe `cluster`, line by line: articles in arrival order in, the story of each out. It keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Final

from octavo.ai.embedding import BATCH, Embedder
from octavo.core.folding.desk import Desk
from octavo.core.folding.explaining import Explanation
from octavo.core.types import Article

Row = dict[str, Any]

# A long stream is repaired on the way, before its oldest articles leave the window.
REPAIR_EVERY: Final = 5_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Beyond these a time cannot be written in UTC, whatever its zone.
FIRST_TIME: Final = datetime(1, 1, 2, tzinfo=UTC)
LAST_TIME: Final = datetime(9999, 12, 30, tzinfo=UTC)


def read_article(row: Row) -> Article:
    """The article of a line; ValueError where the line has no id. A time that cannot be read counts as unknown."""
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool):
        raise ValueError('a line needs an "id"')
    title, text, source, url, language = (str(row.get(k) or "") for k in ("title", "text", "source", "url", "language"))
    return Article(str(row["id"]), title, text, read_time(row.get("published")), source, url, language)


def read_time(written: object) -> datetime | None:
    """An ISO 8601 time, in UTC where it names no zone; None where it is none, or none that a calendar holds."""
    try:
        time = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    return time if FIRST_TIME <= time <= LAST_TIME else None


def story_rows(
    rows: Iterable[Row], *, online: bool, explain: bool, embedder: Embedder | None, desk: Desk | None = None
) -> Iterator[Row]:
    """A line for each row, in order. `online`: at once, as decided on arrival; else after the stream and the repair."""
    desk = desk or Desk(model=embedder.id if embedder else "")
    clustering = Clustering(desk, embedder, explain=explain)
    if online:
        for row in rows:
            yield from clustering.take([row])
        return
    answers: list[Row] = []
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        answers += clustering.take(batch)
    clustering.repair()
    yield from map(clustering.settled, answers)


class Clustering:
    """A desk that is fed lines."""

    def __init__(self, desk: Desk, embedder: Embedder | None, *, explain: bool) -> None:
        self._desk, self._embedder, self._explain = desk, embedder, explain
        self._story: dict[str, str] = {}
        self._told: dict[str, Row] = {}
        self._since_repair = 0

    def take(self, batch: Sequence[Row]) -> list[Row]:
        """Places the articles of some lines and answers each."""
        articles = [self._read(row) for row in batch]
        usable = [article for article in articles if isinstance(article, Article)]
        vectors = self._embedder.vectors(usable) if self._embedder and usable else None
        answers: list[Row] = []
        for row, article in zip(batch, articles, strict=True):
            if isinstance(article, Article):
                vector = None if vectors is None else vectors[usable.index(article)]
                answers.append(attempt(row, partial(self._place, article, vector)))
            else:
                answers.append(article)
        return answers

    def _read(self, row: Row) -> Article | Row:
        """The article of a line, or the line that tells why there is none."""
        if "error" in row and row.get("id") is None:
            return row
        try:
            return read_article(row)
        except ValueError as error:
            return {"id": row.get("id"), "error": str(error)}

    def _place(self, article: Article, vector: Any) -> Row:
        """Places an article; repairs first where much has come since the last time."""
        decision = self._desk.arrive(article, vector)
        self._story[decision.article] = decision.story
        self._since_repair += 1
        told: Row = {"story": decision.story}
        if self._explain:
            told["why"] = self._why(decision.story) | {
                "odds": round(decision.odds, 2),
                "earlier": list(decision.earlier),
            }
        if self._since_repair >= REPAIR_EVERY:
            self.repair(whole_window=False)
        return told

    def repair(self, *, whole_window: bool = True) -> None:
        """Repairs the whole window, or what was touched since the last time, and keeps what moved."""
        for moved in self._desk.repair(whole_window=whole_window):
            self._story[moved.article] = moved.after
        self._since_repair = 0

    def settled(self, answer: Row) -> Row:
        """An answer as it stands after the last repair."""
        if "error" in answer:
            return answer
        story = self._story[str(answer["id"])]
        told = answer | {"story": story}
        if self._explain:
            told["why"] = answer["why"] | self._told.setdefault(story, self._why(story))
        return told

    def _why(self, story: str) -> Row:
        """Why the articles of a story are together, as far as they are still in the window."""
        try:
            return why_row(self._desk.explain(story))
        except KeyError:
            return {}


def attempt(row: Row, work: Callable[[], Row]) -> Row:
    """What `work` makes of a row, or the reason why it could not."""
    try:
        return {"id": row.get("id"), **work()}
    except ValueError as error:
        return {"id": row.get("id"), "error": str(error)}


def why_row(explanation: Explanation) -> Row:
    """An explanation as the object that is put on a line."""
    first, last = (None if day is None else (EPOCH + timedelta(days=day)).isoformat(timespec="seconds")
                   for day in (explanation.first_day, explanation.last_day))  # fmt: skip
    return {
        "articles": len(explanation.articles),
        "names": list(explanation.names),
        "words": list(explanation.words),
        "first": first,
        "last": last,
        "links": [asdict(link) for link in explanation.links],
    }
