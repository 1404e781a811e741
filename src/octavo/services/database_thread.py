"""One thread for the database beside an event loop, with a connection of its own; the loop itself never touches it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThread:
    """Runs database work in order, one piece at a time: `await thread(work, *args)`."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` returns; its exceptions come through."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: _run(work, *args, **kwargs))

    def close(self) -> None:
        """Waits for the work under way and closes the thread's connection."""
        self._pool.submit(connections.close_all)
        self._pool.shutdown(wait=True)


def _run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()
    return work(*args, **kwargs)
