"""Nothing that a server does costs more than the door's bounds."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from octavo.sources.http import Door, Reply, Request
from octavo.sources.manners import MemoryManners
from octavo.sources.refusals import Reason, Refusal
from tests.sources.loopback import Asked, Site, quick_settings, raw, redirect, reply, serving

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


async def fetch(url: str, *, kind: str = "page", **changes: object) -> Reply:
    settings = quick_settings(**changes)
    async with Door(settings, MemoryManners(settings)) as door:
        return await door.fetch(Request(url, kind=kind, obey_robots=False))  # type: ignore[arg-type]


async def refused(url: str, *, kind: str = "page", **changes: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await fetch(url, kind=kind, **changes)
    return caught.value


async def test_a_page_comes_with_its_facts():
    answer = reply(b"<p>h\xc3\xa9</p>", ETag='W/"7"', Last_Modified="yesterday", Cache_Control="public, max-age=90")
    async with serving(answer) as site:
        got = await fetch(site.url + "/a?b=1#c")
    assert (got.status, got.body, got.charset, got.etag) == (200, b"<p>h\xc3\xa9</p>", "utf-8", 'W/"7"')
    assert (got.last_modified, got.media_type, got.hops) == ("yesterday", "text/html", ())
    assert got.url == site.url + "/a?b=1"
    assert site.paths() == ["/a?b=1"]


async def test_it_says_who_it_is_and_asks_for_gzip_only():
    async with serving(reply(b"x", Set_Cookie="a=b")) as site:
        settings = quick_settings()
        async with Door(settings, MemoryManners(settings)) as door:
            for _ in range(2):
                await door.fetch(Request(site.url, obey_robots=False))
    for asked in site.asked:
        assert asked.headers["user-agent"].startswith("Octavo/")
        assert "(+https://news.example/contact)" in asked.headers["user-agent"]
        assert asked.headers["accept-encoding"] == "gzip"
        assert "cookie" not in asked.headers


async def test_unchanged_is_asked_and_told():
    async with serving(reply(b"", 304, ETag='"1"')) as site:
        settings = quick_settings()
        async with Door(settings, MemoryManners(settings)) as door:
            got = await door.fetch(
                Request(site.url, etag='"1"', last_modified="Mon, 01 Jan 2024 00:00:00 GMT", obey_robots=False)
            )
    assert got.is_unchanged
    assert site.asked[0].headers["if-none-match"] == '"1"'
    assert site.asked[0].headers["if-modified-since"] == "Mon, 01 Jan 2024 00:00:00 GMT"


async def test_gone_is_a_reply():
    async with serving(reply(b"gone", 410)) as site:
        got = await fetch(site.url)
    assert (got.status, got.body) == (410, b"")


async def test_a_server_that_never_answers_is_given_up():
    async def hang(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with serving(hang) as site:
        began = time.monotonic()
        refusal = await refused(site.url, transfer_timeout=5.0)
    assert refusal.reason is Reason.TOO_SLOW
    assert "silent" in str(refusal)
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "head",
    [HEAD + b"Content-Length: 1000\r\n\r\n", HEAD + b"\r\n", b"HTTP/1.1 200 OK\r\nX-A: "],
    ids=["body", "endless", "head"],
)
async def test_a_drip_ends_with_the_time_for_the_whole(head: bytes):
    async with serving(raw(head, *[b"x"] * 100, pause=0.1)) as site:
        began = time.monotonic()
        refusal = await refused(site.url)
    assert refusal.reason is Reason.TOO_SLOW
    assert time.monotonic() - began < 1.8


async def test_a_drip_over_redirects_shares_one_time():
    async def step(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.4)
        await redirect(asked.path + "x")(asked, writer)

    async with serving(step) as site:
        began = time.monotonic()
        refusal = await refused(site.url)
    assert refusal.reason is Reason.TOO_SLOW
    assert time.monotonic() - began < 1.8


async def test_a_gzip_bomb_stops_at_the_bound():
    bomb = gzip.compress(bytes(200 * 1024 * 1024), 9)
    async with serving(reply(bomb, Content_Encoding="gzip")) as site:
        refusal = await refused(site.url, transfer_timeout=5.0)
    assert refusal.reason is Reason.TOO_LARGE


async def test_many_small_members_do_not_pass_the_bound():
    async with serving(reply(gzip.compress(bytes(9_000)) * 20, Content_Encoding="gzip")) as site:
        assert (await refused(site.url, max_body=100_000)).reason is Reason.TOO_LARGE
        assert len((await fetch(site.url, max_body=180_000)).body) == 180_000


async def test_gzip_that_decodes_to_nothing_is_bounded_as_sent():
    async with serving(reply(gzip.compress(b"") * 20_000, Content_Encoding="gzip")) as site:
        assert (await refused(site.url, max_body=100_000)).reason is Reason.TOO_LARGE


async def test_an_endless_body_stops_at_the_bound():
    async def endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with serving(endless) as site:
        assert (await refused(site.url, max_body=1_000_000, transfer_timeout=5.0)).reason is Reason.TOO_LARGE


async def test_an_announced_length_is_refused_before_it_is_sent_and_never_believed():
    async with serving(
        {
            "/big": raw(HEAD + b"Content-Length: 999999999\r\n\r\n", close=False),
            "/none": raw(HEAD + b"Content-Length: -5\r\n\r\nhello"),
        }
    ) as site:
        assert (await refused(site.url + "/big")).reason is Reason.TOO_LARGE
        assert (await refused(site.url + "/none")).reason is Reason.HEADER


@pytest.mark.parametrize("name", ["br", "deflate", "zstd", "gzip, gzip", "gzip, br", "compress"])
async def test_encodings_that_were_not_asked_for_are_refused(name: str):
    async with serving(reply(b"anything", Content_Encoding=name)) as site:
        assert (await refused(site.url)).reason is Reason.ENCODING


async def test_gzip_within_gzip_is_refused():
    twice = gzip.compress(gzip.compress(b"hello"))
    async with serving({"/a": reply(twice, Content_Encoding="gzip"), "/b": reply(twice)}) as site:
        assert (await refused(site.url + "/a")).reason is Reason.ENCODING
        assert (await refused(site.url + "/b", kind="feed")).reason is Reason.ENCODING


async def test_a_gzipped_sitemap_is_opened_once():
    async with serving(reply(gzip.compress(b"<urlset/>"))) as site:
        assert (await fetch(site.url, kind="feed")).body == b"<urlset/>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [(gzip.compress(b"hello" * 100)[:-20], Reason.CUT_SHORT), (b"not gzip", Reason.ENCODING)],
    ids=["cut", "none"],  # gzip writes the time of day, and tests are known by their names
)
async def test_damaged_gzip_is_refused(body: bytes, reason: Reason):
    async with serving(reply(body, Content_Encoding="gzip")) as site:
        assert (await refused(site.url)).reason is reason


async def test_zeros_after_gzip_are_padding():
    async with serving(
        raw(
            HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"hello"),
            bytes(64),
            pause=0.05,
        )
    ) as site:
        assert (await fetch(site.url)).body == b"hello"


@pytest.mark.parametrize(
    "answer", [HEAD + b"Content-Length: 100\r\n\r\nshort", HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", b""]
)
async def test_an_answer_that_breaks_off_is_refused(answer: bytes):
    async with serving(raw(answer)) as site:
        assert (await refused(site.url)).reason is Reason.CUT_SHORT


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(500)),
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 100_000 + b"\r\n",
        b"HTTP/1.1 200 " + b"y" * 100_000 + b"\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
    ids=["many", "long", "status line", "not http"],
)
async def test_headers_are_bounded(head: bytes):
    async with serving(raw(head + b"Content-Length: 0\r\n\r\n")) as site:
        assert (await refused(site.url)).reason is Reason.HEADER


async def test_endless_headers_end_with_the_connection_time():
    async def endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-A: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 20)
            await writer.drain()

    async with serving(endless) as site:
        assert (await refused(site.url)).reason is Reason.HEADER


async def test_five_redirects_are_followed_and_six_are_not():
    chain = {f"/{step}": redirect(f"/{step + 1}", 301 if step < 2 else 302) for step in range(6)}
    async with serving(chain | {"/6": reply(b"end")}) as site:
        got = await fetch(site.url + "/1")
        refusal = await refused(site.url + "/0")
    assert got.body == b"end"
    assert got.hops == tuple((f"{site.url}/{step}", 301 if step < 2 else 302) for step in range(1, 6))
    assert refusal.reason is Reason.REDIRECTS


async def test_a_loop_is_refused():
    async with serving(redirect("/again")) as site:
        assert (await refused(site.url)).reason is Reason.REDIRECTS
    assert len(site.asked) == 6


async def test_a_redirect_without_a_target_is_a_reply():
    async with serving(reply(b"", 302)) as site:
        assert (await fetch(site.url)).status == 302


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", Reason.SCHEME),
        ("gopher://127.0.0.1/", Reason.SCHEME),
        ("http://10.0.0.1/", Reason.ADDRESS),
        ("//169.254.169.254/latest/", Reason.ADDRESS),
        ("http://[::ffff:a00:1]/", Reason.ADDRESS),
        ("http://user:word@127.0.0.1/", Reason.URL),
    ],
)
async def test_each_redirect_is_vetted_again(location: str, reason: Reason):
    async with serving(redirect(location)) as site:
        assert (await refused(site.url)).reason is reason


async def test_a_closed_port_is_unreachable():
    async with serving() as site:
        pass
    assert (await refused(site.url)).reason is Reason.UNREACHABLE


@asynccontextmanager
async def listening(connected) -> AsyncIterator[str]:
    """An https address at which `connected` answers without TLS."""
    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()


async def test_plain_http_on_an_https_address_is_a_fault_of_encryption():
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad\r\n\r\n")

    async with listening(answer) as url:
        assert (await refused(url)).reason is Reason.TLS


async def test_a_handshake_that_stalls_ends_with_the_time_to_connect():
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(stall) as url:
        began = time.monotonic()
        refusal = await refused(url, connect_timeout=0.4, transfer_timeout=5.0)
    assert refusal.reason is Reason.TOO_SLOW
    assert "take the connection" in str(refusal)
    assert time.monotonic() - began < 1.5


async def test_a_refusal_tells_a_person_what_happened_and_what_to_do():
    async with serving(redirect("/again")) as site:
        message = str(await refused(site.url))
    assert message.startswith(site.url)
    assert message.count(".") >= 2
    assert "more than 5 times" in message


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate for loopback that nobody has signed, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = str(folder / "key.pem"), str(folder / "certificate.pem")
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        key,
        "-out",
        certificate,
    ]
    subprocess.run(command + name, check=True, capture_output=True)
    return certificate, key


@pytest.mark.parametrize("is_trusted", [False, True])
async def test_certificates_are_checked(certificate, is_trusted: bool, monkeypatch: pytest.MonkeyPatch):
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*certificate)
    site = Site({"/": reply(b"sealed")})
    server = await asyncio.start_server(site.connected, "127.0.0.1", 0, ssl=tls)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    if is_trusted:
        assert (await fetch(url)).body == b"sealed"
    else:
        assert (await refused(url)).reason is Reason.TLS
        assert site.asked == []
    server.close()
