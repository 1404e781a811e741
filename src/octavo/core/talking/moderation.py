"""Decides what becomes of a new comment: shown, held for a moderator, or refused, each with its reason.

The rules look at form only (length, links, repetition, shouting), never at opinions: a comment that offends is for
readers to flag and for people to judge.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from octavo.core.talking.links import count_links

MAX_LENGTH = 5_000
# A newcomer's comment with this many links waits for a moderator: nearly all such are advertising.
NEWCOMER_LINKS = 2
ANYBODYS_LINKS = 6
# Readers with fewer shown comments than this are newcomers.
NEWCOMER_COMMENTS = 3
# Shouting: nearly all capitals in more than a short cry.
SHOUTING_LETTERS = 40
SHOUTING_SHARE = 0.8
# As many flags by different readers hold a comment until a moderator has looked.
FLAGS_THAT_HOLD = 3


class Outcome(StrEnum):
    """What becomes of a comment."""

    SHOW = "show"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class CommentDecision:
    """An outcome, the rule that made it (empty for SHOW) and the reason in plain words."""

    outcome: Outcome
    rule: str = ""
    reason: str = ""


SHOWN = CommentDecision(Outcome.SHOW)


def clean(text: str) -> str:
    """A comment's text as it is kept: NFC, no control or direction-override characters, at most one blank line."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in text if c == "\n" or not (unicodedata.category(c) == "Cc" or c in _OVERRIDES))
    lines = [line.rstrip() for line in kept.strip().split("\n")]
    return "\n".join(line for i, line in enumerate(lines) if line or (i and lines[i - 1]))


# Bidirectional overrides and isolates can make a text, or the page around it, read as something else (UTR 36).
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def judge(text: str, shown_before: int, recent: Collection[str]) -> CommentDecision:
    """What becomes of a cleaned comment.

    `shown_before` is how many comments of its author are shown, `recent` the author's last texts.
    """
    if not text:
        return CommentDecision(Outcome.REFUSE, "empty", "There is no text in it.")
    if len(text) > MAX_LENGTH:
        return CommentDecision(Outcome.REFUSE, "length", "It is too long; 5,000 characters are allowed.")
    if text in recent:
        return CommentDecision(Outcome.REFUSE, "repeat", "The same text was posted a moment ago.")
    links = count_links(text)
    if links >= ANYBODYS_LINKS or (links >= NEWCOMER_LINKS and shown_before < NEWCOMER_COMMENTS):
        return CommentDecision(Outcome.HOLD, "links", "It holds many links; a moderator looks at it first.")
    if is_shouting(text):
        return CommentDecision(Outcome.HOLD, "shouting", "It is written in capitals; a moderator looks at it first.")
    return SHOWN


def is_shouting(text: str) -> bool:
    """Whether nearly all letters that have a case are capitals."""
    cased = [c for c in text if c.isupper() or c.islower()]
    return len(cased) >= SHOUTING_LETTERS and sum(c.isupper() for c in cased) >= SHOUTING_SHARE * len(cased)


def holds_after_flags(readers: int) -> bool:
    """Whether so many readers' open flags take a comment out of sight until a moderator has looked."""
    return readers >= FLAGS_THAT_HOLD
