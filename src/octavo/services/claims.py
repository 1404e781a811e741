"""Decides which worker does a piece of work: feeds, pages and pictures are claimed by conditional update.

A claim expires, and its number grows with every claimant: a result is saved only by an update that names the number, so
a worker that comes late changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from octavo.services import holders
from octavo.store.models import Feed, Page, Picture

# Longer than the slowest honest fetch and extraction with its wait in a queue.
TERM = timedelta(minutes=10)

CLAIMED: tuple[type[models.Model], ...] = (Feed, Page, Picture)


def unclaimed(now: datetime) -> Q:
    """The rows that nobody works on."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)


def take(kind: type[models.Model], ids: Sequence[int], now: datetime, term: timedelta = TERM) -> dict[int, int]:
    """Claims those of the rows that are still free: id to claim number. Call it inside a transaction or by itself."""
    with transaction.atomic():
        free = kind._default_manager.filter(unclaimed(now), pk__in=ids)
        # Two workers on PostgreSQL: whoever comes second skips what the first has locked. SQLite has one writer.
        ids = list(free.select_for_update(skip_locked=True).values_list("pk", flat=True))
        changed: dict[str, Any] = {"claim": F("claim") + 1, "claimed_until": now + term}
        kind._default_manager.filter(pk__in=ids).update(**changed, claimed_by=holders.this_process())
        return dict(kind._default_manager.filter(pk__in=ids).values_list("pk", "claim"))


def give_back(kind: type[models.Model], claims: dict[int, int]) -> None:
    """Frees rows that were not worked on after all, as at a clean stop."""
    for pk, number in claims.items():
        kind._default_manager.filter(pk=pk, claim=number).update(claimed_until=None, claimed_by="")


def release_dead() -> int:
    """Frees what processes of this machine held when they were killed; returns how many rows."""
    freed = 0
    for kind in CLAIMED:
        held = kind._default_manager.filter(claimed_until__gt=timezone.now()).exclude(claimed_by="")
        for holder in set(held.values_list("claimed_by", flat=True)):
            if holders.is_dead(holder):
                freed += held.filter(claimed_by=holder).update(claimed_until=None, claimed_by="")
    return freed
