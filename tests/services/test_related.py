"""An article stands beside others on its subject, never beside its copies, and each says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from octavo.core.folding.related import When
from octavo.services import indexing
from octavo.services.related import related
from octavo.store.models import Article, Placement, Story
from tests.services.test_indexing import NOON, store

pytestmark = pytest.mark.django_db

STORM = "A storm tore the roof off the lighthouse of Casteron during the night, said keeper Ida Quill."
DAMAGE = "The lighthouse of Casteron lost its roof in the storm. Keeper Ida Quill slept in the harbour office."


@pytest.fixture(autouse=True)
def closed(data_folder: Path) -> Iterator[None]:
    yield
    indexing.close()


def shown(title: str, text: str) -> Article:
    return Article.objects.select_related("version").get(pk=store(title, text).pk)


def titles(article: Article) -> list[str]:
    return [Article.objects.get(pk=one.article).title for one in related(article)]


def test_the_subject_is_shared_and_neither_the_headline_nor_the_text(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    asked = shown("Storm hits lighthouse", STORM)
    store("Casteron counts the damage", DAMAGE)
    store("Storm hits Lighthouse", STORM)
    copy = store("Roof blown off at Casteron", STORM)
    store("Chess final drawn", "Two players agreed a draw.")
    Placement.objects.create(article=copy, sequence=1, copy_of=asked)
    indexing.catch_up()
    with django_assert_num_queries(1):
        beside = related(asked)
    assert titles(asked) == ["Casteron counts the damage"]
    assert {"Casteron", "Quill"} <= set(beside[0].reason.names)
    with django_assert_num_queries(0):
        assert related(asked) == beside


def test_a_horoscope_or_a_listing_stands_beside_its_own_kind_alone() -> None:
    asked, fellow = (
        shown("Storm hits lighthouse", STORM),
        shown("The stars of the lighthouse", DAMAGE + " Mars wears a scarf."),
    )
    store("Casteron counts the damage", DAMAGE)
    stars = store("Your stars over the lighthouse", DAMAGE + " Saturn is kind.")
    for number, (article, kind) in enumerate([(asked, "report"), (fellow, "horoscope"), (stars, "horoscope")]):
        Placement.objects.create(article=article, sequence=number + 1, kind=kind)
    indexing.catch_up()
    assert titles(asked) == ["Casteron counts the damage"]
    assert "Your stars over the lighthouse" in titles(fellow)


def test_of_each_story_one(data_folder: Path) -> None:
    asked = shown("Storm hits lighthouse", STORM)
    story = Story.objects.create(name="7", founded_at=NOON, changed_at=NOON)
    for title in ("Casteron counts the damage", "Keeper of Casteron homeless"):
        Article.objects.filter(pk=store(title, DAMAGE + title).pk).update(story=story)
    indexing.catch_up()
    assert len(related(asked)) == 1


def test_earlier_articles_say_so() -> None:
    asked = shown("Storm hits lighthouse", STORM)
    before = store("Lighthouse of Casteron to be mended", DAMAGE)
    Article.objects.filter(pk=before.pk).update(sort_at=asked.sort_at - timedelta(days=60))
    indexing.catch_up()
    assert [one.reason.when for one in related(asked)] == [When.BACKGROUND]


def test_what_came_since_is_found_where_the_answer_was_short() -> None:
    asked = shown("Storm hits lighthouse", STORM)
    indexing.catch_up()
    assert related(asked) == ()
    store("Casteron counts the damage", DAMAGE)
    indexing.catch_up()
    assert titles(asked) == ["Casteron counts the damage"]


def test_an_empty_index_relates_nothing() -> None:
    assert related(store("Ferry")) == ()
