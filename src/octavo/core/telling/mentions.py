"""Chooses which mention beside a quote is its speaker, or none; whom the mention means is decided in naming.py.

Mentions are what the labels take for a source, and names, pronouns and likely words besides. They are ranked by a linear
model of where they stand: on which side, how far, what stands between.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from octavo.core.telling.attribution import BETWEEN, SOURCE, Labelled, bucket
from octavo.core.telling.tokens import Words
from octavo.core.telling.words import words_of

PRONOUNS = words_of("i he she they we it you who him her them us this that one those these which")
# So many mentions on either side of a quote are weighed.
MOST_ON_A_SIDE = 5
# How far behind the best label that of a source may be where a mention is weighed all the same.
LIKELY = -6.0
# How much more likely 'nobody named here' must be than the best mention before no speaker is told.
RATHER_NONE = 1.0
# A quote goes on behind its speaker where so many words on: the stop that ends the sentence, and its own first.
GOES_ON = 2
# Verbs that labels sometimes take into the source before or behind them; none of them names anybody.
_VERBS = words_of(
    "said says say saying told tells asked wrote added noted argued announced has have had was were is are been be"
)
# Whoever is told of by one of these behind a quote ('said one', 'said another') is none of those named before it.
_UNNAMED = words_of("one another some others several somebody someone two three four many few both most neither")
_TELLING = words_of("said says added asked wrote replied told explained recalled")
_JOINING = words_of("of and de la del von van der den bin al el du des da for")
NO_NAME = words_of(
    """the a an in on at by for from with after before as but and if when while since although though however
    what where how why there here then now so yet not no yes his her their its our my your monday tuesday wednesday thursday
    friday saturday sunday january february march april may june july august september october november december"""
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that may name a speaker, by their numbers, both included; `kind` is source, pronoun, name or likely."""

    first: int
    last: int
    kind: str


@dataclass(frozen=True, slots=True)
class Told:
    """Words that are told of another, by their numbers, both included; `kind` is direct, mixed or indirect."""

    first: int
    last: int
    kind: str


@dataclass(frozen=True)
class Scene:
    """A text with its quotes and mentions in order. `told_at` has the number of the quote that each word is in, or -1;
    `sentence` the number of its sentence."""

    words: Words
    labelled: Labelled
    told: Sequence[Told]
    told_at: Sequence[int]
    sentence: Sequence[int]
    mentions: Sequence[Mention]


def scene(words: Words, labelled: Labelled, told: Sequence[Told]) -> Scene:
    """Finds the mentions of a text outside of its quotes."""
    told_at = [-1] * len(words)
    for number, one in enumerate(told):
        told_at[one.first : one.last + 1] = [number] * (one.last + 1 - one.first)
    closes = [
        (end and inside < 0) or not words.goes_on(at)
        for at, (end, inside) in enumerate(zip(words.ends, told_at, strict=True))
    ]
    sentence = list(accumulate(closes, initial=0))
    return Scene(words, labelled, told, told_at, sentence, list(_mentions(words, labelled, told_at)))


def _mentions(words: Words, labelled: Labelled, told_at: Sequence[int]) -> Iterator[Mention]:
    is_source = [label == SOURCE for label in labelled.labels]
    runs = {
        "source": is_source,
        "name": [not source and _in_name(words, at) for at, source in enumerate(is_source)],
        "likely": [not source and lead > LIKELY for source, lead in zip(is_source, labelled.source_lead, strict=True)],
    }
    at = 0
    while at < len(words):
        kind = "" if told_at[at] >= 0 else _kind(words.forms[at], is_source[at], runs["likely"][at])
        last = at
        while kind in runs and words.goes_on(last) and told_at[last + 1] < 0 and runs[kind][last + 1]:
            last += 1
        while kind == "name" and not words.forms[last][0].isupper():
            last -= 1
        if kind == "source":
            yield from _without_verbs(words, at, last)
        elif kind:
            yield Mention(at, last, kind)
        at = last + 1


def _kind(form: str, is_source: bool, is_likely: bool) -> str:
    """What kind of mention a word begins; nothing where it begins none."""
    if is_source:
        return "source"
    if form.lower() in PRONOUNS:
        return "pronoun"
    if form[0].isupper() and form.lower() not in NO_NAME:
        return "name"
    return "likely" if is_likely and form[0].isalpha() else ""


def _without_verbs(words: Words, first: int, last: int) -> Iterator[Mention]:
    """A source without verbs and marks before it and verbs behind it; nothing where there is nothing else."""
    while first <= last and not _may_begin(words.forms[first]):
        first += 1
    while last > first and words.forms[last].lower() in _VERBS:
        last -= 1
    if first <= last:
        yield Mention(first, last, "source")


def _may_begin(form: str) -> bool:
    return form[0].isalnum() and form.lower() not in _VERBS


def _in_name(words: Words, at: int) -> bool:
    form = words.forms[at]
    return form[0].isupper() or form in _JOINING or (form == "." and not words.ends[at])


def candidates(of: Scene) -> Iterator[tuple[Told, list[tuple[Mention, list[str]]], list[str]]]:
    """Each quote with its mentions and what speaks for each, and what speaks for nobody."""
    firsts = [mention.first for mention in of.mentions]
    for told in of.told:
        behind = bisect_left(firsts, told.first)
        near = range(max(0, behind - MOST_ON_A_SIDE), min(len(firsts), behind + MOST_ON_A_SIDE))
        found = []
        for number in near:
            mention = of.mentions[number]
            if _may_speak(of.words, told, mention):
                between = behind - 1 - number if number < behind else number - behind
                found.append((mention, features(of, told, mention, between)))
        yield told, found, none_features(of, told, len(found))


def _may_speak(words: Words, told: Told, mention: Mention) -> bool:
    """Only in the quote's paragraph, or in the one before where that leads up to it with a colon."""
    here, there = words.paragraph[told.first], words.paragraph[mention.first]
    return there == here or (there == here - 1 and _led_up_to(words, told))


def _led_up_to(words: Words, told: Told) -> bool:
    return words.opens[told.first] and told.first > 0 and words.forms[told.first - 1] in ":,"


def features(of: Scene, told: Told, mention: Mention, between: int) -> list[str]:
    """The names of what speaks for or against a mention; `between` counts the mentions that are nearer on its side."""
    words, labels = of.words, of.labelled.labels
    before = mention.last < told.first
    side, kind, source = "<" if before else ">", told.kind[0], "S" if mention.kind == "source" else "-"
    low, high = (mention.last + 1, told.first) if before else (told.last + 1, mention.first)
    gap = bucket(high - low)
    filled = labels[low:high].count(BETWEEN) if gap < 7 else 0
    away = min(3, abs(of.sentence[told.first if before else told.last] - of.sentence[mention.last]))
    others = min(3, len(set(of.told_at[low:high]) - {-1})) if high - low < 80 else 3
    outer = mention.first - 1 if before else mention.last + 1
    inner = (low if before else high - 1) if high > low else -1
    lead = int(max(-4, min(4, max(of.labelled.source_lead[mention.first : mention.last + 1]))))
    same = words.paragraph[mention.first] == words.paragraph[told.first]
    head = words.opens[mention.first]
    near = min(4, between)
    return [
        f"{side}gap{gap}", f"{side}{kind}gap{gap}", f"{side}{source}gap{gap}", f"{side}{source}others{others}",
        f"{side}{kind}away{away}", f"{side}{source}{kind}away{away}", f"{side}near{near}", f"{side}{source}near{near}",
        f"{side}{mention.kind}", f"{kind}{mention.kind}", f"{side}lead{lead}", f"{source}lead{lead}",
        f"{side}{source}filled{filled == high - low}", f"{side}{source}some{filled > 0}", f"{side}{same}", f"{side}head{head}",
        f"{side}inner {words.forms[inner].lower() if inner >= 0 else ''}",
        f"{side}outer {words.forms[outer].lower() if 0 <= outer < len(words) else ''}", f"last {words.forms[mention.last].lower()}",
    ]  # fmt: skip


def none_features(of: Scene, told: Told, count: int) -> list[str]:
    """The names of what speaks for a quote having no speaker beside it."""
    head = of.words.opens[told.first]
    alone = head and not of.words.goes_on(told.last)
    return ["none", f"none {told.kind}", f"none {min(count, 5)}", f"none {told.kind} head{head} alone{alone}"]


def choose(of: Scene, weights: Mapping[str, float]) -> list[Mention | None]:
    """The speaker's mention of each quote, None where nobody is named beside it."""
    chosen: list[Mention | None] = []
    for told, found, none in candidates(of):
        if (unnamed := _unnamed(of.words, told, chosen[-1] if chosen else None)) is not None:
            chosen.append(unnamed)
            continue
        best, top = None, -math.inf
        for mention, names in found:
            score = sum(weights.get(name, 0.0) for name in names)
            if score > top:
                best, top = mention, score
        nobody = sum(weights.get(name, 0.0) for name in none) - RATHER_NONE
        chosen.append(best if top >= nobody else None)
    return chosen


def _unnamed(words: Words, told: Told, previous: Mention | None) -> Mention | None:
    """'One' of '"...", said one', and again for the quote that goes on right behind it; the weights reach for a name."""
    if told.kind == "indirect":
        return None
    if _tells_of_unnamed(words, told.last + 2):
        same = words.paragraph[told.last] == words.paragraph[told.last + 2]
        return Mention(told.last + 2, told.last + 2, "source") if same else None
    if (
        previous is None
        or not 0 < told.first - previous.last <= GOES_ON
        or not _tells_of_unnamed(words, previous.first)
    ):
        return None
    return previous if words.paragraph[previous.first] == words.paragraph[told.first] else None


def _tells_of_unnamed(words: Words, at: int) -> bool:
    """Whether there is 'one' behind 'said'."""
    if not 0 < at < len(words):
        return False
    return words.forms[at].lower() in _UNNAMED and words.forms[at - 1].lower() in _TELLING
