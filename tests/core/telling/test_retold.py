"""An indirect quote is shown as somebody's only where the text says, right beside it, that they said it."""

from __future__ import annotations

import pytest

from octavo.core.telling.quotes import Quote
from octavo.core.telling.retold import is_said


def quote(text: str, told: str, speaker: str) -> Quote:
    start = text.index(told)
    return Quote(start, start + len(told), told, "indirect", speaker)


@pytest.mark.parametrize(
    ("text", "told", "speaker"),
    [
        ("Mayor Judith Amsel said that the trams would stop.", "that the trams would stop", "Judith Amsel"),
        ("The trams will stop, the Tram Office said on Monday.", "The trams will stop", "the Tram Office"),
        ("Four trams were stopped, according to Tram Office figures.", "Four trams were stopped", "Tram Office"),
        ("Judith Amsel told reporters on Monday that she was ready.", "that she was ready", "Judith Amsel"),
        ("Judith Amsel was asked whether the trams stop.", "whether the trams stop", "Judith Amsel"),
    ],
)
def test_what_the_text_says_was_said(text: str, told: str, speaker: str) -> None:
    assert is_said(quote(text, told, speaker), text)


@pytest.mark.parametrize(
    ("text", "told", "speaker"),
    [
        ("Jonas Teake sees it and turns the wheel.", "it and turns the wheel", "Jonas Teake"),
        ("Lucas Amberly goes below to put a blanket away.", "to put a blanket away", "Lucas Amberly"),
        ("He tells a man in overalls, and waits.", "a man in overalls", "Lucas Amberly"),
        ("Judith Amsel did not say that the trams would stop.", "that the trams would stop", "Judith Amsel"),
        ("Nobody had told him that he could do that.", "that he could do that", "Nobody"),
        ("From the quay at Tolley it was said.", "Tolley it was", "From the quay at"),
        ("PORT SENNET said that the trams would stop.", "that the trams would stop", "PORT SENNET"),
        ("Later another slip says that something is out.", "that something is out", "Later another slip says"),
        ("City Hall, which was moved last year, said no.", "which was moved last year", "City Hall"),
    ],
)
def test_what_was_done_or_seen_was_not_said(text: str, told: str, speaker: str) -> None:
    assert not is_said(quote(text, told, speaker), text)


def test_a_long_text_without_ends_is_read_in_no_time() -> None:
    text = "said " + "a" * 1_000_000
    assert not is_said(quote(text, "a" * 1_000_000, "Judith Amsel"), text)
