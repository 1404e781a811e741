"""The site as a WSGI application."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "octavo.django_settings")

site = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site; behind https (`OCTAVO_HTTPS`) each request counts as https, since a proxy in front undoes it.

    Without this the browser's Origin would not be the site's own, and no form would be taken. A header such as
    X-Forwarded-Proto is not asked: whoever reaches the site without the proxy could send it too.
    """
    from django.conf import settings

    if settings.OCTAVO.https:
        environ["wsgi.url_scheme"] = "https"
    return site(environ, start_response)
