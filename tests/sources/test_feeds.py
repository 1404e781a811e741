"""Feeds of every kind become one document: each file in tests/data/feeds beside what it must be read as."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from octavo.core.types import Moment
from octavo.sources.feeds import FeedError, read_feed
from octavo.sources.fields import duration, person, plain

FOLDER = Path(__file__).parents[1] / "data" / "feeds"
SAMPLES = sorted(path for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))


def shown(value: Any) -> Any:
    """A value as JSON: only what is told, times in ISO 8601."""
    if isinstance(value, Moment):
        return value.isoformat()
    if is_dataclass(value):
        told = {field.name: shown(getattr(value, field.name)) for field in fields(value)}
        return {name: part for name, part in told.items() if part not in (None, "", [], {})}
    if isinstance(value, frozenset):
        return sorted(value)
    return [shown(part) for part in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_feed_is_read_as_expected(path: Path) -> None:
    document = read_feed(path.read_bytes())
    assert shown(document) == json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_titles_and_names_are_plain_text(path: Path) -> None:
    document = read_feed(path.read_bytes())
    for entry in document.entries:
        assert "<b>" not in entry.title
        assert "&amp;" not in entry.title
        assert not any("@" in name for name in entry.authors)


def test_the_fetched_address_is_what_links_are_resolved_against() -> None:
    body = b"<rss><channel><title>t</title><item><title>x</title><link>story-1</link></item></channel></rss>"
    (entry,) = read_feed(body, url="https://gazette.example/news/rss.xml").entries
    assert entry.url == "https://gazette.example/news/story-1"


def test_an_original_address_wins_over_a_feed_proxys() -> None:
    body = b"""<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>
      <link>http://feeds.proxy.example/~r/g/1</link><feedburner:origLink>https://gazette.example/1</feedburner:origLink>
      </item></channel></rss>"""
    assert read_feed(body).entries[0].url == "https://gazette.example/1"


def test_a_channels_atom_link_is_not_taken_for_its_page() -> None:
    body = b"""<rss xmlns:a="http://www.w3.org/2005/Atom"><channel><a:link rel="self" href="https://g.example/rss"/>
      <a:link rel="hub" href="https://hub.example/"/><link>https://g.example/</link></channel></rss>"""
    document = read_feed(body)
    assert (document.home_page, document.url) == ("https://g.example/", "https://g.example/rss")


def test_dates_that_lie_ahead_are_refused_with_a_reason() -> None:
    body = (
        b"<rss><channel><item><title>x</title><pubDate>Tue, 23 Nov 2027 10:00:00 GMT</pubDate></item></channel></rss>"
    )
    (entry,) = read_feed(body, now=datetime(2026, 11, 23, tzinfo=UTC)).entries
    assert entry.published is None
    assert [note.kind for note in entry.notes] == ["date-future"]


def test_a_countrys_clock_settles_names_that_several_share() -> None:
    body = b"<rss><channel><item><title>x</title><pubDate>23 Nov 2026 10:00:00 IST</pubDate></item></channel></rss>"
    offsets = {c: read_feed(body, country=c).entries[0].published.offset_minutes for c in ("IN", "IE", "IL")}
    assert offsets == {"IN": 330, "IE": 60, "IL": 120}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"), (b"\xef\xbb\xbf \n", "empty"), (b"<!DOCTYPE html><html><body>Not found</body></html>", "html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "html"),
        (b"<html><body><item><title>x</title></item></body></html>", "html"), (b"Service unavailable", "not-a-feed"), (b'{"items": 3}', "json"), (b"[1, 2]", "json"), (b"{" * 10**5, "json"),
        (b"<opml version='2.0'><body/></opml>", "opml"), (b"\x1f\x8b\x08\x00", "compressed"),
        (b"<sitemapindex><sitemap><loc>https://g.example/s.xml</loc></sitemap></sitemapindex>", "sitemap-index"),
        (b"<urlset><url><loc>https://g.example/</loc></url></urlset>", "sitemap"),
        (b"<rss>" + b" " * (15 * 2**20), "too-large"), (b"<note><to>you</to></note>", "not-a-feed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_feed_is_refused_with_what_to_do(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError) as caught:
        read_feed(body)
    assert caught.value.reason == reason
    assert len(caught.value.detail) > 20


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read_feed(b"<rss version='2.0'><channel><title>Soon</title></channel></rss>").entries == ()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("42", 42), ("1:05", 65), ("01:01:01", 3661), ("PT1H2M3S", 3723), ("1h 5m", 3900), ("90.5", 90), ("0", None), ("", None), ("x", None)],
)  # fmt: skip
def test_durations(text: str, seconds: int | None) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ann@g.example (Ann Lowe)", "Ann Lowe"), ("Ann Lowe <ann@g.example>", "Ann Lowe"), ("Ann Lowe", "Ann Lowe"),
        ("ann@g.example", "ann@g.example"), ("<b>Ann</b>  Lowe", "Ann Lowe"), ("Ann Lowe, ann@g.example", "Ann Lowe"),
        ("a@b " * 20_000, None),
    ],
)  # fmt: skip
def test_names(text: str, name: str | None) -> None:
    read = person(text)
    assert len(read) <= 300
    assert name is None or read == name


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("A &amp; B", "A & B"), ("<b>A</b>\n B", "A B"), ("5 < 6 > 4", "5 < 6 > 4"), ("How to use <canvas>", "How to use <canvas>"),
        ("One<br>two", "One two"), ("&lt;i&gt;A&lt;/i&gt;", "A"), ("<script>x()</script>A", "A"), ("AT&T", "AT&T"), ("a&nbsp;b", "a b"),
        ('<img src="/a.png" alt="Rain &amp; wind">', "Rain & wind"), ('<img src="/a.png">', ""),
        ("exe.\u202egnp\u2066 now\x07", "exe.gnp now"),
    ],
)  # fmt: skip
def test_plain_titles(markup: str, text: str) -> None:
    assert plain(markup) == text
