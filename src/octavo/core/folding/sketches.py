"""Makes an article so small that an index can hold it beside a million others, and still compare it: numbers, no words.

A sketch has the weightiest terms with their weights in a byte each, the numbers and word pairs, and the names as a reader
reads them. It is bytes out and bytes in; what it was made from cannot be read out of it, but for the names.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.sparse import Column, Weighed, weigh
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import Views
from octavo.core.folding.window import Floats

# What is kept: fewer terms than the desk keeps, since a million articles are kept. evals: related/related.
MOST_TERMS: Final = 80
MOST_NUMBERS: Final = 16
MOST_PAIRS: Final = 32
LONGEST_NAMES: Final = 200

# A byte stands for the square of its share of GREATEST: small weights are told as finely as large ones.
GREATEST: Final = 3.0
_WEIGHTS: Final = ((np.arange(256, dtype=np.float32) / 255) ** 2 * GREATEST).astype(np.float32)
_HEAD: Final = struct.Struct("<BBBB")
_SEPARATOR: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Sketch:
    """An article as it is kept: its weighed terms, and its chief names."""

    weighed: Weighed
    names: tuple[str, ...]


def sketch(views: Views, terms: Terms) -> bytes:
    """The sketch of an article, packed."""
    whole = weigh(views, terms)
    kept = slice(0, MOST_TERMS)
    numbers, pairs = slice(0, MOST_NUMBERS), slice(0, MOST_PAIRS)
    parts = (
        (whole.ids[kept], whole.weights[kept]),
        (whole.number_ids[numbers], whole.number_weights[numbers]),
        (whole.pair_ids[pairs], whole.pair_weights[pairs]),
    )
    head = _HEAD.pack(*(len(ids) for ids, _ in parts), int(whole.has_names))
    packed = b"".join(ids.astype("<i4").tobytes() + _to_bytes(weights) for ids, weights in parts)
    names = _SEPARATOR.join(views.shown_names)
    return head + packed + names.encode("utf-8", "replace")[:LONGEST_NAMES]


def read(packed: bytes) -> Sketch:
    """A sketch out of its bytes. ValueError where they are none."""
    try:
        *counts, has_names = _HEAD.unpack_from(packed)
        at, parts = _HEAD.size, []
        for count, width in zip(counts, (len(Column), 1, 1), strict=True):
            parts.append(_part(packed, at, count, width))
            at += count * (4 + width)
    except struct.error:
        raise ValueError("these bytes are no sketch") from None
    (ids, weights), (number_ids, number_weights), (pair_ids, pair_weights) = parts
    weighed = Weighed(ids, weights, number_ids, number_weights.ravel(), pair_ids, pair_weights.ravel(), bool(has_names))
    names = packed[at:].decode("utf-8", "ignore")
    return Sketch(weighed, tuple(names.split(_SEPARATOR)) if names else ())


def _part(packed: bytes, at: int, count: int, width: int) -> tuple[NDArray[np.int32], Floats]:
    """So many ids that lie at a place, and the weights behind them [count, width]."""
    ids = np.frombuffer(packed, "<i4", count, at)
    weights = _WEIGHTS[np.frombuffer(packed, np.uint8, count * width, at + ids.nbytes)]
    return ids, weights.reshape(count, width)


def _to_bytes(weights: Floats) -> bytes:
    """Weights as bytes, of which `_WEIGHTS` has the meaning."""
    shares: NDArray[np.float32] = np.sqrt(np.clip(weights, 0, GREATEST) / GREATEST)
    return np.rint(shares * 255).astype(np.uint8).tobytes()
