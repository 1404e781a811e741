"""Numbers of a story that differ: only counts of the same thing, each text once, what was taken back told apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from octavo.core.telling.accounts import Account
from octavo.core.telling.differing import Difference, differences
from octavo.core.types import Article

BEGAN = datetime(2026, 3, 20, 9, tzinfo=UTC)


def account(hour: float, source: str, text: str, title: str = "", language: str = "en", **facts: object) -> Account:
    at = BEGAN + timedelta(hours=hour)
    article = Article(f"{source}-{hour}", title, text, at, source, "", language)
    return Account(article, at, **facts)  # type: ignore[arg-type]


def told(accounts: Sequence[Account]) -> dict[str, list[float]]:
    """The values of each difference in the order of time, by what is counted."""
    found = differences(accounts)
    return {f"{one.measure.what} {one.measure.group}".strip(): values_of(one) for one in found}


def values_of(one: Difference) -> list[float]:
    return [value.figure.value for value in one.values]


def test_tolls_are_told_in_the_order_of_time_and_the_newest_is_marked() -> None:
    accounts = [
        account(3, "vale", "Fifteen people are dead after the wall of the lock at Wendover fell."),
        account(0, "quay", "Twelve people were killed when the lock at Wendover fell on Monday."),
    ]
    (one,) = differences(accounts)
    assert (one.measure.what, values_of(one), one.latest) == ("dead", [12, 15], 1)
    assert [accounts[value.counts[0].account].article.source for value in one.values] == ["quay", "vale"]


def test_a_count_stands_at_its_place_in_the_text_behind_the_dateline() -> None:
    text = "WENDOVER (Quay Wire) – Twelve people were killed when the lock fell. The water is cold."
    (one,) = differences([account(0, "quay", text), account(1, "vale", "The lock's fall killed 14 people.")])
    line = one.values[0].counts[0].line
    assert text[line.start : line.end] == line.text == "Twelve people were killed when the lock fell."


@pytest.mark.parametrize(
    "other",
    [
        "Three of the 12 dead were barge hands.",
        "Divers found four more bodies; three more people died in hospital.",
        "It is the worst accident on the canal since 1978, when 31 people were killed.",
        "Up to 40 people are feared dead.",
        "An earlier accident killed 20 people.",
        "Between 12 and 20 people were killed.",
        "Some 13.5 people per 100,000 are killed on canals.",
        "The crash killed 10 from the Netherlands.",
        "Nobody knows whether 14 people died or fewer.",
        "Fourteen sheep were killed.",
        "The 12 dead were between 20 and 31 years old.",
        "Troops killed 30 people in a civil war elsewhere.",
    ],
)
def test_parts_guesses_and_other_events_are_no_totals(other: str) -> None:
    one = account(0, "quay", "Twelve people were killed when the lock at Wendover fell.")
    assert told([one, account(1, "vale", other)]) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("At least 12 people were killed.", "The fall killed 14 people."),
        ("More than 40 houses have been destroyed.", "Forty-three houses are gone."),
        ("About 45 people are injured.", "The fall injured 43 people."),
        ("Twelve people were killed.", "12 people are dead."),
    ],
)
def test_numbers_that_agree_within_their_bounds_do_not_differ(one: str, other: str) -> None:
    assert told([account(0, "quay", one), account(1, "vale", other)]) == {}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Eight people are missing.", "Six people are still missing.", {"missing": [8, 6]}),
        ("The fall injured 30 people.", "Police said 41 were hurt.", {"injured": [30, 41]}),
        ("A ferry carrying 151 people sank.", "There were 148 people aboard.", {"aboard": [151, 148]}),
        ("An earthquake of magnitude 6.1 struck.", "The 6.3-magnitude quake struck.", {"magnitude": [6.1, 6.3]}),
        ("The fire destroyed 40 homes.", "Forty-six houses were destroyed.", {"destroyed": [40, 46]}),
        ("Police arrested 12 people.", "Nine people were arrested.", {"arrested": [12, 9]}),
        ("The blast killed three soldiers.", "Four soldiers were killed.", {"dead soldier": [3, 4]}),
        ("The death toll has risen to 31.", "The number of people killed is 38.", {"dead": [31, 38]}),
    ],
)
def test_many_things_are_counted(one: str, other: str, expected: dict[str, list[float]]) -> None:
    assert told([account(0, "quay", one), account(1, "vale", other)]) == expected


def test_special_groups_are_not_the_whole() -> None:
    accounts = [account(0, "quay", "Twelve people were killed."), account(1, "vale", "Three soldiers were killed.")]
    assert told(accounts) == {}


def test_arabic_and_english_speak_of_one_thing() -> None:
    accounts = [
        account(0, "quay", "Twelve people were killed when the lock fell."),
        account(1, "marsa", "قُتل خمسة عشر شخصا في انهيار الهويس قرب البلدة.", language="ar"),
        account(2, "rawd", "وارتفعت حصيلة انهيار الهويس إلى 18 قتيلا و6 مفقودين.", language="ar"),
        account(3, "vale", "Eight people are missing."),
    ]
    assert told(accounts) == {"dead": [12, 15, 18], "missing": [6, 8]}


def test_copies_speak_once() -> None:
    text = "Twelve people were killed when the lock fell."
    first = account(0, "quay", text)
    copy = account(1, "vale", text, copy_of=first.article.id)
    last = account(2, "post", "The fall killed 14 people.")
    (one,) = differences([first, copy, last])
    assert [len(value.counts) for value in one.values] == [1, 1]


def test_comments_and_live_pages_do_not_count() -> None:
    accounts = [
        account(0, "quay", "Twelve people were killed."),
        account(1, "vale", "Fourteen people were killed.", is_report=False),
    ]
    assert told(accounts) == {}


def test_a_number_that_its_first_publisher_took_back_is_told_with_those_who_still_print_it() -> None:
    accounts = [
        account(0, "wire", "Fifteen people are dead, the coast guard said."),
        account(1, "vale", "Fifteen people have died on the canal."),
        account(2, "post", "The fall killed 15 people."),
        account(5, "wire", "The number of people killed is 14 and not 15. CORRECTION: Earlier reports gave the toll as 15."),
        account(6, "post", "Fourteen people died and not 15, as had been reported."),
    ]  # fmt: skip
    (one,) = differences(accounts)
    fifteen, fourteen = one.values
    assert (fifteen.figure.value, fourteen.figure.value, one.latest) == (15, 14, 1)
    assert fifteen.corrected_by is not None
    assert fifteen.corrected_by.account == 3
    assert [accounts[count.account].article.source for count in fifteen.still_in] == ["vale"]
    assert fourteen.corrected_by is None


def test_another_publishers_correction_corrects_nobody_else() -> None:
    accounts = [
        account(0, "wire", "Fifteen people are dead, the coast guard said."),
        account(1, "vale", "CORRECTION: the number of people killed is 14 and not 15."),
    ]
    (one,) = differences(accounts)
    assert [value.corrected_by for value in one.values] == [None, None]


def test_a_toll_that_rose_is_no_correction_though_the_text_was_changed() -> None:
    accounts = [
        account(0, "vale", "Twelve people are dead."),
        account(1, "wire", "Fifteen people are dead.", earlier=["Twelve people are dead."]),
    ]
    (one,) = differences(accounts)
    assert [value.corrected_by for value in one.values] == [None, None]


def test_a_lower_number_in_a_newer_version_takes_the_older_back() -> None:
    accounts = [
        account(0, "wire", "Fifteen people are dead."),
        account(1, "vale", "The fall killed 15 people."),
        account(2, "wire", "Fourteen people are dead.", earlier=["Fifteen people are dead."]),
    ]
    (one,) = differences(accounts)
    assert one.values[0].corrected_by is not None
    assert [accounts[count.account].article.source for count in one.values[0].still_in] == ["vale"]


def test_who_names_the_other_magnitude_too_speaks_of_two_earthquakes() -> None:
    accounts = [
        account(0, "quay", "A quake of magnitude 7.2 struck the islands."),
        account(1, "vale", "The magnitude 7.2 quake shook the islands."),
        account(2, "post", "First Kardesh, with magnitude 6.1. Then the islands, with 7.2."),
    ]
    assert told(accounts) == {}


def test_a_lone_number_far_below_what_was_given_is_another_events() -> None:
    accounts = [
        account(0, "quay", "Twelve people were killed."),
        account(1, "vale", "Fifteen people were killed."),
        account(2, "post", "Four people are dead."),
    ]
    assert told(accounts) == {"dead": [12, 15]}


def test_what_is_many_times_larger_is_another_thing() -> None:
    accounts = [account(0, "quay", "Twelve people were killed."), account(1, "vale", "The war killed 60,000 people.")]
    assert told(accounts) == {}


def test_a_hostile_text_is_read_in_time() -> None:
    texts = [
        "killed " * 20_000,
        "12 " * 20_000,
        "not 15 " * 10_000,
        "toll of " * 9_000 + "12",
        "number of people " * 5000,
    ]
    assert differences([account(hour, f"p{hour}", text) for hour, text in enumerate(texts)]) == []
