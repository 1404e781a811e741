"""Keeps which articles of the window share a text: groups, numbered after the first article of each that came.

The earliest text of a group may have left the window while others of it are there; its name outlives it. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from octavo.core.folding.wording import Places


class TextGroups:
    """The group of each article in a window, by number; an article that shares no text is a group by itself."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._at = np.full(window, -1, np.int64)
        # The sizes of groups of more than one article; the earliest texts of groups whose first has left, and the reverse.
        self._sizes: dict[int, int] = {}
        self._outlived: dict[int, str] = {}
        self._outliving: dict[str, int] = {}

    def of(self, number: int) -> int:
        """The group of an article in the window."""
        return int(self._at[number % self._window])

    def of_each(self, numbers: Places) -> Places:
        """The groups of articles in the window."""
        return self._at[numbers % self._window]

    def enter(self, number: int, group: int) -> None:
        """Puts the newest article into a group, its own number for one that it opens."""
        self._at[number % self._window] = group
        if group != number:
            self._sizes[group] = self._sizes.get(group, 1) + 1

    def merge(self, group: int | None, into: int) -> None:
        """Makes a group, where it is still here, a part of another."""
        if group is None or group == into:
            return
        self._at[self._at == group] = into
        self._sizes[into] = self._sizes.get(into, 1) + self._sizes.pop(group, 1)
        self._outliving.pop(self._outlived.pop(group, ""), None)

    def outlive(self, group: int, first: str) -> None:
        """Notes the earliest text of a group that is in the window without it."""
        self._outlived[group], self._outliving[first] = first, group

    def outlived_by(self, group: int) -> str | None:
        """The earliest text of a group that is in the window without it; None where it is still there."""
        return self._outlived.get(group)

    def outliving(self, first: str) -> int | None:
        """The group that is in the window without its earliest text; None where there is none."""
        return self._outliving.get(first)

    def outlived(self) -> list[tuple[int, str]]:
        """Every group that is in the window without its earliest text, with that."""
        return list(self._outlived.items())

    def leave(self, number: int, article: str) -> None:
        """Takes an article that has become too old out of its group, which lives on while others are in it."""
        group = self.of(number)
        others = self._sizes.pop(group, 1) - 1
        if others > 1:
            self._sizes[group] = others
        if not others:
            self._outliving.pop(self._outlived.pop(group, ""), None)
        elif number == group and group not in self._outlived:
            self.outlive(group, article)

    def count(self, groups: Iterable[int]) -> None:
        """Takes the sizes from the groups of all articles in the window."""
        found, sizes = np.unique(np.fromiter(groups, np.int64), return_counts=True)
        self._sizes = {int(g): int(size) for g, size in zip(found, sizes, strict=True) if size > 1}
