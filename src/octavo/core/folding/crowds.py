"""Gathers stories of headlines that are so many that no article's neighbour list holds them: each is read as one text.

Of three hundred headlines on one event, two hardly share a word or a neighbour, but ten of them read as one text do. So
where headlines crowd, the stories found so far are judged as if each were an article, over again, each time asking for
more. It touches no story of articles that have a text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from octavo.core.folding.evidence import (
    LEAST_LEVEL,
    OWN,
    STRANGERS,
    Stage,
    StoryWeights,
    judge_pairs,
    pairs_among,
)
from octavo.core.folding.sparse import weigh
from octavo.core.folding.stories import Constraints, Link, merge, ordered
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import Views, count_stems
from octavo.core.folding.window import Floats, Window

# The log-odds that each further gathering asks for: what is read as one text says more, and must say it more clearly.
GATHERS: Final = (0.0, 1.5, 3.0, 4.0)
# Strangers' nearness in proportion to an article's own level, from which its neighbourhood is a crowd. An ordinary
# stream of headlines has 0.1 to 0.3, one with hundreds on an event 0.5 to 0.7.
CROWDED: Final = 0.35
# Neighbours over which crowding is smoothed.
AROUND: Final = 12
# A word stands in a gathered title where this share of its headlines has it; at most so many do.
TITLE_SHARE: Final = 0.3
TITLE_WORDS: Final = 12

Group = list[int]


def crowding(window: Window) -> Callable[[Sequence[int]], float]:
    """A function that tells how crowded the neighbourhood of some articles is, as the window is now."""
    known = min(window.count, window.capacity)
    near, ids = window.nearness[:known], window.neighbours[:known]
    order = np.argsort(-near, axis=1, kind="stable")
    near, ids = np.take_along_axis(near, order, 1), np.take_along_axis(ids, order, 1)[:, :AROUND]
    ratio = near[:, STRANGERS:].mean(axis=1) / np.maximum(near[:, :OWN].mean(axis=1), LEAST_LEVEL)
    there = ids >= window.oldest
    around = (ratio[np.where(there, ids % window.capacity, 0)] * there).sum(axis=1)
    smooth = (ratio + around) / (1 + there.sum(axis=1))
    return lambda numbers: float(smooth[np.array(numbers) % window.capacity].mean())


def crowds(groups: Sequence[Group], headlines: Mapping[int, Views], window: Window) -> list[Group]:
    """Those of some groups that are headlines alone and stand in a crowd; `headlines` has the articles without a text."""
    if not headlines:
        return []
    crowd_of = crowding(window)
    return [group for group in groups if all(n in headlines for n in group) and crowd_of(group) >= CROWDED]


def gather(
    groups: Sequence[Group],
    headlines: Mapping[int, Views],
    vector_of: Callable[[int], Floats | None],
    terms: Terms,
    weights: StoryWeights,
    constraints: Constraints,
) -> list[Group]:
    """Gathers groups of crowded headlines into stories."""
    found = [list(group) for group in groups]
    for asked in GATHERS:
        window = Window(max(len(found), 1))
        for group in found:
            views = as_one([headlines[number] for number in group])
            window.add(weigh(views, terms), mean_vector([vector_of(number) for number in group]))
        pairs = pairs_among(window, np.arange(len(found)))
        odds = judge_pairs(pairs, weights, Stage.REPAIR)
        links = [Link(*pair) for pair in zip(pairs.left.tolist(), pairs.right.tolist(), odds.tolist(), strict=True)]
        merged = merge(range(len(found)), links, _between(found, constraints), asked)
        if len(merged) == len(found):
            break
        found = [sorted(number for place in places for number in found[place]) for places in merged]
    return found


def as_one(headlines: Sequence[Views]) -> Views:
    """The views of several headlines read as one text: its title is what many say, its body every word in turn."""
    words = Counter(stem for one in headlines for stem in set(one.title))
    ranked = sorted(words, key=lambda stem: (-words[stem], stem))
    names: Counter[str] = Counter()
    figures: Counter[str] = Counter()
    for one in headlines:
        names.update(one.names)
        figures.update(one.numbers)
    common = TITLE_SHARE * len(headlines)
    title = [stem for stem in ranked[:TITLE_WORDS] if words[stem] >= common]
    body = [stem for stem in ranked for _ in range(words[stem])]
    leading = frozenset(stem for stem, count in names.items() if count >= common)
    return replace(headlines[0], counts=count_stems(title, body, names, leading, figures))


def mean_vector(vectors: Sequence[Floats | None]) -> Floats | None:
    """The mean of the vectors that are there; None where none is."""
    there = [vector for vector in vectors if vector is not None]
    return np.mean(there, axis=0, dtype=np.float32) if there else None


def _between(groups: Sequence[Group], constraints: Constraints) -> Constraints:
    """The corrections between groups, by the groups' places."""
    place = {number: at for at, group in enumerate(groups) for number in group}
    apart = {
        ordered(place[left], place[right]) for left, right in constraints.apart if left in place and right in place
    }
    return Constraints(apart=apart)
