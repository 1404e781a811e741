"""A muted word hides titles in which it stands as a word, whatever stands beside it."""

from __future__ import annotations

import re

import pytest

from octavo.core.reading.muting import muted_form, whole_word


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("lot", "A lot of herring"), ("lot", "Lot: the last one"), ("lot", "the parking 'lot'"), ("goal", "GOAL!"),
        ("night shift", "On the Night Shift, again"), ("c++", "Why C++ stays"), ("#harbour", "Seen on #harbour"),
        ("érable", "Érable au port"), ("straße", "Die STRAßE am Hafen"), ("كرة", "نهائي كرة اليد"),
        ("كرة", "أخبار الكرة"), ("كرة", "وبالكرة نبدأ"), ("ميناء", "للميناء تاريخ"),
    ],
)  # fmt: skip
def test_it_stands_as_a_word(word: str, title: str) -> None:
    assert re.search(whole_word(muted_form(word)), title, re.IGNORECASE)


@pytest.mark.parametrize(
    ("word", "title"),
    [("lot", "The lottery draw"), ("lot", "A pilot speaks"), ("ana", "Panama"), ("كرة", "مذكرة تفاهم"), ("a.b", "axb")],
)
def test_letters_inside_another_word_are_not_it(word: str, title: str) -> None:
    assert not re.search(whole_word(muted_form(word)), title, re.IGNORECASE)


def test_a_word_is_kept_in_small_letters_and_single_spaces() -> None:
    assert muted_form("  Night \t SHIFT ") == "night shift"
