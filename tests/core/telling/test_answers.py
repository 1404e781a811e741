"""A question is answered with a phrase of the articles and the sentences that hold it, or not at all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from octavo.core.telling.answers import LONGEST_CITED, MOST_CITED, answer
from octavo.core.telling.asking import Asked, is_question, understand
from octavo.core.telling.phrases import phrases
from octavo.core.types import Article

TEXT = """Twelve people died when the ferry Velmara Star capsized off Gannet Head on Sunday morning, the harbour office said.

Maren Oldt leads the inquiry into the disaster. The ferry sank because its bow doors had been left open.

Divers from the naval school at Port Sennet searched the wreck for nine hours. Ilse Varn bought the ferry in March 2019 for
$4 million. The crew warned the owners twice about the doors, according to letters that the inquiry has seen.

The line between Port Sennet and the islands carries 400 passengers a day. It will stay closed until Friday."""
TEXT = TEXT.replace("for\n$4", "for $4")
FERRY = Article(
    "f", "Twelve dead as ferry capsizes off Gannet Head", TEXT, datetime(2026, 11, 24, tzinfo=UTC), language="en"
)
CHOIR = Article("c", "Choir sings", "The choir of Casteron sang in the old hall. The hall was full.", language="en")
ARABIC = Article(
    "ar",
    "غرق عبارة قرب مرسى",
    "غرقت عبارة قرب مرسى يوم الأحد. أعلنت وزارة النقل مقتل ١٢ شخصا في الحادث. بدأ التحقيق بسبب إهمال الطاقم.",
    language="ar",
)


def answered(question: str, articles: Sequence[Article] = (FERRY,)) -> str | None:
    found = answer(question, articles)
    return found.text if found else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who leads the inquiry?", "Maren Oldt"),
        ("When did Ilse Varn buy the ferry?", "March 2019"),
        ("When will the line stay closed until?", "Friday"),
        ("How many passengers does the line carry a day?", "400"),
        ("How much did Ilse Varn pay when she bought the ferry?", "$4 million"),
        ("Where did divers search the wreck from?", "Port Sennet"),
        ("Why did the ferry sink?", "bow doors had been left open"),
    ],
)
def test_a_question_about_something_in_the_text_is_answered_with_its_phrase(question: str, expected: str) -> None:
    assert expected in (answered(question) or "")


@pytest.mark.parametrize(
    ("question", "expected"),
    [("When did it happen?", "Sunday"), ("Where did it happen?", "Gannet Head"), ("What happened?", "capsize")],
)
def test_a_question_of_the_whole_text_is_answered_from_its_beginning(question: str, expected: str) -> None:
    assert expected in (answered(question) or "")


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the orchestra?",
        "When did Peter Halden buy the ferry?",
        "Where was Maren Oldt born?",
        "How many children does Ilse Varn have?",
        "Why did the council of Casteron resign?",
        "Who won the Straits Cup final?",
        "How old is Ilse Varn?",
        "How old is Maren Oldt?",
        "What is the phone number of Ilse Varn?",
        "What is the password of Maren Oldt?",
    ],
)
def test_what_the_articles_do_not_tell_is_not_answered(question: str) -> None:
    assert answered(question) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How old is Tomas Urrel?", "63"),
        ("How strong was the earthquake?", "7.2"),
    ],
)
def test_what_has_the_form_that_is_asked_for_answers(question: str, expected: str) -> None:
    text = (
        "Tomas Urrel, 63, kept the keys. The bridge at Weir was built in 1911. The keys of Tomas Urrel are gone. "
        "The earthquake off Tolley had a magnitude of 7.2."
    )
    assert expected in (answered(question, [Article("k", "The keys", text, language="en")]) or "")


def test_nothing_is_answered_from_nothing() -> None:
    assert answered("What happened?", []) is None
    assert answered("When did it happen?", [Article("e", "", "")]) is None
    assert answered("When did it happen?", [CHOIR]) is None


def test_the_phrase_and_its_sentence_stand_in_the_text_where_the_answer_says() -> None:
    found = answer("Who leads the inquiry?", [CHOIR, FERRY], {"f": 3})
    assert found is not None
    assert (found.article, TEXT[found.start : found.end]) == ("f", found.text)
    (claim,) = found.claims
    (passage,) = claim.passages
    assert (passage.article, passage.version) == ("f", 3)
    assert TEXT[passage.start : passage.end] == claim.text == "Maren Oldt leads the inquiry into the disaster."


def test_other_articles_that_hold_the_phrase_are_cited_too_and_at_most_five() -> None:
    more = [Article(str(n), "", f"Report {n}: the inquiry is led by Maren Oldt of the office.") for n in range(9)]
    found = answer("Who leads the inquiry?", [FERRY, *more])
    assert found is not None
    assert len(found.claims) == MOST_CITED
    assert all("Maren Oldt" in claim.text for claim in found.claims)


def test_a_very_long_sentence_is_cited_in_part_with_the_answer() -> None:
    long = "photo " * 200 + "Maren Oldt leads the inquiry " + "photo " * 200
    found = answer("Who leads the inquiry?", [Article("l", "", long)])
    assert found is not None
    assert len(found.claims[0].text.split()) == LONGEST_CITED
    assert "Maren Oldt" in found.claims[0].text


def test_a_headline_answers_only_in_words_that_the_text_bears() -> None:
    text = "The ferry Velmara Star capsized off Gannet Head. Twelve people died there, the office said."
    found = answer("What happened?", [Article("h", "Fifteen die as ferry capsizes", text)])
    assert found is not None
    assert "Fifteen" not in found.text


def test_closeness_given_by_the_caller_reorders_sentences_and_adds_none() -> None:
    text = "The inquiry of Maren Oldt began in May 2024. The inquiry of Maren Oldt began again in June 2025."
    article = Article("t", "", text)

    def later(question: str, lines: Sequence[str]) -> list[float]:
        return [float("again" in line) for line in lines]

    assert answered("When did the inquiry of Maren Oldt begin?", [article]) == "May 2024"
    found = answer("When did the inquiry of Maren Oldt begin?", [article], closeness=later)
    assert found is not None
    assert found.text == "June 2025"
    assert answer("When did Peter Halden begin?", [article], closeness=later) is None


def test_arabic_questions_are_answered_in_arabic() -> None:
    assert "الأحد" in (answered("متى غرقت العبارة؟", [ARABIC]) or "")
    assert "١٢" in (answered("كم شخصا قتل في الحادث؟", [ARABIC]) or "")
    assert "إهمال الطاقم" in (answered("لماذا بدأ التحقيق؟", [ARABIC]) or "")
    assert answered("متى ولد سالم الحداد؟", [ARABIC]) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who leads it?", Asked.WHO),
        ("What happened?", Asked.WHAT),
        ("In which city did it happen?", Asked.WHERE),
        ("What day was it?", Asked.WHEN),
        ("How old is she?", Asked.AMOUNT),
        ("How did it happen?", Asked.HOW),
        ("Why?", Asked.WHY),
        ("أين وقع الحادث؟", Asked.WHERE),
        ("لماذا؟", Asked.WHY),
        ("Pourquoi ?", Asked.WHY),
        ("Wo war es?", Asked.WHERE),
        ("Tell me more", Asked.WHAT),
    ],
)
def test_a_question_word_tells_the_kind(text: str, kind: Asked) -> None:
    assert understand(text).kind is kind


def test_a_question_without_an_event_asks_of_the_whole_text() -> None:
    assert understand("Where did it happen?").is_general
    assert not understand("Where did the ferry sink?").is_general
    assert understand("Did Maren Oldt speak?").names == {"maren", "oldt"}


def test_phrases_keep_what_belongs_together() -> None:
    line = "Late on Sunday morning Maren Oldt saw it near Port Sennet, Velmara, because the doors were open."
    assert "Late on Sunday morning" in {line[p.start : p.end] for p in phrases(line, Asked.WHEN)}
    assert "Port Sennet, Velmara" in {line[p.start : p.end] for p in phrases(line, Asked.WHERE)}
    assert "the doors were open" in {line[p.start : p.end] for p in phrases(line, Asked.WHY)}


def test_hostile_texts_and_questions_cost_little() -> None:
    began = time.process_time()
    for text in ("in A " * 8000, "said " * 20000, "1 " * 20000, "because " * 10000, "A, " * 15000, "on Sunday " * 6000):
        for question in (
            "Where did it happen?",
            "Why did it happen?",
            "When did it happen?",
            "Who " + "said " * 300 + "?",
        ):
            answer(question, [Article("x", text[:400], text)])
    assert time.process_time() - began < 30


def test_further_sentences_hold_the_whole_phrase_and_fit_the_question() -> None:
    other = Article(
        "o", "Velmara counts", "The ferry had 4000 passengers in its first year. It has 400 seats.", language="en"
    )
    again = Article("a", "The line", "The line carries 400 passengers a day, its owner said.", language="en")
    found = answer("How many passengers does the line carry a day?", [FERRY, other, again])
    assert found
    assert [claim.passages[0].article for claim in found.claims] == ["f", "a"]


@pytest.mark.parametrize(
    "typed", ["Who leads the inquiry", "the ferry sank why?", "متى غرقت العبارة؟", "How many people died"]
)
def test_a_question_is_known_as_one(typed: str) -> None:
    assert is_question(typed)


@pytest.mark.parametrize("typed", ["ferry strike", "The Who", "harbour strike in Velmara", "how to", "?", ""])
def test_words_to_look_for_are_no_question(typed: str) -> None:
    assert not is_question(typed)
