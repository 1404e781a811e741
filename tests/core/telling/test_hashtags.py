"""Hashtags are subjects of the article's own words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from octavo.core.telling.hashtags import FEWEST, MOST, hashtags

TEXT = """The Harbour Council of Velmara voted to reopen the ferry line. Maren Oldt keeps the ticket office on the quay.
Critics of the Harbour Council say the ferry line costs too much. Oldt, who has worked for the ferry line since 1998,
disagrees. In Velmara, the ferry line is loved. The vote of the Harbour Council was close, Maren Oldt said."""


def labels(title: str, text: str, language: str = "en", tags: tuple[str, ...] = ()) -> list[str]:
    return [tag.label for tag in hashtags(title, text, language, tags)]


def test_names_and_phrases_that_recur_come_first():
    found = labels("Velmara reopens its ferry line", TEXT)

    assert FEWEST <= len(found) <= MOST
    assert {"Velmara", "MarenOldt", "FerryLine"} <= set(found)


def test_a_last_name_counts_for_the_full_name_and_stands_once():
    assert sum("Oldt" in label for label in labels("", TEXT)) == 1


def test_the_publishers_own_tag_counts_where_the_text_has_it():
    assert "TicketOffice" in [
        label[:1].upper() + label[1:] for label in labels("", TEXT, tags=("Ticket Office", "Mars"))
    ]
    assert not any("Mars" in label for label in labels("", TEXT, tags=("Mars",)))


def test_arabic_has_hashtags_too_with_underscores():
    text = "أعلن البنك المركزي رفع أسعار الفائدة. وقال البنك المركزي إن أسعار الفائدة سترتفع مرة أخرى في الربيع."

    assert "البنك_المركزي" in labels("البنك المركزي يرفع أسعار الفائدة", text, "ar")


def test_an_article_without_names_has_some_all_the_same():
    text = "the rain fell for days and the rivers rose above their banks while farmers moved their cattle uphill. " * 3

    assert len(labels("rain for days", text)) >= FEWEST


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_gives_distinct_keys(text, title):
    keys = [tag.key for tag in hashtags(title, text)]

    assert len(keys) == len(set(keys)) <= MOST
    assert all(keys)
