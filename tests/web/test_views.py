"""The views of a story as a visitor meets them: sentences that lead to their places, a table for all, nothing unescaped."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from octavo.services import telling
from octavo.store.models import Publisher, Story
from octavo.web import page_cache
from tests.core.telling.test_views import LAMP, POST, RADIO
from tests.services.desks import held
from tests.web import newsroom

pytestmark = pytest.mark.django_db


def a_story(*texts: str) -> Story:
    when = timezone.now() - timedelta(hours=6)
    story = newsroom.make_story(
        *[newsroom.make_article(text=text, title="Aground", published_at=when) for text in texts]
    )
    telling.tell(held(), story)
    return story


def page_of(visitor: Client, story: Story, **headers: str) -> str:
    page_cache.shelf.clear()
    return visitor.get(f"/stories/{story.pk}/", **headers).content.decode()


def views_of(visitor: Client, story: Story, **headers: str) -> str:
    return page_of(visitor, story, **headers).partition('class="beside-story views"')[2].partition("</section>")[0]


def test_what_all_some_and_one_report_lead_to_their_places(visitor: Client) -> None:
    text = views_of(visitor, a_story(POST, RADIO, LAMP))
    assert re.findall(r"<h4>([^<]+)</h4>", text) == ["All 3 report", "Only some report", "Only one reports"]
    places = re.findall(r'class="receipt" href="/articles/\d+/\?p=1\.(\d+)-(\d+)#p"', text)
    assert len(places) == text.count('class="view"') >= 3


def test_the_table_says_of_every_publisher_how_it_stands(visitor: Client) -> None:
    text = views_of(visitor, a_story(POST, RADIO, LAMP))
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', text, re.DOTALL)
    assert len(rows) == 3
    stands = [re.findall(r'aria-label="([^"]+)"', row) for row in rows]
    assert sum(its.count("does not stand in its texts here") for its in stands) >= 1
    assert all(its[0] == "has it" for its in stands)
    assert "does not stand in the texts here of:" in text
    assert not re.search(r"\b(?:omits?|hides?|hidden by|fails)\b", re.sub(r"<[^>]+>", "", text))


def test_no_views_of_one_text_and_before_a_story_is_told(visitor: Client) -> None:
    assert views_of(visitor, a_story(POST)) == ""
    story = newsroom.make_story(newsroom.make_article(text=POST), newsroom.make_article(text=RADIO))
    assert views_of(visitor, story) == ""


def test_a_group_without_the_story_is_told_of(visitor: Client) -> None:
    story = a_story(POST, RADIO, LAMP, POST.replace("Merrow", "Selkie"))
    for one in [*Publisher.objects.all(), *[newsroom.make_publisher(medium="magazine") for _ in range(5)]]:
        newsroom.make_feed(one)
        newsroom.make_article(one, title="Weather")
    assert "None of your 5 publishers of this kind has this story: magazine (out for 6 hours)." in views_of(
        visitor, story
    )


def test_names_are_escaped_and_arabic_is_whole(visitor: Client) -> None:
    story = a_story(POST, RADIO, LAMP)
    Publisher.objects.filter(pk=story.articles.first().publisher_id).update(name="<script>alert(1)</script>")
    telling.tell(held(), story)
    text = views_of(visitor, story)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    arabic = views_of(visitor, story, headers={"Accept-Language": "ar"})
    assert "ما يذكره بعضهم فقط" in arabic
    assert "Only" not in arabic


def test_its_queries_do_not_grow(visitor: Client) -> None:
    few, many = a_story(POST, RADIO), a_story(POST, RADIO, LAMP, *[f"{LAMP} It was day {n}." for n in range(8)])
    counts = []
    for story in (few, many):
        page_of(visitor, story)
        with CaptureQueriesContext(connection) as captured:
            page_of(visitor, story)
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 2, "that few publishers have a story is known without asking"
