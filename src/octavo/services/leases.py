"""Decides which process alone may do a thing (fold and index) and until when; it never does the thing.

A lease is taken by one conditional update. Its number grows with every new holder, so that a holder that slept through
its term can be told from the present one (Kleppmann's fencing token).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from octavo.services import holders
from octavo.store.models import Lease

# Who folds and indexes, and serves refresh requests.
DESK = "desk"
# A holder renews every third of this; after it, another may take over from one that hangs.
TERM = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Held:
    """A lease in hand: who holds it and the number that fences earlier holders."""

    name: str
    holder: str
    number: int


def acquire(name: str, term: timedelta = TERM) -> Held | None:
    """Takes the lease for `term` where it is free, has run out or belongs to a dead process; None where it is held."""
    now, me = timezone.now(), holders.this_process()
    lease, _ = Lease.objects.get_or_create(name=name)
    if not _is_free(lease) and lease.holder != me:
        return None
    taken = Lease.objects.filter(name=name, number=lease.number).update(
        holder=me, number=F("number") + 1, held_until=now + term
    )
    return Held(name, me, lease.number + 1) if taken else None


def renew(held: Held, term: timedelta = TERM) -> bool:
    """Prolongs the lease; False where another process has taken it."""
    mine = Lease.objects.filter(name=held.name, holder=held.holder, number=held.number)
    return bool(mine.update(held_until=timezone.now() + term))


def release(held: Held) -> None:
    """Gives the lease back; nothing happens where it is another's by now."""
    Lease.objects.filter(name=held.name, holder=held.holder, number=held.number).update(holder="", held_until=None)


def is_held(name: str) -> bool:
    """Whether a living process has the lease now."""
    lease = Lease.objects.filter(name=name).first()
    return lease is not None and not _is_free(lease)


def _is_free(lease: Lease) -> bool:
    if not lease.holder or lease.held_until is None or lease.held_until <= timezone.now():
        return True
    return holders.is_dead(lease.holder)
