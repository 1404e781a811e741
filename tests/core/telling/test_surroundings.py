"""A passage is shown between its neighbours, within its paragraph, whatever the text."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from octavo.core.telling.surroundings import LONGEST, LOOKED_AT, surroundings

TEXT = "Rain fell on Velmara. The ferry had left the harbour. Nobody saw it again.\n\nThe inquiry began in May."


def shown(passage: str, text: str = TEXT) -> tuple[str, str, str]:
    start = text.index(passage)
    found = surroundings(text, start, start + len(passage))
    assert found
    return found.before, found.passage, found.after


def test_a_sentence_stands_between_the_one_before_and_the_one_after() -> None:
    said = "The ferry had left the harbour."
    assert shown(said) == ("Rain fell on Velmara. ", said, " Nobody saw it again.")


def test_it_never_leaves_its_paragraph() -> None:
    assert shown("The inquiry began in May.") == ("", "The inquiry began in May.", "")
    assert shown("Nobody saw it again.")[2] == ""


def test_part_of_a_sentence_stands_in_its_sentence() -> None:
    assert shown("ferry") == ("The ", "ferry", " had left the harbour.")


def test_what_is_left_out_is_marked() -> None:
    long = " ".join(["word"] * 300)
    before, _, after = shown("MIDDLE", f"{long} MIDDLE {long}")
    assert before.startswith("… word")
    assert after.endswith("word …")
    whole = surroundings("x" * 5_000, 0, 5_000)
    assert whole
    assert whole.is_cut
    assert len(whole.passage) == LONGEST


def test_places_outside_the_text_are_none() -> None:
    assert surroundings(TEXT, 5, 5) is None
    assert surroundings(TEXT, -1, 5) is None
    assert surroundings(TEXT, 0, len(TEXT) + 1) is None


@given(st.text(alphabet="ab .!?\n…۔\u202e", max_size=900), st.integers(0, 899), st.integers(1, 900))
def test_what_is_shown_is_the_texts_own_and_bounded(text: str, start: int, end: int) -> None:
    found = surroundings(text, start, end)
    if found is None:
        assert not start < end <= len(text)
        return
    assert text[start:end].startswith(found.passage)
    assert len(found.before) + len(found.after) <= 2 * LOOKED_AT + 4
    assert found.before.removeprefix("… ") in text[:start]
    assert found.after.removesuffix(" …") in text[end:]


def test_a_text_of_one_endless_sentence_costs_no_more() -> None:
    text = "word " * 400_000
    began = time.perf_counter()
    for at in range(0, 1_000_000, 50_000):
        surroundings(text, at, at + 40)
    assert time.perf_counter() - began < 0.5
