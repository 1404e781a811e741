"""How long a reader waits for what was searched: Octavo's whole search and its index, beside SQLite's FTS5."""

from __future__ import annotations

import json
from pathlib import Path

from bench.installation import Installation
from bench.machine import Noise
from bench.report import Report, middle, share_below

ARTICLES, QUICK_ARTICLES = 20_000, 1_000
NAMES = {
    "octavo": "search, whole",
    "index": "search, index alone",
    "related": "related articles",
    "fts5": "peer: SQLite FTS5",
}
# A reader should not notice the wait (Nielsen: a tenth of a second).
MOST_WAIT = 100.0


def run(work: Path, quick: bool) -> Report:
    """Fills a store and searches it."""
    report, noise = Report("search"), Noise()
    octavo = Installation(work / "data")
    count = QUICK_ARTICLES if quick else ARTICLES
    octavo.run("fill", str(count), module="bench.storeful")
    times = json.loads(octavo.run("search", module="bench.storeful"))
    report.tell("articles", count)
    for key, name in NAMES.items():
        limits = {"most": MOST_WAIT} if key in ("octavo", "related") else {}
        report.tell(f"{name}, median", middle(times[key]), "ms")
        report.tell(f"{name}, p99", share_below(times[key], 0.99), "ms", **limits)
    report.tell("index to peer, median", middle(times["index"]) / middle(times["fts5"]), "x")
    report.tell("index to peer, p99", share_below(times["index"], 0.99) / share_below(times["fts5"], 0.99), "x")
    report.noise = noise.until_now()
    return report
