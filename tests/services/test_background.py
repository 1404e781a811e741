"""The background of an article comes from earlier articles alone: never of its story, never its own text, never a live blog."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from octavo.services import indexing
from octavo.services.background import background
from octavo.store.models import Article, Placement, Publisher, Story
from tests.services.test_indexing import NOON, store

pytestmark = pytest.mark.django_db

TODAY = (
    "Harbour master Maren Oldt closed the ferry line to Anuva on Thursday. The pier of Velmara had cracked again. "
    "Maren Oldt said that the council of Velmara would meet soon."
)
WHO = "Maren Oldt, who was born on Anuva, learned her trade on the pilot boats of Velmara."


@pytest.fixture(autouse=True)
def closed(data_folder: Path) -> Iterator[None]:
    yield
    indexing.close()


def shown(text: str = TODAY) -> Article:
    return Article.objects.select_related("version", "story").get(pk=store("Oldt closes ferry line", text).pk)


def before(title: str, text: str = WHO, days: float = 5) -> Article:
    article = store(title, text)
    Article.objects.filter(pk=article.pk).update(sort_at=NOON - timedelta(days=days))
    return article


def sentences(article: Article) -> list[str]:
    indexing.catch_up()
    return [one["text"] for one in background(article)]


def test_earlier_articles_tell_who_somebody_is(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    asked, earlier = shown(), before("The pilots of Velmara")
    indexing.catch_up()
    with django_assert_num_queries(2):
        told = background(asked)
    assert [one["text"] for one in told] == [WHO]
    assert {told[0][key] for key in ("article", "version", "start", "end")} == {earlier.pk, 1, 0, len(WHO)}
    assert (told[0]["name"], told[0]["publisher"]) == ("Maren Oldt", "Harbour Post")
    assert told[0]["at"] == NOON - timedelta(days=5)


def test_what_came_since_the_story_began_is_no_background() -> None:
    asked = shown()
    before("The pilots of Velmara", days=1)
    asked.story = Story.objects.create(name="7", founded_at=NOON, changed_at=NOON, first_at=NOON - timedelta(days=2))
    assert sentences(asked) == []


def test_its_own_text_is_no_background() -> None:
    asked, copied = shown(), before("The pilots of Velmara")
    Placement.objects.create(article=asked, sequence=1, copy_of=copied)
    assert sentences(asked) == []


def test_lists_live_texts_and_stubs_tell_nothing() -> None:
    asked, live, stub = shown(), before("Live from Velmara"), before("The pilots of Velmara")
    Placement.objects.create(article=live, sequence=1, kind="live")
    Article.objects.filter(pk=stub.pk).update(quality="paywall")
    assert sentences(asked) == []


def test_a_publisher_is_no_subject() -> None:
    Publisher.objects.create(slug="oldt", name="Maren Oldt")
    asked = shown()
    before("The pilots of Velmara")
    assert sentences(asked) == []


def test_without_an_index_or_a_text_there_is_none() -> None:
    asked = shown()
    assert background(asked) == []
    asked.version = None
    assert background(asked) == []
