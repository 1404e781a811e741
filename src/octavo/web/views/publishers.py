"""Publishers: the directory, and one publisher's page with its facts, feeds and latest articles."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from octavo.services import following
from octavo.store import queries
from octavo.store.models import Article, Publisher
from octavo.web import names
from octavo.web.page_cache import public
from octavo.web.views.lists import Listing, reader_of, show


@public
def directory(request: HttpRequest) -> HttpResponse:
    """Every publisher, by country."""
    found = sorted(queries.publishers(), key=lambda each: (names.country(each.country), each.name))
    groups = [(country, list(each)) for country, each in groupby(found, key=lambda each: each.country)]
    return render(request, "publishers.html", {"groups": groups, "count": len(found)})


@public
def publisher(request: HttpRequest, slug: str, form: str = "page") -> HttpResponse:
    """One publisher; on its own page also what a reader has muted stands."""
    shown = get_object_or_404(Publisher, slug=slug)
    reader = reader_of(request)
    muted = reader.muted.filter(publisher=shown).first() if reader else None
    listing = Listing(
        shown.name,
        f"/publishers/{quote(slug)}/",
        Article.objects.filter(publisher=shown),
        _("Nothing has been read from this publisher yet."),
        template="publisher.html",
        extra={
            "publisher": shown,
            "feeds": shown.feeds.all(),
            "muted": muted,
            "is_followed": following.is_followed(reader, publisher=shown),
        },
        is_shaped=muted is None,
    )
    return show(request, listing, form)
