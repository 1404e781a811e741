"""Decides whether an article shares its text with an earlier one: syndicated, reposted, abridged, updated, rewritten.

Articles that share a text are a group under its earliest text. The newest articles are remembered by numbers, never by
their words; it knows no story and keeps nothing on disk. When two texts are one is told in `sharing.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.agency import agency_of
from octavo.core.folding.alignment import Alignment, Sorted, Span, align, ends_before_next, lone_spans, sort_shingles
from octavo.core.folding.kinds import Kind, recognise
from octavo.core.folding.postings import Postings
from octavo.core.folding.sharing import Likeness, Weights, compare_titles, is_copy, measure, rarity, word_weights
from octavo.core.folding.text_groups import TextGroups
from octavo.core.folding.window import WINDOW
from octavo.core.folding.wording import (
    LEAST_SAMPLED,
    SAMPLED,
    Hashes,
    Numbers,
    Places,
    Wording,
    count_words,
    pack,
    read_wording,
    sample,
    shingles,
    unpack,
    unpack_numbers,
    word_numbers,
)
from octavo.core.types import Article
from octavo.core.words import forms

# Candidates that are compared word by word, and the sampled shingles that make one: in number and as a share.
CANDIDATES: Final = 6
LEAST_SAMPLES: Final = 2
LEAST_SAMPLED_SHARE: Final = 0.10
# How much of the shorter text must be shared for a text to show that two groups are one.
JOINS_GROUPS: Final = 0.75
# Words of a title that are no longer tell nothing in languages of Latin script.
LONGEST_LITTLE_WORD: Final = 3
MOULDED: Final = frozenset({Kind.LISTING, Kind.DIGEST, Kind.WEATHER, Kind.HOROSCOPE})

State = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class CopyDecision:
    """What an article shares with earlier ones.

    `copy_of` is the earliest text of its group by arrival, None where it opens one. `nearest` is the text that it is most
    alike, told also where the two are no copies; `shared` is the share of its own words that stand there. `added` are the
    spans that stand in this text alone and `cut` those of the nearest that are not here, in code points, the longest of
    them and of copies only; a cut span ends where the next word starts. `joined` are the earliest texts of other groups
    that this text shows to be one with its own. `agency` is the wire that it credits, empty where it credits none.
    """

    article: str
    copy_of: str | None = None
    nearest: str | None = None
    shared: float = 0.0
    added: tuple[Span, ...] = ()
    cut: tuple[Span, ...] = ()
    joined: tuple[str, ...] = ()
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """An article made ready to be compared. `ends` are the places where its words end."""

    id: str
    source: str
    wording: Wording
    ends: Places
    hashes: Hashes
    sampled: Places
    title: Numbers
    is_moulded: bool
    agency: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an article in the window: some two and a half bytes a word."""

    id: str
    source: str
    wording: bytes
    title: bytes
    is_moulded: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate and how it compares. `alike` is the shared part of both together, 0 to 1."""

    number: int
    like: Likeness
    alignment: Alignment
    alike: float


def read(article: Article) -> Read:
    """Makes an article ready to be compared; the costly half of an arrival, and it needs no window."""
    wording, ends = read_wording(article.text)
    hashes = shingles(wording.numbers)
    title = word_numbers(form for form in forms(article.title) if _tells(form))
    return Read(
        article.id,
        intern(article.source),
        wording,
        ends,
        hashes,
        sample(hashes),
        title,
        recognise(article) in MOULDED,
        agency_of(article.text),
    )


def _tells(form: str) -> bool:
    """Whether a word of a title tells something."""
    return len(form) > LONGEST_LITTLE_WORD or form.isdecimal() or not form.isascii()


class Copies:
    """The shared texts of the newest `window` articles. Deterministic; not safe to share between threads.

    The cost of an article grows neither with the window nor with how often its text was published.
    """

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._count = 0
        self._postings = Postings(window)
        self._kept: dict[int, Kept] = {}
        self._number: dict[str, int] = {}
        self._groups = TextGroups(window)

    # ------------------------------------------------------------------ arrival

    def arrive(self, article: Article) -> CopyDecision:
        """Compares an article with those before it and keeps it. ValueError where its id is already here."""
        return self.take(read(article))

    def take(self, text: Read) -> CopyDecision:
        """As `arrive`, for an article that has been read."""
        self._refuse_twice(text.id)
        found = self._compare(text)
        decision = self._decide(text, found, [one for one in found if is_copy(one.like)])
        self._keep(text, decision)
        return decision

    def place(self, article: Article, decision: CopyDecision) -> None:
        """Keeps an article as it was decided before, to rebuild a window. ValueError where its id is already here."""
        self._refuse_twice(article.id)
        self._keep(read(article), decision)

    def group_of(self, article: str) -> str:
        """The earliest text of an article's group, itself where it stands alone. KeyError where it is not in the window."""
        return self._first(self._groups.of(self._number[article]))

    def _refuse_twice(self, name: str) -> None:
        """ValueError where an article is in the window."""
        if name in self._number:
            raise ValueError(f"{name} is already here")

    def _decide(self, text: Read, found: Sequence[Found], copies: Sequence[Found]) -> CopyDecision:
        """The decision, from what was found and which of that are copies; the most alike first in both."""
        if not found:
            return CopyDecision(text.id, agency=text.agency)
        nearest = (copies or found)[0]
        kept, same = self._kept[nearest.number], nearest.alignment.left_same
        shared = round(float(same.mean()), 4)
        if not copies:
            return CopyDecision(text.id, None, kept.id, shared, agency=text.agency)
        first, *joined = (self._first(group) for group in self._groups_of(copies))
        other = unpack(kept.wording)
        added = lone_spans(same, text.wording.starts, text.ends)
        cut = lone_spans(nearest.alignment.right_same, other.starts, ends_before_next(other))
        return CopyDecision(text.id, first, kept.id, shared, added, cut, tuple(joined), text.agency)

    def _groups_of(self, copies: Sequence[Found]) -> list[int]:
        """The groups that a text belongs to, the earliest first: the nearest one's, and those it shows to be the same."""
        sure = (one for one in copies[1:] if one.like.shorter >= JOINS_GROUPS and one.like.heads == 2)
        return sorted({self._groups.of(one.number) for one in (copies[0], *sure)})

    # -------------------------------------------------------------- comparing

    def _compare(self, text: Read) -> list[Found]:
        """The texts that share a passage with one, the most alike first."""
        rows, numbers = self._holders(text.hashes[text.sampled])
        groups = self._groups.of_each(numbers)
        candidates = self._candidates(text, rows, numbers, groups)
        if not candidates:
            return []
        ordered = sort_shingles(text.hashes, len(text.wording))
        found = [self._compared(text, ordered, rows, groups, number) for number in candidates]
        return sorted((one for one in found if one.alike > 0), key=lambda one: (-one.alike, one.number))

    def _holders(self, sampled: Hashes) -> tuple[Places, Places]:
        """Which sampled shingles are held by which articles; by those alone that hold several, so no common phrase counts."""
        rows, numbers = self._postings.find(sampled, self._count)
        if not len(numbers):
            return rows, numbers
        _, index, held = np.unique(numbers, return_inverse=True, return_counts=True)
        several = held[index] >= LEAST_SAMPLES
        return rows[several], numbers[several]

    def _candidates(self, text: Read, rows: Places, numbers: Places, groups: Places) -> list[int]:
        """The articles that hold the most of a text's sampled shingles, the rare ones counting more; the earliest first."""
        if not len(numbers):
            return []
        who, index = np.unique(numbers, return_inverse=True)
        held = np.bincount(index)
        weight = np.bincount(index, rarity(rows, groups, len(text.sampled))[rows])
        best = np.argsort(-weight, kind="stable")[:CANDIDATES]
        return [number for number, count in zip(who[best].tolist(), held[best].tolist(), strict=True)
                if count >= LEAST_SAMPLED_SHARE * self._comparable(text, number)]  # fmt: skip

    def _comparable(self, text: Read, number: int) -> float:
        """About how many sampled shingles two texts would have in common if one were a part of the other."""
        mine, others = len(text.wording), count_words(self._kept[number].wording)
        return min(mine, others) * min(len(text.sampled) / mine, max(1 / SAMPLED, LEAST_SAMPLED / others))

    def _compared(self, text: Read, ordered: Sorted, rows: Places, groups: Places, number: int) -> Found:
        """A candidate, word by word."""
        kept, group = self._kept[number], self._groups.of(number)
        numbers = unpack_numbers(kept.wording)
        hashes = shingles(numbers)
        both = align(ordered, hashes, len(numbers))
        left = word_weights(text.sampled, rarity(rows, groups, len(text.sampled), group), len(text.wording))
        right = self._weights_of(hashes, group, len(numbers))
        like = measure(
            both,
            left,
            right,
            compare_titles(text.title, text.wording.numbers, np.frombuffer(kept.title, np.uint16), numbers),
            one_publisher=bool(text.source) and text.source == kept.source,
            moulded=text.is_moulded or kept.is_moulded,
        )
        shared, whole = float(left[both.left].sum()), float(left.sum() + right.sum())
        return Found(number, like, both, shared / (whole - shared) if whole > shared else 0.0)

    def _weights_of(self, hashes: Hashes, group: int, words: int) -> Weights:
        """What each word of a text weighs that is here, in a group."""
        sampled = sample(hashes)
        rows, numbers = self._holders(hashes[sampled])
        held = rarity(rows, self._groups.of_each(numbers), len(sampled), group)
        return word_weights(sampled, held, words)

    # ---------------------------------------------------------------- keeping

    def _keep(self, text: Read, decision: CopyDecision) -> None:
        """Keeps a text under its group; the article that has become too old goes."""
        self._forget(self._count - self._window)
        kept = Kept(text.id, text.source, pack(text.wording), text.title.tobytes(), text.is_moulded)
        self._remember(kept, text.hashes[text.sampled], self._group_for(decision))

    def _remember(self, kept: Kept, sampled: Hashes, group: int) -> None:
        """Takes an article as the newest."""
        number = self._count
        self._kept[number], self._number[kept.id] = kept, number
        self._groups.enter(number, group)
        self._postings.add(sampled, number)
        self._count += 1

    def _first(self, group: int) -> str:
        """The earliest text of a group."""
        return self._groups.outlived_by(group) or self._kept[group].id

    def _group_named(self, first: str) -> int | None:
        """The group of an earliest text; None where none of it is in the window."""
        number = self._number.get(first)
        return self._groups.outliving(first) if number is None else self._groups.of(number)

    def _group_for(self, decision: CopyDecision) -> int:
        """The group that a decision puts the next article into; those that it joins become one."""
        if decision.copy_of is None:
            return self._count
        group = self._group_named(decision.copy_of)
        if group is None:
            group = self._count
            self._groups.outlive(group, decision.copy_of)
        for first in decision.joined:
            self._groups.merge(self._group_named(first), group)
        return group

    def _forget(self, number: int) -> None:
        """Takes an article that has become too old out of everything; the postings overwrite what is old by themselves."""
        kept = self._kept.pop(number, None)
        if kept is None:
            return
        del self._number[kept.id]
        self._groups.leave(number, kept.id)

    # ------------------------------------------------------------------- state

    def dump(self) -> State:
        """All that it knows, as arrays: what `load` makes of them decides as this one would."""
        numbers = sorted(self._kept)
        kept = [self._kept[number] for number in numbers]
        told = {
            "ids": [one.id for one in kept],
            "sources": [one.source for one in kept],
            "outlived": self._groups.outlived(),
        }
        return {
            "count": np.array([self._count], np.int64),
            "told": np.frombuffer(json.dumps(told).encode("ascii"), np.uint8),
            "groups": np.array([self._groups.of(number) for number in numbers], np.int64),
            "moulded": np.array([one.is_moulded for one in kept], np.bool_),
            **_joined("wordings", [one.wording for one in kept]),
            **_joined("titles", [one.title for one in kept]),
        }

    @classmethod
    def load(cls, state: Mapping[str, NDArray[Any]], window: int = WINDOW) -> Copies:
        """One that knows what was dumped, with the same window. KeyError or ValueError where the state is torn."""
        told = json.loads(state["told"].tobytes())
        made = cls(window)
        made._count = int(state["count"][0]) - len(told["ids"])
        for group, first in told["outlived"]:
            made._groups.outlive(group, first)
        wordings, titles = _parted(state, "wordings"), _parted(state, "titles")
        sources = [intern(source) for source in told["sources"]]
        kept = map(Kept, told["ids"], sources, wordings, titles, state["moulded"].tolist())
        for one, group in zip(kept, state["groups"].tolist(), strict=True):
            hashes = shingles(unpack_numbers(one.wording))
            made._remember(one, hashes[sample(hashes)], group)
        made._groups.count(state["groups"].tolist())
        return made


def _joined(name: str, parts: Sequence[bytes]) -> State:
    """Some byte strings as one array, and where each ends."""
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    return {name: np.frombuffer(b"".join(parts), np.uint8), f"{name}_ends": ends}


def _parted(state: Mapping[str, NDArray[Any]], name: str) -> list[bytes]:
    """The byte strings that were joined."""
    whole, ends = state[name].tobytes(), state[f"{name}_ends"].tolist()
    return [whole[start:end] for start, end in zip([0, *ends], ends, strict=False)]
