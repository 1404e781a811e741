"""Decides when work that serves many articles at once is done: when some is due, a little later than it could be. It does none."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable


class Rounds:
    """One kind of such work. For one event loop."""

    def __init__(self, seconds: float) -> None:
        """`seconds` pass after a round before the next, so that what comes meanwhile is done together."""
        self._seconds = seconds
        self._due = asyncio.Event()
        self._now = asyncio.Event()

    def ask(self) -> None:
        """Says that there is work; also while a round is under way, which may have missed it."""
        self._due.set()

    def hurry(self) -> None:
        """Says that there is work for which somebody waits."""
        self._due.set()
        self._now.set()

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Does a round of work whenever it is due, until cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            self._now.clear()
            await work()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._now.wait()
