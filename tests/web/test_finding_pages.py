"""A visitor sees why an article is related, finds all that is like it, and is told which name was meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from octavo.services import indexing
from octavo.store.models import IndexWork
from tests.web import newsroom

pytestmark = pytest.mark.django_db

STORM = "A storm tore the roof off the lighthouse of Casteron during the night, said keeper Ida Quellmann."
DAMAGE = "The lighthouse of Casteron lost its roof in the storm. Keeper Ida Quellmann slept in the harbour office."


@pytest.fixture(autouse=True)
def closed(data_folder: Path) -> Iterator[None]:
    yield
    indexing.close()


def in_the_index(*articles: newsroom.Article) -> None:
    IndexWork.objects.bulk_create(IndexWork(article_id=article.pk) for article in articles)
    indexing.catch_up()


def test_a_related_article_says_why_it_is_there(client: Client) -> None:
    asked = newsroom.make_article(text=STORM, title="Storm hits lighthouse", published_at=timezone.now())
    before = timezone.now() - timedelta(days=60)
    other = newsroom.make_article(text=DAMAGE, title="Lighthouse of Casteron to be mended", published_at=before)
    in_the_index(asked, other)
    page = client.get(f"/articles/{asked.pk}/").content.decode()
    assert f'href="/articles/{other.pk}/"' in page
    assert "Background · Same names: " in page
    assert f'href="/search/?q=like:{asked.pk}"' in page
    assert other.title in client.get(f"/search/?q=like:{asked.pk}").content.decode()


def test_a_misspelt_name_leads_to_the_one_that_was_meant(client: Client) -> None:
    in_the_index(*(newsroom.make_article(text=STORM) for _ in range(3)))
    page = client.get("/search/?q=quelmann").content.decode()
    assert '<a class="link" href="/search/?q=Quellmann"><bdi>Quellmann</bdi></a>' in page
    assert "Did you mean" not in client.get("/search/?q=quellmann").content.decode()
