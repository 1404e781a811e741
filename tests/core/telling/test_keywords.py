"""Keywords are words and phrases of the article as it writes them, the most telling first."""

from __future__ import annotations

from octavo.core.telling.keywords import MOST, keywords

TITLE = "Ferry line to Anuva reopens"
TEXT = (
    "The ferry line between Velmara and Anuva reopens in spring. The harbour council voted for the ferry line on Tuesday. "
    "Engineers had warned the harbour council that the pier was weak. The ferry is expected to carry passengers daily."
)


def test_what_an_article_is_about_comes_before_what_it_mentions():
    found = keywords(TITLE, TEXT, "en")

    assert {"ferry", "Ferry", "Anuva"} & set(found[:5])
    assert "the" not in [word.lower() for word in found]
    assert len(found) <= MOST


def test_each_stands_in_the_article_as_it_is_written():
    found = keywords(TITLE, TEXT, "en")
    assert len(found) > 1
    assert all(word in f"{TITLE}\n{TEXT}" for word in found)


def test_the_same_article_always_gives_the_same_and_none_gives_none():
    assert keywords(TITLE, TEXT, "en") == keywords(TITLE, TEXT, "en")
    assert keywords("", "", "en") == []


def test_other_scripts_have_keywords_too():
    found = keywords("إعادة فتح خط العبارات", "أعلن مجلس الميناء إعادة فتح خط العبارات إلى أنوفا بعد سنوات.", "ar")

    assert any("العبارات" in word for word in found)
