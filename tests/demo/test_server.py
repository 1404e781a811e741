"""The demo press over real sockets: every feed is what it claims, every page is there, nothing is given away."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from io import BytesIO
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import aiohttp
import feedparser
import pytest
from PIL import Image

from octavo.demo import server
from octavo.demo.edition import Printed, Site
from octavo.demo.press import Press, load
from octavo.demo.server import DemoPress, start

CLAIMED = {
    "rss-teaser": "rss20",
    "rss-full": "rss20",
    "podcast": "rss20",
    "video": "rss20",
    "atom": "atom10",
    "rdf": "rss10",
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def get(url: str, method: str = "GET", **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=sent, method=method)
    try:
        with urllib.request.build_opener(Still).open(request, timeout=10) as answer:
            return Answer(answer.status, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, dict(error.headers), error.read())


def words(markup: str) -> str:
    """The visible words of a page."""
    shown = re.sub(r"<(script|style|head)\b.*?</\1>", " ", markup, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


@pytest.fixture(scope="module")
def press() -> Iterator[DemoPress]:
    with DemoPress(base_port=0) as running:
        yield running


def first(press: DemoPress, **wanted: object) -> tuple[Site, Printed]:
    for site in press.publishers:
        for printed in site.printed:
            if all(getattr(printed.article, name) == value for name, value in wanted.items()):
                return site, printed
    raise AssertionError(f"the press has no article with {wanted}")


def of_language(press: DemoPress, language: str) -> list[Site]:
    return [site for site in press.publishers if site.publisher.language == language]


def test_the_press_is_as_large_and_varied_as_promised() -> None:
    whole = load()
    assert len(whole.publishers) >= 16
    assert len({publisher.country for publisher in whole.publishers}) >= 8
    assert sum(publisher.language == "ar" for publisher in whole.publishers) >= 2
    assert len(whole.articles) >= 160
    assert len({article.story for article in whole.articles}) >= 40
    kinds = {article.kind for article in whole.articles}
    assert kinds >= {
        "news",
        "copy",
        "rewrite",
        "followup",
        "correction",
        "opinion",
        "podcast",
        "video",
        "paywall",
        "consent",
    }
    assert {publisher.feed for publisher in whole.publishers} >= {*CLAIMED, "json"}


def test_it_starts_within_a_second() -> None:
    begun = time.perf_counter()
    running = start(0)
    try:
        assert get(running.publishers[0].home_page).status == 200
        assert time.perf_counter() - begun < 1.5  # a second, and room for a busy machine
    finally:
        running.stop()


def test_every_feed_parses_as_what_it_claims(press: DemoPress) -> None:
    for site in press.publishers:
        answer = get(site.feed_url)
        assert answer.status == 200
        titles = {printed.article.title for printed in site.printed}
        if site.publisher.feed == "json":
            feed = json.loads(answer.body)
            assert feed["version"].endswith("/1.1")
            assert {entry["title"] for entry in feed["items"]} == titles
            continue
        parsed = feedparser.parse(answer.body, response_headers={"content-type": answer.headers["Content-Type"]})
        assert not parsed.bozo, (site.feed_url, parsed.get("bozo_exception"))
        assert parsed.version == CLAIMED[site.publisher.feed]
        assert {entry.title for entry in parsed.entries} == titles
        for entry in parsed.entries:
            printed = site.by_path[urllib.request.unquote(entry.link.partition("?")[0].removeprefix(site.origin))]
            told = entry.get("published_parsed") or entry.updated_parsed  # dc:date of RSS 1.0 counts as the latter
            assert datetime(*told[:6], tzinfo=UTC) == printed.published


def test_teaser_feeds_carry_no_body_and_full_feeds_do(press: DemoPress) -> None:
    for site in press.publishers:
        text = unescape(get(site.feed_url).text)
        last_lines = [
            p.article.body[-1].lines[-1] for p in site.printed if p.article.kind not in ("paywall", "consent")
        ]
        carried = [line in unescape(text) for line in last_lines]
        assert all(carried) if site.publisher.feed in ("rss-full", "podcast", "video") else not any(carried)


def test_every_article_is_served_with_its_text_title_and_canonical_address(press: DemoPress) -> None:
    for url, printed in press.manifest().items():
        answer = get(url)
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/html")
        if printed.article.kind == "consent":
            continue
        assert f'<link rel="canonical" href="{url}">' in answer.text
        shown = words(answer.text)
        assert printed.article.title in shown
        assert all(" ".join(line.split()) in shown for block in printed.article.body for line in block.lines)


def test_every_link_on_a_front_page_leads_somewhere(press: DemoPress) -> None:
    for site in press.publishers:
        for href in set(re.findall(r'(?:href|src)="([^"#]+)"', get(site.home_page).text)):
            if not href.startswith("/account/"):
                url = href if href.startswith("http") else site.origin + href
                assert get(unescape(url)).status == 200, url


def test_a_second_request_is_answered_304_by_tag_and_by_date(press: DemoPress) -> None:
    site = press.publishers[0]
    for url in (site.feed_url, site.home_page, site.printed[0].url):
        whole = get(url)
        tagged = get(url, If_None_Match=whole.headers["ETag"])
        dated = get(url, If_Modified_Since=whole.headers["Last-Modified"])
        assert (tagged.status, tagged.body) == (304, b"")
        assert dated.status == 304
        assert tagged.headers["ETag"] == whole.headers["ETag"]
        assert get(url, If_None_Match='"another"', If_Modified_Since=whole.headers["Last-Modified"]).status == 200


def test_pages_change_when_their_publisher_says_so(press: DemoPress) -> None:
    printed = next(p for s in press.publishers for p in s.printed if p.updated and p.article.change_note)
    answer = get(printed.url)
    assert printed.updated is not None
    assert printed.updated > printed.published
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) == printed.updated
    assert printed.article.change_note in words(answer.text)


def test_text_is_compressed_only_when_asked(press: DemoPress) -> None:
    url = press.publishers[0].home_page
    assert get(url, Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in get(url).headers


def test_robots_allows_articles_and_not_searches(press: DemoPress) -> None:
    for site in press.publishers:
        robots = RobotFileParser()
        robots.parse(get(site.origin + "/robots.txt").text.splitlines())
        assert robots.can_fetch("Octavo", site.printed[0].url)
        assert not robots.can_fetch("Octavo", site.origin + "/search?q=ferry")
        assert robots.site_maps() == [site.origin + "/sitemap.xml"]


def test_the_sitemap_lists_every_article(press: DemoPress) -> None:
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    for site in press.publishers:
        tree = ElementTree.fromstring(get(site.origin + "/sitemap.xml").body)
        assert {loc.text for loc in tree.iter(name)} == {printed.url for printed in site.printed}


def test_a_lead_image_is_a_valid_picture_of_its_own(press: DemoPress) -> None:
    subjects = {p.picture_url: p for s in press.publishers for p in s.printed if p.picture_url}
    chosen = list(subjects)[:8]
    pictures = [get(url).body for url in chosen]
    for body in pictures:
        with Image.open(BytesIO(body)) as picture:
            picture.load()
            assert picture.size == (1200, 675)
            assert len(picture.convert("RGB").getcolors(1_000_000)) > 3
    assert len(set(pictures)) == len(pictures)
    assert get(chosen[0]).body == pictures[0]


def test_arabic_pages_run_from_right_to_left_and_english_ones_do_not(press: DemoPress) -> None:
    for language, direction in (("ar", "rtl"), ("en", "ltr")):
        for site in of_language(press, language):
            for url in (site.home_page, site.printed[0].url):
                assert f'<html lang="{language}" dir="{direction}">' in get(url).text


def test_an_arabic_address_is_found_encoded_as_feeds_write_it(press: DemoPress) -> None:
    site = next(s for s in of_language(press, "ar") if s.publisher.template == "broadsheet")
    assert "%D8" in site.printed[0].url
    assert get(site.printed[0].url).status == 200


def test_a_paywall_says_so_and_hides_no_text(press: DemoPress) -> None:
    for site in press.publishers:
        for printed in (p for p in site.printed if p.article.kind == "paywall"):
            page = get(printed.url).text
            scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, flags=re.S)
            facts = [json.loads(script) for script in scripts]
            assert '"isAccessibleForFree": false' in page
            assert facts
            assert all("articleBody" not in json.dumps(fact) for fact in facts)
            assert 'class="paywall"' in page
            assert "display:none" not in page.replace(" ", "")
            assert "hidden" not in re.findall(r"<(?:p|div|section|article)\b[^>]*>", page)
    assert first(press, kind="paywall")


def test_a_consent_wall_gives_nothing_until_it_is_answered(press: DemoPress) -> None:
    site, printed = first(press, kind="consent")
    lines = [line for block in printed.article.body for line in block.lines]
    wall = get(printed.url)
    assert not any(line in unescape(wall.text) for line in lines)
    assert "consent-wall" in wall.text
    assert not any(line in unescape(get(site.feed_url).text) for line in lines)
    accepted = get(f"{site.origin}/consent?to={printed.path}&answer=all")
    assert accepted.status == 303
    assert accepted.headers["Location"] == printed.path
    behind = get(printed.url, Cookie=accepted.headers["Set-Cookie"].partition(";")[0])
    assert all(line in unescape(behind.text) for line in lines)


def test_the_answer_to_the_wall_never_leads_off_the_site(press: DemoPress) -> None:
    answer = get(press.publishers[0].origin + "/consent?to=//elsewhere.example/")
    assert answer.headers["Location"] == "/elsewhere.example/"


def test_sound_and_film_are_what_their_feeds_say(press: DemoPress) -> None:
    for kind, begins in (("podcast", b"RIFF"), ("video", b"\x1a\x45\xdf\xa3")):
        site = next(s for s in press.publishers if s.publisher.feed == kind)
        entry = feedparser.parse(get(site.feed_url).body).entries[0]
        enclosure = entry.enclosures[0]
        file = get(enclosure.href)
        assert file.headers["Content-Type"] == enclosure.type
        assert len(file.body) == int(enclosure.length)
        assert file.body.startswith(begins)
        part = get(enclosure.href, Range="bytes=0-99")
        assert (part.status, part.body) == (206, file.body[:100])
        if kind == "podcast":
            minutes, seconds = re.fullmatch(r"0:(\d\d):(\d\d)", entry.itunes_duration).groups()
            with wave.open(BytesIO(file.body)) as sound:
                assert abs(sound.getnframes() / sound.getframerate() - 60 * int(minutes) - int(seconds)) < 1


def test_what_is_not_there_is_404_and_writing_is_refused(press: DemoPress) -> None:
    site = press.publishers[0]
    assert get(site.origin + "/no/such/page").status == 404
    assert get(site.origin + "/pictures/ffffffffff.png").status == 404
    assert get(site.home_page, method="DELETE").status == 405
    head = get(site.home_page, method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_an_article_of_the_future_is_not_out_yet(press: DemoPress) -> None:
    whole = load()
    early = tuple(type(a)(**{n: getattr(a, n) for n in a.__slots__} | {"hours_ago": -1.0}) for a in whole.articles[:1])
    with DemoPress(0, Press(whole.publishers, early + whole.articles[1:])) as running:
        assert len(running.manifest()) == len(press.manifest()) - 1


def test_every_article_is_of_the_last_three_days(press: DemoPress) -> None:
    for printed in press.manifest().values():
        assert timedelta(0) <= press.started - printed.published < timedelta(days=3, hours=1)


def test_allowances_are_exactly_the_addresses_served(press: DemoPress) -> None:
    assert sorted(press.allowances) == sorted(site.origin.removeprefix("http://") for site in press.publishers)
    assert all(address.startswith("127.") for address in press.allowances)


def test_a_taken_port_gives_way_to_a_free_one(press: DemoPress) -> None:
    taken = int(press.allowances[0].rpartition(":")[2])
    with DemoPress(taken) as second:
        assert not set(second.allowances) & set(press.allowances)
        assert get(second.publishers[0].home_page).status == 200


def test_without_more_loopback_addresses_each_publisher_has_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "ADDRESSES", "240.0.0.{}")  # reserved (RFC 1112): no machine has them
    with DemoPress(0) as running:
        assert {address.rpartition(":")[0] for address in running.allowances} == {"127.0.0.1"}
        assert len(set(running.allowances)) == len(running.publishers)
        assert get(running.publishers[-1].home_page).status == 200


def test_opml_and_starter_list_every_feed(press: DemoPress) -> None:
    outlines = ElementTree.fromstring(press.opml()).iter("outline")
    listed = {outline.get("xmlUrl") for outline in outlines} - {None}
    assert listed == {site.feed_url for site in press.publishers} == {entry.feed for entry in press.starter()}


async def test_it_serves_from_a_running_loop_too() -> None:
    async with DemoPress(0) as running, aiohttp.request("GET", running.publishers[0].feed_url) as answer:
        assert answer.status == 200
