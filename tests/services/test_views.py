"""The views of a story are stored with their receipts; who is without it is asked of the publishers that were active since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from octavo.core.telling.blindspots import BlindSpot
from octavo.services import telling, views
from octavo.store.models import Article, Earlier, Feed, Publisher, Story, StoryTelling
from tests.core.telling.test_views import LAMP, POST, RADIO
from tests.services.desks import held
from tests.web import newsroom

pytestmark = pytest.mark.django_db


def a_story(*texts: str, **facts: object) -> tuple[Story, list[Article]]:
    articles = [newsroom.make_article(text=text, title="Ferry aground", **facts) for text in texts]
    return newsroom.make_story(*articles), articles


def stored(story: Story) -> dict:
    telling.tell(held(), story)
    return StoryTelling.objects.get(story=story).views


def test_statements_are_stored_with_the_passage_in_each_text_that_has_them() -> None:
    story, articles = a_story(POST, RADIO, LAMP)
    (told,) = stored(story)["languages"]
    assert [one["kind"] for one in told["statements"]][:2] == ["all", "some"]
    assert {voice["name"] for voice in told["voices"]} == {one.publisher.name for one in articles}
    texts = {one.pk: one.version.text for one in articles}
    for one in told["statements"]:
        assert one["sentence"] in one["places"].values()
        assert [stand == "has" for stand in one["stands"]] == [str(at) in one["places"] for at in range(3)]
        for voice, place in one["places"].items():
            assert texts[place["article"]][place["start"] : place["end"]] == place["text"]
            assert told["voices"][int(voice)]["name"] == place["publisher"]


def test_copies_speak_with_their_text_and_stubs_not_at_all() -> None:
    articles = [newsroom.make_article(text=text, title="Ferry aground") for text in (POST, POST, RADIO, LAMP)]
    Article.objects.filter(pk=articles[3].pk).update(quality="paywall")
    articles[3].versions.update(quality="paywall")
    story = newsroom.make_story(*articles, copies={articles[1].pk: articles[0]})
    (told,) = stored(story)["languages"]
    voices = {voice["name"]: voice["sharing"] for voice in told["voices"]}
    assert voices == {articles[0].publisher.name: [articles[1].publisher.name], articles[2].publisher.name: []}


def test_what_left_the_story_is_not_shown_any_more() -> None:
    story, articles = a_story(POST, RADIO, LAMP)
    told, everywhere = stored(story), {one.pk for one in articles}
    assert views.here(told, everywhere) == told["languages"]
    (left,) = views.here(told, everywhere - {articles[2].pk})
    assert [one["kind"] for one in left["statements"]][:1] == ["some"]
    assert views.here(told, set()) == []
    assert views.here({}, everywhere) == []


def a_press(newspapers: int, magazines: int) -> list[Publisher]:
    press = [newsroom.make_publisher(medium="newspaper") for _ in range(newspapers)]
    press += [newsroom.make_publisher(medium="magazine") for _ in range(magazines)]
    for one in press:
        newsroom.make_feed(one)
        newsroom.make_article(one, title="Weather")
    return press


def covered(by: list[Publisher]) -> Story:
    before = timezone.now() - timedelta(days=1)
    return newsroom.make_story(*[newsroom.make_article(one, published_at=before) for one in by])


def test_a_kind_of_medium_is_without_it(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    press = a_press(6, 5)
    story = covered(press[:4])
    with django_assert_num_queries(2):
        assert views.without_it(story, {"en"}) == [BlindSpot("medium", "magazine", 5)]


def test_who_published_nothing_is_paused_or_speaks_another_language_is_not_asked() -> None:
    press = a_press(6, 5)
    story = covered(press[:4])
    assert views.without_it(story, {"ar"}) == []
    Feed.objects.filter(publisher__in=press[6:9]).update(state="paused")
    assert views.without_it(story, {"en"}) == []
    Feed.objects.update(state="active")
    Article.objects.filter(publisher__in=press[6:9]).delete()
    assert views.without_it(story, {"en"}) == []


def test_who_covers_another_part_of_the_affair_has_it() -> None:
    press = a_press(6, 5)
    story, later = covered(press[:4]), covered(press[8:9])
    Earlier.objects.create(story=later, earlier=story)
    assert views.without_it(story, {"en"}) == []
