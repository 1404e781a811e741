"""Today's Eight are made by the hour, stay when their day ends, and can be chosen again from what is stored with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from octavo.services import briefs, following, leases, retention
from octavo.services.placing import DeskTaken
from octavo.store import briefs as questions
from octavo.store.models import Article, ArticleVersion, Brief, Hashtag, Lease, Story, User
from tests.services.desks import held
from tests.web import newsroom

pytestmark = pytest.mark.django_db

REPORT = (
    "The ferry {name} ran aground off Port Sennet at dawn on Tuesday with ninety passengers aboard. "
    "The harbour master of Port Sennet said that the {name} had strayed from the marked channel in thick fog. "
    "Two tugs from Hallow Bay pulled her free at noon, and nobody aboard was hurt, the coastguard said. "
    "The owners of the {name} promised to pay back every fare and to mend the radar before she sails again."
)


def a_story(name: str = "", publishers: int = 2, hours: float = 2.0, **facts: object) -> Story:
    """A story of so many publishers, each with a text of its own, the newest some hours old."""
    name = name or f"Aurora {newsroom.next_number()}"
    articles = [
        newsroom.make_article(
            title=f"{name} aground, report {number}",
            text=REPORT.format(name=name),
            published_at=timezone.now() - timedelta(hours=hours + number / 10),
            **facts,
        )
        for number in range(publishers)
    ]
    return newsroom.make_story(*articles)


def made(now: datetime | None = None, edition: str = "") -> Brief:
    return briefs.make(held(), edition, now or timezone.now())


def told(brief: Brief) -> list[int]:
    return [pick["story"] for pick in brief.picks]


class TestChoosing:
    def test_the_stored_inputs_give_the_same_eight_again(self) -> None:
        for count in range(1, 12):
            a_story(publishers=count % 4 + 1, hours=count)
        stored = Brief.objects.get(pk=made().pk)
        assert len(stored.picks) == 8
        again = briefs.reproduce(stored)
        assert [(int(one.story), one.score) for one in again] == [
            (pick["story"], pick["score"]) for pick in stored.picks
        ]
        assert [[list(vars_of(term)) for term in one.terms] for one in again] == [
            pick["terms"] for pick in stored.picks
        ]

    def test_it_still_does_when_the_articles_are_gone(self) -> None:
        a_story(publishers=3)
        brief = made()
        Article.objects.all().delete()
        brief.refresh_from_db()
        assert [int(one.story) for one in briefs.reproduce(brief)] == told(brief)

    def test_an_owner_of_several_papers_counts_once(self) -> None:
        owned = [newsroom.make_publisher(owner="One House") for _ in range(4)]
        when = timezone.now() - timedelta(hours=2)
        newsroom.make_story(*(newsroom.make_article(paper, published_at=when) for paper in owned))
        other = a_story(publishers=2)
        brief = made()
        assert told(brief)[0] == other.pk
        assert [pick["owners"] for pick in brief.picks] == [2, 1]

    def test_a_shared_text_adds_reach_and_not_weight(self) -> None:
        first = newsroom.make_article(published_at=timezone.now() - timedelta(hours=2))
        copies = [newsroom.make_article(published_at=timezone.now() - timedelta(hours=1)) for _ in range(5)]
        newsroom.make_story(first, *copies, copies={copy.pk: first for copy in copies})
        independent = a_story(publishers=3)
        brief = made()
        assert told(brief)[0] == independent.pk
        assert (brief.picks[1]["articles"], brief.picks[1]["texts"], brief.picks[1]["owners"]) == (6, 1, 1)

    def test_what_yesterdays_brief_had_comes_after_what_is_new(self) -> None:
        old = a_story(publishers=3, hours=5)
        yesterday = made(timezone.now() - timedelta(hours=1))
        Brief.objects.filter(pk=yesterday.pk).update(day=yesterday.day - timedelta(days=1))
        new = a_story(publishers=3, hours=5)
        today = made()
        assert told(today) == [new.pk, old.pk]
        assert [pick["has_before"] for pick in today.picks] == [True, True]

    def test_what_is_a_day_old_is_not_told(self) -> None:
        a_story(publishers=5, hours=30)
        fresh = a_story(publishers=1)
        assert told(made()) == [fresh.pk]

    def test_no_more_than_two_of_a_section_stand_while_others_are_left(self) -> None:
        for _ in range(5):
            a_story(publishers=6, section="sports")
        for number in range(6):
            a_story(publishers=1, section=("world", "health", "science")[number % 3])
        sections = [pick["section"] for pick in made().picks]
        assert len(sections) == 8
        assert sections.count("sports") == 2

    def test_a_place_abroad_stands_twice_at_most_and_home_is_no_place(self) -> None:
        for _ in range(12):
            a_story(publishers=1, country="XA")
        abroad = {a_story(publishers=3, country="XB").pk for _ in range(3)}
        chosen = told(made())
        assert len(chosen) == 8
        assert len(abroad & set(chosen)) == 2

    def test_a_story_of_opinions_alone_is_no_news(self) -> None:
        opinion = a_story(publishers=1)
        opinion.articles.get().placement.__class__.objects.filter(article__story=opinion).update(kind="opinion")
        news = a_story(publishers=1)
        assert told(made()) == [news.pk]

    def test_an_edition_has_its_own_eight(self) -> None:
        here, there = a_story(publishers=2), newsroom.make_publisher(language="ar", country="XC")
        arabic = newsroom.make_story(newsroom.make_article(there, published_at=timezone.now()))
        assert set(told(made())) == {here.pk, arabic.pk}
        assert told(made(edition="ar")) == [arabic.pk]
        assert told(made(edition="XC")) == [arabic.pk]
        assert told(made(edition="en")) == [here.pk]

    def test_its_queries_do_not_grow_with_the_stories(self) -> None:
        lease = held()

        def asked() -> int:
            Story.objects.update(told_at=timezone.now() + timedelta(days=1))
            with CaptureQueriesContext(connection) as captured:
                briefs.make(lease, "", timezone.now())
            return len(captured)

        for _ in range(8):
            a_story()
        asked()
        few = asked()
        for _ in range(12):
            a_story(publishers=4)
        # What is cited changes: a statement that takes away, and one that looks.
        assert asked() <= few + 2


class TestKeeping:
    def test_a_brief_is_made_once_there_is_news_and_anew_after_an_hour(self) -> None:
        lease, now = held(), timezone.localtime().replace(hour=12)
        assert briefs.keep(lease, now) is False
        newsroom.make_story(newsroom.make_article(published_at=now - timedelta(hours=1)))
        assert briefs.keep(lease, now) is True
        assert [brief.made_at for brief in Brief.objects.all()] == [now]
        briefs.keep(lease, now + timedelta(minutes=59))
        assert [brief.made_at for brief in Brief.objects.all()] == [now]
        briefs.keep(lease, now + timedelta(minutes=60))
        assert [brief.made_at for brief in Brief.objects.all()] == [now + timedelta(minutes=60)]

    def test_it_is_made_anew_sooner_where_twice_as_many_stories_have_come(self) -> None:
        lease, now = held(), timezone.now()
        for stories in ((3, 3), (2, 3), (1, 6)):
            for _ in range(stories[0]):
                a_story()
            briefs.keep(lease, now)
            assert Brief.objects.get(edition="").story_count == stories[1]

    def test_it_is_made_anew_at_once_where_two_of_its_stories_have_become_one(self) -> None:
        lease, now = held(), timezone.now()
        for _ in range(3):
            a_story()
        briefs.keep(lease, now)
        first, second = (pick["story"] for pick in Brief.objects.get(edition="").picks[:2])
        Article.objects.filter(story=second).update(story=first)
        Story.objects.get(pk=second).delete()
        later = now + timedelta(minutes=2)
        briefs.keep(lease, later)
        brief = Brief.objects.get(edition="")
        assert brief.made_at == later
        briefs.keep(lease, later + timedelta(minutes=2))
        assert Brief.objects.get(edition="").made_at == later

    def test_the_days_last_one_stays(self) -> None:
        a_story()
        now = timezone.now()
        first = made(now)
        Brief.objects.filter(pk=first.pk).update(day=first.day - timedelta(days=1))
        later = made(now)
        assert later.pk != first.pk
        first.refresh_from_db()
        assert told(first) == told(later)

    def test_who_has_lost_the_desk_saves_nothing(self) -> None:
        a_story()
        lease = held()
        Lease.objects.filter(name=leases.DESK).update(number=lease.number + 1)
        with pytest.raises(DeskTaken):
            briefs.make(replace(lease), "", timezone.now())
        assert not Brief.objects.exists()

    def test_what_it_cites_outlives_retention(self) -> None:
        cited = a_story(publishers=1, hours=2)
        made()
        other = newsroom.make_article(published_at=timezone.now() - timedelta(hours=3))
        retention.prune(days=0, count=1, now=timezone.now() + timedelta(days=9))
        assert Article.objects.filter(story=cited).exists()
        assert not Article.objects.filter(pk=other.pk).exists()

    def test_the_current_one_is_the_newest_unless_nobody_has_worked_for_a_day(self) -> None:
        a_story()
        now = timezone.now()
        brief = made(now)
        found = questions.current("", now + timedelta(hours=20))
        assert found is not None
        assert (found.id, found.picks) == (brief.pk, brief.picks)
        assert questions.current("", now + timedelta(hours=30)) is None
        assert questions.current("ar", now) is None


class TestReceipts:
    def test_every_sentence_stands_where_it_says(self) -> None:
        for _ in range(3):
            a_story(publishers=3)
        brief = made()
        sentences = [one for pick in brief.picks for one in pick["sentences"]]
        further = [one for reading in brief.readings for one in reading]
        assert len(sentences) >= 3
        assert further
        for one in [*sentences, *further]:
            version = ArticleVersion.objects.get(article=one["article"], number=one["version"])
            assert version.text[one["start"] : one["end"]].strip() == one["text"].strip()

    def test_a_longer_reading_says_nothing_twice(self) -> None:
        a_story(publishers=4)
        brief = made()
        told = [one["text"] for pick in brief.picks for one in pick["sentences"]]
        told += [one["text"] for reading in brief.readings for one in reading]
        assert len(told) == len(set(told))


class TestFollowing:
    @pytest.fixture
    def reader(self, django_user_model: type[User]) -> User:
        return django_user_model.objects.create_user("oona")

    def current(self) -> questions.BriefRow:
        made()
        found = questions.current("", timezone.now())
        assert found is not None
        return found

    def test_who_follows_nothing_gets_the_eight_of_all(self, reader: User) -> None:
        a_story()
        brief = self.current()
        assert following.eight_for(reader, brief) == brief.picks

    @pytest.mark.parametrize("what", ["publisher", "hashtag", "story"])
    def test_what_a_reader_follows_raises_its_stories(self, reader: User, what: str) -> None:
        wide, mine = a_story(publishers=4), a_story(publishers=2)
        article = Article.objects.filter(story=mine).latest("id")
        tag = Hashtag.objects.create(key="ferry", label="ferry", language="en")
        article.hashtags.add(tag)
        brief = self.current()
        assert [pick["story"] for pick in brief.picks] == [wide.pk, mine.pk]
        followed = {"publisher": article.publisher, "hashtag": tag, "story": mine}[what]
        following.follow(reader, followed)
        following.follow(reader, followed)
        picks = following.eight_for(reader, brief)
        assert [pick["story"] for pick in picks] == [mine.pk, wide.pk]
        assert any(name == "followed" and value for name, value, _worth in picks[0]["terms"])
        following.unfollow(reader, followed)
        assert following.eight_for(reader, brief) == brief.picks


def vars_of(term: object) -> list[object]:
    return [getattr(term, name) for name in ("name", "value", "worth")]
