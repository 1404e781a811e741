"""Finds the addresses in a comment's plain text. It marks what may become a link and never makes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# An address ends at white space or a bracket; punctuation behind it belongs to the sentence.
ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]{4,500}", re.IGNORECASE)
SENTENCE_ENDS = ".,;:!?…،؛؟»)"
# What a reader sees of a long address.
SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text: plain where `href` is empty."""

    text: str
    href: str = ""


def segments(text: str) -> Iterator[Segment]:
    """The text in pieces, plain and linked in turn; only http and https addresses are linked."""
    position = 0
    for match in ADDRESS.finditer(text):
        address = _without_sentence_end(match.group())
        if match.start() > position:
            yield Segment(text[position : match.start()])
        yield Segment(_shortened(address), address)
        position = match.start() + len(address)
    if position < len(text):
        yield Segment(text[position:])


def count_links(text: str) -> int:
    """How many addresses a text holds."""
    return sum(1 for _ in ADDRESS.finditer(text))


def _without_sentence_end(address: str) -> str:
    while address and address[-1] in SENTENCE_ENDS and not (address[-1] == ")" and "(" in address):
        address = address[:-1]
    return address


def _shortened(address: str) -> str:
    bare = address.split("://", 1)[1]
    return bare if len(bare) <= SHOWN_LENGTH else bare[: SHOWN_LENGTH - 1] + "…"
