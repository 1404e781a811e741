"""Search: the box, what can be typed into it, and what was found, highlighted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def search(request: HttpRequest, form: str = "page") -> HttpResponse:
    """What was found."""
    return render(request, "search.html", {})
