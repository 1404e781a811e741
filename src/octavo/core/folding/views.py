"""Looks at an article in the ways in which stories are recognised: its stems, names, numbers and time. It compares nothing.

A name is a capitalised word inside a sentence, so scripts without capitals have none; their rare words do the work.
Looking needs no desk: it may run in other threads and processes, and costs more than placing does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

from octavo.core.folding.counting import LEAD, Counts, count
from octavo.core.folding.kinds import Kind, recognise
from octavo.core.folding.terms import number
from octavo.core.telling.words import STOPWORDS
from octavo.core.types import Article
from octavo.core.words import LONGEST_WORD, cut, primary, stems, words

# Words of a text beyond these are background: they tell stories apart no better, and cost.
LONGEST_TITLE: Final = 60
LONGEST_TEXT: Final = 1000
NUMBERS_WITHIN: Final = 400
# A title with more capitalised words than this share is set in capitals, and its capitals tell no names.
TITLE_CASE: Final = 0.6
# What is kept of an article's names for people, and the shortest word of its title that is.
SHOWN_NAMES: Final = 16
SHORTEST_WORD: Final = 3
# Languages whose common words are known by their frequency; others need a list.
COUNTED: Final = frozenset({"en"})
SECONDS_A_DAY: Final = 86_400
# Written words whose stems are remembered: nearly every word of an article has been met before. Stretches of more words are not.
REMEMBERED_WORDS: Final = 1 << 16
REMEMBERED_TOGETHER: Final = 3
SCRIPTS: Final = (
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0400-\u04ff]"), "ru"),
    (re.compile("[\u0370-\u03ff]"), "el"),
)

_SENTENCE_END = re.compile(r"[.!?:;\n“”\"‘•|()–—-][\"”’)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class Views:
    """An article in the ways in which it is compared: `counts`. `day` counts from 1970 in UTC.

    `title` holds its title's stems in order; `names` and `numbers` how often each stands in it. `shown_names` (the chief
    ones first) and `shown_words` (of the title) are written as a reader may see them.
    """

    id: str
    language: str
    day: float | None
    source: str
    kind: Kind
    has_text: bool
    title: tuple[str, ...]
    names: Mapping[str, int]
    lead_names: frozenset[str]
    numbers: Mapping[str, int]
    shown_names: tuple[str, ...]
    shown_words: tuple[str, ...]
    counts: Counts

    def dump(self) -> dict[str, Any]:
        """What a headline that has no text is made of again, as JSON can write it."""
        told = {name: getattr(self, name) for name in ("id", "language", "day", "source", "title", "names", "numbers")}
        shown = {"shown_names": self.shown_names, "shown_words": self.shown_words}
        return {**told, **shown, "kind": self.kind.value, "lead_names": sorted(self.lead_names)}

    @classmethod
    def load(cls, held: dict[str, Any]) -> Views:
        """The headline that `dump` gave."""
        tuples = {name: tuple(held[name]) for name in ("title", "shown_names", "shown_words")}
        leading = frozenset(held["lead_names"])
        counts = count_stems(held["title"], (), held["names"], leading, held["numbers"])
        return cls(
            **{**held, **tuples, "kind": Kind(held["kind"]), "lead_names": leading}, has_text=False, counts=counts
        )


class Read(NamedTuple):
    """A word as it was read: its stem and the stem's number, as it is written, whether it begins with a capital or a
    digit, and whether it begins inside a stretch of letters, as Orsay does in d'Orsay."""

    stem: str
    number: int
    form: str
    written: str
    capital: bool
    digit: bool
    inside: bool


class Line(NamedTuple):
    """A title or text as it was read: its words, and what stands before each."""

    words: list[Read]
    before: list[str]

    def opens(self, place: int) -> bool:
        """Whether a sentence may begin with a word, so that its capital says nothing."""
        before = self.before[place]
        if before == " " or self.words[place].inside:
            return False
        return (place == 0 and not before) or ends_sentence(before[-4:])


def look(article: Article) -> Views:
    """The views of an article. A language that is not told is guessed from the script."""
    language = language_of(article)
    title, body = read(article.title, language, LONGEST_TITLE), read(article.text, language, LONGEST_TEXT)
    names, leading, shown = _names(title, body)
    figures = Counter(word.form for word in (*title.words, *body.words[:NUMBERS_WITHIN]) if word.digit)
    chief = sorted(names, key=lambda stem: (stem not in leading, -names[stem], stem))
    shown_words = {word.stem: word.written for word in reversed(title.words) if len(word.stem) >= SHORTEST_WORD}
    return Views(
        article.id,
        language,
        article.published.timestamp() / SECONDS_A_DAY if article.published else None,
        article.source,
        recognise(article) if title.words or body.words else Kind.EMPTY,
        bool(body.words),
        tuple(word.stem for word in title.words),
        names,
        leading,
        figures,
        tuple(dict.fromkeys(shown[stem] for stem in chief[:SHOWN_NAMES])),
        tuple(shown_words[stem] for stem in dict.fromkeys(word.stem for word in title.words) if stem in shown_words),
        _counts(title, body, names, leading, figures),
    )


def _counts(
    title: Line, body: Line, names: Mapping[str, int], leading: frozenset[str], figures: Mapping[str, int]
) -> Counts:
    """The counts of what was read."""
    numbered = {number(stem): times for stem, times in names.items()}
    opening, rest = ([word.number for word in line.words] for line in (title, body))
    return count(opening, rest, numbered, [number(stem) for stem in leading], figures)


def count_stems(
    title: Sequence[str],
    body: Sequence[str],
    names: Mapping[str, int],
    leading: frozenset[str],
    figures: Mapping[str, int],
) -> Counts:
    """The counts of what is given by its stems."""
    numbered = {number(stem): times for stem, times in names.items()}
    opening, rest = ([number(stem) for stem in line] for line in (title, body))
    return count(opening, rest, numbered, [number(stem) for stem in leading], figures)


def language_of(article: Article) -> str:
    """An article's language, guessed from its script where it is not told."""
    return primary(article.language) or guess_language(article.title + " " + article.text[:200])


def guess_language(text: str) -> str:
    """A language by the script alone: Arabic, Cyrillic, Greek, else English. Good for an untold language, no more."""
    return next((language for script, language in SCRIPTS if script.search(text)), "en")


def read(text: str, language: str, most: int) -> Line:
    """The first words of a text; without the little words where their frequency is not known."""
    pieces, known = cut(text, most), known_words(language)
    stretches = [known[raw] for raw in pieces[1::2]]
    found, before = list(chain.from_iterable(stretches)), pieces[0:-1:2]
    if any(len(stretch) != 1 for stretch in stretches):
        before = [one for one, stretch in zip(before, stretches, strict=True) for _ in stretch]
    return Line(found[:most], before[:most])


class Known(dict[str, tuple[Read, ...]]):
    """The words of each stretch of letters met in a language; where they grow too many, it begins again.

    Stretches of many words are the sentences of scripts without spaces: they hardly come again, and are not kept.
    """

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, raw: str) -> tuple[Read, ...]:
        if len(self) >= REMEMBERED_WORDS:
            self.clear()
        words = read_stretch(raw, self._language)
        if len(words) <= REMEMBERED_TOGETHER:
            self[raw] = words
        return words


known_words = lru_cache(maxsize=64)(Known)


def read_stretch(raw: str, language: str) -> tuple[Read, ...]:
    """The words of a stretch of letters; nothing where it is a little word whose frequency is not known."""
    little = frozenset() if language in COUNTED else STOPWORDS.get(language, frozenset())
    found = [word for word in words(raw) if word.form not in little]
    return tuple(
        Read(
            stem,
            number(stem),
            word.form,
            raw[word.start : word.end][:LONGEST_WORD],
            raw[word.start].isupper(),
            word.form[0].isdigit(),
            word.start > 0,
        )
        for word, stem in zip(found, stems([word.form for word in found], language), strict=True)
    )


@lru_cache(maxsize=1024)
def ends_sentence(before: str) -> bool:
    """Whether what stands before a capital may end a sentence."""
    return _SENTENCE_END.search(before) is not None


def _names(title: Line, body: Line) -> tuple[dict[str, int], frozenset[str], dict[str, str]]:
    """Names with their counts, those of the lead, and how each is written."""
    counts: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    lead: set[str] = set()
    shown: dict[str, str] = {}
    for place in [at for at, word in enumerate(body.words) if word.capital]:
        word = body.words[place]
        capitals[word.stem] += 1
        if len(word.form) > 1 and not body.opens(place):
            counts[word.stem] += 1
            shown.setdefault(word.stem, word.written)
            if place < LEAD:
                lead.add(word.stem)
    for word in _title_names(title, counts):
        counts[word.stem] += 1
        shown.setdefault(word.stem, word.written)
        lead.add(word.stem)
    every = Counter([word.stem for word in body.words])
    names = {s: n for s, n in counts.items() if n >= every[s] - capitals[s] and not s.isdigit()}
    return names, frozenset(lead & names.keys()), shown


def _title_names(title: Line, body: Mapping[str, int]) -> list[Read]:
    """The names of a title: capitalised words, and in a title set in capitals only those that the body knows."""
    capitals = sum(word.capital for word in title.words)
    title_case = len(title.words) > 3 and capitals > TITLE_CASE * len(title.words)
    return [
        word
        for place, word in enumerate(title.words)
        if word.capital and ((place > 0 and not title_case) or word.stem in body)
    ]
