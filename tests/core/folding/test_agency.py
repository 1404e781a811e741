"""The wire that a text credits, wherever agencies are credited; and nothing where none is."""

from __future__ import annotations

import pytest

from octavo.core.folding.agency import agency_of

BODY = " The ferry Gannet ran aground off the Head on Monday, and all aboard were brought ashore by two lifeboats." * 4


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("HARBOUR CITY (Reuters) -" + BODY, "Reuters"),
        ("HARBOUR CITY, March 3 (AP) —" + BODY, "AP"),
        ("Pell (AFP) –" + BODY, "AFP"),
        ("Tamm (dpa) -" + BODY, "dpa"),
        ("PELL (AP/AFP) --" + BODY, "AP"),
        ("GANNET HEAD (NWA) —" + BODY, "NWA"),
        ("By Ida Quill, Associated Press" + "\n\n" + BODY, "AP"),
        (BODY + "\n\n(Reporting by Ida Quill; Editing by Tobin Sall)", "Reuters"),
        (BODY + "\n\n© 2026 AFP", "AFP"),
        (BODY + "\n\nCopyright 2026 The Associated Press. All rights reserved.", "AP"),
        ("الخرطوم (رويترز) -" + BODY, "Reuters"),
        ("الخرطوم - أ ف ب:" + BODY, "AFP"),
        ("القاهرة (د ب أ) -" + BODY, "dpa"),
    ],
)
def test_it_names_the_agency(text: str, agency: str) -> None:
    assert agency_of(text) == agency


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY,
        "The agency Reuters has moved to a new house in Pell." + BODY,
        "The minister (left) - who had not been asked - said no." + BODY,
        "The union (PTU) - the largest in Pell - called a strike." + BODY,
    ],
)
def test_it_names_none_where_none_is_credited(text: str) -> None:
    assert agency_of(text) == ""


def test_a_byline_that_is_apart_counts_too() -> None:
    assert agency_of(BODY, "Ida Quill, Associated Press") == "AP"
