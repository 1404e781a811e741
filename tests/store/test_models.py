"""The store's promises that the database itself keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from octavo.core.types import Moment, Precision
from octavo.store.models import Article, Identity, Muted, Publisher, User

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def article() -> Article:
    publisher = Publisher.objects.create(slug="harbour-post", name="Harbour Post")
    return Article.objects.create(publisher=publisher, url="https://harbour.example/a", arrived_at=NOON, sort_at=NOON)


def test_published_keeps_the_sources_offset_and_precision(article: Article) -> None:
    article.published = Moment(NOON, 210, Precision.MINUTE)
    article.save()
    article.refresh_from_db()
    assert article.published is not None
    assert article.published.isoformat() == "2026-03-01T15:30+03:30"


def test_an_identity_outlives_its_article(article: Article) -> None:
    Identity.objects.create(key="url:harbour.example/a", article=article)
    article.delete()
    assert Identity.objects.get().article_id is None


def test_muting_needs_a_word_or_a_publisher(article: Article) -> None:
    reader = User.objects.create_user("mara")
    with pytest.raises(IntegrityError), transaction.atomic():
        Muted.objects.create(reader=reader)
    Muted.objects.create(reader=reader, word="lottery")
    with pytest.raises(IntegrityError), transaction.atomic():
        Muted.objects.create(reader=reader, word="lottery")


def test_times_come_back_as_they_were_written_with_their_fractions(article: Article) -> None:
    when = datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC)
    Article.objects.filter(pk=article.pk).update(sort_at=when, published_at=None)
    read = Article.objects.values_list("sort_at", "published_at", "arrived_at").get(pk=article.pk)
    assert read == (when, None, NOON)
    assert all(time.utcoffset() == timedelta(0) for time in (read[0], read[2]))
