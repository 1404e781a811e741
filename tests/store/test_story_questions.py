"""What pages ask about stories: folded lists, coverage with copies, and the same number of queries however many."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from octavo.store import queries, stories
from octavo.store.models import Article, Earlier, Placement, Publisher, Story

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
counter = itertools.count(1)


def story(hours: float = 0, **facts: object) -> Story:
    at = NOON + timedelta(hours=hours)
    facts = {"first_at": at, "last_at": at, "heat": at.timestamp(), "article_count": 1, "language": "en"} | facts
    return Story.objects.create(name=str(next(counter)), founded_at=at, changed_at=at, **facts)


def article(its: Story | None = None, hours: float = 0, copy_of: Article | None = None, **facts: object) -> Article:
    publisher, _ = Publisher.objects.get_or_create(slug="quay", defaults={"name": "Quay News"})
    number, at = next(counter), NOON + timedelta(hours=hours)
    made = Article.objects.create(
        publisher=publisher, url=f"https://quay.example/{number}", title=f"Title {number}", arrived_at=at, sort_at=at,
        story=its, **facts,
    )  # fmt: skip
    Placement.objects.create(article=made, sequence=number, copy_of=copy_of)
    return made


def ids(articles) -> list[int]:
    return [row.id for row in queries.rows(articles.order_by("-sort_at", "-id"), 100)]


def test_a_folded_list_has_each_story_once_at_its_newest_article() -> None:
    one, other = story(), story()
    old, new, alone = article(one, 1), article(one, 3), article(other, 2)
    unplaced = article(None, 0)
    assert ids(stories.folded(Article.objects.all())) == [new.pk, alone.pk, unplaced.pk]
    assert old.pk not in ids(stories.folded(Article.objects.all()))


def test_a_folded_list_folds_within_its_own_filter() -> None:
    one = story()
    sport = article(one, 1, section="sports")
    article(one, 3, section="politics")
    assert ids(stories.folded(Article.objects.filter(section="sports"))) == [sport.pk]


def test_articles_of_one_instant_are_told_apart() -> None:
    one = story()
    article(one, 1)
    second = article(one, 1)
    assert ids(stories.folded(Article.objects.all())) == [second.pk]


def test_a_folded_list_is_turned_by_keyset() -> None:
    shown = []
    for number in range(5):
        its = story()
        article(its, number)
        shown.append(article(its, number + 0.5).pk)
    first = queries.page(stories.folded(Article.objects.all()), 3)
    second = queries.page(stories.folded(Article.objects.all()), 3, before=first.older)
    assert [row.id for row in (*first.rows, *second.rows)] == shown[::-1]


def test_coverage_folds_copies_under_the_text_they_share() -> None:
    one = story()
    wire = article(one, 1)
    copy = article(one, 2, copy_of=wire)
    of_copy = article(one, 3, copy_of=copy)
    own = article(one, 4)
    told = stories.coverage(one.pk)
    assert [text.row.id for text in told] == [own.pk, wire.pk]
    assert [row.id for row, _ in told[1].copies] == [copy.pk, of_copy.pk]


def test_a_text_is_told_from_the_article_that_was_published_first_though_it_arrived_last() -> None:
    one = story()
    reprint = article(one, 5)
    wire, brief = article(one, 1, copy_of=reprint), article(one, 6, copy_of=reprint)
    dateless = article(one, 0, copy_of=reprint)
    Article.objects.filter(pk=dateless.pk).update(published_precision="day")
    Placement.objects.filter(article__in=[wire, brief, dateless]).update(nearest=reprint, shared=0.9)
    Placement.objects.filter(article=wire).update(added=[[0, 7]], cut=[[3, 9]])
    Placement.objects.filter(article=brief).update(added=[[1, 2]])
    (text,) = stories.coverage(one.pk)
    assert text.row.id == wire.pk
    told = {row.id: lineage for row, lineage in text.copies}
    assert list(told) == [reprint.pk, brief.pk, dateless.pk]
    assert (told[reprint.pk].added, told[reprint.pk].cut) == ([[3, 9]], [[0, 7]])
    assert told[brief.pk].added == [[1, 2]]


def test_a_copy_of_another_storys_text_stands_for_itself() -> None:
    elsewhere = article(story(), 1)
    one = story()
    copy = article(one, 2, copy_of=elsewhere)
    assert [text.row.id for text in stories.coverage(one.pk)] == [copy.pk]


def test_copies_that_name_each_other_are_both_shown() -> None:
    one = story()
    left, right = article(one, 1), article(one, 2)
    Placement.objects.filter(article=left).update(copy_of=right)
    Placement.objects.filter(article=right).update(copy_of=left)
    assert {text.row.id for text in stories.coverage(one.pk)} == {left.pk, right.pk}


def test_the_hottest_come_first_and_the_merged_not_at_all() -> None:
    cool, hot = story(0), story(5)
    story(9, heat=None, last_at=None, merged_into=hot)
    arabic = story(7, language="ar", article_count=2)
    assert [row.id for row in stories.hottest(9)] == [arabic.pk, hot.pk, cool.pk]
    assert [row.id for row in stories.hottest(9, "en")] == [hot.pk, cool.pk]
    assert [row.id for row in stories.latest(1)] == [arabic.pk]


def test_a_merged_storys_address_leads_on() -> None:
    here = story()
    gone = story(heat=None, last_at=None, merged_into=here)
    assert stories.story(gone.pk) == here
    assert stories.story(here.pk) == here
    assert stories.story(987654) is None


FERRY = {"names": ["Saint", "Orla", "Pell"], "words": ["ferry"]}


def test_earlier_and_later_parts_of_an_affair_share_names() -> None:
    first, second, other = story(0, why=FERRY), story(48, why=FERRY), story(24, why={"names": ["Saint", "Velmara"]})
    Earlier.objects.create(story=second, earlier=first)
    Earlier.objects.create(story=second, earlier=other)
    assert [row.id for row in stories.affair(second).earlier] == [first.pk]
    assert [row.id for row in stories.affair(first).later] == [second.pk]
    assert stories.affair(first).earlier == []


def test_links_follow_merged_stories() -> None:
    first, second = story(0, why=FERRY), story(48, why=FERRY)
    merged = story(50, heat=None, last_at=None, merged_into=second)
    Earlier.objects.create(story=merged, earlier=first)
    Earlier.objects.create(story=merged, earlier=second)
    assert [row.id for row in stories.affair(second).earlier] == [first.pk]


def test_members_are_the_newest_own_texts() -> None:
    one = story()
    made = [article(one, hour) for hour in range(4)]
    article(one, 9, copy_of=made[0])
    assert [row.id for row in stories.members([one.pk], each=3)[one.pk]] == [one.pk for one in made[:0:-1]]


def test_the_queries_do_not_grow_with_the_rows(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for hour in range(30):
        its = story(hour)
        first = article(its, hour)
        article(its, hour, copy_of=first)
        Story.objects.filter(pk=its.pk).update(headline=first)
    with django_assert_num_queries(4):
        shown = stories.hottest(20)
        assert len(stories.headlines(shown)) == 20
        assert len(stories.members([row.id for row in shown])) == 20
    with django_assert_num_queries(1):
        assert len(queries.rows(stories.folded(Article.objects.all()).order_by("-sort_at"), 50)) == 30
    with django_assert_num_queries(2):
        stories.coverage(its.pk)
    every = list(Article.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        assert len(stories.of_articles(every)) == 60
