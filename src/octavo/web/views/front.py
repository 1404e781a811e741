"""The front page: a sheet of eight stories, sections in columns, the latest below; each story stands on it once.

Today's Eight lead the sheet; before there is a brief, the stories that most publishers tell lately. What room they leave
is filled by plain rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from octavo.core.folding.coverage import heat
from octavo.core.types import SECTIONS, Quality
from octavo.services import following, marks
from octavo.services.brieftext import Pick
from octavo.store import briefs, queries, stories
from octavo.store.briefs import BriefRow
from octavo.store.models import Article, Picture
from octavo.store.queries import Row
from octavo.web import preferences
from octavo.web.page_cache import public
from octavo.web.views.lists import Listing, edited, others_for, reader_of, wants_unread_only

SHEET = 8
SECTION_HEADLINES = 4
LATEST = 24
# An article stands on the sheet for a day at most, unless nothing newer is there; a story of several publishers longer.
SHEET_FOR = timedelta(hours=24)
# Words beyond which more text says nothing about an article's weight.
LONG_ENOUGH = 600


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What stands where: nothing stands twice."""

    sheet: Sequence[Row]
    sections: Sequence[tuple[str, Sequence[Row]]]
    latest: Sequence[Row]
    picture: Picture | None = None


@public
def front(request: HttpRequest) -> HttpResponse:
    """The front page of the visitor's edition."""
    now = timezone.now()
    brief = briefs.current(edition, now) if (edition := edition_of(request)) is not None else None
    picks = picks_for(request, brief)
    heads = rows_for(request, [pick["headline"] for pick in picks]) if picks else leading(request, now)
    sheet, sections, latest = lay_out(heads, newest(request), now)
    lead = sheet[0].picture_id if sheet else None
    page = FrontPage(sheet, sections, latest, queries.pictures_here([lead]).get(lead) if lead else None)
    folds = stories.folds([*sheet, *latest], others_for(request))
    listing = Listing(_("Latest"), "/latest/", Article.objects.all(), _("Nothing has been read yet."))
    languages, countries = queries.editions()
    context = {
        "page": page,
        "folds": folds,
        "brief": brief,
        "picks": {pick["headline"]: pick for pick in picks},
        "listing": listing,
        "languages": languages,
        "countries": countries,
    }
    return render(request, "front.html", context)


def edition_of(request: HttpRequest) -> str | None:
    """The edition whose brief a visitor gets: a language's, a country's or all; None for a language in a country."""
    chosen = preferences.edition(request)
    return None if chosen.language and chosen.country else chosen.language or chosen.country


def picks_for(request: HttpRequest, brief: BriefRow | None) -> Sequence[Pick]:
    """The stories of a brief; for a reader who follows something, chosen anew with that. No query for a visitor."""
    reader = reader_of(request)
    if brief is None:
        return ()
    return brief.picks if reader is None else following.eight_for(reader, brief)


def rows_for(request: HttpRequest, articles: Sequence[int]) -> list[Row]:
    """Articles in their order, without what a signed-in reader hides; one query."""
    reader = reader_of(request)
    shaped = marks.for_reader(Article.objects.all(), reader, wants_unread_only(request)) if reader else None
    return queries.rows_in_order(articles, shaped)


def newest(request: HttpRequest) -> list[Row]:
    """The newest articles of the visitor's edition, without what a signed-in reader hides; one query."""
    reader = reader_of(request)
    if reader is None:
        return queries.newest_rows(**preferences.edition(request).bounds)
    articles = marks.for_reader(edited(request), reader, wants_unread_only(request))
    return queries.rows(articles.order_by("-sort_at", "-id"), queries.NEWEST)


def leading(request: HttpRequest, now: datetime) -> list[Row]:
    """The headlines of the stories that lead the visitor's edition; one query, or one more for a signed-in reader."""
    found = stories.leading(heat(1, now - SHEET_FOR), **preferences.edition(request).bounds)
    return found if reader_of(request) is None else rows_for(request, [row.id for row in found])


Layout = tuple[list[Row], list[tuple[str, list[Row]]], list[Row]]


def lay_out(leading: Sequence[Row], newest: Sequence[Row], now: datetime) -> Layout:
    """Sheet, sections and latest out of the leading headlines and the newest rows, newest first.

    Of the leading ones a story keeps its first: two of a brief may have been folded into one since it was made.
    """
    leading = fold(leading, set())
    rows = fold(newest, {row.story_id for row in leading})
    sheet = [*leading, *choose_sheet(rows, now)][:SHEET]
    taken = {row.id for row in sheet}
    sections = fill_sections(row for row in rows if row.id not in taken)
    taken |= {row.id for _section, shown in sections for row in shown}
    return sheet, sections, [row for row in rows if row.id not in taken][:LATEST]


def fold(rows: Iterable[Row], told: set[int | None]) -> list[Row]:
    """Each story once, at its first row, and none of those told already; what has no story stands for itself."""
    seen, kept = set(told), []
    for row in rows:
        if row.story_id is None or row.story_id not in seen:
            seen.add(row.story_id)
            kept.append(row)
    return kept


def choose_sheet(rows: Sequence[Row], now: datetime) -> list[Row]:
    """Eight articles of eight publishers: each publisher's weightiest of the last day, the weightiest first.

    Where fewer publishers write, their next articles fill the sheet.
    """
    recent = [row for row in rows if now - row.sort_at <= SHEET_FOR] or rows
    ranked = sorted(recent, key=lambda row: (weight(row), row.sort_at), reverse=True)
    firsts: dict[int, Row] = {}
    for row in ranked:
        firsts.setdefault(row.publisher_id, row)
    chosen = {row.id for row in firsts.values()}
    return [*firsts.values(), *(row for row in ranked if row.id not in chosen)][:SHEET]


def weight(row: Row) -> tuple[bool, bool, int]:
    """How much there is to read: the whole text, with a picture, long (in steps of a hundred words)."""
    return row.quality == Quality.FULL, row.picture_id is not None, min(row.word_count, LONG_ENOUGH) // 100


def fill_sections(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """The sections that have something, each with its newest headlines."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.section in SECTIONS and len(found[row.section]) < SECTION_HEADLINES:
            found[row.section].append(row)
    return [(section, found[section]) for section in SECTIONS if found[section]]
