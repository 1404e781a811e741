"""Feed health: what failed, since when, why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from octavo.services import health
from octavo.services.health import Trouble
from octavo.store import queries
from octavo.web.page_cache import public


@public
def feed_health(request: HttpRequest) -> HttpResponse:
    """Feeds that fail or have ended first, then pages that could not be read, publisher by publisher."""
    troubles = health.feed_health()
    context = {
        "counts": queries.feed_counts(),
        "is_cut_off": health.is_cut_off(),
        "feeds": [trouble for trouble in troubles if trouble.what == health.FEED],
        "pages": by_publisher([trouble for trouble in troubles if trouble.what == health.PAGES]),
    }
    return render(request, "health.html", context)


def by_publisher(troubles: Sequence[Trouble]) -> list[tuple[str, list[Trouble]]]:
    """Troubles, sorted by publisher, in one group for each."""
    return [(name, list(group)) for name, group in groupby(troubles, key=lambda trouble: trouble.publisher)]
