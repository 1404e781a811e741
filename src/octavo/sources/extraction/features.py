"""Describes each block by numbers: its own shape, its surroundings, and which extractors voted for it."""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from octavo.sources.extraction.blocks import FLAGS, Block, Mark
from octavo.sources.extraction.candidates import Vote, agreement, key

Matrix = NDArray[np.float32]

TAGS = ("p", "h1", "h2", "h3", "h4", "li", "td", "div", "figcaption", "pre", "blockquote", "span", "dd", "section")
FLAG_COUNT = len(FLAGS)
TERMINAL = re.compile(r"[.!?…。؟।][\"'”’»)\]]*$")
OPENS = re.compile(r"^[\"'“‘«(\[]?[A-ZÀ-ÞА-Я0-9؀-ۿ一-龥ぁ-ヿ]")
CUE = re.compile(
    r"^(?:read (?:more|also|next|full)|also read|see also|more (?:on|from|about)|related|recommended|advertise?ment|sponsored|"
    r"sign up|subscribe|newsletter|share|follow|click here|watch|listen|photo|image|copyright|©|all rights|published|"
    r"updated|posted|by |written by|tags?\b|topics?\b|filed under|categor|comments?\b|leave a|log ?in|register|join|download|"
    r"continue reading|previous|next|back to|print|email|save|source|credit|contact|about the author|most (?:read|popular)|"
    r"trending|you may|don't miss|cookie|we use|this (?:article|story)|lire aussi|à lire|mehr zum|lesen sie|anzeige|"
    r"publicidad|lea también|leia (?:também|mais)|publicidade|leggi anche|читайте|اقرأ|إعلان|شارك)",
    re.I,
)
CONTACT = re.compile(r"@\w|https?://|www\.|\b\d{1,2}[:/]\d\d|\b20\d\d\b|[|•·»]")


def flag_bits(masks: list[int]) -> Matrix:
    """Bit masks as rows of zeros and ones."""
    wide = np.array(masks, dtype=np.int64)[:, None]
    return ((wide >> np.arange(FLAG_COUNT, dtype=np.int64)) & 1).astype(np.float32)


def shape(block: Block, words: int) -> list[float]:
    """What a block looks like by itself."""
    text = block.text
    length = len(text)
    return [
        math.log1p(words) / 5,
        min(words, 60) / 60,
        block.link_characters / length,
        min(block.links, 10) / 10,
        float(bool(TERMINAL.search(text))),
        float(bool(OPENS.match(text))),
        float(bool(CUE.match(text))),
        float(bool(CONTACT.search(text))),
        sum(map(text.count, ",.;:")) / (words + 1),
        sum(map(str.isupper, text[:80])) / min(length, 80),
        sum(map(str.isdigit, text[:80])) / min(length, 80),
        float(words <= 3),
        float(3 < words <= 10),
        float(text.endswith((":", "?", "…"))),
        len(block.path) / 6,
        block.depth / 30,
        float(isinstance(block.pieces[0], Mark) and isinstance(block.pieces[-1], Mark)),
    ]  # fmt: skip


def shares(blocks: list[Block], counts: Matrix) -> Matrix:
    """How much of the page's words stands under the same parent, in the same kind of element, and where on the page."""
    good = counts * np.array([b.link_characters < 0.5 * len(b.text) for b in blocks], dtype=np.float32)
    total = float(good.sum()) + 1
    parents: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    for block, words in zip(blocks, good.tolist(), strict=True):
        parents[block.parent] += words
        kinds[block.signature] += words
    before = np.cumsum(good) - good
    return np.stack(
        [
            np.array([parents[b.parent] for b in blocks]) / total,
            np.array([kinds[b.signature] for b in blocks]) / total,
            before / total,
            np.arange(len(blocks)) / len(blocks),
        ],
        axis=1,
    ).astype(np.float32)


def span_of(votes: NDArray[np.float32], counts: Matrix) -> Matrix:
    """Per block: does it stand between the first and the last block that was voted for, and near its middle."""
    strong = np.flatnonzero((votes > 0.5) & (counts > 8))
    out = np.zeros((len(votes), 3), dtype=np.float32)
    if len(strong):
        places = np.arange(len(votes))
        out[:, 0] = (places >= strong[0]) & (places <= strong[-1])
        out[:, 1] = np.clip((strong[0] - places) / 10, 0, 1)
        out[:, 2] = np.clip((places - strong[-1]) / 10, 0, 1)
    return out


def parent_votes(blocks: list[Block], votes: NDArray[np.float32], counts: Matrix) -> NDArray[np.float32]:
    """Per block: which share of its parent's words was voted for."""
    have: Counter[int] = Counter()
    whole: Counter[int] = Counter()
    for block, vote, words in zip(blocks, votes.tolist(), counts.tolist(), strict=True):
        have[block.parent] += vote * words
        whole[block.parent] += words
    return np.array([have[b.parent] / (whole[b.parent] + 1e-6) for b in blocks], dtype=np.float32)


def describe(blocks: list[Block], votes: tuple[Vote, ...], title: str) -> Matrix:
    """One row of numbers a block, all about between 0 and 1."""
    keys = [key(block.text) for block in blocks]
    sizes = [block_key.count(" ") - 1 for block_key in keys]
    counts = np.array(sizes, dtype=np.float32)
    voted = np.array([[vote.share(k, n) for vote in votes] for k, n in zip(keys, sizes, strict=True)], dtype=np.float32)
    own = np.array([shape(block, n) for block, n in zip(blocks, sizes, strict=True)], dtype=np.float32)
    tags = np.array([[float(block.tag == tag) for tag in TAGS] for block in blocks], dtype=np.float32)
    often = Counter(keys)
    title_key = key(title)
    rest = np.array([[float(k == title_key), float(often[k] > 1)] for k in keys], dtype=np.float32)
    page = [
        float(bool(votes[-1])),
        agreement(votes[0], votes[1]),
        agreement(votes[0], votes[-1]),
        math.log1p(len(blocks)) / 8,
    ]
    table = np.tile(np.array(page, dtype=np.float32), (len(blocks), 1))
    spans = [span_of(voted[:, n], counts) for n in range(len(votes))]
    parents = [parent_votes(blocks, voted[:, n], counts)[:, None] for n in range(len(votes))]
    return np.concatenate(
        [own, voted, shares(blocks, counts), rest, table, *spans, *parents, tags,
         flag_bits([b.flags for b in blocks]), flag_bits([b.near for b in blocks])],
        axis=1,
    )  # fmt: skip


LOCAL = 17 + 3  # the first columns, which a block also shows to its neighbours


def with_neighbours(rows: Matrix, reach: int = 2) -> Matrix:
    """The rows with the local columns of the blocks up to `reach` before and after beside them."""
    local = rows[:, :LOCAL]
    parts = [rows]
    for step in range(1, reach + 1):
        empty = np.zeros((min(step, len(rows)), LOCAL), dtype=np.float32)
        parts.append(np.concatenate([empty, local[:-step]])[: len(rows)])
        parts.append(np.concatenate([local[step:], empty])[: len(rows)])
    return np.concatenate(parts, axis=1)
