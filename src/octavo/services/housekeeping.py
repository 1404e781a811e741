"""What the holder of the desk does now and then to keep the store small; it removes no article but by the settings."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session

from octavo.services import hosts, retention
from octavo.store.models import RefreshRequest

# Wishes that were fulfilled, or left by a process that died, are of no interest after this.
REQUESTS_KEPT = timedelta(days=1)
# A host's last good robots.txt holds while a new one cannot be had; one that nobody visits any more is forgotten.
HOSTS_KEPT = timedelta(days=30)


def keep(now: datetime) -> None:
    """Retention as the settings say, wishes that are over, sessions that have run out, hosts that are visited no more."""
    if settings.OCTAVO.keep_days or settings.OCTAVO.keep_articles:
        retention.prune()
    RefreshRequest.objects.filter(asked_at__lt=now - REQUESTS_KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    hosts.forget(now - HOSTS_KEPT)
