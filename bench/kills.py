"""Kills a refresh without warning, again and again, at moments that chance chooses: what is lost, doubled or torn?

The demo press is read into a fresh installation that is killed some twenty times before it may finish once. An article
that was in the database before a kill must be there after it; at the end all must be there, each once, and found.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.installation import Installation
from bench.machine import Noise
from bench.report import Report, middle
from octavo.demo.server import DemoPress

KILLS, QUICK_KILLS = 200, 20
KILLS_AN_INSTALLATION = 20
SEED = 1867
# A refresh is killed between these shares of the time that an undisturbed one takes.
EARLIEST, LATEST = 0.1, 0.75
NETWORK = "127.0.2.0/24"


def run(work: Path, quick: bool) -> Report:
    """The killing and the counting."""
    report, noise, chance = Report("kills"), Noise(), random.Random(SEED)
    kills = QUICK_KILLS if quick else KILLS
    with DemoPress(0) as press:
        opml = work / "press.opml"
        opml.write_text(press.opml(), encoding="utf-8")
        began = time.monotonic()
        whole = reference(work / "undisturbed", opml)
        seconds = time.monotonic() - began
        outcomes = [
            torture(work / str(number), opml, seconds, min(KILLS_AN_INSTALLATION, kills - number), chance)
            for number in range(0, kills, KILLS_AN_INSTALLATION)
        ]
    report.tell("articles of the press", len(whole["urls"]))
    report.tell("kills", sum(len(outcome["delays"]) for outcome in outcomes), least=kills)
    report.tell("kills that hit a refresh at work", sum(outcome["hits"] for outcome in outcomes))
    report.tell("moment of the kill, median", middle([d for outcome in outcomes for d in outcome["delays"]]), "s")
    report.tell("articles gone after a kill", sum(outcome["vanished"] for outcome in outcomes), most=0)
    report.tell("articles lost at the end", sum(lost(whole, outcome) for outcome in outcomes), most=0)
    report.tell("articles doubled", sum(doubled(outcome) for outcome in outcomes), most=0)
    for fault in ("orphans", "nameless", "unread", "versions twice", "to index", "index differs by"):
        report.tell(f"at the end: {fault}", sum(outcome[fault] for outcome in outcomes), most=0)
    torn = sum(outcome["integrity"] != "ok" for outcome in outcomes)
    report.tell("databases that are not whole", torn, most=0, note=f"of {len(outcomes)}, PRAGMA integrity_check")
    report.noise = noise.until_now()
    return report


def installation(folder: Path, opml: Path) -> Installation:
    """A fresh one that knows the press's feeds."""
    folder.mkdir()
    made = Installation(folder / "data", {"OCTAVO_ALLOW_NETWORKS": NETWORK, "OCTAVO_HOST_GAP": "0"})
    made.run("import", str(opml))
    return made


def reference(folder: Path, opml: Path) -> dict[str, Any]:
    """What an undisturbed refresh brings."""
    octavo = installation(folder, opml)
    octavo.run("refresh", "--all")
    return looked(octavo)


def torture(folder: Path, opml: Path, seconds: float, kills: int, chance: random.Random) -> dict[str, Any]:
    """Kills the refreshes of one installation, lets the last one finish, and says how it stands."""
    octavo = installation(folder, opml)
    before: set[str] = set()
    delays, vanished, hits = [], 0, 0
    for _ in range(kills):
        delays.append(chance.uniform(EARLIEST, LATEST) * seconds)
        hits += kill_one(octavo, delays[-1])
        after = stored(octavo.data)
        vanished += len(before - after)
        before = after
    octavo.run("refresh", "--all")
    return {"delays": delays, "vanished": vanished, "hits": hits, **looked(octavo)}


def kill_one(octavo: Installation, delay: float) -> bool:
    """Starts a refresh and kills all its processes at once after a while; whether it was still at work."""
    process = octavo.start(
        "refresh", "--all", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(delay)
    is_at_work = process.poll() is None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return is_at_work


def stored(data: Path) -> set[str]:
    """The addresses of the articles that are in the database now."""
    with contextlib.closing(sqlite3.connect(data / "octavo.sqlite3", timeout=20)) as database:
        return {url for (url,) in database.execute("SELECT url FROM store_article")}


def looked(octavo: Installation) -> dict[str, Any]:
    """What bench.agreement says of an installation."""
    found: dict[str, Any] = json.loads(octavo.run(module="bench.agreement"))
    return found


def lost(whole: dict[str, Any], outcome: dict[str, Any]) -> int:
    """Articles of the undisturbed refresh that are not there."""
    return len(set(whole["urls"]) - set(outcome["urls"]))


def doubled(outcome: dict[str, Any]) -> int:
    """Addresses that stand in the store more than once."""
    return sum(count > 1 for count in Counter(outcome["urls"]).values())
