"""The verbs on feeds: find, add, pause, resume, edit, remove, import and export. It polls none of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from octavo.core.reading.urls import identity_key, is_web_address, normalise
from octavo.core.types import SECTIONS
from octavo.services.hosts import StoreManners
from octavo.services.publishers import Facts, drop_if_empty, publisher_for
from octavo.services.slotwork import FeedJob, Unreadable, read_document_in, slots_for
from octavo.sources.discovery import FeedLink, find_feeds, usual_addresses
from octavo.sources.http import Door, Reply, Request
from octavo.sources.opml import LINK_REFUSED, Subscription, read_opml, write_opml
from octavo.sources.refusals import Refusal
from octavo.sources.slots import Slots
from octavo.store.models import Feed, Folder

# How many of a home page's feeds are looked at, and of the usual addresses where it names none.
MOST_LOOKED_AT = 6
MOST_TRIED = 8
# What a preview shows of each.
PREVIEW_TITLES = 5
# Someone waits for the answer: a host whose turn does not come is reported.
PATIENCE = 30.0
TITLE_LENGTH = 300
# Why a feed cannot be added or moved, besides what the door and the readers of feeds say.
NO_FEED = "no-feed"
TAKEN = "taken"
# A colon that no port follows: what stands before it is a scheme and no host.
OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d{1,5}(?:[/?#]|$))")


class FeedProblem(ValueError):
    """A feed that cannot be added or changed; the message says why and what to do, `reason` why in one lasting word."""

    def __init__(self, detail: str, reason: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that an address led to, with what a person needs to choose: its title, its newest headlines."""

    url: str
    title: str
    kind: str
    home_page: str
    language: str = ""
    entries: int = 0
    headlines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A feed to be added, with what is known of it before it is first polled."""

    url: str
    title: str = ""
    folder: str = ""
    section: str = ""
    language: str = ""
    publisher: Facts = field(default_factory=Facts)


@dataclass
class Imported:
    """What came of a list: how many feeds are new, how many were here, what was left out and why, what was mended."""

    added: int = 0
    known: int = 0
    left_out: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The same as a plain dictionary."""
        return asdict(self)

    def sentence(self) -> str:
        """The same for a person."""
        known = f", {self.known} were here already" if self.known else ""
        left = f", {len(self.left_out)} left out ({self.left_out[0]})" if self.left_out else ""
        mended = "".join(f" Of the file: {note}." for note in self.mended)
        return f"{self.added} {'feed' if self.added == 1 else 'feeds'} added{known}{left}.{mended}"


def preview(address: str) -> list[Found]:
    """The feeds that an address leads to, itself or as a home page, the likeliest first; nothing is stored.

    Raises FeedProblem where there is none, Refusal where the address cannot be read.
    """
    return asyncio.run(_look(_with_scheme(address)))


def add(address: str, *, folder: str = "", section: str = "") -> list[Feed]:
    """Adds the feed at an address, or the likeliest one of a home page; returns it, also where it was here already.

    Raises FeedProblem or Refusal.
    """
    _check_section(section)
    address = _with_scheme(address)
    if (known := _known(address)) is not None:
        return [known]
    best = preview(address)[0]
    facts = Facts(name=best.title, home_page=best.home_page, language=best.language)
    return [add_wanted(Wanted(best.url, best.title, folder, section, best.language, facts))[0]]


def _with_scheme(address: str) -> str:
    """An address as people type it: `example.org` is https://example.org, `mailto:x` is none."""
    typed = address = address.strip()
    if address.lower().startswith("feed:"):
        address = address[5:].lstrip("/")
    if "://" not in address and not OTHER_SCHEME.match(address):
        address = f"https://{address}"
    if not is_web_address(address):
        raise FeedProblem(f"{typed!r} is no web address; write one like https://example.org/feed.", "url")
    return address


def _check_section(section: str) -> None:
    if section and section not in SECTIONS:
        raise FeedProblem(f"There is no section {section!r}; write one of {', '.join(SECTIONS)}.")


def _known(url: str) -> Feed | None:
    return Feed.objects.filter(url_key=_key(url)).first()


def _key(url: str) -> str:
    return identity_key(url)[:700]


async def _look(address: str) -> list[Found]:
    chosen = replace(settings.OCTAVO, extract_slots=1)
    async with StoreManners(chosen) as manners, Door(chosen, manners) as door, slots_for(chosen) as slots:
        reply = await door.fetch(Request(address, kind="feed", patience=PATIENCE))
        if not reply.is_new:
            raise FeedProblem(f"{address} answers {reply.status}; check how it is written.", f"status-{reply.status}")
        try:
            return [await _found(reply, slots)]
        except Unreadable as error:
            if error.reason != "html":
                raise FeedProblem(f"{address}: {error.detail}", error.reason) from None
        return await _of_page(reply, door, slots)


async def _of_page(reply: Reply, door: Door, slots: Slots) -> list[Found]:
    """The feeds of a page: those that it names or, where it names none, the first at a usual address."""
    named = find_feeds(reply.body, reply.url)
    found = await _try(named[:MOST_LOOKED_AT], door, slots)
    if not found:
        found = await _try(usual_addresses(reply.url)[:MOST_TRIED], door, slots, most=1)
    if not found:
        raise FeedProblem(f"{reply.url} names no feed that can be read, and none lies at the usual addresses.", NO_FEED)
    return found


async def _try(links: Sequence[FeedLink], door: Door, slots: Slots, most: int = MOST_LOOKED_AT) -> list[Found]:
    found: list[Found] = []
    for link in links:
        try:
            reply = await door.fetch(Request(link.url, kind="feed", patience=PATIENCE))
            if reply.is_new:
                found.append(await _found(reply, slots))
        except (Refusal, Unreadable):
            continue
        if len(found) >= most:
            break
    return found


async def _found(reply: Reply, slots: Slots) -> Found:
    job = FeedJob(reply.body, reply.url, reply.headers.get("content-type", ""), "")
    document = await read_document_in(slots, job)
    titles = tuple(entry.title for entry in document.entries if entry.title)[:PREVIEW_TITLES]
    return Found(
        url=reply.url,
        title=document.title or reply.url,
        kind=document.kind,
        home_page=document.home_page,
        language=document.language,
        entries=len(document.entries),
        headlines=titles,
    )


@transaction.atomic
def add_wanted(wanted: Wanted) -> tuple[Feed, bool]:
    """The feed and whether it is new. Nothing is fetched; it is due at once. Raises FeedProblem for a bad address."""
    url = normalise(wanted.url)
    if not is_web_address(url):
        raise FeedProblem(f"{wanted.url[:120]!r} is no web address.", "url")
    if (known := _known(url)) is not None:
        return known, False
    publisher = publisher_for(replace(wanted.publisher, name=wanted.publisher.name or wanted.title), url)
    feed = Feed.objects.create(
        publisher=publisher,
        folder=folder_named(wanted.folder) if wanted.folder else None,
        url=url,
        url_key=_key(url),
        title=wanted.title[:TITLE_LENGTH],
        section=wanted.section,
        language=wanted.language[:16],
    )
    return feed, True


def folder_named(name: str) -> Folder:
    """The folder of a name, made where there is none."""
    return Folder.objects.get_or_create(name=name.strip()[:120])[0]


def pause(feed: Feed) -> None:
    """Stops polling a feed; its articles stay."""
    _change(feed, state=Feed.State.PAUSED)


def resume(feed: Feed) -> None:
    """Polls a feed again, at once; one that was gone too."""
    _change(
        feed, state=Feed.State.ACTIVE, due_at=timezone.now(), failures=0, failing_since=None, failure_reason="",
        failure_detail="",
    )  # fmt: skip


def edit(
    feed: Feed, *, title: str | None = None, url: str | None = None, folder: str | None = None,
    section: str | None = None, language: str | None = None,
) -> None:  # fmt: skip
    """Changes what is given; an empty folder takes the feed out of its folder. Raises FeedProblem."""
    changes: dict[str, Any] = {}
    if section is not None:
        _check_section(section)
        changes["section"] = section
    if title is not None:
        changes["title"] = title.strip()[:TITLE_LENGTH]
    if language is not None:
        changes["language"] = language.strip()[:16]
    if folder is not None:
        changes["folder"] = folder_named(folder) if folder.strip() else None
    if url is not None and normalise(url) != feed.url:
        changes |= _moved(feed, normalise(_with_scheme(url)))
    _change(feed, **changes)


def _moved(feed: Feed, url: str) -> dict[str, Any]:
    """A new address: what was known of the old one's document no longer holds."""
    other = _known(url)
    if other is not None and other.pk != feed.pk:
        raise FeedProblem(f"{url} is the address of another feed here ({other}).", TAKEN)
    fresh = {"etag": "", "last_modified": "", "body_hash": "", "moved_to": "", "moved_since": None}
    return {"url": url, "url_key": _key(url), "due_at": timezone.now(), **fresh}


def _change(feed: Feed, **changes: Any) -> None:
    """Changes a feed; whoever polls it now polled what it was before, so the claim is fenced off."""
    if not changes:
        return
    Feed.objects.filter(pk=feed.pk).update(**changes, claim=F("claim") + 1, claimed_until=None, claimed_by="")
    feed.refresh_from_db()


@transaction.atomic
def remove(feed: Feed) -> None:
    """Removes a feed; its articles stay, and would not come twice if it were added again."""
    publisher = feed.publisher
    feed.delete()
    drop_if_empty(publisher)


def import_opml(body: bytes) -> Imported:
    """Adds the feeds of an OPML list with their folders. Raises OpmlError for what is no list."""
    subscriptions = read_opml(body)
    outcome = import_wanted([_of_subscription(one) for one in subscriptions.feeds])
    for note in subscriptions.notes:
        (outcome.left_out if note.kind == LINK_REFUSED else outcome.mended).append(note.detail)
    return outcome


def _of_subscription(one: Subscription) -> Wanted:
    folder = " / ".join(one.folders[0]) if one.folders else ""
    return Wanted(one.url, one.title, folder, publisher=Facts(name=one.title, home_page=one.home_page))


def import_wanted(wanted: Sequence[Wanted]) -> Imported:
    """Adds many feeds in one transaction; a bad one is left out and told."""
    outcome = Imported()
    with transaction.atomic():
        for one in wanted:
            try:
                _, is_new = add_wanted(one)
            except FeedProblem as error:
                outcome.left_out.append(str(error))
                continue
            outcome.added += is_new
            outcome.known += not is_new
    return outcome


def import_starter() -> Imported:
    """Adds the starter set of real feeds."""
    from octavo.sources.starter import load_starter_set

    return import_wanted([_of_starter(one, feed) for one in load_starter_set() for feed in one.feeds])


def _of_starter(publisher: Any, feed: Any) -> Wanted:
    facts = Facts(
        publisher.name, publisher.home_page, publisher.country, publisher.language, publisher.owner, publisher.medium
    )
    return Wanted(feed.url, feed.title or publisher.name, "", feed.section, publisher.language, facts)


def export_opml() -> str:
    """All feeds with their folders, as OPML 2.0."""
    feeds = Feed.objects.filter(publisher__is_demo=False).select_related("publisher", "folder").order_by("folder", "id")
    rows = [
        Subscription(
            feed.url,
            feed.title or feed.publisher.name,
            feed.publisher.home_page,
            (tuple(feed.folder.name.split(" / ")),) if feed.folder else (),
        )
        for feed in feeds
    ]
    return write_opml(settings.OCTAVO.site_name, rows, timezone.now()).decode()
