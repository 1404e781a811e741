"""How quickly a visitor gets a page: one process of the site on one core, the worker idle, 20,000 articles in the store.

The peer is Django's smallest answer under the same server. Visitors run on another core.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import visitors
from bench.installation import Installation
from bench.kit import free_port
from bench.machine import Noise, own_seconds, take_precedence, tree
from bench.report import Report, middle, share_below

ARTICLES, FEW_ARTICLES, QUICK_ARTICLES = 20_000, 200, 500
# Articles that the visitors turn between.
VISITED = 40
LEAST_PLAIN, LEAST_KEPT = 200.0, 800.0
CALM_RATE, MOST_WAIT = 100.0, 50.0
MOST_FRONT, MOST_REQUESTS = 30 * 1024, 5
SECONDS, CALM_SECONDS, ROUNDS = 6, 15, 3
START_SECONDS = 60.0


def run(work: Path, quick: bool) -> Report:
    """Fills a store, then measures its pages without and with the cache, and what else is promised of them."""
    report, noise = Report("pages"), Noise()
    octavo, few = Installation(work / "data"), Installation(work / "few")
    count = QUICK_ARTICLES if quick else ARTICLES
    octavo.run("fill", str(count), module="bench.storeful")
    few.run("fill", str(FEW_ARTICLES), module="bench.storeful")
    rounds, seconds = (1, 2) if quick else (ROUNDS, SECONDS)
    newest = [f"/articles/{number}/" for number in range(count, count - VISITED, -1)]
    report.tell("articles", count)
    take_precedence()
    with site(Installation(octavo.data), "bench.hello:application") as (base, _):
        hello = middle([visitors.rush(base, ["/"], seconds, visitors_core(), work).rate for _ in range(rounds)])
    report.tell("peer: Django's hello", hello, "/s")
    for kind, setting, least in (("without cache", "0", LEAST_PLAIN), ("with cache", "60", LEAST_KEPT)):
        kept = Installation(octavo.data, {"OCTAVO_PAGE_CACHE_SECONDS": setting})
        with site(kept, "octavo.web.wsgi:application") as (base, pid):
            for name, paths in (("front page", ["/"]), ("article page", newest)):
                measure(report, f"{name}, {kind}", base, pid, paths, least, hello, rounds, seconds, work)
            if setting != "0":
                weigh(report, base)
    count_queries(report, octavo, few)
    report.noise = noise.until_now()
    return report


def measure(
    report: Report, name: str, base: str, pid: int, paths: Sequence[str], least: float, hello: float, rounds: int,
    seconds: int, work: Path,
) -> None:  # fmt: skip
    """One page's speed under a rush, and its waits at a calm rate."""
    visitors.rush(base, paths, 1, visitors_core(), work)
    used = tree_seconds(pid)
    rates = [visitors.rush(base, paths, seconds, visitors_core(), work).rate for _ in range(rounds)]
    each = (tree_seconds(pid) - used) / (sum(rates) * seconds) * 1000
    note = (
        f"{middle(rates) / hello:.3f} of hello; {min(rates):.0f} to {max(rates):.0f}; {each:.2f} ms of processor each"
    )
    report.tell(name, middle(rates), "/s", least=least, note=note)
    os.sched_setaffinity(0, {visitors_core()})
    try:
        waits = [asyncio.run(visitors.stroll(base, paths, CALM_RATE, CALM_SECONDS / rounds)) for _ in range(rounds)]
    finally:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    slowest = [share_below(each, 0.99) for each in waits]
    half = middle([middle(each) for each in waits])
    note = f"median {half:.1f} ms; {min(slowest):.0f} to {max(slowest):.0f}"
    report.tell(f"{name}, p99 at {CALM_RATE:.0f}/s", middle(slowest), "ms", most=MOST_WAIT, note=note)


def weigh(report: Report, base: str) -> None:
    """The front page's size and requests."""
    report.tell("front page, compressed", visitors.compressed_size(base + "/") / 1024, "kB", most=MOST_FRONT / 1024)
    requests = visitors.requests_of(base + "/")
    if requests is None:
        report.notes.append("the front page's requests were not counted: apt-get install chromium")
    else:
        report.tell("front page, requests", requests, most=MOST_REQUESTS)


def count_queries(report: Report, octavo: Installation, few: Installation) -> None:
    """That a page asks as much of a large store as of a small one."""
    many, little = (json.loads(each.run("queries", module="bench.storeful")) for each in (octavo, few))
    for page, count in many.items():
        report.tell(f"{page}, queries", count, most=little[page], note=f"{little[page]} with {FEW_ARTICLES} articles")


def visitors_core() -> int:
    """The core that visitors run on: the last one; the site has the first."""
    return (os.cpu_count() or 1) - 1


@contextmanager
def site(octavo: Installation, application: str) -> Iterator[tuple[str, int]]:
    """One process of the site on the first core, as `octavo serve` starts it; its address and process."""
    port = free_port()
    settings = {**octavo.settings, "OCTAVO_LISTEN": f"127.0.0.1:{port}"}
    process = Installation(octavo.data, settings).start(application, str(port), module="bench.onecore")
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the site answers. Raises RuntimeError where it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer")


def tree_seconds(pid: int) -> float:
    """Processor seconds that a process and its descendants have used."""
    return sum(own_seconds(process) for process in tree(pid))
