"""Fits `src/octavo/core/weights/blocks.json`: which blocks of a page are its article.

    python training/blocks.py KIT                # fits on all pages and writes the weights
    python training/blocks.py KIT --check        # cross-validates and fits without each set; writes nothing

KIT is a folder laid out like the evaluation kit (`data/extraction/SET.{input,gold}.jsonl.gz` with the pages beside
them). The pages of the demo press are fitted on too, at less weight. Labels are how much of each block stands in the
marked article text. Takes about five minutes on one core.
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
from urllib.request import urlopen

import numpy as np
from numpy.typing import NDArray

from octavo.demo.server import start as start_press
from octavo.sources.extraction import jsonld, metadata
from octavo.sources.extraction.blocks import Block, cut
from octavo.sources.extraction.body import Judges, Network, select
from octavo.sources.extraction.candidates import Vote, cheap_votes, dear_vote, key
from octavo.sources.extraction.features import Described, ask, describe, describe_first, describe_vote
from octavo.sources.extraction.head import read_head
from octavo.sources.extraction.page import bounded, decode, parse

SETS = ("scrapinghub", "wcxb")
WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights/blocks.json"
HIDDEN, EPOCHS, BATCH = 24, 25, 1024
RATE, DECAY = 3e-3, 1e-4
DROP_INPUT, DROP_HIDDEN = 0.1, 0.2
NETWORKS = 3
MOST = 0.2  # of its page's text: no single block weighs more, so that no single page rules
EXTRA = 0.3  # what a page from outside the sets counts: such pages come from a few templates
FOLDS = 4
INNER = 3  # folds from which the second network learns what the first thinks of pages that it does not know

Floats = NDArray[np.float32]


@dataclass
class Page:
    """One labelled page: its blocks, what the networks see of them, and each block's share (0 to 1) in the marked text."""

    set: str
    blocks: list[Block]
    seen: Described
    dear: Floats
    labels: Floats
    gold: str


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a packed JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_page(name: str, html: str, url: str, gold: str) -> Page | None:
    """A page with its rows, by the same path as in the product, and each block's share in the marked text."""
    source = bounded(html)
    tree = parse(source)
    articles = jsonld.article_nodes(jsonld.read_nodes(tree))
    head = read_head(tree)
    title = metadata.title_of(tree, head, articles, metadata.site_names(head, articles, url))
    blocks = cut(tree, url).blocks
    if not blocks:
        return None
    seen = describe(blocks, cheap_votes(tree, source, jsonld.bodies(articles)), title)
    labels = ask(Vote(gold), seen.keys, seen.counts)
    return Page(name, blocks, seen, describe_vote(seen, dear_vote(tree)), labels, gold)


def read_pages(kit: Path) -> list[Page]:
    """Every labelled page of the kit that has text."""
    pages: list[Page] = []
    folder = kit / "data/extraction"
    for name in SETS:
        gold = {row["id"]: row for row in read_lines(folder / f"{name}.gold.jsonl.gz")}
        for row in read_lines(folder / f"{name}.input.jsonl.gz"):
            body = (folder / row["path"]).read_bytes()
            body = gzip.decompress(body) if row["path"].endswith(".gz") else body
            page = read_page(name, decode(body), row["url"], gold[row["id"]]["text"])
            pages += [page] if page else []
        print(f"{name}: {sum(page.set == name for page in pages)} pages", file=sys.stderr)
    return pages


def read_press() -> list[Page]:
    """The pages of the demo press; what a visitor is to read of an article is its standfirst and its body."""
    pages: list[Page] = []
    press = start_press(0)
    try:
        for url, printed in press.manifest().items():
            article = printed.article
            if article.kind in ("consent", "paywall"):
                continue
            text = "\n".join([article.standfirst, *(line for block in article.body for line in block.lines)])
            with urlopen(url) as answer:
                page = read_page("press", decode(answer.read()), url, text)
            pages += [page] if page else []
    finally:
        press.stop()
    return pages


def weights_of(pages: Sequence[Page]) -> Floats:
    """What each block counts: its words as a share of its page's article, as in a score that is averaged over pages."""
    parts = [
        np.minimum((p.seen.counts + 1) / max(len(p.gold.split()), 100), MOST) * (1.0 if p.set in SETS else EXTRA)
        for p in pages
    ]
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


def fit_rows(rows: Floats, labels: Floats, weights: Floats, count: int) -> Network:
    """The average of `count` networks of some rows, which are standardised in place."""
    mean, scale = rows.mean(0), rows.std(0) + 0.05
    rows -= mean
    rows /= scale
    layers = tuple(fit_one(rows, labels, weights, seed) for seed in range(count))
    return Network(mean, scale, layers)  # type: ignore[arg-type]


def fit_first(pages: Sequence[Page], count: int) -> Network:
    """The network that sees each block with the cheap votes."""
    rows = np.concatenate([page.seen.rows for page in pages])
    return fit_rows(rows, np.concatenate([page.labels for page in pages]), weights_of(pages), count)


def first_looks(pages: Sequence[Page]) -> list[Floats]:
    """What a first network thinks of each page that it was not fitted on: else the second would trust it too much."""
    part = np.random.default_rng(2).integers(0, INNER, len(pages))
    looks: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(pages)
    for number in range(INNER):
        network = fit_first([page for page, own in zip(pages, part, strict=True) if own != number], 1)
        for place in np.flatnonzero(part == number):
            looks[place] = network.predict(pages[place].seen.rows)
    return looks


def fit(pages: Sequence[Page]) -> Judges:
    """The three networks of all pages."""
    labels, weights = np.concatenate([page.labels for page in pages]), weights_of(pages)
    rows = np.concatenate(
        [
            np.concatenate([page.seen.rows, describe_first(page.seen, look), page.dear], axis=1)
            for page, look in zip(pages, first_looks(pages), strict=True)
        ]
    )
    cheap = rows.shape[1] - pages[0].dear.shape[1]
    second = fit_rows(rows[:, :cheap].copy(), labels, weights, NETWORKS)
    third = fit_rows(rows, labels, weights, NETWORKS)
    return Judges(fit_first(pages, NETWORKS), second, third)


def overlap(one: Counter[Any], other: Counter[Any]) -> tuple[float, float]:
    """Precision and recall of two bags."""
    same = sum((one & other).values())
    return same / max(sum(one.values()), 1), same / max(sum(other.values()), 1)


def harmonic(precision: float, recall: float) -> float:
    """F1."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def keep(judges: Judges, page: Page) -> tuple[list[int], bool]:
    """The blocks that the product would keep of a page, and whether it heard the dear vote."""
    asked: list[bool] = []
    likely = judges.weigh(page.seen, lambda: (asked.append(True), page.dear)[1])
    return select(page.blocks, likely), bool(asked)


def score(judges: Judges, pages: Sequence[Page]) -> Floats:
    """Per page: word F1 and shingle F1 of the kept blocks against the marked text, and whether the dear vote was heard."""
    found = [(keep(judges, page), page) for page in pages]
    return np.array([(*score_page(kept, page), asked) for (kept, asked), page in found], dtype=np.float32)


def told(figures: Floats) -> str:
    """The means over some pages, for people."""
    words, grams, asked = figures.mean(0)
    return f"word F1 {words:.4f}, shingle F1 {grams:.4f} on {len(figures)} pages; {asked:.0%} heard the dear vote"


def score_page(kept: Sequence[int], page: Page) -> tuple[float, float]:
    """Word F1 and shingle F1 of some blocks of a page."""
    words, gold = key(" ".join(page.blocks[n].text for n in kept)).split(), key(page.gold).split()
    grams = (Counter(zip(*(text[n:] for n in range(4)), strict=False)) for text in (words, gold))
    return harmonic(*overlap(Counter(words), Counter(gold))), harmonic(*overlap(*grams))


def check(pages: list[Page]) -> None:
    """Prints how well pages are read that were not fitted on: by folds, then each set from the other."""
    fold = np.random.default_rng(1).integers(0, FOLDS, len(pages))
    figures = np.zeros((len(pages), 3), dtype=np.float32)
    for number in range(FOLDS):
        judges = fit([page for page, part in zip(pages, fold, strict=True) if part != number])
        held = np.flatnonzero(fold == number)
        figures[held] = score(judges, [pages[place] for place in held])
    for name in SETS:
        print(f"{FOLDS} folds, {name}: {told(figures[[page.set == name for page in pages]])}", flush=True)
    for name in SETS:
        judges = fit([page for page in pages if page.set != name])
        print(f"others -> {name}: {told(score(judges, [page for page in pages if page.set == name]))}", flush=True)


def pack(matrix: Floats) -> dict[str, object]:
    """A matrix as JSON: half precision is enough for weights, and halves the file."""
    return {"shape": list(matrix.shape), "float16": base64.b64encode(matrix.astype(np.float16).tobytes()).decode()}


def pack_network(network: Network) -> dict[str, object]:
    """A network as JSON."""
    layers = [[pack(part) for part in layer] for layer in network.layers]
    return {"mean": pack(network.mean), "scale": pack(network.scale), "layers": layers}


def write(judges: Judges, pages: Sequence[Page], kit: Path) -> None:
    """Writes the weights with what they were made from."""
    golds = [kit / f"data/extraction/{name}.gold.jsonl.gz" for name in SETS]
    stored = {
        "command": "python training/blocks.py KIT",
        "corpus": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in golds},
        "pages": len(pages),
        "first": pack_network(judges.first),
        "second": pack_network(judges.second),
        "third": pack_network(judges.third),
    }
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    pages = read_pages(given.kit) + read_press()
    print(f"{len(pages)} pages in all", file=sys.stderr)
    if given.check:
        check(pages)
        return
    judges = fit(pages)
    write(judges, pages, given.kit)
    for name in SETS:
        figures = score(judges, [page for page in pages if page.set == name])
        print(f"{WEIGHTS.name}: fitted on these very pages, {name}: {told(figures)}")


if __name__ == "__main__":
    main()
