"""Search: the box, what can be typed into it, and what was found, with the asked words marked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from octavo.core.telling.asking import is_question
from octavo.services import search as searching
from octavo.store import queries, stories
from octavo.store.models import Article
from octavo.web import syndication
from octavo.web.page_cache import public
from octavo.web.views.lists import Listing, others_for

# What may be typed; `publisher:` and the like are the same in every language.
EXAMPLES = (
    ("harbour strike", gettext_lazy("both words, in any inflection")),
    ('"night shift"', gettext_lazy("this phrase")),
    ("strike -football", gettext_lazy("without a word")),
    ("title:ferry", gettext_lazy("in the headline")),
    ("publisher:courier", gettext_lazy("one publisher")),
    ("lang:ar", gettext_lazy("one language")),
    ("section:science", gettext_lazy("one section")),
    ("after:2026-03-01", gettext_lazy("from a day on; also before:, today, 7d")),
    ("quality:full", gettext_lazy("only what is here whole")),
)


@public
def search(request: HttpRequest, form: str = "page") -> HttpResponse:
    """What was found, a page at a time, by relevance or by time (`sort=newest`), each story once.

    As a feed always by time, and every article.
    """
    asked = request.GET.get("q", "")
    newest = request.GET.get("sort") == "newest" or form != "page"
    results = searching.search(asked, page_number(request), newest, is_folded=form == "page")
    listing = listing_of(asked)
    if form != "page":
        return syndication.feed(form, listing, [queries.row_of(hit.article) for hit in results.hits])
    context = {
        "results": results,
        "folds": stories.folds([queries.row_of(hit.article) for hit in results.hits], others_for(request)),
        "listing": listing,
        "asked": asked,
        "newest": newest,
        "examples": EXAMPLES,
        "is_question": is_question(asked),
    }
    return render(request, "search.html", context)


def listing_of(asked: str) -> Listing:
    """A search as a list, for its feeds."""
    title = _("Search: %(asked)s") % {"asked": asked} if asked else _("Search")
    return Listing(title, "/search/", Article.objects.none(), "", query={"q": asked})


def page_number(request: HttpRequest) -> int:
    """The page that the address asks for; the first for anything else."""
    written = request.GET.get("page", "1")
    return int(written) if written.isdecimal() and len(written) < 5 else 1
