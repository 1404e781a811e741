"""A reader's query is read kindly, and its words are found where they stand."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.reading.searching import EXCERPT_LENGTH, Filter, Query, Term, excerpt, parse, read_day, spans, variants

TODAY = date(2026, 3, 10)


def ask(text: str) -> Query:
    return parse(text, TODAY)


def test_words_phrases_and_exclusions() -> None:
    query = ask('harbour "night shift" -football -"red card"')
    assert query.terms == (
        Term(("harbour",)),
        Term(("night", "shift")),
        Term(("football",), excluded=True),
        Term(("red", "card"), excluded=True),
    )


def test_filters_with_quotes_commas_and_minus() -> None:
    query = ask('publisher:"Harbour Post" lang:en,ar -section:sport quality:FULL')
    assert query.filters == (
        Filter("publisher", "harbour post"),
        Filter("language", "en"),
        Filter("language", "ar"),
        Filter("section", "sports", excluded=True),
        Filter("quality", "full"),
    )
    assert not query.has_words


def test_days() -> None:
    query = ask("after:2026-02 before:today")
    assert (query.after, query.before) == (date(2026, 2, 1), TODAY)
    assert read_day("7d", TODAY) == date(2026, 3, 3)
    assert read_day("yesterday", TODAY) == date(2026, 3, 9)
    assert read_day("2026-02-30", TODAY) is None


def test_a_day_that_is_none_is_ignored_and_told() -> None:
    query = ask("strike after:soonish")
    assert query.terms == (Term(("strike",)),)
    assert query.after is None
    assert query.ignored == ("after:soonish",)


@pytest.mark.parametrize("quote", ['"night shift', "“night shift”", "«night shift»", '"night shift" "'])
def test_quotes_of_every_kind_and_unclosed_ones(quote: str) -> None:
    assert ask(quote).terms == (Term(("night", "shift")),)


def test_an_unknown_field_is_words() -> None:
    assert ask("colour:red").terms == (Term(("colour", "red")),)


def test_a_hyphenated_word_is_a_phrase() -> None:
    assert ask("well-known").terms == (Term(("well", "known")),)


@pytest.mark.parametrize("text", ["", "   ", '"', "-", "-:", ":", '""', "\0", "lang:", "after:"])
def test_nothing_asked_is_empty(text: str) -> None:
    query = ask(text)
    assert not query.filters
    assert query.after is None


@given(st.text(max_size=600))
def test_no_input_is_an_error(text: str) -> None:
    query = ask(text)
    for language in ("en", "ar", ""):
        assert all(0 <= start < end <= len(text) for start, end in spans(text, query, language))


@given(st.text(max_size=400), st.text(max_size=40))
def test_spans_lie_in_order_inside_the_text(text: str, asked: str) -> None:
    found = spans(text, ask(asked), "en")
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))


def test_found_words_are_marked_in_any_inflection() -> None:
    text = "The strikes began at dawn; Lena struck a match. STRIKING workers met."
    assert [text[a:b] for a, b in spans(text, ask("strike"), "en")] == ["strikes", "STRIKING"]


def test_a_phrase_is_marked_as_one_and_only_as_one() -> None:
    text = "A shift by night is no night shift."
    assert [text[a:b] for a, b in spans(text, ask('"night shift"'), "en")] == ["night shift"]


def test_arabic_is_found_across_its_spellings() -> None:
    text = "أُعلنت نتائج الانتخابات في المدينة"
    assert [text[a:b] for a, b in spans(text, ask("انتخابات"), "ar")] == ["الانتخابات"]
    assert [text[a:b] for a, b in spans(text, ask("المدينه"), "ar")] == ["المدينة"]


def test_a_word_has_one_variant_for_each_stem() -> None:
    found = variants(Term(("news",)), ["en", "de", "fr", "ar", ""])
    assert found[("news",)] == ("en", "de", "")
    assert found[("new",)] == ("fr",)


def test_an_excerpt_shows_the_densest_stretch() -> None:
    text = "Harbour. " + "Nothing here at all. " * 40 + "The harbour and the harbour master.\n\nEnd. " + "More. " * 80
    found = spans(text, ask("harbour"), "en")
    shown = excerpt(text, found)
    assert [shown.text[a:b] for a, b in shown.spans] == ["harbour", "harbour"]
    assert shown.text.startswith("… ")
    assert shown.text.endswith(" …")
    assert len(shown.text) <= EXCERPT_LENGTH + 4
    assert "\n" not in shown.text


def test_a_short_text_is_its_own_excerpt() -> None:
    assert excerpt("Ships wait.", ()).text == "Ships wait."


def test_title_and_like_are_fields() -> None:
    query = ask('title:ferry title:"night shift" -title:fog like:42')
    assert [(term.forms, term.excluded, term.in_title) for term in query.terms] == [
        (("ferry",), False, True), (("night", "shift"), False, True), (("fog",), True, True),
    ]  # fmt: skip
    assert query.like == 42
    assert ask("like:me").ignored == ("like:me",)


def test_words_of_the_title_are_marked_in_the_title_alone() -> None:
    query = ask("title:ferry fog")
    assert len(spans("Ferry in fog", query, "en", is_title=True)) == 2
    assert list(spans("The ferry waits in the fog", query, "en")) == [(23, 26)]


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("Un café fermé", "cafe", ["café"]),
        ("Les ÉCOLES ferment", "école", ["ÉCOLES"]),
        ("En ٢٠٢٦ même", "2026", ["٢٠٢٦"]),
    ],
)
def test_marks_are_found_whatever_the_accents(text: str, asked: str, marked: list[str]) -> None:
    assert [text[a:b] for a, b in spans(text, ask(asked), "fr")] == marked
