"""Asks a language model at any endpoint that speaks the OpenAI protocol, and gives its answer as it arrives.

It decides how long is waited, how much is read and when is tried again. It never raises for what an endpoint does, follows
no redirect, logs no key and no text, and makes no call that the ledger was not told of before.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import random
import urllib.request
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

CONNECT_SECONDS: Final = 8.0
# Between two pieces of an answer; a model that thinks before its first word has the whole time for that.
SILENT_SECONDS: Final = 20.0
# An answer's bytes as sent, and its text in characters. A piece of a few letters is sent as some 300 bytes.
MOST_BYTES: Final = 4_000_000
MOST_CHARACTERS: Final = 60_000
LONGEST_LINE: Final = 256_000
# Tries in all, and the pause before the second, doubled for each further one; an endpoint's own wish counts up to a bound.
TRIES: Final = 3
BACKOFF_SECONDS: Final = 0.5
LONGEST_PAUSE: Final = 8.0
TRY_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
# Characters that a token holds at least: of English four, of other scripts less. Overstates a text's tokens.
CHARACTERS_A_TOKEN: Final = 3
CHARACTERS_A_TOKEN_ELSEWHERE: Final = 1


class Outcome(StrEnum):
    """How a call ended."""

    ASKED = "asked"
    ANSWERED = "answered"
    CUT = "cut"
    SLOW = "slow"
    UNREACHABLE = "unreachable"
    LIMITED = "limited"
    REFUSED = "refused"
    FAULTY = "faulty"
    TOO_LONG = "too long"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked. `price_in` and `price_out` per million tokens; `seconds` for a whole answer with all tries."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    price_in: float = 0.0
    price_out: float = 0.0
    seconds: float = 60.0

    @property
    def host(self) -> str:
        """The host and port, as the ledger names it."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine: a call to it does not leave it."""
        name = urlsplit(self.url).hostname or ""
        try:
            return name == "localhost" or ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost, in the price's currency."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000


@dataclass
class Attempt:
    """One call as the ledger has it: what went out and came back, in bytes and tokens, and how it ended."""

    bytes_out: int
    tokens_in: int
    tokens_out: int = 0
    bytes_in: int = 0
    outcome: Outcome = Outcome.ASKED
    status: int = 0


class Ledger(Protocol):
    """Who is told of each call before it is made, and may forbid it."""

    def begin(self, attempt: Attempt) -> bool:
        """Notes a call that is about to be made, with what it may cost at most; False: it must not be made."""

    def end(self, attempt: Attempt) -> None:
        """Notes how the call ended."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked: what it shall do, what it shall do it to, and how many tokens it may answer."""

    system: str
    user: str
    most_tokens: int

    @property
    def most_cost_tokens(self) -> tuple[int, int]:
        """The tokens that asking costs at most, in and out."""
        return tokens_of(self.system) + tokens_of(self.user), self.most_tokens


class Asking:
    """One question to a model. Iterating gives the answer in pieces; then `outcome` says how it ended."""

    def __init__(self, endpoint: Endpoint, question: Question, ledger: Ledger) -> None:
        self._endpoint, self._question, self._ledger = endpoint, question, ledger
        self.outcome = Outcome.REFUSED
        self._pause = 0.0

    def __iter__(self) -> Generator[str, None, None]:
        """The answer in pieces, tried again where nothing has come yet and a later try may help."""
        loop = asyncio.new_event_loop()
        try:
            until = loop.time() + self._endpoint.seconds
            for number in range(TRIES):
                attempt = self._new_attempt()
                if not self._ledger.begin(attempt):
                    return
                has_spoken = False
                for piece in self._try(loop, attempt, until):
                    has_spoken = True
                    yield piece
                self.outcome = attempt.outcome
                pause = max(self._pause, BACKOFF_SECONDS * 2**number * (1 + random.random() / 4))  # noqa: S311
                may_help = attempt.status in TRY_AGAIN or (attempt.outcome is Outcome.UNREACHABLE and number == 0)
                if has_spoken or not may_help or pause > LONGEST_PAUSE or loop.time() + pause >= until:
                    return
                loop.run_until_complete(asyncio.sleep(pause))
        finally:
            loop.close()

    def _new_attempt(self) -> Attempt:
        tokens_in, tokens_out = self._question.most_cost_tokens
        return Attempt(len(body_of(self._endpoint, self._question)), tokens_in, tokens_out)

    def _try(self, loop: asyncio.AbstractEventLoop, attempt: Attempt, until: float) -> Iterator[str]:
        """One call's pieces, run in this thread. Whoever stops listening ends the call, and the ledger says so."""
        reading = _Reading(attempt)
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        call = loop.create_task(self._call(reading, pieces, until))
        attempt.outcome = Outcome.LEFT
        try:
            while (piece := loop.run_until_complete(pieces.get())) is not None:
                yield piece
            attempt.outcome = reading.outcome
        finally:
            call.cancel()
            loop.run_until_complete(asyncio.gather(call, return_exceptions=True))
            self._pause = reading.retry_after
            attempt.tokens_in, attempt.tokens_out = reading.tokens(self._question)
            self._ledger.end(attempt)

    async def _call(self, reading: _Reading, pieces: asyncio.Queue[str | None], until: float) -> None:
        """Puts the text of one call into `pieces` as it comes, None last; what goes wrong becomes `reading.outcome`."""
        import aiohttp

        try:
            async with asyncio.timeout_at(until):
                await self._read(reading, pieces)
        except TimeoutError:
            reading.outcome = Outcome.SLOW
        except aiohttp.ClientConnectorError:
            reading.outcome = Outcome.UNREACHABLE
        except (aiohttp.ClientError, OSError, ValueError):
            reading.outcome = Outcome.CUT if reading.attempt.bytes_in else Outcome.UNREACHABLE
        finally:
            pieces.put_nowait(None)

    async def _read(self, reading: _Reading, pieces: asyncio.Queue[str | None]) -> None:
        async with self._session() as session, self._posted(session) as response:
            reading.begin(response.status, response.headers)
            if reading.is_over:
                return
            async for chunk in response.content.iter_any():
                for piece in reading.read(chunk):
                    pieces.put_nowait(piece)
                if reading.is_over:
                    return
            for piece in reading.read_whole():
                pieces.put_nowait(piece)

    def _session(self) -> Any:
        import aiohttp

        bounds = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS)
        return aiohttp.ClientSession(
            timeout=bounds, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )

    def _posted(self, session: Any) -> Any:
        """The request. Redirects would carry texts and the key elsewhere; packed answers could be bombs."""
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream", "Accept-Encoding": "identity"}
        if self._endpoint.key:
            headers["Authorization"] = f"Bearer {self._endpoint.key}"
        return session.post(
            f"{self._endpoint.url.rstrip('/')}/chat/completions",
            data=body_of(self._endpoint, self._question),
            headers=headers,
            allow_redirects=False,
            proxy=proxy_for(self._endpoint),
        )


class _Reading:
    """One answer while it is read: server-sent events, or one JSON object from an endpoint that does not stream."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.outcome = Outcome.CUT
        self.retry_after = 0.0
        self.is_over = False
        self._is_stream = True
        self._left = b""
        self._characters = 0
        self._usage = (0, 0)

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Takes note of what kind of answer this is."""
        self.attempt.status = status
        self._is_stream = not headers.get("Content-Type", "").startswith("application/json")
        if status == 429:
            self._stop(Outcome.LIMITED)
        elif status != 200 or headers.get("Content-Encoding", "identity").lower() != "identity":
            self._stop(Outcome.REFUSED if 300 <= status < 500 else Outcome.FAULTY)
        with suppress(ValueError):
            self.retry_after = max(0.0, float(headers.get("Retry-After", "0")))

    def read(self, chunk: bytes) -> Iterator[str]:
        """The pieces of text that end in a chunk; sets `is_over` where there is nothing more to read."""
        if self.is_over:
            return
        self.attempt.bytes_in += len(chunk)
        self._left += chunk
        if self.attempt.bytes_in > MOST_BYTES or (self._is_stream and len(self._left) > LONGEST_LINE + len(chunk)):
            self._stop(Outcome.TOO_LONG)
            return
        if not self._is_stream:
            return
        *lines, self._left = self._left.split(b"\n")
        for line in lines:
            if not self.is_over and line.startswith(b"data:"):
                yield from self._event(line[5:].strip())

    def read_whole(self) -> Iterator[str]:
        """The text of an answer that came in one."""
        if not self._is_stream and not self.is_over:
            yield from self._event(self._left)
            if self.outcome is Outcome.CUT and self._characters:
                self.outcome = Outcome.ANSWERED

    def _event(self, written: bytes) -> Iterator[str]:
        if written == b"[DONE]":
            self._stop(self.outcome if self.outcome is Outcome.TOO_LONG else Outcome.ANSWERED)
            return
        try:
            found = json.loads(written)
        except (ValueError, RecursionError):
            return
        self._usage = usage_of(found) or self._usage
        text, reason = spoken(found)
        if text:
            self._characters += len(text)
            yield text[: max(0, MOST_CHARACTERS - self._characters + len(text))]
        if self._characters > MOST_CHARACTERS:
            self._stop(Outcome.TOO_LONG)
        elif reason:
            self.outcome = Outcome.TOO_LONG if reason == "length" else Outcome.ANSWERED

    def _stop(self, outcome: Outcome) -> None:
        self.outcome, self.is_over = outcome, True

    def tokens(self, question: Question) -> tuple[int, int]:
        """The tokens in and out: as the endpoint counts them or as the texts' lengths say, whichever is more.

        A call that was refused costs nothing.
        """
        if self.attempt.status not in (0, 200):
            return 0, 0
        tokens_in, _ = question.most_cost_tokens
        spoken_tokens = self._characters // (CHARACTERS_A_TOKEN + 1)
        return max(self._usage[0], tokens_in if self.attempt.status else 0), max(self._usage[1], spoken_tokens)


def body_of(endpoint: Endpoint, question: Question) -> bytes:
    """The request's body. No tools are offered, so none can be called."""
    asked = {
        "model": endpoint.model,
        "messages": [{"role": "system", "content": question.system}, {"role": "user", "content": question.user}],
        "temperature": 0,
        "max_tokens": question.most_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    return json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace")


def spoken(found: Any) -> tuple[str, str]:
    """The text and the reason for ending of one event or whole answer; empty where it has none of that shape."""
    choices = found.get("choices") if isinstance(found, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    holder = choice.get("delta") or choice.get("message")
    text = holder.get("content") if isinstance(holder, dict) else None
    reason = choice.get("finish_reason")
    return text if isinstance(text, str) else "", reason if isinstance(reason, str) else ""


def usage_of(found: Any) -> tuple[int, int] | None:
    """The tokens in and out that an event tells; None where it tells none that can be."""
    usage = found.get("usage") if isinstance(found, dict) else None
    if not isinstance(usage, dict):
        return None
    counts = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not all(isinstance(one, int) and 0 <= one < 10_000_000 for one in counts):
        return None
    return int(counts[0] or 0), int(counts[1] or 0)


def tokens_of(text: str) -> int:
    """No fewer tokens than a text is likely to have."""
    ascii_count = sum(character.isascii() for character in text)
    elsewhere = (len(text) - ascii_count) // CHARACTERS_A_TOKEN_ELSEWHERE
    return ascii_count // CHARACTERS_A_TOKEN + elsewhere + 1


def proxy_for(endpoint: Endpoint) -> str | None:
    """The proxy of the environment for an endpoint; None for one on this machine, and where none is set."""
    if endpoint.is_here:
        return None
    proxies = urllib.request.getproxies_environment()
    if urllib.request.proxy_bypass_environment(endpoint.host, proxies):  # type: ignore[attr-defined]
        return None
    return proxies.get(urlsplit(endpoint.url).scheme) or proxies.get("all")


def characters_for(context: int, prompt: str, most_tokens: int, texts: Sequence[str]) -> int:
    """How many characters of texts of this kind fit a model's context beside the prompt and the answer."""
    room = max(0, context - tokens_of(prompt) - most_tokens)
    sample = "".join(text[:2_000] for text in texts) or "a"
    return int(room * len(sample) / tokens_of(sample))
