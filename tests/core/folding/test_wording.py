"""Words as numbers: what the words of a text are, whatever its script, and that packing loses nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.folding.wording import MOST_WORDS, pack, read_wording, sample, shingles, unpack, word_numbers
from octavo.core.words import words

PIECES = st.sampled_from(
    ["harbour", "don't", "l'État", "  ", "\n\n", "الخرطوم", "كَتَبَ", "新闻社", ", ", "’s", "x" * 300, "٣٤", "—"]
)
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=9).map("".join)
)


@given(TEXTS)
def test_it_reads_the_words_that_everything_else_reads(text: str) -> None:
    wording, ends = read_wording(text)
    found = list(words(text))
    assert wording.starts.tolist() == [word.start for word in found]
    assert wording.numbers.tolist() == word_numbers(word.form for word in found).tolist()
    assert all(end >= word.end for end, word in zip(ends.tolist(), found, strict=True))


@given(TEXTS)
def test_packing_loses_nothing(text: str) -> None:
    wording, _ = read_wording(text)
    again = unpack(pack(wording))
    assert (again.numbers.tolist(), again.starts.tolist(), again.length) == (
        wording.numbers.tolist(),
        wording.starts.tolist(),
        len(text),
    )


def test_a_long_text_is_read_to_a_bound() -> None:
    assert len(read_wording("word " * (MOST_WORDS + 50))[0]) == MOST_WORDS
    assert len(read_wording("新" * (MOST_WORDS + 50))[0]) == MOST_WORDS


def test_a_part_is_sampled_where_its_whole_is() -> None:
    numbers = np.random.default_rng(1).integers(0, 1 << 16, 1200).astype(np.uint16)
    whole, part = shingles(numbers), shingles(numbers[300:500])
    held = set(whole[sample(whole)].tolist())
    shared = [value for value in part[sample(part)].tolist() if value in held]
    assert len(shared) >= len(part) / 20
