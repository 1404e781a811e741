"""What stands on a story's page beside its summary: numbers, timeline, quotes, what is new; each led to its place, escaped."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from octavo.services import marks, telling, unread
from octavo.services.retention import remove
from octavo.store.models import Article, Story, StoryTelling, User
from octavo.web import page_cache
from tests.services.desks import held
from tests.web import newsroom

pytestmark = pytest.mark.django_db

FIRST = (
    "Lock seven at Wendover fell on the canal, and twelve people were killed, the Wendover police said.\n\n"
    "Petra Hollis said: “We shall not wait for a report to mend the gates of this canal.”"
)
SECOND = (
    "The number of people killed by lock seven at Wendover has risen to 15, the Wendover police said.\n\n"
    "Petra Hollis said: “We will not wait for a report to mend the gates of this canal.”"
)


def told_story(*texts: str) -> tuple[Story, list[Article]]:
    """A story of these texts, an hour apart, told."""
    now = timezone.now() - timedelta(hours=len(texts))
    articles = [
        newsroom.make_article(
            text=text, title=f"Lock seven at Wendover: report {place}", published_at=now + timedelta(hours=place)
        )
        for place, text in enumerate(texts)
    ]
    story = newsroom.make_story(*articles)
    telling.catch_up(held())
    page_cache.shelf.clear()
    return story, articles


def page(visitor: Client, story: Story) -> str:
    response = visitor.get(f"/stories/{story.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def section(text: str, title: str) -> str:
    return text.partition(f'id="{title}"')[2].partition("</section>")[0]


def test_numbers_stand_in_the_order_of_time_with_who_gives_them(visitor: Client) -> None:
    story, articles = told_story(FIRST, SECOND)
    numbers = section(page(visitor, story), "numbers-title")
    assert re.findall(r"<b>(.*?)</b>", numbers) == ["12", "15"]
    assert numbers.index(articles[0].publisher.name) < numbers.index(articles[1].publisher.name)
    assert numbers.partition('class="is-latest"')[2].startswith("><b>15</b>")
    assert re.search(r'<svg class="steps".*?role="img" aria-label="12 \(.*?\), 15 \(.*?\)"', numbers)
    assert "false" not in numbers


def test_every_passage_leads_to_its_place(visitor: Client) -> None:
    story, articles = told_story(FIRST, SECOND)
    text = page(visitor, story)
    texts = {article.pk: article.version.text for article in articles if article.version}
    for title in ("numbers-title", "timeline-title", "quotes-title"):
        places = re.findall(r'href="/articles/(\d+)/\?p=1\.(\d+)-(\d+)#p"', section(text, title))
        assert places, title
        for key, start, end in places:
            assert texts[int(key)][int(start) : int(end)].strip()


def test_a_line_whose_number_was_corrected_says_so(visitor: Client) -> None:
    paper = newsroom.make_publisher("Quay Wire")
    now = timezone.now()
    texts = ("Fifteen people were killed when lock seven at Wendover fell.",
             "The number of people killed by lock seven at Wendover is 14 and not 15, as the Wendover police had said.")  # fmt: skip
    articles = [
        newsroom.make_article(
            paper, text=text, title="Lock seven at Wendover", published_at=now - timedelta(hours=3 - place)
        )
        for place, text in enumerate(texts)
    ]
    story = newsroom.make_story(*articles)
    telling.catch_up(held())
    text = page(visitor, story)
    assert "corrected by Quay Wire" in section(text, "numbers-title")
    first, *others = section(text, "timeline-title").split("<li>")[1:]
    assert "number corrected since" in first
    assert not any("number corrected since" in line for line in others)


def test_a_line_that_was_stored_with_less_than_is_shown_now_is_left_out(visitor: Client) -> None:
    story, _articles = told_story(FIRST, SECOND)
    told = StoryTelling.objects.get(story=story)
    assert told.timeline
    told.timeline = [{key: one[key] for key in one if key != "published"} for one in told.timeline]
    told.save()
    assert "timeline-title" not in page(visitor, story)


def test_the_words_in_which_a_quote_differs_are_marked(visitor: Client) -> None:
    story, _articles = told_story(FIRST, SECOND)
    quotes = section(page(visitor, story), "quotes-title")
    assert "Petra Hollis" in quotes
    assert re.search(r"We <mark>(shall|will)</mark> not wait", quotes)


def test_a_story_in_which_all_agree_has_no_empty_sections(visitor: Client) -> None:
    story, _articles = told_story("The harbour opened at six.", "The harbour opened at six.")
    text = page(visitor, story)
    assert 'class="beside-story' not in text


def test_what_comes_from_outside_is_escaped(visitor: Client) -> None:
    hostile = "<script>alert(1)</script>"
    story, articles = told_story(f"{hostile} Lock seven at Wendover killed 12 people.", f"{hostile} {SECOND}")
    articles[0].publisher.name = hostile
    articles[0].publisher.save()
    telling.tell(held(), story)
    page_cache.shelf.clear()
    assert hostile not in page(visitor, story)


def test_an_article_that_is_removed_takes_its_numbers_and_quotes_along(visitor: Client) -> None:
    story, articles = told_story(FIRST, SECOND)
    remove([articles[0].pk], timezone.now())
    page_cache.shelf.clear()
    text = page(visitor, story)
    assert 'id="numbers-title"' not in text
    assert f"/articles/{articles[0].pk}/" not in text
    story.refresh_from_db()
    assert story in telling.changed(10) or story.article_count == 1


def test_what_is_removed_stands_nowhere_in_what_was_told() -> None:
    story, articles = told_story(FIRST, SECOND)
    stored = StoryTelling.objects.filter(story=story).values_list("numbers", "timeline", "quotes", "views")
    assert "twelve people were killed" in repr(stored.get())
    remove([articles[0].pk], timezone.now())
    assert "twelve people were killed" not in repr(stored.get())
    assert "has risen to 15" in repr(stored.get())


def test_its_queries_do_not_grow_with_what_is_told(visitor: Client) -> None:
    few, _ = told_story(FIRST, SECOND)
    many, _ = told_story(*[FIRST, SECOND, FIRST.replace("twelve", "nine"), SECOND.replace("15", "18")] * 3)
    counts = []
    for story in (few, many):
        page_cache.shelf.clear()
        with CaptureQueriesContext(connection) as captured:
            page(visitor, story)
        counts.append(len(captured))
    # The texts of copies, and publishers without a story, are asked for only where there are some.
    assert counts[1] <= counts[0] + 2


def test_a_story_that_was_never_told_has_its_page(visitor: Client) -> None:
    story = newsroom.make_story(newsroom.make_article(), newsroom.make_article())
    assert not StoryTelling.objects.exists()
    assert 'class="beside-story' not in page(visitor, story)


class TestWhatIsNew:
    """For who is signed in and has read a part of the story."""

    def test_a_reader_is_told_what_later_articles_add(self, visitor: Client) -> None:
        story, articles = told_story(FIRST, SECOND)
        reader = User.objects.create_user("reader", "r@example.org", "a long password")
        marks.mark_read(reader, [articles[0].pk])
        (one,) = unread.since_last_read(reader, story.pk)
        assert (one["article"], "risen to 15" in one["text"]) == (articles[1].pk, True)
        visitor.force_login(reader, "django.contrib.auth.backends.ModelBackend")
        assert "risen to 15" in section(page(visitor, story), "fresh-title")

    def test_nothing_is_new_to_who_has_read_nothing_or_all_or_the_newest(self) -> None:
        story, articles = told_story(FIRST, SECOND)
        reader = User.objects.create_user("reader", "r@example.org", "a long password")
        assert unread.since_last_read(reader, story.pk) == []
        marks.mark_read(reader, [articles[1].pk])
        assert unread.since_last_read(reader, story.pk) == []
        marks.mark_read(reader, [articles[0].pk])
        assert unread.since_last_read(reader, story.pk) == []

    def test_no_proxy_may_keep_a_page_that_tells_a_reader_what_is_new(self, visitor: Client) -> None:
        story, articles = told_story(FIRST, SECOND)
        reader = User.objects.create_user("reader", "r@example.org", "a long password")
        marks.mark_read(reader, [articles[0].pk])
        visitor.force_login(reader, "django.contrib.auth.backends.ModelBackend")
        for path in (f"/stories/{story.pk}/", f"/articles/{articles[1].pk}/", "/"):
            assert visitor.get(path)["Cache-Control"].startswith("private"), path

    def test_a_visitor_is_told_nothing_of_it(self, visitor: Client) -> None:
        story, _articles = told_story(FIRST, SECOND)
        assert 'id="fresh-title"' not in page(visitor, story)


def test_an_answer_says_where_the_coverage_has_a_later_number(visitor: Client) -> None:
    story, (early, late) = told_story(FIRST, SECOND)
    told = "The coverage has a later number"
    asked = {"q": "How many people were killed by lock seven at Wendover?"}
    first = visitor.get(f"/articles/{early.pk}/ask/", asked).content.decode()
    assert "<mark>" in first
    assert f'href="/stories/{story.pk}/#numbers-title">{told}' in first
    assert told not in visitor.get(f"/articles/{late.pk}/ask/", asked).content.decode()
