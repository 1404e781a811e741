"""A misspelt name is known for what was meant, and what is right is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.reading.spelling import Name, allowed, distance, intact, meant, plain

NAMES = [Name(plain(written), written, articles) for written, articles in (
    ("Quellmann", 40), ("Quelmar", 3), ("Casteron", 9), ("Tamm", 30), ("Müller", 12), ("القادري", 5))]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("quelmann", "Quellmann"), ("qeullmann", "Quellmann"), ("Quellmnan", "Quellmann"), ("casterom", "Casteron"),
        ("kasteron", "Casteron"), ("mueller", "Müller"), ("mullr", "Müller"), ("القاردي", "القادري"),
    ],
)  # fmt: skip
def test_what_was_meant(typed: str, expected: str) -> None:
    found = meant(plain(typed), NAMES)
    assert found is not None
    assert found.written == expected


@pytest.mark.parametrize("typed", ["quellmann", "muller", "tam", "harbour", "quelm"])
def test_what_is_right_too_short_or_too_far_is_left_alone(typed: str) -> None:
    assert meant(plain(typed), NAMES) is None


def test_a_word_that_stands_here_is_no_mistake() -> None:
    assert meant("quelmann", NAMES, articles=3) is None
    assert meant("casterom", NAMES, articles=2) is None


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other, 3) == distance(other, one, 3)
    assert (distance(one, other, 3) == 0) == (one == other)


@given(st.text("abcdef", min_size=4, max_size=7), st.data())
def test_one_mistake_leaves_the_beginning_or_the_end_intact(word: str, drawn: st.DataObject) -> None:
    at = drawn.draw(st.integers(0, len(word) - 1))
    typed = word[:at] + "x" + word[at + 1 :]
    first, last = intact(typed)
    assert allowed(typed) == 1
    assert word.startswith(first) or word.endswith(last)
