"""What machines ask of the site: its files, its manifest, its health and its figures."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from octavo.services import indexing, laying
from octavo.store import queries, stories
from octavo.store.models import Article, Comment
from octavo.web import assets
from octavo.web.page_cache import accepts_gzip

FOR_EVER = "public, max-age=31536000, immutable"
PICTURE_NAME = re.compile(r"[0-9a-f]{32}-\d{1,4}\.webp")
# Headers by which a proxy says that somebody else asks: then 'from loopback' means nothing.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
PAPER = "#f8f4ea"


def asset(request: HttpRequest, name: str) -> HttpResponse:
    """One of the site's own files, for ever."""
    found = assets.find(name)
    if found is None:
        raise Http404
    is_compressed = bool(found.compressed) and accepts_gzip(request)
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if is_compressed:
        headers["Content-Encoding"] = "gzip"
    content = found.compressed if is_compressed else found.content
    return HttpResponse(content, content_type=found.media_type, headers=headers)


def picture(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """A lead picture at one of its widths; its name changes with its content."""
    if not PICTURE_NAME.fullmatch(name):
        raise Http404
    try:
        file = (settings.OCTAVO.data / "pictures" / name).open("rb")  # FileResponse closes it
    except OSError:
        raise Http404 from None
    return FileResponse(file, content_type="image/webp", headers={"Cache-Control": FOR_EVER})


def manifest(request: HttpRequest) -> JsonResponse:
    """The web manifest."""
    icons = [
        {"src": assets.address("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        *(
            {"src": assets.address(f"icons/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ),
    ]
    document = {
        "name": settings.OCTAVO.site_name,
        "short_name": settings.OCTAVO.site_name,
        "description": _("The day’s news, folded in eight."),
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    return JsonResponse(document, content_type="application/manifest+json")


def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask at the old place."""
    return HttpResponsePermanentRedirect(assets.address("icons/icon.svg"))


def robots(request: HttpRequest) -> HttpResponse:
    """Search engines stay out: what is read here is its publishers'."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


def healthz(request: HttpRequest) -> HttpResponse:
    """200 where the site answers and its database does; 503 where the database does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; for staff, and for programs on this machine that come without a proxy. Others get 404."""
    if not (is_local(request) or request.user.is_staff):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures:
    """The installation in numbers, counted when asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family after the other."""
        feeds = queries.feed_counts()
        lags = queries.page_lags(timezone.now())
        by_state = GaugeMetricFamily("octavo_feeds", "Feeds by state.", labels=["state"])
        for state in ("active", "paused", "gone", "failing"):
            by_state.add_metric([state], feeds[state])
        yield by_state
        yield gauge("octavo_articles", "Articles in the store.", Article.objects.count())
        yield gauge("octavo_comments", "Comments that are shown.", Comment.objects.filter(state="shown").count())
        yield gauge("octavo_pages_waiting", "Pages that have never been fetched.", lags["waiting"])
        yield gauge("octavo_pages_lag_seconds", "How long the page that is due longest has waited.", lags["lag"])
        yield gauge("octavo_index_lag_articles", "Changes that the index has not taken in.", indexing.behind())
        yield gauge("octavo_stories", "Stories that have articles.", stories.living().count())
        yield gauge("octavo_fold_lag_articles", "Articles that have not been folded into stories.", laying.behind())


def gauge(name: str, help: str, value: float) -> GaugeMetricFamily:
    """A family of one figure."""
    return GaugeMetricFamily(name, help, value=value)


def is_local(request: HttpRequest) -> bool:
    """Whether a program on this machine asks, itself."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
