"""When two texts are one: by how much they share, where it stands, and what their titles say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from octavo.core.folding.sharing import Likeness, Titles, compare_titles, is_copy, rarity, word_weights
from octavo.core.folding.wording import word_numbers

HALF = Likeness(0.45, 0.3, 1.0, 1.0, 200, 1.0, Titles.AGREEING)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"right_head": 0.0}, False),
        ({"right_head": 0.0, "left": 0.55}, True),
        ({"left_head": 0.0, "right_head": 0.0, "left": 0.6}, False),
        ({"left_head": 0.0, "right_head": 0.0, "left": 0.7}, True),
        ({"titles": Titles.STRANGE}, False),
        ({"titles": Titles.STRANGE, "left": 0.55}, True),
        ({"words": 19}, False),
        ({"words": 35}, False),
        ({"words": 35, "left": 0.95}, True),
        ({"words": 70, "left": 0.95, "titles": Titles.STRANGE}, False),
        ({"is_moulded": True, "left": 0.95}, False),
        ({"is_moulded": True, "left": 0.95, "right": 0.9}, True),
        ({"has_one_publisher": True, "verbatim": 0.3}, False),
        ({"has_one_publisher": True, "verbatim": 0.3, "titles": Titles.ONE}, True),
        ({"left": 0.95, "right": 0.08, "left_head": 0.0, "right_head": 0.0}, False),
    ],
)
def test_two_texts_are_one_or_not(changed: dict[str, object], expected: bool) -> None:
    assert is_copy(replace(HALF, **changed)) is expected  # type: ignore[arg-type]


def test_what_more_groups_hold_weighs_less() -> None:
    rows = np.array([0, 1, 1, 2, 2, 2, 2])
    groups = np.array([7, 7, 8, 7, 8, 9, 9])
    assert rarity(rows, groups, 4).tolist() == [1.0, 0.5, 0.0, 1.0]
    assert rarity(rows, groups, 4, own=9).tolist() == [0.5, 0.0, 0.0, 1.0]


def test_a_word_weighs_as_much_as_the_sampled_shingle_nearest_to_it() -> None:
    assert word_weights(np.array([6, 1]), np.array([0.0, 1.0]), 10).tolist() == [1.0] * 4 + [0.0] * 6
    assert word_weights(np.array([], np.int64), np.array([]), 3).tolist() == [1.0] * 3


def test_titles_go_together_where_their_words_stand_in_the_other_article() -> None:
    ferry, lock, text, none = (
        word_numbers(words.split())
        for words in ("ferry aground head", "lock shut weeks", "ferry aground harbour lifeboats head", "")
    )
    assert compare_titles(ferry, text, ferry, text) is Titles.ONE
    assert compare_titles(ferry, none, word_numbers(["lifeboats", "ferry"]), text) is Titles.AGREEING
    assert compare_titles(ferry, text, lock, none) is Titles.STRANGE
    assert compare_titles(none, text, none, text) is Titles.ONE
