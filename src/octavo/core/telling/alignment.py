"""Lays a sentence beside the one that it retells, and finds where it says something else in the same place.

It judges nothing: it gives the words that stand in each other's place, those that were put in and those left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from octavo.core.telling.sentences import sentences
from octavo.core.telling.verbs import lemma_of

# Sentences retell each other where so many of the words of the shorter one run alike; fewer words run alike by chance.
ALIKE, FEWEST_ALIKE = 0.5, 4
# Longer differences are another wording, not another fact.
LONGEST: Final = 8
_TOKEN: Final = re.compile(r"[^\W_]+(?:[’'.,&-][^\W_]+)*|[$€£%]")


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a claim (`told`) in the place of words of a cited sentence (`cited`), one of them '' where none stand.

    `before` and `after` are the words around them in the claim, `alike` the share of the shorter sentence that is the same,
    `elsewhere` the other cited sentences. `opens` tells that `cited` opens its sentence.
    """

    told: str
    cited: str
    before: str
    after: str
    told_at: int
    alike: float
    opens: bool = False
    elsewhere: str = ""


def differences(told: str, passages: Sequence[str], language: str) -> list[Difference]:
    """Where a claim differs from the cited sentences that it runs along, the better ones first.

    What another sentence, running along as far, has word for word is no difference.
    """
    mine = list(_TOKEN.finditer(told))
    forms = [lemma_of(token[0], language) for token in mine]
    aligned = []
    pieces = [p[start:end] for p in passages for start, end in sentences(p)]
    for sentence in pieces:
        theirs = list(_TOKEN.finditer(sentence))
        matcher = SequenceMatcher(None, forms, [lemma_of(token[0], language) for token in theirs], autojunk=False)
        alike = sum(block.size for block in matcher.get_matching_blocks())
        if alike >= max(FEWEST_ALIKE, ALIKE * min(len(mine), len(theirs))):
            share = alike / min(len(mine), len(theirs))
            aligned.append((alike, share, sentence, theirs, matcher.get_opcodes()))
    found: list[Difference] = []
    agreed: set[int] = set()
    for _, share, sentence, theirs, steps in sorted(aligned, key=lambda one: -one[0]):
        found += [
            d for d in _of(told, mine, sentence, theirs, steps, share) if not agreed >= set(range(*_places(d, mine)))
        ]
        agreed |= {k for kind, a, b, _, _ in steps if kind == "equal" and b - a > 1 for k in range(a, b)}
    return found


def _places(difference: Difference, mine: Sequence[re.Match[str]]) -> tuple[int, int]:
    """The numbers of the claim's words in a difference; those around it where it only leaves words out."""
    first = difference.told_at
    count = len(_TOKEN.findall(difference.told))
    return (first, first + count) if count else (max(0, first - 1), min(len(mine), first + 1))


def _of(
    told: str,
    mine: Sequence[re.Match[str]],
    sentence: str,
    theirs: Sequence[re.Match[str]],
    steps: Sequence[tuple[str, int, int, int, int]],
    share: float,
) -> list[Difference]:
    """The differences of one alignment that have like words on both sides."""
    found = []
    for place, (kind, a, b, c, d) in enumerate(steps):
        if kind == "equal" or b - a > LONGEST or d - c > LONGEST:
            continue
        left = steps[place - 1] if place else None
        right = steps[place + 1] if place + 1 < len(steps) else None
        held = sum(s[2] - s[1] for s in (left, right) if s)
        if held < 2 or (left is None and right is None):
            continue
        found.append(
            Difference(
                told[mine[a].start() : mine[b - 1].end()] if b > a else "",
                sentence[theirs[c].start() : theirs[d - 1].end()] if d > c else "",
                told[: mine[a].start()] if a < len(mine) else told,
                told[mine[b - 1].end() :] if b else told,
                a,
                share,
                c == 0,
            )
        )
    return found
