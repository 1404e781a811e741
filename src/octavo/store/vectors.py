"""Stored vectors as arrays and back: float16, little-endian. It compares none, and never gives one model's for another's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.store.models import Vector

STORED: Final = np.dtype("<f2")

Floats = NDArray[np.float32]


def pack(vector: Floats) -> bytes:
    """A vector as it is stored."""
    return vector.astype(STORED).tobytes()


def unpack(values: bytes | memoryview) -> Floats:
    """A stored vector [width]."""
    return np.frombuffer(values, STORED).astype(np.float32)


def of_articles(ids: Iterable[int], model: str) -> dict[int, Floats]:
    """The vectors that a model made of these articles, by article; one query."""
    rows = Vector.objects.filter(article__in=set(ids), model=model).order_by()
    return {article: unpack(values) for article, values in rows.values_list("article_id", "values")}
