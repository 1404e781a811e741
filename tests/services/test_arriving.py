"""Entries become articles once, whatever a feed does with its addresses and GUIDs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from octavo.services.arriving import arrive
from octavo.services.publishers import Facts, publisher_for
from octavo.store.models import Article, Entry, Feed, Identity, Page, Publisher

pytestmark = pytest.mark.django_db


def test_an_entry_becomes_an_article_with_a_page_that_is_due(feed, document, told):
    arrival = arrive(feed, document(told("https://quay.example/2026/a-ferry")), timezone.now())

    article = Article.objects.get()
    assert arrival.new == 1
    assert article.page.state == Page.State.WAITING
    assert article.page.due_at is not None
    assert article.identities.count() >= 1
    assert article.entries.get().feed == feed


def test_the_same_document_twice_writes_nothing_new(feed, document, told):
    shown = document(*(told(f"https://quay.example/2026/story-{n}", guid=f"g{n}") for n in range(5)))
    arrive(feed, shown, timezone.now())
    again = arrive(feed, shown, timezone.now())

    assert (again.new, again.changed) == (0, 0)
    assert Article.objects.count() == Entry.objects.count() == 5


@pytest.mark.parametrize(
    "other",
    [
        "http://quay.example/2026/a-ferry-returns",
        "https://www.quay.example/2026/a-ferry-returns",
        "https://quay.example/2026/a-ferry-returns?utm_source=rss&utm_medium=feed",
        "https://quay.example/2026/a-ferry-returns/amp",
        "https://quay.example/2026/a-ferry-returns/",
    ],
)
def test_other_spellings_of_an_address_are_the_same_article(feed, document, told, other):
    arrive(feed, document(told("https://quay.example/2026/a-ferry-returns", "A ferry returns")), timezone.now())
    arrive(feed, document(told(other, "A ferry returns", guid="another")), timezone.now())

    assert Article.objects.count() == 1


def test_new_guids_at_every_fetch_make_no_new_articles(feed, document, told):
    for churn in range(3):
        arrive(feed, document(told("https://quay.example/2026/x-1", guid=f"uuid-{churn}")), timezone.now())

    assert Article.objects.count() == 1


def test_one_guid_for_all_entries_swallows_none(feed, document, told):
    titles = ("Ferry line reopens", "Storm closes the school", "Bakers strike over flour")
    shown = [told(f"https://quay.example/2026/n-{n}", t, guid="item") for n, t in enumerate(titles)]
    arrive(feed, document(*shown), timezone.now())
    arrive(feed, document(told("https://quay.example/2026/n-9", "Mayor resigns", guid="item"), *shown), timezone.now())

    assert Article.objects.count() == 4


def test_two_feeds_of_a_publisher_share_an_article_and_keep_both_wordings(feed, document, told):
    second = Feed.objects.create(
        publisher=feed.publisher, url="https://quay.example/world", url_key="quay.example/world"
    )
    arrive(feed, document(told("https://quay.example/2026/one", summary="short")), timezone.now())
    arrive(second, document(told("https://quay.example/2026/one", summary="longer words")), timezone.now())

    assert Article.objects.count() == 1
    assert sorted(Entry.objects.values_list("summary", flat=True)) == ["longer words", "short"]


def test_two_feeds_with_different_wordings_do_not_call_the_article_changed_in_turns(feed, document, told):
    second = Feed.objects.create(
        publisher=feed.publisher, url="https://quay.example/world", url_key="quay.example/world"
    )
    for _ in range(2):
        first = arrive(feed, document(told("https://quay.example/2026/one", summary="short")), timezone.now())
        other = arrive(second, document(told("https://quay.example/2026/one", summary="longer words")), timezone.now())

    assert (first.changed, other.changed) == (0, 0)


def test_a_changed_entry_has_its_page_read_again_and_fences_who_reads_it_now(feed, document, told):
    arrive(feed, document(told("https://quay.example/2026/one", "Three hurt", guid="1")), timezone.now())
    Page.objects.update(due_at=None, claimed_until=timezone.now(), claimed_by="somebody")
    before = Page.objects.get().claim

    arrival = arrive(
        feed, document(told("https://quay.example/2026/one", "Three hurt, one dead", guid="1")), timezone.now()
    )

    page = Page.objects.get()
    assert arrival.changed == 1
    assert page.due_at is not None
    assert page.claim > before
    assert Article.objects.get().title == "Three hurt, one dead"


def test_what_retention_removed_does_not_return(feed, document, told):
    arrive(feed, document(told("https://quay.example/2026/one", guid="1")), timezone.now())
    Identity.objects.update(article=None, removed_at=timezone.now())
    Article.objects.all().delete()

    arrival = arrive(feed, document(told("https://www.quay.example/2026/one?utm_source=x", guid="2")), timezone.now())

    assert arrival.new == 0
    assert not Article.objects.exists()


def test_what_no_database_takes_is_left_out_of_texts(feed, document, told):
    arrive(feed, document(told("https://quay.example/2026/one", "A\0 title \ud800")), timezone.now())

    assert "\0" not in Article.objects.get().title


def test_an_entry_without_address_is_an_article_too(feed, document, told):
    arrive(feed, document(told("", "Only a title", guid="tag:quay,1")), timezone.now())

    assert Article.objects.get().page.url == ""


def test_the_number_of_queries_does_not_grow_with_the_entries(feed, document, told):
    def queries(first: int, count: int) -> int:
        shown = document(*(told(f"https://quay.example/2026/s-{n}", guid=f"{n}") for n in range(first, first + count)))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            arrive(feed, shown, timezone.now())
        return len(captured)

    few, many = queries(0, 2), queries(100, 30)
    assert many <= few + 3


def test_an_aggregators_feed_neither_takes_an_article_from_its_publisher_nor_words_its_headline(feed, document, told):
    writer = Publisher.objects.create(slug="vale", name="Radio Vale", site_key="vale.example", country="XB")
    arrive(feed, document(told("https://vale.example/2026/tide", "The tide")), timezone.now())
    article = Article.objects.get()
    assert (article.publisher, article.country) == (writer, "XB")
    arrive(feed, document(told("https://vale.example/2026/tide", "YOU WILL NOT BELIEVE THIS TIDE")), timezone.now())
    article.refresh_from_db()
    assert article.title == "The tide"


def test_services_of_one_site_in_two_languages_are_two_publishers():
    english = publisher_for(
        Facts("Vale World", "https://world.example/en", language="en"), "https://world.example/en.rss"
    )
    arabic = publisher_for(
        Facts("Vale Arabic", "https://world.example/ar", language="ar"), "https://world.example/ar.rss"
    )
    again = publisher_for(Facts(home_page="https://world.example/"), "https://world.example/more.rss")
    assert english != arabic
    assert again == english
