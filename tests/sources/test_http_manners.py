"""Hosts are treated politely: two connections, a gap, patience when asked for it; proxies as the environment says."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from octavo.sources.http import Door, Reply, Request
from octavo.sources.manners import MemoryManners
from octavo.sources.refusals import Reason, Refusal
from tests.sources.loopback import Asked, Site, http_date, quick_settings, redirect, reply, serving


async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.05)
    await reply(b"slow")(asked, writer)


def visiting(**changes: object) -> Door:
    settings = quick_settings(**changes)
    return Door(settings, MemoryManners(settings))


async def fetch_all(door: Door, urls: list[str]) -> list[Reply]:
    return await asyncio.gather(*(door.fetch(Request(url, obey_robots=False)) for url in urls))


def smallest_gap(site: Site) -> float:
    return min(later.at - earlier.at for earlier, later in zip(site.asked, site.asked[1:], strict=False))


async def test_a_host_never_sees_more_than_two_connections():
    async with serving(slow) as site, visiting() as door:
        await fetch_all(door, [f"{site.url}/{number}" for number in range(30)])
    assert site.most_open == 2
    assert len(site.asked) == 30


async def test_one_connection_where_the_setting_says_so():
    async with serving(slow) as site, visiting(host_connections=1) as door:
        await fetch_all(door, [f"{site.url}/{number}" for number in range(6)])
    assert site.most_open == 1


async def test_hosts_do_not_wait_for_each_other():
    async with serving(slow) as one, serving(slow) as other, visiting(host_gap=0.4) as door:
        began = time.monotonic()
        await fetch_all(door, [f"{site.url}/{number}" for site in (one, other) for number in range(2)])
    assert time.monotonic() - began < 0.8


async def test_all_connections_together_are_bounded():
    open_now, most = 0, 0

    async def count(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await slow(asked, writer)
        open_now -= 1

    async with serving(count) as a, serving(count) as b, serving(count) as c, visiting(connections=3) as door:
        await fetch_all(door, [f"{site.url}/{number}" for site in (a, b, c) for number in range(6)])
    assert most == 3


async def test_requests_to_a_host_keep_the_gap():
    async with serving(reply(b"x")) as site, visiting(host_gap=0.2) as door:
        await fetch_all(door, [f"{site.url}/{number}" for number in range(5)])
    assert smallest_gap(site) >= 0.195


async def test_the_gap_counts_from_when_a_request_is_on_its_way():
    """A connection that takes its time to open does not bring two requests together."""
    manners = MemoryManners(quick_settings(host_gap=0.2))
    second_at: list[float] = []

    async def second() -> None:
        async with manners.turn("a.example"):
            second_at.append(time.monotonic())

    async with manners.turn("a.example") as sent:
        task = asyncio.create_task(second())
        await asyncio.sleep(0.4)
        assert not second_at
        sent()
        sent_at = time.monotonic()
        await task
    assert second_at[0] - sent_at >= 0.2


async def test_a_redirect_within_a_host_keeps_the_gap():
    async with serving({"/a": redirect("/b"), "/b": reply(b"x")}) as site, visiting(host_gap=0.2) as door:
        await fetch_all(door, [site.url + "/a"])
    assert smallest_gap(site) >= 0.195


async def test_impatience_is_refused_and_holds_nothing():
    async with serving(slow) as site, visiting(host_gap=0.3) as door:
        patient = [asyncio.create_task(door.fetch(Request(site.url, obey_robots=False))) for _ in range(4)]
        await asyncio.sleep(0.05)
        with pytest.raises(Refusal) as caught:
            await door.fetch(Request(site.url, obey_robots=False, patience=0.2))
        assert caught.value.reason is Reason.BUSY
        assert len(await asyncio.gather(*patient)) == 4
    assert len(site.asked) == 4


async def test_a_failed_request_gives_its_turn_back():
    async with serving({"/bad": reply(b"x", Content_Encoding="br"), "*": reply(b"x")}) as site, visiting() as door:
        for _ in range(6):
            with pytest.raises(Refusal):
                await door.fetch(Request(site.url + "/bad", obey_robots=False))
        await fetch_all(door, [site.url + "/good"])


async def test_a_cancelled_request_gives_its_turn_back():
    async def hang(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with (
        serving({"/hang": hang, "*": reply(b"x")}) as site,
        visiting(first_byte_timeout=30, transfer_timeout=30) as door,
    ):
        tasks = [asyncio.create_task(door.fetch(Request(site.url + "/hang", obey_robots=False))) for _ in range(5)]
        await asyncio.sleep(0.2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(2):
            replies = await fetch_all(door, [site.url + "/good"] * 3)
        assert [reply.body for reply in replies] == [b"x"] * 3


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_for_patience_is_left_alone(status: int):
    until = datetime.now(UTC) + timedelta(hours=2)
    async with serving(reply(b"", status, Retry_After=http_date(until))) as site, visiting() as door:
        got = await door.fetch(Request(site.url + "/a", obey_robots=False))
        with pytest.raises(Refusal) as caught:
            await door.fetch(Request(site.url + "/b", obey_robots=False))
    assert got.retry_after is not None
    assert abs(got.retry_after - until) < timedelta(seconds=2)
    assert (caught.value.reason, caught.value.retry_at) == (Reason.RETRY_LATER, got.retry_after)
    assert site.paths() == ["/a"]


async def test_a_short_wish_is_waited_out():
    async with serving({"/a": reply(b"", 503, Retry_After="1"), "*": reply(b"x")}) as site, visiting() as door:
        await door.fetch(Request(site.url + "/a", obey_robots=False))
        await door.fetch(Request(site.url + "/b", obey_robots=False))
    assert smallest_gap(site) >= 0.99


async def test_too_many_requests_without_a_wish_pauses_all_the_same():
    async with serving(reply(b"", 429)) as site, visiting() as door:
        await door.fetch(Request(site.url, obey_robots=False))
        with pytest.raises(Refusal):
            await door.fetch(Request(site.url, obey_robots=False))
    assert len(site.asked) == 1


async def test_a_failure_without_a_wish_does_not_close_the_host():
    async with serving({"/a": reply(b"", 500), "*": reply(b"x")}) as site, visiting() as door:
        assert (await door.fetch(Request(site.url + "/a", obey_robots=False))).status == 500
        assert (await door.fetch(Request(site.url + "/b", obey_robots=False))).status == 200


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch):
    for name in (
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


async def test_names_go_through_the_proxy_of_the_environment(proxied: pytest.MonkeyPatch):
    async with serving(reply(b"by proxy")) as proxy:
        proxied.setenv("HTTP_PROXY", f"http://name:word@127.0.0.1:{proxy.port}")
        async with visiting(allow_networks=()) as door:
            got = await door.fetch(Request("http://inside.example/a", obey_robots=False))
    assert got.body == b"by proxy"
    assert proxy.paths() == ["http://inside.example/a"]
    assert proxy.asked[0].headers["proxy-authorization"].startswith("Basic ")


async def test_https_is_tunnelled_through_its_proxy(proxied: pytest.MonkeyPatch):
    async with serving(reply(b"no tunnel", 403)) as proxy:
        proxied.setenv("https_proxy", f"127.0.0.1:{proxy.port}")
        async with visiting() as door:
            with pytest.raises(Refusal) as caught:
                await door.fetch(Request("https://inside.example/a", obey_robots=False))
    assert caught.value.reason is Reason.PROXY
    assert proxy.asked[0].line == "CONNECT inside.example:443 HTTP/1.1"


async def test_written_private_addresses_are_refused_behind_a_proxy_too(proxied: pytest.MonkeyPatch):
    async with serving(reply(b"by proxy")) as proxy:
        proxied.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        async with visiting(allow_networks=()) as door:
            with pytest.raises(Refusal):
                await door.fetch(Request("http://169.254.169.254/latest/", obey_robots=False))
    assert proxy.asked == []


async def test_no_proxy_and_allowed_addresses_go_direct(proxied: pytest.MonkeyPatch):
    async with serving(reply(b"by proxy")) as proxy, serving(reply(b"direct")) as site:
        proxied.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        proxied.setenv("NO_PROXY", "localhost")
        async with visiting() as door:
            for host in ("localhost", "127.0.0.1"):
                assert (await door.fetch(Request(f"http://{host}:{site.port}/", obey_robots=False))).body == b"direct"
    assert proxy.asked == []


async def test_a_proxy_that_is_not_http_is_refused_with_the_reason(proxied: pytest.MonkeyPatch):
    proxied.setenv("HTTP_PROXY", "socks5://127.0.0.1:1080")
    async with visiting() as door:
        with pytest.raises(Refusal) as caught:
            await door.fetch(Request("http://news.example/", obey_robots=False))
    assert caught.value.reason is Reason.PROXY


async def test_a_dead_proxy_is_named(proxied: pytest.MonkeyPatch):
    async with serving() as gone:
        pass
    proxied.setenv("HTTP_PROXY", f"http://127.0.0.1:{gone.port}")
    async with visiting() as door:
        with pytest.raises(Refusal) as caught:
            await door.fetch(Request("http://news.example/", obey_robots=False))
    assert caught.value.reason is Reason.PROXY
