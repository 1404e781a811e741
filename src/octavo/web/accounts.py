"""How django-allauth behaves here: names and passwords, no mail needed, registration open or closed by setting."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Opens registration only where the setting says so."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether visitors may open an account."""
        return bool(settings.OCTAVO.registration)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Says nothing after signing in or out: the page shows it."""
