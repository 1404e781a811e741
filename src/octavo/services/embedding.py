"""Gives articles the vectors of the model that is in use now; those of another model are replaced, the newest first.

It works in small steps while nothing else is to be folded. Until the active window is done the desk compares what it has
of the new model's, and words; it never compares vectors of two models.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final, Protocol

from django.db import transaction
from django.db.models import Q

from octavo.ai.embedding import EmbeddingError, reads, wording
from octavo.core.types import Article as Laid
from octavo.services import laying, placing
from octavo.services.leases import Held
from octavo.store import vectors
from octavo.store.models import Placement

# Articles in one step: a second's work.
STEP: Final = 64
# A text longer than what is embedded of one: a model may be made for shorter ones.
LONG: Final = "ready " * 600

log = logging.getLogger(__name__)


class Encoder(Protocol):
    """What turns texts into vectors, such as `ai/embedding.py: Embedder`."""

    @property
    def id(self) -> str:
        """The model's id, to be stored with each vector."""

    def embed(self, texts: Sequence[str]) -> vectors.Floats:
        """Unit vectors [texts, width]."""


def pack(encoder: Encoder | None, articles: Sequence[Laid]) -> list[bytes | None]:
    """The vectors of articles as they are stored, None where there is no model, or none that reads the language.

    Each text is embedded by itself: in a batch, int8 arithmetic would let its vector depend on the others.
    """
    if encoder is None:
        return [None] * len(articles)
    return [vectors.pack(encoder.embed([wording(one)])[0]) if reads(encoder.id, one) else None for one in articles]


def usable(encoder: Encoder | None) -> Encoder | None:
    """A model that works; None, with a line in the log, where it does not."""
    try:
        if encoder is not None:
            encoder.embed(["ready", LONG])
        return encoder
    except EmbeddingError as error:
        log.warning("Articles are folded by their words alone: %s", error)
        return None


def renew(held: Held, encoder: Encoder, before: int | None) -> int | None:
    """Embeds the newest articles that came before a place in the order and lack this model's vector; one step.

    Returns the place from which to go on, None where nothing is left.
    """
    rows = Placement.objects.filter(Q(article__vector=None) | ~Q(article__vector__model=encoder.id))
    rows = rows.select_related("article__publisher", "version").order_by("-sequence")
    if before is not None:
        rows = rows.filter(sequence__lt=before)
    step = list(rows.defer("version__html")[:STEP])
    if not step:
        return None
    packed = pack(encoder, [laying.as_laid(row.article, row.version) for row in step])
    with transaction.atomic():
        placing.fence(held)
        here = placing.locked(row.article_id for row in step)
        made = zip(step, packed, strict=True)
        placing.keep_vectors({row.article_id: one for row, one in made if one and row.article_id in here}, encoder.id)
    return step[-1].sequence
