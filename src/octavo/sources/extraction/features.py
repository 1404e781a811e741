"""Describes each block by numbers: its own shape, its surroundings, and which extractors voted for it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from octavo.sources.extraction.blocks import FLAGS, Block, Mark
from octavo.sources.extraction.candidates import Vote, key

Matrix = NDArray[np.float32]
Groups = NDArray[np.int64]

TAGS = ("p", "h1", "h2", "h3", "h4", "li", "td", "div", "figcaption", "pre", "blockquote", "span", "dd", "section")
TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS)}
TAG_ROWS = np.eye(len(TAGS) + 1, len(TAGS), dtype=np.float32)
FLAG_COUNT = len(FLAGS)
TERMINAL = re.compile(r"[.!?…。؟।][\"'”’»)\]]*$")
OPENS = re.compile(r"^[\"'“‘«(\[]?[A-ZÀ-ÞА-Я0-9؀-ۿ一-龥ぁ-ヿ]")
CUE = re.compile(
    r"^(?:read (?:more|also|next|full)|also read|see also|more (?:on|from|about)|more\s*:|related|recommended|advertise?ment|sponsored|"
    r"sign up|subscribe|newsletter|share|follow|click here|watch|listen|photo|image|copyright|©|all rights|published|"
    r"updated|posted|by |written by|tags?\b|topics?\b|filed under|categor|comments?\b|leave a|log ?in|register|join|download|"
    r"continue reading|previous|next|back to|print|email|save|source|credit|contact|about the author|most (?:read|popular)|"
    r"trending|you may|don't miss|cookie|we use|this (?:article|story)|lire aussi|à lire|mehr zum|lesen sie|anzeige|"
    r"publicidad|lea también|leia (?:também|mais)|publicidade|leggi anche|читайте|اقرأ|إعلان|شارك)",
    re.I,
)
CONTACT = re.compile(r"@\w|https?://|www\.|\b\d{1,2}[:/]\d\d|\b20\d\d\b|[|•·»]")
DIGIT = re.compile(r"\d")
HEAD = 80  # characters whose letters and figures are counted
OPENING = 160  # characters that are searched for addresses and dates
NEAR = 9  # blocks whose words are looked at together
CUE_WORDS = 40  # a longer block is prose, whatever it begins with


def flag_bits(masks: list[int]) -> Matrix:
    """Bit masks as rows of zeros and ones."""
    wide = np.array(masks, dtype=np.int64)[:, None]
    return ((wide >> np.arange(FLAG_COUNT, dtype=np.int64)) & 1).astype(np.float32)


def shape(block: Block, words: int) -> list[float]:
    """What a block looks like by itself."""
    text = block.text
    length = len(text)
    head = text[:HEAD]
    return [
        math.log1p(words) / 5,
        min(words, 60) / 60,
        block.link_characters / length,
        min(block.links, 10) / 10,
        float(bool(TERMINAL.search(text[-6:]))),
        float(bool(OPENS.match(text))),
        float(words < CUE_WORDS and bool(CUE.match(text))),
        float(bool(CONTACT.search(text[:OPENING]))),
        sum(map(text.count, ",.;:")) / (words + 1),
        sum(map(str.isupper, head)) / len(head),
        len(DIGIT.findall(head)) / len(head),
        float(words <= 3),
        float(3 < words <= 10),
        float(text.endswith((":", "?", "…"))),
        len(block.path) / 6,
        block.depth / 30,
        float(isinstance(block.pieces[0], Mark) and isinstance(block.pieces[-1], Mark)),
    ]  # fmt: skip


def grouped(groups: Groups, amounts: Matrix) -> Matrix:
    """Per block: the sum of the amounts of all blocks of its group."""
    return np.bincount(groups, amounts)[groups].astype(np.float32)


def numbered(names: Iterable[Hashable]) -> Groups:
    """Each name's number, the same for the same name."""
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(name, len(seen)) for name in names], dtype=np.int64)


def shares(blocks: list[Block], parents: Groups, kinds: Groups, counts: Matrix) -> Matrix:
    """How much of the page's words stands under the same parent, in the same kind of element, and where on the page."""
    good = counts * np.array([b.link_characters < 0.5 * len(b.text) for b in blocks], dtype=np.float32)
    total = float(good.sum()) + 1
    columns = (
        grouped(parents, good) / total,
        grouped(kinds, good) / total,
        (np.cumsum(good) - good) / total,
        np.arange(len(blocks), dtype=np.float32) / len(blocks),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def span_of(votes: Matrix, counts: Matrix) -> Matrix:
    """Per block: does it stand between the first and the last block that was voted for, and near its middle."""
    strong = np.flatnonzero((votes > 0.5) & (counts > 8))
    out = np.zeros((len(votes), 3), dtype=np.float32)
    if len(strong):
        places = np.arange(len(votes))
        out[:, 0] = (places >= strong[0]) & (places <= strong[-1])
        out[:, 1] = np.clip((strong[0] - places) / 10, 0, 1)
        out[:, 2] = np.clip((places - strong[-1]) / 10, 0, 1)
    return out


def parent_votes(parents: Groups, votes: Matrix, counts: Matrix) -> Matrix:
    """Per block: which share of its parent's words was voted for."""
    return (grouped(parents, votes * counts) / (grouped(parents, counts) + 1e-6))[:, None]


def agreement(one: Matrix, other: Matrix, counts: Matrix) -> float:
    """How alike two votes are: the words that both chose among those that either did."""
    union = float(np.maximum(one, other) @ counts)
    return float(np.minimum(one, other) @ counts) / union if union else 0.0


@dataclass(frozen=True, slots=True)
class Described:
    """A page's blocks in numbers: `rows` is what the quick network sees; the rest describes another vote beside it."""

    rows: Matrix
    keys: list[str]
    counts: Matrix
    parents: Groups
    kinds: Groups
    voted: Matrix


def ask(vote: Vote, keys: list[str], counts: Matrix) -> Matrix:
    """How much of each block a reading contains."""
    return np.array([vote.share(k, int(n)) for k, n in zip(keys, counts.tolist(), strict=True)], dtype=np.float32)


def describe(blocks: list[Block], votes: tuple[Vote, Vote], title: str) -> Described:
    """One row of numbers a block, all about between 0 and 1: shape, surroundings, the two cheap votes, neighbours."""
    keys = [key(block.text) for block in blocks]
    counts = np.array([block_key.count(" ") - 1 for block_key in keys], dtype=np.float32)
    parents = numbered(block.parent for block in blocks)
    kinds = numbered(block.signature for block in blocks)
    voted = np.stack([ask(vote, keys, counts) for vote in votes], axis=1)
    own = np.array([shape(b, int(n)) for b, n in zip(blocks, counts.tolist(), strict=True)], dtype=np.float32)
    tags = TAG_ROWS[[TAG_NUMBERS.get(block.tag, len(TAGS)) for block in blocks]]
    often = Counter(keys)
    title_key = key(title)
    rest = np.array([[float(k == title_key), float(often[k] > 1)] for k in keys], dtype=np.float32)
    page = [float(bool(votes[-1])), agreement(voted[:, 0], voted[:, 1], counts), math.log1p(len(blocks)) / 8]
    table = np.tile(np.array(page, dtype=np.float32), (len(blocks), 1))
    spans = [span_of(voted[:, n], counts) for n in range(len(votes))]
    under = [parent_votes(parents, voted[:, n], counts) for n in range(len(votes))]
    local = np.concatenate([own, voted], axis=1)
    rows = np.concatenate(
        [local, shares(blocks, parents, kinds, counts), rest, table, *spans, *under, tags,
         flag_bits([b.flags for b in blocks]), flag_bits([b.near for b in blocks]), neighbours(local)],
        axis=1,
    )  # fmt: skip
    return Described(rows, keys, counts, parents, kinds, voted)


def describe_vote(page: Described, vote: Vote) -> Matrix:
    """The columns that one more vote adds to a page's rows."""
    voted = ask(vote, page.keys, page.counts)
    alike = [agreement(voted, page.voted[:, n], page.counts) for n in range(page.voted.shape[1])]
    table = np.tile(np.array(alike, dtype=np.float32), (len(voted), 1))
    column = voted[:, None]
    under = parent_votes(page.parents, voted, page.counts)
    return np.concatenate([column, table, span_of(voted, page.counts), under, neighbours(column)], axis=1)


def describe_first(page: Described, likely: Matrix) -> Matrix:
    """The columns that a first look adds: what it thinks of each block's neighbours, parent, kind and whole page."""
    words = likely * page.counts
    total = float(words.sum()) + 1
    open_words = float(np.minimum(likely, 1 - likely) @ page.counts)
    column = likely[:, None]
    groups = [grouped(g, words) for g in (page.parents, page.kinds)]
    sizes = [grouped(g, page.counts) + 1 for g in (page.parents, page.kinds)]
    near = np.ones(NEAR, dtype=np.float32)
    window = (np.convolve(words, near, "full") / (np.convolve(page.counts, near, "full") + 1))[NEAR // 2 :][
        : len(words)
    ]
    whole = np.tile(np.array([math.log1p(total) / 8, open_words / (total + 30)], dtype=np.float32), (len(words), 1))
    alone = [likely, *(g / n for g, n in zip(groups, sizes, strict=True)), *(g / total for g in groups)]
    alone += [np.cumsum(words) / total, window]
    return np.concatenate([np.stack(alone, axis=1), whole, neighbours(column, 3)], axis=1).astype(np.float32)


def neighbours(local: Matrix, reach: int = 2) -> Matrix:
    """The columns of the blocks up to `reach` before and after, beside each block; zeros beyond the page's ends."""
    parts: list[Matrix] = []
    for step in range(1, reach + 1):
        empty = np.zeros((min(step, len(local)), local.shape[1]), dtype=np.float32)
        parts += [np.concatenate([empty, local[:-step]]), np.concatenate([local[step:], empty])]
    return np.concatenate([part[: len(local)] for part in parts], axis=1)
