"""Chooses which blocks of a page are its article: a small learned network weighs each block and its votes.

A first network sees each block with the cheap votes; a second one also what the first thinks of the block's surroundings
(stacked sequential learning: Cohen and Carvalho, 2005). Where that still doubts, a third one hears the dear vote too. It never adds text: what it keeps stands in the page. Weights: `core/weights/blocks.json`, fitted by
`training/blocks.py` on pages whose article text people had marked.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octavo.sources.extraction.assemble import data_tables
from octavo.sources.extraction.blocks import UNSEEN, Block
from octavo.sources.extraction.candidates import Vote
from octavo.sources.extraction.features import CUE, Described, Matrix, describe, describe_first, describe_vote
from octavo.sources.extraction.furniture import furniture

THRESHOLD = 0.5  # keep a block from here; .45 favours recall, .6 precision, by less than .002 F1 each (evals)
THRESHOLD_BETWEEN = 0.3  # and from here where it has no link and stands between two that are kept
THRESHOLD_TABLE = 0.2  # and from here, on average, the cells of a table between them: single words are judged timidly
HIDDEN_SHARE = 0.5  # of the characters: more than this that no browser shows is the article itself, shown by a script
POINTER = 160  # characters: 'Read also: …' and the like are shorter
DOUBT = 0.12  # words that may be judged wrongly for each word kept: from here the dear vote is heard
DOUBT_WORDS = 30  # added to the words kept, so that tiny pages do not always doubt
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


def unpack_network(stored: dict[str, Any]) -> Network:
    """A network out of its packed form."""
    layers = tuple(tuple(unpack(part) for part in layer) for layer in stored["layers"])
    return Network(unpack(stored["mean"]), unpack(stored["scale"]), layers)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Judges:
    """The three networks: of the blocks alone, of the blocks in what the first thinks, and with the dear vote."""

    first: Network
    second: Network
    third: Network

    def weigh(self, page: Described, ask_dear: Callable[[], Matrix]) -> Matrix:
        """How likely each block belongs to the article; `ask_dear` gives the dear vote's columns, only in doubt."""
        rows = np.concatenate([page.rows, describe_first(page, self.first.predict(page.rows))], axis=1)
        likely = self.second.predict(rows)
        if doubt(likely, page.counts) <= DOUBT:
            return likely
        return self.third.predict(np.concatenate([rows, ask_dear()], axis=1))


@cache
def judges() -> Judges:
    """The fitted networks, loaded once."""
    stored = json.loads(files("octavo.core.weights").joinpath(WEIGHTS).read_text(encoding="utf-8"))
    return Judges(*(unpack_network(stored[name]) for name in ("first", "second", "third")))


def doubt(likely: Matrix, counts: Matrix) -> float:
    """The words that are judged wrongly if the network is right about its own doubts, for each word kept."""
    return float(np.minimum(likely, 1 - likely) @ counts) / (float(likely @ counts) + DOUBT_WORDS)


def choose(blocks: list[Block], votes: tuple[Vote, Vote], ask_dear: Callable[[], Vote], title: str) -> list[int]:
    """The numbers of the blocks that are the article, in order. `ask_dear` gives the dear vote when called."""
    if not blocks:
        return []
    page = describe(blocks, votes, title)
    return select(blocks, judges().weigh(page, lambda: describe_vote(page, ask_dear())))


def select(blocks: list[Block], likely: Matrix) -> list[int]:
    """The numbers of the blocks to keep, given how likely each belongs to the article: no pointers, no furniture."""
    certain = np.flatnonzero(likely >= THRESHOLD)
    if not len(certain):
        return []
    wanted = np.full(len(blocks), THRESHOLD)
    for number in range(certain[0], certain[-1]):
        wanted[number] = THRESHOLD if blocks[number].links else THRESHOLD_BETWEEN
    likely = likely.copy()
    for cells in tables_of(blocks):
        likely[cells] = likely[cells].mean()
        if certain[0] < cells[0] and cells[-1] < certain[-1]:
            wanted[cells] = THRESHOLD_TABLE
    kept = [n for n in np.flatnonzero(likely >= wanted).tolist() if not is_pointer(blocks[n])]
    boxed = furniture(blocks, kept)
    return seen(blocks, [number for number in kept if number not in boxed])


def seen(blocks: Sequence[Block], kept: list[int]) -> list[int]:
    """The numbers without the blocks that a browser does not show, where these are the lesser part.

    Where they are the greater one, it is the article itself, which a script shows. What stands hidden among what is
    seen was not written for readers.
    """
    hidden = [number for number in kept if blocks[number].flags & UNSEEN]
    lengths = [sum(len(blocks[number].text) for number in numbers) for numbers in (hidden, kept)]
    if not hidden or lengths[0] > HIDDEN_SHARE * lengths[1]:
        return kept
    return [number for number in kept if number not in set(hidden)]


def tables_of(blocks: Sequence[Block]) -> list[list[int]]:
    """The numbers of the blocks of each table of figures and words: such a table is kept whole or not at all."""
    tables = data_tables(blocks)
    cells: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        table = next((place for tag, place in block.path if tag == "table" and place in tables), 0)
        if table:
            cells.setdefault(table, []).append(number)
    return list(cells.values())


def is_pointer(block: Block) -> bool:
    """Whether a block only leads to another page: 'Read also: …', mostly a link."""
    text = block.text
    return (
        bool(block.links) and len(text) < POINTER and block.link_characters > 0.4 * len(text) and bool(CUE.match(text))
    )
