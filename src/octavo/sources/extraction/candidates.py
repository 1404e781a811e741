"""What known extractors take for the article, as a vote on each block. None of them decides alone."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

import lxml.html
from resiliparse.extract.html2text import extract_plain_text
from trafilatura.core import bare_extraction

from octavo.sources.extraction.page import is_deep

WORD = re.compile(r"\w+")
SHORT = 3  # words: a block so short is taken as voted for only where it is a whole line
SHINGLE = 4  # words in a row
LONG = 8  # words: from here a block is also compared by its shingles

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def key(text: str) -> str:
    """The words of a text in lower case, each between two spaces."""
    return f" {' '.join(WORD.findall(text.lower()))} "


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    """Every four words in a row."""
    return set(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


class Vote:
    """One reading of the page's article, to be asked which blocks it contains."""

    def __init__(self, text: str) -> None:
        self.key = key(text)
        self.lines = {key(line) for line in text.splitlines()}
        self._shingles: set[tuple[str, ...]] | None = None

    def __bool__(self) -> bool:
        return len(self.key) > 2

    @property
    def shingles(self) -> set[tuple[str, ...]]:
        """The reading's shingles, computed when first asked for."""
        if self._shingles is None:
            self._shingles = shingles(self.key.split())
        return self._shingles

    def share(self, block_key: str, words: int) -> float:
        """How much of a block the reading contains, 0 to 1."""
        if not words or len(self.key) <= 2:
            return 0.0
        if block_key in self.lines:
            return 1.0
        if block_key in self.key:
            return 1.0 if words > SHORT else 0.3
        if words < LONG:
            return 0.0
        own = shingles(block_key.split())
        return len(own & self.shingles) / len(own)


def read_trafilatura(tree: lxml.html.HtmlElement) -> str:
    """trafilatura's reading, without its slow second opinions and without comments."""
    try:
        found = bare_extraction(tree, include_comments=False, with_metadata=False, fast=True)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ""
    return str(getattr(found, "text", None) or "")


def read_resiliparse(html: str) -> str:
    """resiliparse's reading: fast, rules on tags and class names."""
    return str(extract_plain_text(html, main_content=True, comments=False, links=False, alt_texts=False))


def agreement(one: Vote, other: Vote) -> float:
    """The Jaccard similarity of two readings' shingles."""
    union = len(one.shingles | other.shingles)
    return len(one.shingles & other.shingles) / union if union else 0.0


def votes_of(tree: lxml.html.HtmlElement, html: str, bodies: Iterable[str]) -> tuple[Vote, Vote, Vote]:
    """The votes of trafilatura, resiliparse and the page's own machine-readable body."""
    return (
        Vote(read_trafilatura(tree)),
        Vote("" if is_deep(tree) else read_resiliparse(html)),
        Vote(max(bodies, key=len, default="")),
    )
