"""An article in a model's words, for signed-in readers; and the ledger of every call to the model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from octavo.services import abstracts
from octavo.store import queries
from octavo.store.models import Egress
from octavo.web.abstracts import LABELS, elements, host_told, language_spoken

LEDGER_PAGE = 100
LEDGER_DAYS = timedelta(days=30)


@login_required
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, key: int) -> HttpResponseBase:
    """The sentences of a feature: one by one for the page's script, else as a page when all are there.

    Only a form can ask, since asking may cost money.
    """
    article, name = queries.article(key), request.POST.get("feature", "")
    if article is None:
        raise Http404
    if request.method != "POST" or name not in abstracts.features_for(article, language_spoken()):
        return HttpResponseRedirect(f"/articles/{key}/")
    if request.headers.get("X-Requested-With") == "fetch":
        return streamed(elements(name, article))
    context = {
        "article": article,
        "label": LABELS[name],
        "is_translation": abstracts.FEATURES[name].is_translation,
        "elements": list(elements(name, article)),
        "host": host_told(),
    }
    return render(request, "told.html", context)


def streamed(told: Iterator[str]) -> StreamingHttpResponse:
    """One element a line, each sent as soon as it is checked: not compressed, since that would hold it back."""

    def lines() -> Iterator[str]:
        for element in told:
            yield f"{element}\n"

    headers = {"Content-Encoding": "identity", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(lines(), content_type="text/html; charset=utf-8", headers=headers)


@login_required
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Every call to the model, the newest first, with the totals of each of the last days."""
    page = Paginator(Egress.objects.all(), LEDGER_PAGE).get_page(request.GET.get("page"))
    since = timezone.now().date() - LEDGER_DAYS
    context = {
        "page": page,
        "days": queries.egress_days(since),
        "labels": LABELS,
        "asked": abstracts.endpoint(),
        "today": abstracts.spent_today(),
    }
    return render(request, "egress.html", context)
