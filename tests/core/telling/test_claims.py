"""A claim is shown only where its numbers, dates, names, quotes and their bearing stand in what it cites."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from octavo.core.telling.claims import CitedText, ClaimDecision, Reason, check
from octavo.core.types import Claim, Passage

REPORT = (
    "Twelve people died when a ferry capsized off Gannet Head on Sunday, the harbour office of Port Sennet said. "
    "Maren Oldt, who leads the inquiry, said the crew did not close the bow doors. "
    "The line spent $1.2 million on repairs in March 2026 because the hull was cracked. "
    "“Nobody here wants another winter without a crossing,” said Ilse Varn. "
    "The council may reopen the line in May."
)
ARABIC = "أعلنت وزارة النقل في مرسى مقتل ١٢ شخصا يوم الأحد. لم يغلق الطاقم أبواب العبارة. قال وزير النقل سالم الحداد إن التحقيق بدأ."
PUBLISHED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
TEXTS = {
    ("a", 1): CitedText(REPORT, PUBLISHED, "en"),
    ("ar", 1): CitedText(ARABIC, PUBLISHED, "ar"),
}


def judged(told: str, article: str = "a") -> ClaimDecision:
    return check(Claim(told, (Passage(article, 1, 0, len(TEXTS[article, 1].text)),)), TEXTS)


def reasons(told: str, article: str = "a") -> set[Reason]:
    return {veto.reason for veto in judged(told, article).vetoes}


@pytest.mark.parametrize(
    "told",
    [
        "12 people died when a ferry capsized off Gannet Head.",
        "The line spent $1,200,000 on repairs because the hull was cracked.",
        "The line spent $1.2m on repairs in March.",
        "Twelve people died on 22 November when a ferry capsized.",
        "Oldt said the crew did not close the bow doors.",
        "The crew didn't close the bow doors, said Maren Oldt.",
        "Ilse Varn said: “Nobody here wants another winter without a crossing.”",
        "The council might reopen the line in May.",
        "A dozen people died off Gannet Head, the harbour office said.",
    ],
)
def test_a_claim_that_says_what_it_cites_in_other_words_holds(told: str) -> None:
    assert judged(told).vetoes == ()


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("Fifteen people died when a ferry capsized off Gannet Head.", Reason.NUMBER),
        ("The line spent $1.2 billion on repairs because the hull was cracked.", Reason.NUMBER),
        ("The line spent €1.2 million on repairs because the hull was cracked.", Reason.UNIT),
        ("Twelve percent of people died when a ferry capsized off Gannet Head.", Reason.UNIT),
        ("Twelve people died when a ferry capsized off Gannet Head on Monday.", Reason.DATE),
        ("Twelve people died on 21 November when a ferry capsized.", Reason.DATE),
        ("The line spent $1.2 million on repairs in March 2025.", Reason.DATE),
        ("Twelve people died when a ferry capsized off Heron Point.", Reason.NAME),
        ("Peter Oldt said the crew did not close the bow doors.", Reason.NAME),
        ("“Nobody here needs another winter without a crossing,” said Ilse Varn.", Reason.QUOTE),
        ("Maren Oldt, who leads the inquiry, said the crew closed the bow doors.", Reason.NEGATION),
        ("A ferry did not capsize off Gannet Head on Sunday.", Reason.NEGATION),
        ("The council will reopen the line in May.", Reason.MODAL),
        ("Ilse Varn said the crew did not close the bow doors.", Reason.SPEAKER),
        ("Storms and pirates sank the proud old vessel.", Reason.SUPPORT),
        ("Twelve people died because the pilot of the rival company slept.", Reason.SUPPORT),
    ],
)
def test_a_claim_that_says_something_else_is_vetoed_with_the_reason(told: str, reason: Reason) -> None:
    assert reason in reasons(told)


def test_a_veto_says_what_it_is_about() -> None:
    (veto,) = judged("Fifteen people died when a ferry capsized off Gannet Head.").vetoes
    assert (veto.reason, veto.what) == (Reason.NUMBER, "Fifteen")


@pytest.mark.parametrize("span", [(0, 100_000), (-1, 5), (9, 9)])
def test_a_passage_that_does_not_exist_is_vetoed(span: tuple[int, int]) -> None:
    decision = check(Claim("Twelve people died.", (Passage("a", 1, *span),)), TEXTS)
    assert [veto.reason for veto in decision.vetoes] == [Reason.SPAN]


def test_a_claim_without_passages_or_of_an_unknown_version_is_vetoed() -> None:
    assert not check(Claim("Twelve people died.", ()), TEXTS).holds
    assert not check(Claim("Twelve people died.", (Passage("a", 2, 0, 5),)), TEXTS).holds


def test_a_claim_is_checked_against_its_passages_and_not_the_rest_of_the_article() -> None:
    end = REPORT.index(" Maren Oldt")
    decision = check(Claim("The line spent $1.2 million on repairs.", (Passage("a", 1, 0, end),)), TEXTS)
    assert not decision.holds


def test_sentences_of_two_stories_are_not_joined() -> None:
    other = "The orchestra of Casteron played its last concert in the old hall, and the hall was full."
    joined = REPORT[: REPORT.index(" Maren")].rstrip(".") + ", and " + other[0].lower() + other[1:]
    passages = (Passage("a", 1, 0, len(REPORT)), Passage("b", 1, 0, len(other)))
    for one, two in (("s1", "s2"), ("", "")):
        texts = {("a", 1): CitedText(REPORT, None, "en", one), ("b", 1): CitedText(other, None, "en", two)}
        assert Reason.STORIES in {v.reason for v in check(Claim(joined, passages), texts).vetoes}
    texts = {("a", 1): CitedText(REPORT, None, "en", "s1"), ("b", 1): CitedText(other, None, "en", "s1")}
    assert Reason.STORIES not in {v.reason for v in check(Claim(joined, passages), texts).vetoes}


@pytest.mark.parametrize("told", ["أعلنت وزارة النقل مقتل 12 شخصا.", "قال سالم الحداد إن التحقيق بدأ."])
def test_arabic_claims_hold_in_either_digits_and_without_titles(told: str) -> None:
    assert judged(told, "ar").vetoes == ()


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("أعلنت وزارة النقل مقتل ١٥ شخصا.", Reason.NUMBER),
        ("أعلنت وزارة النقل مقتل ١٢ شخصا يوم الاثنين.", Reason.DATE),
        ("قال وزير النقل كريم الحداد إن التحقيق بدأ.", Reason.NAME),
        ("يغلق الطاقم أبواب العبارة.", Reason.NEGATION),
    ],
)
def test_arabic_claims_are_vetoed_for_the_same_reasons(told: str, reason: Reason) -> None:
    assert reason in reasons(told, "ar")


def test_a_sentence_of_the_passage_itself_always_holds() -> None:
    for sentence in REPORT.split(". "):
        assert judged(sentence.rstrip(".") + ".").holds or "”" in sentence


def test_hostile_claims_cost_little() -> None:
    began = time.process_time()
    for told in ("1" * 5000, "Aa " * 2000, '"' * 3000, "said " * 1500, "12,345" * 800):
        judged(told)
    assert time.process_time() - began < 8
