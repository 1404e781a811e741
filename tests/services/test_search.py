"""Readers find articles with their words marked, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from octavo.services import indexing
from octavo.services import search as searching
from octavo.services.search import PAGE_SIZE, search
from octavo.store.models import Article, IndexWork, Story
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


def test_a_page_costs_two_queries(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(10):
        store(f"Ferry {number}")
    indexing.catch_up()
    search("ferry", now=NOON)
    with django_assert_num_queries(2):
        assert len(search("ferry", now=NOON).hits) == 10
    with django_assert_num_queries(1):
        assert len(search("ferry", now=NOON, is_folded=False).hits) == 10


def in_one_story(*articles: Article) -> None:
    at = articles[0].sort_at
    story = Story.objects.create(name=str(articles[0].pk), founded_at=at, changed_at=at)
    Article.objects.filter(pk__in=[article.pk for article in articles]).update(story=story)


def test_each_story_is_found_once_at_its_best_article() -> None:
    weak, strong = store("Harbour news", "Among much else a ferry."), store("Ferry, ferry, ferry")
    alone = store("Ferry elsewhere")
    in_one_story(weak, strong)
    indexing.catch_up()
    found = search("ferry", now=NOON)
    assert {hit.article.pk for hit in found.hits} == {strong.pk, alone.pk}
    assert found.total == 3
    assert len(search("ferry", now=NOON, is_folded=False).hits) == 3


def test_pages_are_counted_by_stories() -> None:
    articles = [store(f"Ferry {number}") for number in range(PAGE_SIZE + 5)]
    in_one_story(*articles[:10])
    indexing.catch_up()
    found = search("ferry", now=NOON)
    assert (found.pages, len(found.hits)) == (1, PAGE_SIZE + 5 - 9)


def test_behind_the_folded_best_come_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "POOL", 2 * PAGE_SIZE)
    articles = [store(f"Ferry {number}") for number in range(3 * PAGE_SIZE)]
    in_one_story(*articles)
    indexing.catch_up()
    assert [len(search("ferry", page, now=NOON).hits) for page in (1, 2, 3)] == [1, PAGE_SIZE, 0]
    assert search("ferry", now=NOON).pages == 2


def test_relative_days_count_from_today() -> None:
    store("Ferry")
    indexing.catch_up()
    assert search("ferry after:yesterday", now=NOON).total == 1
    assert search("ferry after:yesterday", now=NOON + timedelta(days=9)).total == 0


def test_a_misspelt_name_is_told_as_it_is_written_here() -> None:
    for number in range(3):
        store(f"Keeper {number} speaks", "The keeper Ida Quellmann of Casteron spoke to the harbour board.")
    indexing.catch_up()
    assert search("quelmann speaks", now=NOON).suggestion == "Quellmann speaks"
    assert search("casterno", now=NOON).suggestion == "Casteron"
    assert search("quellmann", now=NOON).suggestion == ""
    assert search("-casterno", now=NOON).suggestion == ""


def test_a_misspelt_arabic_name_too() -> None:
    for number in range(3):
        made = store(f"الوزير أنطون القادري {number}", "اجتمع المجلس.")
        Article.objects.filter(pk=made.pk).update(language="ar")
    indexing.catch_up()
    assert search("القادرى", now=NOON).total == 3
    assert search("القاردي", now=NOON).suggestion == "القادري"


def test_more_like_an_article() -> None:
    storm = "A storm tore the roof off the lighthouse of Casteron during the night, said keeper Ida Quill."
    asked = store("Storm hits lighthouse", storm)
    near = store("Casteron counts the damage", "The lighthouse of Casteron lost its roof in the storm, said Ida Quill.")
    store("Chess final drawn", "Two players agreed a draw.")
    indexing.catch_up()
    assert [hit.article.pk for hit in search(f"like:{asked.pk}", now=NOON).hits] == [near.pk]
    assert search("like:999999", now=NOON).total == 0


def test_what_stands_beside_like_narrows_it() -> None:
    storm = "A storm tore the roof off the lighthouse of Casteron during the night, said keeper Ida Quill."
    asked = store("Storm hits lighthouse", storm)
    near = store("Casteron counts the damage", "The lighthouse of Casteron lost its roof in the storm, said Ida Quill.")
    other = store("Keeper saw the storm", "Ida Quill of Casteron watched the storm take the roof of the lighthouse.")
    indexing.catch_up()

    def found(query: str, newest: bool = False) -> list[int]:
        return [hit.article.pk for hit in search(f"like:{asked.pk} {query}", newest=newest, now=NOON).hits]

    both = found("")
    assert set(both) == {near.pk, other.pk}
    assert found("-damage") == [other.pk]
    assert found("title:damage") == [near.pk]
    assert found("before:2000") == found("lang:fr") == []
    assert found("storm") == both
    Article.objects.filter(pk=near.pk).update(sort_at=NOON)
    Article.objects.filter(pk=other.pk).update(sort_at=NOON - timedelta(days=1))
    IndexWork.objects.bulk_create(IndexWork(article_id=key) for key in both)
    indexing.catch_up()
    assert found("", newest=True) == [near.pk, other.pk]


def test_only_the_beginning_of_a_text_is_read_for_marks() -> None:
    store("Fog", "Fog. " * 30_000 + "The ferry waited.")
    indexing.catch_up()
    (hit,) = search("ferry", now=NOON).hits
    assert hit.excerpt_spans == ()
    assert hit.excerpt.startswith("Fog.")
