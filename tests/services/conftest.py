"""A newsstand for the tests of services: real feeds and pages on loopback, which a test may change while it runs."""

from __future__ import annotations

import dataclasses
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from octavo.core.types import Entry, FeedDocument

PARAGRAPHS = [
    "The harbour council of {place} voted on Tuesday evening to reopen the old ferry line after eleven years of silence.",
    "Engineers had warned that the northern pier would not carry the weight of two boats at once, and the vote was close.",
    "“Nobody here wants another winter without a crossing,” said Maren Oldt, who keeps the ticket office on the quay.",
    "The line will carry four hundred passengers a day at first, and twice as many once the second boat is repaired.",
    "Opponents in the council asked for a new count of the costs, which have grown from three to nearly five million.",
    "A decision on the fares is expected in the spring, when the ministry in {place} publishes its plan for the islands.",
    "Fishermen from the outer islands welcomed the vote, but asked that the morning boat should wait for the market.",
    "The first crossing is planned for the tenth of May, weather permitting, with the old captain at the wheel again.",
]


def body_of(place: str, more: str = "") -> str:
    """The text of an invented article, long enough to be whole."""
    return "".join(f"<p>{line.format(place=place)}</p>" for line in [*PARAGRAPHS, *([more] if more else [])])


def page_of(title: str, place: str, more: str = "", head: str = "") -> bytes:
    """An article's page with some surroundings."""
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title)} | Quay News</title>{head}</head><body>'
        '<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>'
        f"<article><h1>{escape(title)}</h1>{body_of(place, more)}</article>"
        "<footer>All rights reserved. Quay News.</footer></body></html>"
    ).encode()


@dataclass
class Item:
    """One item of the stand's feed."""

    path: str
    title: str
    guid: str = ""
    summary: str = "A short summary."
    link: str = ""
    published: str = "Mon, 23 Nov 2026 08:00:00 +0200"


@dataclass
class Stand:
    """A publisher's server: `pages` by path, `items` of its feed, `answers` that override a path's status."""

    url: str = ""
    items: list[Item] = field(default_factory=list)
    pages: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    robots: str = "User-agent: *\nDisallow: /closed/\n"
    asked: Counter[str] = field(default_factory=Counter)
    before: Callable[[str], None] = lambda path: None

    @property
    def feed_url(self) -> str:
        return f"{self.url}/feed.xml"

    def put(self, path: str, title: str, place: str = "Velmara", more: str = "", **item: str) -> Item:
        """Publishes an article: its page, and an item at the feed's top."""
        self.pages[path] = page_of(title, place, more)
        made = Item(path, title, guid=item.pop("guid", f"guid-{path}"), **item)
        self.items.insert(0, made)
        return made

    def feed(self) -> bytes:
        rows = "".join(
            f"<item><title>{escape(i.title)}</title><link>{escape(i.link or self.url + i.path)}</link>"
            f'<guid isPermaLink="false">{escape(i.guid)}</guid><pubDate>{i.published}</pubDate>'
            f"<description>{escape(i.summary)}</description></item>"
            for i in self.items
        )
        title = f"<title>Quay News</title><link>{self.url}/</link><description>News</description>"
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{title}{rows}</channel></rss>'.encode()

    def answer(self, path: str) -> tuple[int, str, bytes]:
        if path in self.statuses:
            return self.statuses[path], "text/plain", b"no"
        if path == "/feed.xml":
            return 200, "application/rss+xml", self.feed()
        if path == "/robots.txt":
            return 200, "text/plain", self.robots.encode()
        if path == "/":
            link = '<link rel="alternate" type="application/rss+xml" title="Quay News" href="/feed.xml">'
            return 200, "text/html", f"<html><head>{link}</head><body>Quay News</body></html>".encode()
        return (200, "text/html", self.pages[path]) if path in self.pages else (404, "text/plain", b"no")


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand: Stand

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.stand.asked[path] += 1
        self.stand.before(path)
        status, kind, body = self.stand.answer(path)
        tag = f'"{hash((status, body)):x}"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", tag)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def stand() -> Iterator[Stand]:
    """A publisher on 127.0.5.1."""
    shown = Stand()
    server = ThreadingHTTPServer(("127.0.5.1", 0), type("StandAnswers", (Answers,), {"stand": shown}))
    shown.url = f"http://127.0.5.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield shown
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def reading(data_folder: Path, settings) -> None:
    """An installation that may read the stand, without waiting between requests."""
    settings.OCTAVO = dataclasses.replace(
        settings.OCTAVO, allow_networks=("127.0.5.0/24",), host_gap=0.0, extract_slots=1
    )


@pytest.fixture
def publisher(db):
    """A publisher without feeds."""
    from octavo.store.models import Publisher

    return Publisher.objects.create(
        slug="quay", name="Quay News", home_page="https://quay.example/", site_key="quay.example", language="en"
    )


@pytest.fixture
def feed(publisher):
    """A feed of that publisher."""
    from octavo.store.models import Feed

    url = "https://quay.example/feed"
    return Feed.objects.create(publisher=publisher, url=url, url_key="quay.example/feed", title="Quay News")


def entry(url: str, title: str = "", guid: str = "", **more: object) -> Entry:
    """An entry as a feed would give it."""
    return Entry(url=url, title=title or f"Title of {url}", guid=guid, **more)  # type: ignore[arg-type]


@pytest.fixture
def document() -> Callable[..., FeedDocument]:
    """Makes a document of entries."""
    return lambda *entries: FeedDocument("rss", title="Quay News", entries=tuple(entries))


@pytest.fixture
def told() -> Callable[..., Entry]:
    """Makes an entry."""
    return entry


@pytest.fixture
def dead_holder() -> str:
    """The name of a process of this machine that has been killed."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    named = f"{socket.gethostname()[:40]}:{child.pid}:{psutil.Process(child.pid).create_time():.2f}"
    child.kill()
    child.communicate()
    return named
