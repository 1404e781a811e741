"""Aligns one quote across the articles of a story: who printed it, how much of it, and where its words differ.

Only words in quotation marks are compared. Two are one quote where most of the shorter stands in the longer, word for
word in order; whether a difference is an error it does not judge.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from octavo.core.telling.marks import marked_spans
from octavo.core.telling.quotes import Quote
from octavo.core.telling.words import words_of
from octavo.core.words import forms, words

# Quotes are met by runs of so many words; shorter ones only by all of their words and one speaker.
RUN = 4
# Two are one quote where this share of the shorter's runs stands in the longer.
SHARED = 0.5
# A single word or two in marks ('historic') are nobody's in particular.
FEWEST_WORDS = 3
# A run that so many quotes hold is a phrase of the language and tells nothing.
COMMON = 50
# A story's quotes are looked for in so many of its texts, and in so much of each: finding them is what telling costs most.
MOST_TEXTS = 16
LONGEST_TEXT = 3_000
# Wordings are compared word by word so far.
LONGEST = 150


_NOBODY = words_of(
    "he she they it i we you one who the a an this that these those his her their its some both many says said"
)
_NO_NAMES = words_of("عبر في من على إلى عن مع بعد قبل خلال ضاحكا قائلا")


class Relation(StrEnum):
    """How a variant stands to the fullest wording: it is that, a part of it, or has other words."""

    FULLEST = "fullest"
    PART = "part"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Printed:
    """A quote where an article prints it."""

    article: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording of a quote, verbatim as its first article has it, and where it is printed."""

    text: str
    relation: Relation
    printed: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One quote in all its wordings, the fullest first; `speakers` are all whom articles give it to, the commonest first."""

    speakers: tuple[str, ...]
    variants: tuple[Variant, ...]

    @property
    def articles(self) -> int:
        """How many articles print it."""
        return len({one.article for variant in self.variants for one in variant.printed})


@dataclass(frozen=True, slots=True)
class _Wording:
    text: str
    words: tuple[str, ...]
    printed: Printed

    def runs(self) -> set[tuple[str, ...]]:
        return {self.words[at : at + RUN] for at in range(len(self.words) - RUN + 1)}


def ledger(printed: Iterable[Printed]) -> list[Entry]:
    """The quotes of a story's articles, each once, those that most articles print first. Linear in their words."""
    wordings = [wording for one in printed for wording in _wordings(one)]
    entries = [_entry([wordings[at] for at in group]) for group in _groups(wordings)]
    return sorted(entries, key=lambda entry: -entry.articles)


def is_named(speaker: str) -> bool:
    """Whether a speaker is somebody that a reader knows again: a name or an office, no 'she' and no verb.

    Where letters have no capitals, two words are a name or an office with one.
    """
    told = speaker.split()
    if any(word[0].isupper() and word.lower() not in _NOBODY for word in told):
        return True
    is_caseless = speaker.lower() == speaker.upper()
    return is_caseless and len(told) > 1 and told[0] not in _NO_NAMES


def differences(text: str, fullest: str) -> list[tuple[int, int]]:
    """The spans of a wording, in code points, whose words the fullest does not have at that place; at most LONGEST words."""
    mine = list(words(text))[:LONGEST]
    matcher = SequenceMatcher(None, [one.form for one in mine], forms(fullest, LONGEST), autojunk=False)
    changed = [(i, j) for tag, i, j, _k, _l in matcher.get_opcodes() if tag != "equal" and j > i]
    return [(mine[i].start, mine[j - 1].end) for i, j in changed]


def _wordings(printed: Printed) -> Iterator[_Wording]:
    """What of a quote stands in marks, stretch by stretch."""
    if printed.quote.kind == "indirect":
        return
    text = printed.quote.text
    for span in marked_spans(text):
        inner = text[span.start + 1 : span.end - span.closed].strip().rstrip(",;")
        its = tuple(forms(inner))
        if len(its) >= FEWEST_WORDS:
            yield _Wording(inner, its, printed)


def _groups(wordings: Sequence[_Wording]) -> list[list[int]]:
    """The numbers of the wordings of each quote. The longest come first, so that parts find what they are part of."""
    group_of: dict[int, int] = {}
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    short: dict[tuple[str, tuple[str, ...]], int] = {}
    for at in sorted(range(len(wordings)), key=lambda at: (-len(wordings[at].words), at)):
        wording = wordings[at]
        runs = wording.runs()
        met = Counter(holder for run in sorted(runs) for holder in holders.get(run, ()))
        best, shared = min(met.items(), key=lambda pair: (-pair[1], pair[0]), default=(at, 0))
        if runs and shared >= SHARED * len(runs):
            group_of[at] = group_of[best]
        else:
            group_of[at] = short.setdefault((wording.printed.quote.speaker, wording.words), at) if not runs else at
        for run in runs:
            if len(holders[run]) < COMMON:
                holders[run].append(at)
    groups: dict[int, list[int]] = defaultdict(list)
    for at in range(len(wordings)):
        groups[group_of[at]].append(at)
    return list(groups.values())


def _entry(wordings: Sequence[_Wording]) -> Entry:
    """The entry of wordings of one quote, the fullest wording first, then in their order."""
    same: dict[tuple[str, ...], list[_Wording]] = defaultdict(list)
    for wording in wordings:
        same[wording.words].append(wording)
    fullest = max(same, key=len)
    order = [fullest, *(its for its in same if its != fullest)]
    variants = tuple(
        Variant(same[its][0].text, _relation(its, fullest), tuple(one.printed for one in same[its])) for its in order
    )
    speakers = Counter(one.printed.quote.speaker for one in wordings if one.printed.quote.speaker)
    return Entry(tuple(name for name, _ in speakers.most_common()), variants)


def _relation(its: tuple[str, ...], fullest: tuple[str, ...]) -> Relation:
    if its == fullest:
        return Relation.FULLEST
    return Relation.PART if f" {' '.join(its)} " in f" {' '.join(fullest)} " else Relation.DIFFERS
