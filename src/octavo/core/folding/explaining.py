"""Tells why articles are one story: what most of them share, their times, and their strongest links. It decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from octavo.core.folding.roster import Roster, Told
from octavo.core.folding.stories import Link

# Names and links shown of a story.
SHOWN_NAMES: Final = 8
SHOWN_LINKS: Final = 5


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


def explained(story: str, roster: Roster, links: Sequence[Link]) -> Explanation:
    """Why the articles of a story are together; `links` are those among them."""
    told = [roster.told[number] for number in sorted(roster.members[story])]
    days = [one.day for one in told if one.day is not None]
    best = sorted(links, key=lambda link: (-link.odds, link.left, link.right))[:SHOWN_LINKS]
    return Explanation(
        story,
        tuple(one.id for one in told),
        common([one.names for one in told]),
        common([one.words for one in told]),
        min(days, default=None),
        max(days, default=None),
        tuple(reason(roster.told[link.left], roster.told[link.right], link.odds) for link in best),
    )


def reason(left: Told, right: Told, odds: float) -> Reason:
    """A link as it is told to a reader."""
    others = set(right.names)
    names = tuple(name for name in left.names if name in others)[:SHOWN_NAMES]
    days = None if left.day is None or right.day is None else abs(left.day - right.day)
    return Reason(left.id, right.id, round(odds, 2), names, days)


def common(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """What stands in at least half of some lists, and in two where there are two: the commonest first."""
    counts = Counter(word for words in lists for word in dict.fromkeys(words))
    least = max(min(2, len(lists)), len(lists) / 2)
    return tuple(word for word, count in counts.most_common() if count >= least)[:SHOWN_NAMES]
