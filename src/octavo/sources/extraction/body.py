"""Chooses which blocks of a page are its article: a small learned network weighs each block and its votes.

It never adds text: what it keeps stands in the page. Weights: `core/weights/blocks.json`, fitted by
`training/blocks.py` on pages whose article text people had marked.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from octavo.sources.extraction.blocks import Block
from octavo.sources.extraction.candidates import Vote
from octavo.sources.extraction.features import CUE, Matrix, describe, with_neighbours

THRESHOLD = 0.5  # keep a block from here; .45 favours recall, .6 precision, by less than .002 F1 each (evals)
THRESHOLD_BETWEEN = 0.3  # and from here where it has no link and stands between two that are kept
POINTER = 160  # characters: 'Read also: …' and the like are shorter
WEIGHTS = "blocks.json"


@dataclass(frozen=True, slots=True)
class Network:
    """Some small networks of one hidden layer whose answers are averaged. `mean` and `scale` standardise the columns."""

    mean: Matrix
    scale: Matrix
    layers: tuple[tuple[Matrix, Matrix, Matrix, Matrix], ...]

    def predict(self, rows: Matrix) -> NDArray[np.float32]:
        """The probability that each row's block belongs to the article."""
        standard = (rows - self.mean) / self.scale
        total = np.zeros(len(rows), dtype=np.float32)
        for into, bias, out, offset in self.layers:
            score = np.tanh(standard @ into + bias) @ out + offset
            total += 1 / (1 + np.exp(-np.clip(score[:, 0], -30, 30)))
        return (total / len(self.layers)).astype(np.float32)


def unpack(packed: dict[str, object]) -> Matrix:
    """A matrix out of its packed form: its shape, and its numbers as half-precision floats in base 64."""
    numbers = np.frombuffer(base64.b64decode(str(packed["float16"])), dtype=np.float16).astype(np.float32)
    shape = packed["shape"]
    assert isinstance(shape, list)
    return numbers.reshape(shape)


@cache
def network() -> Network:
    """The fitted network, loaded once."""
    stored = json.loads(files("octavo.core.weights").joinpath(WEIGHTS).read_text(encoding="utf-8"))
    layers = tuple(tuple(unpack(part) for part in layer) for layer in stored["layers"])
    return Network(unpack(stored["mean"]), unpack(stored["scale"]), layers)  # type: ignore[arg-type]


def choose(blocks: list[Block], votes: tuple[Vote, ...], title: str) -> list[int]:
    """The numbers of the blocks that are the article, in order."""
    if not blocks:
        return []
    likely = network().predict(with_neighbours(describe(blocks, votes, title)))
    kept = np.flatnonzero(likely >= THRESHOLD)
    if not len(kept):
        return []
    between = np.zeros(len(blocks), dtype=bool)
    between[kept[0] : kept[-1]] = True
    wanted = np.where(between, THRESHOLD_BETWEEN, THRESHOLD)
    return [
        number
        for number, block in enumerate(blocks)
        if likely[number] >= (wanted[number] if not block.links else THRESHOLD) and not is_pointer(block)
    ]


def is_pointer(block: Block) -> bool:
    """Whether a block only leads to another page: 'Read also: …', mostly a link."""
    text = block.text
    return (
        bool(block.links) and len(text) < POINTER and block.link_characters > 0.4 * len(text) and bool(CUE.match(text))
    )
