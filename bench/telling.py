"""What telling costs an article: its quotes, beside what py3langid needs to know its language, on one core."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import py3langid

from bench.kit import articles
from bench.machine import Noise
from bench.report import Report, middle, share_below
from octavo.core.telling.quotes import quotes

ARTICLES, QUICK_ARTICLES = 1_000, 50
# Times are told for an article of so many words.
WORDS = 600
# All that is told of one article may take 30 ms; its quotes a sixth of that.
MOST_QUOTES = 5.0


def run(work: Path, quick: bool) -> Report:
    """Reads articles of the kit's corpus one after the other."""
    report, noise = Report("telling"), Noise()
    with gzip.open(articles("corpus/allsides_pre2016"), "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, QUICK_ARTICLES if quick else ARTICLES)]
    texts = [text for text in texts if text.split()]
    mine, peer = milliseconds(lambda text: quotes(text, "en"), texts), milliseconds(py3langid.classify, texts)
    report.tell("articles", len(texts))
    report.tell("quotes, median", middle(mine), "ms/600 words", most=MOST_QUOTES)
    report.tell("quotes, p99", share_below(mine, 0.99), "ms/600 words")
    report.tell("peer: py3langid, median", middle(peer), "ms/600 words")
    report.tell("quotes to peer, median", middle(mine) / middle(peer), "x")
    report.noise = noise.until_now()
    return report


def milliseconds(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Processor time of each text, for WORDS words; the first text is worked on twice, for what is loaded once."""
    work(texts[0])
    times = []
    for text in texts:
        began = time.process_time()
        work(text)
        times.append((time.process_time() - began) * 1000 * WORDS / max(WORDS / 6, len(text.split())))
    return times
