"""Runs the demo press beside the real feeds, in a process of its own, and takes it away again.

Its door is open to the press's own addresses and ports, and it polls the press's feeds alone; no other process's door is
opened for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import uvloop
from django.conf import settings
from django.db import transaction
from django.db.models import Min

from octavo.demo.server import DemoPress, StarterPublisher
from octavo.services import feeds, placing
from octavo.services.database_thread import DatabaseThread
from octavo.services.publishers import Facts
from octavo.services.worker import Worker
from octavo.sources.addresses import Allowance
from octavo.store.models import Article, Comment, Feed, Flag, Identity, IndexWork, Publisher, Verdict

# Our own sites on this machine need no second between requests.
HOST_GAP = 0.05
# How often it is asked whether the press has been taken away.
LOOK_SECONDS = 3.0


def import_press(publishers: Sequence[StarterPublisher], started: datetime) -> feeds.Imported:
    """Adds the press's feeds, marked as what they are and with the time at which the press was started."""
    outcome = feeds.import_wanted([_wanted(one) for one in publishers])
    Publisher.objects.filter(is_demo=True).update(created_at=started)
    return outcome


def first_start() -> datetime | None:
    """When the press that is here was first started: its articles keep their times when it is started again."""
    oldest: datetime | None = Publisher.objects.filter(is_demo=True).aggregate(at=Min("created_at"))["at"]
    return oldest


def ports_before() -> dict[str, int]:
    """The port from which each publisher of the press was first read, by name: from another one it would be another's."""
    rows = Feed.objects.filter(publisher__is_demo=True).order_by("-id").values_list("publisher__name", "url")
    return {name: urlsplit(url).port or 0 for name, url in rows}


def _wanted(one: StarterPublisher) -> feeds.Wanted:
    facts = Facts(one.name, one.home_page, one.country, one.language, one.owner, one.medium, is_demo=True)
    return feeds.Wanted(one.feed, one.name, language=one.language, publisher=facts)


def is_here() -> bool:
    """Whether the demo press is among the publishers."""
    return Publisher.objects.filter(is_demo=True).exists()


def remove() -> int:
    """Takes the press away with its articles and what was said under them; returns how many articles went."""
    with transaction.atomic():
        articles = Article.objects.filter(publisher__is_demo=True)
        ids = list(articles.values_list("pk", flat=True))
        comments = Comment.objects.filter(article__publisher__is_demo=True)
        Verdict.objects.filter(comment__in=comments).delete()
        Flag.objects.filter(comment__in=comments).delete()
        while leaves := list(comments.filter(replies=None).values_list("pk", flat=True)):
            comments.filter(pk__in=leaves).delete()
        Identity.objects.filter(article__publisher__is_demo=True).delete()
        with placing.leaving(ids):
            articles.delete()
        Publisher.objects.filter(is_demo=True).delete()
        IndexWork.objects.bulk_create([IndexWork(article_id=pk) for pk in ids])
    return len(ids)


def allowances(press: DemoPress) -> list[Allowance]:
    """What the door is opened to: exactly the press's addresses and ports."""
    found = []
    for written in press.allowances:
        host, _, port = written.rpartition(":")
        found.append(Allowance(ipaddress.ip_network(host.strip("[]")), frozenset({int(port)})))
    return found


def work() -> int:
    """Serves the press and reads it, until SIGTERM or until it is taken away."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work())
    return 0


async def _work() -> None:
    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    assert me is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, me.cancel)
    gone = asyncio.Event()
    database = DatabaseThread("demo")
    try:
        with contextlib.suppress(asyncio.CancelledError):
            started, ports = await database(first_start), await database(ports_before)
            async with DemoPress(started=started, ports=ports) as press:
                await _serve(press, database, gone)
    finally:
        await asyncio.to_thread(database.close)


async def _serve(press: DemoPress, database: DatabaseThread, gone: asyncio.Event) -> None:
    await database(import_press, press.starter(), press.started)
    watch = asyncio.create_task(_watch(database, gone))
    try:
        quick = replace(settings.OCTAVO, host_gap=min(HOST_GAP, settings.OCTAVO.host_gap), extract_slots=1)
        await Worker(quick, demo=True, allow=allowances(press)).run(until=gone.is_set)
    finally:
        watch.cancel()


async def _watch(database: DatabaseThread, gone: asyncio.Event) -> None:
    while await database(is_here):
        await asyncio.sleep(LOOK_SECONDS)
    gone.set()
