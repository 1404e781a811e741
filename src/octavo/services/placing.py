"""Saves what the desk decided: placements, stories, moves and vectors in one transaction; it decides nothing itself.

Only the process that holds the desk's lease may: the transaction asks for the lease's number, so that one which slept
through its term changes nothing. Stories are counted anew from their articles, never by adding up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from octavo.core.folding.coverage import Covering, cover
from octavo.core.folding.desk import ArrivalDecision, Moved
from octavo.core.folding.explaining import Explanation
from octavo.core.types import Quality
from octavo.services.leases import Held
from octavo.store.models import Article, Correction, Earlier, FoldState, FoldWork, Lease, Placement, Story, Vector

DESK: Final = "desk"
# Rows in one statement: SQLite takes 32,766 parameters.
ROWS_A_STATEMENT: Final = 500
AGENCY_LENGTH: Final = 80
STORY_FACTS: Final = (
    "headline", "language", "section", "first_at", "last_at", "article_count", "publisher_count", "text_count", "heat",
    "merged_into", "changed_at",
)  # fmt: skip


class DeskTaken(RuntimeError):
    """Another process holds the desk now; what this one decided meanwhile is not saved."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An article that was laid on the desk: its place in the order of arrival, the version read, and its vector."""

    sequence: int
    article: int
    version: int | None
    decision: ArrivalDecision
    vector: bytes | None


@dataclass
class Outcome:
    """What a step on the desk brought, to be saved together. `reasons` explains stories by their names on the desk."""

    placed: Sequence[Placed] = ()
    moved: Sequence[Moved] = ()
    reasons: Mapping[str, Explanation] = field(default_factory=dict)
    model: str = ""
    # The entries of the work list that this step answers.
    work: Sequence[int] = ()
    # Whether the stories were repaired after the last placement.
    is_repaired: bool = False
    corrections: Sequence[int] = ()


def state() -> FoldState:
    """How far the desk has come."""
    return FoldState.objects.get_or_create(name=DESK)[0]


def save(held: Held, outcome: Outcome) -> None:
    """Saves an outcome in one transaction, in a number of statements that does not depend on how much it holds.

    DeskTaken: nothing was saved.
    """
    now = timezone.now()
    with transaction.atomic():
        fence(held)
        target = _target(outcome)
        here = locked(target)
        placed = [one for one in outcome.placed if one.article in here]
        stories = _stories(outcome, {target[article] for article in here}, now)
        _write_placements(placed, here, outcome.model)
        _move(here, {article: stories[target[article]].pk for article in here})
        _lead_on(outcome.moved, stories)
        _link_earlier(placed, stories)
        _explain(outcome.reasons, stories)
        recount({story.pk for story in stories.values()}, now)
        _note(outcome, now)


def note_vectors(held: Held, model: str) -> None:
    """Writes down that every article has its vector by this model."""
    with transaction.atomic():
        fence(held)
        FoldState.objects.filter(name=DESK).update(vectors_of=model)


def note_snapshot(held: Held, name: str) -> None:
    """Writes down which file holds the desk from now on."""
    with transaction.atomic():
        fence(held)
        FoldState.objects.filter(name=DESK).update(snapshot=name)


def fence(held: Held) -> None:
    """Locks the desk's lease for this transaction; DeskTaken where it is another's by now."""
    mine = Lease.objects.filter(name=held.name, holder=held.holder, number=held.number)
    if not mine.update(number=F("number")):
        raise DeskTaken("Another process has taken the desk; what was decided here meanwhile is decided again there.")


def _target(outcome: Outcome) -> dict[int, str]:
    """The name of the story that each article of an outcome ends in."""
    target = {one.article: one.decision.story for one in outcome.placed}
    return target | {int(one.article): one.after for one in outcome.moved}


def locked(articles: Iterable[int]) -> set[int]:
    """Those of the articles that are still there, kept there until the transaction ends."""
    rows = Article.objects.select_for_update(of=("self",)).filter(pk__in=list(articles)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def _stories(outcome: Outcome, wanted: set[str], now: datetime) -> dict[str, Story]:
    """The stories that an outcome touches, by name, locked; those that articles end in are made where they are missing."""
    names = wanted | {one.before for one in outcome.moved} | set(outcome.reasons)
    names |= {name for one in outcome.placed for name in one.decision.earlier}
    known = {story.name: story for story in _locked_stories(name__in=names)}
    missing = [Story(name=name, founded_at=now, changed_at=now) for name in sorted(wanted - known.keys())]
    return known | {story.name: story for story in Story.objects.bulk_create(missing)}


def _locked_stories(**which: Iterable[object]) -> QuerySet[Story]:
    """Stories that nobody else changes until the transaction ends; always in one order, so that nobody waits in a ring."""
    return Story.objects.select_for_update(of=("self",)).filter(**which).order_by("pk")


def _write_placements(placed: Sequence[Placed], here: set[int], model: str) -> None:
    versions = _versions(placed)
    Placement.objects.bulk_create([_placement(one, versions) for one in placed], batch_size=ROWS_A_STATEMENT)
    _join_copies(placed)
    keep_vectors({one.article: one.vector for one in placed if one.vector is not None}, model)


def _placement(one: Placed, versions: Mapping[int, int | None]) -> Placement:
    """A placement as a row. `versions` has the articles that may be named, with the version that was read of each."""
    decision, copy = one.decision, one.decision.copy
    row = Placement(
        article_id=one.article,
        sequence=one.sequence,
        version_id=one.version,
        kind=decision.kind.value,
        odds=round(decision.odds, 4),
    )
    if copy is not None:
        row.copy_of_id, row.nearest_id = (_named(article, versions) for article in (copy.copy_of, copy.nearest))
        row.nearest_version_id = versions.get(row.nearest_id or 0)
        row.shared = copy.shared if row.nearest_id else None
        row.added, row.cut = [list(span) for span in copy.added], [list(span) for span in copy.cut]
        row.joined, row.agency = [int(article) for article in copy.joined], copy.agency[:AGENCY_LENGTH]
    return row


def _named(article: str | None, versions: Mapping[int, int | None]) -> int | None:
    """An article that another names, if it is still there."""
    return int(article) if article is not None and int(article) in versions else None


def _versions(placed: Sequence[Placed]) -> dict[int, int | None]:
    """The articles that are named as copied or nearest, with the version that was read of each; those gone are left out."""
    copies = [one.decision.copy for one in placed if one.decision.copy is not None]
    names = {int(name) for copy in copies for name in (copy.copy_of, copy.nearest) if name is not None}
    stored = Placement.objects.filter(article__in=names).values_list("article_id", "version_id")
    return {one.article: one.version for one in placed} | dict(stored)


def _join_copies(placed: Sequence[Placed]) -> None:
    """Lets the first texts of groups that were shown to be one name the first text of all."""
    pairs = [(first, one.decision.copy.copy_of) for one in placed if one.decision.copy
             for first in one.decision.copy.joined]  # fmt: skip
    rows = Placement.objects.in_bulk([int(first) for first, _ in pairs])
    for first, root in pairs:
        if root is not None and (row := rows.get(int(first))) is not None and row.article_id != int(root):
            row.copy_of_id, row.was_joined = int(root), True
    Placement.objects.bulk_update(rows.values(), ["copy_of", "was_joined"], batch_size=ROWS_A_STATEMENT)


def keep_vectors(vectors: Mapping[int, bytes], model: str) -> None:
    """Stores vectors in place of the articles' earlier ones."""
    Vector.objects.bulk_create(
        [Vector(article_id=article, model=model, values=values) for article, values in vectors.items()],
        batch_size=ROWS_A_STATEMENT,
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["model", "values"],
    )


def _move(here: set[int], stories: Mapping[int, int]) -> None:
    """Puts articles into their stories."""
    moving = [Article(pk=article, story_id=stories[article]) for article in sorted(here)]
    Article.objects.bulk_update(moving, ["story"], batch_size=ROWS_A_STATEMENT)


def _lead_on(moved: Sequence[Moved], stories: Mapping[str, Story]) -> None:
    """Lets each story that articles left lead to where most of them went; it counts only if nothing is left in it."""
    went: dict[str, Counter[str]] = {}
    for one in moved:
        went.setdefault(one.before, Counter())[one.after] += 1
    left = [stories[name] for name in went if name in stories]
    for story in left:
        story.merged_into = stories.get(went[story.name].most_common(1)[0][0])
    Story.objects.bulk_update(left, ["merged_into"], batch_size=ROWS_A_STATEMENT)


def _link_earlier(placed: Sequence[Placed], stories: Mapping[str, Story]) -> None:
    """Links stories that an article of the one is near to, though it did not join: parts of one affair, perhaps."""
    links = [
        Earlier(story=stories[one.decision.story], earlier=stories[name])
        for one in placed
        for name in one.decision.earlier
        if one.decision.story in stories and name in stories
    ]
    Earlier.objects.bulk_create(links, ignore_conflicts=True, batch_size=ROWS_A_STATEMENT)


def _explain(reasons: Mapping[str, Explanation], stories: Mapping[str, Story]) -> None:
    """Stores why the articles of stories are together, for pages that have no desk to ask."""
    told = [stories[name] for name in reasons if name in stories]
    for story in told:
        story.why = why(reasons[story.name])
    Story.objects.bulk_update(told, ["why"], batch_size=ROWS_A_STATEMENT)


def why(reason: Explanation) -> dict[str, Any]:
    """An explanation as it is stored: shared names and words, and the strongest links between articles."""
    links = [asdict(link) | {"left": int(link.left), "right": int(link.right)} for link in reason.links]
    return {"names": list(reason.names), "words": list(reason.words), "links": links}


@contextmanager
def leaving(articles: Sequence[int]) -> Iterator[None]:
    """Inside, articles are taken away; the stories that they stood in are told anew afterwards.

    Call it inside the transaction that takes them away.
    """
    stories = set(Article.objects.filter(pk__in=articles, story__isnull=False).values_list("story", flat=True))
    _pass_on_texts(articles)
    yield
    if stories:
        recount({story for story in stories if story is not None}, timezone.now())
        FoldState.objects.filter(name=DESK).update(revision=F("revision") + 1)


def _pass_on_texts(articles: Sequence[int]) -> None:
    """Where a text's first article goes, the earliest of those that share it takes its place."""
    copies = Placement.objects.filter(copy_of__in=articles).exclude(article__in=articles).order_by("sequence")
    first: dict[int | None, int] = {}
    rows = list(copies)
    for row in rows:
        heir = first.setdefault(row.copy_of_id, row.article_id)
        row.copy_of_id = None if heir == row.article_id else heir
    Placement.objects.bulk_update(rows, ["copy_of"], batch_size=ROWS_A_STATEMENT)


def recount(ids: Iterable[int], now: datetime) -> None:
    """Tells stories anew from the articles that they have now; those without any are gone, or lead on.

    Call it inside a transaction. Also for those who take articles away.
    """
    touched = {story.pk: story for story in _locked_stories(pk__in=list(ids))}
    members = _members(touched)
    for key, story in touched.items():
        if key in members:
            _tell(story, members[key], now)
        else:
            _empty(story, now)
    Story.objects.bulk_update(touched.values(), STORY_FACTS, batch_size=ROWS_A_STATEMENT)
    emptied = {key: story.merged_into_id for key, story in touched.items() if key not in members}
    Story.objects.filter(pk__in=[key for key, target in emptied.items() if target is None]).delete()
    # Those that led to an emptied one lead on to where it leads: no chains.
    led = list(Story.objects.filter(merged_into__in=[key for key, target in emptied.items() if target is not None]))
    for story in led:
        story.merged_into_id = emptied[story.merged_into_id or 0]
    Story.objects.bulk_update(led, ["merged_into"], batch_size=ROWS_A_STATEMENT)


def _members(stories: Iterable[int]) -> dict[int, list[Covering]]:
    """The articles of stories, in one query."""
    columns = (
        "story_id", "id", "title", "publisher_id", "sort_at", "language", "section", "quality", "placement__kind",
        "placement__copy_of", "excerpt",
    )  # fmt: skip
    found: dict[int, list[Covering]] = {}
    rows = Article.objects.filter(story__in=list(stories)).order_by().values_list(*columns)
    for story, key, title, publisher, at, language, section, quality, kind, copy_of, opening in rows:
        is_whole = quality == Quality.FULL
        one = Covering(key, title, publisher, at, language, section, kind or "", is_whole, copy_of, opening)
        found.setdefault(story, []).append(one)
    return found


def _tell(story: Story, articles: Sequence[Covering], now: datetime) -> None:
    """Writes down what a story's articles make of it."""
    told = cover(articles)
    story.headline_id, story.language, story.section = told.headline, told.language, told.section
    story.first_at, story.last_at, story.heat = told.first_at, told.last_at, told.heat
    story.article_count, story.publisher_count, story.text_count = told.articles, told.publishers, told.texts
    story.merged_into, story.changed_at = None, now


def _empty(story: Story, now: datetime) -> None:
    """Writes down that a story has no articles left."""
    story.headline = story.first_at = story.last_at = story.heat = None
    story.article_count = story.publisher_count = story.text_count = 0
    story.changed_at = now


def _note(outcome: Outcome, now: datetime) -> None:
    """Strikes off what was done, and writes down how far the desk has come."""
    FoldWork.objects.filter(pk__in=list(outcome.work)).delete()
    Correction.objects.filter(pk__in=list(outcome.corrections)).update(applied_at=now)
    kept = state()
    if not kept.sequence:
        kept.vectors_of = outcome.model
    kept.revision += 1
    kept.model = outcome.model
    if outcome.placed:
        kept.sequence = outcome.placed[-1].sequence
    if outcome.is_repaired:
        kept.repaired = kept.sequence
    kept.save()
