"""A refresh from the socket to the search: real feeds and pages over loopback, real slots, one worker or two."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from octavo.services import briefs, feeds, health, indexing, laying, leases, refresh, telling
from octavo.services.search import search
from octavo.services.worker import Worker
from octavo.store.models import Article, Brief, Feed, IndexWork, Lease, Page, Picture, RefreshRequest, StorySentence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reading")]


@pytest.fixture(autouse=True)
def _index_is_closed():
    yield
    indexing.close()


@pytest.fixture
def quay(stand):
    """The stand's feed with three articles, ready to be polled."""
    stand.put("/2026/ferry-returns-11", "Ferry returns to Velmara")
    stand.put(
        "/2026/storm-closes-school-12", "Storm closes the school of Abranza", "Abranza", "Snow fell for nine hours."
    )
    stand.put("/2026/bakers-strike-13", "Bakers of Obiru strike over flour", "Obiru", "Flour costs twice as much now.")
    return feeds.add_wanted(feeds.Wanted(stand.feed_url, "Quay News"))[0]


def test_a_refresh_returns_when_all_is_folded_into_stories(stand, quay):
    twin = "Storm closes every school of Abranza"
    stand.put("/2026/storm-closes-every-school-14", twin, "Abranza", "Snow fell for nine hours.")
    refresh.refresh()

    story = {article.title: article.story_id for article in Article.objects.all()}
    assert None not in story.values()
    assert story[twin] == story["Storm closes the school of Abranza"]
    assert not laying.behind()


@pytest.fixture
def mill(stand):
    """The stand's feed with two articles of this moment on one event."""
    now = format_datetime(timezone.now())
    for number in (16, 17):
        stand.put(f"/2026/mill-burns-{number}", f"Mill of Casteron burns down, {number}", "Casteron", published=now)
    return feeds.add_wanted(feeds.Wanted(stand.feed_url, "Quay News"))[0]


def test_a_refresh_leaves_the_brief_of_the_day_behind(mill):
    refresh.refresh()

    picks = Brief.objects.get(edition="").picks
    assert [pick["articles"] for pick in picks] == [2]
    assert picks[0]["sentences"]


def test_a_worker_makes_the_brief_and_tells_the_stories_by_itself(mill, monkeypatch):
    done = set()
    for room, verb in ((briefs, "make"), (telling, "tell")):
        monkeypatch.setattr(room, verb, noting(done, verb, getattr(room, verb)))

    async def work():
        async with asyncio.timeout(60):
            await Worker(settings.OCTAVO).run(lambda: done == {"make", "tell"})

    asyncio.run(work())
    assert Brief.objects.get(edition="").day == timezone.localdate()
    assert StorySentence.objects.exists()


def noting(done, name, verb):
    """A verb that says when it is done: asking the store would meet the worker's locks on a database in memory."""

    def noted(*args):
        made = verb(*args)
        done.add(name)
        return made

    return noted


def test_a_refresh_returns_when_all_is_read_and_searchable(stand, quay):
    outcome = refresh.refresh()

    assert (outcome["feeds"], outcome["failed"], outcome["articles"]) == (1, 0, 3)
    assert set(Article.objects.values_list("quality", flat=True)) == {"full"}
    assert not IndexWork.objects.exists()
    assert [hit.article.title for hit in search("flour").hits] == ["Bakers of Obiru strike over flour"]
    assert all(a.hashtags.exists() and a.version.key_points for a in Article.objects.all())
    assert Article.objects.first().published.isoformat() == "2026-11-23T08:00:00+02:00"


def test_a_second_refresh_asks_conditionally_and_finds_nothing(stand, quay):
    refresh.refresh()
    asked = dict(stand.asked)
    again = refresh.refresh(everything=True)

    assert again["articles"] == 0
    assert {path: n - asked.get(path, 0) for path, n in stand.asked.items() if n != asked.get(path)} == {"/feed.xml": 1}


def test_a_feed_that_is_not_due_is_left_alone(quay):
    refresh.refresh()

    assert refresh.sentence(refresh.refresh()).startswith("No feed was due")


def test_an_edit_becomes_a_version_and_not_a_second_article(stand, quay):
    refresh.refresh()
    stand.items[0].title = "Bakers of Obiru end their strike over flour"
    stand.pages["/2026/bakers-strike-13"] = stand.pages["/2026/bakers-strike-13"].replace(b"strike", b"stoppage")
    refresh.refresh(everything=True)

    article = Article.objects.get(url__endswith="bakers-strike-13")
    assert Article.objects.count() == 3
    assert article.versions.count() == 2
    assert article.title == "Bakers of Obiru end their strike over flour"


def test_a_page_that_fails_is_served_from_the_feed_and_listed(stand, quay):
    stand.statuses["/2026/bakers-strike-13"] = 404
    stand.put("/closed/budget-14", "The budget behind the door", summary="What the feed itself says of the budget.")
    refresh.refresh()

    missing, closed = Article.objects.get(url__endswith="-13"), Article.objects.get(url__endswith="budget-14")
    assert (missing.page.state, missing.method, missing.quality) == (Page.State.FAILED, "feed", "teaser")
    assert (closed.page.state, closed.version.text) == (
        Page.State.DISALLOWED,
        "What the feed itself says of the budget.",
    )
    assert stand.asked["/closed/budget-14"] == 0
    assert {trouble.reason for trouble in health.feed_health()} == {"status-404", "robots"}


def test_a_feed_that_fails_is_counted_and_listed_with_a_reason(stand, quay):
    stand.statuses["/feed.xml"] = 500
    outcome = refresh.refresh()

    trouble = health.feed_health()[0]
    assert outcome["failed"] == 1
    assert (trouble.what, trouble.reason) == ("feed", "status-500")
    assert trouble.since is not None
    assert Feed.objects.get().due_at > timezone.now() + timedelta(minutes=4)


def test_a_feed_that_is_gone_is_never_asked_again(stand, quay):
    stand.statuses["/feed.xml"] = 410
    refresh.refresh()
    refresh.refresh(everything=True)

    assert Feed.objects.get().state == Feed.State.GONE
    assert stand.asked["/feed.xml"] == 1


def test_what_a_killed_worker_left_is_taken_up(stand, quay, dead_holder):
    """The claims, the desk and the wish of a process that is no more."""
    later = timezone.now() + timedelta(hours=1)
    Feed.objects.update(claimed_until=later, claimed_by=dead_holder, claim=5)
    Lease.objects.create(name=leases.DESK, holder=dead_holder, number=3, held_until=later)

    assert refresh.refresh()["articles"] == 3


def test_a_refresh_beside_a_worker_hands_the_work_over_and_waits(stand, quay):
    Lease.objects.create(
        name=leases.DESK, holder="elsewhere:1:1.00", number=3, held_until=timezone.now() + timedelta(hours=1)
    )
    outcome: dict[str, object] = {}

    def ask() -> None:
        outcome.update(refresh.refresh(feed_ids=[quay.pk]))
        connections.close_all()

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(1.5)
    assert asking.is_alive()
    assert stand.asked["/feed.xml"] == 0

    request = RefreshRequest.objects.get()
    refresh.begin(request)
    refresh.finish(request, refresh.Standing(1, 1, 0, 0, 3, 0))
    asking.join(10)
    assert outcome["articles"] == 3


def test_two_workers_together_make_no_article_twice(stand, quay):
    for number in range(20):
        stand.put(f"/2026/more-{number}", f"Report number {number} of the winter", f"Place{number}")
    second = feeds.add_wanted(feeds.Wanted(f"{stand.url}/other.xml", "Quay News again"))[0]
    stand.pages["/other.xml"] = stand.feed()
    both = [threading.Thread(target=_refresh_and_close) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)

    assert second.publisher_id == quay.publisher_id
    assert Article.objects.count() == 23
    assert max(stand.asked[item.path] for item in stand.items) == 1


def _refresh_and_close() -> None:
    refresh.refresh(everything=True)
    connections.close_all()


def test_adding_a_home_page_finds_its_feed(stand):
    stand.put("/2026/ferry-returns-11", "Ferry returns to Velmara")
    added = feeds.add(stand.url)

    assert [feed.url for feed in added] == [stand.feed_url]
    assert feeds.add(stand.url)[0].pk == added[0].pk
    assert Feed.objects.get().publisher.home_page == f"{stand.url}/"


def test_pictures_are_wanted_but_not_waited_for(stand, quay):
    head = f'<meta property="og:image" content="{stand.url}/lead.png">'.encode()
    path = "/2026/ferry-returns-11"
    stand.pages[path] = stand.pages[path].replace(b"</head>", head + b"</head>")
    refresh.refresh()

    assert Picture.objects.get().state == Picture.State.WAITING
    assert stand.asked["/lead.png"] == 0


def test_a_page_that_costs_too_much_is_served_from_the_feed_and_its_neighbours_go_on(stand, quay, settings):
    settings.OCTAVO = dataclasses.replace(settings.OCTAVO, extract_seconds=0.4)
    stand.put("/2026/endless-15", "An endless page", summary="What the feed says of it.")
    stand.pages["/2026/endless-15"] = b"<html><body><article>" + b"<p>So many words and no end. </p>" * 150_000
    refresh.refresh()

    endless = Article.objects.get(url__endswith="endless-15")
    assert (endless.method, endless.version.text) == ("feed", "What the feed says of it.")
    assert endless.page.failure_reason == "too-costly-time"
    assert Article.objects.filter(quality="full").count() == 3
