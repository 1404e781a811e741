"""Every kind of broken and hostile publisher at once, beside sound ones: who suffers, and does anybody hear of it?"""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import kit
from bench.installation import Installation
from bench.machine import Noise
from bench.report import Report

CORPUS = "stories/newscluster"
PUBLISHERS = 30
FAULTS = (
    "flaky=0.1,slow,drip,hang,reset,redirect,loop,gone,bomb,huge,badxml,entity,xxe,xss,future,nodate,dupguid,guidchurn,"
    "edit,ssrf"
)
# Where the same troubles may lie as well: in the pages behind the feeds.
PAGE_FAULTS = "drip=page,hang=page,reset=page,redirect=page,loop=page,gone=page,bomb=page,huge=page"
MOST_MEMORY = 600.0
# Where a reader hangs up, the publisher notices only when it writes again, and counts the old connection beside the new.
CUT_OFF = frozenset(("drip", "hang", "bomb", "huge"))


def run(work: Path, quick: bool) -> Report:
    """One refresh with the faults in the feeds, one with those in the pages, each on an installation of its own."""
    report, noise = Report("faults"), Noise()
    for place, faults in (("feeds", FAULTS), ("pages", PAGE_FAULTS)):
        folder = work / place
        folder.mkdir()
        one(folder, place, faults, report)
    report.noise = noise.until_now()
    return report


def one(work: Path, place: str, faults: str, report: Report) -> None:
    """Measures one web of publishers."""
    with kit.web(work, CORPUS, PUBLISHERS, "--faults", faults, "--no-crawl-delay") as web:
        octavo = Installation(work / "data", {"OCTAVO_HOST_GAP": "0.05"})
        octavo.run("import", str(web.opml))
        began = time.perf_counter()
        cost = octavo.watched("refresh")
        seconds = time.perf_counter() - began
        stats = web.stats()
        broken = forbidden(stats, web)
        stored = Counter(row["url"].partition("?")[0] for row in octavo.articles())
        wanted, listed = Counter(web.wanted().values()), troubled_hosts(octavo)
        had = Counter(host for url, host in web.wanted().items() if stored[url])
        lacking = {host for host in wanted if had[host] < wanted[host]}
    report.tell(f"{place}: sound publishers", len(wanted.keys() - web.struck))
    report.tell(f"{place}: sound and not complete", len(lacking - web.struck), most=0)
    report.tell(f"{place}: struck and complete", len(web.struck - lacking))
    silent = sorted((lacking & web.struck) - listed)
    names = ", ".join("+".join(web.manifest["publishers"][host]["faults"]) for host in silent)
    report.tell(f"{place}: struck, lacking and unheard of", len(silent), most=0, note=names)
    report.tell(f"{place}: articles twice", sum(stored[url] > 1 for url in web.wanted()), most=0)
    report.tell(f"{place}: contacts with the canary", len(stats["canary_contacts"]), most=0)
    report.tell(f"{place}: fetches against robots.txt", broken, most=0)
    report.tell(f"{place}: most connections a host", most_connections(stats), most=2)
    report.tell(f"{place}: peak memory (PSS)", cost.peak / 2**20, "MiB", most=MOST_MEMORY)
    report.tell(f"{place}: refresh", seconds, "s")


def troubled_hosts(octavo: Installation) -> set[str]:
    """The hosts that feed health speaks of, each with a reason."""
    check = octavo.start("feeds", "check", "--json", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    told, _ = check.communicate()
    return {urlsplit(row["url"]).hostname or "" for row in json.loads(told) if row["reason"]}


def most_connections(stats: dict[str, Any]) -> int:
    """The most connections that a publisher had at once, among those that notice when one is closed."""
    return max(told["max_connections"] for told in stats["hosts"].values() if not CUT_OFF & set(told["faults"]))


def forbidden(stats: dict[str, Any], web: kit.Web) -> int:
    """Fetches that a robots.txt forbids. The kit counts those of publishers without a robots.txt too; they are none."""
    counts = {host: len(told["violations"]) for host, told in stats["hosts"].items()}
    return sum(n for host, n in counts.items() if n and has_robots(web.base.replace("127.0.1.1", host)))


def has_robots(base: str) -> bool:
    """Whether a publisher has a robots.txt."""
    try:
        urllib.request.urlopen(base + "/robots.txt", timeout=10).close()
    except urllib.error.HTTPError:
        return False
    return True
