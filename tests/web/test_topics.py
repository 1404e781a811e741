"""A topic's page tells how much there is of it, its stories and timeline; the directory tells what is talked of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from octavo.store import topics
from octavo.store.models import Article, Hashtag
from octavo.web.activity import activity
from tests.web import newsroom
from tests.web.test_pages import HOSTILE, count_queries, text_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 11


def tag(key: str, language: str = "en", label: str = "") -> Hashtag:
    return Hashtag.objects.get_or_create(key=key, language=language, defaults={"label": label or key.title()})[0]


def articles_of(*tags: Hashtag, count: int = 1, **facts: object) -> list[Article]:
    made = [newsroom.make_article(**facts) for _ in range(count)]
    for article in made:
        article.hashtags.add(*tags)
    return made


def a_story_of(hashtag: Hashtag, count: int = 3) -> Sequence[Article]:
    articles = articles_of(hashtag, count=count)
    newsroom.make_story(*articles)
    return articles


class TestTopicPage:
    def test_it_tells_how_much_by_whom_and_each_story_once(self, visitor: Client) -> None:
        ferry = tag("ferry")
        told = a_story_of(ferry)
        alone = articles_of(ferry, title="Alone at sea")[0]
        text = text_of(visitor, "/tags/ferry/")

        assert "<h1>#Ferry</h1>" in text
        assert "4 articles in 30 days" in text
        assert "4 publishers" in text
        timeline = text[text.index('id="timeline-title"') :]
        assert timeline.count("<li data-row") == 2
        assert f'href="/articles/{alone.pk}/" data-title' in timeline
        assert f'href="/stories/{Article.objects.get(pk=told[0].pk).story_id}/" data-title' in timeline
        assert "Most told lately" in text

    def test_it_costs_the_same_queries_however_many_stories_it_has(self, visitor: Client) -> None:
        ferry, quay = tag("ferry"), tag("quay")
        for _ in range(2):
            for article in a_story_of(ferry):
                article.hashtags.add(quay)
        text_of(visitor, "/tags/ferry/")
        few = count_queries(visitor, "/tags/ferry/")
        for number in range(6):
            for article in a_story_of(ferry):
                article.hashtags.add(quay, tag(f"other{number}"))
        assert count_queries(visitor, "/tags/ferry/") == few <= MOST_QUERIES

    def test_older_pages_turn_the_timeline_and_have_nothing_else(self, visitor: Client) -> None:
        articles_of(tag("ferry"), count=45)
        first = text_of(visitor, "/tags/ferry/")
        older = re.search(r'rel="next" href="([^"]+)"', first)
        assert older is not None
        second = text_of(visitor, "/tags/ferry/" + older[1])
        assert (first.count("<li data-row"), second.count("<li data-row")) == (40, 5)
        assert 'class="bars"' not in second

    def test_what_stands_beside_it_goes_by_lift_and_not_by_number(self, visitor: Client) -> None:
        ferry, close, everywhere = tag("ferry"), tag("close"), tag("everywhere")
        articles_of(ferry, close, everywhere, count=3)
        articles_of(ferry, everywhere, count=2)
        articles_of(everywhere, count=20)
        found = topics.topic("ferry")
        assert found is not None
        assert [one.key for one in topics.beside(found, topics.recent(found))] == ["close", "everywhere"]

    def test_a_topic_of_two_languages_is_one_page(self, visitor: Client) -> None:
        articles_of(tag("ferry"))
        articles_of(tag("ferry", "fr"))
        assert "2 articles in 30 days" in text_of(visitor, "/tags/ferry/")

    def test_labels_from_outside_are_escaped(self, visitor: Client) -> None:
        articles_of(tag("ferry", label=HOSTILE), tag("quay", label=HOSTILE), count=2, title=HOSTILE)
        for address in ("/tags/ferry/", "/tags/"):
            assert "<script>alert" not in text_of(visitor, address)

    def test_a_list_holds_a_bounded_number_of_articles(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(topics, "MOST", 2)
        made = articles_of(tag("ferry"), count=3)
        assert {one.pk for one in topics.articles_under("ferry")} == {one.pk for one in made[1:]}


class TestDirectory:
    def test_what_is_usual_does_not_rise(self) -> None:
        now = timezone.now()
        usual, fresh = tag("usual"), tag("fresh")
        for days in range(20, 1, -1):
            then = now - timedelta(days=days)
            articles_of(usual, count=3, published_at=then)
        articles_of(usual, fresh, count=3, published_at=now)
        assert [one.key for one in topics.rising(now, timedelta(days=1))] == ["fresh", "usual"]

    def test_what_one_publisher_alone_says_is_not_talked_of(self) -> None:
        now = timezone.now()
        articles_of(tag("solo"), count=5, publisher=newsroom.make_publisher(), published_at=now)
        assert topics.rising(now, timedelta(days=1)) == []

    def test_it_costs_the_same_queries_however_many_topics_there_are(self, visitor: Client) -> None:
        articles_of(tag("ferry"), tag("quay"), count=2)
        text_of(visitor, "/tags/")
        few = count_queries(visitor, "/tags/")
        for number in range(10):
            articles_of(tag(f"topic{number}"), count=3)
        assert count_queries(visitor, "/tags/") == few <= MOST_QUERIES + 2

    def test_the_index_is_alphabetical_bounded_and_leaves_out_what_stands_once(
        self, visitor: Client, monkeypatch
    ) -> None:
        monkeypatch.setattr(topics, "INDEX_PAGE", 2)
        articles_of(tag("anchor"), tag("bell"), tag("cable"), count=2)
        articles_of(tag("aloneonce"))
        text = text_of(visitor, "/tags/?from=a")
        assert re.findall(r'href="/tags/(\w+)/"', text) == ["anchor", "bell"]
        assert "from=cable" in text

    @pytest.mark.parametrize("query", ["?language=%3Cx", "?from=%00%3C", "?language=zz", f"?from={'x' * 900}"])
    def test_odd_questions_are_answered(self, visitor: Client, query: str) -> None:
        assert "All topics" in text_of(visitor, f"/tags/{query}")


class TestActivity:
    NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def test_days_are_bars_and_words(self) -> None:
        drawn = activity([self.NOW, self.NOW, self.NOW - timedelta(days=3)], self.NOW)
        assert drawn is not None
        assert drawn.told == "3 articles in 30 days, most on 23 November: 2"
        assert drawn.picture.count("v-") == 2
        assert drawn.told in drawn.picture

    def test_a_topic_that_rests_is_told_by_months(self) -> None:
        drawn = activity([self.NOW - timedelta(days=200)], self.NOW)
        assert drawn is not None
        assert drawn.told == "1 article up to May 2026, none in the last 30 days"

    def test_time_runs_to_the_left_in_arabic(self) -> None:
        with translation.override("ar"):
            drawn = activity([self.NOW], self.NOW)
        assert drawn is not None
        assert 'd="M0 40v-40' in drawn.picture

    def test_nothing_is_nothing(self) -> None:
        assert activity([], self.NOW) is None
