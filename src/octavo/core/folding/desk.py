"""The active window as one thing: an article and its vector in, a decision out. The one composition of the engines.

The worker feeds it from the store, the pipes from standard input, the tests from lists. It is deterministic: the same
articles in the same order, with the same corrections and repairs between them, give the same stories. It keeps nothing on
disk, knows no clock, and works without vectors too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from octavo.core.folding.crowds import CROWDED, crowding, gather
from octavo.core.folding.evidence import (
    Pairs,
    Stage,
    StoryWeights,
    judge_pairs,
    pairs_among,
    pairs_of,
    shipped_weights,
)
from octavo.core.folding.kinds import Kind
from octavo.core.folding.sparse import weigh
from octavo.core.folding.stories import (
    JOINS,
    MERGES,
    STRANGERS,
    Choice,
    Constraints,
    Link,
    choices,
    free_name,
    keep_names,
    merge,
)
from octavo.core.folding.terms import Terms, numbers
from octavo.core.folding.views import Views, look
from octavo.core.folding.window import Floats, Window
from octavo.core.types import Article

# Articles that can still be joined; older ones keep their story and are compared with no more.
WINDOW: Final = 60_000
# Average log-odds from which a story that was not joined is told as an earlier part of the affair.
EARLIER: Final = -2.0
SHOWN_EARLIER: Final = 3
# What an explanation shows.
SHOWN_NAMES: Final = 8
SHOWN_LINKS: Final = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What the desk remembers of an article beside its arrays, for explaining and for time."""

    id: str
    day: float | None
    source: str
    kind: Kind
    names: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArrivalDecision:
    """Where an arriving article went. `story` is the id of the story's founding article; `odds` the average log-odds.

    `founded` says that it opened the story itself; `earlier` names stories near enough to be told as 'earlier in this'.
    """

    article: str
    story: str
    founded: bool
    odds: float
    kind: Kind
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """An article whose story changed in a repair."""

    article: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two articles are linked: what both name, how many days lie between them, and the log-odds."""

    left: str
    right: str
    odds: float
    names: tuple[str, ...]
    days: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why articles are one story: the names and words that most of them share, its times, and its strongest links."""

    story: str
    articles: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    first_day: float | None
    last_day: float | None
    links: tuple[Reason, ...]


class Desk:
    """The stories of the active window. Not safe to share between threads.

    A story's name is the id of the article that founded it, and stays through repairs.
    """

    def __init__(self, *, window: int = WINDOW, weights: StoryWeights | None = None) -> None:
        self._weights = weights or shipped_weights()
        self._window = Window(window, self._weights.centre)
        self._terms = Terms()
        self._told: dict[int, Told] = {}
        self._number: dict[str, int] = {}
        self._story: dict[int, str] = {}
        self._members: dict[str, list[int]] = {}
        self._touched: set[int] = set()
        self._headlines: dict[int, Views] = {}
        self._constraints = Constraints()

    # ------------------------------------------------------------------ arrival

    def arrive(self, article: Article, vector: Floats | None = None) -> ArrivalDecision:
        """Places an article on arrival: it joins a story or founds one. ValueError where its id is already here.

        `vector` is the embedding of its title and lead, or None: it is then compared by words alone.
        """
        return self.place(look(article), vector)

    def place(self, views: Views, vector: Floats | None = None, story: str | None = None) -> ArrivalDecision:
        """Places an article by its views; with `story`, where it was placed before (to rebuild a desk)."""
        if views.id in self._number:
            raise ValueError(f"{views.id} is already on the desk")
        self._terms.learn(views.language, numbers(views.stems))
        number = self._window.add(weigh(views, self._terms), vector, draws=views.kind.may_join)
        self._remember(number, views)
        ranked = [] if story is not None else self._ranked(number, Stage.ARRIVAL)
        chosen = story if story is not None else self._chosen(views.id, ranked)
        founded = chosen not in self._members
        self._join(number, chosen)
        odds = ranked[0].odds if ranked else STRANGERS
        earlier = tuple(c.story for c in ranked if c.story != chosen and c.odds >= EARLIER)[:SHOWN_EARLIER]
        return ArrivalDecision(views.id, chosen, founded, odds, views.kind, earlier)

    def _chosen(self, article: str, ranked: Sequence[Choice]) -> str:
        """The likeliest story if that is likely enough, else a new one named after the article."""
        if ranked and ranked[0].odds >= JOINS:
            return ranked[0].story
        return free_name(article, self._members.__contains__)

    def _ranked(self, number: int, stage: Stage) -> list[Choice]:
        """The stories that an article could join, the likeliest first."""
        if not self._told[number].kind.may_join:
            return []
        links = [link for link in self._links(pairs_of(self._window, number), stage) if self._draws(link, number)]
        return choices(number, links, self._story, lambda story: len(self._members[story]))

    def _draws(self, link: Link, number: int) -> bool:
        """Whether the other side of an article's link is a report, which others may be drawn to."""
        other = link.right if link.left == number else link.left
        return self._told[other].kind.reports_an_event

    def _links(self, pairs: Pairs, stage: Stage = Stage.REPAIR) -> list[Link]:
        """Judged pairs as links."""
        odds = judge_pairs(pairs, self._weights, stage)
        found = zip(pairs.left.tolist(), pairs.right.tolist(), odds.tolist(), strict=True)
        return [Link(left, right, odd) for left, right, odd in found]

    def _days_between(self, left: int, right: int) -> float | None:
        """The days between two articles, None where a time is not known."""
        one, other = self._told[left].day, self._told[right].day
        return None if one is None or other is None else abs(one - other)

    def _remember(self, number: int, views: Views) -> None:
        """Keeps what explanations need, and forgets what has left the window."""
        if number - self._window.capacity in self._told:
            self._forget(number - self._window.capacity)
        names = sorted(views.names, key=lambda stem: (stem not in views.lead_names, -views.names[stem], stem))
        shown = tuple(dict.fromkeys(views.shown[stem] for stem in names[: 2 * SHOWN_NAMES] if stem in views.shown))
        words = tuple(views.shown[stem] for stem in dict.fromkeys(views.title) if len(stem) > 2)
        self._told[number] = Told(views.id, views.day, views.source, views.kind, shown, words)
        self._number[views.id] = number
        if not views.body:
            self._headlines[number] = views

    def _forget(self, number: int) -> None:
        """Takes an article that has left the window out of everything; its story lives on while others are in it."""
        self._number.pop(self._told.pop(number).id)
        self._headlines.pop(number, None)
        self._touched.discard(number)
        self._leave(number)

    def _leave(self, number: int) -> None:
        """Takes an article out of its story."""
        story = self._story.pop(number)
        self._members[story].remove(number)
        if not self._members[story]:
            del self._members[story]

    def _join(self, number: int, story: str) -> None:
        """Puts an article into a story."""
        self._story[number] = story
        self._members.setdefault(story, []).append(number)
        self._touched.add(number)

    # ------------------------------------------------------------------- repair

    def repair(self, *, whole_window: bool = False) -> list[Moved]:
        """Merges what turned out to be one story and splits what drifted apart; returns what moved, by arrival.

        It looks at the stories touched since the last repair and at those beside them, or at all.
        """
        scope = sorted(self._story) if whole_window else self._neighbourhood()
        self._touched.clear()
        drawing = [number for number in scope if self._told[number].kind.reports_an_event]
        links = self._links(pairs_among(self._window, np.array(drawing, np.int64)))
        before = {number: self._story[number] for number in scope}
        stories = self._gathered(merge(drawing, links, self._constraints, MERGES))
        elsewhere = self._members.keys() - set(before.values())
        names = keep_names(stories, before, lambda number: self._told[number].id, elsewhere)
        for story, members in zip(names, stories, strict=True):
            self._regroup(members, story)
        for number in scope:
            if not self._told[number].kind.reports_an_event:
                self._reattach(number)
        self._touched.clear()
        told = self._told
        return [Moved(told[n].id, before[n], self._story[n]) for n in scope if self._story[n] != before[n]]

    def _gathered(self, stories: list[list[int]]) -> list[list[int]]:
        """Stories with those of crowded headlines gathered; see `crowds.py`."""
        if not self._headlines:
            return stories
        crowd_of = crowding(self._window)
        crowded = [s for s in stories if all(n in self._headlines for n in s) and crowd_of(s) >= CROWDED]
        if len(crowded) < 2:
            return stories
        gathered = gather(
            crowded,
            self._headlines.__getitem__,
            self._window.vector,
            self._terms,
            self._weights,
            self._constraints,
        )
        there = {number for story in crowded for number in story}
        return sorted([*gathered, *(story for story in stories if story[0] not in there)], key=lambda story: story[0])

    def _neighbourhood(self) -> list[int]:
        """The articles of the stories that were touched, and of the stories of their neighbours."""
        touched = sorted(self._touched)
        slots = np.array(touched, np.int64) % self._window.capacity
        near = np.unique(self._window.neighbours[slots]).tolist() if touched else []
        stories = {self._story[number] for number in (*touched, *near) if number in self._story}
        return sorted(number for story in stories for number in self._members[story])

    def _regroup(self, numbers: Iterable[int], story: str) -> None:
        """Moves articles into a story; a name that others still bear is theirs until they are moved."""
        for number in numbers:
            if self._story[number] != story:
                self._leave(number)
                self._join(number, story)

    def _reattach(self, number: int) -> None:
        """Puts an article that draws nobody to where it fits best now."""
        was = self._story[number]
        alone = self._members[was] == [number]
        ranked = [c for c in self._ranked(number, Stage.REPAIR) if not (alone and c.story == was)]
        if alone and not (ranked and ranked[0].odds >= JOINS):
            return
        self._leave(number)
        self._join(number, self._chosen(self._told[number].id, ranked))

    # -------------------------------------------------------------- corrections

    def keep_together(self, left: str, right: str) -> list[Moved]:
        """A person's word that two articles are one story; lasts through every repair. KeyError where one is gone."""
        self._constraints.join(self._number[left], self._number[right])
        return self._correct(left, right)

    def keep_apart(self, left: str, right: str) -> list[Moved]:
        """A person's word that two articles are not one story; lasts through every repair. KeyError where one is gone."""
        self._constraints.split(self._number[left], self._number[right])
        return self._correct(left, right)

    def _correct(self, left: str, right: str) -> list[Moved]:
        """Repairs around two articles."""
        self._touched |= {self._number[left], self._number[right]}
        return self.repair()

    # ------------------------------------------------------------------ answers

    def story_of(self, article: str) -> str:
        """The story that an article is in now. KeyError where it is not on the desk."""
        return self._story[self._number[article]]

    def articles_of(self, story: str) -> tuple[str, ...]:
        """The articles of a story by arrival; none where there is no such story."""
        return tuple(self._told[number].id for number in sorted(self._members.get(story, ())))

    def stories(self) -> dict[str, tuple[str, ...]]:
        """Every story in the window with its articles by arrival."""
        return {story: self.articles_of(story) for story in self._members}

    def explain(self, story: str) -> Explanation:
        """Why the articles of a story are together. KeyError where there is no such story."""
        members = sorted(self._members[story])
        told = [self._told[number] for number in members]
        days = [one.day for one in told if one.day is not None]
        return Explanation(
            story,
            tuple(one.id for one in told),
            _common([one.names for one in told]),
            _common([one.words for one in told]),
            min(days, default=None),
            max(days, default=None),
            self._reasons(members),
        )

    def _reasons(self, members: Sequence[int]) -> tuple[Reason, ...]:
        """The strongest links among articles, each article's best first."""
        links = self._links(pairs_among(self._window, np.array(members, np.int64)))
        best = sorted(links, key=lambda link: (-link.odds, link.left, link.right))[:SHOWN_LINKS]
        return tuple(self._reason(link) for link in best)

    def _reason(self, link: Link) -> Reason:
        """A link as it is told to a reader."""
        left, right = self._told[link.left], self._told[link.right]
        others = set(right.names)
        names = tuple(name for name in left.names if name in others)[:SHOWN_NAMES]
        return Reason(left.id, right.id, round(link.odds, 2), names, self._days_between(link.left, link.right))


def _common(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """What stands in at least half of some lists, and in two where there are two: the commonest first."""
    counts = Counter(word for words in lists for word in dict.fromkeys(words))
    least = max(min(2, len(lists)), len(lists) / 2)
    return tuple(word for word, count in counts.most_common() if count >= least)[:SHOWN_NAMES]
