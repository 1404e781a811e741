"""What is related to an article, and why: the index finds candidates, the core decides. It writes nothing, and remembers.

An answer is kept until the index has changed and it is some minutes old: while feeds are read, the index changes every few
seconds, and what is related hardly does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from octavo.core.folding import sketches
from octavo.core.folding.kinds import Kind
from octavo.core.folding.related import (
    CANDIDATES,
    Reason,
    Related,
    Subject,
    choose,
    rank,
    reason,
    shipped_weights,
)
from octavo.core.folding.sketches import Sketch
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import SECONDS_A_DAY
from octavo.index.likeness import Likeness
from octavo.index.text import IndexBroken, TextReader, sketch_of
from octavo.services.indexing import index_root, reader_of
from octavo.store.models import Article
from octavo.store.subjects import Known, known

SHOWN = 6
# More are chosen than are shown, since one may be gone when it is looked up.
SPARE = 4
# Enough of the text to say what it is about.
LEAD_LENGTH = 6000
# Answers that are remembered, and for how long they outlive a change of the index.
MOST_REMEMBERED = 4_000
FRESH_SECONDS = 600.0
# What has a subject, as far as the desk has told: no forecast, horoscope, listing or digest, which share a word with anything.
WITH_SUBJECT = frozenset({"", *(kind.value for kind in Kind if kind.may_join)})


@dataclass(frozen=True, slots=True)
class Beside:
    """An article to be shown beside another, by number, and why."""

    article: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer, the state of the index that gave it, and when (monotonic seconds)."""

    state: tuple[Any, ...]
    at: float
    answer: tuple[Beside, ...]


_remembered: dict[tuple[Path, int, int | None], Remembered] = {}


def related(article: Article) -> tuple[Beside, ...]:
    """The articles on the subject of one, best first, with spare ones; none where there is no index. One query, or none."""
    reader, key = reader_of(index_root()), (index_root(), article.pk, article.version_id)
    try:
        state, before = reader.state(), _remembered.get(key)
        if before and (before.state == state or _is_fresh(before)):
            return before.answer
        answer = _decide(reader, article)
    except IndexBroken:
        return ()
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key] = Remembered(state, time.monotonic(), answer)
    return answer


def _is_fresh(before: Remembered) -> bool:
    """Whether an answer may outlive the index that gave it; one that is too short may not."""
    return len(before.answer) >= SHOWN and time.monotonic() - before.at < FRESH_SECONDS


def more_like(article: Article) -> tuple[int, ...]:
    """The articles most like one by number, best first, of any story; none where there is no index."""
    try:
        _, ranked = _ranked(reader_of(index_root()), article)
    except IndexBroken:
        return ()
    return tuple(int(one.subject.id) for one in ranked if one.is_on_subject)


def _decide(reader: TextReader, article: Article) -> tuple[Beside, ...]:
    """What is related, looked up and judged anew."""
    asked, ranked = _ranked(reader, article)
    if asked is None:
        return ()
    chosen = choose(asked, [one for one in ranked if one.is_on_subject], SHOWN + SPARE)
    return tuple(Beside(int(one.subject.id), reason(asked, one.subject)) for one in chosen)


def _ranked(reader: TextReader, article: Article) -> tuple[Subject | None, list[Related]]:
    """An article as it is compared, and the candidates for it, best first; None where it is gone."""
    text = article.version.text[:LEAD_LENGTH] if article.version else ""
    found = reader.alike(article.title, text, article.language, CANDIDATES, article.pk)
    facts = known([article.pk, *(one.id for one in found.others)], shipped_weights().model)
    if article.pk not in facts:
        return None, []
    kept = found.own.sketch if found.own else sketches.read(sketch_of(article.title, text, article.language, Terms()))
    asked = _subject(facts[article.pk], kept, article.sort_at.timestamp())
    candidates = _candidates(found, facts, facts[article.pk].kind)
    own = found.own.score if found.own else max((one.score for one in found.others), default=0.0)
    return asked, rank(asked, [subject for subject, _ in candidates], [score for _, score in candidates], own)


def _candidates(found: Likeness, facts: dict[int, Known], kind: str) -> list[tuple[Subject, float]]:
    """The candidates that are still here, with their scores. What has no subject stands beside its own kind alone."""
    here = [one for one in found.others if one.id in facts and facts[one.id].kind in ({kind} | WITH_SUBJECT)]
    return [(_subject(facts[one.id], one.sketch, one.at), one.score) for one in here]


def _subject(facts: Known, kept: Sketch, at: float) -> Subject:
    """An article as it is compared. The same headline counts as the same text: not all has been folded yet."""
    day, story, title = at / SECONDS_A_DAY, str(facts.story or ""), facts.title.casefold()
    texts = frozenset([f"text {facts.text}", *([f"title {title}"] if title else [])])
    return Subject(str(facts.id), kept.weighed, facts.vector, day, str(facts.publisher), kept.names, story, texts)
