"""Invented news for the desk's tests: the demo press as a stream, and reports made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from octavo.core.folding.desk import Desk
from octavo.core.types import Article
from octavo.demo.press import load

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@cache
def press(language: str = "en") -> tuple[tuple[Article, str], ...]:
    """The demo press in a language as articles in the order of their times, each with its story."""
    read = load()
    own = {publisher.id for publisher in read.publishers if publisher.language == language}
    found = [one for one in sorted(read.articles, key=lambda one: -one.hours_ago) if one.publisher in own]
    return tuple(
        (Article(o.address, o.title, o.text, NOW - timedelta(hours=o.hours_ago), o.publisher, "", language), o.story)
        for o in found
        if o.text and o.kind not in ("opinion", "live", "listing")
    )


def report(name: str, title: str, text: str = "", hours: float = 0, language: str = "en") -> Article:
    """A report of a publisher of its own, so many hours after NOW."""
    return Article(name, title, text, NOW + timedelta(hours=hours), f"{name}.example", "", language)


def filled(count: int = 120) -> Desk:
    """A desk with other news, so that there are strangers to compare with."""
    desk = Desk()
    for article, _ in press()[:count]:
        desk.arrive(article)
    return desk
