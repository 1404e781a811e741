"""Today's Eight as a visitor meets them: on the front page in their order, each with its receipts and why it is there."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from octavo.services import briefs, following
from octavo.services.candidates import Inputs
from octavo.store.models import Article, Brief, Hashtag, Publisher, Story, User
from tests.services.desks import held
from tests.services.test_briefs import a_story
from tests.web import newsroom
from tests.web.test_stories import HOSTILE, count_queries, text_of

pytestmark = pytest.mark.django_db

# Of the front page with a brief: brief, headlines, newest, editions, what is folded (three), pictures.
MOST_QUERIES = 8


def make(edition: str = "") -> Brief:
    return briefs.make(held(), edition, timezone.now())


def panels(text: str) -> list[str]:
    """The panels of the sheet, in order."""
    return [part.partition("\n")[0] for part in text.split('<li class="panel-story')[1:]]


def heads(text: str) -> list[int]:
    """The articles that speak for the panels."""
    return [int(re.findall(r'href="/articles/(\d+)/" data-title', panel)[0]) for panel in panels(text)]


class TestFrontPage:
    def test_it_shows_the_eight_in_their_order_with_why_each_is_there(self, visitor: Client) -> None:
        for count in range(1, 10):
            a_story(publishers=count % 5 + 1, hours=count)
        brief = make()
        text = text_of(visitor, "/")
        assert heads(text) == [pick["headline"] for pick in brief.picks]
        for panel, pick in zip(panels(text), brief.picks, strict=True):
            owners = pick["owners"]
            assert f"Why here: {owners} independent publisher{'' if owners == 1 else 's'} · " in panel
            assert f"{pick['score']:.2f}" in panel

    def test_a_story_that_has_taken_in_another_of_the_eight_stands_there_once(self, visitor: Client) -> None:
        for hours in (1, 2, 3):
            a_story(hours=hours)
        first, second, third = (pick["headline"] for pick in make().picks)
        Article.objects.filter(pk=second).update(story=Article.objects.get(pk=first).story)
        shown = heads(text_of(visitor, "/"))
        assert [pk for pk in shown if pk in (first, second, third)] == [first, third]

    def test_a_first_brief_does_not_say_that_all_is_new_since_yesterday(self, visitor: Client) -> None:
        a_story()
        make()
        assert "new since yesterday" not in text_of(visitor, "/")

    def test_what_yesterday_did_not_have_is_said_to_be_new(self, visitor: Client) -> None:
        old = make()
        Brief.objects.filter(pk=old.pk).update(day=old.day - timedelta(days=1))
        a_story()
        make()
        assert "new since yesterday" in text_of(visitor, "/")

    def test_each_sentence_leads_to_its_place(self, visitor: Client) -> None:
        a_story(publishers=3)
        brief = make()
        panel = panels(text_of(visitor, "/"))[0]
        sentences = brief.picks[0]["sentences"]
        assert sentences
        for one in sentences:
            address = f"/articles/{one['article']}/?p={one['version']}.{one['start']}-{one['end']}#p"
            assert f'class="receipt" href="{address}"' in panel
            assert f">{one['text'][:20]}" in text_of(visitor, address).partition('<mark id="p"')[2][:40]

    def test_before_there_is_a_brief_the_widest_story_comes_first(self, visitor: Client) -> None:
        a_story(publishers=1)
        wide = a_story(publishers=4)
        text = text_of(visitor, "/")
        assert heads(text)[0] == wide.headline_id
        assert "Why here" not in text

    def test_a_brief_of_less_than_eight_is_filled_with_what_is_new(self, visitor: Client) -> None:
        a_story()
        brief = make()
        newsroom.make_article(title="Only just in")
        text = text_of(visitor, "/")
        assert heads(text)[0] == brief.picks[0]["headline"]
        assert "Only just in" in panels(text)[1]
        assert "Why here" not in panels(text)[1]

    def test_it_keeps_to_the_edition_that_has_a_brief_and_to_the_order_by_heat_where_none_has(
        self, visitor: Client
    ) -> None:
        a_story()
        arabic = newsroom.make_publisher(language="ar", country="XC")
        newsroom.make_story(newsroom.make_article(arabic))
        make()
        mine = make("ar")
        visitor.cookies["octavo_edition"] = "ar."
        assert heads(text_of(visitor, "/")) == [pick["headline"] for pick in mine.picks]
        visitor.cookies["octavo_edition"] = "ar.XC"
        assert "Why here" not in text_of(visitor, "/")

    def test_an_article_that_is_gone_leaves_its_place_to_the_next(self, visitor: Client) -> None:
        a_story()
        a_story()
        brief = make()
        Article.objects.filter(pk=brief.picks[0]["headline"]).delete()
        assert heads(text_of(visitor, "/"))[0] == brief.picks[1]["headline"]

    def test_its_queries_do_not_grow_with_the_stories(self, visitor: Client) -> None:
        a_story()
        make()
        text_of(visitor, "/")
        few = count_queries(visitor, "/")
        for _ in range(8):
            a_story(publishers=3)
        make()
        assert count_queries(visitor, "/") == few <= MOST_QUERIES

    def test_a_kept_page_gives_way_to_a_new_brief(self, visitor: Client, settings) -> None:
        one, other = a_story(publishers=2), a_story(publishers=3)
        brief = make()
        assert heads(text_of(visitor, "/"))[0] == other.headline_id
        Brief.objects.filter(pk=brief.pk).update(picks=brief.picks[::-1], made_at=timezone.now())
        from octavo.web import page_cache

        page_cache.shelf._asked_at = float("-inf")
        assert heads(text_of(visitor, "/"))[0] == one.headline_id

    def test_what_comes_from_outside_is_escaped(self, visitor: Client) -> None:
        publisher = newsroom.make_publisher(HOSTILE)
        text = f"{HOSTILE} and the ferry ran aground off Port Sennet on Tuesday, said {HOSTILE} its captain."
        newsroom.make_story(newsroom.make_article(publisher, title=HOSTILE, text=text, section="world"))
        make()
        shown = text_of(visitor, "/")
        assert "Why here" in shown
        assert "<script>alert" not in shown
        assert "onload='x'" not in shown

    def test_in_arabic_it_is_told_in_arabic(self, visitor: Client) -> None:
        a_story(publishers=2)
        make()
        text = text_of(visitor, "/", headers={"Accept-Language": "ar"})
        assert "لماذا هنا: ناشران مستقلان" in text
        assert "Why here" not in text


def test_what_a_reader_follows_stands_first_on_their_front_page_alone(
    visitor: Client, client: Client, django_user_model: type[User]
) -> None:
    wide, mine = a_story(publishers=3), a_story(publishers=2)
    make()
    reader = django_user_model.objects.create_user("oona")
    client.force_login(reader)
    assert heads(text_of(client, "/"))[0] == wide.headline_id
    following.follow(reader, Publisher.objects.filter(articles__story=mine).latest("pk"))
    text = text_of(client, "/")
    assert heads(text)[0] == Story.objects.get(pk=mine.pk).headline_id
    assert "you follow it" in panels(text)[0]
    assert heads(text_of(visitor, "/"))[0] == wide.headline_id


class TestPages:
    def test_the_archive_has_a_day_with_its_headlines_each(self, visitor: Client) -> None:
        a_story()
        brief = make()
        Brief.objects.create(day=brief.day - timedelta(days=1), made_at=brief.made_at, picks=brief.picks)
        text = text_of(visitor, "/briefs/")
        for day in (brief.day, brief.day - timedelta(days=1)):
            assert f'href="/briefs/{day.isoformat()}/"' in text
        assert text.count(brief.picks[0]["title"]) == 2

    def test_a_headline_in_the_archive_stands_in_its_own_direction(self, visitor: Client) -> None:
        a_story()
        title = make().picks[0]["title"]
        text = text_of(visitor, "/briefs/", headers={"Accept-Language": "ar"})
        assert f'<li><span lang="en" dir="ltr">{title}</span></li>' in text, "its number stands at the page's side"

    def test_the_archive_is_turned_by_days(self, visitor: Client) -> None:
        first = timezone.localdate()
        for back in range(35):
            Brief.objects.create(day=first - timedelta(days=back), made_at=timezone.now())
        text = text_of(visitor, "/briefs/")
        assert text.count("<h2>") == 30
        older = re.findall(r'rel="next" href="([^"]+)"', text)
        assert text_of(visitor, f"/briefs/{older[0]}").count("<h2>") == 5

    def test_an_archive_without_a_brief_says_so(self, visitor: Client) -> None:
        assert "No brief yet" in text_of(visitor, "/briefs/")

    def test_a_day_tells_its_stories_with_receipts_and_leads_to_its_neighbours(self, visitor: Client) -> None:
        stories = [a_story(publishers=count) for count in (1, 2, 3)]
        brief = make()
        other = brief.day - timedelta(days=3)
        Brief.objects.create(day=other, made_at=brief.made_at)
        text = text_of(visitor, f"/briefs/{brief.day}/")
        for story in stories:
            assert f'href="/stories/{story.pk}/"' in text
        assert text.count('class="receipt"') >= 3
        assert f'href="/briefs/{other}/"' in text
        assert f'href="/briefs/{brief.day}/"' in text_of(visitor, f"/briefs/{other}/")

    def test_more_minutes_tell_more(self, visitor: Client) -> None:
        for _ in range(3):
            a_story(publishers=4)
        day = make().day
        shown = [
            len(re.findall(r'<span><a class="receipt"|<span>[^<]*<a class="receipt"', text_of(visitor, address)))
            for address in (f"/briefs/{day}/", f"/briefs/{day}/?minutes=20")
        ]
        assert shown[0] < shown[1]
        assert "minute to read" in text_of(visitor, f"/briefs/{day}/?minutes=5")
        assert text_of(visitor, f"/briefs/{day}/?minutes=7") != ""

    def test_a_brief_is_whole_when_its_articles_are_gone(self, visitor: Client) -> None:
        a_story()
        brief = make()
        Article.objects.all().delete()
        Story.objects.all().delete()
        text = text_of(visitor, f"/briefs/{brief.day}/")
        assert brief.picks[0]["title"] in text
        assert f'href="/stories/{brief.picks[0]["story"]}/"' not in text

    @pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "20260101", "2026-W01-1", "1999-01-01"])
    def test_there_is_no_brief_of_another_day(self, visitor: Client, day: str) -> None:
        a_story()
        make()
        assert visitor.get(f"/briefs/{day}/").status_code == 404

    def test_an_edition_that_is_none_is_not_found(self, visitor: Client) -> None:
        assert visitor.get("/briefs/?edition=<script>").status_code == 404
        assert visitor.get("/briefs/?edition=ar").status_code == 200

    def test_it_is_offered_as_atom_and_json_feed(self, visitor: Client) -> None:
        a_story()
        brief = make()
        pick = brief.picks[0]
        days = visitor.get("/briefs/feed.json").json()
        assert days["items"][0]["id"].endswith(f"/briefs/{brief.day}/")
        assert pick["title"] in days["items"][0]["content_text"]
        stories = visitor.get(f"/briefs/{brief.day}/feed.json").json()
        assert stories["items"][0]["title"] == pick["title"]
        for address in ("/briefs/feed.atom", f"/briefs/{brief.day}/feed.atom"):
            assert pick["title"] in text_of(visitor, address)

    def test_the_whole_of_it_is_offered_as_json_that_reproduces_it(self, visitor: Client) -> None:
        for count in (1, 2, 3):
            a_story(publishers=count)
        brief = make()
        document = visitor.get(f"/briefs/{brief.day}/brief.json").json()
        again = Inputs.from_json(document["inputs"]).chosen()
        assert again
        assert [int(one.story) for one in again] == [story["story"] for story in document["stories"]]
        assert all(one["text"] for story in document["stories"] for one in story["further"])

    def test_its_queries_do_not_grow_with_the_stories(self, visitor: Client) -> None:
        a_story()
        day = make().day
        address = f"/briefs/{day}/?minutes=20"
        text_of(visitor, address)
        few = count_queries(visitor, address)
        for _ in range(8):
            a_story(publishers=3)
        make()
        assert count_queries(visitor, address) == few <= MOST_QUERIES


class TestFollowing:
    @pytest.fixture
    def oona(self, client: Client, django_user_model: type[User]) -> Client:
        client.force_login(django_user_model.objects.create_user("oona"))
        return client

    def test_a_button_follows_and_unfollows_each_thing_that_can_be_followed(self, oona: Client) -> None:
        story = a_story(publishers=1)
        article = Article.objects.get(story=story)
        tag = Hashtag.objects.create(key="ferry", label="Ferry", language="en")
        article.hashtags.add(tag)
        pages = {
            "publisher": (article.publisher.slug, f"/publishers/{article.publisher.slug}/"),
            "hashtag": ("ferry", "/tags/ferry/"),
            "story": (str(story.pk), f"/stories/{story.pk}/"),
        }
        for kind, (key, page) in pages.items():
            assert ">Follow</button>" in text_of(oona, page)
            answer = oona.post("/follow/", {"kind": kind, "key": key, "action": "follow", "next": page})
            assert (answer.status_code, answer.headers["Location"]) == (302, page)
            assert ">Unfollow</button>" in text_of(oona, page)
        mine = text_of(oona, "/following/")
        assert mine.count(">Unfollow</button>") == 3
        assert f'href="/articles/{article.pk}/"' in mine
        for kind, (key, page) in pages.items():
            oona.post("/follow/", {"kind": kind, "key": key, "action": "unfollow", "next": page})
        assert "Nothing yet" in text_of(oona, "/following/")

    def test_what_is_not_followed_does_not_stand_there(self, oona: Client) -> None:
        mine, other = newsroom.make_article(title="Mine"), newsroom.make_article(title="Another")
        oona.post("/follow/", {"kind": "publisher", "key": mine.publisher.slug})
        text = text_of(oona, "/following/")
        assert "Mine" in text
        assert other.title not in text

    @pytest.mark.parametrize(
        ("kind", "key"), [("publisher", "nobody"), ("story", "9" * 40), ("story", "x"), ("user", "1"), ("", "")]
    )
    def test_what_is_not_there_cannot_be_followed(self, oona: Client, kind: str, key: str) -> None:
        assert oona.post("/follow/", {"kind": kind, "key": key}).status_code == 404

    def test_a_visitor_is_asked_to_sign_in(self, visitor: Client) -> None:
        article = newsroom.make_article()
        assert ">Follow</button>" not in text_of(visitor, f"/publishers/{article.publisher.slug}/")
        answer = visitor.post("/follow/", {"kind": "publisher", "key": article.publisher.slug})
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.headers["Location"]


class TestMailSetting:
    def test_it_is_offered_only_where_mail_can_be_sent_and_needs_an_address(
        self, client: Client, django_user_model: type[User], settings
    ) -> None:
        reader = django_user_model.objects.create_user("oona")
        client.force_login(reader)
        assert "brief_by_mail" not in text_of(client, "/account/")
        settings.OCTAVO = dataclasses.replace(settings.OCTAVO, smtp_host="127.0.0.1", mail_from="octavo@example.org")
        assert "brief_by_mail" in text_of(client, "/account/")
        refused = client.post("/account/", {"brief_by_mail": "on"})
        assert "write your address" in refused.content.decode()
        client.post("/account/", {"brief_by_mail": "on", "email": "oona@example.org"})
        reader.refresh_from_db()
        assert reader.brief_by_mail
