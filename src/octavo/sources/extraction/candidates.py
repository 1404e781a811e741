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
        lines = [key(line) for line in text.splitlines()]
        self.key = f" {' '.join(line.strip() for line in lines if len(line) > 2)} "
        self.lines = frozenset(lines)
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
        if not words or not self:
            return 0.0
        if block_key in self.lines:
            return 1.0
        if words < LONG:
            return 0.0 if block_key not in self.key else 1.0 if words > SHORT else 0.3
        if block_key in self.key:
            return 1.0
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


def cheap_votes(tree: lxml.html.HtmlElement, html: str, bodies: Iterable[str]) -> tuple[Vote, Vote]:
    """The votes of resiliparse and of the page's own machine-readable body."""
    return Vote("" if is_deep(tree) else read_resiliparse(html)), Vote(max(bodies, key=len, default=""))


def dear_vote(tree: lxml.html.HtmlElement) -> Vote:
    """The vote of trafilatura, which costs as much as all the rest of reading a page."""
    return Vote(read_trafilatura(tree))
