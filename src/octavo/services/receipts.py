"""Turns what is told of a story into what is stored of it: passages with their places, publishers and times; it tells nothing.

What is read back has lost the passages of articles that have left the story since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from octavo.core.telling.accounts import Line
from octavo.core.telling.differing import Count, Difference, Value, differences
from octavo.core.telling.ledger import LONGEST_TEXT, MOST_TEXTS, Printed, Relation, Variant, is_named, ledger
from octavo.core.telling.ledger import Entry as LedgerEntry
from octavo.core.telling.ledger import differences as differing_words
from octavo.core.telling.quotes import Quote
from octavo.core.telling.quotes import quotes as quotes_of
from octavo.core.telling.timeline import Development
from octavo.core.telling.timeline import timeline as developments
from octavo.core.telling.unread import Fresh
from octavo.services.accounts import Read
from octavo.store.models import ArticleVersion

# A passage, and an entry that holds passages, as they are stored.
Passage = dict[str, Any]
Entry = dict[str, Any]

# What a page reads of a stored development.
DEVELOPMENT: Final = frozenset({"day", "at", "minute", "published", "count", "passages"})
# Of so many articles it is told that they give a number; the others are counted.
MOST_GIVING: Final = 5
# So many quotes are shown, in so many wordings.
MOST_QUOTES: Final = 12
MOST_WORDINGS: Final = 4
MOST_SPEAKERS: Final = 2


def numbers(read: Read) -> list[Entry]:
    """Where the articles' numbers differ, as {"measure", "group", "noun", "latest", "values": [...]}.

    A value is {"value", "bound", "passages", "count", "corrected_by", "still_in"}; the passage has the time too.
    """
    return [_difference(one, read) for one in differences(read.accounts)]


def corrected(numbers: Sequence[Entry]) -> set[tuple[int, int]]:
    """The sentences that give a number which its first publisher took back, as (article, end).

    A toll that only grew since is left: without such sentences little is left that tells what happened.
    """
    return {
        (one["article"], one["end"])
        for number in numbers
        for value in number["values"]
        if value["corrected_by"]
        for one in (*value["passages"], *value["still_in"])
    }


def overtaken(numbers: Sequence[Entry]) -> set[tuple[int, int]]:
    """The sentences that give a number of which there is a later one, as (article, end)."""
    return {
        (one["article"], one["end"])
        for number in numbers
        for place, value in enumerate(number["values"])
        if place != number["latest"]
        for one in (*value["passages"], *value["still_in"])
    }


def _difference(told: Difference, read: Read) -> Entry:
    values = [_value(value, read) for value in told.values]
    noun = told.values[0].figure.counted if told.measure.group else ""
    what = {"measure": told.measure.what, "group": told.measure.group, "noun": noun}
    return {**what, "latest": told.latest, "values": values}


def _value(value: Value, read: Read) -> Entry:
    back = value.corrected_by
    return {
        "value": value.figure.value,
        "bound": value.figure.bound,
        "count": len(value.counts),
        "passages": _counts(value.counts, read),
        "corrected_by": _counts([back], read)[0] if back else None,
        "still_in": _counts(value.still_in, read),
    }


def _counts(counts: Sequence[Count], read: Read) -> list[Passage]:
    return [passage(read.versions[one.account], one.line) | {"at": one.at.isoformat()} for one in counts[:MOST_GIVING]]


def cited(version: ArticleVersion, start: int, end: int, text: str) -> Passage:
    """A text with its receipt: where it stands in a version, and who wrote that; a headline stands at no place."""
    article = version.article
    return {
        "article": article.pk,
        "version": version.number,
        "start": start,
        "end": end,
        "text": text,
        "language": article.language,
        "publisher": article.publisher.name,
    }


def path_of(article: object, version: int, start: int, end: int) -> str:
    """The path that shows a passage marked in the version that it stands in; a headline stands at no place of it."""
    return f"/articles/{article}/?p={version}.{start}-{end}#p" if end else f"/articles/{article}/"


def place_of(one: Mapping[str, Any]) -> str:
    """The path of a stored passage."""
    return path_of(one["article"], one["version"], one["start"], one["end"])


def passage(version: ArticleVersion, line: Line) -> Passage:
    """A sentence with its receipt."""
    return cited(version, line.start, line.end, line.text)


def timeline(read: Read) -> list[Entry]:
    """A story's developments in their order, as {"day", "at", "minute", "published", "count", "passages"}.

    `at` is when the text came out (`published`) where that dates the line; `count` says how many articles tell it.
    """
    return [_development(one, read) for one in developments(read.accounts)]


def _development(told: Development, read: Read) -> Entry:
    is_timed = told.at is not None and read.accounts[told.account].has_time
    return {
        "day": told.day.isoformat(),
        "at": told.at.isoformat() if told.at is not None and is_timed else None,
        "minute": told.minute,
        "published": read.accounts[told.account].at.isoformat(),
        "count": told.accounts,
        "passages": [passage(read.versions[told.account], told.line)],
    }


def quotes(read: Read) -> list[Entry]:
    """A story's quotes, those that most articles print first, as {"speakers", "articles", "variants": [...]}.

    A variant is {"text", "relation", "differs", "passages"}; `differs` has the spans of its text that the fullest has not.
    """
    own = [place for place, account in enumerate(read.accounts) if not account.copy_of][:MOST_TEXTS]
    printed = [
        Printed(str(place), quote)
        for place in own
        for quote in quotes_of(read.versions[place].text[:LONGEST_TEXT], read.accounts[place].language)
    ]
    told = [one for one in ledger(printed) if one.articles > 1 or any(map(is_named, one.speakers))]
    return [_entry(one, read) for one in told[:MOST_QUOTES]]


def _entry(told: LedgerEntry, read: Read) -> Entry:
    fullest = told.variants[0].text
    variants = [_variant(one, fullest, read) for one in told.variants[:MOST_WORDINGS]]
    return {
        "speakers": [name for name in told.speakers if is_named(name)][:MOST_SPEAKERS],
        "articles": told.articles,
        "variants": variants,
    }


def _variant(told: Variant, fullest: str, read: Read) -> Entry:
    differs = differing_words(told.text, fullest) if told.relation == Relation.DIFFERS else []
    return {
        "text": told.text,
        "relation": told.relation.value,
        "differs": [list(span) for span in differs],
        "passages": [_quoted(read.versions[int(one.article)], one.quote) for one in told.printed[:MOST_GIVING]],
    }


def _quoted(version: ArticleVersion, quote: Quote) -> Passage:
    return cited(version, quote.start, quote.end, version.text[quote.start : quote.end])


def fresh(read: Read, chosen: Sequence[Fresh]) -> list[Passage]:
    """Sentences that tell a reader something new, with their receipts and times."""
    return [
        passage(read.versions[one.account], one.line) | {"at": read.accounts[one.account].at.isoformat()}
        for one in chosen
    ]


def timeline_here(told: Sequence[Entry], here: Collection[int]) -> list[Entry]:
    """Stored developments without those of articles that are not here any more.

    What an earlier Octavo stored with less is left out until its story is told again.
    """
    return [one for one in told if one.keys() >= DEVELOPMENT and passages_here(one["passages"], here)]


def quotes_here(told: Sequence[Entry], here: Collection[int]) -> list[Entry]:
    """Stored quotes without what articles printed that are not here any more."""
    found = []
    for one in told:
        variants = [{**variant, "passages": passages_here(variant["passages"], here)} for variant in one["variants"]]
        if kept := [variant for variant in variants if variant["passages"]]:
            found.append({**one, "variants": kept})
    return found


def numbers_here(told: Sequence[Entry], here: Collection[int]) -> list[Entry]:
    """Stored numbers without what articles said that are not here any more; one number alone is no difference."""
    return [found for one in told if len((found := _difference_here(one, here))["values"]) > 1]


def _difference_here(told: Entry, here: Collection[int]) -> Entry:
    kept = [(place, _value_here(one, here)) for place, one in enumerate(told["values"])]
    kept = [(place, one) for place, one in kept if one["passages"]]
    latest = next((at for at, (place, _one) in enumerate(kept) if place == told["latest"]), len(kept) - 1)
    return {**told, "values": [one for _place, one in kept], "latest": latest}


def _value_here(value: Entry, here: Collection[int]) -> Entry:
    back = value["corrected_by"]
    return {
        **value,
        "passages": passages_here(value["passages"], here),
        "corrected_by": back if back and back["article"] in here else None,
        "still_in": passages_here(value["still_in"], here),
    }


def passages_here(passages: Sequence[Passage], here: Collection[int]) -> list[Passage]:
    """Those of some passages whose article is here."""
    return [one for one in passages if one["article"] in here]
