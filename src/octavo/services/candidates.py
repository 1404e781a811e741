"""Gathers from the store what a day's brief is chosen from, as plain values that reproduce the choice; it chooses nothing.

A number of questions that does not depend on how many stories there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from octavo.core.folding.coverage import heat
from octavo.core.folding.kinds import Kind
from octavo.core.telling.ranking import FRESH_HOURS, Candidate, Coverage, RankingDecision, choose, usual_growth
from octavo.store import stories
from octavo.store.models import Article, Publisher, Story

# The hottest stories of the last day: a brief is chosen from so many.
MOST_CANDIDATES: Final = 200
# Their newest articles, in all: a bound on memory, far beyond what a day brings.
MOST_ARTICLES: Final = 20_000
# What is usual is learned from the newest stories of several articles, so many and so old.
USUAL_STORIES: Final = 400
USUAL_FOR: Final = timedelta(days=7)
# A country that writes more of a day's articles than this is home here, and no place that could crowd a brief.
HOME_SHARE: Final = 0.5
FRESH_FOR: Final = timedelta(hours=FRESH_HOURS)
STORY_COLUMNS: Final = ("id", "headline", "headline__title", "section")
CODE_LENGTH: Final = 2
# A story of nothing but opinion, listings or the like is no news.
TOLD_KINDS: Final = frozenset(("", Kind.REPORT, Kind.LIVE))


@dataclass(frozen=True, slots=True)
class Entrant:
    """A candidate with what is needed to show it: its headline's article, and the articles that it had then."""

    candidate: Candidate
    headline: int
    articles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a brief is chosen from."""

    usual: float
    publishers: int
    entrants: tuple[Entrant, ...]

    def chosen(self, followed: Set[str] = frozenset()) -> list[RankingDecision]:
        """The eight; always the same. `followed` are stories that a reader follows."""
        marked = (replace(one.candidate, is_followed=one.candidate.story in followed) for one in self.entrants)
        return choose(marked, self.usual, self.publishers)

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        rows = [
            {**asdict(one.candidate), "headline_article": one.headline, "articles": list(one.articles)}
            for one in self.entrants
        ]
        return {"usual": self.usual, "publishers": self.publishers, "candidates": rows}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Inputs:
        """As it was stored."""
        return cls(stored["usual"], stored["publishers"], tuple(map(_entrant, stored["candidates"])))


def _entrant(stored: Mapping[str, Any]) -> Entrant:
    facts = dict(stored)
    headline, articles = facts.pop("headline_article"), tuple(facts.pop("articles"))
    coverage = tuple(Coverage(**each) for each in facts.pop("coverage"))
    return Entrant(Candidate(**facts, coverage=coverage), headline, articles)


def is_country(edition: str) -> bool:
    """Whether an edition is a country's (ISO 3166 alpha-2), and not a language's or all."""
    return len(edition) == CODE_LENGTH and edition.isupper()


def fresh(edition: str, now: datetime) -> QuerySet[Story]:
    """The stories of an edition (a language, a country, or all) of which something came within the last day."""
    since = now - FRESH_FOR
    found = Story.objects.filter(heat__gte=heat(1, since), last_at__gte=since, last_at__lte=now)
    if is_country(edition):
        return found.filter(Exists(Article.objects.filter(story=OuterRef("pk"), country=edition).order_by()))
    return found.filter(language=edition) if edition else found


def gather(edition: str, now: datetime, told: Set[int]) -> Inputs:
    """What the brief of an edition is chosen from now. `told` are the articles that yesterday's brief knew."""
    hottest = list(fresh(edition, now).order_by("-heat", "-id").values_list(*STORY_COLUMNS)[:MOST_CANDIDATES])
    by_story = _articles([key for key, *_ in hottest])
    day = _Day.before(now, told, has_places=not is_country(edition))
    entrants = [
        day.entrant(story, by_story[story[0]])
        for story in hottest
        if story[2] and any(one.kind in TOLD_KINDS for one in by_story[story[0]])
    ]
    return Inputs(_usual(now), day.owners, tuple(entrants))


@dataclass(frozen=True, slots=True)
class _Report:
    """An article of a story, as it counts."""

    id: int
    publisher: str
    owner: str
    at: datetime
    country: str
    kind: str
    copy_of: int | None


@dataclass(frozen=True, slots=True)
class _Day:
    """The day before a time: each publisher's share of its articles, how many owners wrote, which country is home.

    `told` are the articles that the brief of the day before knew.
    """

    now: datetime
    told: Set[int]
    has_places: bool
    shares: Mapping[str, float]
    owners: int
    home: str

    @classmethod
    def before(cls, now: datetime, told: Set[int], has_places: bool) -> _Day:
        """The day before a time; one query."""
        written = Count("articles", filter=Q(articles__sort_at__gt=now - FRESH_FOR, articles__sort_at__lte=now))
        counted = Publisher.objects.order_by().annotate(written=written).filter(written__gt=0)
        rows = list(counted.values_list("slug", "owner", "country", "written"))
        total = sum(count for *_, count in rows) or 1
        countries: Counter[str] = Counter()
        for _, _, country, count in rows:
            countries[country] += count
        home = next((country for country, count in countries.items() if count > HOME_SHARE * total), "")
        shares = {slug: count / total for slug, _, _, count in rows}
        return cls(now, told, has_places, shares, len({owner or slug for slug, owner, *_ in rows}), home)

    def entrant(self, story: Sequence[Any], reports: Sequence[_Report]) -> Entrant:
        """A story as a candidate."""
        key, headline, title, section = story
        here = frozenset(one.id for one in reports)
        coverage = tuple(self.coverage(one, here) for one in reports)
        place = self.place(reports) if self.has_places else ""
        candidate = Candidate(str(key), title, section, place, coverage, len(here & self.told))
        return Entrant(candidate, headline, tuple(sorted(here)))

    def coverage(self, one: _Report, here: Set[int]) -> Coverage:
        """An article of a story, as it weighs."""
        hours = round(max(0.0, (self.now - one.at).total_seconds() / 3600), 3)
        share = round(self.shares.get(one.publisher, 0.0), 6)
        return Coverage(one.publisher, one.owner, hours, one.copy_of not in here, share)

    def place(self, reports: Iterable[_Report]) -> str:
        """The country whose publishers alone report a story; empty for one that several countries tell, or for home's."""
        countries = {one.country for one in reports}
        return next(iter(countries)) if len(countries) == 1 and self.home not in countries else ""


def _articles(ids: Sequence[int]) -> dict[int, list[_Report]]:
    """The articles of these stories; one query."""
    columns = (
        "story_id", "id", "publisher__slug", "publisher__owner", "sort_at", "country", "placement__kind",
        "placement__copy_of",
    )  # fmt: skip
    rows = Article.objects.filter(story__in=ids).order_by("-sort_at", "-id").values_list(*columns)
    found: dict[int, list[_Report]] = defaultdict(list)
    for key, article, publisher, owner, at, country, kind, copy_of in rows[:MOST_ARTICLES]:
        if len(found[key]) < stories.MOST_COVERAGE:
            found[key].append(_Report(article, publisher, owner, at, country, kind or "", copy_of))
    return found


def _usual(now: datetime) -> float:
    """How fast an ordinary story of several articles grows here; two queries."""
    recent = Story.objects.filter(last_at__gt=now - USUAL_FOR, last_at__lte=now, article_count__gt=1)
    ids = list(recent.order_by("-last_at", "-id").values_list("id", flat=True)[:USUAL_STORIES])
    times: dict[int, list[float]] = defaultdict(list)
    own = Article.objects.filter(Q(placement=None) | Q(placement__copy_of=None), story__in=ids).order_by()
    for key, at in own.values_list("story_id", "sort_at")[:MOST_ARTICLES]:
        times[key].append((now - at).total_seconds() / 3600)
    return usual_growth(times.values())
