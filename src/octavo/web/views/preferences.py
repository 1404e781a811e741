"""A visitor's language, theme and edition, kept in cookies; a signed-in reader's also with the account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.csrf import csrf_exempt

from octavo.store import queries
from octavo.web.preferences import COOKIE_SECONDS, EDITION_COOKIE, THEME_COOKIE, THEMES, Edition


@csrf_exempt
def preferences(request: HttpRequest) -> HttpResponse:
    """Shows the choices, or takes those of a form and goes back to where it stood.

    The form stands on public pages, which are kept in memory and carry no token; a form from another site is told by
    what the browser says of its origin (Fetch Metadata), and could change no more than colours and language.
    """
    if request.method != "POST":
        languages, countries = queries.editions()
        return render(request, "preferences.html", {"languages": languages, "countries": countries})
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return HttpResponseForbidden()
    response = HttpResponseRedirect(next_address(request))
    take_language(request, response)
    take_theme(request, response)
    take_edition(request, response)
    return response


def take_language(request: HttpRequest, response: HttpResponse) -> None:
    """The interface language, where the form has one."""
    chosen = request.POST.get("interface", "")
    if chosen not in dict(settings.LANGUAGES) or not check_for_language(chosen):
        return
    keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])


def take_theme(request: HttpRequest, response: HttpResponse) -> None:
    """The theme, where the form has one."""
    chosen = request.POST.get("theme")
    if chosen is None:
        return
    chosen = chosen if chosen in THEMES else ""
    keep(response, THEME_COOKIE, chosen)
    if request.user.is_authenticated:
        request.user.theme = chosen
        request.user.save(update_fields=["theme"])


def take_edition(request: HttpRequest, response: HttpResponse) -> None:
    """The edition, where the form has one."""
    if "language" in request.POST or "country" in request.POST:
        chosen = Edition.read(request.POST.get("language", ""), request.POST.get("country", ""))
        keep(response, EDITION_COOKIE, str(chosen) if chosen else "")


def keep(response: HttpResponse, name: str, value: str) -> None:
    """Sets a cookie for a year; an empty value takes it away."""
    if not value:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name, value, max_age=COOKIE_SECONDS, samesite="Lax", secure=settings.OCTAVO.https, httponly=True
    )


def next_address(request: HttpRequest) -> str:
    """Where to go afterwards: a path of this site, the front page otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next", "/")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
