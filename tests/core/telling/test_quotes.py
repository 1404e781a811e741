"""Quotes are verbatim, of the right kind, and given to whom the text gives them."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.core.telling.quotes import Quote, quotes

MILL = """Fire destroys the old mill at Sallow.

The old mill at Sallow burnt down on Monday night, the fire service said. Nobody was hurt.

"The wheel had turned for three hundred years," said Marta Ellingham, who runs the village museum. "It was the heart of
this place."

Ellingham added that volunteers had saved most of the tools. She said the council should rebuild the mill before winter.

Mayor Tobias Renfield called the fire "a disaster for the valley" and promised help. "We will not leave anybody alone with
this," he told reporters.

His book "The Quiet Wheel" is sold in the museum."""
MILL = re.sub(r"(?<!\n)\n(?!\n)", " ", MILL)  # lines as the articles have them: one a paragraph


def by_text(text: str, part: str) -> Quote:
    found = [one for one in quotes(text) if part in one.text]
    assert found, part
    return found[0]


def test_what_a_person_said_in_marks_is_a_direct_quote_with_its_speaker() -> None:
    quote = by_text(MILL, "three hundred years")
    assert quote.text == '"The wheel had turned for three hundred years,"'
    assert (quote.kind, quote.speaker) == ("direct", "Marta Ellingham")
    assert MILL[quote.speaker_start : quote.speaker_end].startswith("Marta Ellingham")


def test_an_interrupted_quotation_is_two_quotes_of_one_speaker() -> None:
    assert by_text(MILL, "the heart of").speaker == "Marta Ellingham"


def test_a_surname_is_resolved_to_the_full_name() -> None:
    quote = by_text(MILL, "volunteers had saved")
    assert (quote.kind, quote.speaker) == ("indirect", "Marta Ellingham")
    assert MILL[quote.speaker_start : quote.speaker_end] == "Ellingham"


def test_a_pronoun_is_resolved_and_stays_marked() -> None:
    quote = by_text(MILL, "council should rebuild")
    assert quote.speaker == "Marta Ellingham"
    assert MILL[quote.speaker_start : quote.speaker_end] == "She"


def test_a_quotation_within_a_clause_is_mixed() -> None:
    quote = by_text(MILL, "a disaster for the valley")
    assert quote.speaker == "Tobias Renfield"
    assert quote.kind in ("mixed", "direct")


def test_the_title_of_a_book_is_no_quote() -> None:
    assert not [one for one in quotes(MILL) if "Quiet Wheel" in one.text]


def test_a_pronoun_that_two_could_bear_is_not_guessed() -> None:
    text = "Rowan Tell met Perrin Vale in Sallow.\n\nHe said the road would open on Friday."
    assert by_text(text, "the road would open").speaker in ("He", "")


@pytest.mark.parametrize(
    ("text", "language", "quote", "speaker"),
    [
        ("« Nous allons reconstruire le moulin avant l'hiver », a déclaré Claire Vautrin lundi.", "fr", "reconstruire", "Claire Vautrin"),
        ("„Wir bauen die Mühle vor dem Winter wieder auf“, sagte Jonas Eckhardt am Montag.", "de", "Mühle", "Jonas Eckhardt"),
        ("«Vamos a reconstruir el molino antes del invierno», dijo Elvira Montes el lunes.", "es", "molino", "Elvira Montes"),
        ("قال سليم الراوي: «سنعيد بناء الطاحونة قبل الشتاء» في حديث أمس.", "ar", "الطاحونة", "سليم الراوي"),
    ],
)  # fmt: skip
def test_other_languages_go_by_marks_and_reporting_words(text: str, language: str, quote: str, speaker: str) -> None:
    for given_language in (language, ""):
        found = quotes(text, given_language)
        assert [(quote in one.text, one.kind, one.speaker) for one in found] == [(True, "direct", speaker)]


def test_marked_words_without_a_reporting_word_are_no_quote_in_other_languages() -> None:
    assert quotes("Le film « La Roue » est au cinéma de la ville depuis lundi.", "fr") == []


@settings(max_examples=80, deadline=None)
@given(
    st.text(alphabet="ab S\n\"“”«»‘’'.,:؟قال\ud800é漢", max_size=80) | st.text(max_size=60),
    st.sampled_from(["", "en", "ar", "xx"]),
)
def test_any_text_gives_verbatim_quotes_in_order(text: str, language: str) -> None:
    found = quotes(text, language)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(one.speaker_start is None or text[one.speaker_start : one.speaker_end] for one in found)


def test_the_same_text_gives_the_same_quotes() -> None:
    assert quotes(MILL) == quotes(MILL)


@pytest.mark.parametrize("piece", ['"', ' "a', "“", " said", "He said. ", "A", "a b ", '"Go," said Ann. '])
def test_time_is_linear_in_hostile_texts(piece: str) -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        quotes(piece * count, "en")
        return time.process_time() - began

    seconds(100)
    assert seconds(20_000) < 40 * max(seconds(2_000), 0.01)


@pytest.mark.parametrize(
    ("text", "part", "speaker"),
    [
        ('"The dam will hold," said Joan Perrin of the river board.', "dam", "Joan Perrin"),
        ('"The dam will hold," Assistant Secretary Joan Perrin told reporters.', "dam", "Joan Perrin"),
        ('"The dam will hold," the Sallow River Board said in a statement.', "dam", "Sallow River Board"),
        ('"The dam will hold," a Tamm engineer said on Monday.', "dam", "a Tamm engineer"),
    ],
)
def test_a_speaker_is_named_without_titles_and_descriptions(text: str, part: str, speaker: str) -> None:
    assert by_text(text, part).speaker == speaker


def test_he_is_not_she() -> None:
    text = (
        'Mary Ellingham and Peter Vale met at the dam.\n\n"It will hold," Peter Vale said. She said the river was high.'
    )
    assert by_text(text, "river was high").speaker == "Mary Ellingham"


def test_a_namesake_leaves_a_surname_alone() -> None:
    text = 'Mary Vale and Peter Vale own the mill.\n\n"It will turn again before the winter," Vale said on Monday.'
    assert by_text(text, "turn again").speaker == "Vale"


def test_a_sentence_in_marks_is_a_quote_of_its_own() -> None:
    text = 'Perrin called the dam "a danger" and added: "It should have been mended years ago." The board disagreed.'
    assert '"It should have been mended years ago."' in [one.text for one in quotes(text)]


@pytest.mark.parametrize("who", ["one", "another", "some", "one of the lenders"])
def test_what_one_unnamed_said_is_not_given_to_whoever_was_named_before(who: str) -> None:
    text = f'Minister Ivo Marsk called six lenders to say that nothing had changed. "He was charming," said {who}. "That is what has changed."'
    assert {one.speaker for one in quotes(text, "en") if one.kind != "indirect" and "charming" in one.text} == {
        who.split()[0]
    }
    if " " not in who:
        assert by_text(text, "what has changed").speaker == who
