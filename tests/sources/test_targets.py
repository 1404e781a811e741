"""Every spelling of a host ends as one host."""

from __future__ import annotations

import contextlib
import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.sources.refusals import Reason, Refusal
from octavo.sources.targets import join_target, parse_target

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９。")


def spellings(address: ipaddress.IPv4Address) -> list[str]:
    """How an IPv4 address can be written so that some program takes it for that address."""
    number, (a, b, c, d) = int(address), address.packed
    return [
        str(address),
        f"{address}.",
        str(number),
        hex(number),
        hex(number).upper(),
        f"0{number:o}",
        f"{a}.{number & 0xFFFFFF}",
        f"{a}.{b}.{number & 0xFFFF}",
        f"0x{a:x}.0{b:o}.{c}.0X{d:X}",
        f"{a:#06x}.{b:#x}.{c:#x}.{d:#x}",
        f"000{a:o}.{b}.{c}.{d}",
        str(address).translate(FULL_WIDTH),
        str(number).translate(FULL_WIDTH),
        f"[::ffff:{address}]",
        f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[0:0:0:0:0:FFFF:{address}]",
    ]


@given(st.ip_addresses(v=4), st.integers(0, 15))
def test_every_spelling_of_an_ipv4_address_is_that_address(address: ipaddress.IPv4Address, which: int):
    target = parse_target(f"http://{spellings(address)[which]}:81/x")
    assert target.address == address
    assert target.url == f"http://{address}:81/x"


@given(st.from_regex(r"(0x)?[0-9a-f]{1,12}(\.(0x)?[0-9a-f]{1,4}){0,3}", fullmatch=True))
def test_what_the_system_takes_for_an_address_is_never_a_name(host: str):
    """The system's inet_aton is the oracle: where it reads an address, so do we, the same, or we refuse."""
    try:
        known = ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return
    with contextlib.suppress(Refusal):
        assert parse_target(f"http://{host}/").address == known


@given(st.ip_addresses(v=6), st.booleans())
def test_ipv6_addresses_have_one_spelling(address: ipaddress.IPv6Address, exploded: bool):
    target = parse_target(f"http://[{(address.exploded if exploded else str(address)).upper()}]/")
    assert target.address == (address.ipv4_mapped or address)


@given(st.text(max_size=80))
def test_no_text_breaks_the_parser(text: str):
    for url in (text, "http://" + text, "http://news.example/" + text, "http://news.example:" + text):
        try:
            target = parse_target(url)
        except Refusal:
            continue
        assert target.url.isascii()
        assert target.url.isprintable()
        assert " " not in target.url
        assert parse_target(target.url) == target


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("HTTP://News.Example", "http://news.example/"),
        ("http://news.example.:80/a", "http://news.example/a"),
        ("https://news.example:443?q=ä b", "https://news.example/?q=%C3%A4%20b"),
        ("https://bücher.example/ü%20#frag", "https://xn--bcher-kva.example/%C3%BC%20"),
        ("http://r3---sn-x.example/_a_", "http://r3---sn-x.example/_a_"),
        ("http://my_site.example/", "http://my_site.example/"),
        ("http://news.example/a/../../private/./x", "http://news.example/private/x"),
        ("http://news.example/a/%2e%2E/private", "http://news.example/private"),
        ("http://news.example/a/..", "http://news.example/"),
        ("http://news.example/a/b/.", "http://news.example/a/b/"),
        ("http://news.example/a..b/...", "http://news.example/a..b/..."),
        ("http://news.example/%zz?a=%", "http://news.example/%zz?a=%"),
        ("http://[2A00::1]:8080/", "http://[2a00::1]:8080/"),
        ("http://127.0.0.1\\@news.example\\x", "http://127.0.0.1/@news.example/x"),
    ],
)
def test_addresses_are_sent_in_one_spelling(written: str, url: str):
    assert parse_target(written).url == url


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", Reason.URL),
        ("news.example/feed", Reason.SCHEME),
        ("//news.example/", Reason.SCHEME),
        ("ftp://news.example/", Reason.SCHEME),
        ("file:///etc/passwd", Reason.SCHEME),
        ("javascript:alert(1)", Reason.SCHEME),
        ("http:news.example", Reason.URL),
        ("http:///path", Reason.URL),
        ("http://", Reason.URL),
        ("http://a b/", Reason.URL),
        ("http://news.example\r\nHost: x/", Reason.URL),
        ("http://news.example/\x00", Reason.URL),
        ("http://user@news.example/", Reason.URL),
        ("http://news.example:pass@127.0.0.1/", Reason.URL),
        ("http://%31%32%37.0.0.1/", Reason.URL),
        ("http://news.example:0/", Reason.URL),
        ("http://news.example:70000/", Reason.URL),
        ("http://news.example:８０/", Reason.URL),
        ("http://256.1.1.1/", Reason.URL),
        ("http://1.2.3.4.5/", Reason.URL),
        ("http://news.example.08/", Reason.URL),
        ("http://a..b/", Reason.URL),
        ("http://..127.0.0.1/", Reason.URL),
        ("http://[::1/", Reason.URL),
        ("http://[::1]x/", Reason.URL),
        ("http://[fe80::1%25eth0]/", Reason.URL),
        ("http://[127.0.0.1]/", Reason.URL),
        ("http://" + "a" * 64 + ".example/", Reason.URL),
        ("http://news.example/" + "a" * 9000, Reason.URL),
    ],
)
def test_what_is_no_proper_address_is_refused(written: str, reason: Reason):
    with pytest.raises(Refusal) as caught:
        parse_target(written)
    assert caught.value.reason is reason


def test_http_and_https_on_their_own_ports_are_one_host_with_two_origins():
    plain, safe, other = (
        parse_target(url) for url in ("http://a.example/", "https://a.example/", "http://a.example:8900/")
    )
    assert plain.host_key == safe.host_key == "a.example"
    assert plain.origin != safe.origin
    assert other.host_key == "a.example:8900"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "http://a.example/b"),
        ("b?c", "http://a.example/x/b?c"),
        ("//b.example", "http://b.example/"),
        ("https://b.example/ü", "https://b.example/%C3%BC"),
        ("/caf\udcc3\udca9", "http://a.example/caf%C3%A9"),
    ],
)
def test_redirects_are_resolved(location: str, url: str):
    assert join_target(parse_target("http://a.example/x/y"), location).url == url
