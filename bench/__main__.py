"""The runner: `python -m bench [NAME ...] [--quick] [--json FILE]`; exit 1 where a figure misses its limit."""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
import tempfile
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.kit import NoKit
from bench.report import Report

BENCHES = ("pages", "search", "archive", "desk", "copies", "telling", "throughput", "polls", "faults", "kills")


def main() -> int:
    """Runs the named benches, or all; tells what each found as soon as it has."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="smaller versions, to see that they run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHES):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    reports, failed = [], False
    for name in asked.names or BENCHES:
        report = run(name, asked.quick)
        failed = failed or report is None or bool(report.shortfalls)
        if report is not None:
            print(report.table(), flush=True)
            reports.append(report)
    if asked.json:
        asked.json.write_text(json.dumps(told(reports), indent=1) + "\n")
    return int(failed)


def run(name: str, quick: bool) -> Report | None:
    """One bench in a folder of its own; None where it broke. One that lacks its kit says so and is no failure."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"octavo-bench-{name}-") as folder:
        try:
            report: Report = importlib.import_module(f"bench.{name}").run(Path(folder), quick)
        except NoKit as missing:
            return Report(name, notes=[f"not measured: {missing}"])
        except Exception:
            traceback.print_exc()
            print(f"\n{name}\n  broke", file=sys.stderr)
            return None
    report.notes.append(f"took {time.monotonic() - began:.0f} s")
    return report


def told(reports: list[Report]) -> dict[str, object]:
    """The figures with what they were measured on."""
    machine = {"python": platform.python_version(), "cores": psutil.cpu_count(), "system": platform.platform()}
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), **machine, "benches": [r.as_dict() for r in reports]}


if __name__ == "__main__":
    sys.exit(main())
