"""Topics: the page of one - how much there is of it, its stories, its timeline, what stands beside it - and their directory.

Every line leads to the article or story that says it; nothing here is written by Octavo.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from octavo.services import following, marks
from octavo.store import queries, stories, topics
from octavo.store.topics import Topic
from octavo.web.activity import activity
from octavo.web.page_cache import public
from octavo.web.preferences import LANGUAGE_TAG
from octavo.web.views.lists import PAGE_SIZE, Listing, others_for, reader_of, show, wants_unread_only

# Stories that lead a topic's page: those that most publishers told within such a time of its newest article.
LEADING, LATELY = 4, timedelta(days=7)
TODAY, WEEK = timedelta(days=1), timedelta(days=7)
# The longest key that is looked up, and the longest beginning of one that the index is opened at.
LONGEST_KEY, LONGEST_START = 200, 40


@public
def topic(request: HttpRequest, key: str, form: str = "page") -> HttpResponse:
    """One topic; as a feed, its newest articles."""
    found = topics.topic(key[:LONGEST_KEY].replace("\0", ""))
    if found is None:
        raise Http404
    empty = _("No articles under this hashtag any more.")
    listing = Listing(f"#{found.label}", f"/tags/{quote(found.key)}/", topics.articles_under(found.key), empty)
    return show(request, listing, form) if form != "page" else _page(request, found, listing)


def _page(request: HttpRequest, found: Topic, listing: Listing) -> HttpResponse:
    reader = reader_of(request)
    articles = marks.for_reader(listing.articles, reader, wants_unread_only(request))
    before, after = (queries.Place.read(request.GET.get(name, "")) for name in ("before", "after"))
    shown = queries.page(stories.folded(articles), PAGE_SIZE, before, after)
    first = _first_page(request, found) if not (before or after) else {}
    folds = stories.folds([*first.get("leading", ()), *shown.rows], others_for(request))
    is_followed = following.is_followed(reader, hashtag__key=found.key)
    told = {"topic": found, "listing": listing, "page": shown, "folds": folds, "is_followed": is_followed}
    return render(request, "topic.html", {**told, **first})


def _first_page(request: HttpRequest, found: Topic) -> dict[str, Any]:
    """What only the first page of a topic has: its activity, the stories that lead it, what stands beside it."""
    touches = topics.recent(found)
    leading = topics.hottest(touches, LEADING, LATELY)
    return {
        "activity": activity([touch.at for touch in touches], timezone.now()),
        "publishers": len({touch.publisher for touch in touches}),
        "leading": queries.rows_in_order(leading, others_for(request)),
        "beside": topics.beside(found, touches),
    }


@public
def directory(request: HttpRequest) -> HttpResponse:
    """What is talked of more than usual, today and this week, and all topics of one language by the alphabet."""
    languages = topics.languages()
    language = _language(request, languages)
    start = request.GET.get("from", "")[:LONGEST_START].casefold().replace("\0", "")
    context = {
        "languages": languages,
        "language": language,
        "start": start,
        "index": topics.index(language, start),
        "letters": _letters(language),
    }
    if not start:
        now = timezone.now()
        today = topics.rising(now, TODAY)
        known = {one.key for one in today}
        context["today"] = today
        context["week"] = [one for one in topics.rising(now, WEEK) if one.key not in known]
    return render(request, "topics.html", context)


def _language(request: HttpRequest, languages: tuple[str, ...]) -> str:
    """The language whose index is wanted: as asked for, the reader's own, the first there is."""
    wanted = request.GET.get("language", "")
    if LANGUAGE_TAG.fullmatch(wanted):
        return wanted
    own = (get_language() or "en").partition("-")[0]
    known = [language.partition("-")[0] for language in languages]
    return own if own in known or not known else known[0]


def _letters(language: str) -> str:
    """The letters by which an index is opened."""
    return "ابتثجحخدذرزسشصضطظعغفقكلمنهوي" if language == "ar" else "abcdefghijklmnopqrstuvwxyz"
