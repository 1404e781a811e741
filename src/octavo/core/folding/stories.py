"""Decides which articles are one story: on arrival, whether to join or to found; in repair, what to merge and to split.

Both weigh the same thing, the average log-odds between the articles of two sides, so that neither one likeness alone nor
a chain of likenesses makes a story. People's corrections stand above any odds. It compares no texts: see `evidence.py`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

# Average log-odds from which articles are one story, when they arrive and when all is seen: even odds, so that nothing but
# the judge itself is fitted.
JOINS: Final = 0.0
MERGES: Final = 0.0
# The log-odds of two articles that are not even neighbours; chosen with evals: stories/* in view (training/stories.py).
STRANGERS: Final = -3.0
# An article is expected to be near so many of a story's articles, however many it has: fewer than the neighbours that are
# kept of it (window.py), or no big story could grow.
CIRCLE: Final = 12

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Link:
    """Two articles, by number, and the log-odds that they report one event."""

    left: int
    right: int
    odds: float


@dataclass(slots=True)
class Constraints:
    """What stands above any odds, by number: pairs that people put together or apart, and copies with what they copy.

    An article is not put together with anything from which it, or what is with it already, is kept apart.
    """

    together: set[Pair] = field(default_factory=set)
    apart: set[Pair] = field(default_factory=set)
    copies: dict[int, int] = field(default_factory=dict)

    def join(self, left: int, right: int) -> None:
        """From now on two articles are in one story; an earlier split of the two is taken back."""
        self.apart.discard(ordered(left, right))
        self.together.add(ordered(left, right))

    def split(self, left: int, right: int) -> None:
        """From now on two articles are in different stories; an earlier join of the two is taken back."""
        self.together.discard(ordered(left, right))
        self.apart.add(ordered(left, right))

    def free(self, left: int, right: int) -> None:
        """From now on nobody has said anything of two articles."""
        self.together.discard(ordered(left, right))
        self.apart.discard(ordered(left, right))

    def forget(self, number: int) -> None:
        """Drops what was said of an article that is gone."""
        self.copies.pop(number, None)
        if self.together or self.apart:
            self.together = {pair for pair in self.together if number not in pair}
            self.apart = {pair for pair in self.apart if number not in pair}

    def forbids(self, left: Iterable[int], right: Iterable[int]) -> bool:
        """Whether any article of one side must not stand with any of the other."""
        if not self.apart:
            return False
        ones, others = set(left), set(right)
        return any((a in ones and b in others) or (b in ones and a in others) for a, b in self.apart)

    def bound(self) -> list[Pair]:
        """The pairs that are together before any odds are asked: what people said first, then copies."""
        return [*sorted(self.together), *sorted(self.copies.items())]


@dataclass(frozen=True, slots=True)
class Choice:
    """A story that an article could join, and the average log-odds for it."""

    story: str
    odds: float


def ordered(left: int, right: int) -> Pair:
    """A pair with the smaller number first."""
    return (left, right) if left < right else (right, left)


def average(total: float, met: int, left: int, right: int) -> float:
    """The average log-odds between sides of `left` and `right` articles, of which `met` pairs sum up to `total`.

    Pairs that never met count as STRANGERS, but no article is expected to meet more than CIRCLE of a big story.
    """
    expected = max(met, min(left * right, CIRCLE * max(left, right)))
    return (total + STRANGERS * (expected - met)) / expected


def choices(near: Iterable[tuple[str, float]], size_of: Callable[[str], int]) -> list[Choice]:
    """The stories that an article could join, the likeliest first; `near` tells of each article that it met the story
    and the log-odds."""
    found: dict[str, list[float]] = {}
    for story, odds in near:
        found.setdefault(story, []).append(odds)
    weighed = [Choice(story, average(sum(odds), len(odds), 1, size_of(story))) for story, odds in found.items()]
    return sorted(weighed, key=lambda choice: (-choice.odds, choice.story))


class Agglomeration:
    """Average linkage over the pairs that met (Sokal and Michener, 1958), with constraints; deterministic."""

    def __init__(self, numbers: Sequence[int], links: Iterable[Link], constraints: Constraints) -> None:
        self._constraints = constraints
        self._members = {number: [number] for number in numbers}
        self._root = {number: number for number in numbers}
        self._sums: dict[int, dict[int, tuple[float, int]]] = {number: {} for number in numbers}
        self._queue: list[tuple[float, int, int]] = []
        for link in links:
            self._sums[link.left][link.right] = self._sums[link.right][link.left] = (link.odds, 1)
        for left, right in constraints.bound():
            if left in self._root and right in self._root:
                self._bind(self._root[left], self._root[right])
        for left in sorted(self._members):
            self._offer(left, later_only=True)

    def run(self, threshold: float) -> list[list[int]]:
        """Merges while the best average reaches `threshold`; the stories, each in order, by their first article."""
        while self._queue:
            negative, left, right = heapq.heappop(self._queue)
            if -negative < threshold:
                break
            if left not in self._members or right not in self._members or -negative != self._between(left, right):
                continue
            if not self._constraints.forbids(self._members[left], self._members[right]):
                self._merge(left, right)
                self._offer(left)
        return sorted((sorted(members) for members in self._members.values()), key=lambda members: members[0])

    def _bind(self, left: int, right: int) -> None:
        """Merges two sides that belong together, unless some of them are kept apart."""
        if left != right and not self._constraints.forbids(self._members[left], self._members[right]):
            self._merge(left, right)

    def _between(self, left: int, right: int) -> float:
        total, met = self._sums[left][right]
        return average(total, met, len(self._members[left]), len(self._members[right]))

    def _offer(self, left: int, *, later_only: bool = False) -> None:
        """Puts the averages between a side and all that it has met into the queue."""
        for right in self._sums[left]:
            if not later_only or right > left:
                heapq.heappush(self._queue, (-self._between(left, right), *ordered(left, right)))

    def _merge(self, left: int, right: int) -> None:
        """Makes the right side part of the left one."""
        self._members[left] += self._members.pop(right)
        for number in self._members[left]:
            self._root[number] = left
        mine, theirs = self._sums[left], self._sums.pop(right)
        mine.pop(right, None)
        theirs.pop(left, None)
        for other, (total, met) in theirs.items():
            had, times = mine.get(other, (0.0, 0))
            mine[other] = self._sums[other][left] = (had + total, times + met)
            del self._sums[other][right]


def merge(numbers: Sequence[int], links: Iterable[Link], constraints: Constraints, threshold: float) -> list[list[int]]:
    """The stories of some articles out of all pairs that met, as if all had arrived at once."""
    return Agglomeration(numbers, links, constraints).run(threshold)


def keep_names(
    stories: Sequence[Sequence[int]],
    named: Mapping[int, str],
    name_of: Callable[[int], str],
    is_taken: Callable[[str], bool] = lambda name: False,
) -> list[str]:
    """A name for each story: that of the old story from which most of its articles come, so that addresses stay.

    An old name goes to the largest part of what bore it (the older one of equals). What is new is named after its first
    article; where that name is taken, here or elsewhere, with a number behind it.
    """
    claims: list[tuple[int, int, int, str]] = []
    for place, members in enumerate(stories):
        counts: dict[str, int] = {}
        for number in members:
            counts[named[number]] = counts.get(named[number], 0) + 1
        claims += [(-count, members[0], place, name) for name, count in counts.items()]
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, place, name in sorted(claims):
        if place not in names and name not in taken:
            names[place] = name
            taken.add(name)
    for place, members in enumerate(stories):
        if place not in names:
            names[place] = free_name(name_of(members[0]), lambda name: name in taken or is_taken(name))
            taken.add(names[place])
    return [names[place] for place in range(len(stories))]


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """A name, or that name with the first number behind it that nobody has."""
    found, number = name, 1
    while is_taken(found):
        number += 1
        found = f"{name}~{number}"
    return found
