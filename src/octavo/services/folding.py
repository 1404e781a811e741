"""Folds arriving articles into stories; only the process that holds the desk may call it, from one thread.

An article's own transaction lists it in FoldWork. Here the listed articles are embedded, laid on the desk in the order of
the list, and saved with what was decided of them in one transaction that strikes them off. The desk lies in memory and is
rebuilt from the store, so a kill at any moment gives the same stories as none. Where no model is installed, articles are
compared by their words alone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol

from octavo.ai.embedding import Embedder, EmbeddingError, find, wording
from octavo.core.folding.desk import ArrivalDecision, Desk
from octavo.core.folding.explaining import Explanation
from octavo.core.types import Article as Laid
from octavo.services import laying, placing
from octavo.services.leases import Held
from octavo.services.placing import Outcome, Placed
from octavo.store import vectors

log = logging.getLogger(__name__)

# Articles in one transaction: a second's work, of which a kill repeats no more.
BATCH: Final = 64
# Articles laid down between two repairs, and the seconds after which fewer are repaired too.
REPAIR_EVERY: Final = 250
REPAIR_SECONDS: Final = 30.0


class Stopped(RuntimeError):
    """The process ends, so the desk was not rebuilt to the end."""


class Encoder(Protocol):
    """What turns texts into vectors, such as `ai/embedding.py: Embedder`."""

    @property
    def id(self) -> str:
        """The model's id, to be stored with each vector."""

    def embed(self, texts: Sequence[str]) -> vectors.Floats:
        """Unit vectors [texts, width]."""


class Folding:
    """The desk of this process. It is opened by the first work, and let go when a step could not be saved."""

    def __init__(self, data: Path, find_embedder: Callable[[Path], Encoder | None] | None = None) -> None:
        self._data = data
        self._find_embedder = find_embedder or usable_embedder
        self._desk: Desk | None = None
        self._embedder: Encoder | None = None
        self._sequence = self._repaired = 0
        self._repaired_at = 0.0
        self._touched: set[str] = set()
        self._refused: set[str] = set()
        self._stopping = threading.Event()

    def catch_up(self, held: Held, *, finish: bool = False) -> int:
        """Folds what is listed; returns how many articles were. `finish`: repairs what was folded too, however little.

        DeskTaken where another process holds the desk by now; nothing of the last step was saved then.
        """
        folded = 0
        try:
            while not self._stopping.is_set() and laying.behind():
                desk = self._open()
                if self._sequence - self._repaired >= REPAIR_EVERY or not (listed := self._listed()):
                    if not self._wants_repair(finish):
                        break
                    self._repair(held, desk)
                else:
                    folded += self._fold(held, desk, listed)
        except BaseException:
            self.close()
            raise
        return folded

    def stop(self) -> None:
        """Lets `catch_up` return after the step that it is at; for other threads, when the process ends."""
        self._stopping.set()

    def close(self) -> None:
        """Lets the desk go; the next work opens it again from the store."""
        self._desk = None

    def _listed(self) -> list[tuple[int, int]]:
        """The next entries of the work list, up to the next repair: where it comes must not depend on kills."""
        room = REPAIR_EVERY - (self._sequence - self._repaired)
        return laying.listed(min(BATCH, room))

    def _wants_repair(self, finish: bool) -> bool:
        """Whether the stories are to be repaired now, although more may come."""
        since = self._sequence - self._repaired
        waited = time.monotonic() - self._repaired_at >= REPAIR_SECONDS
        return since >= REPAIR_EVERY or (since > 0 and (finish or waited))

    # ------------------------------------------------------------------ placing

    def _fold(self, held: Held, desk: Desk, listed: Sequence[tuple[int, int]]) -> int:
        """Lays the listed articles on the desk and saves what was decided; returns how many."""
        waiting = [
            one for one in laying.waiting([article for _, article in listed]) if one.article.id not in self._refused
        ]
        found = self._embed([one.article for one in waiting])
        placed = [
            Placed(self._sequence + at, int(one.article.id), one.version, self._lay(desk, one.article, vector), packed)
            for at, (one, (vector, packed)) in enumerate(zip(waiting, found, strict=True), 1)
        ]
        placing.save(held, Outcome(placed=placed, model=self._model, work=[row for row, _ in listed]))
        self._sequence += len(placed)
        self._touched |= {one.decision.story for one in placed}
        return len(placed)

    def _lay(self, desk: Desk, article: Laid, vector: vectors.Floats | None) -> ArrivalDecision:
        """Lays an article on the desk. One that the desk cannot take is left out from the next try on, and stops no other."""
        try:
            return desk.arrive(article, vector)
        except Exception:
            self._refused.add(article.id)
            log.error("Article %s cannot be folded and stands alone; please report this.", article.id)
            raise

    def _embed(self, articles: Sequence[Laid]) -> list[tuple[vectors.Floats | None, bytes | None]]:
        """The vectors of articles, as the desk takes them and as they are stored: the same to the last bit.

        Each text is embedded by itself: in a batch, int8 arithmetic would let its vector depend on the others.
        """
        if self._embedder is None:
            return [(None, None)] * len(articles)
        packed = [vectors.pack(self._embedder.embed([wording(one)])[0]) for one in articles]
        return [(vectors.unpack(one), one) for one in packed]

    @property
    def _model(self) -> str:
        return self._embedder.id if self._embedder else ""

    # ---------------------------------------------------------------- repairing

    def _repair(self, held: Held, desk: Desk) -> None:
        """Repairs the stories that were touched since the last time, and explains them anew."""
        moved = desk.repair()
        self._touched |= {one.after for one in moved}
        reasons = self._explained(desk, self._touched)
        placing.save(held, Outcome(moved=moved, reasons=reasons, model=self._model, is_repaired=True))
        self._touched.clear()
        self._repaired, self._repaired_at = self._sequence, time.monotonic()

    def _explained(self, desk: Desk, names: Iterable[str]) -> dict[str, Explanation]:
        """Why the articles of stories are together, for those that have several."""
        return {name: desk.explain(name) for name in sorted(names) if len(desk.articles_of(name)) > 1}

    # ------------------------------------------------------------------ opening

    def _open(self) -> Desk:
        """The desk, rebuilt from the store where it is not in memory."""
        if self._desk is None:
            self._embedder = self._find_embedder(self._data)
            kept = placing.state()
            began = time.monotonic()
            desk = Desk()
            count = self._replay(desk, kept.sequence, kept.repaired)
            self._sequence, self._repaired, self._repaired_at = kept.sequence, kept.repaired, time.monotonic()
            if count:
                log.info("the desk was rebuilt: %d articles in %.1f s", count, time.monotonic() - began)
            self._desk = desk
        return self._desk

    def _replay(self, desk: Desk, sequence: int, repaired: int) -> int:
        """Lays stored articles on a desk again, each into the story that it is in; returns how many."""
        count, after = 0, 0
        self._touched = set()
        while step := laying.past(after, self._model):
            if self._stopping.is_set():
                raise Stopped
            for one in step:
                if one.sequence > repaired and not self._touched:
                    desk.settle()
                desk.replay(one.article, one.vector, one.story, one.copy)
                if one.sequence > repaired:
                    self._touched.add(one.story)
            after = step[-1].sequence
            count += len(step)
        if not self._touched:
            desk.settle()
        return count


def usable_embedder(data: Path) -> Embedder | None:
    """The embedder of this installation; None, with a line in the log, where there is none that works."""
    embedder = find(data)
    try:
        if embedder is not None:
            embedder.embed(["ready"])
        return embedder
    except EmbeddingError as error:
        log.warning("Articles are folded by their words alone: %s", error)
        return None
