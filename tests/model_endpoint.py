"""A language model's endpoint for tests and evaluations: a real server on loopback that speaks the protocol, by a script."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LINE = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)


@dataclass
class Answer:
    """What the endpoint sends: pieces of text, with pauses in seconds between them."""

    pieces: Sequence[str | float] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_streamed: bool = True
    # Whether the answer ends as the protocol wants, and with which words instead of events.
    is_ended: bool = True
    reason: str = "stop"
    raw: bytes | None = None
    usage: dict[str, int] | None = None


@dataclass
class Model:
    """The scripted model: `script` answers one request's body; what was asked is kept."""

    script: Callable[[dict[str, Any]], Answer]
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def offered(asked: dict[str, Any]) -> dict[int, str]:
    """The numbered sentences that a request shows."""
    return {int(number): text for number, text in LINE.findall(asked["messages"][1]["content"])}


def line(text: str, passages: Sequence[int], evidence: str | Sequence[str]) -> str:
    """One sentence as an honest model writes it."""
    listed = [evidence] if isinstance(evidence, str) else list(evidence)
    return json.dumps({"text": text, "passages": list(passages), "evidence": listed}, ensure_ascii=False) + "\n"


def copied(asked: dict[str, Any], count: int = 3) -> Answer:
    """An honest answer: the first sentences again, cut at a comma or said as they are."""
    shown = list(offered(asked).items())[:count]
    return Answer([line(text, [number], " ".join(text.split()[:6])) for number, text in shown])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: Model

    def do_POST(self) -> None:
        """Answers one question."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.model.asked.append(asked)
        self.model.keys.append(self.headers.get("Authorization", ""))
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):
            self._send(self.model.script(asked))

    def _send(self, answer: Answer) -> None:
        kind = "text/event-stream" if answer.is_streamed and answer.status == 200 else "application/json"
        self.send_response(answer.status)
        for name, value in {"Content-Type": kind, "Connection": "close", **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.raw is not None or answer.status != 200:
            self.wfile.write(answer.raw or b"")
            return
        if not answer.is_streamed:
            self.wfile.write(json.dumps(self._whole(answer)).encode())
            return
        for piece in answer.pieces:
            if isinstance(piece, float):
                time.sleep(piece)
            else:
                self._event({"choices": [{"delta": {"content": piece}}]})
        if answer.is_ended:
            self._event({"choices": [{"delta": {}, "finish_reason": answer.reason}], "usage": answer.usage})
            self.wfile.write(b"data: [DONE]\n\n")

    def _whole(self, answer: Answer) -> dict[str, Any]:
        text = "".join(piece for piece in answer.pieces if isinstance(piece, str))
        return {"choices": [{"message": {"content": text}, "finish_reason": answer.reason}], "usage": answer.usage}

    def _event(self, told: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(told)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@contextmanager
def serving(script: Callable[[dict[str, Any]], Answer], host: str = "127.0.0.1") -> Iterator[Model]:
    """A running endpoint."""
    model = Model(script)
    server = ThreadingHTTPServer((host, 0), type("Handler", (_Handler,), {"model": model}))
    server.daemon_threads = True
    model.url = f"http://{host}:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
