"""Names are told by their capitals, except where a sentence or a headline gives every word one."""

from __future__ import annotations

from octavo.core.telling.names import names


def written(text: str) -> list[str]:
    return [" ".join(name.words) for name in names(text)]


def test_neighbouring_capitals_are_one_name_without_the_possessive() -> None:
    assert written("She met Maren Oldt's brother at the Bank of Velmara.") == ["Maren Oldt", "Bank of Velmara"]


def test_a_sentence_opens_with_a_name_only_where_its_word_is_not_written_small() -> None:
    assert written("Officials left. Oldt stayed.") == ["Oldt"]


def test_weekdays_and_months_are_no_names() -> None:
    assert written("It closed on Monday in March.") == []


def test_a_headline_in_capitals_tells_only_words_that_are_never_small() -> None:
    assert written("Ferry Line To Reopen In Velmara After Eleven Years") == ["Velmara"]
