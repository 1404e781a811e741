"""What every answer carries and every request leaves behind: safety headers, and one line in the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

# Scripts, styles and pictures come from here alone. Sound and film come from publishers, and only when a reader clicks.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' https: http:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("browsing-topics", "camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("octavo.web")


class SafetyHeaders:
    """Adds the policies that keep a page from loading, leaking or being framed; Django adds nosniff, COOP and HSTS."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with its policies."""
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class RequestLog:
    """Logs each request: method, path, status, time. Never the query string: what people search is theirs."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, logged."""
        began = time.perf_counter()
        response = self.answer(request)
        milliseconds = round((time.perf_counter() - began) * 1000, 1)
        facts = {"method": request.method, "path": request.path, "status": response.status_code, "ms": milliseconds}
        log.log(logging.WARNING if response.status_code >= 500 else logging.INFO, "request", extra=facts)
        return response


class ReaderLanguage:
    """Speaks a signed-in reader's own language; Django's middleware has chosen for everybody else."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer in the reader's language."""
        chosen = getattr(request.user, "language", "") if request.user.is_authenticated else ""
        if not chosen or chosen == translation.get_language():
            return self.answer(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.answer(request)
        response.headers["Content-Language"] = chosen
        return response
