"""A home page leads to its feeds, and to nothing else."""

from __future__ import annotations

from octavo.sources.discovery import FeedLink, find_feeds, usual_addresses

HOME = "https://www.gazette.example/news/"


def found(html: str) -> list[str]:
    return [one.url for one in find_feeds(html.encode(), HOME)]


def test_declared_feeds_come_in_the_pages_order() -> None:
    html = """<html><head><title>The Gazette</title>
      <link rel="alternate" type="application/rss+xml" title="Gazette &amp; more" href="/rss.xml">
      <link rel="Alternate Feed" type="application/atom+xml; charset=utf-8" href="world.atom">
      <link rel="alternate" type="application/feed+json" href="//cdn.gazette.example/feed.json"></head></html>"""
    assert find_feeds(html.encode(), HOME) == (
        FeedLink("https://www.gazette.example/rss.xml", "Gazette & more", "rss", "link"),
        FeedLink("https://www.gazette.example/news/world.atom", "", "atom", "link"),
        FeedLink("https://cdn.gazette.example/feed.json", "", "json", "link"),
    )


def test_what_is_no_feed_is_left_alone() -> None:
    assert not found(
        """<link rel="alternate" hreflang="ar" href="/ar/"><link rel="stylesheet" type="text/xml" href="/feed.css">
        <link rel="alternate" type="application/json+oembed" href="/oembed?feed"><link rel="alternate"
        type="application/json" href="/wp-json/posts/1"><link rel="alternate" type="application/rss+xml" href="javascript:x">
        <a href="/about">About</a> <a href="/feeding-birds">Feeding birds</a> <a href="/rss-explained.html">What is RSS?</a>"""
    )


def test_anchors_help_a_page_that_declares_nothing() -> None:
    html = """<a href="/world/rss.xml">World</a> <a href="/rss">RSS</a> <a href="/weather">Weather</a>
      <a href="https://feeds.press.example/gazette"><img alt=""></a>"""
    assert found(html) == [
        "https://www.gazette.example/world/rss.xml",
        "https://www.gazette.example/rss",
        "https://feeds.press.example/gazette",
    ]


def test_anchors_to_other_sites_are_not_this_pages_feeds() -> None:
    assert not found('<a href="https://courier.example/rss.xml">A friend</a>')
    assert found('<a href="https://feeds.courier.example/rss.xml">Ours</a>') == [
        "https://feeds.courier.example/rss.xml"
    ]


def test_the_base_element_counts() -> None:
    html = (
        '<base href="https://static.gazette.example/x/"><link rel="alternate" type="application/rss+xml" href="a.xml">'
    )
    assert found(html) == ["https://static.gazette.example/x/a.xml"]


def test_feeds_of_comments_come_last() -> None:
    html = """<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
      <link rel="alternate" type="application/rss+xml" title="News" href="/feed/"><a href="/feed/">Feed</a>"""
    assert found(html) == ["https://www.gazette.example/feed/", "https://www.gazette.example/comments/feed/"]


def test_broken_and_empty_pages_give_nothing() -> None:
    assert not found("")
    assert not find_feeds(b"\xff\xfe\x00<link rel=alternate", HOME)


def test_usual_addresses_lie_below_the_page_and_at_the_root() -> None:
    urls = [one.url for one in usual_addresses("https://gazette.example/blog")]
    assert urls[0] == "https://gazette.example/blog/feed/"
    assert "https://gazette.example/rss.xml" in urls
    assert len(urls) == len(set(urls)) < 30
