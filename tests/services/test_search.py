"""Readers find articles with their words marked, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from octavo.services import indexing
from octavo.services.search import PAGE_SIZE, search
from tests.services.test_indexing import NOON, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def closed(data_folder: Path) -> Iterator[None]:
    yield
    indexing.close()


def test_a_hit_marks_the_words_in_title_and_excerpt() -> None:
    store("Ferries late again", "Fog. " * 100 + "The ferry waited for the fog to lift. " + "Rain. " * 100)
    indexing.catch_up()
    results = search("ferry", now=NOON)
    hit = results.hits[0]
    assert [hit.title[a:b] for a, b in hit.title_spans] == ["Ferries"]
    assert [hit.excerpt[a:b] for a, b in hit.excerpt_spans] == ["ferry"]
    assert (results.total, results.pages, hit.publisher) == (1, 1, "Harbour Post")


def test_pages() -> None:
    for number in range(PAGE_SIZE + 5):
        store(f"Ferry {number}")
    indexing.catch_up()
    first, second = search("ferry", now=NOON), search("ferry", page=2, now=NOON)
    assert (first.total, first.pages, len(first.hits), len(second.hits)) == (PAGE_SIZE + 5, 2, PAGE_SIZE, 5)
    assert not {hit.article.pk for hit in first.hits} & {hit.article.pk for hit in second.hits}


def test_nothing_asked_finds_nothing() -> None:
    store("Ferry")
    indexing.catch_up()
    assert search('  "" ', now=NOON).total == 0


def test_without_an_index_it_says_so() -> None:
    results = search("ferry", now=NOON)
    assert not results.is_ready
    assert results.hits == ()


def test_an_article_that_went_meanwhile_is_left_out() -> None:
    store("Ferry late")
    gone = store("Ferry gone")
    indexing.catch_up()
    gone.delete()
    assert [hit.title for hit in search("ferry", now=NOON).hits] == ["Ferry late"]


def test_a_page_costs_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(10):
        store(f"Ferry {number}")
    indexing.catch_up()
    search("ferry", now=NOON)
    with django_assert_num_queries(1):
        assert len(search("ferry", now=NOON).hits) == 10


def test_relative_days_count_from_today() -> None:
    store("Ferry")
    indexing.catch_up()
    assert search("ferry after:yesterday", now=NOON).total == 1
    assert search("ferry after:yesterday", now=NOON + timedelta(days=9)).total == 0
