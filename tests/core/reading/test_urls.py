"""Addresses of one page have one key; addresses of two pages have two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.reading.urls import host_of, identity_key, is_home_page, normalise, resolve, unwrap

STORY = "https://www.gazette.example/2026/11/23/bridge-reopens"


@pytest.mark.parametrize(
    "url",
    [
        "http://www.gazette.example/2026/11/23/bridge-reopens", "https://gazette.example/2026/11/23/bridge-reopens",
        "HTTPS://WWW.Gazette.Example:443/2026/11/23/bridge-reopens/", f"{STORY}?utm_source=rss&utm_medium=feed", f"{STORY}#comments",
        f"{STORY}?fbclid=abc&gclid=1", f"{STORY}?at_medium=RSS&at_campaign=x", f"{STORY}?ref=rss", f"{STORY}?CMP=twitter_gu",
        f"{STORY}/index.html", f"{STORY}/amp", f"{STORY}/amp/", f"{STORY}?amp=1", f"{STORY}?outputType=amp", f"{STORY}.amp",
        "https://m.gazette.example/2026/11/23/bridge-reopens", "https://amp.gazette.example/2026/11/23/bridge-reopens",
        "https://www.gazette.example/amp/2026/11/23/bridge-reopens", "https://www.gazette.example//2026/11//23/bridge-reopens",
        "https://www.gazette.example/x/../2026/./11/23/bridge%2Dreopens", f"{STORY};jsessionid=0A1B", f" {STORY}\n",
        "https://www.google.com/amp/s/www.gazette.example/2026/11/23/bridge-reopens",
        "https://www-gazette-example.cdn.ampproject.org/c/s/www.gazette.example/2026/11/23/bridge-reopens",
        "https://www.google.com/url?q=https%3A%2F%2Fwww.gazette.example%2F2026%2F11%2F23%2Fbridge-reopens&sa=D",
    ],
)  # fmt: skip
def test_other_spellings_are_the_same_page(url: str) -> None:
    assert identity_key(url) == identity_key(STORY)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("/?p=123", "/?p=124"), ("/index.php?id=1", "/index.php?id=2"), ("/story?id=1", "/story"), ("/a?ref=3417", "/a?ref=3418"),
        ("/a?source=17", "/a?source=18"), ("/a?s=bridge", "/a?s=rain"), ("/guitars/amp", "/guitars"), ("/a?page=2", "/a"),
        ("/A", "/a"), ("/a?v=x", "/a?v=y"), ("/#!/story/1", "/#!/story/2"), ("/a%2Fb", "/a/b"), ("/a.html", "/a.php"),
        ("/redirect?url=https://courier.example/1", "/redirect?url=https://courier.example/2"),
    ],
)  # fmt: skip
def test_a_query_that_names_the_article_is_kept(first: str, second: str) -> None:
    assert identity_key(f"https://gazette.example{first}") != identity_key(f"https://gazette.example{second}")


def test_hosts_are_kept_apart() -> None:
    assert identity_key("https://gazette.example/a") != identity_key("https://news.gazette.example/a")
    assert identity_key("https://m.me/a") == "m.me/a"
    assert identity_key("https://gazette.example:8080/a") != identity_key("https://gazette.example/a")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("HTTP://Gazette.Example", "http://gazette.example/"), ("http://gazette.example:80/a/../b?x=1&utm_id=2#c", "http://gazette.example/b?x=1"),
        ("https://gazette.example/?b=2&a=1", "https://gazette.example/?b=2&a=1"), ("https://gazette.example/%e4%7e", "https://gazette.example/%E4~"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"), ("https://gazette.example/a?x=1&amp;y=2", "https://gazette.example/a?x=1&y=2"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"), ("https://ＧＡＺＥＴＴＥ.example/", "https://gazette.example/"),
        ("mailto:desk@gazette.example", "mailto:desk@gazette.example"), ("http://[broken", "http://[broken"),
    ],
)  # fmt: skip
def test_the_stored_address(written: str, kept: str) -> None:
    assert normalise(written) == kept


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("../b", "https://gazette.example/b"), ("//cdn.example/x", "https://cdn.example/x"), ("?p=1", "https://gazette.example/a/?p=1"),
        (" /with space ", "https://gazette.example/with%20space"), ("/خبر", "https://gazette.example/%D8%AE%D8%A8%D8%B1"),
        ("javascript:alert(1)", ""), ("java\nscript:alert(1)", ""), ("\u2028javascript:x", ""), ("data:text/html,x", ""),
        ("file:///etc/passwd", ""), ("mailto:x@y.example", ""), ("http://", ""), ("", ""), ("/" + "a" * 9000, ""),
    ],
)  # fmt: skip
def test_links_become_absolute_web_addresses_or_nothing(link: str, found: str) -> None:
    assert resolve("https://gazette.example/a/", link) == found


def test_home_pages() -> None:
    assert all(
        map(is_home_page, ("https://g.example", "http://www.g.example/index.html", "https://g.example/?utm_source=x"))
    )
    assert not any(map(is_home_page, ("https://g.example/?p=1", "https://g.example/a")))


def test_redirectors_hide_an_address_or_spell_it_out() -> None:
    assert unwrap(f"https://l.facebook.com/l.php?u={STORY}&h=x") == STORY
    assert (
        unwrap("https://gazette.example/redirect?url=https://evil.example/")
        == "https://gazette.example/redirect?url=https://evil.example/"
    )
    assert host_of("https://WWW.Gazette.example:80/x") == "gazette.example"


paths = st.lists(st.text("abc-1.%é/", max_size=6), max_size=4).map("/".join)
urls = st.builds(
    "{}://{}/{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["gazette.example", "www.gazette.example", "m.gazette.example:80"]),
    paths,
    st.sampled_from(["", "?a=1", "?utm_x=1&b=%20", "#x", "?b=2&a=1#!y", "?amp", "?="]),
)


@given(urls)
def test_normalising_twice_changes_nothing(url: str) -> None:
    assert normalise(normalise(url)) == normalise(url)


@given(urls)
def test_normalising_keeps_the_identity(url: str) -> None:
    assert identity_key(normalise(url)) == identity_key(url)


@given(st.text(max_size=50))
def test_any_text_has_a_key(text: str) -> None:
    assert isinstance(identity_key(text), str)
    assert isinstance(normalise(text), str)
    assert isinstance(resolve("https://gazette.example/", text), str)
