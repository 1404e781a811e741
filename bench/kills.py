"""Kills a refresh without warning, again and again, at moments that chance chooses: what is lost, doubled or torn?

The demo press is read into a fresh installation that is killed some twenty times before it may finish once. An article
that was in the database before a kill must be there after it; at the end all must be there, each once, and found.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.installation import Installation
from bench.machine import Noise
from bench.report import Report, middle
from octavo.demo.server import DemoPress

KILLS, QUICK_KILLS = 200, 20
# Kills that an installation bears at most before it is let finish and looked at; one that gets done earlier is, too.
KILLS_AN_INSTALLATION = 10
SEED = 1867
# A refresh is killed between this share of the time that starting one takes and this share of its work.
EARLIEST, LATEST = 0.4, 0.5
NETWORK = "127.0.2.0/24"


def run(work: Path, quick: bool) -> Report:
    """The killing and the counting."""
    report, noise, chance = Report("kills"), Noise(), random.Random(SEED)
    left, outcomes = QUICK_KILLS if quick else KILLS, []
    with DemoPress(0) as press:
        opml = work / "press.opml"
        opml.write_text(press.opml(), encoding="utf-8")
        fresh = installation(work / "fresh", opml)
        whole, moments = reference(copied(fresh, work / "undisturbed"))
        while left:
            octavo = copied(fresh, work / str(left))
            outcomes.append(torture(octavo, moments, min(KILLS_AN_INSTALLATION, left), chance))
            left -= outcomes[-1]["hits"]
            shutil.rmtree(octavo.data.parent)
    report.tell("articles of the press", len(whole["urls"]))
    report.tell("refreshes killed at work", sum(outcome["hits"] for outcome in outcomes), least=KILLS * (not quick))
    report.tell("installations", len(outcomes))
    report.tell("moment of the kill, median", middle([d for outcome in outcomes for d in outcome["delays"]]), "s")
    report.tell("texts there at the kill, median", middle([n for outcome in outcomes for n in outcome["there"]]))
    report.tell("articles gone after a kill", sum(outcome["vanished"] for outcome in outcomes), most=0)
    report.tell("articles lost at the end", sum(lost(whole, outcome) for outcome in outcomes), most=0)
    report.tell("articles doubled", sum(doubled(outcome) for outcome in outcomes), most=0)
    for fault in (
        "orphans",
        "nameless",
        "unread",
        "versions twice",
        "to index",
        "index differs by",
        "to fold",
        "outside of stories",
        "stories miscounted",
    ):
        report.tell(f"at the end: {fault}", sum(outcome[fault] for outcome in outcomes), most=0)
    torn = sum(outcome["integrity"] != "ok" for outcome in outcomes)
    report.tell("databases that are not whole", torn, most=0, note=f"of {len(outcomes)}, PRAGMA integrity_check")
    reasons = sum((Counter(outcome["why unread"]) for outcome in outcomes), Counter())
    report.notes += [
        f"{count} articles were not read: {reason or 'no reason told'}" for reason, count in reasons.items()
    ]
    report.noise = noise.until_now()
    return report


def installation(folder: Path, opml: Path) -> Installation:
    """A fresh one that knows the press's feeds."""
    folder.mkdir()
    made = Installation(folder / "data", {"OCTAVO_ALLOW_NETWORKS": NETWORK, "OCTAVO_HOST_GAP": "0"})
    made.run("import", str(opml))
    return made


def copied(octavo: Installation, folder: Path) -> Installation:
    """A copy of an installation that nothing runs on."""
    shutil.copytree(octavo.data, folder / "data")
    return replace(octavo, data=folder / "data")


def reference(octavo: Installation) -> tuple[dict[str, Any], tuple[float, float]]:
    """What an undisturbed refresh brings, and between which seconds of it a kill finds it at work."""
    work = timed(octavo, "refresh", "--all")
    start = timed(octavo, "refresh")  # nothing is due: the time that starting and stopping take
    return looked(octavo), (EARLIEST * start, start + LATEST * max(0.0, work - start))


def timed(octavo: Installation, *verb: str) -> float:
    """The seconds that a verb takes."""
    began = time.monotonic()
    octavo.run(*verb)
    return time.monotonic() - began


def torture(octavo: Installation, moments: tuple[float, float], kills: int, chance: random.Random) -> dict[str, Any]:
    """Kills refreshes of an installation until one gets done, lets the last one finish, and says how it stands."""
    before: set[str] = set()
    delays: list[float] = []
    there: list[float] = []
    vanished = 0
    for _ in range(kills):
        delay = chance.uniform(*moments)
        if not kill_one(octavo, delay):
            break
        after = stored(octavo.data)
        delays.append(delay)
        there.append(texts(octavo.data))
        vanished += len(before - after)
        before = after
    octavo.run("refresh", "--all")
    return {"delays": delays, "there": there, "vanished": vanished, "hits": len(delays), **looked(octavo)}


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
    return {url for (url,) in ask(data, "SELECT url FROM store_article")}


def texts(data: Path) -> int:
    """How many articles have been read."""
    return int(ask(data, "SELECT count(*) FROM store_article WHERE version_id IS NOT NULL")[0][0])


def ask(data: Path, question: str) -> list[tuple[Any, ...]]:
    """The database's answer, from outside of Octavo."""
    with contextlib.closing(sqlite3.connect(data / "octavo.sqlite3", timeout=20)) as database:
        return database.execute(question).fetchall()


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
