"""Tells which of a reader's own groups of publishers do not have a story although comparable groups do; it blames none.

That few publishers of a small group have a story is chance more often than not. So a group is told of only where it would
hardly have missed the story if those who have it were drawn from all at random (hypergeometric).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

# A group has so many active publishers, and a story is with so many before it is asked who has it not.
FEWEST_IN_GROUP: Final = 3
FEWEST_COVERING: Final = 3
# How likely it may be that all of a group are without a story by chance.
BY_CHANCE: Final = 0.15
MOST_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """A group of so many publishers of which none has a story: by country, medium, owner or folder, and its name."""

    by: str
    name: str
    publishers: int


def blind_spots(belongs: Mapping[int, Collection[tuple[str, str]]], covering: Collection[int]) -> list[BlindSpot]:
    """The groups without a story, the largest first. `belongs` has every active publisher with its groups (by, name).

    Another group of the same kind, as large as need be, must have the story; of groups with the same members one is told.
    """
    having = set(covering) & belongs.keys()
    if len(having) < FEWEST_COVERING:
        return []
    members: dict[tuple[str, str], set[int]] = defaultdict(set)
    for publisher, own in belongs.items():
        for group in own:
            members[group].add(publisher)
    large = {group: its for group, its in members.items() if len(its) >= FEWEST_IN_GROUP}
    kinds = {by for (by, _), its in large.items() if its & having}
    found: dict[frozenset[int], BlindSpot] = {}
    for (by, name), its in sorted(large.items(), key=lambda one: (-len(one[1]), one[0])):
        if by in kinds and not its & having and chance(len(belongs), len(having), len(its)) <= BY_CHANCE:
            found.setdefault(frozenset(its), BlindSpot(by, name, len(its)))
    return list(found.values())[:MOST_SHOWN]


def chance(publishers: int, having: int, group: int) -> float:
    """How likely a group of some publishers has none of those that have a story, were they drawn at random."""
    return comb(publishers - group, having) / comb(publishers, having)


def groups_of(facts: Mapping[str, str], folders: Sequence[str]) -> list[tuple[str, str]]:
    """The groups of a publisher by its facts (country, medium, owner) and the folders of its feeds."""
    return [(by, name) for by, name in facts.items() if name] + [("folder", name) for name in folders]
