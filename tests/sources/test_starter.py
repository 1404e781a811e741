"""The starter set is broad, and every line of it is checked."""

from __future__ import annotations

import pytest

from octavo.sources.starter import StarterError, load_starter_set, parse_starter_set

GOOD = """
[[publisher]]
name = "The Gazette"
home_page = "https://gazette.example/"
country = "PT"
language = "pt"
owner = "Gazette Cooperative"
medium = "newspaper"
feeds = [{ url = "https://gazette.example/rss", section = "world" }]
"""


def test_the_set_is_as_broad_as_it_claims() -> None:
    publishers = load_starter_set()
    assert sum(len(publisher.feeds) for publisher in publishers) >= 70
    assert len({publisher.name for publisher in publishers}) >= 45
    assert len({publisher.country for publisher in publishers}) >= 15
    assert {"en", "ar"} <= {publisher.language for publisher in publishers}
    assert sum(publisher.language == "ar" for publisher in publishers) >= 5


def test_no_publisher_dominates_the_set() -> None:
    assert max(len(publisher.feeds) for publisher in load_starter_set()) <= 6


def test_a_good_line_is_read() -> None:
    (publisher,) = parse_starter_set(GOOD)
    assert (publisher.name, publisher.country, publisher.feeds[0].section) == ("The Gazette", "PT", "world")


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ('"PT"', '"Portugal"', "country"), ('"pt"', '"português"', "language"), ('"newspaper"', '"paper"', "medium"),
        ('"world"', '"planet"', "planet"), ("https://gazette.example/rss", "gazette.example/rss", "no web address"),
        ('"Gazette Cooperative"', '""', "owner"), ("feeds = [", "foods = [", "no feed"), ("[[publisher]]", "[[publisher", "starter.toml"),
    ],
)  # fmt: skip
def test_a_bad_line_is_refused_with_its_reason(good: str, bad: str, fault: str) -> None:
    with pytest.raises(StarterError, match=fault):
        parse_starter_set(GOOD.replace(good, bad))


def test_a_feed_twice_is_refused() -> None:
    with pytest.raises(StarterError, match="twice"):
        parse_starter_set(GOOD + GOOD)
