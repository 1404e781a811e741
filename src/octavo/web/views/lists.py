"""Lists of articles in order of time: as a page turned by keyset, as Atom and as JSON Feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from octavo.core.types import SECTIONS
from octavo.services import marks
from octavo.store import queries, stories, topics
from octavo.store.models import Article, Folder
from octavo.web import names, preferences, syndication
from octavo.web.page_cache import public

PAGE_SIZE = 40
FEED_SIZE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of articles and how it presents itself. `address` is its page's path with a slash at its end."""

    title: str
    address: str
    articles: QuerySet[Article]
    empty: str
    template: str = "list.html"
    query: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    # Whether it is offered as a feed; a reader's own lists are not.
    has_feeds: bool = True
    # Whether what the reader has muted or read leaves it; what they saved themselves does not.
    is_shaped: bool = True
    # Whether each story stands in it once; what readers saved stands as they saved it.
    is_folded: bool = True

    @property
    def query_string(self) -> str:
        """The parameters that belong to the list itself, such as the words of a search."""
        return f"?{urlencode(self.query)}" if self.query else ""

    def feed(self, form: str) -> str:
        """The path of this list as a feed."""
        return f"{self.address}feed.{form}{self.query_string}"

    @property
    def atom(self) -> str:
        """The path of this list as Atom."""
        return self.feed("atom")

    @property
    def json(self) -> str:
        """The path of this list as JSON Feed."""
        return self.feed("json")


def show(request: HttpRequest, listing: Listing, form: str = "page") -> HttpResponse:
    """The list in the form that was asked for."""
    if form != "page":
        return syndication.feed(form, listing, queries.rows(listing.articles.order_by("-sort_at", "-id"), FEED_SIZE))
    reader = reader_of(request)
    articles = (
        marks.for_reader(listing.articles, reader, wants_unread_only(request))
        if listing.is_shaped
        else marks.with_marks(listing.articles, reader)
    )
    before, after = (queries.Place.read(request.GET.get(name, "")) for name in ("before", "after"))
    listed = stories.folded(articles) if listing.is_folded else articles
    shown = queries.page(listed, PAGE_SIZE, before, after)
    folds = stories.folds(shown.rows, others_for(request))
    return render(request, listing.template, {"listing": listing, "page": shown, "folds": folds, **listing.extra})


def others_for(request: HttpRequest) -> QuerySet[Article] | None:
    """The articles that may be folded under others: without what the reader has muted; None for all there are."""
    reader = reader_of(request)
    return marks.for_reader(Article.objects.all(), reader) if reader else None


@public
def latest(request: HttpRequest, form: str = "page") -> HttpResponse:
    """Everything, in order of time."""
    articles = Article.objects.all() if form != "page" else edited(request)
    empty = _("Nothing has been read yet. The first articles stand here as soon as a feed has been polled.")
    extra = {"current_section": "latest"}
    return show(request, Listing(_("Latest"), "/latest/", articles, empty, extra=extra), form)


@public
def by_section(request: HttpRequest, section: str, form: str = "page") -> HttpResponse:
    """One section."""
    if section not in SECTIONS:
        raise Http404
    articles = (Article.objects.all() if form != "page" else edited(request)).filter(section=section)
    empty = _("No articles in this section yet.")
    extra = {"current_section": section}
    return show(request, Listing(names.section(section), f"/sections/{section}/", articles, empty, extra=extra), form)


@public
def by_country(request: HttpRequest, country: str, form: str = "page") -> HttpResponse:
    """The publishers of one country."""
    if not preferences.COUNTRY_CODE.fullmatch(country):
        raise Http404
    empty = _("No articles by publishers of this country yet.")
    articles = Article.objects.filter(country=country)
    return show(request, Listing(names.country(country), f"/countries/{country}/", articles, empty), form)


@public
def by_language(request: HttpRequest, language: str, form: str = "page") -> HttpResponse:
    """One language."""
    if not preferences.LANGUAGE_TAG.fullmatch(language):
        raise Http404
    empty = _("No articles in this language yet.")
    articles = Article.objects.filter(language=language)
    return show(request, Listing(names.language(language), f"/languages/{language}/", articles, empty), form)


@public
def by_folder(request: HttpRequest, key: int, form: str = "page") -> HttpResponse:
    """The articles of the feeds in one folder."""
    folder = get_object_or_404(Folder, pk=key)
    empty = _("No articles in this folder yet.")
    listing = Listing(folder.name, f"/folders/{key}/", queries.in_folder(key), empty)
    return show(request, listing, form)


# The lists that can be marked read as a whole, by the name of their page.
WHOLE_LISTS: dict[str, Callable[..., QuerySet[Article]]] = {
    "latest": lambda request: edited(request),
    "section": lambda request, section: edited(request).filter(section=section),
    "country": lambda request, country: Article.objects.filter(country=country),
    "language": lambda request, language: Article.objects.filter(language=language),
    "publisher": lambda request, slug: Article.objects.filter(publisher__slug=slug),
    "hashtag": lambda request, key: topics.articles_under(key),
    "folder": lambda request, key: queries.in_folder(key),
}


def articles_at(request: HttpRequest, address: str) -> QuerySet[Article] | None:
    """The articles of the list whose page has this path; None where it is no such list."""
    try:
        match = resolve(address)
    except Resolver404:
        return None
    named = WHOLE_LISTS.get(match.url_name or "")
    return named(request, **match.kwargs) if named else None


def edited(request: HttpRequest) -> QuerySet[Article]:
    """The articles of the visitor's edition; all where none is chosen."""
    return Article.objects.filter(**preferences.edition(request).bounds)


def reader_of(request: HttpRequest) -> Any:
    """The signed-in reader; None for a visitor."""
    return request.user if request.user.is_authenticated else None


def wants_unread_only(request: HttpRequest) -> bool:
    """Whether the signed-in reader hides what they have read."""
    return bool(getattr(request.user, "unread_only", False))
