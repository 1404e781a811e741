"""Visitors of pages: wrk for as many as a server takes, and a calm stream of requests at a fixed rate for their waits."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

CONNECTIONS = 8
CALM_CONNECTIONS = 64
# wrk walks through the paths, one after the other.
SCRIPT = """
local paths = {%s}
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
done = function(summary, latency)
  print(string.format('{"requests":%%d,"seconds":%%f,"p99":%%f,"refused":%%d,"broken":%%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1000, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Rush:
    """What wrk saw: answers a second and the slowest hundredth in milliseconds."""

    rate: float
    p99: float


def rush(base: str, paths: Sequence[str], seconds: int, core: int, work: Path) -> Rush:
    """As many requests as the server answers. Raises RuntimeError where wrk is missing or an answer is no page."""
    if not shutil.which("wrk"):
        raise RuntimeError("needs wrk: apt-get install wrk")
    script = work / "paths.lua"
    script.write_text(SCRIPT % ", ".join(json.dumps(path) for path in paths))
    command = (
        "taskset", "-c", str(core), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", "Accept-Encoding: gzip",
        "-s", str(script), base,
    )  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seen = json.loads(next(line for line in told.splitlines() if line.startswith("{")))
    if seen["refused"] or seen["broken"]:
        raise RuntimeError(f"{seen['refused']} answers were no pages and {seen['broken']} requests failed: {told}")
    return Rush(seen["requests"] / seen["seconds"], seen["p99"])


async def stroll(base: str, paths: Sequence[str], rate: float, seconds: float) -> list[float]:
    """Milliseconds of each answer to requests that are sent on time, however late the answers to earlier ones are.

    A wait counts from the moment at which the request was due, so that a pause of the server is not left out (Tene's
    'coordinated omission').
    """
    waits: list[float] = []
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CALM_CONNECTIONS), headers={"Accept-Encoding": "gzip"}
    ) as session:
        began = time.perf_counter()

        async def visit(number: int) -> None:
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            async with session.get(base + paths[number % len(paths)]) as answer:
                await answer.read()
                answer.raise_for_status()
            waits.append((time.perf_counter() - due) * 1000)

        await asyncio.gather(*(visit(number) for number in range(int(rate * seconds))))
    return waits


def compressed_size(url: str) -> int:
    """Bytes of a page's body as a browser gets it."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return len(answer.read())


def requests_of(url: str) -> int | None:
    """How many requests a browser makes for a page; None where there is no browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    from playwright.sync_api import sync_playwright

    seen: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page()
        page.on("request", lambda request: seen.append(request.url))
        page.goto(url, wait_until="networkidle")
        browser.close()
    return sum(not address.startswith("data:") for address in seen)
