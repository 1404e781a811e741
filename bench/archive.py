"""How long a reader waits in an archive of a million articles: searching, what is related, names meant, beside FTS5.

OCTAVO_BENCH_ARTICLES makes the archive smaller or larger; OCTAVO_BENCH_ARCHIVE names a folder in which it is kept, since
writing a million articles takes half an hour.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from bench.installation import Installation
from bench.machine import Noise
from bench.report import Report, middle, share_below

ARTICLES, QUICK_ARTICLES = 1_000_000, 2_000
NAMES = {
    "search": "search, whole",
    "index": "search, index alone",
    "related": "related articles, not remembered",
    "suggestion": "a misspelt name, whole",
    "fts5": "peer: SQLite FTS5",
}
MOST_WAIT = {"search": 25.0, "related": 40.0}
MOST_MEMORY = 1200.0
PATIENCE = 4 * 3600


def run(work: Path, quick: bool) -> Report:
    """Fills an archive, unless it is kept from before, and searches it."""
    report, noise = Report("archive"), Noise()
    count = QUICK_ARTICLES if quick else int(os.environ.get("OCTAVO_BENCH_ARTICLES", ARTICLES))
    kept = os.environ.get("OCTAVO_BENCH_ARCHIVE")
    octavo = Installation((Path(kept) if kept else work) / f"archive-{count}")
    done = octavo.data / "filled.json"
    if not done.exists():
        told = octavo.run("fill", str(count), module="bench.archiveful", patience=PATIENCE)
        done.write_text(told)
    sizes, times = json.loads(done.read_text()), json.loads(octavo.run("search", module="bench.archiveful"))
    report.tell("articles", times["articles"])
    report.tell("index on disk", sizes["index"] / 1e9, "GB", note=f"the peer's {sizes['peer'] / 1e9:.1f} GB")
    for key, name in NAMES.items():
        limits = {"most": MOST_WAIT[key]} if key in MOST_WAIT else {}
        report.tell(f"{name}, median", middle(times[key]), "ms")
        report.tell(f"{name}, p99", share_below(times[key], 0.99), "ms", **limits)
    report.tell("index to peer, median", middle(times["index"]) / middle(times["fts5"]), "x")
    report.tell("index to peer, p99", share_below(times["index"], 0.99) / share_below(times["fts5"], 0.99), "x")
    note = f"{times['resident_mb']:,.0f} MB with the parts of the index that are mapped"
    report.tell("memory of the process, without files", times["own_mb"], "MB", most=MOST_MEMORY, note=note)
    report.noise = noise.until_now()
    return report
