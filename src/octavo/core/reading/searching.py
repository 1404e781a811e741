"""Reads what a reader typed into the search box, and finds its words in a text; bad input is read kindly, never refused.

    port strike "night shift" -football publisher:"Harbour Post" lang:en after:2026-03-01 title:ferry quality:full

Words must all stand in the article, in any inflection; a phrase's words must follow each other. `-` before anything
turns it round. It knows no index and no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Final

from octavo.core.types import SECTIONS, Quality
from octavo.core.words import Word, can_be, primary, script, stems, words

# A query longer than this is cut: nobody types it, and each word costs a look into the index.
LONGEST_QUERY: Final = 500
MOST_TERMS: Final = 24
# Words are marked, and the excerpt is taken, in so many characters of a text. In a word that is found, so many letters stay,
# and all that the word and its stem have in common but for the last ('studi' of 'studies', 'study').
LOOKED_AT: Final = 20_000
BEGINNING: Final = 3
CHANGING: Final = 1
PREFIXED: Final = frozenset({"any", "latin", "greek", "cyrillic"})
# Where nothing was found so and letters may be accented otherwise than asked, so much is looked at word by word.
LOOKED_AT_CLOSELY: Final = 4_000
# Room for each further word of a phrase with what stands before it.
LONGEST_IN_PHRASE: Final = 24
# The characters of an excerpt, and how many of them stand before the first found word.
EXCERPT_LENGTH: Final = 240
EXCERPT_LEAD: Final = 60

# What may stand before a colon; the second names are accepted as well.
_FIELDS: Final = {
    "publisher": "publisher", "source": "publisher", "lang": "language", "language": "language", "section": "section",
    "quality": "quality", "after": "after", "since": "after", "before": "before", "until": "before", "title": "title",
    "like": "like",
}  # fmt: skip
_OPENING: Final = '"“”„«»'
_TOKEN = re.compile(
    rf"""(?P<minus>-?)(?:(?P<field>\w+):(?=\S))?(?:[{_OPENING}](?P<quoted>[^{_OPENING}]*)[{_OPENING}]?|(?P<bare>[^\s{_OPENING}]+))"""
)
_NUMBER = re.compile(r"[0-9]{1,18}")
_DAYS_AGO = re.compile(r"(\d{1,4})d")
_SPACE = re.compile(r"\s")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a phrase of several, that must (or, excluded, must not) stand in the article. `forms` are not stemmed.

    `in_title`: it must (or must not) stand in the title.
    """

    forms: tuple[str, ...]
    excluded: bool = False
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A field's value that an article must have, or must not. Fields: publisher, language, section, quality."""

    field: str
    value: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asks. `after` counts from that day's beginning, `before` ends there; `ignored` was not understood.

    `like` is the number of an article to which others are to be like; everything else then only narrows.
    """

    text: str
    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    after: date | None = None
    before: date | None = None
    ignored: tuple[str, ...] = ()
    like: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not (self.terms or self.filters or self.after or self.before or self.like)

    @property
    def has_words(self) -> bool:
        """Whether there is a word to rank by and to mark."""
        return any(not term.excluded for term in self.terms)


def parse(text: str, today: date) -> Query:
    """Reads a query; `today` is what `after:today` or `after:7d` counts from."""
    text = text.replace("\0", " ")[:LONGEST_QUERY]
    terms: list[Term] = []
    filters: list[Filter] = []
    days: dict[str, date] = {}
    ignored: list[str] = []
    like: int | None = None
    for match in _TOKEN.finditer(text):
        excluded, value = bool(match["minus"]), match["quoted"] if match["quoted"] is not None else match["bare"]
        field = _FIELDS.get((match["field"] or "").lower())
        if field in ("after", "before"):
            day = read_day(value, today)
            if day is None:
                ignored.append(match.group())
            else:
                days[field] = day
        elif field == "title":
            terms += _terms(value, excluded, in_title=True)
        elif field == "like":
            like = int(value) if _NUMBER.fullmatch(value) and not excluded else None
            ignored += [] if like else [match.group()]
        elif field:
            filters += [Filter(field, part, excluded) for part in _values(field, value)]
        else:
            terms += _terms(f"{match['field'] or ''} {value}", excluded)
    unique = tuple(dict.fromkeys(terms))[:MOST_TERMS]
    return Query(text.strip(), unique, tuple(filters), days.get("after"), days.get("before"), tuple(ignored), like)


def read_day(raw: str, today: date) -> date | None:
    """A day written as 2026-03-01, 2026-03, 2026, today, yesterday or 7d (that many days ago); None for anything else."""
    raw = raw.strip().lower()
    if raw in ("today", "yesterday"):
        return today - timedelta(days=raw == "yesterday")
    if ago := _DAYS_AGO.fullmatch(raw):
        return today - timedelta(days=int(ago[1]))
    written = _DATE.fullmatch(raw.replace("/", "-"))
    if not written:
        return None
    try:
        return date(int(written[1]), int(written[2] or 1), int(written[3] or 1))
    except ValueError:
        return None


def _values(field: str, raw: str) -> list[str]:
    """A filter's value in the form that the index holds; several with commas are several filters."""
    parts = [part.strip().lower() for part in raw.split(",")]
    known = {"section": SECTIONS, "quality": tuple(Quality)}.get(field)
    if known:
        # The beginning is enough: section:tech.
        return [next((name for name in known if name.startswith(part)), part) for part in parts if part]
    return [part.replace("_", "-") if field == "language" else part for part in parts if part]


def _terms(raw: str, excluded: bool, in_title: bool = False) -> list[Term]:
    """One term of all the words that stand together, since 'well-known' and a quoted phrase are both phrases."""
    forms = tuple(word.form for word in words(raw))
    return [Term(forms, excluded, in_title)] if forms else []


def variants(term: Term, languages: Sequence[str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The stems that a term has: stems to the languages in which they are its stems.

    Only languages to which the letters can belong count; a word of none of them stands for itself in every language.
    """
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for language in languages:
        if all(can_be(form, language) for form in term.forms):
            stemmed = tuple(stems(list(term.forms), language))
            found[stemmed] = (*found.get(stemmed, ()), primary(language))
    return found or {tuple(stems(list(term.forms), "")): ()}


def spans(text: str, query: Query, language: str, *, is_title: bool = False) -> tuple[tuple[int, int], ...]:
    """Where the query's words stand in a text of a language: (start, end) in code points, in order, never overlapping.

    Only the first LOOKED_AT characters are looked at; words are stemmed only where they begin as a word of the query does.
    """
    terms = [term for term in query.terms if not term.excluded and (is_title or not term.in_title)]
    wanted = [tuple(stems(list(term.forms), language)) for term in terms]
    if not wanted:
        return ()
    begins = {_begin_of(term.forms[0], stemmed[0]) for term, stemmed in zip(terms, wanted, strict=True)}
    longest = max(len(term.forms) for term in terms)
    hits = list(_hits(text, _stretches(text[:LOOKED_AT], begins, longest), wanted, language))
    if not hits and not text.isascii():
        hits = list(_hits(text, ((0, LOOKED_AT_CLOSELY),), wanted, language))
    return tuple(_merged(sorted(hits)))


def _hits(
    text: str, stretches: Iterable[tuple[int, int]], wanted: Sequence[tuple[str, ...]], language: str
) -> Iterator[tuple[int, int]]:
    """Where any of the stemmed terms stands in some stretches of a text, none across two of them."""
    here: list[Word] = []
    for start, end in stretches:
        here += [Word(start + word.start, start + word.end, word.form) for word in words(text[start:end])]
        here.append(Word(end, end, ""))
    text_stems = stems([word.form for word in here], language)
    for stemmed in wanted:
        yield from _occurrences(here, text_stems, stemmed)


def _begin_of(form: str, stem: str) -> str:
    """The letters with which a word begins in every inflection."""
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(form, stem, strict=False)))
    return form[: max(BEGINNING, common - CHANGING)]


def _stretches(text: str, begins: set[str], longest: int) -> Iterator[tuple[int, int]]:
    """The stretches of a text in which a term can stand: whole, where a script's words may begin otherwise than asked.

    In Latin, Greek and Cyrillic a word keeps its first letters in every inflection; the stretch has room for a phrase of
    so many words at most.
    """
    if any(script(begin) not in PREFIXED for begin in begins):
        yield 0, len(text)
        return
    room = (longest - 1) * LONGEST_IN_PHRASE
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(begins)))})", re.IGNORECASE)
    start = end = -1
    for match in pattern.finditer(text):
        if match.start() > end:
            if end > start:
                yield start, end
            start = match.start()
        end = _whole_words(text, match.end() + room)
    if end > start:
        yield start, end


def _whole_words(text: str, at: int) -> int:
    """The end of the word that stands at a place."""
    space = _SPACE.search(text, at)
    return space.start() if space else len(text)


def _occurrences(here: Sequence[Word], text_stems: Sequence[str], wanted: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    length = len(wanted)
    for at, stem in enumerate(text_stems):
        if stem == wanted[0] and tuple(text_stems[at : at + length]) == wanted:
            yield here[at].start, here[at + length - 1].end


def _merged(ordered: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in ordered:
        if current and start < current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text with the places of the found words in it; `text` has no line breaks."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


def excerpt(text: str, found: Sequence[tuple[int, int]], length: int = EXCERPT_LENGTH) -> Excerpt:
    """The stretch of a text that holds the most found words, cut at words, with '…' where something is left out."""
    start = _begin(text, _densest(found, length - EXCERPT_LEAD))
    end = _finish(text, start + length)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    # Line breaks become spaces one for one, so that the offsets hold.
    piece = re.sub(r"\s", " ", text[start:end])
    shift = len(before) - start
    inside = tuple((a + shift, b + shift) for a, b in found if a >= start and b <= end)
    return Excerpt(f"{before}{piece}{after}", inside)


def _densest(found: Sequence[tuple[int, int]], window: int) -> int:
    """Where the first span of the window with the most spans begins; 0 where nothing was found."""
    best, best_at, last = 0, 0, 0
    for index, (start, _) in enumerate(found):
        last = max(last, index)
        while last < len(found) and found[last][1] <= start + window:
            last += 1
        if last - index > best:
            best, best_at = last - index, start
    return best_at


def _begin(text: str, first: int) -> int:
    """The beginning of a word a little before the first found one, or of the text."""
    at = first - EXCERPT_LEAD
    if at <= 0:
        return 0
    space = re.compile(r"\s").search(text, at, first)
    return space.end() if space else at


def _finish(text: str, at: int) -> int:
    """The end of the last whole word before `at`, or of the text."""
    if at >= len(text):
        return len(text)
    space = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at))
    return space if space > at - EXCERPT_LEAD else at
