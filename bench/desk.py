"""What an article costs on the desk, whether that grows with the archive, and how good its stories are beside a peer's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.curve import Curve
from bench.kit import ROOT, NoKit, folder
from bench.machine import Noise
from bench.report import Report

# Archive and window of each point of the curve; the last is held against the first.
POINTS = ((10_000, 1_000), (30_000, 4_000), (100_000, 12_000), (300_000, 30_000), (1_000_000, 60_000))
QUICK_POINTS = ((2_000, 500), (6_000, 1_500))
PICTURE = ROOT / "docs" / "pictures" / "desk-cost.svg"
ARTICLES, QUICK_ARTICLES = 1_000, 64
SETS = ("newscluster", "wikinews_medium", "ecbplus", "pooled_stream")
# HDBSCAN on the same embeddings, the whole set at once, as it was measured elsewhere: it is no dependency of this house.
QUOTED = {"newscluster": 0.901, "wikinews_medium": 0.890, "ecbplus": 0.852, "pooled_stream": 0.901}
LEAST_A_SECOND, LEAST_PLACED, MOST_GROWTH, MOST_MEMORY = 60.0, 500.0, 1.25, 1229.0


def run(work: Path, quick: bool) -> Report:
    """Grows desks, feeds one whole articles, and clusters the kit's sets beside the kit's single pass."""
    report, noise = Report("desk"), Noise()
    whole(report, work, QUICK_ARTICLES if quick else ARTICLES)
    growth(report, QUICK_POINTS if quick else POINTS, picture=None if quick else PICTURE)
    try:
        peers(report, work, SETS[:1] if quick else SETS)
    except NoKit as missing:
        report.notes.append(f"stories not measured: {missing}")
    report.noise = noise.until_now()
    return report


def child(*arguments: str) -> dict[str, float]:
    """What a process of `bench.deskful` prints."""
    done = subprocess.run([sys.executable, "-m", "bench.deskful", *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"bench.deskful {' '.join(arguments)}: {done.stderr[-2000:]}")
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def whole(report: Report, work: Path, many: int) -> None:
    """Articles a second through everything, and the processor time of each part."""
    told = child("whole", str(many), str(work))
    report.tell("whole desk, two cores", told.pop("a second"), "/s", least=LEAST_A_SECOND)
    for part, spent in told.items():
        report.tell(f"{part}, processor", spent, "ms/article")
    report.tell("placement alone, a core", 1000 / told["placement"], "/s", least=LEAST_PLACED)
    report.tell("everything, a core", 1000 / sum(told.values()), "/s")


def growth(report: Report, points: Sequence[tuple[int, int]], picture: Path | None) -> None:
    """The cost of an article as archive and window grow, and the memory at the end."""
    found = [child("scale", str(archive), str(window)) for archive, window in points]
    for (archive, window), told in zip(points, found, strict=True):
        report.tell(
            f"archive {archive:,}, window {window:,}", told["place"], "ms/article", note=f"{told['memory']:.0f} MiB"
        )
    costs = [told["place"] + told["repair"] for told in found]
    report.tell("its repair, at the largest", found[-1]["repair"], "ms/article")
    report.tell("largest to smallest", costs[-1] / costs[0], "x", most=MOST_GROWTH)
    report.tell("memory at the largest", found[-1]["memory"], "MiB", most=MOST_MEMORY)
    if picture is not None:
        labels = [f"{archive:,} / {window:,}" for archive, window in points]
        picture.write_text(
            Curve(
                "Processor milliseconds an article, repairs included",
                "articles in the archive / in the window",
                labels,
                costs,
            ).svg()
        )
        report.notes.append(f"curve drawn into {picture.relative_to(ROOT)}")


def peers(report: Report, work: Path, names: Sequence[str]) -> None:
    """B-cubed F1 of the pipe and of the kit's single pass over the same articles. Raises NoKit."""
    kit = folder() / "eval"
    octavo = [str(Path(sys.executable).with_name("octavo")), "cluster"]
    for name in names:
        source = kit / "data" / "stories" / f"{name}.articles.jsonl.gz"
        packed = subprocess.run(["zcat", str(source)], capture_output=True, check=True).stdout
        began = time.perf_counter()
        (work / "ours").write_bytes(subprocess.run(octavo, input=packed, capture_output=True, check=True).stdout)
        took = time.perf_counter() - began
        stream = [
            sys.executable,
            str(kit / "baselines.py"),
            "stream",
            "--input",
            str(source),
            "--out",
            str(work / "peer"),
        ]
        began = time.perf_counter()
        subprocess.run(stream, capture_output=True, check=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
        peer_took = time.perf_counter() - began
        note = f"single-pass TF-IDF {score(kit, name, work / 'peer'):.3f}, HDBSCAN {QUOTED[name]:.3f} (quoted)"
        report.tell(f"{name}, B-cubed F1", score(kit, name, work / "ours"), note=note)
        report.tell(f"{name}, time to the peer's", took / peer_took, "x")


def score(kit: Path, name: str, predicted: Path) -> float:
    """The kit's B-cubed F1 of a prediction."""
    gold = kit / "data" / "stories" / f"{name}.gold.jsonl.gz"
    command = [
        sys.executable,
        str(kit / "score.py"),
        "stories",
        "--gold",
        str(gold),
        "--pred",
        str(predicted),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["B3_F1"])
