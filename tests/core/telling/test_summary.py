"""A summary is a few whole sentences of the text that can be read alone; a story's speaks for several texts."""

from __future__ import annotations

import time

import pytest

from octavo.core.telling.leaning import leans
from octavo.core.telling.salience import read, weigh
from octavo.core.telling.summary import (
    SUMMARY_SENTENCES,
    SUMMARY_WORDS,
    is_whole_thought,
    story_summary,
    summary,
)
from octavo.core.types import Article
from octavo.core.words import forms

REPORT = (
    "The harbour council of Velmara voted on Tuesday to reopen the old ferry line to Anuva after eleven years. "
    "It had closed in 2015 when the northern pier cracked. “Nobody here wants another winter without a crossing,” said "
    "Maren Oldt, who keeps the shop at the landing. Is that enough? The ferry line will carry four hundred passengers a "
    "day in its first year, the council said. However, engineers are less sure. A choir sang before the vote. "
    "The ministry publishes its plan for the islands in the spring, and with it the fares of the ferry line."
)


def told(text: str, language: str = "en", title: str = "") -> list[str]:
    return [text[start:end] for start, end in summary(text, language, title)]


def test_a_summary_is_short_and_of_whole_sentences_in_their_order():
    spans = summary(REPORT, "en")

    assert 1 <= len(spans) <= SUMMARY_SENTENCES
    assert spans == sorted(spans)
    assert sum(len(forms(REPORT[start:end])) for start, end in spans) <= SUMMARY_WORDS
    assert told(REPORT)[0].startswith("The harbour council of Velmara voted")


def test_no_sentence_leans_on_one_that_is_not_there():
    found = told(REPORT)

    for before, sentence in zip(["", *found], found, strict=False):
        if leans(sentence, "en"):
            assert REPORT.find(sentence) == REPORT.find(before) + len(before) + 1


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("The ferry line will carry four hundred passengers a day.", True),
        ("“We will open it in the spring whatever the weather,” said Maren Oldt.", True),
        ("“We will open it in the spring whatever the weather.”", False),
        ("“We will open it in the spring, said Maren Oldt of the shop.", False),
        ("Will the ferry line carry four hundred passengers a day?", False),
        ("and will carry four hundred passengers a day in its first year.", False),
        ("Short.", False),
    ],
)
def test_what_can_be_shown_by_itself(sentence: str, whole: bool):
    assert is_whole_thought(sentence) is whole


def test_a_quotation_leans_where_a_pronoun_says_whose_it_is():
    assert leans("“We will open it in the spring,” he said on Monday.", "en")
    assert not leans("“We will open it in the spring,” said Maren Oldt.", "en")


def test_what_the_headline_says_is_likelier_to_be_told():
    plain, titled = (weigh(read(REPORT, "en", title)).words for title in ("", "Plan and fares for the islands"))

    assert titled["fares"] > plain["fares"]
    assert titled["pier"] == plain["pier"]
    assert titled["the"] == plain["the"]


def test_a_story_is_told_by_what_several_publishers_report():
    common = "Two ferries collided off Anuva on Friday and eleven people were taken to hospital with light injuries."
    texts = [
        f"{common} The weather was calm when it happened near the lighthouse.",
        f"A local choir had hired one of the boats for its yearly outing to the islands of the south. {common}",
        f"{common} The owner of the second boat could not be reached for comment on Friday evening.",
    ]
    articles = [Article(str(at), "", text, language="en") for at, text in enumerate(texts)]

    found = story_summary(articles)

    assert common in [articles[one.text].text[one.start : one.end] for one in found]
    assert len({articles[one.text].text[one.start : one.end] for one in found}) == len(found)


def test_arabic_is_told_too():
    text = (
        "أعلن مجلس الميناء يوم الثلاثاء إعادة فتح خط العبارات القديم بعد إحدى عشرة سنة. وأضاف أن القرار نهائي ولا رجعة فيه أبدا. "
        "سينقل خط العبارات أربعمئة راكب كل يوم في السنة الأولى من العمل. تنشر الوزارة خطة الجزر في الربيع ومعها أسعار العبارات."
    )

    assert told(text, "ar")[0].startswith("أعلن مجلس الميناء")


def test_nothing_is_made_of_nothing():
    assert summary("", "en") == []
    assert summary("\n\n ", "en") == []
    assert story_summary([]) == []


def test_a_hostile_text_costs_little():
    began = time.process_time()
    summary("a " * 200_000, "en")
    summary('" said "' * 50_000, "en")
    summary("Name. " * 50_000, "en")

    assert time.process_time() - began < 5
