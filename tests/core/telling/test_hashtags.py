"""Hashtags are topics of the article's own words, few and right."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.telling.hashtags import MOST, hashtags

TEXT = """The Harbour Council of Velmara voted on Tuesday to reopen the ferry line. Maren Oldt keeps the ticket office on the quay.
Critics of the Harbour Council say the ferry line costs too much. President Oldt, who has worked for the ferry line since 1998,
disagrees. In Velmara, the ferry line is loved. The vote of the Harbour Council was close, Oldt said in April."""
ARABIC = """أعلن البنك المركزي رفع أسعار الفائدة في فيلمارا. وقالت رئيسة البنك ليلى فارغا إن البنك المركزي يراقب الأسعار.
وقال وزير المالية داريو بيل إن حكومة فيلمارا تدعم البنك المركزي. وأضافت فارغا أن أسعار الفائدة سترتفع في الربيع.
"""


def labels(
    title: str, text: str, language: str = "en", tags: tuple[str, ...] = (), ours: tuple[str, ...] = ()
) -> list[str]:
    return [tag.label for tag in hashtags(title, text, language, tags, ours)]


def test_names_and_phrases_that_recur_come_first():
    found = labels("Velmara reopens its ferry line", TEXT)

    assert {"Velmara", "MarenOldt", "HarbourCouncil"} <= set(found)
    assert len(found) <= MOST


def test_title_and_last_name_count_for_the_full_name_and_it_stands_once():
    assert [label for label in labels("", TEXT) if "Oldt" in label] == ["MarenOldt"]


def test_no_weekday_month_or_single_common_word_is_a_hashtag():
    found = labels("Tuesday's vote on the ferry", TEXT + " On Tuesday and in April the vote was held, in April." * 3)

    assert not {"Tuesday", "April", "vote", "ferry", "Critics", "President"} & set(found)


def test_an_acronym_counts_for_the_name_that_it_shortens():
    text = "The Tarrin Rail Authority (TRA) met in Casteron. The TRA said that the TRA would wait. Nobody else spoke."

    assert labels("TRA waits", text)[0] == "TarrinRailAuthority"


def test_a_people_counts_for_its_place():
    text = "A Velmaran ship left. The Velmaran crew came from Velmara. Velmarans cheered as another Velmaran ship came."

    found = labels("Velmara cheers", text)

    assert "Velmara" in found
    assert not any(label.startswith("Velmaran") for label in found)


def test_publishers_agencies_and_authors_are_no_topics():
    text = "Nils Brandt for The Tarrin Globe. The Tarrin Globe asked Reuters. Reuters told The Tarrin Globe. " * 2

    assert labels("The Tarrin Globe asks", text, ours=("The Tarrin Globe", "Nils Brandt")) == []


def test_a_dateline_is_no_topic():
    text = "CASTERON (Meridian Wire) – Maren Oldt left the house before noon and did not say why. Oldt came back."

    assert labels("Oldt leaves", text) == ["MarenOldt"]


def test_the_publishers_own_tag_counts_where_the_text_has_it():
    assert "TicketOffice" in labels("", TEXT, tags=("ticket office", "Mars", "World"))
    assert "Mars" not in labels("", TEXT, tags=("Mars",))
    assert "World" not in labels("", TEXT + " The World. The World.", tags=("World",))


def test_arabic_names_persons_bodies_and_what_recurs():
    found = labels("البنك المركزي يرفع أسعار الفائدة", ARABIC, "ar", tags=("فيلمارا",))

    assert {"البنك_المركزي", "أسعار_الفائدة", "فيلمارا"} <= set(found)
    assert [label for label in found if "فارغا" in label] in ([], ["ليلى_فارغا"])


def test_arabic_spellings_give_one_key():
    other = ARABIC.replace("أسعار", "اسعار").replace("المركزي", "المركزى")

    keys = [tag.key for tag in hashtags("البنك المركزي", ARABIC, "ar")]
    assert keys == [tag.key for tag in hashtags("البنك المركزى", other, "ar")]


def test_an_article_that_tells_of_nothing_in_particular_has_none():
    text = "the rain fell for days and the rivers rose above their banks while farmers moved their cattle uphill. "

    assert labels("rain for days", text) == []


@pytest.mark.parametrize(
    "hostile", ["A " * 60_000, "Aa" * 60_000, "A.'" * 40_000, "(AB) Ab Bc " * 9_000, "بن " * 50_000]
)
def test_hostile_texts_cost_little(hostile):
    began = time.process_time()
    hashtags(hostile[:500], hostile, "ar" if "ب" in hostile else "en")

    assert time.process_time() - began < 3


@given(st.text(max_size=200), st.text(max_size=60), st.sampled_from(["", "en", "ar", "de", "ja"]))
def test_any_text_gives_distinct_keys(text, title, language):
    keys = [tag.key for tag in hashtags(title, text, language)]

    assert len(keys) == len(set(keys)) <= MOST
    assert all(keys)


def test_pieces_of_headings_credits_and_broken_words_are_no_topics():
    text = "Photo: QP Photo/Rasmus Ulk. The Quay-headquartered Tarrin Marine sailed. " + (
        "The Look To Velmara campaign began at 6 PM ET.\nReplay More Videos\nTarrin Marine paid. Tarrin Marine won. "
    )

    found = labels("Tarrin Marine wins", text)
    assert "TarrinMarine" in found
    assert not {"RasmusUlk", "LookToVelmara", "PMET", "ReplayMoreVideos"} & set(found)


def test_a_word_that_opens_a_sentence_is_no_part_of_the_name_behind_it():
    text = "Jubilant Sennet Rovers sang. The Sennet Rovers had won. Sennet Rovers play in Casteron. Casteron sang."

    assert "SennetRovers" in labels("Sennet Rovers win", text)
    assert not any(label.startswith("Jubilant") for label in labels("Sennet Rovers win", text))


def test_german_nouns_and_a_government_are_no_names():
    text = (
        "Die Regierung von Velmara hat die neue Fähre vorgestellt. Ministerin Ines Hallorant lobte die Fähre. In Velmara "
        "fährt die Fähre täglich, sagte Hallorant. Die Fähre kostet mehr, sagte Hallorant in Velmara."
    )

    assert labels("Velmara stellt neue Fähre vor", text, "de") == ["Velmara", "InesHallorant"]
