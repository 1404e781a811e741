"""Key points are whole sentences of the text, in its order, that can be read alone."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from octavo.core.telling.sentences import sentences
from octavo.core.telling.summary import FEWEST, MOST, key_points

REPORT = """The harbour council of Velmara voted on Tuesday to reopen the old ferry line after eleven years.

It had closed in 2015. “Nobody here wants another winter without a crossing,” said Maren Oldt.

Engineers had warned the council that the northern pier would not carry the weight of two ferries at once.

However, they changed their mind. The ferry line will carry four hundred passengers a day in the first year.

Is that enough? Dr. Ilse Varn of the harbour office expects twice as many passengers once the second ferry is repaired.

The ministry publishes its plan for the islands in the spring, and with it the fares of the ferry line."""


def shown(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in key_points(text, language)]


def test_three_to_five_sentences_that_stand_alone():
    points = shown(REPORT)

    assert FEWEST <= len(points) <= MOST
    assert points[0].startswith("The harbour council of Velmara voted")
    assert not any(point.startswith(("It ", "However", "Is that")) for point in points)
    assert all("said Maren Oldt" in point for point in points if point.startswith("“"))


def test_the_same_text_always_gives_the_same():
    assert key_points(REPORT, "en") == key_points(REPORT, "en")


def test_a_short_text_gives_what_it_has_and_an_empty_one_nothing():
    assert shown("Rain.") == ["Rain."]
    assert key_points("", "en") == []


def test_arabic_sentences_that_lean_on_another_are_left_out():
    text = (
        "أعلن مجلس الميناء يوم الثلاثاء إعادة فتح خط العبارات القديم بعد إحدى عشرة سنة. وأضاف أن القرار نهائي ولا رجعة فيه أبدا. "
        "سينقل خط العبارات أربعمئة راكب كل يوم في السنة الأولى من العمل. تنشر الوزارة خطة الجزر في الربيع ومعها أسعار العبارات."
    )

    assert not any(point.startswith("وأضاف") for point in shown(text, "ar"))


def test_sentences_keep_abbreviations_initials_and_numbers_whole():
    text = "Dr. J. Varn paid 3.5 million. She left. “Why?” he asked. Then it ended…"

    assert [text[a:b] for a, b in sentences(text)] == [
        "Dr. J. Varn paid 3.5 million.", "She left.", "“Why?” he asked.", "Then it ended…",
    ]  # fmt: skip


@given(st.text(alphabet="Aab .!?\n“”。é", max_size=300))
def test_spans_lie_in_the_text_in_order_and_never_overlap(text):
    last = 0
    for start, end in sentences(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        last = end
    points = key_points(text)
    assert points == sorted(points)
    assert set(points) <= set(sentences(text))


def test_rows_of_dots_are_read_in_linear_time():
    began = time.process_time()
    assert list(sentences("Wait" + "." * 200_000 + "x. Then")) == [(0, 200_006), (200_007, 200_011)]
    assert time.process_time() - began < 2


def test_a_sentence_that_a_paywall_cuts_is_no_key_point() -> None:
    text = "Four lenders met in June before the ferry sailed. One of them asked what would happen. The answer is recorded in"
    assert [text[start:end].strip()[-6:] for start, end in key_points(text, "en")] == ["ailed.", "appen."]
    listed = "Ferry to run again from Monday morning\n\nHarbour master to leave in the spring"
    assert len(key_points(listed, "en")) == 2  # lines that are no sentences are not cut ones


def test_a_dateline_is_no_part_of_a_point():
    text = "PORT SENNET (Meridian Wire) – The harbour council of Velmara voted to reopen the old ferry line to Anuva."

    assert [text[start:end] for start, end in key_points(text, "en")] == [
        "The harbour council of Velmara voted to reopen the old ferry line to Anuva."
    ]
