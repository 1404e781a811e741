"""The network door: the only place that opens a connection for content. It decides what comes in, and keeps nothing.

http and https only. Each address is vetted when its name is resolved and again when its socket is opened, at every
redirect. Redirects, times, sizes, encodings and headers are bounded, robots.txt and each host's manners are kept. There
are no cookies and no credentials. Through a proxy the vetting of names is the proxy's (see `sources/proxies.py`).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message
from types import SimpleNamespace, TracebackType
from typing import Literal, Self, TypeVar

import aiohttp
from yarl import URL

from octavo import __version__
from octavo.core.reading.retry import parse_retry_after, pause_until
from octavo.core.reading.robots import MAX_TEXT as MAX_ROBOTS
from octavo.settings import Settings
from octavo.sources.addresses import Allowance, Lookup, SystemNames, VettedResolver, Vetting, network_of
from octavo.sources.inflate import GZIP_MAGIC, Body, gunzip
from octavo.sources.manners import Manners, Sent
from octavo.sources.proxies import Proxies
from octavo.sources.refusals import Reason, Refusal
from octavo.sources.robots import RobotsGuard
from octavo.sources.targets import Target, join_target, parse_target

T = TypeVar("T")
Kind = Literal["feed", "page", "picture", "robots"]

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_HEADER_LINE = 16 * 1024
MAX_HEADERS = 100
# Pictures are bounded more tightly than text: nobody's lead image needs more.
MAX_PICTURE = 10 * 1024 * 1024
# How long an idle connection is kept for the next request to its host; longer than the usual gap.
KEEP_ALIVE = 15.0
GZIP_NAMES = frozenset({"gzip", "x-gzip"})

ACCEPT: Mapping[Kind, str] = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, */*;q=0.5",
    "page": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5",
    "picture": "image/webp, image/jpeg, image/png, image/gif;q=0.8, image/avif;q=0.7",
    "robots": "text/plain, */*;q=0.5",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What to bring. `etag` and `last_modified` make it conditional; `max_body` in bytes, decoded, None for the usual.

    `patience` is how many seconds to wait at most for a host's robots.txt and then for its turn; None: as long as it takes.
    """

    url: str
    kind: Kind = "page"
    etag: str = ""
    last_modified: str = ""
    accept: str = ""
    obey_robots: bool = True
    max_body: int | None = None
    patience: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came. `url` is where it came from in the end, `hops` the redirecting addresses before it with their codes.

    `body` is decoded, and empty unless the status is 2xx. Header names are lower case. `charset` is as the Content-Type
    says, empty where it says none. `retry_after` is an aware instant, None where not told.
    `elapsed` is the seconds of the transfer with its redirects, without the wait for turns.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    charset: str = ""
    hops: tuple[tuple[str, int], ...] = ()
    etag: str = ""
    last_modified: str = ""
    retry_after: datetime | None = None
    elapsed: float = 0.0

    @property
    def is_new(self) -> bool:
        """Whether there is a body to read."""
        return 200 <= self.status < 300

    @property
    def is_unchanged(self) -> bool:
        """Whether the publisher says that what we have is current."""
        return self.status == 304

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(slots=True)
class _Journey:
    """One fetch under way: its bounds, the time it has used, the redirects behind it."""

    request: Request
    max_body: int
    seconds_left: float
    hops: list[tuple[str, int]] = field(default_factory=list)
    elapsed: float = 0.0


def user_agent(settings: Settings) -> str:
    """Who we say that we are, with the contact that the settings give."""
    contact = "".join(character for character in settings.contact if character.isascii() and character.isprintable())
    return f"Octavo/{__version__}" + (f" (+{contact})" if contact else " (self-hosted news reader)")


class Door:
    """Fetches: `async with Door(settings, manners) as door: reply = await door.fetch(Request(url))`.

    `allow` opens addresses beside the public ones and those of the settings, for this door alone; `lookup` replaces the
    system's resolver. One door serves any number of fetches at once.
    """

    def __init__(
        self, settings: Settings, manners: Manners, *, allow: Iterable[Allowance] = (), lookup: Lookup | None = None
    ) -> None:
        self._settings = settings
        self._manners = manners
        networks = (Allowance(network_of(written)) for written in settings.allow_networks)
        self._vetting = Vetting([*networks, *allow])
        self._names = SystemNames()
        self._resolver = VettedResolver(self._vetting, lookup or self._names)
        self._proxies = Proxies()
        self._robots = RobotsGuard(manners, self._ask_robots)
        self._tls = ssl.create_default_context()
        self._tracing = aiohttp.TraceConfig()
        self._tracing.on_request_headers_sent.append(_tell_sent)
        self._lines: dict[tuple[str, str], aiohttp.ClientSession] = {}
        manners.when_leaving(self._hang_up)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes every connection."""
        while self._lines:
            _, line = self._lines.popitem()
            await line.close()
        self._names.close()

    async def fetch(self, request: Request) -> Reply:
        """Brings an address, through at most five redirects. Any status is a reply; Refusal is everything else."""
        journey = _Journey(request, self._bound(request), self._settings.transfer_timeout)
        target = parse_target(request.url)
        while True:
            reply = await self._visit(target, journey)
            location = reply.headers.get("location", "")
            if reply.status not in REDIRECTS or not location:
                return reply
            journey.hops.append((target.url, reply.status))
            if len(journey.hops) > MAX_REDIRECTS:
                raise Refusal(Reason.REDIRECTS, f"The publisher redirects more than {MAX_REDIRECTS} times", request.url)
            target = join_target(target, location)

    def _bound(self, request: Request) -> int:
        usual = {"robots": MAX_ROBOTS, "picture": min(MAX_PICTURE, self._settings.max_body)}
        return request.max_body or usual.get(request.kind, self._settings.max_body)

    async def _visit(self, target: Target, journey: _Journey) -> Reply:
        """One address of the journey: vetted, allowed by its robots.txt, in its host's turn."""
        self._vet_literal(target)
        request = journey.request
        delay = await self._wait(self._robots.admit(target), target, request) if request.obey_robots else 0.0
        async with AsyncExitStack() as turn:
            coming = turn.enter_async_context(self._manners.turn(target.host_key, delay))
            sent = await self._wait(coming, target, request)
            reply = await self._timed_exchange(target, journey, sent)
        until = pause_until(reply.status, reply.retry_after, datetime.now(UTC))
        if until:
            await self._manners.pause(target.host_key, until)
        return reply

    @staticmethod
    async def _wait(waited_for: Awaitable[T], target: Target, request: Request) -> T:
        """What is waited for within the request's patience. Raises Refusal (busy)."""
        try:
            async with asyncio.timeout(request.patience):
                return await waited_for
        except TimeoutError:
            detail = f"{target.host} was busy for {request.patience:g} s"
            raise Refusal(Reason.BUSY, detail, target.url) from None

    def _vet_literal(self, target: Target) -> None:
        if target.address is not None:
            self._vetting.check(target.address, target.port, target.url)

    async def _timed_exchange(self, target: Target, journey: _Journey, sent: Sent) -> Reply:
        """The exchange within the time that the journey has left."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(journey.seconds_left):
                reply = await self._exchange(target, journey, sent)
        except Refusal as refusal:
            refusal.url = refusal.url or target.url
            raise
        except Exception as error:
            raise _as_refusal(error, target, self._settings) from error
        spent = time.monotonic() - began
        journey.seconds_left -= spent
        journey.elapsed += spent
        return replace(reply, elapsed=journey.elapsed)

    async def _exchange(self, target: Target, journey: _Journey, sent: Sent) -> Reply:
        """One request and its answer, on one of the host's lines."""
        proxy = self._proxy(target)
        line = self._line(target.host_key, proxy)
        async with line.get(
            URL(target.url, encoded=True),
            headers=_conditions(journey.request),
            proxy=proxy or None,
            allow_redirects=False,
            trace_request_ctx=sent,
        ) as response:
            body = await _read(response, journey) if 200 <= response.status < 300 else b""
            return _reply(response, target, journey, body)

    def _proxy(self, target: Target) -> str:
        """The proxy for an address; an address that an allowance opens is ours, and no proxy outside could reach it."""
        if target.address is not None and self._vetting.is_allowed(target.address, target.port):
            return ""
        return self._proxies.proxy_for(target)

    def _line(self, host: str, proxy: str) -> aiohttp.ClientSession:
        """The connections of one host: apart from all others, so that they can be closed when the host is let go."""
        line = self._lines.get((host, proxy))
        if line is None:
            line = self._lines[host, proxy] = self._open_line(through_proxy=bool(proxy))
        return line

    def _open_line(self, *, through_proxy: bool) -> aiohttp.ClientSession:
        settings = self._settings
        # A line through a proxy connects to the proxy alone, whose address is the operator's own choice.
        connector = aiohttp.TCPConnector(
            resolver=aiohttp.ThreadedResolver() if through_proxy else self._resolver,
            socket_factory=None if through_proxy else self._vetting.open_socket,
            use_dns_cache=False,
            limit=settings.host_connections,
            keepalive_timeout=KEEP_ALIVE,
            ssl=self._tls,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            headers={"User-Agent": user_agent(settings), "Accept-Encoding": "gzip"},
            timeout=aiohttp.ClientTimeout(
                total=None, connect=settings.connect_timeout, sock_read=settings.first_byte_timeout
            ),
            max_line_size=MAX_HEADER_LINE,
            max_field_size=MAX_HEADER_LINE,
            max_headers=MAX_HEADERS,
            trace_configs=[self._tracing],
        )

    async def _hang_up(self, host: str) -> None:
        for key in [key for key in self._lines if key[0] == host]:
            await self._lines.pop(key).close()

    async def _ask_robots(self, url: str) -> tuple[int, str, datetime | None]:
        reply = await self.fetch(Request(url, kind="robots", obey_robots=False))
        return reply.status, reply.body.decode("utf-8", "replace"), reply.retry_after


async def _tell_sent(line: aiohttp.ClientSession, context: SimpleNamespace, _: object) -> None:
    """Tells the turn that its request is on its way."""
    context.trace_request_ctx()


def _conditions(request: Request) -> dict[str, str]:
    """The headers of one request; validators that could not have come from a header are left out."""
    headers = {"Accept": request.accept or ACCEPT[request.kind]}
    if request.etag.isprintable() and request.etag:
        headers["If-None-Match"] = request.etag
    if request.last_modified.isprintable() and request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    return headers


async def _read(response: aiohttp.ClientResponse, journey: _Journey) -> bytes:
    """The decoded body within its bound. A length that is announced is believed only where it is too much already."""
    is_gzip = _is_gzip(response)
    cut = journey.request.kind == "robots"
    if (response.content_length or 0) > journey.max_body and not cut:
        raise Refusal(Reason.TOO_LARGE, f"The body is larger than {journey.max_body:,} bytes")
    body = Body(journey.max_body, gzip=is_gzip, cut=cut)
    async for chunk in response.content.iter_any():
        body.take(chunk)
        if body.is_full:
            response.close()
            break
    return _unpack(body.finish(), response, journey, is_gzip)


def _is_gzip(response: aiohttp.ClientResponse) -> bool:
    """Whether the body is gzip. Only that was asked for: other and nested encodings are refused."""
    written = ",".join(response.headers.getall("Content-Encoding", ()))
    names = [name.strip().lower() for name in written.split(",") if name.strip()]
    if names in ([], ["identity"]):
        return False
    if len(names) > 1 or names[0] not in GZIP_NAMES:
        raise Refusal(Reason.ENCODING, f"The body is encoded as {written[:60]!r}, which was not asked for")
    return True


def _unpack(body: bytes, response: aiohttp.ClientResponse, journey: _Journey, was_gzip: bool) -> bytes:
    """A gzip file in place of a feed (a sitemap.xml.gz) is opened once; gzip within gzip is refused."""
    if not body.startswith(GZIP_MAGIC):
        return body
    if was_gzip or journey.request.kind != "feed":
        raise Refusal(Reason.ENCODING, "The body is compressed more than once")
    opened = gunzip(body, journey.max_body)
    if opened.startswith(GZIP_MAGIC):
        raise Refusal(Reason.ENCODING, "The body is compressed more than once")
    return opened


def _reply(response: aiohttp.ClientResponse, target: Target, journey: _Journey, body: bytes) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    content_type = Message()
    content_type["content-type"] = headers.get("content-type", "")
    charset = content_type.get_param("charset", "")
    return Reply(
        url=target.url,
        status=response.status,
        headers=headers,
        body=body,
        charset=charset.strip().lower() if isinstance(charset, str) else "",
        hops=tuple(journey.hops),
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        retry_after=parse_retry_after(headers.get("retry-after", ""), datetime.now(UTC)),
    )


def _as_refusal(error: Exception, target: Target, settings: Settings) -> Refusal:
    """A fault of the network in the words of a refusal; the cause's own text stays out of what readers see."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            reason, detail = (
                Reason.TOO_SLOW,
                f"{target.host} did not take the connection in {settings.connect_timeout:g} s",
            )
        case aiohttp.SocketTimeoutError():
            reason, detail = Reason.TOO_SLOW, f"{target.host} was silent for {settings.first_byte_timeout:g} s"
        case TimeoutError():
            reason, detail = Reason.TOO_SLOW, f"The transfer took longer than {settings.transfer_timeout:g} s"
        case aiohttp.ClientSSLError():
            reason, detail = Reason.TLS, f"No safe connection to {target.host} could be made"
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            reason, detail = Reason.PROXY, "The proxy does not take the request"
        case aiohttp.ClientConnectorDNSError():
            reason, detail = Reason.UNREACHABLE, f"The name {target.host} is not known"
        case aiohttp.ClientConnectorError():
            reason, detail = Reason.UNREACHABLE, f"{target.host} does not take the connection"
        case aiohttp.ClientPayloadError() | aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            reason, detail = Reason.CUT_SHORT, f"{target.host} broke off its answer"
        case aiohttp.ClientResponseError():
            reason, detail = Reason.HEADER, f"{target.host} answers with headers that cannot be read"
        case _:
            reason, detail = Reason.UNREACHABLE, f"{target.host} could not be read ({type(error).__name__})"
    return Refusal(reason, detail, target.url)
