"""Quotation marks are paired whatever the typist mixed, in linear time."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.telling.marks import marked_spans


def inner(text: str, language: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in marked_spans(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ('The mill, "our pride," burnt.', "en", ['"our pride,"']),
        ("The mill, “our pride,” burnt.", "en", ["“our pride,”"]),
        ('Mixed “our pride," burnt.', "en", ['“our pride,"']),
        ("Closed by an opening mark “our pride,“ burnt.", "en", ["“our pride,“"]),
        ("Die Mühle, „unser Stolz“, brannte.", "de", ["„unser Stolz“"]),
        ("Die Mühle, »unser Stolz«, brannte.", "de", ["»unser Stolz«"]),
        ("Le moulin, « notre fierté », a brûlé.", "fr", ["« notre fierté »"]),
        ("احترقت الطاحونة «فخر القرية» أمس", "ar", ["«فخر القرية»"]),
        ("水车“我们的骄傲”烧毁了", "zh", ["“我们的骄傲”"]),
        ("The mill, ‘our pride’, burnt; the miller's gone.", "en", ["‘our pride’"]),
        ('He is 6\'2" tall and wrote "a book" on it.', "en", ['"a book"']),
        ('<post author="miller" id="7"> they wrote', "en", []),
    ],
)
def test_marks_of_many_hands_are_paired(text: str, language: str, found: list[str]) -> None:
    assert inner(text, language) == found


def test_single_marks_within_double_ones_are_no_quotation_of_their_own() -> None:
    assert inner("“They call it ‘the pride’ here,” she said.") == ["“They call it ‘the pride’ here,”"]


def test_a_quotation_that_goes_on_in_the_next_paragraph_needs_no_closing_mark() -> None:
    text = '"The wheel stands.\n"It will turn again."\nShe "never closed this.'
    assert [(text[s.start : s.end], s.closed) for s in marked_spans(text)] == [
        ('"The wheel stands.', False),
        ('"It will turn again."', True),
    ]


@given(st.text(alphabet="ab \n\"“”„«»‘’'.,=6", max_size=60))
def test_stretches_lie_in_order_and_apart_within_their_lines(text: str) -> None:
    spans = marked_spans(text)
    assert all(0 <= s.start < s.end <= len(text) and "\n" not in text[s.start : s.end] for s in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_a_hundred_thousand_marks_take_ten_times_what_ten_thousand_take() -> None:
    def seconds(count: int) -> float:
        text = ' "a' * count
        began = time.process_time()
        marked_spans(text)
        return time.process_time() - began

    small = min(seconds(10_000) for _ in range(3))
    assert seconds(100_000) < 40 * small
