"""Only public addresses are connected to, in every spelling, and what an allowance opens."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.sources.addresses import Allowance, Vetting, is_public, network_of
from octavo.sources.http import Door, Request
from octavo.sources.manners import MemoryManners
from octavo.sources.refusals import Reason, Refusal
from octavo.sources.targets import parse_target
from tests.sources.loopback import quick_settings, reply, serving
from tests.sources.test_targets import spellings

PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.9.9.9",
    "100.63.255.255",
    "100.128.0.1",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
    "2400:cb00::1",
]


@pytest.mark.parametrize("written", PRIVATE)
def test_what_is_not_globally_routable_is_refused(written: str):
    assert not is_public(ipaddress.ip_address(written))


@pytest.mark.parametrize("written", PUBLIC)
def test_public_addresses_are_permitted(written: str):
    assert Vetting().permits(ipaddress.ip_address(written), 443)


@given(st.ip_addresses())
def test_nothing_that_python_holds_for_private_is_permitted(address: ipaddress.IPv4Address | ipaddress.IPv6Address):
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


@given(st.sampled_from([one for one in PRIVATE if ":" not in one]), st.integers(0, 15))
def test_the_decision_is_the_same_in_every_spelling(written: str, which: int):
    target = parse_target(f"http://{spellings(ipaddress.IPv4Address(written))[which]}/")
    assert target.address is not None
    assert not Vetting().permits(target.address, 80)


@given(st.ip_addresses(v=4))
def test_an_allowed_nat64_network_opens_no_way_to_private_addresses(inside: ipaddress.IPv4Address):
    vetting = Vetting([Allowance(network_of("64:ff9b::/96"))])
    address = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | int(inside))
    assert vetting.permits(address, 80) is is_public(inside)


def test_an_allowance_opens_its_network_and_ports_alone():
    vetting = Vetting([Allowance(network_of("127.0.1.0/24"), frozenset({8900}))])
    assert vetting.permits(ipaddress.ip_address("127.0.1.7"), 8900)
    assert not vetting.permits(ipaddress.ip_address("127.0.1.7"), 22)
    assert not vetting.permits(ipaddress.ip_address("127.0.0.1"), 8900)


def names(**known: list[str]):
    async def lookup(name: str, port: int) -> Sequence[str]:
        lookup.asked.append(name)  # type: ignore[attr-defined]
        return known[name.partition(".")[0]]

    lookup.asked = []  # type: ignore[attr-defined]
    return lookup


async def fetch(url: str, lookup, *, networks: tuple[str, ...] = ("127.0.0.0/8",), allow: Sequence[Allowance] = ()):
    settings = quick_settings(allow_networks=networks)
    async with Door(settings, MemoryManners(settings), lookup=lookup, allow=allow) as door:
        return await door.fetch(Request(url, obey_robots=False))


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fe80::1%lo", "169.254.169.254"]
)
async def test_a_name_that_leads_to_a_private_address_is_refused(address: str):
    async with serving(reply(b"secret")) as site:
        with pytest.raises(Refusal) as caught:
            await fetch(f"http://inside.example:{site.port}/", names(inside=[address]), networks=())
    assert caught.value.reason is Reason.ADDRESS
    assert "inside.example" in str(caught.value)
    assert site.asked == []


async def test_of_a_mixed_name_only_the_permitted_address_is_used():
    async with serving(reply(b"public")) as site:
        got = await fetch(f"http://mixed.example:{site.port}/", names(mixed=["10.0.0.1", "127.0.0.1", "::1"]))
    assert got.body == b"public"
    assert site.asked[0].headers["host"] == f"mixed.example:{site.port}"


async def test_a_redirect_to_a_name_inside_is_refused():
    lookup = names(outside=["127.0.0.1"], inside=["192.168.0.1"])
    async with serving(reply(b"", 302, Location="http://inside.example/")) as site:
        with pytest.raises(Refusal) as caught:
            await fetch(f"http://outside.example:{site.port}/", lookup)
    assert caught.value.reason is Reason.ADDRESS
    assert lookup.asked == ["outside.example", "inside.example"]


async def test_a_name_that_changes_after_it_was_vetted_gains_nothing():
    """Rebinding: the address that was vetted is the one that is connected to; the name is not asked again for it."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])

    async def lookup(name: str, port: int) -> Sequence[str]:
        return next(answers)

    async with serving(reply(b"first")) as site:
        got = await fetch(f"http://rebinding.example:{site.port}/", lookup)
    assert got.body == b"first"


async def test_loopback_is_refused_by_default_in_every_spelling():
    async with serving(reply(b"secret")) as site:
        for host in (
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "2130706433",
            "0177.0.0.1",
            "[::ffff:127.0.0.1]",
            "localhost",
            "127。0。0。1",
            "0",
        ):
            with pytest.raises(Refusal) as caught:
                await fetch(f"http://{host}:{site.port}/", None, networks=())
            assert caught.value.reason is Reason.ADDRESS, host
    assert site.asked == []


async def test_a_door_of_its_own_opens_only_the_demo_press():
    async with serving(reply(b"demo")) as press, serving(reply(b"other")) as other:
        allow = [Allowance(network_of("127.0.0.0/8"), frozenset({press.port}))]
        assert (await fetch(press.url, None, networks=(), allow=allow)).body == b"demo"
        with pytest.raises(Refusal):
            await fetch(other.url, None, networks=(), allow=allow)
    assert other.asked == []


async def test_an_unknown_name_is_unreachable():
    async def lookup(name: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    with pytest.raises(Refusal) as caught:
        await fetch("http://nowhere.example/", lookup)
    assert caught.value.reason is Reason.UNREACHABLE
    assert "not known" in str(caught.value)
