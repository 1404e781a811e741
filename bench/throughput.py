"""From socket to searchable, and on until folded: 5,000 articles of 40 publishers, and what each stage costs a processor.

Its peer is the least that could be called a news reader: one process that fetches, lets trafilatura find the text and
inserts a row, without politeness, bounds, identity, versions or an index.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import threading
import time
from pathlib import Path
from typing import Self

import aiohttp
import psutil

from bench import kit
from bench.installation import Installation
from bench.machine import Noise, own_seconds
from bench.report import Report

CORPUS = "corpus/allsides_pre2016"
PUBLISHERS, ARTICLES, QUICK_ARTICLES = 40, 5000, 600
PEER_ARTICLES, PEER_AT_ONCE = 400, 40
LEAST_RATE, MOST_MEMORY = 25.0, 600.0
# How often it is looked how many articles are searchable, in seconds.
LOOK_SECONDS = 1.0
SEARCHABLE = """SELECT COUNT(*) FROM store_article AS article WHERE version_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM store_indexwork AS listed WHERE listed.article_id = article.id)"""
FAST = ("--even", "--no-crawl-delay")


def run(work: Path, quick: bool) -> Report:
    """Measures one refresh of everything, then the peer on some of the same pages."""
    report, noise = Report("throughput"), Noise()
    count = QUICK_ARTICLES if quick else ARTICLES
    with kit.web(work, CORPUS, PUBLISHERS, "--limit", str(count), *FAST) as web:
        octavo = Installation(work / "data", {"OCTAVO_HOST_GAP": "0"})
        octavo.run("import", str(web.opml))
        began = time.perf_counter()
        with Searchable(octavo.data / "octavo.sqlite3") as searchable:
            cost = octavo.watched(str(work / "stages.json"), "refresh", module="bench.stages")
        seconds = time.perf_counter() - began
        stored = octavo.articles()
        rate = searchable.count / searchable.seconds
        peer = asyncio.run(bare_loop(sorted(web.wanted())[:PEER_ARTICLES], work / "peer.sqlite3"))
        web_seconds = own_seconds(psutil.Process(web.pid))
        report.tell("articles", len(stored), least=len(web.wanted()))
        report.tell("searchable", searchable.count, least=len(web.wanted()))
        report.tell("articles a second until searchable", rate, "/s", least=LEAST_RATE)
        report.tell("articles a second until folded", len(stored) / seconds, "/s")
        report.tell("peer: bare loop, one process", peer, "/s")
        report.tell("octavo to peer", rate / peer, "x")
        report.tell("peak memory (PSS)", cost.peak / 2**20, "MiB", most=MOST_MEMORY)
        report.tell("cores used by octavo", cost.seconds / seconds, "cores")
        report.tell("cores used by the publishers", web_seconds / seconds, "cores")
    stages = json.loads((work / "stages.json").read_text())
    for stage, used in sorted(stages.items(), key=lambda pair: -pair[1]):
        report.tell(f"{stage}, processor", used / len(stored) * 1000, "s/1,000")
    report.tell("all stages, processor", sum(stages.values()) / len(stored) * 1000, "s/1,000")
    report.noise = noise.until_now()
    return report


class Searchable:
    """Follows how many articles are searchable: `count` at most, first reached after `seconds`."""

    def __init__(self, path: Path) -> None:
        self.count, self.seconds = 0, 0.0
        self._path, self._over = path, threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._began = time.perf_counter()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    def _follow(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        with contextlib.closing(sqlite3.connect(self._path, timeout=20)) as database:
            (count,) = database.execute(SEARCHABLE).fetchone()
        if count > self.count:
            self.count, self.seconds = count, time.perf_counter() - self._began


async def bare_loop(urls: list[str], path: Path) -> float:
    """Articles a second of the peer."""
    import trafilatura

    database = sqlite3.connect(path)
    database.execute("CREATE TABLE article (url TEXT PRIMARY KEY, text TEXT)")
    turns = asyncio.Semaphore(PEER_AT_ONCE)
    began = time.perf_counter()

    async def read(session: aiohttp.ClientSession, url: str) -> None:
        async with turns, session.get(url) as answer:
            page = await answer.read()
        text = trafilatura.extract(page, include_comments=False)
        database.execute("INSERT INTO article VALUES (?, ?)", (url, text))
        database.commit()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(read(session, url) for url in urls))
    return len(urls) / (time.perf_counter() - began)
