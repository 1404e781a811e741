"""Real servers on loopback that answer as told, and count what they see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from octavo.settings import Settings

Answer = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Asked:
    """One request as the server saw it."""

    line: str
    headers: dict[str, str]
    at: float

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]


@dataclass
class Site:
    """A server that answers every connection by `answers[path]`, or 404; what it saw is kept."""

    answers: dict[str, Answer]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    open_now: int = 0
    most_open: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            while asked := await self.read(reader):
                self.asked.append(asked)
                path = asked.path if asked.path.startswith("http") else asked.path.partition("?")[0]
                await self.answers.get(path, self.answers.get("*", missing))(asked, writer)
                await writer.drain()
                if writer.is_closing():
                    break
        except (ConnectionError, ValueError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.open_now -= 1
            writer.close()

    @staticmethod
    async def read(reader: asyncio.StreamReader) -> Asked | None:
        line = (await reader.readline()).decode("latin-1").strip()
        headers: dict[str, str] = {}
        while field_line := (await reader.readline()).decode("latin-1").strip():
            name, _, value = field_line.partition(":")
            headers[name.lower()] = value.strip()
        return Asked(line, headers, time.monotonic()) if line else None


@asynccontextmanager
async def serving(answers: dict[str, Answer] | Answer | None = None) -> AsyncIterator[Site]:
    """A site on a free port of 127.0.0.1, closed with all its connections at the end."""
    site = Site(answers if isinstance(answers, dict) else {"*": answers or missing})
    server = await asyncio.start_server(site.connected, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    tasks_before = asyncio.all_tasks()
    try:
        yield site
    finally:
        server.close()
        for task in asyncio.all_tasks() - tasks_before:
            if "connected" in repr(task.get_coro()):
                task.cancel()


def reply(body: bytes = b"", status: int = 200, **headers: str) -> Answer:
    """A plain, proper answer; header names are written with underscores for dashes."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        fields = {"Content-Length": str(len(body)), "Content-Type": "text/html; charset=utf-8"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = f"HTTP/1.1 {status} Word\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(head.encode() + b"\r\n" + body)

    return answer


def raw(*pieces: bytes, pause: float = 0.0, close: bool = True) -> Answer:
    """Octets as they are, with a pause between them."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        if close:
            writer.close()

    return answer


missing = reply(b"nothing here", 404)


def redirect(location: str, status: int = 302) -> Answer:
    return reply(b"", status, Location=location)


def http_date(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def quick_settings(**changes: object) -> Settings:
    """Loopback allowed, no gap, and bounds that a test can wait for."""
    given: dict[str, object] = {
        "allow_networks": ("127.0.0.0/8",),
        "host_gap": 0.0,
        "connect_timeout": 1.0,
        "first_byte_timeout": 0.6,
        "transfer_timeout": 1.2,
        "contact": "https://news.example/contact",
    }
    return Settings(**(given | changes))  # type: ignore[arg-type]
