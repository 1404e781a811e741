"""Plain text is a function of sanitised HTML, and marking a span of it changes neither the text nor the balance."""

from __future__ import annotations

import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.reading.passages import mark_passage, plain_text, spans_in

TEXTS = st.text(alphabet="ab &<>\"'é\u00a0\n\tعر€😀.", min_size=0, max_size=20)
INLINE = st.sampled_from(
    ["{}", "<strong>{}</strong>", '<a href="https://x.example/?a=1&b=>">{}</a>', "{}<br>", "<em>{}</em>"]
)
BLOCK = st.sampled_from(
    ["<p>{}</p>", "<h2>{}</h2>", "<ul><li>{}</li></ul>", "<pre>{}</pre>", "<blockquote><p>{}</p></blockquote>",
     "<table><tr><td>{}</td><td>{}</td></tr></table>", '<figure><img src="https://x.example/a"><figcaption>{}</figcaption></figure>']
)  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@st.composite
def documents(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 5))):
        runs = "".join(draw(INLINE).format(escaped(draw(TEXTS))) for _ in range(draw(st.integers(1, 3))))
        parts.append(draw(BLOCK).replace("{}", runs))
    return nh3.clean("".join(parts))


@given(documents(), st.integers(0, 60), st.integers(0, 60))
def test_marking_keeps_the_text_and_the_balance(html: str, one: int, other: int) -> None:
    start, end = sorted((one, other))
    marked = mark_passage(html, start, end, "c1")
    assert plain_text(marked) == plain_text(html)
    assert re.sub(r"</?mark[^>]*>", "", marked) == html
    assert (
        nh3.clean(marked, tags=nh3.ALLOWED_TAGS | {"mark"}, attributes={**nh3.ALLOWED_ATTRIBUTES, "mark": {"id"}})
        == marked
    )


@given(documents(), st.integers(0, 40), st.integers(1, 40))
def test_the_marked_characters_are_those_of_the_span(html: str, start: int, length: int) -> None:
    text = plain_text(html)
    marked = mark_passage(html, start, start + length, "c1")
    inside = "".join(plain_text(f"<pre>{part}</pre>") for part in re.findall(r"<mark[^>]*>(.*?)</mark>", marked, re.S))
    assert "".join(inside.split()) == "".join(text[start : start + length].split())


@given(documents())
def test_paragraphs_are_parted_by_one_blank_line(html: str) -> None:
    text = plain_text(html)
    assert "\n\n\n" not in text
    assert text == text.strip()


def test_offsets_are_code_points_and_entities_count_once() -> None:
    html = "<p>A &amp; B 😀 <strong>bold</strong> end</p>"
    assert plain_text(html) == "A & B 😀 bold end"
    assert mark_passage(html, 2, 3, "x") == '<p>A <mark id="x">&amp;</mark> B 😀 <strong>bold</strong> end</p>'
    assert (
        mark_passage(html, 6, 12, "x")
        == '<p>A &amp; B <mark id="x">😀 </mark><strong><mark>bold</mark></strong> end</p>'
    )


def test_a_name_that_is_no_identifier_is_refused() -> None:
    with pytest.raises(ValueError, match="identifier"):
        mark_passage("<p>a</p>", 0, 1, '"><script>')


def test_a_span_outside_the_text_marks_nothing() -> None:
    assert spans_in("<p>short</p>", 100, 200) == []
