"""What a second look costs: of the polls of feeds that have not changed, how many the publisher answers with 304."""

from __future__ import annotations

import time
from pathlib import Path

from bench import kit
from bench.installation import Installation
from bench.machine import Noise
from bench.report import Report

CORPUS = "stories/newscluster"
PUBLISHERS = 24
LEAST_UNCHANGED = 0.95


def run(work: Path, quick: bool) -> Report:
    """Refreshes twice and compares what was asked of the publishers."""
    report, noise = Report("polls"), Noise()
    with kit.web(work, CORPUS, PUBLISHERS, "--no-crawl-delay") as web:
        octavo = Installation(work / "data", {"OCTAVO_HOST_GAP": "0.05"})
        octavo.run("import", str(web.opml))
        octavo.run("refresh")
        asked = web.stats()
        web.reset()
        began = time.perf_counter()
        octavo.run("refresh", "--all")
        seconds = time.perf_counter() - began
        again = web.stats()
    polls = again["kinds"].get("feed", 0)
    report.tell("articles a poll brought twice", twice(octavo), most=0)
    report.tell("polls answered 304", again["statuses"].get("304", 0) / max(1, polls), "of all", least=LEAST_UNCHANGED)
    report.tell("requests, first refresh", asked["requests"])
    report.tell("requests, second refresh", again["requests"], note=f"{polls} of them for feeds")
    report.tell("most connections a host", max(asked["max_connections"], again["max_connections"]), most=2)
    report.tell("second refresh", seconds, "s")
    report.noise = noise.until_now()
    return report


def twice(octavo: Installation) -> int:
    """How many addresses were stored more than once."""
    urls = [row["url"].partition("?")[0] for row in octavo.articles()]
    return len(urls) - len(set(urls))
