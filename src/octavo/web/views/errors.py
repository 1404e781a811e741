"""Pages for what went wrong: what happened, and where to go. They ask the store nothing, since it may be what failed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from octavo.web.context import site


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return page(request, 400, _("This request was not understood"), _("Check the address, or begin at the front page."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page(request, 403, _("This page is not yours to see"), _("Sign in with an account that may see it."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that came from elsewhere or has grown old."""
    return page(
        request, 403, _("This form could not be taken"), _("Go back, load the page again and send it once more.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return page(
        request, 404, _("There is no such page"), _("It may have been removed, or the address is not quite right.")
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(
        request, 500, _("Something here has failed"), _("The fault is noted in the log. Try again in a minute.")
    )


def page(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    """An error page."""
    context = {**site(request), "status": status, "title": title, "advice": advice}
    return HttpResponse(loader.get_template("error.html").render(context), status=status)
