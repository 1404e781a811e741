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
from octavo.core.folding.desk import WINDOW, ArrivalDecision, Desk, Moved
from octavo.core.folding.explaining import Explanation
from octavo.core.types import Article as Laid
from octavo.services import correcting, deskfile, laying, placing
from octavo.services.deskfile import Opened
from octavo.services.leases import Held
from octavo.services.placing import Outcome, Placed
from octavo.store import vectors
from octavo.store.models import Correction

log = logging.getLogger(__name__)

# Articles in one transaction: a second's work, of which a kill repeats no more.
BATCH: Final = 64
# Articles laid down between two repairs, and the seconds after which fewer are repaired too.
REPAIR_EVERY: Final = 250
REPAIR_SECONDS: Final = 30.0
# Articles after which the desk is kept in a file: so many are laid down again after a kill. At an orderly end, fewer.
SNAPSHOT_EVERY: Final = 2_000
SNAPSHOT_AT_END: Final = 250


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

    def __init__(
        self, data: Path, find_embedder: Callable[[Path], Encoder | None] | None = None, window: int = WINDOW
    ) -> None:
        self._data, self._window = data, window
        self._find_embedder = find_embedder or usable_embedder
        self._desk: Desk | None = None
        self._embedder: Encoder | None = None
        self._sequence = self._repaired = self._snapped = 0
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
            while not self._stopping.is_set() and (laying.behind() or correcting.are_due()):
                desk = self._open()
                if corrections := correcting.due():
                    self._correct(held, desk, corrections)
                    continue
                if self._sequence - self._snapped >= SNAPSHOT_EVERY:
                    self._keep(held, desk)
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

    def put_away(self, held: Held) -> None:
        """Lets the desk go in order, keeping it for the next process where much has come since the last time."""
        try:
            if self._desk is not None and self._sequence - self._snapped >= SNAPSHOT_AT_END:
                self._keep(held, self._desk)
        finally:
            self.close()

    def _keep(self, held: Held, desk: Desk) -> None:
        """Keeps the desk in a file and tells the store of it."""
        name = deskfile.write(self._data, desk, self._sequence, self._model)
        placing.note_snapshot(held, name)
        deskfile.clear(self._data, name)
        self._snapped = self._sequence

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
        deskfile.keep_terms(desk, self._sequence)
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
        self._save_moves(held, desk, desk.repair(), is_repaired=True)

    def _save_moves(
        self, held: Held, desk: Desk, moved: Sequence[Moved], *, is_repaired: bool, corrections: Sequence[int] = ()
    ) -> None:
        """Saves what moved, and explains the stories that were touched since the last repair."""
        self._touched |= {name for one in moved for name in (one.before, one.after)}
        reasons = self._explained(desk, self._touched)
        placing.save(held, Outcome((), moved, reasons, self._model, is_repaired=is_repaired, corrections=corrections))
        if is_repaired:
            self._touched.clear()
            self._repaired, self._repaired_at = self._sequence, time.monotonic()

    def _correct(self, held: Held, desk: Desk, corrections: Sequence[Correction]) -> None:
        """Acts on people's corrections, by a repair where the desk has the articles."""
        words = correcting.words_on(corrections)
        is_due = desk.take_words(words)
        moved = desk.repair() if is_due else []
        further = correcting.beyond(words, moved)
        desk.stand({one.article: one.after for one in further})
        done = [correction.pk for correction in corrections]
        self._save_moves(held, desk, [*moved, *further], is_repaired=is_due, corrections=done)

    def _explained(self, desk: Desk, names: Iterable[str]) -> dict[str, Explanation]:
        """Why the articles of stories are together, for those that are still there."""
        return {name: desk.explain(name) for name in sorted(names) if desk.articles_of(name)}

    # ------------------------------------------------------------------ opening

    def _open(self) -> Desk:
        """The desk: taken up from its file, or rebuilt from the store, where it is not in memory."""
        if self._desk is None:
            began = time.monotonic()
            self._embedder = self._find_embedder(self._data)
            kept = placing.state()
            opened = deskfile.read(self._data, kept.snapshot, self._model, self._window) or deskfile.fresh(self._window)
            count = self._replay(opened, kept.repaired)
            self._sequence, self._repaired, self._snapped = kept.sequence, kept.repaired, opened.sequence
            self._touched, self._repaired_at = laying.stories_after(kept.repaired), time.monotonic()
            self._desk = opened.desk
            log.info("the desk is open: %d articles laid anew in %.1f s", count, time.monotonic() - began)
        return self._desk

    def _replay(self, opened: Opened, repaired: int) -> int:
        """Lays on a desk what came after it was kept, each article in the story in which it is now; returns how many.

        What lay there already stands where the store has it; what came before the last repair counts as repaired.
        """
        desk, after, count = opened.desk, opened.sequence, 0
        waits_to_settle = repaired > opened.sequence
        if after:
            desk.stand(laying.standing(self._window))
        while step := laying.past(after, self._model):
            if self._stopping.is_set():
                raise Stopped
            for one in step:
                if waits_to_settle and one.sequence > repaired:
                    desk.settle()
                    waits_to_settle = False
                desk.replay(one.article, one.vector, one.story, one.copy)
            after, count = step[-1].sequence, count + len(step)
        if waits_to_settle:
            desk.settle()
        desk.recall((str(left), str(right), kept) for (left, right), kept in correcting.standing().items())
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
