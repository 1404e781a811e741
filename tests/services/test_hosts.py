"""Several processes together treat a host as one polite visitor."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from octavo.services import holders, hosts
from octavo.services.hosts import StoreManners
from octavo.sources.http import Door, Request
from octavo.sources.manners import RobotsAnswer
from octavo.sources.refusals import Reason, Refusal
from octavo.store.models import Host
from tests.sources.loopback import Asked, Site, quick_settings, redirect, reply, serving

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
# A process that fetches so many addresses of a site and says 'ready' first; argv: database, gap, path, number.
VISITOR = """
import asyncio, sys
import django
from django.db import connections
django.setup()
connections["default"].settings_dict["NAME"] = sys.argv[1]
connections.databases["default"]["NAME"] = sys.argv[1]
from octavo.services.hosts import StoreManners
from octavo.sources.http import Door, Request
from tests.sources.loopback import quick_settings

async def visit():
    settings = quick_settings(host_gap=float(sys.argv[2]), transfer_timeout=30.0, first_byte_timeout=30.0)
    async with StoreManners(settings) as manners, Door(settings, manners) as door:
        print("ready", flush=True)
        sys.stdin.readline()
        await asyncio.gather(*(
            door.fetch(Request(f"{sys.argv[3]}/{number}", obey_robots="robots" in sys.argv))
            for number in range(int(sys.argv[4]))
        ))

asyncio.run(visit())
"""


def start_visitor(site: Site, number: int, gap: float, *more: str) -> subprocess.Popen[str]:
    """Another process with the tests' database, waiting for a line before it begins."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "octavo.django_settings", "PYTHONPATH": str(ROOT)}
    visitor = subprocess.Popen(
        [sys.executable, "-c", VISITOR, str(connection.settings_dict["NAME"]), str(gap), site.url, str(number), *more],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert visitor.stdout is not None
    assert visitor.stdout.readline() == "ready\n"
    return visitor


def begin(visitor: subprocess.Popen[str]) -> None:
    assert visitor.stdin is not None
    visitor.stdin.write("go\n")
    visitor.stdin.flush()


async def finish(visitor: subprocess.Popen[str]) -> int:
    return await asyncio.to_thread(visitor.wait, 60)


@asynccontextmanager
async def visiting(**changes: object) -> AsyncIterator[tuple[StoreManners, Door]]:
    settings = quick_settings(**changes)
    async with StoreManners(settings) as manners, Door(settings, manners) as door:
        yield manners, door


async def store(question: Callable[[], T]) -> T:
    """Asks the database from a thread whose connection is closed afterwards."""

    def ask() -> T:
        try:
            return question()
        finally:
            connections.close_all()

    return await asyncio.to_thread(ask)


async def rows() -> list[Host]:
    return await store(lambda: list(Host.objects.order_by("name")))


async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.05)
    await reply(b"slow")(asked, writer)


def smallest_gap(site: Site) -> float:
    return min(later.at - earlier.at for earlier, later in pairwise(site.asked))


async def test_a_lease_is_taken_and_given_back_with_the_next_time():
    async with serving(reply(b"x")) as site, visiting(host_gap=5.0) as (_, door):
        await door.fetch(Request(site.url, obey_robots=False))
        (held,) = await rows()
        assert held.holder.endswith(holders.this_process())
        assert held.lease == 1
    (free,) = await rows()
    assert (free.holder, free.held_until) == ("", None)
    assert free.next_at is not None
    assert 3 < (free.next_at - datetime.now(UTC)).total_seconds() <= 5


async def test_an_idle_host_is_let_go_and_its_connections_closed():
    async with serving(reply(b"x")) as site, visiting() as (_, door):
        await door.fetch(Request(site.url, obey_robots=False))
        assert site.open_now == 1
        async with asyncio.timeout(5):
            while (await rows())[0].holder:
                await asyncio.sleep(0.1)
        assert site.open_now == 0
        await door.fetch(Request(site.url, obey_robots=False))
        assert (await rows())[0].lease == 2


async def test_a_cancelled_wait_leaves_no_lease_behind():
    async with serving(reply(b"x")) as site, visiting() as (_, door):
        tasks = [asyncio.create_task(door.fetch(Request(site.url, obey_robots=False))) for _ in range(5)]
        await asyncio.sleep(0.001)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await door.fetch(Request(site.url, obey_robots=False))
    assert [host.holder for host in await rows()] == [""]


async def test_impatience_ends_the_wait_for_a_host_that_another_process_holds():
    async with serving(reply(b"x")) as site, visiting() as (_, door):
        await store(
            lambda: Host.objects.create(
                name=f"127.0.0.1:{site.port}",
                holder="9/elsewhere:1:2.0",
                held_until=datetime.now(UTC) + timedelta(minutes=1),
            )
        )
        with pytest.raises(Refusal) as caught:
            await door.fetch(Request(site.url, patience=0.5))
    assert caught.value.reason is Reason.BUSY
    assert [host.holder for host in await rows()] == ["9/elsewhere:1:2.0"]


async def test_a_burst_costs_a_handful_of_questions_to_the_store():
    asked = 0
    async with serving(reply(b"x")) as site, visiting() as (manners, door):
        usual = manners._ask

        async def counted(*args: object) -> object:
            nonlocal asked
            asked += 1
            return await usual(*args)  # type: ignore[arg-type]

        manners._ask = counted  # type: ignore[method-assign, assignment]
        await asyncio.gather(*(door.fetch(Request(f"{site.url}/{number}", obey_robots=False)) for number in range(200)))
    assert len(site.asked) == 200
    assert asked <= 8


async def test_the_gap_is_carried_over_to_the_next_process():
    async with serving(reply(b"x")) as site:
        for _ in range(2):
            async with visiting(host_gap=0.6) as (_, door):
                await door.fetch(Request(site.url, obey_robots=False))
    assert smallest_gap(site) >= 0.59


async def test_a_pause_is_carried_over_to_the_next_process():
    async with serving(reply(b"", 503, Retry_After="3600")) as site:
        async with visiting() as (_, door):
            await door.fetch(Request(site.url, obey_robots=False))
        async with visiting() as (_, door):
            with pytest.raises(Refusal) as caught:
                await door.fetch(Request(site.url, obey_robots=False))
    assert caught.value.reason is Reason.RETRY_LATER
    assert len(site.asked) == 1


async def test_robots_are_carried_over_to_the_next_process():
    async with serving({"/robots.txt": reply(b"User-agent: *\nDisallow: /a"), "*": reply(b"x")}) as site:
        for _ in range(2):
            async with visiting() as (_, door):
                await door.fetch(Request(site.url + "/b"))
                with pytest.raises(Refusal):
                    await door.fetch(Request(site.url + "/a"))
    assert site.paths() == ["/robots.txt", "/b", "/b"]


async def test_robots_of_two_origins_of_a_host_stand_beside_each_other():
    now = datetime.now(UTC)
    async with visiting() as (manners, _):
        for origin in ("http://a.example", "https://a.example"):
            await manners.keep_robots("a.example", origin, RobotsAnswer(now, now + timedelta(1), 200, origin))
        got = await manners.robots("a.example", "http://a.example")
        assert await manners.robots("a.example", "http://a.example:81") is None
    assert got == RobotsAnswer(now, now + timedelta(1), 200, "http://a.example")
    assert len((await rows())[0].robots) == 2


async def test_two_processes_keep_the_gap_and_the_connections_of_one():
    async with serving(slow) as site:
        visitors = [start_visitor(site, 8, 0.2) for _ in range(2)]
        for visitor in visitors:
            begin(visitor)
        assert [await finish(visitor) for visitor in visitors] == [0, 0]
    assert len(site.asked) == 16
    assert smallest_gap(site) >= 0.19
    assert site.most_open <= 2


async def test_two_processes_ask_for_robots_once_and_keep_their_delay():
    async with serving({"/robots.txt": reply(b"User-agent: *\nCrawl-delay: 0.4"), "*": reply(b"x")}) as site:
        visitors = [start_visitor(site, 3, 0.05, "robots") for _ in range(2)]
        for visitor in visitors:
            begin(visitor)
        assert [await finish(visitor) for visitor in visitors] == [0, 0]
    assert site.paths().count("/robots.txt") == 1
    assert len(site.asked) == 7
    assert smallest_gap(site) >= 0.39


async def test_a_delay_that_was_just_learned_is_carried_over():
    robots = reply(b"User-agent: *\nCrawl-delay: 5\nDisallow: /")
    async with serving({"/robots.txt": robots}) as site, visiting() as (_, door):
        with pytest.raises(Refusal):
            await door.fetch(Request(site.url))
    (host,) = await rows()
    assert host.next_at is not None
    assert 3 < (host.next_at - datetime.now(UTC)).total_seconds() <= 5


async def test_two_busy_processes_take_turns():
    """Neither waits until the other has nothing left to do."""
    async with serving(slow) as site, visiting(host_gap=0.1) as (_, door):
        other = start_visitor(site, 40, 0.1)
        begin(other)
        while len(site.asked) < 3:
            await asyncio.sleep(0.05)
        await door.fetch(Request(site.url + "/mine", obey_robots=False))
        assert len(site.asked) < 35
        assert await finish(other) == 0
    assert site.most_open <= 2
    assert smallest_gap(site) >= 0.09


async def test_two_processes_without_a_gap_hold_two_connections_together():
    async with serving(slow) as site:
        visitors = [start_visitor(site, 60, 0.0) for _ in range(3)]
        for visitor in visitors:
            begin(visitor)
        assert [await finish(visitor) for visitor in visitors] == [0, 0, 0]
    assert len(site.asked) == 180
    assert site.most_open <= 2


async def test_a_killed_process_is_replaced_at_once():
    async def hang(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with serving({"/0": hang, "*": reply(b"x")}) as site:
        victim = start_visitor(site, 1, 0.5)
        begin(victim)
        while not site.asked:
            await asyncio.sleep(0.02)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        began = time.monotonic()
        async with visiting(host_gap=0.5) as (_, door):
            await door.fetch(Request(site.url + "/mine", obey_robots=False))
    assert 0.5 <= time.monotonic() - began < 3
    assert smallest_gap(site) >= 0.5


async def test_a_holder_that_lost_its_lease_starts_nothing_under_it():
    async with serving({"/a": redirect("/b"), "*": reply(b"x")}) as site, visiting() as (manners, door):
        await door.fetch(Request(site.url + "/b", obey_robots=False))
        (tenure,) = manners._tenures.values()
        # As if this process had slept: its term is over, and a dead process's successor has come and gone.
        await store(
            lambda: Host.objects.update(
                holder="9/elsewhere:1:2.0", lease=7, held_until=datetime.now(UTC) + timedelta(seconds=1)
            )
        )
        tenure.until = time.monotonic() - 1
        began = time.monotonic()
        await door.fetch(Request(site.url + "/a", obey_robots=False))
        assert time.monotonic() - began >= 0.8
        (host,) = await rows()
        assert host.lease == 8


def test_a_late_release_changes_nothing():
    Host.objects.create(name="a.example", holder="new", lease=5)
    assert hosts.release("old", [("a.example", 4, datetime.now(UTC))]) == set()
    assert hosts.release("new", [("a.example", 4, datetime.now(UTC))]) == set()
    assert Host.objects.get().holder == "new"


def test_a_held_host_is_refused_and_the_wish_is_written_once():
    term = timedelta(seconds=10)
    assert hosts.take("a.example", "1/one", term) is not None
    assert hosts.take("a.example", "2/two", term) is None
    with CaptureQueriesContext(connection) as queries:
        assert hosts.take("a.example", "2/two", term) is None
    assert hosts.wanted("1/one") == ["a.example"]
    assert len(queries) <= 2
    hosts.release("1/one", [("a.example", 1, datetime.now(UTC))])
    taken = hosts.take("a.example", "2/two", term)
    assert taken is not None
    assert (taken.lease, taken.is_orphan) == (2, False)
    assert hosts.wanted("2/two") == []


def test_a_lease_that_ran_out_is_anybodys():
    assert hosts.take("a.example", "1/one", timedelta(seconds=-1)) is not None
    taken = hosts.take("a.example", "2/two", timedelta(seconds=10))
    assert taken is not None
    assert taken.is_orphan
    assert hosts.renew("1/one", timedelta(seconds=10)) == set()


def test_a_shorter_pause_does_not_end_a_longer_one():
    long, short = NOON + timedelta(hours=1), NOON + timedelta(seconds=10)
    Host.objects.create(name="gazette.example")
    for until in (long, short):
        hosts.write_pause("gazette.example", until)
    assert Host.objects.get().retry_at == long


def test_hosts_that_nobody_visits_are_forgotten():
    old, young = NOON - timedelta(days=31), NOON - timedelta(days=29)
    Host.objects.create(name="old", next_at=old)
    Host.objects.create(name="young", next_at=young)
    Host.objects.create(name="held", next_at=old, holder="1/here:1:0.00")
    Host.objects.create(name="paused", next_at=old, retry_at=NOON + timedelta(days=1))
    assert hosts.forget(NOON - timedelta(days=30)) == 1
    assert set(Host.objects.values_list("name", flat=True)) == {"young", "held", "paused"}
