"""A topic has one key, whatever its spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.telling.topics import better_label, topic_key, topic_label


def key(name: str, language: str = "en", *, is_name: bool = True) -> str:
    return topic_key(name.split(), language, is_name=is_name)


@pytest.mark.parametrize(
    ("one", "other", "language", "is_name"),
    [
        ("Maren Oldt", "MAREN OLDT", "en", True),
        ("José Ferrán", "Jose Ferran", "es", True),
        ("Łomna Bridge", "Lomna Bridge", "en", True),
        ("Abiola-Penn", "Abiola Penn", "en", True),
        ("U.S.", "United States", "en", True),
        ("ferry lines", "Ferry line", "en", False),
        ("ferry companies", "ferry company", "en", False),
        ("البنك المركزي", "بنك مركزي", "ar", True),
        ("إيناس الأحمد", "ايناس الاحمد", "ar", True),
        ("مصطفى", "مصطفي", "ar", True),
        ("جزيرة تولي", "جزيره تولي", "ar", True),
        ("عبّارة", "عبارة", "ar", True),
        ("شركات النقل", "شركة النقل", "ar", True),
    ],
)
def test_spellings_of_one_topic_have_one_key(one, other, language, is_name):
    assert key(one, language, is_name=is_name) == key(other, language, is_name=is_name) != ""


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("South Tarrin", "North Tarrin", "en"), ("Oldt", "Maren Oldt", "en"), ("جزر تاليو", "جزيرة تاليو", "ar")],
)
def test_other_topics_have_other_keys(one, other, language):
    assert key(one, language) != key(other, language)


@given(st.lists(st.text(max_size=12), max_size=4), st.sampled_from(["en", "ar", "fr", "de", "tr"]))
def test_a_key_is_its_own_key(words, language):
    first = topic_key(words, language)

    assert topic_key([first], language) == first or topic_key([first], language) == topic_key(
        [topic_key([first], language)], language
    )


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_the_label_that_is_shown_does_not_depend_on_which_came_first(one, other, third):
    assert better_label(one, better_label(other, third)) == better_label(better_label(one, other), third)
    assert better_label(one, other) == better_label(other, one)


def test_labels_are_written_as_hashtags():
    assert topic_label(["Bank", "of", "Velmara"], "en") == "BankOfVelmara"
    assert topic_label(["البنك", "المركزي"], "ar") == "البنك_المركزي"
    assert better_label("PORTSENNET", "PortSennet") == "PortSennet"
    assert better_label("JoseFerran", "JoséFerrán") == "JoséFerrán"
