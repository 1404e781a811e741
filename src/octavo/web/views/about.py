"""How Octavo works, in plain words, with the installation's own figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from octavo.store import queries
from octavo.store.models import Article
from octavo.web.page_cache import public


@public
def about(request: HttpRequest) -> HttpResponse:
    """The page 'How it works'."""
    facts = {
        "articles": Article.objects.count(),
        "publishers": queries.count_publishers(),
        "feeds": queries.feed_counts()["all"],
    }
    return render(request, "about.html", facts)
