"""Composes the views of a story: what all report, what only some or one does, and what sets groups of publishers apart.

It compares within a language alone: across languages no sentence is said to be the same. A shared text is one voice, its
first publisher's; the others who print it are told beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from octavo.core.telling.framing import Group, Source, groups
from octavo.core.telling.retelling import read_texts
from octavo.core.telling.statements import Statement, Voices, statements
from octavo.core.telling.words import base_language
from octavo.core.types import Article

# So many texts of a language are compared, and of one publisher; so many languages are told of.
MOST_TEXTS, MOST_OF_PUBLISHER, MOST_LANGUAGES = 18, 3, 2
# So much of a text is read; of a longer one it is not told that something does not stand there.
READ_CHARACTERS: Final = 30_000
# So many statements are shown that all have, and that some have.
MOST_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Report:
    """An independent text of a story: whose it is, who else prints it, and whether all of it is here."""

    article: Article
    source: Source
    others: tuple[Source, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Voice:
    """A publisher with whole texts of its own, and the publishers that print one of these too."""

    source: Source
    sharing: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Views:
    """The views of the texts of one language; `reports` are their places among those given, which statements number.

    `voices` are in the order of the statements' stands.
    """

    language: str
    reports: tuple[int, ...]
    voices: tuple[Voice, ...]
    all: tuple[Statement, ...]
    some: tuple[Statement, ...]
    alone: tuple[Statement, ...]
    groups: tuple[Group, ...]

    @property
    def has_something(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.all or self.some or self.alone or self.groups)


def views(reports: Sequence[Report], further: Sequence[tuple[str, Article]] = ()) -> list[Views]:
    """The views of a story's independent texts, by language, those of most publishers first; the first given count first.

    `further` are its other texts - shared ones, live ones, comments - with their publishers' names: nothing that stands
    there is said to be missing. The publishers' names are no facts of the story.
    """
    reports = [_bounded(report) for report in reports]
    further = [(name, _opening(article)) for name, article in further]
    known = {name for name, _ in further}
    known |= {one.name for report in reports for one in (report.source, *report.others)}
    by_language: dict[str, list[int]] = defaultdict(list)
    for at, report in enumerate(reports):
        by_language[base_language(report.article.language, report.article.text)].append(at)
    order = sorted(by_language.items(), key=lambda one: (-len({reports[at].source.name for at in one[1]}), one[1]))
    found = [_of_language(language, reports, its, further, known) for language, its in order[:MOST_LANGUAGES]]
    return [one for one in found if one.has_something]


def _bounded(report: Report) -> Report:
    """A report as far as it is read."""
    is_whole = report.is_whole and len(report.article.text) <= READ_CHARACTERS
    return replace(report, article=_opening(report.article), is_whole=is_whole)


def _opening(article: Article) -> Article:
    return replace(article, text=article.text[:READ_CHARACTERS])


def _of_language(
    language: str,
    reports: Sequence[Report],
    its: Sequence[int],
    further: Sequence[tuple[str, Article]],
    known: Collection[str],
) -> Views:
    chosen = _chosen(reports, its)
    names = list(dict.fromkeys(reports[at].source.name for at in chosen))
    of_text = [names.index(reports[at].source.name) for at in chosen]
    reading = read_texts([reports[at].article for at in chosen])
    unread = [(reports[at].source.name, reports[at].article) for at in its if at not in chosen]
    others = [(names.index(name) if name in names else -1, one.text) for name, one in (*unread, *further)]
    shared, alone = statements(Voices(reading, of_text, [reports[at].is_whole for at in chosen], others), known)
    every = [one for one in shared if one.holders == len(names)]
    some = [one for one in shared if one.holders < len(names)]
    told = groups([(reports[at].source, reports[at].article) for at in chosen if reports[at].is_whole])
    voices = tuple(_voice([reports[at] for at in chosen if reports[at].source.name == name]) for name in names)
    shown = tuple(every[:MOST_SHOWN]), tuple(some[:MOST_SHOWN]), tuple(alone)
    return Views(language, tuple(chosen), voices, *shown, tuple(told))


def _chosen(reports: Sequence[Report], its: Sequence[int]) -> list[int]:
    """The texts that are compared: of publishers that have a whole one, at most a few each, in the order given."""
    whole = {reports[at].source.name for at in its if reports[at].is_whole}
    taken: dict[str, int] = defaultdict(int)
    chosen: list[int] = []
    for at in sorted(its, key=lambda at: not reports[at].is_whole):
        name = reports[at].source.name
        if name in whole and taken[name] < MOST_OF_PUBLISHER and len(chosen) < MOST_TEXTS:
            taken[name] += 1
            chosen.append(at)
    return sorted(chosen)


def _voice(own: Sequence[Report]) -> Voice:
    sharing = {one.name: one for report in own for one in report.others if one.name != own[0].source.name}
    return Voice(own[0].source, tuple(sharing.values()))
