"""What every page knows: the installation's name, today, the sections, and the visitor's theme and edition."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from octavo.core.types import SECTIONS
from octavo.web import preferences


def site(request: HttpRequest) -> dict[str, Any]:
    """Names for all templates; costs no query."""
    return {
        "site_name": settings.OCTAVO.site_name,
        "site_url": settings.OCTAVO.site_url,
        "now": timezone.now(),
        "sections": SECTIONS,
        "theme": preferences.theme(request),
        "edition": preferences.edition(request),
        "registration_is_open": settings.OCTAVO.registration,
    }
