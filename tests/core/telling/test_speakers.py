"""To whom a sentence gives its words; the words around them may be anything."""

from __future__ import annotations

import time

import pytest

from octavo.core.telling.speakers import speakers


@pytest.mark.parametrize(
    ("sentence", "speaking"),
    [
        ("Harbour master Anna Lindqvist said the pier would close.", {"harbour", "master", "anna", "lindqvist"}),
        ("“The pier will close,” said Anna Lindqvist.", {"anna", "lindqvist"}),
        ("According to O’Brien the pier will close.", {"o’brien"}),
        ("Anna Lindqvist: The pier will close.", {"anna", "lindqvist"}),
        ("A.B. McRae, who owns two ferries, said the pier would close.", {"a.b", "mcrae"}),
    ],
)
def test_a_speaker_is_found(sentence: str, speaking: set[str]) -> None:
    found = speakers(sentence)
    assert any(speaking <= one for one in found), found


@pytest.mark.parametrize("shout", ["A", "Aa.", "a", "Aa-", "A ", "A (", "said ", "Aa, "])
def test_a_sentence_that_is_one_shout_costs_no_time(shout: str) -> None:
    began = time.process_time()
    speakers((shout * 900)[:900] + "z")
    assert time.process_time() - began < 1.0
