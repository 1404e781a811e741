"""Stories as a visitor meets them: their page, folded lists, their feeds; queries that do not grow, nothing unescaped."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from octavo.services import export, indexing, telling
from octavo.store.models import Article, Earlier, Saved, Story
from octavo.web import page_cache
from tests.services.desks import held
from tests.web import newsroom

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert(1)</script>\" onload='x' &"
MOST_QUERIES = 8
# A story page tells more: its articles, their placements, the compared texts, what came before and after, its views, and
# which publishers are without it.
MOST_OF_A_STORY = 14


def text_of(visitor: Client, address: str, **headers: str) -> str:
    response = visitor.get(address, **headers)
    assert response.status_code == 200, address
    return response.content.decode()


def count_queries(visitor: Client, address: str) -> int:
    page_cache.shelf.clear()
    with CaptureQueriesContext(connection) as captured:
        text_of(visitor, address)
    return len(captured)


def a_story(count: int = 3, **facts: object) -> tuple[Story, list[Article]]:
    """A story of so many articles, the oldest first, each of a publisher of its own."""
    now = timezone.now()
    articles = [
        newsroom.make_article(
            title=f"Ferry report {number}", published_at=now - timedelta(hours=count - number), **facts
        )
        for number in range(count)
    ]
    return newsroom.make_story(*articles), articles


class TestStoryPage:
    def test_it_tells_counts_the_first_report_and_every_article(self, visitor: Client) -> None:
        story, articles = a_story(3)
        text = text_of(visitor, f"/stories/{story.pk}/")
        assert "3 publishers · 3 articles · 3 independent texts" in text
        for article in articles:
            assert f'href="/articles/{article.pk}/"' in text
            assert article.publisher.name in text
        assert text.count('class="ring"') == 2, "one in the picture, one in its legend"

    def test_an_article_that_shares_a_text_is_folded_under_it_with_what_it_made_of_it(self, visitor: Client) -> None:
        copy, first = newsroom.make_article(title="From the paper"), newsroom.make_article(title="From the wire")
        story = newsroom.make_story(first, copy, copies={copy.pk: first}, agencies={copy.pk: "Meridian Wire"})
        text = text_of(visitor, f"/stories/{story.pk}/")
        folded = text.partition('class="copies')[2].partition("</details>")[0]
        assert f'href="/articles/{copy.pk}/"' in folded
        assert f'href="/articles/{first.pk}/"' not in folded
        assert "agency: Meridian Wire" in folded
        assert "90 % shared" in folded
        assert "<q>The harbour opened at six. Nobody had slept.</q>" in folded
        assert "2 articles · 1 independent text" in text
        assert "copied" not in folded.lower()

    def test_its_summary_is_of_sentences_that_lead_to_their_places(self, visitor: Client) -> None:
        story, articles = a_story(
            2, text="The ferry Merrow ran aground off Port Sennet at dawn on Tuesday in thick fog."
        )
        assert 'class="receipt"' not in text_of(visitor, f"/stories/{story.pk}/")
        telling.catch_up(held())
        page_cache.shelf.clear()
        text = text_of(visitor, f"/stories/{story.pk}/")
        places = re.findall(r'class="receipt" href="/articles/(\d+)/\?p=1\.(\d+)-(\d+)#p"', text)
        assert places
        assert all(int(key) in {article.pk for article in articles} for key, _start, _end in places)

    def test_who_reported_when_is_told_in_words_too(self, visitor: Client) -> None:
        first, copy = newsroom.make_article(), newsroom.make_article()
        story = newsroom.make_story(first, copy, copies={copy.pk: first})
        text = text_of(visitor, f"/stories/{story.pk}/")
        assert text.count('<svg class="times" height="20" role="img" aria-label="') == 2
        assert "(shared text)" in text
        assert "(first report)" in text

    def test_the_address_of_a_merged_story_leads_to_where_it_went(self, visitor: Client) -> None:
        story, _articles = a_story(2)
        gone = Story.objects.create(
            name="gone", founded_at=timezone.now(), changed_at=timezone.now(), merged_into=story
        )
        response = visitor.get(f"/stories/{gone.pk}/")
        assert (response.status_code, response.headers["Location"]) == (302, f"/stories/{story.pk}/")

    @pytest.mark.parametrize("key", ["0", "424242", "9" * 30])
    def test_there_is_no_story_of_an_unknown_number(self, visitor: Client, key: str) -> None:
        assert visitor.get(f"/stories/{key}/").status_code == 404

    def test_it_leads_to_what_came_before_and_after(self, visitor: Client) -> None:
        old, _ = a_story(2)
        new, _ = a_story(2)
        Story.objects.filter(pk=old.pk).update(first_at=timezone.now() - timedelta(days=3))
        Earlier.objects.create(story=new, earlier=old)
        assert f'href="/stories/{old.pk}/"' in text_of(visitor, f"/stories/{new.pk}/").partition("Earlier in this")[2]
        assert f'href="/stories/{new.pk}/"' in text_of(visitor, f"/stories/{old.pk}/").partition("What came after")[2]

    def test_it_says_why_its_articles_are_together(self, visitor: Client) -> None:
        story, articles = a_story(2)
        why = text_of(visitor, f"/stories/{story.pk}/").partition('class="together"')[2]
        assert "Harbour, Mara Lind" in why
        assert "ferry, strike" in why
        assert "6 hours apart" in why
        assert all(article.title in why for article in articles)

    def test_a_story_of_one_article_has_a_page_too(self, visitor: Client) -> None:
        story = newsroom.make_story(newsroom.make_article(), why={})
        text = text_of(visitor, f"/stories/{story.pk}/")
        assert "1 publisher · 1 article · 1 independent text" in text
        assert 'class="together"' not in text

    def test_its_queries_do_not_grow_with_its_articles(self, visitor: Client) -> None:
        few, _ = a_story(3)
        articles = [newsroom.make_article() for _ in range(12)]
        copies = {article.pk: articles[0] for article in articles[6:]}
        many = newsroom.make_story(*articles, copies=copies)
        text_of(visitor, f"/stories/{few.pk}/")
        little = count_queries(visitor, f"/stories/{few.pk}/")
        # One more for what the copies made of their text, however many there are.
        assert count_queries(visitor, f"/stories/{many.pk}/") <= little + 1 <= MOST_OF_A_STORY

    def test_what_comes_from_outside_is_escaped(self, visitor: Client) -> None:
        publisher = newsroom.make_publisher(HOSTILE)
        first = newsroom.make_article(publisher, title=HOSTILE, excerpt=HOSTILE, text=f"{HOSTILE}\n\nMore of it.")
        copy = newsroom.make_article(publisher, title=HOSTILE, text=f"{HOSTILE}\n\nMore of it.", section="world")
        why = {"names": [HOSTILE], "words": [HOSTILE], "links": [
            {"left": first.pk, "right": copy.pk, "odds": 1.0, "names": [HOSTILE], "days": None}
        ]}  # fmt: skip
        story = newsroom.make_story(first, copy, copies={copy.pk: first}, agencies={copy.pk: HOSTILE}, why=why)
        for address in (f"/stories/{story.pk}/", "/stories/", "/", "/latest/", f"/articles/{copy.pk}/"):
            text = text_of(visitor, address)
            assert "<script>alert" not in text, address
            assert "onload='x'" not in text, address


class TestFoldedLists:
    @pytest.mark.parametrize(
        "address", ["/latest/", "/stories/", "/sections/world/", "/countries/XA/", "/languages/en/"]
    )
    def test_a_story_stands_once_with_its_other_articles_folded_beneath(self, visitor: Client, address: str) -> None:
        story, articles = a_story(3, section="world")
        text = text_of(visitor, address)
        assert text.count("<li data-row") == 1
        row, _, folded = text.partition('class="folded')
        assert f'href="/articles/{articles[2].pk}/" data-title' in row
        assert f'href="/stories/{story.pk}/">3 publishers · 3 articles · 3 independent texts' in folded
        for other in articles[:2]:
            assert f'href="/articles/{other.pk}/"' in folded.partition("<details>")[2]

    def test_its_picture_says_how_much_came_and_how_much_of_it_is_shared(self, visitor: Client) -> None:
        first, copy = newsroom.make_article(), newsroom.make_article()
        newsroom.make_story(first, copy, copies={copy.pk: first})
        text = text_of(visitor, "/latest/")
        assert 'role="img" aria-label="2 articles in 48 hours, 1 shares a text, first report: ' in text

    def test_a_story_of_one_article_is_an_article_like_any_other(self, visitor: Client) -> None:
        newsroom.make_story(newsroom.make_article())
        assert 'class="folded' not in text_of(visitor, "/latest/")
        assert "<li data-row" not in text_of(visitor, "/stories/")

    def test_search_finds_a_story_once_with_its_other_articles_folded_beneath(
        self, visitor: Client, data_folder: Path
    ) -> None:
        story, articles = a_story(3)
        indexing.rebuild()
        try:
            text = text_of(visitor, "/search/?q=ferry")
        finally:
            indexing.close()
        assert text.count("<li data-row") == 1
        assert f'href="/stories/{story.pk}/"' in text
        assert all(f'href="/articles/{article.pk}/"' in text for article in articles)

    def test_the_front_page_has_each_story_once_and_the_widest_first(self, visitor: Client) -> None:
        small, _ = a_story(2)
        wide, articles = a_story(5)
        newsroom.make_article(title="Alone")
        text = text_of(visitor, "/")
        headline = f'href="/articles/{wide.headline_id}/" data-title'
        assert headline in text.partition('class="panel-story')[2].partition("</li>")[0]
        titles = text.count("data-title")
        assert titles == 3
        for article in articles:
            shown = article.pk == wide.headline_id
            assert (f'href="/articles/{article.pk}/" data-title' in text) is shown
        assert f'href="/stories/{small.pk}/"' in text

    def test_the_front_page_keeps_to_the_edition(self, visitor: Client) -> None:
        a_story(3)
        visitor.cookies["octavo_edition"] = "ar."
        assert "data-title" not in text_of(visitor, "/")
        visitor.cookies["octavo_edition"] = "en.XA"
        assert text_of(visitor, "/").count("data-title") == 1

    @pytest.mark.parametrize("address", ["/", "/latest/", "/stories/"])
    def test_queries_do_not_grow_with_the_stories(self, visitor: Client, address: str) -> None:
        a_story(2)
        text_of(visitor, address)
        few = count_queries(visitor, address)
        for _ in range(6):
            a_story(4)
        assert count_queries(visitor, address) == few <= MOST_QUERIES

    def test_what_a_reader_mutes_is_not_folded_under_others_either(
        self, visitor: Client, django_user_model: type
    ) -> None:
        from octavo.services import marks

        _story, articles = a_story(3)
        reader = django_user_model.objects.create_user("reader")
        marks.mute_publisher(reader, articles[0].publisher)
        visitor.force_login(reader)
        text = text_of(visitor, "/latest/")
        assert f'href="/articles/{articles[0].pk}/"' not in text
        assert f'href="/articles/{articles[1].pk}/"' in text

    def test_unread_only_shows_a_story_at_its_newest_unread_article(
        self, visitor: Client, django_user_model: type
    ) -> None:
        from octavo.services import marks

        _story, articles = a_story(3)
        reader = django_user_model.objects.create_user("reader", unread_only=True)
        marks.mark_read(reader, [articles[2].pk])
        visitor.force_login(reader)
        text = text_of(visitor, "/latest/")
        assert f'href="/articles/{articles[1].pk}/" data-title' in text
        assert f'href="/articles/{articles[2].pk}/" data-title' not in text

    def test_what_a_reader_saved_stands_as_they_saved_it(self, visitor: Client, django_user_model: type) -> None:
        _story, articles = a_story(3)
        reader = django_user_model.objects.create_user("reader")
        Saved.objects.bulk_create(Saved(reader=reader, article=article) for article in articles)
        visitor.force_login(reader)
        assert text_of(visitor, "/saved/").count("<li data-row") == 3


def test_an_article_tells_the_story_that_it_is_part_of(visitor: Client) -> None:
    story, articles = a_story(3)
    other = next(article for article in articles if article.pk != story.headline_id)
    part = text_of(visitor, f"/articles/{other.pk}/").partition("Part of a story")[2]
    assert f'href="/stories/{story.pk}/"' in part
    assert story.headline.title in part
    alone = newsroom.make_story(newsroom.make_article())
    assert "Part of a story" not in text_of(visitor, f"/articles/{alone.headline_id}/")


def test_an_articles_queries_do_not_grow_with_its_story(visitor: Client) -> None:
    _small, few = a_story(2)
    _large, many = a_story(9)
    text_of(visitor, f"/articles/{few[0].pk}/")
    little = count_queries(visitor, f"/articles/{few[0].pk}/")
    text_of(visitor, f"/articles/{many[0].pk}/")
    assert count_queries(visitor, f"/articles/{many[0].pk}/") == little <= MOST_QUERIES


class TestFeeds:
    def test_stories_go_out_as_atom(self, visitor: Client) -> None:
        story, _ = a_story(2)
        newsroom.make_story(newsroom.make_article())
        entries = ElementTree.fromstring(text_of(visitor, "/stories/feed.atom")).findall(f"{ATOM}entry")
        assert [entry.findtext(f"{ATOM}id").partition("/stories/")[2] for entry in entries] == [f"{story.pk}/"]
        assert "2 publishers · 2 articles" in entries[0].findtext(f"{ATOM}summary")

    def test_a_story_that_grew_comes_as_modified(self, visitor: Client) -> None:
        story, _ = a_story(2)
        (item,) = json.loads(text_of(visitor, "/stories/feed.json"))["items"]
        assert item["date_published"] == story.first_at.isoformat()
        assert item["date_modified"] == story.last_at.isoformat()

    def test_lists_of_articles_go_out_unfolded(self, visitor: Client) -> None:
        a_story(3)
        assert len(json.loads(text_of(visitor, "/latest/feed.json"))["items"]) == 3


def test_an_export_names_each_articles_story() -> None:
    story, _ = a_story(2)
    newsroom.make_article()
    assert [row["story"] for row in export.articles()] == [str(story.pk), str(story.pk), None]
