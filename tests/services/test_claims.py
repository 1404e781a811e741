"""Work is claimed once, claims of the dead are freed, and whoever comes late changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from octavo.core.types import Extract, Quality
from octavo.services import claims, leases, pages, polling, versions
from octavo.services.arriving import arrive
from octavo.services.slotwork import Reading
from octavo.store.models import Article, ArticleVersion, Feed, Lease, Page

pytestmark = pytest.mark.django_db

NOBODY = "elsewhere:1:1.00"


@pytest.fixture
def waiting(feed, document, told):
    """Three articles whose pages are due."""
    arrive(feed, document(*(told(f"https://quay.example/2026/s-{n}") for n in range(3))), timezone.now())


def reading(text: str) -> Reading:
    return Reading(Extract("https://quay.example/2026/s-0", "Title", text, f"<p>{text}</p>", quality=Quality.FULL))


def test_a_page_is_claimed_by_one(waiting):
    first, second = pages.claim_due(10, Counter()), pages.claim_due(10, Counter())

    assert len(first) == 3
    assert second == []


def test_a_host_gives_no_more_pages_than_may_be_under_way(feed, document, told):
    arrive(feed, document(*(told(f"https://quay.example/2026/s-{n}") for n in range(20))), timezone.now())

    claimed = pages.claim_due(50, Counter({"quay.example": 2}))

    assert len(claimed) == pages.PER_HOST - 2


def test_an_expired_claim_is_free_and_its_late_reading_is_dropped(waiting):
    late = pages.claim_due(1, Counter())[0]
    Page.objects.filter(pk=late.id).update(claimed_until=timezone.now() - timedelta(seconds=1))
    Page.objects.exclude(pk=late.id).update(due_at=None)
    now = pages.claim_due(1, Counter())[0]
    assert now.id == late.id

    versions.save([pages.Read(late, reading("what was there before"))])
    assert not ArticleVersion.objects.exists()
    versions.save([pages.Read(now, reading("what is there now"))])
    assert ArticleVersion.objects.get().text == "what is there now"


def test_a_result_is_saved_once(waiting):
    claimed = pages.claim_due(1, Counter())[0]
    versions.save([pages.Read(claimed, reading("one"))])
    versions.save([pages.Read(claimed, reading("two"))])

    assert ArticleVersion.objects.get().text == "one"


def test_a_late_poll_changes_nothing(feed, document, told):
    claimed = polling.claim_due(5, Counter())[0]
    Feed.objects.update(claim=claimed.claim + 1)

    polling.save([polling.Polled(claimed, failure=polling.Failure("gone", "It is gone.", is_final=True))])

    assert Feed.objects.get().state == Feed.State.ACTIVE


def test_what_a_killed_process_held_is_free_at_once(waiting, dead_holder):
    Page.objects.update(claimed_until=timezone.now() + timedelta(hours=1), claimed_by=dead_holder)

    assert claims.release_dead() == 3
    assert len(pages.claim_due(10, Counter())) == 3


def test_what_a_process_elsewhere_holds_is_not(waiting):
    Page.objects.update(claimed_until=timezone.now() + timedelta(hours=1), claimed_by=NOBODY)

    assert claims.release_dead() == 0


def test_the_desk_is_held_by_one_until_its_term_is_over():
    Lease.objects.create(name="desk", holder=NOBODY, number=7, held_until=timezone.now() + timedelta(seconds=30))
    assert leases.acquire("desk") is None
    Lease.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    taken = leases.acquire("desk")

    assert taken is not None
    assert taken.number == 8


def test_the_desk_of_a_dead_process_is_taken_at_once(dead_holder):
    Lease.objects.create(name="desk", holder=dead_holder, number=1, held_until=timezone.now() + timedelta(hours=1))

    assert leases.acquire("desk") is not None


def test_a_lease_that_another_took_cannot_be_renewed():
    mine = leases.acquire("desk")
    assert mine is not None
    Lease.objects.update(holder=NOBODY, number=mine.number + 1)

    assert not leases.renew(mine)
    leases.release(mine)
    assert Lease.objects.get().holder == NOBODY


def test_a_worse_reading_does_not_take_the_place_of_a_better_one(waiting):
    first = pages.claim_due(1, Counter())[0]
    versions.save([pages.Read(first, reading("the whole text"))])
    Page.objects.filter(pk=first.id).update(due_at=timezone.now())
    again = next(page for page in pages.claim_due(5, Counter()) if page.id == first.id)
    wall = Extract(first.url, "Title", "Accept cookies", "<p>Accept cookies</p>", quality=Quality.CONSENT)
    versions.save([pages.Read(again, Reading(wall))])

    assert Article.objects.get(pk=first.article).version.text == "the whole text"
