"""A slot that is killed fails only its own work; neighbours go on, the innocent are done again, nothing is left behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from octavo.core.types import Enclosure
from octavo.settings import SettingsError
from octavo.sources.nursery import RECYCLE_TASKS
from octavo.sources.slots import SlotKilled, Slots, TaskFailed
from tests.sources import hostile_work as work

MIB = 1024 * 1024


@pytest.fixture
def slots() -> Iterator[Slots]:
    with Slots(2, seconds=0.5, memory=64 * MIB, preload=["tests.sources.hostile_work"]) as opened:
        yield opened


def test_work_is_done_and_values_come_back_whole(slots: Slots) -> None:
    assert [slots.submit(work.double, n).result(20) for n in range(5)] == [0, 2, 4, 6, 8]
    assert slots.submit(work.own_value, "https://a.example/x.mp3").result(20) == Enclosure(
        "https://a.example/x.mp3", length=3
    )


def test_an_endless_loop_is_killed_and_its_neighbours_go_on(slots: Slots) -> None:
    endless = slots.submit(work.spin)
    begun = time.monotonic()
    assert [slots.submit(work.double, n).result(20) for n in range(20)] == [2 * n for n in range(20)]
    assert not endless.done() or time.monotonic() - begun > 0.5
    with pytest.raises(SlotKilled) as killed:
        endless.result(20)
    assert killed.value.reason == "time"
    assert slots.submit(work.double, 4).result(20) == 8


def test_memory_is_bounded_above_what_the_process_has(slots: Slots) -> None:
    assert slots.submit(work.hoard, 40).result(20) == 40 * MIB
    with pytest.raises(SlotKilled) as killed:
        slots.submit(work.hoard, 200).result(20)
    assert killed.value.reason == "memory"
    assert slots.submit(work.double, 4).result(20) == 8


def test_work_whose_process_vanished_is_done_again_once(slots: Slots, tmp_path: Path) -> None:
    assert slots.submit(work.die_once, str(tmp_path / "mark")).result(20) == "done"
    with pytest.raises(SlotKilled) as killed:
        slots.submit(work.die).result(20)
    assert killed.value.reason == "died"


def test_errors_of_ours_arrive_as_they_are_and_others_by_name(slots: Slots) -> None:
    with pytest.raises(SettingsError, match="not like this"):
        slots.submit(work.complain).result(20)
    with pytest.raises(TaskFailed, match="KeyError"):
        slots.submit(work.stumble).result(20)


def test_an_answer_that_is_no_plain_value_is_refused(slots: Slots) -> None:
    with pytest.raises(SlotKilled) as killed:
        slots.submit(work.smuggle).result(20)
    assert killed.value.reason == "size"


def test_a_nursery_that_was_killed_is_started_again(slots: Slots) -> None:
    first = slots.submit(work.process).result(20)
    assert slots.nursery.process is not None
    slots.nursery.process.kill()
    slots.nursery.process.wait()
    deadline = time.monotonic() + 5
    while psutil.pid_exists(first) and psutil.Process(first).status() != "zombie" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert slots.submit(work.double, 3).result(20) == 6


def test_a_slot_is_replaced_after_its_share_of_work() -> None:
    with Slots(1, preload=["tests.sources.hostile_work"]) as slots:
        seen = {slots.submit(work.process).result(20) for _ in range(RECYCLE_TASKS + 1)}
    assert len(seen) == 2


def test_closing_leaves_no_process_even_while_work_runs() -> None:
    slots = Slots(2, seconds=30, preload=["tests.sources.hostile_work"])
    slots.submit(work.sleep, 20)
    slots.submit(work.double, 1).result(20)
    assert slots.nursery.process is not None
    family = [psutil.Process(slots.nursery.process.pid), *psutil.Process(slots.nursery.process.pid).children()]
    begun = time.monotonic()
    slots.close()
    assert time.monotonic() - begun < 10
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []


def test_the_event_loop_is_not_blocked() -> None:
    async def both() -> list[float]:
        async with Slots(2, preload=["tests.sources.hostile_work"]) as slots:
            return await asyncio.gather(slots.run(work.sleep, 0.3), slots.run(work.double, 21))

    assert asyncio.run(both()) == [0.3, 42]
