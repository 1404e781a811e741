"""The active window as one thing: an article and its vector in, a decision out. The one composition of the engines.

The worker feeds it from the store, the pipes from standard input, the tests from lists. It is deterministic: the same
articles in the same order, with the same corrections and repairs between them, give the same stories. It keeps nothing on
disk, knows no clock, and works without vectors too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.copies import Copies, CopyDecision
from octavo.core.folding.corrections import Corrections
from octavo.core.folding.crowds import crowds, gather
from octavo.core.folding.evidence import (
    Pairs,
    Stage,
    StoryWeights,
    judge_pairs,
    pairs_among,
    pairs_of,
    shipped_weights,
)
from octavo.core.folding.explaining import Explanation, explained
from octavo.core.folding.kinds import Kind
from octavo.core.folding.roster import Roster, told_of
from octavo.core.folding.snapshots import Snapshot, packed, unpacked
from octavo.core.folding.sparse import weigh
from octavo.core.folding.stories import (
    JOINS,
    MERGES,
    STRANGERS,
    Choice,
    Link,
    choices,
    free_name,
    keep_names,
    merge,
)
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import Views, look
from octavo.core.folding.window import WINDOW, Floats, Window
from octavo.core.types import Article

# Average log-odds from which a story that was not joined is told as an earlier part of the affair: one in four. A page asks
# for common names too (store/stories.py).
EARLIER: Final = -1.0
# In repair, the stories of so many nearest neighbours of each touched article are looked at again beside its own.
REPAIRED: Final = 12
SHOWN_EARLIER: Final = 3


@dataclass(frozen=True, slots=True)
class ArrivalDecision:
    """Where an arriving article went. `story` is the id of the story's founding article; `odds` the average log-odds.

    `founded` says that it opened the story itself; `earlier` names stories near enough to be told as 'earlier in this';
    `copy` tells whose text it shares.
    """

    article: str
    story: str
    founded: bool
    odds: float
    kind: Kind
    earlier: tuple[str, ...] = ()
    copy: CopyDecision | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """An article whose story changed in a repair."""

    article: str
    before: str
    after: str


class Desk:
    """The stories of the active window. Not safe to share between threads.

    A story's name is the id of the article that founded it, and stays through repairs.
    """

    def __init__(
        self,
        *,
        window: int = WINDOW,
        weights: StoryWeights | None = None,
        terms: Terms | None = None,
        model: str = "",
    ) -> None:
        """`model` is the id of the vectors' model; empty: the one on which the weights were fitted."""
        self._weights = weights or shipped_weights()
        self._model = model or self._weights.model
        self._window = Window(window, self._weights.centre if self._model == self._weights.model else None)
        self._terms = terms or Terms()
        self._roster = Roster()
        self._corrections = Corrections()
        self._headlines: dict[int, Views] = {}
        self._copies = Copies(window)

    # ------------------------------------------------------------------ arrival

    def arrive(self, article: Article, vector: Floats | None = None) -> ArrivalDecision:
        """Places an article on arrival: it joins a story or founds one. ValueError where its id is already here.

        `vector` is the embedding of its title and lead, or None: it is then compared by words alone.
        """
        self._refuse_twice(article.id)
        return self.place(look(article), vector, copy=self._copies.arrive(article))

    def replay(self, article: Article, vector: Floats | None, story: str, copy: CopyDecision) -> ArrivalDecision:
        """Places an article where it was placed before, with what was decided of its text, to rebuild a desk."""
        self._refuse_twice(article.id)
        self._copies.place(article, copy)
        return self.place(look(article), vector, story, copy=copy)

    def place(
        self,
        views: Views,
        vector: Floats | None = None,
        story: str | None = None,
        *,
        copy: CopyDecision | None = None,
    ) -> ArrivalDecision:
        """Places an article by its views alone, which `look` made, here or elsewhere; its text is not kept for copies.

        With `story`, where it was placed before. With `copy`, what was decided of its text: it goes to the story of the
        one whose text it shares, unless people said otherwise or that one has left the window.
        """
        self._refuse_twice(views.id)
        self._terms.learn(views.language, views.counts.ids)
        number = self._window.add(weigh(views, self._terms), vector, draws=views.kind.may_join)
        self._enter(number, views, copy)
        ranked = [] if story is not None else self._ranked(number, Stage.ARRIVAL)
        chosen = story if story is not None else self._chosen(number, ranked)
        founded = chosen not in self._roster.members
        self._roster.join(number, chosen)
        odds = ranked[0].odds if ranked else STRANGERS
        earlier = tuple(c.story for c in ranked if c.story != chosen and c.odds >= EARLIER)[:SHOWN_EARLIER]
        return ArrivalDecision(views.id, chosen, founded, odds, views.kind, earlier, copy)

    def _refuse_twice(self, article: str) -> None:
        """ValueError where an article is on the desk."""
        if article in self._roster.number:
            raise ValueError(f"{article} is already on the desk")

    def _chosen(self, number: int, ranked: Sequence[Choice]) -> str:
        """Where people or a shared text put an article, else the likeliest story if likely enough, else a new one."""
        roster, article = self._roster, self._roster.told[number].id
        likely = (choice.story for choice in ranked if choice.odds >= JOINS)
        away = {roster.story[other] for other in self._corrections.apart_from(article, roster.number)}
        found = (story for story in (*self._bound(number), *likely) if story not in away)
        return next(found, None) or free_name(article, roster.members.__contains__)

    def _bound(self, number: int) -> list[str]:
        """The stories in which an article must stand: those of the articles it was put to, then that of its text."""
        roster = self._roster
        others = self._corrections.together_with(roster.told[number].id, roster.number)
        copied = self._corrections.constraints.copies.get(number)
        return [
            roster.story[other] for other in (*others, *([] if copied is None else [copied])) if other in roster.story
        ]

    def _ranked(self, number: int, stage: Stage) -> list[Choice]:
        """The stories that an article could join, the likeliest first."""
        roster = self._roster
        if not roster.told[number].kind.may_join:
            return []
        pairs = pairs_of(self._window, number)
        judged = zip(pairs.right.tolist(), judge_pairs(pairs, self._weights, stage).tolist(), strict=True)
        near = [(roster.story[other], odds) for other, odds in judged if self._draws(other)]
        return choices(near, lambda story: len(roster.members[story]))

    def _draws(self, number: int) -> bool:
        """Whether an article is here and a report, which others may be drawn to."""
        told = self._roster.told.get(number)
        return told is not None and told.kind is Kind.REPORT

    def _links(self, pairs: Pairs, stage: Stage = Stage.REPAIR) -> list[Link]:
        """Judged pairs as links."""
        odds = judge_pairs(pairs, self._weights, stage)
        found = zip(pairs.left.tolist(), pairs.right.tolist(), odds.tolist(), strict=True)
        return [Link(left, right, odd) for left, right, odd in found]

    def _enter(self, number: int, views: Views, copy: CopyDecision | None) -> None:
        """Notes an article, and forgets the one whose place in the window it takes."""
        gone = number - self._window.capacity
        if gone in self._roster.told:
            self._headlines.pop(gone, None)
            self._corrections.left(self._roster.forget(gone), gone)
        self._roster.enter(number, told_of(views))
        if not views.has_text:
            self._headlines[number] = views
        self._corrections.arrived(views.id, self._roster.number)
        texts = (copy.copy_of, copy.nearest) if copy and copy.copy_of else ()
        here = (self._roster.number[text] for text in texts if text in self._roster.number)
        if (shared := next(here, None)) is not None:
            self._corrections.constraints.copies[number] = shared

    # ------------------------------------------------------------------- repair

    def repair(self, *, whole_window: bool = False) -> list[Moved]:
        """Merges what turned out to be one story and splits what drifted apart; returns what moved, by arrival.

        It looks at the stories touched since the last repair and at those beside them, or at all.
        """
        roster, told = self._roster, self._roster.told
        scope = sorted(roster.story) if whole_window else self._neighbourhood()
        roster.touched.clear()
        drawing = [number for number in scope if told[number].kind.reports_an_event]
        links = self._links(pairs_among(self._window, np.array(drawing, np.int64)))
        before = {number: roster.story[number] for number in scope}
        stories = self._gathered(merge(drawing, links, self._corrections.constraints, MERGES))
        here = set(before.values())
        names = keep_names(
            stories,
            before,
            lambda number: told[number].id,
            lambda name: name in roster.members and name not in here,
        )
        for story, members in zip(names, stories, strict=True):
            for number in members:
                roster.move(number, story)
        for number in scope:
            if not told[number].kind.reports_an_event:
                self._reattach(number)
        roster.touched.clear()
        return [Moved(told[n].id, before[n], roster.story[n]) for n in scope if roster.story[n] != before[n]]

    def _gathered(self, stories: list[list[int]]) -> list[list[int]]:
        """Stories with those of crowded headlines gathered; see `crowds.py`."""
        crowded = crowds(stories, self._headlines, self._window)
        if len(crowded) < 2:
            return stories
        constraints, weights = self._corrections.constraints, self._weights
        gathered = gather(crowded, self._headlines, self._window.vector, self._terms, weights, constraints)
        there = {number for story in crowded for number in story}
        return sorted([*gathered, *(story for story in stories if story[0] not in there)], key=lambda story: story[0])

    def _neighbourhood(self) -> list[int]:
        """The articles of the stories that were touched, and of the stories of their nearest neighbours."""
        roster, window, touched = self._roster, self._window, sorted(self._roster.touched)
        slots = np.array(touched, np.int64) % window.capacity
        nearest = np.argsort(-window.nearness[slots], axis=1, kind="stable")[:, :REPAIRED]
        near = np.unique(np.take_along_axis(window.neighbours[slots], nearest, axis=1)).tolist() if touched else []
        stories = {roster.story[number] for number in (*touched, *near) if number in roster.story}
        return sorted(number for story in stories for number in roster.members[story])

    def _reattach(self, number: int) -> None:
        """Puts an article that draws nobody to where it fits best now."""
        was = self._roster.story[number]
        alone = self._roster.members[was] == [number]
        ranked = [c for c in self._ranked(number, Stage.REPAIR) if not (alone and c.story == was)]
        if alone and not self._bound(number) and not (ranked and ranked[0].odds >= JOINS):
            return
        self._roster.leave(number)
        self._roster.join(number, self._chosen(number, ranked))

    # -------------------------------------------------------------- corrections

    def keep_together(self, left: str, right: str) -> list[Moved]:
        """A person's word that two articles are one story; lasts through every repair; returns what moved.

        It may be said of articles that have not come yet: it counts from when both are on the desk.
        """
        return self._correct(left, right, together=True)

    def keep_apart(self, left: str, right: str) -> list[Moved]:
        """A person's word that two articles are not one story; otherwise as `keep_together`."""
        return self._correct(left, right, together=False)

    def _correct(self, left: str, right: str, *, together: bool) -> list[Moved]:
        """Takes a correction, and repairs around its articles where both are here."""
        return self.repair() if self.take_corrections([(left, right, together)]) else []

    def take_corrections(self, said: Iterable[tuple[str, str, bool | None]]) -> bool:
        """Takes what people say of pairs of articles: together, apart, or None for a correction that is taken back.

        Repairs nothing yet; whether any is of two articles that are here, so that a repair is due.
        """
        roster, is_due = self._roster, False
        for left, right, together in said:
            if together is None:
                self._corrections.take_back(left, right, roster.number)
            else:
                self._corrections.say(left, right, together=together, number=roster.number)
            if left in roster.number and right in roster.number:
                roster.touched |= {roster.number[left], roster.number[right]}
                is_due = True
        return is_due

    # ------------------------------------------------------------------ rebuild

    def stand(self, stories: Mapping[str, str]) -> None:
        """Puts articles into the stories that are theirs elsewhere, by id; those that are not here are passed over."""
        for article, story in stories.items():
            if (number := self._roster.number.get(article)) is not None:
                self._roster.move(number, story)

    def recall(self, said: Iterable[tuple[str, str, bool]]) -> None:
        """Takes what people have said so far, in place of all that the desk knew of it; nothing moves by it."""
        self._corrections.forget_all()
        for left, right, together in said:
            self._corrections.say(left, right, together=together, number=self._roster.number)

    def settle(self) -> None:
        """Takes all stories as they are for repaired: for a desk that is being rebuilt."""
        self._roster.touched.clear()

    # ------------------------------------------------------------------ answers

    def story_of(self, article: str) -> str:
        """The story that an article is in now. KeyError where it is not on the desk."""
        return self._roster.story[self._roster.number[article]]

    def articles_of(self, story: str) -> tuple[str, ...]:
        """The articles of a story by arrival; none where there is no such story."""
        return self._roster.ids(story)

    def stories(self) -> dict[str, tuple[str, ...]]:
        """Every story in the window with its articles by arrival."""
        return {story: self._roster.ids(story) for story in self._roster.members}

    def explain(self, story: str) -> Explanation:
        """Why the articles of a story are together. KeyError where there is no such story."""
        members = np.array(sorted(self._roster.members[story]), np.int64)
        return explained(story, self._roster, self._links(pairs_among(self._window, members)))

    # ----------------------------------------------------------------- snapshot

    def term_counts(self) -> Snapshot:
        """How common words are by now, for a desk that is to be rebuilt from here on."""
        return self._terms.dump()

    def dump(self) -> Snapshot:
        """The whole desk as arrays, which may be views of its own: write them before the next article comes.

        A desk that is loaded from it decides as this one would have. It is a cache: where `load` refuses it, rebuild.
        """
        parts = {"window": self._window.dump(), "terms": self._terms.dump(), "copies": self._copies.dump()}
        notes = {
            "roster": self._roster.dump(),
            "corrections": self._corrections.dump(),
            "headlines": {number: views.dump() for number, views in self._headlines.items()},
        }
        return packed(parts, notes, self._made_by())

    @classmethod
    def load(
        cls,
        snapshot: Mapping[str, NDArray[Any]],
        *,
        window: int = WINDOW,
        weights: StoryWeights | None = None,
        model: str = "",
    ) -> Desk:
        """The desk that `dump` put down. SnapshotError where another version, other weights or another window made it."""
        desk = cls(window=window, weights=weights, model=model)
        parts, notes = unpacked(snapshot, desk._made_by())
        desk._window.load(parts["window"])
        desk._terms = Terms.load(parts["terms"])
        desk._roster = Roster.load(notes["roster"])
        desk._copies = Copies.load(parts["copies"], window)
        desk._corrections = Corrections.load(notes["corrections"])
        desk._headlines = {int(number): Views.load(held) for number, held in notes["headlines"].items()}
        return desk

    def _made_by(self) -> str:
        """What a snapshot depends on beside the articles: the window's size, the vectors' model and the weights."""
        return f"{self._window.capacity} {self._model} {self._weights.fingerprint}"
