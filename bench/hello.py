"""The peer of the pages: the least that Django can answer, under the same server and on the same core."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="bench", MIDDLEWARE=[])


def hello(request: HttpRequest) -> HttpResponse:
    """One word."""
    return HttpResponse("hello")


urlpatterns = [path("", hello)]
application = get_wsgi_application()
