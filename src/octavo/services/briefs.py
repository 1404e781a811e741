"""Makes Today's Eight: chosen by `core/telling/ranking.py` from a stored list, cited, dated, archived.

The desk's holder makes a day's brief anew each hour, or once two of its stories have become one; the day's last one
stays. It never changes a brief of another day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.digest import words_in
from octavo.core.telling.ranking import RankingDecision
from octavo.services import telling
from octavo.services.candidates import Inputs, fresh, gather
from octavo.services.leases import Held
from octavo.services.placing import fence
from octavo.services.receipts import Passage, cited
from octavo.store.models import Article, ArticleVersion, Brief, Publisher, Story

# How long a brief stands before the day's next one; shorter where it was made among half as many stories as there are now.
STANDS_FOR: Final = timedelta(hours=1)
GROWN: Final = 2
# Editions that get a brief of their own: those languages and countries in which most publishers write.
MOST_EDITIONS: Final = 24
# What a longer reading is made of: the key points of so many of a story's own texts, beside its summary.
READING_TEXTS: Final = 8
READING_WORDS: Final = 700
READING_MOST: Final = 800

Pick = dict[str, Any]


def keep(held: Held, now: datetime) -> bool:
    """Makes the briefs that are due, of all editions; whether there is one of today then.

    DeskTaken where another process has the desk.
    """
    stored = Brief.objects.filter(day=timezone.localdate(now)).only("edition", "made_at", "story_count", "picks")
    standing = {brief.edition: brief for brief in stored}
    doubled = telling_one_twice(standing.values())
    due = [edition for edition in editions() if edition in doubled or is_due(standing.get(edition), edition, now)]
    for edition in due:
        make(held, edition, now)
    return bool(due or standing)


def is_due(standing: Brief | None, edition: str, now: datetime) -> bool:
    """Whether a day's brief is to be made, or made anew; one query where it stands."""
    if standing is not None and now - standing.made_at >= STANDS_FOR:
        return True
    count = fresh(edition, now).count()
    return count >= GROWN * standing.story_count and count > 0 if standing else count > 0


def telling_one_twice(standing: Iterable[Brief]) -> Set[str]:
    """The editions of the briefs of which one story is gone and its headline stands in another of them; two queries."""
    heads = {brief.edition: {pick["story"]: pick["headline"] for pick in brief.picks} for brief in standing}
    every = {story for of_one in heads.values() for story in of_one}
    gone = every - set(Story.objects.filter(pk__in=every).values_list("pk", flat=True))
    left = {of_one[story] for of_one in heads.values() for story in of_one.keys() & gone}
    now_in = dict(Article.objects.filter(pk__in=left).values_list("pk", "story"))
    return {
        edition
        for edition, of_one in heads.items()
        if any(now_in.get(of_one[story]) in of_one for story in of_one.keys() & gone)
    }


def editions() -> list[str]:
    """All, and the languages and countries in which publishers write, those of the most first; empty is all."""
    found: list[tuple[int, str]] = []
    for name in ("language", "country"):
        counted = Publisher.objects.order_by().exclude(**{name: ""}).values_list(name).annotate(many=Count("id"))
        rows = list(counted)
        # One that all share is the same as all.
        found += [(-many, value) for value, many in rows] if len(rows) > 1 else []
    return ["", *(value for _, value in sorted(found)[:MOST_EDITIONS])]


def make(held: Held, edition: str, now: datetime) -> Brief:
    """Chooses the day's eight and stores them with all that they were chosen from, in the place of the day's earlier ones."""
    day = timezone.localdate(now)
    before = told_the_day_before(edition, day)
    inputs = gather(edition, now, known_to(before))
    chosen = inputs.chosen()
    _tell(held, chosen)
    picks = as_picks(inputs, chosen, has_before=before is not None)
    readings = further(picks)
    cited = {pick["headline"] for pick in picks} | {one["article"] for one in _sentences(picks, readings)}
    facts = {"made_at": now, "picks": picks, "readings": readings, "inputs": inputs.as_json(),
             "story_count": fresh(edition, now).count()}  # fmt: skip
    with transaction.atomic():
        fence(held)
        brief, _ = Brief.objects.update_or_create(day=day, edition=edition, defaults=facts)
        here = Article.objects.select_for_update(of=("self",)).filter(pk__in=cited).order_by("pk")
        brief.cites.set(list(here.values_list("pk", flat=True)))
    return brief


def reproduce(brief: Brief) -> list[RankingDecision]:
    """The eight of a brief, chosen again from what is stored with it."""
    return Inputs.from_json(brief.inputs).chosen()


def of_day(day: date | None, edition: str = "") -> Brief | None:
    """The brief of a day, or the newest; None where there is none."""
    found = Brief.objects.filter(edition=edition).order_by("-day")
    return (found.filter(day=day) if day else found).first()


def as_document(brief: Brief) -> dict[str, Any]:
    """A brief as one JSON document: its stories with their receipts, and what reproduces the choice."""
    readings = brief.readings or [[] for _ in brief.picks]
    stories = [{**pick, "further": reading} for pick, reading in zip(brief.picks, readings, strict=True)]
    return {
        "day": brief.day.isoformat(),
        "edition": brief.edition,
        "made_at": brief.made_at.isoformat(),
        "chosen_from": brief.story_count,
        "stories": stories,
        "inputs": brief.inputs,
    }


def told_the_day_before(edition: str, day: date) -> Brief | None:
    """The last brief of the day before."""
    return Brief.objects.filter(edition=edition, day=day - timedelta(days=1)).first()


def known_to(brief: Brief | None) -> Set[int]:
    """The articles that the stories of a brief had then."""
    if brief is None:
        return frozenset()
    told = {str(pick["story"]) for pick in brief.picks}
    known = (one.articles for one in Inputs.from_json(brief.inputs).entrants if one.candidate.story in told)
    return {article for articles in known for article in articles}


def as_picks(inputs: Inputs, chosen: Sequence[RankingDecision], *, has_before: bool) -> list[Pick]:
    """Chosen stories as they are stored and shown: facts, terms, the headline and the cited summary. Two queries."""
    entrants = {one.candidate.story: one for one in inputs.entrants}
    heads = [entrants[one.story].headline for one in chosen]
    columns = ("id", "title", "language", "publisher__name", "publisher__slug", "section", "sort_at")
    shown = {row[0]: row for row in Article.objects.filter(pk__in=heads).order_by().values_list(*columns)}
    told = telling.summaries([int(one.story) for one in chosen])
    picks: list[Pick] = []
    for one in chosen:
        entrant = entrants[one.story]
        if (row := shown.get(entrant.headline)) is None:
            continue
        _, title, language, publisher, slug, section, at = row
        picks.append(
            {
                "story": int(one.story), "place": len(picks) + 1, "score": one.score, "headline": entrant.headline,
                "title": title, "language": language, "publisher": publisher, "slug": slug,
                "section": entrant.candidate.section or section, "at": at.isoformat(), "owners": one.owners,
                "publishers": one.publishers, "articles": one.articles, "texts": one.texts,
                "terms": [list(asdict(term).values()) for term in one.terms], "has_before": has_before,
                "sentences": told.get(int(one.story), []),
            }
        )  # fmt: skip
    return picks


def further(picks: Sequence[Pick]) -> list[list[Passage]]:
    """What a longer reading adds to each summary: the key points of the story's own texts in its headline's language; two queries."""
    chosen = [int(pick["story"]) for pick in picks]
    spoken = {pick["story"]: pick["language"] for pick in picks}
    own = Article.objects.filter(story__in=chosen, version__isnull=False).exclude(placement__copy_of__story__in=chosen)
    by_story: dict[int, list[int]] = {}
    newest = own.order_by("-sort_at", "-id").values_list("story", "version", "language")
    for story, version, language in newest[:READING_MOST]:
        kept = by_story.setdefault(story, [])
        if language == spoken[story] and len(kept) < READING_TEXTS:
            kept.append(version)
    wanted = [version for versions in by_story.values() for version in versions]
    texts = ArticleVersion.objects.select_related("article__publisher").defer("html").in_bulk(wanted)
    return [_points([texts[key] for key in by_story.get(pick["story"], ()) if key in texts], pick) for pick in picks]


def _points(versions: Sequence[ArticleVersion], pick: Pick) -> list[Passage]:
    """The key points of texts, the headline's first, without what the summary of the pick says already."""
    told = {one["text"] for one in pick["sentences"]}
    found: list[Passage] = []
    room = READING_WORDS
    for version in sorted(versions, key=lambda one: one.article_id != pick["headline"]):
        for begin, end in version.key_points:
            start = begin + behind_dateline(version.text[begin:end])
            text = version.text[start:end]
            if text not in told and (length := words_in(text)) <= room:
                room -= length
                told.add(text)
                found.append(cited(version, start, end, text))
    return found


def _tell(held: Held, chosen: Iterable[RankingDecision]) -> None:
    """Tells those of the chosen stories of which no summary of their present state is there."""
    for story in Story.objects.filter(telling.is_untold(), pk__in=[int(one.story) for one in chosen]).defer("why"):
        telling.tell(held, story)


def _sentences(picks: Iterable[Pick], readings: Iterable[Iterable[Passage]]) -> Iterable[Passage]:
    for pick in picks:
        yield from pick["sentences"]
    for reading in readings:
        yield from reading
