"""Remembers people's corrections by the articles' ids, and what must follow from them on the desk. It moves no article.

A correction may come before its articles do: it waits, and counts from when both are there. What is said last, holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from octavo.core.folding.stories import Constraints

Wishes = dict[str, bool]


class Corrections:
    """Which articles must, and must not, stand in one story: by id as people said it, by number as the desk reads it."""

    def __init__(self) -> None:
        self.constraints = Constraints()
        self._wishes: dict[str, Wishes] = {}

    def say(self, left: str, right: str, *, together: bool, number: Mapping[str, int]) -> None:
        """Takes a correction; `number` maps the ids of the articles on the desk. ValueError of one article alone."""
        if left == right:
            raise ValueError(f"a correction needs two articles, and {left} is one")
        self._wishes.setdefault(left, {})[right] = self._wishes.setdefault(right, {})[left] = together
        if left in number and right in number:
            self._apply(number[left], number[right], together)

    def take_back(self, left: str, right: str, number: Mapping[str, int]) -> None:
        """Forgets what was said of two articles."""
        for one, other in ((left, right), (right, left)):
            self._wishes.get(one, {}).pop(other, None)
        if left in number and right in number:
            self.constraints.free(number[left], number[right])

    def forget_all(self) -> None:
        """Forgets all that people said."""
        self._wishes.clear()
        self.constraints.together.clear()
        self.constraints.apart.clear()

    def arrived(self, article: str, number: Mapping[str, int]) -> None:
        """Lets the corrections that waited for an article count, where the other one is on the desk too."""
        for other, together in self._wishes.get(article, {}).items():
            if other in number:
                self._apply(number[article], number[other], together)

    def left(self, article: str, number: int) -> None:
        """Forgets what was said of an article that has left the window for good."""
        for other in self._wishes.pop(article, {}):
            self._wishes[other].pop(article, None)
            if not self._wishes[other]:
                del self._wishes[other]
        self.constraints.forget(number)

    def together_with(self, article: str, number: Mapping[str, int]) -> list[int]:
        """The articles on the desk, by number, to which people put an article."""
        return [number[other] for other, kept in self._wishes.get(article, {}).items() if kept and other in number]

    def apart_from(self, article: str, number: Mapping[str, int]) -> list[int]:
        """The articles on the desk, by number, from which people keep an article."""
        return [number[other] for other, kept in self._wishes.get(article, {}).items() if not kept and other in number]

    def _apply(self, left: int, right: int, together: bool) -> None:
        """Makes a correction a constraint."""
        (self.constraints.join if together else self.constraints.split)(left, right)

    def dump(self) -> dict[str, Any]:
        """Everything, as JSON can write it."""
        held = self.constraints
        pairs = {"together": sorted(held.together), "apart": sorted(held.apart), "copies": sorted(held.copies.items())}
        return {"wishes": self._wishes, **pairs}

    @classmethod
    def load(cls, held: dict[str, Any]) -> Corrections:
        """What `dump` gave."""
        corrections = cls()
        corrections._wishes = held["wishes"]
        together, apart = ({(left, right) for left, right in held[name]} for name in ("together", "apart"))
        corrections.constraints = Constraints(together, apart, dict(held["copies"]))
        return corrections
