"""Numbers are read with their scale and unit, in digits and words, English and Arabic."""

from __future__ import annotations

import pytest

from octavo.core.telling.figures import LARGEST, figures


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.2 million people", 1_200_000, ""),
        ("1,200,000 people", 1_200_000, ""),
        ("twelve boats", 12, ""),
        ("twenty-five boats", 25, ""),
        ("one hundred and twenty-three men", 123, ""),
        ("two dozen eggs", 24, ""),
        ("$1.2bn", 1.2e9, "$"),
        ("five hundred thousand dollars", 500_000, "$"),
        ("5 per cent", 5, "%"),
        ("5%", 5, "%"),
        ("fell 40m deep", 40, "m"),
        ("a six-year-old boy", 6, "year"),
        ("خمسة وعشرون قتيلا", 25, ""),
        ("قتل و١٢ جريحا", 12, ""),
        ("أحد عشر قتيلا", 11, ""),
        ("إحدى عشرة عبّارة", 11, ""),
        ("اثنا عشر قتيلا", 12, ""),
        ("اثنتي عشرة امرأة", 12, ""),
        ("ثلاثة عشر جريحا", 13, ""),
        ("أربع عشرة عبّارة", 14, ""),
        ("خمسة عشر قتيلا", 15, ""),
        ("خمس عشرة سفينة", 15, ""),
        ("ستة عشر بيتا", 16, ""),
        ("سبع عشرة قرية", 17, ""),
        ("ثماني عشرة قرية", 18, ""),
        ("قتيل وتسعة عشر جريحا", 19, ""),
        ("عشرة قوارب", 10, ""),
        ("واحد وعشرون قتيلا", 21, ""),
        ("مئة وخمسة عشر شخصا", 115, ""),
        ("مئتا شخص", 200, ""),
        ("خمسة عشر ألف دولار", 15_000, "$"),
        ("عشرون ألفا", 20_000, ""),
        ("3 ملايين دولار", 3e6, "$"),
        ("١٢٫٥ بالمئة", 12.5, "%"),
    ],
)
def test_a_number_has_its_value_and_unit(text: str, value: float, unit: str) -> None:
    found = [figure for figure in figures(text) if not figure.is_silent]
    assert [(figure.value, figure.unit) for figure in found] == [(value, unit)]


def test_full_stops_group_thousands_where_the_language_writes_them_so() -> None:
    assert figures("1.200 Menschen", "de")[0].value == 1200
    assert figures("1.200 people", "en")[0].value == 1.2


def test_the_first_of_two_numbers_shares_the_unit_of_the_second() -> None:
    assert [figure.unit for figure in figures("rose from 10 to 12 percent")] == ["%", "%"]


def test_what_is_said_of_a_number_is_kept() -> None:
    more, less = figures("more than 30 boats, fewer than 7 crews")
    assert (more.bound, more.counted, less.bound, less.counted) == ("more", "boats", "less", "crews")
    (third,) = figures("the third place")
    assert third.is_ordinal


def test_two_arabic_numbers_joined_by_and_stay_two() -> None:
    assert [figure.value for figure in figures("خمسة عشر قتيلا وتسعة عشر جريحا")] == [15, 19]
    assert [figure.value for figure in figures("ثلاثة وعشرة")] == [3, 10]


def test_an_arabic_one_by_itself_is_no_number() -> None:
    assert figures("قال أحد الناجين إن إحدى السفن غرقت") == []


def test_a_lone_one_is_no_number() -> None:
    assert [figure for figure in figures("one of the boats, no one") if not figure.is_silent] == []


@pytest.mark.parametrize("text", ["9 " + "billion " * 40 + "people", "a million " * 60, "9" * 400 + " billion people"])
def test_a_number_that_a_text_piles_up_stays_one_that_can_be_stored(text: str) -> None:
    assert all(0 < figure.value <= LARGEST for figure in figures(text))
    assert figures(text)
