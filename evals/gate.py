"""Holds the engines against the evaluation kit: no figure may fall below its floor in `baseline.json`.

    python evals/gate.py                  # runs every set that has floors; exit 1 where one falls short
    python evals/gate.py extraction dates # only these tasks
    python evals/gate.py --raise          # raises floors that are now safely passed; never lowers any
    python evals/gate.py --lower TASK/SET # sets this set's floors to what is reached now, even if that is less

The kit is looked for at $OCTAVO_EVAL, then at ../shared/eval beside the checkout. A floor belongs to the corpus that it
was measured on: where a set's hash has changed, the gate refuses until its floors are set anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BASELINE = Path(__file__).with_name("baseline.json")
# Sets that are made here of the kit's: the script in this folder that prints their figures, and the kit's files they use.
MADE: dict[str, tuple[str, tuple[str, ...]]] = {
    "claims/bench": ("claims.py", ("summaries/cnndm", "stories/newscluster", "quotes/polnear")),
    "claims/injections": ("injections.py", ()),
    "questions/asking": ("asking.py", ("questions/giveme5w1h",)),
}
MARGIN = 0.002  # a floor stands so far below the figure that set it: what ties and rounding may move
FIGURE = re.compile(r"([\w@.-]+) (-?[\d.]+)(?=[,;])")

Sets = dict[str, dict[str, Any]]


def find_kit() -> Path | None:
    """The evaluation kit's folder, None where there is none."""
    named = os.environ.get("OCTAVO_EVAL")
    places = [Path(named)] if named else [ROOT.parent / "shared/eval"]
    return next((place for place in places if (place / "measure.py").is_file()), None)


def hash_of(kit: Path, name: str) -> str:
    """One hash over a set's files of input and gold."""
    digest = hashlib.sha256()
    for used in MADE[name][1] if name in MADE else (name,):
        for path in sorted((kit / "data").glob(f"{used}.*.jsonl.gz")):
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def measure(kit: Path, name: str) -> dict[str, float] | str:
    """The figures of a set by the kit's own measure or by a script here, or what went wrong."""
    if name in MADE:
        return made(kit, MADE[name][0])
    command = [sys.executable, str(kit / "measure.py"), name]
    environment = {"OCTAVO": str(Path(sys.executable).with_name("octavo")), **os.environ}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        return (done.stdout + done.stderr).strip()[-300:] or f"measure.py exited {done.returncode}"
    return {key: float(value) for key, value in FIGURE.findall(done.stdout)}


def made(kit: Path, script: str) -> dict[str, float] | str:
    """The figures that a script beside this one prints as JSON."""
    environment = {**os.environ, "OCTAVO_EVAL": str(kit)}
    command = [sys.executable, str(Path(__file__).with_name(script)), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    try:
        figures: dict[str, float] = json.loads(done.stdout)
    except ValueError:
        return (done.stdout + done.stderr).strip()[-300:] or f"{script} exited {done.returncode}"
    return figures


def shortfalls(figures: dict[str, float], floors: dict[str, float]) -> list[str]:
    """The floors that are not reached, as sentences."""
    return [
        f"{key} is {figures.get(key, 'missing')}, its floor {floor}"
        for key, floor in floors.items()
        if figures.get(key, float("-inf")) < floor
    ]


def raised(figures: dict[str, float], floors: dict[str, float], may_fall: bool) -> dict[str, float]:
    """The floors after this run: as high as is safely passed; lower than before only where that was asked for."""
    new: dict[str, float] = {}
    for key, floor in floors.items():
        safe = round(figures.get(key, floor) - MARGIN, 4)
        new[key] = safe if may_fall else max(floor, safe)
    return new


def check_set(kit: Path, name: str, known: dict[str, Any], lower: bool) -> tuple[dict[str, float], list[str]]:
    """The figures of a set and what is wrong with them."""
    if hash_of(kit, name) != known["corpus"] and not lower:
        return {}, ["the corpus has changed since its floors were set; run with --lower " + name]
    figures = measure(kit, name)
    if isinstance(figures, str):
        return {}, [figures]
    return figures, [] if lower else shortfalls(figures, known["floors"])


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*")
    parser.add_argument("--raise", dest="raises", action="store_true")
    parser.add_argument("--lower", action="append", default=[], metavar="TASK/SET")
    return parser.parse_args()


def main() -> int:
    """The command; exit 0 where every floor holds, 1 where one does not, 2 where there is no kit."""
    given, kit = arguments(), find_kit()
    if kit is None:
        print("There is no evaluation kit: put it at ../shared/eval beside this checkout or name it in OCTAVO_EVAL.")
        return 2
    sets: Sets = json.loads(BASELINE.read_text(encoding="utf-8"))
    failed = False
    for name, known in sets.items():
        if given.tasks and name.split("/")[0] not in given.tasks and name not in given.tasks:
            continue
        lower = name in given.lower
        figures, wrong = check_set(kit, name, known, lower)
        print("\n".join(table(name, known, figures, wrong)), flush=True)
        failed = failed or bool(wrong)
        if not wrong and (given.raises or lower):
            known["floors"] = raised(figures, known["floors"], lower)
            known["corpus"] = hash_of(kit, name)
    if given.raises or given.lower:
        BASELINE.write_text(json.dumps(sets, indent=2) + "\n", encoding="utf-8")
    return int(failed)


def table(name: str, known: dict[str, Any], figures: dict[str, float], wrong: list[str]) -> list[str]:
    """A set's lines for people: whether it holds, the corpus it was measured on, and each figure beside its floor."""
    lines = [f"{name}  {'FAILS' if wrong else 'holds'}  corpus {known['corpus'][:12]}"]
    for key, floor in known["floors"].items():
        if key in figures:
            mark = "" if figures[key] >= floor else "  below its floor"
            lines.append(f"    {key:<24}{figures[key]:>8.4f}   floor {floor:.4f}{mark}")
    return lines + [f"    {reason}" for reason in wrong]


if __name__ == "__main__":
    sys.exit(main())
