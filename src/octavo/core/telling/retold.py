"""Decides which indirect quotes a reader may be shown as somebody's words; it finds none and changes none.

The labels of attribution.py also take what a text only tells of somebody. Here a quote stands where the text itself says, in
so many words right before or behind it, that somebody said it. English; languages that go by marks have no indirect quotes.
"""

from __future__ import annotations

import re
from typing import Final

from octavo.core.telling.ledger import is_named
from octavo.core.telling.quotes import Quote
from octavo.core.telling.words import STOPWORDS, words_of

# Verbs of which what follows is what was said. Not those of which it may be what was done or seen: ask for, call, describe.
_SAYING: Final = (
    r"(?:said|says?|told|tells?|added|adds?|announced|announces?|confirmed|confirms?|warned|warns?|estimated|estimates?|argued"
    r"|argues?|insisted|insists?|stated|states?|reported|reports?|wrote|writes?|claimed|claims?|denied|denies|believes?|believed"
    r"|thinks?|thought|acknowledged|admitted|admits?|concluded|concludes?|explained|explains?|predicted|predicts?|promised"
    r"|promises?|repeated|replied|stressed|suggested|suggests?|noted|notes?|maintained|maintains?)"
)
# 'said that', 'told reporters on Monday that', 'says,'; 'did not say' is no saying.
_BEFORE: Final = re.compile(rf"(?<!not )(?<!n't )(?<!n’t )\b{_SAYING}(?:[^\S\n][\w’'-]+){{0,4}}[\s,:]*$", re.IGNORECASE)
_ASKED: Final = re.compile(r"\b(?:asked|asks?|wondered|wonders?)(?:[^\S\n][\w’'-]+){0,2}[^\S\n]*$", re.IGNORECASE)
_ASKING: Final = re.compile(r"(?:whether|if|why|how|when|where|who|what)\b", re.IGNORECASE)
# What has been said has a verb of its own, and hangs on no word before it.
_TELLING: Final = re.compile(
    r"\b(?:that|is|are|was|were|be|has|have|had|will|would|can|could|may|might|must|should|do|does|did)\b|n['’]t\b",
    re.IGNORECASE,
)
_HANGING: Final = re.compile(r"(?:which|whose|who|and|or|but|about|if|of|to|by|as)\b", re.IGNORECASE)
# ', the Coast Guard said', ', according to', ', said'.
_BEHIND: Final = re.compile(rf",?\s*(?:according to\b|(?:[\w’'.-]+[^\S\n]){{0,7}}{_SAYING}\b)", re.IGNORECASE)
_VERB: Final = re.compile(_SAYING, re.IGNORECASE)
# How much of a text is looked at on both sides of a quote, in characters.
NEAR: Final = 80
FEWEST_WORDS: Final = 3
FEWEST_IN_SENTENCE: Final = 6
# A speaker of more words is a piece of a sentence.
LONGEST_SPEAKER: Final = 7
# What is longer and all in capitals is a dateline.
LONGEST_ACRONYM: Final = 4
_NOBODY: Final = words_of("nobody none everybody anybody somebody")
_ARTICLES: Final = words_of("a an the one two three four five six")


def is_said(quote: Quote, text: str) -> bool:
    """Whether the text says of an indirect quote, right beside it, that its speaker said it, and the speaker is somebody."""
    if not _is_somebody(quote.speaker) or len(quote.text.split()) < FEWEST_WORDS:
        return False
    before, behind = text[max(0, quote.start - NEAR) : quote.start], text[quote.end : quote.end + NEAR]
    if _ASKING.match(quote.text) and _ASKED.search(before):
        return True
    if _HANGING.match(quote.text):
        return False
    is_telling = _TELLING.search(quote.text) is not None
    is_sentence = quote.text[0].isupper() and len(quote.text.split()) >= FEWEST_IN_SENTENCE
    return bool((is_telling and _BEFORE.search(before)) or ((is_telling or is_sentence) and _BEHIND.match(behind)))


def _is_somebody(speaker: str) -> bool:
    """Whether a speaker is a name or an office, and no piece of a sentence or a dateline."""
    told = speaker.split()
    if not told or not is_named(speaker) or len(told) > LONGEST_SPEAKER:
        return False
    if speaker.isupper() and len(speaker) > LONGEST_ACRONYM:
        return False
    first = told[0].lower()
    if first in _NOBODY or any(map(_VERB.fullmatch, told)):
        return False
    return first in _ARTICLES or first not in STOPWORDS["en"]
