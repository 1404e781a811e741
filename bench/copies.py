"""What finding shared texts costs: processor time an article as the window fills, memory, beside the kit's MinHash."""

from __future__ import annotations

import gc
import gzip
import importlib
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from bench import kit
from bench.machine import Noise
from bench.report import Report
from octavo.core.folding.copies import Copies
from octavo.core.types import Article

CORPUS = "corpus/allsides_pre2016"
WINDOW, QUICK_WINDOW = 60_000, 4_000
EDGE, PEERS, WARM = 1_000, 1_000, 300
# A news desk's hour is a few hundred articles; a reader's machine must not notice them.
MOST_TIME = 1.0
MOST_GROWTH = 1.3
MOST_TO_PEER = 1.5
MOST_MEMORY = 200.0


def run(work: Path, quick: bool) -> Report:
    """Fills a window, and looks at its first articles and its last."""
    report, noise = Report("copies"), Noise()
    window = QUICK_WINDOW if quick else WINDOW
    corpus = list(read(kit.articles(CORPUS)))
    timed(Copies(EDGE), stream(corpus), WARM)
    first, full, memory, copies = filled(corpus, window)
    report.tell("articles in the window", window)
    report.tell("words an article", sum(len(one.text.split()) for one in corpus) / len(corpus))
    report.tell(f"an article, first {EDGE}", first, "ms", most=MOST_TIME)
    report.tell(f"an article, window full, {EDGE} on", full, "ms", most=MOST_TIME)
    report.tell("full window to empty", full / first, "x", most=MOST_GROWTH)
    report.tell("memory of the window", memory, "MB", most=MOST_MEMORY)
    peer = by_minhash(corpus[:PEERS])
    report.tell("peer: the kit's MinHash, 128 permutations", peer, "ms")
    report.tell("window full to peer", full / peer, "x", most=MOST_TO_PEER)
    began = time.process_time()
    state = copies.dump()
    report.tell("putting it down", time.process_time() - began, "s")
    began = time.process_time()
    Copies.load(state, window)
    report.tell("taking it up again", time.process_time() - began, "s")
    report.noise = noise.until_now()
    return report


def filled(corpus: list[Article], window: int) -> tuple[float, float, float, Copies]:
    """Milliseconds an article at the beginning and in a full window, megabytes of the window, and the window itself."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    copies = Copies(window)
    arriving = stream(corpus)
    first = timed(copies, arriving, EDGE)
    timed(copies, arriving, window - EDGE)
    gc.collect()
    memory = (psutil.Process().memory_info().rss - before) / 1e6
    return first, timed(copies, arriving, EDGE), memory, copies


def timed(copies: Copies, arriving: Iterator[Article], count: int) -> float:
    """Processor milliseconds for an arrival, on the average of so many."""
    spent = 0.0
    for _ in range(count):
        article = next(arriving)
        began = time.process_time()
        copies.arrive(article)
        spent += time.process_time() - began
    return 1000 * spent / count


def stream(corpus: list[Article]) -> Iterator[Article]:
    """The corpus, and then each article again and again with its sentences' words in another order, so that no text repeats."""
    yield from corpus
    chance = random.Random(1)
    for turn in range(1, 1_000):
        for one in corpus:
            words = one.text.split(" ")
            chance.shuffle(words)
            yield replace(one, id=f"{one.id}/{turn}", text=" ".join(words))


def by_minhash(corpus: list[Article]) -> float:
    """Processor milliseconds an article of the kit's baseline, which compares a whole set at once."""
    folder = str(kit.folder() / "eval")
    sys.path.insert(0, folder)
    try:
        baselines: Any = importlib.import_module("baselines")
    finally:
        sys.path.remove(folder)
    rows = [{"id": one.id, "text": one.text} for one in corpus]
    began = time.process_time()
    baselines.minhash(rows, baselines.THRESHOLDS["minhash"])
    return 1000 * (time.process_time() - began) / len(rows)


def read(path: Path) -> Iterator[Article]:
    """The articles of a packed file of the kit."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield Article(row["id"], row["title"] or "", row["text"], None, row["source"] or "", row["url"] or "")
