"""Names of sections find their place on the front page, in English, Arabic and beyond."""

from __future__ import annotations

import pytest

from octavo.core.reading.sections import section_of, section_of_address, section_of_categories
from octavo.core.types import SECTIONS


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("World", "world"), ("World news", "world"), ("Middle East", "world"), ("العالم", "world"), ("عربي ودولي", "world"),
        ("Politics", "politics"), ("US elections", "politics"), ("سياسة", "politics"), ("السياسة", "politics"),
        ("Business & Economy", "business"), ("Global Economy", "business"), ("اقتصاد", "business"), ("مال وأعمال", "business"),
        ("Tech", "technology"), ("Artificial Intelligence", "technology"), ("تكنولوجيا", "technology"),
        ("Science", "science"), ("علوم", "science"), ("Health", "health"), ("صِحّة", "health"), ("Santé", "health"),
        ("Climate change", "environment"), ("بيئة", "environment"), ("Entertainment & Arts", "culture"),
        ("ثقافة وفنون", "culture"), ("SPORT", "sports"), ("Latest football news", "sports"), ("كرة القدم", "sports"),
        ("رياضة", "sports"), ("Opinion", "opinion"), ("Op-Ed", "opinion"), ("مقالات الرأي", "opinion"),
        ("", ""), ("News", ""), ("Obituaries", ""), ("Sport and business", ""), ("أخبار", ""),
    ],
)  # fmt: skip
def test_a_name_has_its_section(name: str, section: str) -> None:
    assert section_of(name) == section


def test_the_first_name_that_means_a_section_counts() -> None:
    assert section_of("Obituaries", "Sport", "Politics") == "sports"


def test_categories_vote() -> None:
    assert section_of_categories(["Tennis", "World", "Sport"]) == "sports"
    assert section_of_categories(["Tennis", "Politics"]) == ""
    assert section_of_categories([]) == ""


@pytest.mark.parametrize(
    ("url", "section"),
    [
        ("https://gazette.example/sport/football/2026/cup-final", "sports"),
        ("https://gazette.example/en/business/story-1", "business"),
        ("https://gazette.example/%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9/1234", "sports"),
        ("https://gazette.example/2026/11/23/politics-of-sport", ""),
        ("https://gazette.example/", ""), ("http://[", ""),
    ],
)  # fmt: skip
def test_an_address_tells_its_section(url: str, section: str) -> None:
    assert section_of_address(url) == section


def test_every_answer_is_a_section_of_the_front_page() -> None:
    names = ("world", "politics", "economy", "tech", "space", "medicine", "climate", "music", "tennis", "editorial")
    assert tuple(section_of(name) for name in names) == SECTIONS
