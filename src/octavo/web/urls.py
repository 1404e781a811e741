"""The whole site on one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, path

from octavo.web.views import about, article, errors, front, health, lists, preferences, publishers, search, site


def listing(prefix: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """A list in its three forms: a page, and the same as Atom and as JSON Feed beside it."""
    forms: dict[str, dict[str, Any]] = {"": {}, "feed.atom": {"form": "atom"}, "feed.json": {"form": "json"}}
    return [path(prefix + end, view, kwargs, name=name + end.replace("feed.", "_")) for end, kwargs in forms.items()]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    # Lists
    *listing("latest/", lists.latest, "latest"),
    *listing("sections/<slug:section>/", lists.by_section, "section"),
    *listing("countries/<str:country>/", lists.by_country, "country"),
    *listing("languages/<str:language>/", lists.by_language, "language"),
    *listing("publishers/<str:slug>/", publishers.publisher, "publisher"),
    *listing("tags/<str:key>/", lists.by_hashtag, "hashtag"),
    *listing("search/", search.search, "search"),
    path("publishers/", publishers.directory, name="publishers"),
    # One article
    path("articles/<int:key>/", article.article, name="article"),
    path("articles/<int:key>/versions/", article.versions, name="versions"),
    # About the installation
    path("health/", health.feed_health, name="feed_health"),
    path("about/", about.about, name="about"),
    path("preferences/", preferences.preferences, name="preferences"),
    # For machines
    path("pictures/<path:name>", site.picture, name="picture"),
    path("assets/<str:name>", site.asset, name="asset"),
    path("manifest.webmanifest", site.manifest, name="manifest"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("robots.txt", site.robots, name="robots"),
    path("healthz", site.healthz, name="healthz"),
    path("metrics", site.metrics, name="metrics"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
