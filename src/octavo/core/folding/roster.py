"""Keeps who is on the desk and in which story: an entry for each article of the window, by number. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from octavo.core.folding.kinds import Kind
from octavo.core.folding.views import Views


@dataclass(frozen=True, slots=True)
class Told:
    """What the desk remembers of an article beside its arrays, for explaining and for time. `day` counts from 1970."""

    id: str
    day: float | None
    source: str
    kind: Kind
    names: tuple[str, ...]
    words: tuple[str, ...]


def told_of(views: Views) -> Told:
    """What is remembered of an article."""
    return Told(views.id, views.day, views.source, views.kind, views.shown_names, views.shown_words)


class Roster:
    """Articles by number and by id, their stories, and which stories were touched since the last repair."""

    def __init__(self) -> None:
        self.told: dict[int, Told] = {}
        self.number: dict[str, int] = {}
        self.story: dict[int, str] = {}
        self.members: dict[str, list[int]] = {}
        self.touched: set[int] = set()

    def enter(self, number: int, told: Told) -> None:
        """Notes an article that has come; it is in no story yet."""
        self.told[number] = told
        self.number[told.id] = number

    def forget(self, number: int) -> str:
        """Takes an article out of everything and returns its id; its story lives on while others are in it."""
        told = self.told.pop(number)
        del self.number[told.id]
        self.touched.discard(number)
        self.leave(number)
        return told.id

    def join(self, number: int, story: str) -> None:
        """Puts an article that is in no story into one."""
        self.story[number] = story
        self.members.setdefault(story, []).append(number)
        self.touched.add(number)

    def leave(self, number: int) -> None:
        """Takes an article out of its story."""
        story = self.story.pop(number)
        self.members[story].remove(number)
        if not self.members[story]:
            del self.members[story]

    def move(self, number: int, story: str) -> None:
        """Moves an article into a story, if it is not there."""
        if self.story[number] != story:
            self.leave(number)
            self.join(number, story)

    def ids(self, story: str) -> tuple[str, ...]:
        """The articles of a story by arrival; none where there is no such story."""
        return tuple(self.told[number].id for number in sorted(self.members.get(story, ())))

    def dump(self) -> dict[str, Any]:
        """Everything, as JSON can write it."""
        rows = [
            [number, t.id, t.day, t.source, t.kind.value, list(t.names), list(t.words)]
            for number, t in self.told.items()
        ]
        return {"told": rows, "members": self.members, "touched": sorted(self.touched)}

    @classmethod
    def load(cls, held: dict[str, Any]) -> Roster:
        """What `dump` gave."""
        roster = cls()
        for number, told in _told_rows(held["told"]):
            roster.enter(number, told)
        roster.members = held["members"]
        roster.story = {number: story for story, numbers in roster.members.items() for number in numbers}
        roster.touched = set(held["touched"])
        return roster


def _told_rows(rows: list[Any]) -> Iterator[tuple[int, Told]]:
    """What each row remembers."""
    for number, article, day, source, kind, names, words in rows:
        yield number, Told(article, day, source, Kind(kind), tuple(names), tuple(words))
