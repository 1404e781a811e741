"""A receipt as it opens in place: a passage in its sentences, who published it, when, and the way there. It decides nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from octavo.core.telling.surroundings import surroundings
from octavo.core.types import Precision
from octavo.store import queries
from octavo.web.page_cache import public
from octavo.web.views.article import PASSAGE

# A version never changes; an article can be removed, and its receipts soon after.
KEPT_SECONDS = 600


@public
@require_safe
def passage(request: HttpRequest, key: int, written: str) -> HttpResponse:
    """A passage, such as /passages/12/2.120-268/, as a piece of a page. One query; 404 where it stands nowhere."""
    match = PASSAGE.fullmatch(written)
    version = queries.version(key, int(match[1])) if match else None
    shown = surroundings(version.text, int(match[2]), int(match[3])) if match and version else None
    if shown is None or version is None:
        raise Http404
    context = {
        "article": version.article,
        "shown": shown,
        "address": f"/articles/{key}/?p={written}#p",
        "has_time": version.article.published_precision != Precision.DAY,
    }
    response = render(request, "parts/passage.html", context)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
