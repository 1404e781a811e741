"""Serves the press on loopback as real sites, one address a publisher; it never listens on anything but loopback.

On Linux and Windows every publisher has a loopback address of its own (127.0.2.1, 127.0.2.2, …) on one port, so that
a polite reader may fetch from many of them at once; where only 127.0.0.1 exists (macOS) each has a port of its own.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from aiohttp import web

from octavo.demo import broadcasts, drawings, feeds, pages
from octavo.demo.edition import Printed, Site, make_sites
from octavo.demo.press import Press, Publisher, load

BASE_PORT = 8100
ADDRESSES = "127.0.2.{}"
ONLY_ADDRESS = "127.0.0.1"
START_SECONDS = 10.0
SHUTDOWN_SECONDS = 0.5
CONSENT_COOKIE = "consent"
STYLES = Path(__file__).parent / "styles"
PAGE_TYPE = "text/html"
TEXT_TYPES = ("text/", "application/rss", "application/atom", "application/rdf", "application/feed", "application/xml")
MOST_CONNECTIONS = 128


@dataclass(frozen=True, slots=True)
class Document:
    """What lies at a path: its bytes, media type and the time of its last change."""

    body: bytes
    type: str
    changed: datetime
    status: int = 200
    varies: bool = False

    @property
    def tag(self) -> str:
        """The value of its ETag: the same bytes have the same."""
        return hashlib.sha256(self.body).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class StarterPublisher:
    """A publisher as a list of feeds to begin with describes it."""

    name: str
    home_page: str
    feed: str
    country: str
    language: str
    owner: str
    medium: str
    sections: tuple[str, ...]


class Documents:
    """The documents of one site, each made when it is first asked for."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._made: dict[str, Document] = {}

    def find(self, path: str, consented: bool = False) -> Document | None:
        """The document at a decoded path; None where there is none."""
        printed = self.site.by_path.get(path)
        if printed is not None and printed.article.kind == "consent":
            return self._behind_consent(printed, consented)
        return self._kept(path, lambda: self._make(path))

    def missing(self) -> Document:
        """What is shown where there is nothing."""
        return Document(pages.missing_page(self.site).encode(), PAGE_TYPE, self.site.started, status=404)

    def found(self, query: str) -> Document:
        """The titles that hold the words of a search."""
        return self._page(pages.search_page(self.site, query), self.site.changed)

    def _kept(self, key: str, make: Callable[[], Document | None]) -> Document | None:
        if key not in self._made and (document := make()) is not None:
            if document.type.startswith(("image/", "audio/", "video/")):
                return document  # the modules that make them keep the last few
            self._made[key] = document
        return self._made.get(key)

    def _behind_consent(self, printed: Printed, consented: bool) -> Document:
        write = pages.article_page if consented else pages.consent_page
        return Document(write(self.site, printed).encode(), PAGE_TYPE, printed.changed, varies=True)

    def _make(self, path: str) -> Document | None:
        site = self.site
        if (printed := site.by_path.get(path)) is not None:
            return self._page(pages.article_page(site, printed), printed.changed)
        if path == site.feed_path:
            text, kind = feeds.write_feed(site, lambda p: len(self._recording(p).body))
            return Document(text.encode(), kind, site.changed)
        folder, _, name = path.removeprefix("/").rpartition("/")
        if folder == "section" and name in site.sections:
            return self._page(pages.section_page(site, name), site.changed)
        if folder == "pictures" and name in site.pictures:
            return Document(drawings.draw_picture(site.pictures[name]), "image/png", site.started)
        if (printed := site.recordings.get(path)) is not None:
            return self._recording(printed)
        return self._fixed(path)

    def _fixed(self, path: str) -> Document | None:
        site = self.site
        match path:
            case "/":
                return self._page(pages.front_page(site), site.changed)
            case "/about":
                return self._page(pages.about_page(site), site.started)
            case "/robots.txt":
                return Document(feeds.write_robots(site).encode(), "text/plain", site.started)
            case "/sitemap.xml":
                return Document(feeds.write_sitemap(site).encode(), "application/xml", site.changed)
            case "/style.css":
                sheets = (STYLES / "common.css", STYLES / f"{site.publisher.template}.css")
                return Document(b"".join(sheet.read_bytes() for sheet in sheets), "text/css", site.started)
        return None

    def _recording(self, printed: Printed) -> Document:
        make = broadcasts.film if printed.is_film else broadcasts.sound
        subject = printed.article.image or printed.article.title
        return Document(make(subject), feeds.recording_type(printed), printed.published)

    def _page(self, text: str, changed: datetime) -> Document:
        return Document(text.encode(), PAGE_TYPE, changed)


class DemoPress:
    """The press in one run. The addresses are taken when it is made; it serves between entering and leaving.

    `with DemoPress() as press:` serves from a thread of its own, `async with` from the running loop.
    Raises PressError for a broken press and OSError where not even a free port can be had.
    """

    def __init__(
        self,
        base_port: int = BASE_PORT,
        press: Press | None = None,
        started: datetime | None = None,
        ports: Mapping[str, int] | None = None,
    ) -> None:
        """`ports` are those that publishers, by name, had before: they are taken again where they are free."""
        press, ports = press or load(), ports or {}
        self.started = started or datetime.now(UTC)
        self._sockets = open_sockets([ports.get(publisher.name, 0) for publisher in press.publishers], base_port)
        ids = (publisher.id for publisher in press.publishers)
        self._origins = dict(zip(ids, (f"http://{_allowance(s)}" for s in self._sockets), strict=True))
        self.publishers: tuple[Site, ...] = make_sites(press, self._origins, self.started)
        self._runners: list[web.ServerRunner] = []
        # Drawing takes some 50 ms and 20 MB: one picture at a time, while the sites go on answering.
        self._workshop = ThreadPoolExecutor(1, thread_name_prefix="demo-press-workshop")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @cached_property
    def allowances(self) -> tuple[str, ...]:
        """The exact addresses, `host:port`, that the network door must be opened to."""
        return tuple(origin.removeprefix("http://") for origin in self._origins.values())

    def manifest(self) -> Mapping[str, Printed]:
        """Every article that is out, by its canonical address."""
        return {printed.url: printed for site in self.publishers for printed in site.printed}

    def starter(self) -> tuple[StarterPublisher, ...]:
        """The publishers with what a list of feeds says of them."""
        return tuple(_starter(site) for site in self.publishers)

    def opml(self) -> str:
        """The feeds as OPML 2.0, in one folder a place."""
        places: dict[str, list[Site]] = {}
        for site in self.publishers:
            places.setdefault(site.publisher.place, []).append(site)
        folders = "".join(_folder(place, sites) for place, sites in places.items())
        head = "<head><title>Demo press</title></head>"
        return f'<?xml version="1.0" encoding="utf-8"?>\n<opml version="2.0">{head}<body>\n{folders}</body></opml>\n'

    async def open(self) -> None:
        """Begins to serve in the running loop."""
        for site, opened in zip(self.publishers, self._sockets, strict=True):
            runner = web.ServerRunner(
                web.Server(_handler(Documents(site), self._workshop), access_log=None),
                shutdown_timeout=SHUTDOWN_SECONDS,
            )
            await runner.setup()
            await web.SockSite(runner, opened).start()
            self._runners.append(runner)

    async def close(self) -> None:
        """Stops serving and gives the addresses back."""
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()
        for opened in self._sockets:
            opened.close()
        self._workshop.shutdown()

    def start(self) -> None:
        """Serves from a thread of its own; returns when every site answers."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="demo-press", daemon=True)
        self._thread.start()
        if not ready.wait(START_SECONDS):
            raise RuntimeError(f"The demo press did not start within {START_SECONDS:.0f} seconds; start it again.")

    def stop(self) -> None:
        """Stops the thread; does nothing where none runs."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._thread = self._loop = None

    def _run(self, ready: threading.Event) -> None:
        self._loop = loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self.open())
            ready.set()
            loop.run_forever()
        finally:
            loop.run_until_complete(self.close())
            loop.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def start(base_port: int = BASE_PORT) -> DemoPress:
    """The demo press, serving from a thread; `.stop()` ends it. With port 0 the system chooses free ports."""
    press = DemoPress(base_port)
    press.start()
    return press


def open_sockets(before: Sequence[int], base_port: int) -> list[socket.socket]:
    """Bound loopback sockets: one address each on `base_port` if the machine has them, else one port each.

    `before` has the port that each had when it was last served, 0 where it was not.
    """
    opened: list[socket.socket] = []
    for number, port in enumerate(before):
        try:
            opened.append(_bind(ADDRESSES.format(number + 1), port or base_port))
        except OSError as error:
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EINVAL):
                raise
            opened.append(_bind(ONLY_ADDRESS, port or (base_port + number if base_port else 0)))
    return opened


def _bind(address: str, port: int) -> socket.socket:
    """A bound socket on the port, or on a free one where it is taken."""
    for choice in dict.fromkeys((port, 0)):
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((address, choice))
            opened.listen(MOST_CONNECTIONS)
            return opened
        except OSError as error:
            opened.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES) or choice == 0:
                raise
    raise OSError(errno.EADDRINUSE, f"no free port on {address}")


def _allowance(opened: socket.socket) -> str:
    host, port = opened.getsockname()
    return f"{host}:{port}"


def _handler(documents: Documents, workshop: Executor) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers={"Allow": "GET, HEAD"})
        path = unquote(request.rel_url.raw_path)
        if path == "/consent":
            return _consent(request)
        if path == "/search":
            document: Document | None = documents.found(request.query.get("q", ""))
        else:
            consented = CONSENT_COOKIE in request.cookies
            document = await asyncio.get_running_loop().run_in_executor(workshop, documents.find, path, consented)
        return _response(request, document or documents.missing())

    return answer


def _consent(request: web.BaseRequest) -> web.Response:
    """Remembers the answer to the wall and leads back to the article; never off this site."""
    to = request.query.get("to", "/")
    response = web.Response(status=303, headers={"Location": "/" + to.lstrip("/\\")})
    response.set_cookie(CONSENT_COOKIE, "given", samesite="Lax", httponly=True)
    return response


def _response(request: web.BaseRequest, document: Document) -> web.Response:
    headers = {"Cache-Control": "max-age=60"} | ({"Vary": "Cookie"} if document.varies else {})
    if document.status == 200 and _is_fresh(request, document):
        response = web.Response(status=304, headers=headers)
    else:
        response = _whole_or_part(request, document, headers)
    if document.status == 200:
        response.headers["ETag"] = f'W/"{document.tag}"'
        response.last_modified = document.changed
    return response


def _is_fresh(request: web.BaseRequest, document: Document) -> bool:
    """Whether the asker's copy is the present one; a tag, where given, decides alone (RFC 9110, section 13.2.2)."""
    if (tags := request.if_none_match) is not None:
        return any(tag.value in ("*", document.tag) for tag in tags)
    since = request.if_modified_since
    return since is not None and document.changed.replace(microsecond=0) <= since


def _whole_or_part(request: web.BaseRequest, document: Document, headers: dict[str, str]) -> web.Response:
    """The whole document, compressed where it is text; a span of bytes of sound and film, as players ask for it."""
    if document.type.startswith(TEXT_TYPES):
        response = web.Response(
            body=document.body, status=document.status, content_type=document.type, charset="utf-8", headers=headers
        )
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.enable_compression(web.ContentCoding.gzip)
        return response
    headers |= {"Accept-Ranges": "bytes"}
    span, total = _span(request), len(document.body)
    if span is None:
        return web.Response(body=document.body, content_type=document.type, headers=headers)
    begin, end, _ = span.indices(total)
    if begin >= total:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{total}"})
    headers |= {"Content-Range": f"bytes {begin}-{end - 1}/{total}"}
    return web.Response(status=206, body=document.body[begin:end], content_type=document.type, headers=headers)


def _span(request: web.BaseRequest) -> slice | None:
    try:
        asked = request.http_range
    except ValueError:
        return None
    return None if asked.start is None and asked.stop is None else asked


def _starter(site: Site) -> StarterPublisher:
    publisher: Publisher = site.publisher
    return StarterPublisher(
        name=publisher.name,
        home_page=site.home_page,
        feed=site.feed_url,
        country=publisher.country,
        language=publisher.language,
        owner=publisher.owner,
        medium=publisher.medium,
        sections=publisher.sections,
    )


def _folder(place: str, sites: list[Site]) -> str:
    outlines = "".join(
        f'<outline type="rss" text={quoteattr(site.publisher.name)} xmlUrl={quoteattr(site.feed_url)} '
        f"htmlUrl={quoteattr(site.home_page)} language={quoteattr(site.publisher.language)}/>\n"
        for site in sites
    )
    return f"<outline text={quoteattr(place)}>\n{outlines}</outline>\n"
