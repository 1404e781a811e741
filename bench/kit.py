"""The replayed web of publishers that some benches read: it lies beside the checkout or where OCTAVO_SHARED points."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
NETWORK = "127.0.1.0/24"
# Feeds are as long as a publisher's share of the articles: nothing is missed because it left the feed.
FEED_SIZE = 2000


class NoKit(RuntimeError):
    """The kit is not here; the message says where it is looked for."""


def folder() -> Path:
    """The kit's folder. Raises NoKit."""
    place = Path(os.environ.get("OCTAVO_SHARED") or ROOT.parent / "shared")
    if not (place / "newsweb" / "newsweb.py").is_file():
        raise NoKit(f"needs the replayed web of publishers, which is not in {place}; set OCTAVO_SHARED to its folder")
    return place


def articles(name: str) -> Path:
    """A file of articles of the kit, such as corpus/allsides_pre2016. Raises NoKit."""
    place = folder() / "eval" / "data"
    found = next(
        (path for path in (place / f"{name}.jsonl.gz", place / f"{name}.articles.jsonl.gz") if path.is_file()), None
    )
    if found is None:
        raise NoKit(f"needs the articles {name}, which are not in {place}")
    return found


@dataclass(frozen=True)
class Web:
    """A running web of publishers."""

    base: str
    opml: Path
    manifest: dict[str, Any]
    pid: int

    def stats(self) -> dict[str, Any]:
        """What was asked of it since the start or the last `reset`."""
        return self._get("/__stats")

    def reset(self) -> None:
        """Sets its counts to zero."""
        self._get("/__reset")

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self.base + path, timeout=10) as answer:
            return json.load(answer)

    @property
    def struck(self) -> set[str]:
        """The hosts that have faults."""
        return {host for host, publisher in self.manifest["publishers"].items() if publisher["faults"]}

    def wanted(self) -> dict[str, str]:
        """Every article that may be fetched: address to host."""
        rows = self.manifest["articles"]
        rows = rows.values() if isinstance(rows, dict) else rows
        return {row["url"]: row["url"].split("/")[2].split(":")[0] for row in rows if not row.get("private")}


@contextmanager
def web(work: Path, name: str, publishers: int, *options: str) -> Iterator[Web]:
    """Serves the articles of that name as so many publishers until the block ends. Raises NoKit."""
    opml, manifest, port = work / "feeds.opml", work / "manifest.json", free_port()
    command: Sequence[str] = (
        sys.executable, str(folder() / "newsweb" / "newsweb.py"), "serve", "--articles", str(articles(name)),
        "--publishers", str(publishers), "--port", str(port), "--feed-size", str(FEED_SIZE),
        "--opml", str(opml), "--manifest", str(manifest), *options,
    )  # fmt: skip
    with (work / "web.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        base = f"http://127.0.1.1:{port}"
        _wait_for(base, process, work / "web.log")
        yield Web(base, opml, json.loads(manifest.read_text()), process.pid)
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    """A port with a free neighbour above it: the web's canary listens there."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("0.0.0.0", 0))
            try:
                other.bind(("0.0.0.0", one.getsockname()[1] + 1))
            except (OSError, OverflowError):
                continue
            return int(one.getsockname()[1])


def _wait_for(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(base + "/__stats", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the web of publishers does not answer: {log.read_text()[-300:]}")
