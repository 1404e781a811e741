"""robots.txt is asked for once, kept to at every hop, and its failures close the host (RFC 9309)."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from octavo.sources.http import Door, Request
from octavo.sources.manners import MemoryManners
from octavo.sources.refusals import Reason, Refusal
from tests.sources.loopback import quick_settings, raw, redirect, reply, serving

RULES = b"User-agent: *\nDisallow: /private/\n"
PAGE = reply(b"page")


@asynccontextmanager
async def visitor(manners: MemoryManners | None = None) -> AsyncIterator[Door]:
    settings = quick_settings()
    async with Door(settings, manners or MemoryManners(settings)) as door:
        yield door


async def reason_of(door: Door, url: str) -> Reason | None:
    try:
        await door.fetch(Request(url))
    except Refusal as refusal:
        return refusal.reason
    return None


async def test_disallowed_paths_are_never_asked_for():
    async with serving({"/robots.txt": reply(RULES), "*": PAGE}) as site, visitor() as door:
        assert await reason_of(door, site.url + "/a") is None
        assert await reason_of(door, site.url + "/private/b") is Reason.ROBOTS
        assert await reason_of(door, site.url + "/x/%2e./private/b") is Reason.ROBOTS
    assert site.paths() == ["/robots.txt", "/a"]


async def test_many_at_once_ask_for_robots_once():
    async with serving({"/robots.txt": reply(RULES), "*": PAGE}) as site, visitor() as door:
        await asyncio.gather(*(door.fetch(Request(f"{site.url}/{number}")) for number in range(20)))
    assert site.paths().count("/robots.txt") == 1
    assert len(site.asked) == 21


async def test_a_redirect_into_a_disallowed_path_is_refused():
    async with serving({"/robots.txt": reply(RULES), "/a": redirect("/private/b")}) as site, visitor() as door:
        assert await reason_of(door, site.url + "/a") is Reason.ROBOTS
    assert "/private/b" not in site.paths()


async def test_a_redirect_to_another_host_obeys_that_hosts_robots():
    async with (
        serving({"/robots.txt": reply(RULES)}) as strict,
        serving({"*": redirect(strict.url + "/private/b"), "/robots.txt": reply(b"", 404)}) as open_site,
        visitor() as door,
    ):
        assert await reason_of(door, open_site.url + "/a") is Reason.ROBOTS
    assert strict.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_no_robots_allows_everything(status: int):
    async with (
        serving({"/robots.txt": reply(b"User-agent: *\nDisallow: /", status), "*": PAGE}) as site,
        visitor() as door,
    ):
        assert await reason_of(door, site.url + "/a") is None


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_robots_that_fail_close_the_host(status: int):
    async with serving({"/robots.txt": reply(b"", status), "*": PAGE}) as site, visitor() as door:
        assert await reason_of(door, site.url + "/a") is Reason.ROBOTS
        await reason_of(door, site.url + "/b")
    assert site.paths() == ["/robots.txt"]


async def test_robots_that_break_off_close_the_host_and_say_why():
    async with serving({"/robots.txt": raw(b""), "*": PAGE}) as site, visitor() as door:
        for path in ("/a", "/b"):
            assert await reason_of(door, site.url + path) is Reason.CUT_SHORT
    assert set(site.paths()) == {"/robots.txt"}


async def test_while_robots_fail_the_last_good_ones_hold():
    manners = MemoryManners(quick_settings())
    async with serving({"/robots.txt": reply(RULES), "*": PAGE}) as site:
        async with visitor(manners) as door:
            await door.fetch(Request(site.url + "/a"))
        answer = await manners.robots("", site.url)
        assert answer is not None
        await manners.keep_robots("", site.url, dataclasses.replace(answer, expires=datetime.now(UTC)))
        site.answers["/robots.txt"] = reply(b"", 500)
        async with visitor(manners) as door:
            assert await reason_of(door, site.url + "/b") is None
            assert await reason_of(door, site.url + "/private/b") is Reason.ROBOTS
    assert site.paths().count("/robots.txt") == 2


async def test_robots_are_kept_for_a_day_at_most():
    manners = MemoryManners(quick_settings())
    async with (
        serving({"/robots.txt": reply(RULES, Cache_Control="max-age=9999999"), "*": PAGE}) as site,
        visitor(manners) as door,
    ):
        await door.fetch(Request(site.url + "/a"))
        answer = await manners.robots("", site.url)
    assert answer is not None
    assert timedelta(hours=23) < answer.expires - datetime.now(UTC) <= timedelta(hours=24)


async def test_huge_robots_are_read_up_to_their_bound():
    text = RULES + b"#" * 400_000 + b"\nDisallow: /early/\n" + b"#" * 400_000 + b"\nDisallow: /late/\n"
    async with serving({"/robots.txt": reply(text), "*": PAGE}) as site, visitor() as door:
        assert await reason_of(door, site.url + "/private/a") is Reason.ROBOTS
        assert await reason_of(door, site.url + "/early/a") is Reason.ROBOTS
        assert await reason_of(door, site.url + "/late/a") is None


async def test_robots_are_followed_to_another_host_and_speak_for_the_first():
    async with (
        serving({"/r": reply(RULES)}) as other,
        serving({"/robots.txt": redirect(other.url + "/r"), "*": PAGE}) as site,
        visitor() as door,
    ):
        assert await reason_of(door, site.url + "/private/a") is Reason.ROBOTS
        assert await reason_of(door, site.url + "/a") is None


async def test_robots_in_a_circle_count_as_none():
    async with serving({"/robots.txt": redirect("/robots.txt"), "*": PAGE}) as site, visitor() as door:
        assert await reason_of(door, site.url + "/a") is None


async def test_robots_that_lead_inside_are_refused():
    async with serving({"/robots.txt": redirect("http://10.0.0.1/"), "*": PAGE}) as site, visitor() as door:
        assert await reason_of(door, site.url + "/a") is Reason.ADDRESS
    assert site.paths() == ["/robots.txt"]


async def test_a_page_in_place_of_robots_allows_everything():
    async with serving(reply(b"<!doctype html><p>User-agent is a term.</p>")) as site, visitor() as door:
        assert await reason_of(door, site.url + "/a") is None


async def test_crawl_delay_is_kept():
    async with (
        serving({"/robots.txt": reply(b"User-agent: octavo\nCrawl-delay: 0.3"), "*": PAGE}) as site,
        visitor() as door,
    ):
        await asyncio.gather(*(door.fetch(Request(f"{site.url}/{number}")) for number in range(4)))
    assert len(site.asked) == 5
    assert min(later.at - earlier.at for earlier, later in itertools.pairwise(site.asked)) >= 0.295
