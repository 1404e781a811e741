"""Fits `src/octavo/core/weights/blocks.json`: which blocks of a page are its article.

    python training/blocks.py KIT            # fits on all pages and writes the weights
    python training/blocks.py KIT --check    # cross-validates and fits on each set alone; writes nothing

KIT is a folder laid out like the evaluation kit (`data/extraction/SET.{input,gold}.jsonl.gz` with the pages beside
them). Labels are how much of each block stands in the marked article text. Takes about two minutes on one core.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octavo.sources.extraction import jsonld, metadata
from octavo.sources.extraction.blocks import cut
from octavo.sources.extraction.body import THRESHOLD, Network
from octavo.sources.extraction.candidates import Vote, key, votes_of
from octavo.sources.extraction.features import describe, with_neighbours
from octavo.sources.extraction.head import read_head
from octavo.sources.extraction.page import bounded, decode, parse

SETS = ("scrapinghub", "wcxb")
WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights/blocks.json"
HIDDEN, EPOCHS, BATCH = 24, 25, 1024
RATE, DECAY = 3e-3, 1e-4
DROP_INPUT, DROP_HIDDEN = 0.1, 0.2
NETWORKS = 3
MOST = 0.2  # of its page's text: no single block weighs more, so that no single page rules
FOLDS = 4

Floats = NDArray[np.float32]


@dataclass
class Page:
    """One labelled page: its blocks' rows, labels (0 to 1), words, and the marked text."""

    set: str
    texts: list[str]
    rows: Floats
    labels: Floats
    words: Floats
    gold: str


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a packed JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def describe_page(html: str, url: str) -> tuple[list[str], Floats]:
    """The blocks' texts and rows of a page, by the same path as in the product."""
    tree = parse(bounded(html))
    articles = jsonld.article_nodes(jsonld.read_nodes(tree))
    head = read_head(tree)
    title = metadata.title_of(tree, head, articles, metadata.site_names(head, articles, url))
    blocks = cut(tree, url).blocks
    votes = votes_of(tree, bounded(html), jsonld.bodies(articles))
    rows = with_neighbours(describe(blocks, votes, title)) if blocks else np.zeros((0, 0), dtype=np.float32)
    return [block.text for block in blocks], rows


def read_pages(kit: Path) -> list[Page]:
    """Every labelled page of the kit that has text."""
    pages: list[Page] = []
    folder = kit / "data/extraction"
    for name in SETS:
        gold = {row["id"]: row for row in read_lines(folder / f"{name}.gold.jsonl.gz")}
        for row in read_lines(folder / f"{name}.input.jsonl.gz"):
            body = (folder / row["path"]).read_bytes()
            body = gzip.decompress(body) if row["path"].endswith(".gz") else body
            texts, rows = describe_page(decode(body), row["url"])
            if texts:
                pages.append(label(Page(name, texts, rows, *np.zeros((2, 0), np.float32), gold[row["id"]]["text"])))
        print(f"{name}: {sum(page.set == name for page in pages)} pages", file=sys.stderr)
    return pages


def label(page: Page) -> Page:
    """The page with each block's share in the marked text and its number of words."""
    marked = Vote(page.gold)
    keys = [key(text) for text in page.texts]
    page.words = np.array([k.count(" ") - 1 for k in keys], dtype=np.float32)
    page.labels = np.array([marked.share(k, int(n)) for k, n in zip(keys, page.words, strict=True)], dtype=np.float32)
    return page


def weights_of(pages: Sequence[Page]) -> Floats:
    """What each block counts: its words as a share of its page's article, as in a score that is averaged over pages."""
    parts = [np.minimum((p.words + 1) / max(len(p.gold.split()), 100), MOST) for p in pages]
    weights = np.concatenate(parts)
    return np.minimum(weights / weights.mean(), 50).astype(np.float32)


def fit_one(rows: Floats, labels: Floats, weights: Floats, seed: int) -> tuple[Floats, ...]:
    """One network on standardised rows: Adam (Kingma and Ba, 2015) with dropout, falling rate, logistic loss."""
    dice = np.random.default_rng(seed)
    width = rows.shape[1]
    shapes = ((width, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,))
    layer = [(dice.normal(0, 1 / np.sqrt(s[0]), s) if len(s) > 1 else np.zeros(s)).astype(np.float32) for s in shapes]
    first, second = ([np.zeros_like(part) for part in layer] for _ in range(2))
    step = 0
    for epoch in range(EPOCHS):
        order = dice.permutation(len(rows))
        rate = RATE * (1 - epoch / EPOCHS)
        for start in range(0, len(rows), BATCH):
            chosen = order[start : start + BATCH]
            step += 1
            gradients = gradients_of(layer, rows[chosen], labels[chosen], weights[chosen], dice)
            for n, gradient in enumerate(gradients):
                first[n] = 0.9 * first[n] + 0.1 * gradient
                second[n] = 0.999 * second[n] + 0.001 * gradient**2
                layer[n] -= rate * (first[n] / (1 - 0.9**step)) / (np.sqrt(second[n] / (1 - 0.999**step)) + 1e-8)
    return tuple(layer)


def gradients_of(layer: list[Floats], x: Floats, y: Floats, w: Floats, dice: np.random.Generator) -> list[Floats]:
    """The gradients of the weighted logistic loss on one batch."""
    x = x * (dice.random(x.shape, dtype=np.float32) > DROP_INPUT)
    hidden = np.tanh(x @ layer[0] + layer[1])
    mask = (dice.random(hidden.shape, dtype=np.float32) > DROP_HIDDEN) / (1 - DROP_HIDDEN)
    dropped = hidden * mask
    likely = 1 / (1 + np.exp(-np.clip((dropped @ layer[2] + layer[3])[:, 0], -30, 30)))
    out = ((likely - y) * w / len(x))[:, None].astype(np.float32)
    back = (out @ layer[2].T) * mask * (1 - hidden * hidden)
    return [x.T @ back + DECAY * layer[0], back.sum(0), dropped.T @ out + DECAY * layer[2], out.sum(0)]


def fit(pages: Sequence[Page]) -> Network:
    """The network of all pages."""
    rows = np.concatenate([page.rows for page in pages])
    labels = np.concatenate([page.labels for page in pages])
    mean, scale = rows.mean(0), rows.std(0) + 0.05
    standard, weights = ((rows - mean) / scale).astype(np.float32), weights_of(pages)
    layers = tuple(fit_one(standard, labels, weights, seed) for seed in range(NETWORKS))
    return Network(mean, scale, layers)  # type: ignore[arg-type]


def overlap(one: Counter[Any], other: Counter[Any]) -> tuple[float, float]:
    """Precision and recall of two bags."""
    same = sum((one & other).values())
    return same / max(sum(one.values()), 1), same / max(sum(other.values()), 1)


def harmonic(precision: float, recall: float) -> float:
    """F1."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(network: Network, pages: Sequence[Page]) -> str:
    """Mean word F1 and mean shingle F1 of the kept blocks against the marked text."""
    words, grams = [], []
    for page in pages:
        likely = network.predict(page.rows)
        kept = key(" ".join(text for text, p in zip(page.texts, likely, strict=True) if p >= THRESHOLD)).split()
        gold = key(page.gold).split()
        words.append(harmonic(*overlap(Counter(kept), Counter(gold))))
        grams.append(
            harmonic(*overlap(*(Counter(zip(*(x[n:] for n in range(4)), strict=False)) for x in (kept, gold))))
        )
    return f"word F1 {np.mean(words):.4f}, shingle F1 {np.mean(grams):.4f} on {len(pages)} pages"


def check(pages: list[Page]) -> None:
    """Prints how well pages are read that were not fitted on: by folds, then each set from the other."""
    for name in SETS:
        for other in SETS:
            if name != other:
                network = fit([page for page in pages if page.set == other])
                print(f"{other} -> {name}: {score(network, [page for page in pages if page.set == name])}")
    fold = np.random.default_rng(1).integers(0, FOLDS, len(pages))
    for number in range(FOLDS):
        network = fit([page for page, part in zip(pages, fold, strict=True) if part != number])
        held = [page for page, part in zip(pages, fold, strict=True) if part == number]
        for name in SETS:
            print(f"fold {number}, {name}: {score(network, [page for page in held if page.set == name])}")


def pack(matrix: Floats) -> dict[str, object]:
    """A matrix as JSON: half precision is enough for weights, and halves the file."""
    return {"shape": list(matrix.shape), "float16": base64.b64encode(matrix.astype(np.float16).tobytes()).decode()}


def write(network: Network, pages: Sequence[Page], kit: Path) -> None:
    """Writes the weights with what they were made from."""
    golds = [kit / f"data/extraction/{name}.gold.jsonl.gz" for name in SETS]
    stored = {
        "command": "python training/blocks.py KIT",
        "corpus": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in golds},
        "pages": len(pages),
        "mean": pack(network.mean),
        "scale": pack(network.scale),
        "layers": [[pack(part) for part in layer] for layer in network.layers],
    }
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    pages = read_pages(given.kit)
    if given.check:
        check(pages)
        return
    network = fit(pages)
    write(network, pages, given.kit)
    print(f"{WEIGHTS.name}: fitted on these very pages it reaches {score(network, pages)}")


if __name__ == "__main__":
    main()
