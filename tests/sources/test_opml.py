"""Lists of feeds go out and come back the same; broken ones are read as far as they go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.sources.opml import OpmlError, Subscription, read_opml, write_opml

WRITTEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
NESTED = """<?xml version="1.0" encoding="{encoding}"?>
<opml version="1.0"><head><title>مصادري</title></head><body>
  <outline text="أخبار"><outline text="محلية">
    <outline text="صحيفة المرفأ" type="rss" xmlUrl="https://harbour.example/rss?a=1&amp;b=2" htmlUrl="https://harbour.example/"/>
  </outline></outline>
  <outline title="The Gazette" xmlUrl="feed://gazette.example/rss"/>
</body></opml>"""


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "utf-16"])
def test_folders_names_and_home_pages_are_read_in_any_encoding(encoding: str) -> None:
    read = read_opml(NESTED.format(encoding=encoding).encode(encoding))
    assert read.title == "مصادري"
    assert read.feeds == (
        Subscription(
            "https://harbour.example/rss?a=1&b=2", "صحيفة المرفأ", "https://harbour.example/", (("أخبار", "محلية"),)
        ),
        Subscription("http://gazette.example/rss", "The Gazette"),
    )


def test_a_feed_in_two_folders_is_one_feed() -> None:
    body = b"""<opml><body><outline text="A"><outline text="x" xmlUrl="https://x.example/f"/></outline>
      <outline text="B"><outline text="x" xmlUrl="https://x.example/f"/></outline></body></opml>"""
    assert read_opml(body).feeds == (Subscription("https://x.example/f", "x", "", (("A",), ("B",))),)


def test_a_broken_list_is_read_as_far_as_it_goes() -> None:
    body = (
        b'<opml version="2.0"><body><outline text="Q&A" xmlUrl="https://q.example/?a=1&b=2"/><outline text="cut" xmlU'
    )
    read = read_opml(body)
    assert [one.url for one in read.feeds] == ["https://q.example/?a=1&b=2"]
    assert "the document ends in the middle" in [note.detail for note in read.notes]


@pytest.mark.parametrize("body", [b"<opml><body><outline", b'<opml version="2.0"><body><outline xmlUrl="https://x.exa'])
def test_a_list_that_breaks_off_before_its_first_feed_is_refused(body: bytes) -> None:
    with pytest.raises(OpmlError, match="cut or broken"):
        read_opml(body)


def test_a_whole_list_without_a_feed_is_a_list() -> None:
    assert read_opml(b'<opml version="2.0"><body/></opml>').feeds == ()


def test_what_is_no_web_address_is_left_out_with_a_note() -> None:
    read = read_opml(b'<opml version="2.0"><body><outline text="x" xmlUrl="javascript:alert(1)"/></body></opml>')
    assert (read.feeds, [note.kind for note in read.notes]) == ((), ["link-refused"])


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"<html><body>no list</body></html>", b"{}", b"https://x.example/list"]
)
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(OpmlError):
        read_opml(body)


names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12).filter(
    lambda name: not set(name) & set("<>&")
)
feeds = st.builds(
    Subscription,
    url=st.integers(1, 40).map("https://x.example/f?a=1&n={}".format),
    title=names,
    home_page=st.sampled_from(["", "https://x.example/"]),
    folders=st.lists(st.lists(names, min_size=1, max_size=3).map(tuple), max_size=2, unique=True).map(tuple),
)


@given(st.lists(feeds, max_size=8, unique_by=lambda one: one.url))
def test_what_is_written_is_read_back(subscriptions: list[Subscription]) -> None:
    body = write_opml("Feeds & <folders>", subscriptions, WRITTEN)
    if subscriptions:
        read = {one.url: one for one in read_opml(body).feeds}
        assert {url: (one.title, one.home_page, set(one.folders)) for url, one in read.items()} == {
            one.url: (one.title, one.home_page, set(one.folders)) for one in subscriptions
        }
