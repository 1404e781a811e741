"""Tells the views of a story for storing, and which groups of publishers are without it; the core decides, nothing is saved here.

What all, some or one of its publishers report is told with the story; who is without it depends on the hour and is asked
when a page is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from octavo.core.telling.blindspots import FEWEST_COVERING, BlindSpot, blind_spots, groups_of
from octavo.core.telling.framing import Source
from octavo.core.telling.retelling import Place
from octavo.core.telling.statements import Statement
from octavo.core.telling.views import Report, Views, views
from octavo.core.types import Quality
from octavo.core.words import primary
from octavo.services.accounts import Read
from octavo.services.receipts import cited
from octavo.store.models import Article, ArticleVersion, Earlier, Feed, Publisher, Story

Entry = dict[str, Any]

# What publishers are grouped by, beside the folders of their feeds.
FACTS = ("country", "medium", "owner")


def told(read: Read) -> Entry:
    """The views of a story as they are stored: {"languages": [...]}, empty where there are none.

    A language is {"language", "voices", "statements", "groups"}. A statement is {"kind": all, some or one; "sentence",
    "stands": one a voice, "places": where each voice that has it says it, "own": facts}.
    """
    texts = [at for at, one in enumerate(read.accounts) if one.is_report and not one.copy_of]
    others = [
        (read.versions[at].article.publisher.name, one.article)
        for at, one in enumerate(read.accounts)
        if at not in texts
    ]
    found = views([_report(read, at) for at in texts], others)
    return {"languages": [_language(one, read, texts) for one in found]} if found else {}


def _report(read: Read, at: int) -> Report:
    account, version = read.accounts[at], read.versions[at]
    sharing = [other for other, one in enumerate(read.accounts) if one.copy_of == account.article.id]
    others = {one.pk: one for one in (read.versions[other].article.publisher for other in sharing)}
    is_whole = version.quality == Quality.FULL
    return Report(account.article, _source(version.article.publisher), tuple(map(_source, others.values())), is_whole)


def _source(one: Publisher) -> Source:
    return Source(one.name, one.country, one.language, one.owner, one.medium)


def _language(one: Views, read: Read, texts: Sequence[int]) -> Entry:
    versions = [read.versions[texts[report]] for report in one.reports]
    names = [voice.source.name for voice in one.voices]
    told = (("all", one.all), ("some", one.some), ("one", one.alone))
    return {
        "language": one.language,
        "voices": [{**asdict(voice.source), "sharing": [s.name for s in voice.sharing]} for voice in one.voices],
        "statements": [_statement(kind, each, versions, names) for kind, its in told for each in its],
        "groups": [asdict(group) for group in one.groups],
    }


def _statement(kind: str, one: Statement, versions: Sequence[ArticleVersion], names: Sequence[str]) -> Entry:
    places = [_passage(place, versions[place.text]) for place in one.places]
    voices = [names.index(versions[place.text].article.publisher.name) for place in one.places]
    return {
        "kind": kind,
        "sentence": next(told for place, told in zip(one.places, places, strict=True) if place == one.shown),
        "stands": list(one.stands),
        "places": dict(zip(map(str, voices), places, strict=True)),
        "own": list(one.own),
    }


def _passage(place: Place, version: ArticleVersion) -> Entry:
    """A passage with its receipt; a headline stands at no place."""
    text = version.text[place.start : place.end] if place.end else version.title or version.article.title
    return cited(version, place.start, place.end, text)


def here(told: Mapping[str, Any], articles: Collection[int]) -> list[Entry]:
    """Stored views, by language, without the statements of articles that have left the story since."""
    found = []
    for one in told.get("languages", ()):
        kept = [its for its in one["statements"] if all(p["article"] in articles for p in its["places"].values())]
        if kept or one["groups"]:
            found.append({**one, "statements": kept})
    return found


def without_it(story: Story, languages: Collection[str]) -> list[BlindSpot]:
    """The groups of this installation's publishers of which none has a story or a part of its affair; two queries at most.

    Only publishers of the story's languages are asked, that published something since it began: stories of different
    languages are not always recognised as one.
    """
    if story.publisher_count < FEWEST_COVERING or story.first_at is None:
        return []
    return blind_spots(_active(story.first_at, {primary(one) for one in languages}), _covering(story.pk))


def _covering(story: int) -> set[int]:
    """The publishers of a story and of the stories that are linked with it."""
    own = Q(story=story) | Q(story__in=Earlier.objects.filter(story=story).values("earlier"))
    own |= Q(story__in=Earlier.objects.filter(earlier=story).values("story"))
    return set(Article.objects.filter(own).order_by().values_list("publisher", flat=True).distinct())


def _active(since: datetime, languages: Collection[str]) -> dict[int, list[tuple[str, str]]]:
    """The publishers of some languages that are polled and published something since a moment, with their groups."""
    published = Article.objects.filter(publisher=OuterRef("publisher"), sort_at__gte=since).order_by()
    feeds = Feed.objects.filter(Exists(published), state=Feed.State.ACTIVE).order_by()
    facts: dict[int, Sequence[str]] = {}
    folders: dict[int, list[str]] = defaultdict(list)
    columns = (f"publisher__{fact}" for fact in ("language", *FACTS))
    for publisher, folder, language, *known in feeds.values_list("publisher", "folder__name", *columns).distinct():
        if primary(language) in languages:
            facts[publisher] = known
            folders[publisher] += [folder] if folder else []
    return {key: groups_of(dict(zip(FACTS, known, strict=True)), folders[key]) for key, known in facts.items()}
