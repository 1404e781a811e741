"""Looks at an article in the ways in which stories are recognised: its stems, names, numbers and time. It compares nothing.

A name is a capitalised word inside a sentence, so scripts without capitals have none; their rare words do the work.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from octavo.core.folding.kinds import Kind, recognise
from octavo.core.telling.words import STOPWORDS
from octavo.core.types import Article
from octavo.core.words import Word, primary, stems, words

# Words of a text beyond these are background: they tell stories apart no better, and cost.
LONGEST_TITLE: Final = 60
LONGEST_TEXT: Final = 1000
LEAD: Final = 80
OPENING: Final = 250
NUMBERS_WITHIN: Final = 400
# A title with more capitalised words than this share is set in capitals, and its capitals tell no names.
TITLE_CASE: Final = 0.6
# Languages whose common words are known by their frequency; others need a list.
COUNTED: Final = frozenset({"en"})
SECONDS_A_DAY: Final = 86_400
SCRIPTS: Final = (
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0400-\u04ff]"), "ru"),
    (re.compile("[\u0370-\u03ff]"), "el"),
)

_SENTENCE_END = re.compile(r"[.!?:;\n“”\"‘•|()–—-][\"”’)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class Views:
    """An article in the ways in which it is compared. Stems are in order; `day` counts from 1970 in UTC.

    `shown` gives the written form of a stem that may be shown to a reader: its names and the words of its title.
    """

    id: str
    language: str
    day: float | None
    source: str
    kind: Kind
    title: tuple[str, ...]
    body: tuple[str, ...]
    names: Mapping[str, int]
    lead_names: frozenset[str]
    numbers: Mapping[str, int]
    shown: Mapping[str, str]

    @property
    def stems(self) -> frozenset[str]:
        """Every stem once: what document frequencies count."""
        return frozenset(self.title) | frozenset(self.body)

    def dump(self) -> dict[str, Any]:
        """All of it, as JSON can write it."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return held | {"kind": self.kind.value, "lead_names": sorted(self.lead_names)}

    @classmethod
    def load(cls, held: dict[str, Any]) -> Views:
        """What `dump` gave."""
        words = {"title": tuple(held["title"]), "body": tuple(held["body"])}
        return cls(**{**held, **words, "kind": Kind(held["kind"]), "lead_names": frozenset(held["lead_names"])})


def look(article: Article) -> Views:
    """The views of an article. A language that is not told is guessed from the script."""
    language = primary(article.language) or guess_language(article.title + " " + article.text[:200])
    title, body = _words(article.title, language, LONGEST_TITLE), _words(article.text, language, LONGEST_TEXT)
    names, lead_names, shown = _names(article, title, body)
    numbers = Counter(w.form for w, _ in [*title, *body[:NUMBERS_WITHIN]] if w.form[0].isdigit())
    return Views(
        article.id,
        language,
        article.published.timestamp() / SECONDS_A_DAY if article.published else None,
        article.source,
        recognise(article),
        tuple(stem for _, stem in title),
        tuple(stem for _, stem in body),
        names,
        lead_names,
        numbers,
        shown,
    )


def guess_language(text: str) -> str:
    """A language by the script alone: Arabic, Cyrillic, Greek, else English. Good for an untold language, no more."""
    return next((language for script, language in SCRIPTS if script.search(text)), "en")


def _words(text: str, language: str, most: int) -> list[tuple[Word, str]]:
    """The first words of a text with their stems; without the little words where their frequency is not known."""
    found = [word for word, _ in zip(words(text), range(most), strict=False)]
    if language not in COUNTED:
        little = STOPWORDS.get(language, frozenset())
        found = [word for word in found if word.form not in little]
    return list(zip(found, stems([word.form for word in found], language), strict=True))


def _names(
    article: Article, title: list[tuple[Word, str]], body: list[tuple[Word, str]]
) -> tuple[dict[str, int], frozenset[str], dict[str, str]]:
    """Names with their counts, those of the lead, and how stems are written."""
    counts: Counter[str] = Counter()
    small: Counter[str] = Counter()
    lead: set[str] = set()
    shown: dict[str, str] = {}
    for place, (word, stem) in enumerate(body):
        if not article.text[word.start].isupper():
            small[stem] += 1
        elif len(word.form) > 1 and not _opens_sentence(article.text, word.start):
            counts[stem] += 1
            shown.setdefault(stem, article.text[word.start : word.end])
            if place < LEAD:
                lead.add(stem)
    for stem in _title_names(article.title, title, counts):
        counts[stem] += 1
        lead.add(stem)
    for word, stem in title:
        shown.setdefault(stem, article.title[word.start : word.end])
    names = {stem: count for stem, count in counts.items() if count >= small[stem] and not stem.isdigit()}
    return names, frozenset(lead & names.keys()), shown


def _opens_sentence(text: str, start: int) -> bool:
    """Whether a capital at `start` may be there because a sentence begins."""
    return start == 0 or _SENTENCE_END.search(text[max(0, start - 4) : start]) is not None


def _title_names(title: str, found: list[tuple[Word, str]], body: Mapping[str, int]) -> list[str]:
    """The names of a title: capitalised words, and in a title set in capitals only those that the body knows."""
    capitals = [title[word.start].isupper() for word, _ in found]
    title_case = len(found) > 3 and sum(capitals) > TITLE_CASE * len(found)
    return [
        stem
        for place, ((_, stem), capital) in enumerate(zip(found, capitals, strict=True))
        if capital and ((place > 0 and not title_case) or stem in body)
    ]
