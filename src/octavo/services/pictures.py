"""Brings lead images through the door, re-encoded and bounded, so that readers ask no third party for them.

A picture lies at `pictures/<name>-<width>.webp` below the data folder, once for each of its `sizes`. Pages go first:
no picture is asked of a host that still has articles to give.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from octavo.core.reading import retry, urls
from octavo.services import claims
from octavo.services.slotwork import Unreadable, shrink_in
from octavo.sources.http import Door, Request
from octavo.sources.pictures import Rendition
from octavo.sources.refusals import Reason, Refusal
from octavo.sources.slots import Slots
from octavo.store.models import Page, Picture

FOLDER = "pictures"
PER_HOST = 2
ATTEMPTS = 3
FAILED_STATUS = "status"
_PASSING = frozenset((Reason.RETRY_LATER, Reason.BUSY, Reason.UNREACHABLE, Reason.TOO_SLOW, Reason.CUT_SHORT))


@dataclass(frozen=True, slots=True)
class ClaimedPicture:
    """A picture that this process brings now."""

    id: int
    claim: int
    url: str
    host: str
    url_hash: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a picture: its sizes, already on the disk, or why there is none."""

    picture: ClaimedPicture
    renditions: tuple[Rendition, ...] = ()
    reason: str = ""
    retry_at: datetime | None = None
    is_final: bool = False


def wanted(addresses: Iterable[str], now: datetime) -> dict[str, int]:
    """Rows for the addresses of pictures, known or new: address to id. Addresses that are none of the web's are left out."""
    hashes = {url: hash_of(url) for url in set(addresses) if urls.is_web_address(url)}
    fresh = [
        Picture(url=url, url_hash=digest, host=urls.host_of(url)[:260], due_at=now) for url, digest in hashes.items()
    ]
    Picture.objects.bulk_create(fresh, ignore_conflicts=True)
    ids = dict(Picture.objects.filter(url_hash__in=hashes.values()).values_list("url_hash", "pk"))
    return {url: ids[digest] for url, digest in hashes.items()}


def hash_of(url: str) -> str:
    """The name under which a picture's address is known and its files lie."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()


def claim_due(room: int, busy: Counter[str], *, demo: bool = False) -> list[ClaimedPicture]:
    """Claims up to `room` pictures, newest first, of hosts that have no pages to give."""
    now = timezone.now()
    reading = Page.objects.filter(due_at__lte=now).values("host")
    due = Picture.objects.filter(
        claims.unclaimed(now), Q(articles__publisher__is_demo=demo), state=Picture.State.WAITING, due_at__lte=now
    )
    counts = Counter(busy)
    chosen: list[Picture] = []
    for picture in due.exclude(host__in=reading).order_by("-id").distinct()[: room * 4]:
        if counts[picture.host] < PER_HOST and len(chosen) < room:
            counts[picture.host] += 1
            chosen.append(picture)
    numbers = claims.take(Picture, [picture.pk for picture in chosen], now) if chosen else {}
    return [ClaimedPicture(p.pk, numbers[p.pk], p.url, p.host, p.url_hash) for p in chosen if p.pk in numbers]


async def bring(picture: ClaimedPicture, door: Door, slots: Slots, data: Path) -> Brought:
    """Fetches a picture, has it re-encoded in a slot and lays it on the disk; never raises for what comes from outside."""
    try:
        reply = await door.fetch(Request(picture.url, kind="picture"))
    except Refusal as refusal:
        final = refusal.reason not in _PASSING
        return Brought(picture, reason=refusal.reason.value, retry_at=refusal.retry_at, is_final=final)
    if not reply.is_new:
        final = reply.status < 500 and reply.status != retry.TOO_MANY_REQUESTS
        return Brought(picture, reason=f"{FAILED_STATUS}-{reply.status}", retry_at=reply.retry_after, is_final=final)
    try:
        renditions = await shrink_in(slots, reply.body)
    except Unreadable as error:
        return Brought(picture, reason=error.reason, is_final=True)
    await asyncio.to_thread(lay_down, data / FOLDER, name_of(picture.url_hash), renditions)
    return Brought(picture, renditions)


def name_of(url_hash: str) -> str:
    """What a picture's files are called, without width and suffix."""
    return url_hash[:32]


def lay_down(folder: Path, name: str, renditions: Sequence[Rendition]) -> None:
    """Writes every size whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in renditions:
        path = folder / f"{name}-{one.width}.webp"
        aside = path.with_suffix(f".{os.getpid()}.part")
        aside.write_bytes(one.body)
        aside.replace(path)


def save(results: Sequence[Brought]) -> None:
    """Saves what became of pictures; a late worker's results change nothing."""
    now = timezone.now()
    with transaction.atomic():
        for brought in results:
            mine = Picture.objects.filter(pk=brought.picture.id, claim=brought.picture.claim)
            for picture in mine.select_for_update():
                _take(picture, brought, now)
                picture.save()


def _take(picture: Picture, brought: Brought, now: datetime) -> None:
    picture.claimed_until, picture.claimed_by = None, ""
    if brought.renditions:
        picture.state, picture.due_at, picture.failure_reason = Picture.State.HERE, None, ""
        picture.name = name_of(picture.url_hash)
        widest = max(brought.renditions, key=lambda one: one.width)
        picture.width, picture.height = widest.width, widest.height
        picture.sizes = sorted({one.width for one in brought.renditions})
        return
    picture.attempts += 1
    picture.failure_reason = brought.reason[:40]
    if brought.is_final or picture.attempts >= ATTEMPTS:
        picture.state, picture.due_at = Picture.State.FAILED, None
    else:
        picture.due_at = retry.ask_again(picture.attempts, brought.retry_at, now, random.random())  # noqa: S311


def give_back(jobs: Sequence[ClaimedPicture]) -> None:
    """Frees pictures that were not brought after all."""
    claims.give_back(Picture, {job.id: job.claim for job in jobs})


def abandon(job: ClaimedPicture, why: str) -> None:
    """Gives a picture up that could not be saved."""
    Picture.objects.filter(pk=job.id, claim=job.claim).update(
        state=Picture.State.FAILED, failure_reason="mistake", due_at=None, claimed_until=None, claimed_by=""
    )
