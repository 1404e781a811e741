"""What a page says becomes a version of its article; two articles that prove to be one are joined and lose nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from octavo.core.telling.hashtags import Hashtag
from octavo.core.types import Extract, Moment, Precision, Quality
from octavo.services import pages, versions
from octavo.services.arriving import arrive
from octavo.services.slotwork import Reading
from octavo.services.telling import is_untold
from octavo.store.models import (
    Article,
    ArticleVersion,
    Comment,
    FoldWork,
    Identity,
    IndexWork,
    Page,
    ReadMark,
    Saved,
    Story,
    User,
)
from tests.web import newsroom

pytestmark = pytest.mark.django_db

URL = "https://quay.example/2026/a-ferry-returns"


def extract(text: str = "The whole text.", url: str = URL, **more: object) -> Extract:
    return Extract(url, "A ferry returns", text, f"<p>{text}</p>", quality=Quality.FULL, method="blocks", **more)  # type: ignore[arg-type]


def read(url: str, reading: Reading) -> None:
    """Saves a reading of the page at an address, as a worker that has claimed it would."""
    Page.objects.filter(url=url).update(due_at=timezone.now())
    claimed = [page for page in pages.claim_due(50, Counter()) if page.url == url]
    versions.save([pages.Read(page, reading) for page in claimed])
    Page.objects.update(claimed_until=None)


@pytest.fixture
def ferry(feed, document, told) -> Article:
    arrive(feed, document(told(URL, "A ferry returns", guid="1")), timezone.now())
    return Article.objects.get()


def test_an_edited_article_becomes_a_new_version_and_keeps_the_old(ferry):
    read(URL, Reading(extract("Twelve boats.")))
    read(URL, Reading(extract("Fourteen boats.")))

    ferry.refresh_from_db()
    assert [v.text for v in ferry.versions.all()] == ["Twelve boats.", "Fourteen boats."]
    assert ferry.version.number == 2


def test_a_story_is_to_be_told_again_when_a_text_of_it_was_edited(ferry):
    read(URL, Reading(extract("Twelve boats.")))
    story = newsroom.make_story(ferry)
    Story.objects.filter(pk=story.pk).update(told_at=story.changed_at)
    read(URL, Reading(extract("Twelve boats.")))
    assert not Story.objects.filter(is_untold()).exists()
    read(URL, Reading(extract("Fourteen boats.")))
    assert Story.objects.filter(is_untold()).exists()


def test_an_unchanged_text_makes_no_version_and_no_index_work(ferry):
    read(URL, Reading(extract()))
    IndexWork.objects.all().delete()
    read(URL, Reading(extract()))

    assert ArticleVersion.objects.count() == 1
    assert not IndexWork.objects.exists()


def test_a_version_carries_its_key_points_and_the_article_its_hashtags(ferry):
    tags = (Hashtag("ferry", "Ferry"), Hashtag("quay", "Quay"))
    read(URL, Reading(extract(), key_points=((0, 15),), hashtags=tags))

    ferry.refresh_from_db()
    assert ferry.version.key_points == [[0, 15]]
    assert sorted(ferry.hashtags.values_list("label", flat=True)) == ["Ferry", "Quay"]


def test_a_page_is_checked_again_after_one_six_and_twenty_four_hours(ferry):
    waits = []
    for hours in (0, 1.1, 6.1, 24.1):
        Article.objects.update(arrived_at=timezone.now() - timedelta(hours=hours))
        read(URL, Reading(extract()))
        page = Page.objects.get()
        waits.append(page.due_at and round((page.due_at - Article.objects.get().arrived_at) / timedelta(hours=1)))

    assert waits == [1, 6, 24, None]


def test_a_time_ahead_is_ignored_and_a_bare_date_stands_at_the_end_of_its_day(ferry):
    ahead = Moment(timezone.now() + timedelta(days=365))
    read(URL, Reading(extract("One.", published=ahead)))
    ferry.refresh_from_db()
    assert ferry.published is None
    assert ferry.sort_at == ferry.arrived_at

    day = Moment(datetime(2026, 3, 4, tzinfo=UTC), precision=Precision.DAY)
    read(URL, Reading(extract("Two.", published=day)))
    ferry.refresh_from_db()
    assert ferry.published.isoformat() == "2026-03-04"
    assert ferry.sort_at.hour == 23


def test_a_canonical_address_joins_two_articles_and_what_readers_did_stays(feed, document, told, ferry):
    other = "https://quay.example/p?id=77"
    arrive(feed, document(told(other, "A ferry returns", guid="77")), timezone.now())
    newer = Article.objects.get(url=other)
    reader = User.objects.create(username="ada")
    for kind in (ReadMark, Saved):
        kind.objects.create(reader=reader, article=newer)
    Comment.objects.create(article=newer, author=reader, text="At last.", posted_at=timezone.now())

    read(other, Reading(extract("The whole text.", url=URL), addresses=(other, URL)))

    survivor = Article.objects.get()
    assert survivor.pk == ferry.pk
    assert survivor.version.text == "The whole text."
    assert survivor.read_marks.count() == survivor.saved.count() == survivor.comments.count() == 1
    assert not Identity.objects.filter(article=None).exists()
    arrival = arrive(feed, document(told(other, "A ferry returns", guid="77")), timezone.now())
    assert arrival.new == 0


def test_a_canonical_address_that_all_pages_share_joins_nothing(feed, document, told, ferry):
    other = "https://quay.example/2026/bakers-strike"
    arrive(feed, document(told(other, "Bakers strike over flour", guid="2")), timezone.now())
    read(URL, Reading(extract("About the ferry."), addresses=(URL,)))
    read(other, Reading(replace(extract("About flour.", url=URL), title="Bakers strike"), addresses=(other, URL)))

    assert Article.objects.count() == 2


def test_a_canonical_address_at_another_publisher_joins_nothing(feed, document, told, ferry):
    read(URL, Reading(extract(url="https://wire.example/1"), addresses=(URL, "https://wire.example/1")))

    assert not Identity.objects.filter(article__url__contains="wire").exists()
    assert Article.objects.get().url == URL


def test_a_page_that_leads_to_an_article_which_retention_removed_does_not_bring_it_back(feed, document, told, ferry):
    Identity.objects.filter(article=ferry).update(article=None, removed_at=timezone.now())
    ferry.delete()
    other = "https://quay.example/p?id=78"
    arrive(feed, document(told(other, "A ferry returns", guid="78")), timezone.now())

    read(other, Reading(extract(url=URL), addresses=(other, URL)))

    assert not Article.objects.exists()


def test_a_failed_page_says_why_and_gives_up_in_the_end(ferry):
    for _ in range(pages.ATTEMPTS):
        Page.objects.update(due_at=timezone.now())
        claimed = pages.claim_due(1, Counter())[0]
        versions.save([pages.Read(claimed, failure=pages.Failure("status-503", "The answer is 503."))])

    page = Page.objects.get()
    assert (page.state, page.failure_reason, page.due_at) == (Page.State.FAILED, "status-503", None)
    assert page.failed_at is not None


def test_what_the_desk_is_to_fold_is_listed_with_the_text(ferry):
    read(URL, Reading(extract()))

    assert list(FoldWork.objects.values_list("article_id", flat=True)) == [ferry.pk]


def test_an_article_whose_page_stays_unreadable_is_listed_for_the_desk_by_its_title(ferry):
    def fail() -> None:
        Page.objects.update(due_at=timezone.now())
        (claimed,) = pages.claim_due(50, Counter())
        versions.save([pages.Read(claimed, failure=pages.Failure("status-503", "The answer is 503."))])

    fail()
    assert not FoldWork.objects.exists()
    fail()
    assert list(FoldWork.objects.values_list("article_id", flat=True)) == [ferry.pk]
