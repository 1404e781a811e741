"""Folds arriving articles into stories; only the process that holds the desk may call it, from one thread.

An article's own transaction lists it in FoldWork. Here the listed articles are embedded, laid on the desk some at a time,
and saved with what was decided of them in one transaction that strikes them off. The desk lies in memory and is rebuilt
from the store, so a kill at any moment gives the same stories as none. Where no model is installed, articles are compared
by their words alone.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from octavo.ai.embedding import Embedder, EmbeddingError, find
from octavo.core.folding.desk import ArrivalDecision, Desk, Moved
from octavo.core.folding.explaining import Explanation
from octavo.core.folding.window import WINDOW
from octavo.core.types import Article as Laid
from octavo.services import correcting, deskfile, embedding, laying, placing
from octavo.services.deskfile import Opened
from octavo.services.embedding import Encoder
from octavo.services.leases import Held
from octavo.services.placing import Outcome, Placed
from octavo.store import vectors
from octavo.store.models import Correction

log = logging.getLogger(__name__)

# Articles in one transaction: a second's work, of which a kill repeats no more.
BATCH: Final = 64
# Articles laid down between two repairs, and the seconds after which fewer are repaired too: a repair costs some tenths of a
# second, and until it comes an article may stand alone that belongs to a story.
REPAIR_EVERY: Final = 250
REPAIR_SECONDS: Final = 30.0
# Articles after which the desk is kept in a file: so many are laid down again after a kill. At an orderly end, fewer.
SNAPSHOT_EVERY: Final = 2_000
SNAPSHOT_AT_END: Final = 250


class Stopped(RuntimeError):
    """The process ends, so the desk was not rebuilt to the end."""


class Folding:
    """The desk of this process. It is opened by the first work, and let go when a step could not be saved."""

    def __init__(
        self, data: Path, find_encoder: Callable[[Path], Encoder | None] | None = None, window: int = WINDOW
    ) -> None:
        self._data, self._window = data, window
        self._find_encoder = find_encoder or find
        self._desk: Desk | None = None
        self._encoder: Encoder | None = None
        self._renewed = 0
        self._renewed_to: int | None = None
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
            while not self._stopping.is_set() and (done := self._step(held, finish)) is not None:
                folded += done
        except BaseException:
            self.close()
            raise
        return folded

    def _step(self, held: Held, finish: bool) -> int | None:
        """Does what comes next; how many articles were folded by it, None where there is nothing to do now."""
        if not (laying.behind() or correcting.are_due()):
            return self._renew(held)
        desk = self._open()
        if self._sequence - self._snapped >= SNAPSHOT_EVERY:
            self._keep(held, desk)
        if corrections := correcting.due():
            return self._correct(held, desk, corrections)
        room = REPAIR_EVERY - (self._sequence - self._repaired)
        # Where a repair comes must not depend on kills, so no step goes beyond it.
        if room > 0 and (listed := laying.listed(min(BATCH, room))):
            return self._fold(held, desk, listed)
        return self._repair(held, desk) if self._wants_repair(finish) else None

    def build_model(self) -> None:
        """Builds the graph of the model where it is missing. A model that does not work is told of when it is used."""
        if isinstance(self._found, Embedder):
            with contextlib.suppress(EmbeddingError):
                self._found.build()

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
        packed = embedding.pack(self._encoder, [one.article for one in waiting])
        placed = [
            Placed(self._sequence + at, int(one.article.id), one.version, self._lay(desk, one.article, vector), vector)
            for at, (one, vector) in enumerate(zip(waiting, packed, strict=True), 1)
        ]
        placing.save(held, Outcome(placed=placed, model=self._model, work=[row for row, _ in listed]))
        self._sequence += len(placed)
        deskfile.keep_terms(desk, self._sequence)
        self._touched |= {one.decision.story for one in placed}
        return len(placed)

    def _lay(self, desk: Desk, article: Laid, vector: bytes | None) -> ArrivalDecision:
        """Lays an article on the desk, with its vector as it is stored.

        One that the desk cannot take is left out from the next try on, and stops no other.
        """
        try:
            return desk.arrive(article, None if vector is None else vectors.unpack(vector))
        except Exception:
            self._refused.add(article.id)
            log.error("Article %s cannot be folded and stands alone; please report this.", article.id)
            raise

    @cached_property
    def _found(self) -> Encoder | None:
        """The installation's model, looked for once: its id may take reading its weights. None where it cannot be read."""
        try:
            return self._find_encoder(self._data)
        except EmbeddingError as error:
            log.warning("Articles are folded by their words alone: %s", error)
            return None

    @cached_property
    def _usable(self) -> Encoder | None:
        """The installation's model if it works, tried once: what is broken stays so until somebody mends it and restarts."""
        return embedding.usable(self._found)

    @property
    def _model(self) -> str:
        return self._encoder.id if self._encoder else ""

    # ---------------------------------------------------------------- repairing

    def _repair(self, held: Held, desk: Desk) -> int:
        """Repairs the stories that were touched since the last time, and explains them anew; folds no article."""
        self._save_moves(held, desk, desk.repair(), is_repaired=True)
        return 0

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

    def _correct(self, held: Held, desk: Desk, corrections: Sequence[Correction]) -> int:
        """Acts on people's corrections, by a repair where the desk has the articles; folds no article."""
        said = correcting.said_of(corrections)
        is_due = desk.take_corrections(said)
        moved = correcting.named_again(desk.repair()) if is_due else []
        desk.stand({one.article: one.after for one in moved})
        further = correcting.beyond(said, moved)
        desk.stand({one.article: one.after for one in further})
        done = [correction.pk for correction in corrections]
        self._save_moves(held, desk, [*moved, *further], is_repaired=is_due, corrections=done)
        return 0

    def _explained(self, desk: Desk, names: Iterable[str]) -> dict[str, Explanation]:
        """Why the articles of stories are together, for those that are still there."""
        return {name: desk.explain(name) for name in sorted(names) if desk.articles_of(name)}

    # ---------------------------------------------------------------- embedding

    def _renew(self, held: Held) -> int | None:
        """Embeds some articles whose vectors are another model's; None where there are none. Folds no article.

        Once the active window has the new vectors, the desk is laid anew from the store to compare by them.
        """
        kept, found = placing.state(), self._found
        if found is None or not kept.sequence or kept.vectors_of == found.id:
            return None
        self._encoder = self._usable
        if self._encoder is None:
            return None
        self._renewed_to = embedding.renew(held, self._encoder, self._renewed_to)
        before, self._renewed = self._renewed, self._renewed + embedding.STEP
        if self._renewed_to is None:
            placing.note_vectors(held, self._encoder.id)
        if self._renewed_to is None or before < self._window <= self._renewed:
            placing.note_snapshot(held, "")
            self.close()
        return 0

    # ------------------------------------------------------------------ opening

    def _open(self) -> Desk:
        """The desk: taken up from its file, or rebuilt from the store, where it is not in memory."""
        if self._desk is None:
            began = time.monotonic()
            self._encoder = self._usable
            kept = placing.state()
            opened = deskfile.read(self._data, kept.snapshot, self._model, self._window)
            opened = opened or deskfile.fresh(self._window, self._model)
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
