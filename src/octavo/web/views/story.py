"""One story: who reported it when, all its coverage with shared texts folded, what came before, and why it is one story.

It shows what the desk decided; people's corrections are taken in `views/corrections.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from octavo.core.types import Precision
from octavo.services import following, marks, telling, unread
from octavo.services.stories import may_correct, why_together
from octavo.store import queries, stories
from octavo.store.models import Article, Picture, Story, StoryTelling
from octavo.store.queries import Row
from octavo.store.stories import Lineage, StoryRow, Text
from octavo.web import beside, figures, perspectives, syndication
from octavo.web.figures import Dot
from octavo.web.page_cache import public
from octavo.web.rows import cut
from octavo.web.views.lists import FEED_SIZE, Listing, reader_of, show

# Publishers on the picture of who reported when; the others are counted.
MOST_LINES = 30
# Of how many copies it is told what they added and cut, how many places of each, and how much of a place.
MOST_COMPARED, MOST_PLACES, PLACE_LENGTH = 60, 3, 180


@dataclass(frozen=True, slots=True)
class Line:
    """A publisher on the picture of who reported when."""

    row: Row
    picture: SafeString


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that shares a text: how much of it, what it added and cut (the first places), and its agency."""

    row: Row
    percent: int | None
    added: Sequence[str]
    cut: Sequence[str]
    agency: str


@dataclass(frozen=True, slots=True)
class Told:
    """One independent text of a story with those that share it."""

    row: Row
    agency: str
    is_first: bool
    copies: Sequence[Copy]


@dataclass(frozen=True, slots=True)
class Linked:
    """Two articles that are strongly linked: what both name, and the hours between them where these are known."""

    left: Row
    right: Row
    names: Sequence[str]
    hours: int | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a story's articles are together."""

    names: Sequence[str]
    words: Sequence[str]
    links: Sequence[Linked]


@public
def story(request: HttpRequest, key: int) -> HttpResponse:
    """The story page; the address of a story that was merged leads to where it went."""
    shown = stories.story(key) if key <= queries.LARGEST_KEY else None
    if shown is None:
        raise Http404
    if shown.pk != key:
        return HttpResponseRedirect(f"/stories/{shown.pk}/")
    reader = reader_of(request)
    texts = stories.coverage(key, marks.with_marks(Article.objects.all(), reader) if reader else None)
    if not texts:
        raise Http404
    own = {
        "may_correct": may_correct(request.user),
        "is_followed": following.is_followed(reader, story=key),
        "fresh": beside.places(unread.since_last_read(reader, key)) if reader else (),
    }
    return render(request, "story.html", {**context(shown, texts), **own})


def context(shown: Story, texts: Sequence[Text]) -> dict[str, object]:
    """What the page tells of a story and its coverage, of which there is some."""
    rows = every_row(texts)
    first = min(rows, key=lambda row: (row.sort_at, row.id))
    lines, axis = who_reported_when(texts, first)
    affair, here = stories.affair(shown), {row.id for row in rows}
    beside_it = telling.beside(shown.pk) or StoryTelling()
    return {
        "story": shown,
        "headline": headline(shown, rows),
        "summary": telling.summaries([shown.pk]).get(shown.pk, ()),
        "picture": picture(shown),
        "first": first,
        "lines": lines[:MOST_LINES],
        "lines_left_out": len(lines) - len(lines[:MOST_LINES]),
        "scale": figures.scale(axis),
        "texts": told(texts, first),
        "earlier": linked(affair.earlier),
        "later": linked(affair.later),
        "why": why(shown, rows),
        "left_out": shown.article_count - len(rows),
        **perspectives.context(shown, beside_it, here, timezone.now()),
        **beside.context(beside_it, here),
    }


@public
def latest(request: HttpRequest, form: str = "page") -> HttpResponse:
    """The stories that several articles tell, the last told first; their feed has an item a story."""
    articles = Article.objects.filter(story__article_count__gt=1)
    empty = _("No stories yet: they stand here as soon as several articles report the same event.")
    listing = Listing(_("Stories"), "/stories/", articles, empty, extra={"current_section": "stories"})
    if form == "page":
        return show(request, listing)
    found = stories.latest(FEED_SIZE)
    return syndication.of_stories(form, listing, linked(found))


def every_row(texts: Iterable[Text]) -> list[Row]:
    """The articles of a story, copies too."""
    return list(chain.from_iterable([text.row, *(row for row, _lineage in text.copies)] for text in texts))


def headline(shown: Story, rows: Sequence[Row]) -> Row:
    """The article that speaks for the story; its newest where that one is gone."""
    return next((row for row in rows if row.id == shown.headline_id), rows[0])


def picture(shown: Story) -> Picture | None:
    """The headline's picture, where it is here."""
    lead = shown.headline.picture if shown.headline else None
    return lead if lead and lead.state == Picture.State.HERE else None


def who_reported_when(texts: Sequence[Text], first: Row) -> tuple[list[Line], figures.Axis]:
    """A line a publisher, in the order of their first reports, on one axis."""
    shared = {row.id for text in texts for row, _lineage in text.copies}
    by_publisher: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(every_row(texts), key=lambda row: (row.sort_at, row.id)):
        by_publisher[row.publisher_id].append(row)
    axis = figures.axis_of([row.sort_at for rows in by_publisher.values() for row in rows])
    lines = [
        Line(
            rows[0],
            figures.line(
                [
                    Dot(row.sort_at, row.precision != Precision.DAY, row.id in shared, row.id == first.id)
                    for row in rows
                ],
                axis,
            ),
        )
        for rows in by_publisher.values()
    ]
    return lines, axis


def told(texts: Sequence[Text], first: Row) -> list[Told]:
    """The texts as the page tells them, with what each copy made of its text; one query."""
    compared = [copy for text in texts for _row, copy in text.copies][:MOST_COMPARED]
    versions = queries.texts_of({key for one in compared for key in (one.version, one.nearest_version) if key})
    return [
        Told(
            text.row,
            text.lineage.agency,
            text.row.id == first.id,
            [compare(row, lineage, versions) for row, lineage in text.copies],
        )
        for text in texts
    ]


def compare(row: Row, lineage: Lineage, versions: Mapping[int, str]) -> Copy:
    """What an article made of the text that it shares."""
    return Copy(
        row,
        round(lineage.shared * 100) if lineage.shared is not None else None,
        places(versions.get(lineage.version or 0, ""), lineage.added),
        places(versions.get(lineage.nearest_version or 0, ""), lineage.cut),
        lineage.agency,
    )


def places(text: str, spans: Sequence[Sequence[int]]) -> list[str]:
    """The first places of a text that some spans name, shortened; those that lie outside it are left out."""
    found = (" ".join(text[start:end].split()) for start, end in spans)
    return [cut(place, PLACE_LENGTH) for place in found if place][:MOST_PLACES]


def linked(found: Sequence[StoryRow]) -> list[tuple[StoryRow, Row]]:
    """Stories with their headlines; one query."""
    heads = stories.headlines(found) if found else {}
    return [(one, heads[one.id]) for one in found if one.id in heads]


def why(shown: Story, rows: Sequence[Row]) -> Why:
    """Why these articles are one story, with the strongest links between articles that are here."""
    told, by_id = why_together(shown), {row.id: row for row in rows}
    links = [
        Linked(by_id[link.left], by_id[link.right], link.names, hours(link.days))
        for link in told.links
        if link.left in by_id and link.right in by_id
    ]
    return Why(told.names, told.words, links)


def hours(days: float | None) -> int | None:
    """Hours between two articles; None where a time is not known."""
    return None if days is None else round(days * 24)
