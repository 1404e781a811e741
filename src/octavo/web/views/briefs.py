"""The days' briefs: their archive, one day as a page that prints as a booklet, as feeds and as JSON. It chooses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from octavo.core.telling.digest import fill, minutes_for, words_for, words_in
from octavo.services import brieftext
from octavo.services.briefs import as_document
from octavo.store import briefs
from octavo.store.briefs import BriefRow
from octavo.store.models import Article, Brief, Story
from octavo.web import names, preferences, syndication
from octavo.web.page_cache import public
from octavo.web.syndication import Item
from octavo.web.views.lists import Listing

# Days on one page of the archive, and in its feed.
DAYS = 30
# The lengths that a reader may choose, in minutes.
LENGTHS = (5, 10, 20)
# What a panel of the booklet holds, in words.
PANEL_WORDS = 130

Sentence = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A story as a brief's page tells it. `path` leads to it, empty where it is gone.

    The first `shown` of its sentences stand on the page; the first `printed` fit into its panel of the booklet.
    """

    pick: Mapping[str, Any]
    path: str
    sentences: Sequence[Sentence]
    shown: int
    printed: int


@public
def archive(request: HttpRequest, form: str = "page") -> HttpResponse:
    """The days that have a brief, the newest first, each with its headlines; its feed has an item a day."""
    edition = edition_asked(request)
    listing = listing_of(edition)
    shown = briefs.archive(edition, DAYS + 1, day_of(request.GET.get("before", "")))
    if form != "page":
        return syndication.written(form, listing, [item_of_day(brief) for brief in shown[:DAYS]])
    older = shown[DAYS - 1].day if len(shown) > DAYS else None
    context = {"briefs": shown[:DAYS], "older": older, "brief_edition": edition, "listing": listing}
    return render(request, "briefs.html", {**context, "edition_name": edition_name(edition)})


@public
def brief(request: HttpRequest, day: str, form: str = "page") -> HttpResponse:
    """One day's eight, as long as the reader has time for (`minutes`); its feed has an item a story."""
    edition, found = found_brief(request, day)
    listing = listing_of(edition, found)
    if form != "page":
        return syndication.written(form, listing, [item_of_pick(pick) for pick in found.picks])
    minutes = minutes_asked(request)
    told = as_told(found, minutes)
    earlier, later = briefs.neighbours(found.day, edition)
    words = sum(words_in(one["text"]) for story in told for one in story.sentences[: story.shown])
    context = {
        "brief": found, "told": told, "minutes": minutes, "lengths": LENGTHS, "takes": minutes_for(words),
        "earlier": earlier, "later": later, "brief_edition": edition, "edition_name": edition_name(edition),
        "listing": listing,
    }  # fmt: skip
    return render(request, "brief.html", context)


@public
def document(request: HttpRequest, day: str) -> HttpResponse:
    """One day's brief as JSON, with all that it was chosen from."""
    _edition, found = found_brief(request, day)
    response = JsonResponse(as_document(found), json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def found_brief(request: HttpRequest, day: str) -> tuple[str, Brief]:
    """The edition that is asked for and its brief of a day; 404 where there is none."""
    edition, asked = edition_asked(request), day_of(day)
    found = briefs.of_day(asked, edition) if asked else None
    if found is None:
        raise Http404
    return edition, found


def edition_asked(request: HttpRequest) -> str:
    """The edition that an address names: a language, a country, or all; 404 for anything else."""
    asked = request.GET.get("edition", "")
    if asked and not (preferences.LANGUAGE_TAG.fullmatch(asked) or preferences.COUNTRY_CODE.fullmatch(asked)):
        raise Http404
    return asked


def edition_name(edition: str) -> str:
    """What an edition is called; empty for all."""
    if not edition:
        return ""
    return names.country(edition) if preferences.COUNTRY_CODE.fullmatch(edition) else names.language(edition)


def day_of(written: str) -> date | None:
    """A day as addresses write it; None for anything else."""
    try:
        return date.fromisoformat(written) if len(written) == len("2026-01-01") else None
    except ValueError:
        return None


def minutes_asked(request: HttpRequest) -> int | None:
    """The reading time that an address asks for; None for the summaries alone."""
    asked = request.GET.get("minutes", "")
    return int(asked) if asked in map(str, LENGTHS) else None


def as_told(found: Brief, minutes: int | None) -> list[Told]:
    """The stories of a brief with as many of their sentences as fit into the minutes; two queries."""
    whole = [
        [*pick["sentences"], *reading]
        for pick, reading in zip(found.picks, found.readings or [[]] * len(found.picks), strict=True)
    ]
    lengths = [[words_in(one["text"]) for one in sentences] for sentences in whole]
    counts = fill(lengths, words_for(minutes)) if minutes else [len(pick["sentences"]) for pick in found.picks]
    paths = paths_of(found.picks)
    return [
        Told(pick, paths.get(pick["story"], ""), sentences, count, fill([length], PANEL_WORDS)[0])
        for pick, sentences, count, length in zip(found.picks, whole, counts, lengths, strict=True)
    ]


def paths_of(picks: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Where the stories of a brief are now: their page, or their headline's; those that are gone are nowhere."""
    heads = Article.objects.filter(pk__in=[pick["headline"] for pick in picks]).order_by()
    articles = set(heads.values_list("pk", flat=True))
    here = set(Story.objects.filter(pk__in=[pick["story"] for pick in picks]).values_list("pk", flat=True))
    found = {pick["story"]: f"/articles/{pick['headline']}/" for pick in picks if pick["headline"] in articles}
    return found | {key: f"/stories/{key}/" for key in here}


def listing_of(edition: str, of_day: Brief | None = None) -> Listing:
    """The archive, or one day, as a list, for its feeds."""
    title = _("Today’s Eight") if of_day is None else brieftext.title(of_day.day)
    if edition:
        title = f"{title} · {edition_name(edition)}"
    address = f"/briefs/{of_day.day.isoformat()}/" if of_day else "/briefs/"
    return Listing(title, address, Article.objects.none(), "", query={"edition": edition} if edition else {})


def item_of_day(found: BriefRow) -> Item:
    """A day as an item of a feed: its headlines, a line each."""
    lines = "\n".join(f"{pick['place']}. {pick['title']} ({pick['publisher']})" for pick in found.picks)
    query = f"?edition={found.edition}" if found.edition else ""
    begun = datetime(found.day.year, found.day.month, found.day.day, tzinfo=UTC)
    path = f"/briefs/{found.day.isoformat()}/{query}"
    return Item(path, brieftext.title(found.day), lines, begun, found.made_at, "Octavo", "")


def item_of_pick(pick: Mapping[str, Any]) -> Item:
    """A story of a brief as an item of a feed: its summary, and why it is there."""
    said = " ".join(one["text"].strip() for one in pick["sentences"])
    text = f"{said}\n{' · '.join(brieftext.reasons(pick))}".strip()
    at = datetime.fromisoformat(pick["at"])
    return Item(f"/stories/{pick['story']}/", pick["title"], text, at, at, pick["publisher"], pick["language"])
