"""When work that serves many articles at once is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from octavo.services.rounds import Rounds

LONG = 60.0


@asynccontextmanager
async def running(rounds: Rounds, during: Callable[[], None] = lambda: None) -> AsyncIterator[list[int]]:
    """The rounds that were done, while they run."""
    done: list[int] = []

    async def work() -> None:
        done.append(len(done))
        if len(done) == 1:
            during()

    task = asyncio.create_task(rounds.run(work))
    yield done
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def settled() -> None:
    """Lets everything that can go on go on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_nothing_is_done_before_it_is_due() -> None:
    rounds = Rounds(LONG)
    async with running(rounds) as done:
        await settled()
        assert done == []
        rounds.ask()
        await settled()
        assert done == [0]


async def test_what_comes_within_the_pause_waits_for_its_end() -> None:
    rounds = Rounds(LONG)
    async with running(rounds) as done:
        rounds.ask()
        await settled()
        rounds.ask()
        await settled()
        assert done == [0]


async def test_whoever_waits_cuts_the_pause_short() -> None:
    rounds = Rounds(LONG)
    async with running(rounds) as done:
        rounds.ask()
        await settled()
        rounds.hurry()
        await settled()
        assert done == [0, 1]


async def test_what_is_asked_for_during_a_round_gets_one_of_its_own() -> None:
    rounds = Rounds(LONG)
    async with running(rounds, during=rounds.hurry) as done:
        rounds.ask()
        await settled()
        assert done == [0, 1]


async def test_a_pause_ends_by_itself() -> None:
    rounds = Rounds(0.01)
    async with running(rounds) as done:
        rounds.ask()
        await settled()
        rounds.ask()
        await asyncio.sleep(0.5)
        assert done == [0, 1]
