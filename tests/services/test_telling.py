"""Stories are told by sentences of their articles, each with its place; again when they change, and by the desk's holder alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from octavo.core.telling.summary import Told
from octavo.core.types import Article as Text
from octavo.services import accounts, leases, receipts, telling
from octavo.services.placing import DeskTaken
from octavo.store.models import Article, ArticleVersion, Lease, Story, StorySentence, StoryTelling
from tests.services.desks import held
from tests.services.test_briefs import REPORT, a_story
from tests.web import newsroom

pytestmark = pytest.mark.django_db


def test_a_story_is_told_by_sentences_that_stand_in_its_articles() -> None:
    story = a_story("Merrow", publishers=3)
    assert telling.catch_up(held()) is False
    sentences = list(StorySentence.objects.filter(story=story))
    assert sentences
    assert [one.place for one in sentences] == list(range(len(sentences)))
    for one in sentences:
        assert one.version.article.story_id == story.pk
        assert one.version.text[one.start : one.end] == one.text


def test_it_is_told_again_only_when_it_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    story, lease = a_story("Merrow"), held()
    telling.catch_up(lease)
    first = set(StorySentence.objects.values_list("pk", flat=True))
    telling.catch_up(lease)
    assert set(StorySentence.objects.values_list("pk", flat=True)) == first
    Story.objects.filter(pk=story.pk).update(changed_at=timezone.now() + timedelta(seconds=1))
    telling.catch_up(lease)
    again = set(StorySentence.objects.values_list("pk", flat=True))
    assert again
    assert not again & first


def forget(*told: Story) -> None:
    """What is stored becomes what no rules of now would tell."""
    StoryTelling.objects.filter(story__in=told).update(numbers=[], timeline=[], quotes=[])
    StorySentence.objects.filter(story__in=told).delete()


def is_told(story: Story) -> bool:
    return StorySentence.objects.filter(story=story).exists() and bool(StoryTelling.objects.get(story=story).timeline)


def test_what_was_told_by_other_rules_is_told_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    recent, old, alone = a_story("Merrow", 3), a_story("Selkie", 3, hours=24 * 40), a_story("Heron", publishers=1)
    lease = held()
    for story in (recent, old, alone):
        telling.tell(lease, story)
    assert telling.catch_up(lease) is False
    forget(recent, old, alone)
    assert telling.catch_up(lease) is False
    assert not any(map(is_told, (recent, old)))

    monkeypatch.setattr(telling, "RULES", telling.RULES + "b")
    while telling.catch_up(lease, seconds=0):
        pass
    assert all(map(is_told, (recent, old)))
    assert StorySentence.objects.filter(story=alone).exists()
    forget(old)
    assert telling.catch_up(lease) is False
    assert not is_told(old)


def test_an_installation_that_noted_no_rules_has_its_stories_told_again() -> None:
    story, lease = a_story("Merrow", 3), held()
    telling.tell(lease, story)
    forget(story)
    telling.catch_up(lease)
    assert is_told(story)


def test_telling_again_goes_on_where_it_was_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, lease = a_story("Merrow", 3), a_story("Selkie", 3), held()
    telling.catch_up(lease)
    monkeypatch.setattr(telling, "RULES", telling.RULES + "b")
    forget(first, second)
    assert telling.catch_up(lease, seconds=0) is True
    assert (is_told(first), is_told(second)) == (False, True)
    forget(second)
    while telling.catch_up(lease, seconds=0):
        pass
    assert (is_told(first), is_told(second)) == (True, False)


def test_what_changed_is_told_before_what_other_rules_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told, lease = a_story("Merrow", 3), held()
    telling.catch_up(lease)
    forget(told)
    fresh = a_story("Selkie", 3)
    monkeypatch.setattr(telling, "RULES", telling.RULES + "b")
    telling.catch_up(lease, seconds=0)
    assert (is_told(told), is_told(fresh)) == (False, True)


def test_a_story_that_is_told_for_the_first_time_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    story, tell, asked = a_story("Merrow"), telling.tell, list[int]()
    monkeypatch.setattr(telling, "tell", lambda lease, one: (asked.append(one.pk), tell(lease, one)))
    telling.catch_up(held())
    assert asked == [story.pk]


def test_a_story_of_one_article_needs_no_telling_but_for_a_brief() -> None:
    story, lease = a_story(publishers=1), held()
    telling.catch_up(lease)
    assert not StorySentence.objects.exists()
    telling.tell(lease, story)
    assert StorySentence.objects.filter(story=story).exists()


def test_a_round_ends_when_its_time_is_over_and_goes_on_in_the_next() -> None:
    for _ in range(3):
        a_story()
    lease = held()
    assert telling.catch_up(lease, seconds=0) is True
    assert len(telling.changed(10)) == 2
    while telling.catch_up(lease, seconds=0):
        pass
    assert telling.changed(10) == []


def test_a_story_without_texts_is_told_by_nothing_and_not_asked_for_again() -> None:
    newsroom.make_story(newsroom.make_article(quality=""), newsroom.make_article(quality=""))
    telling.catch_up(held())
    assert telling.changed(10) == []
    assert not StorySentence.objects.exists()


def test_a_story_that_cannot_be_told_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = a_story("Merrow", publishers=3), a_story("Selkie")
    whole = telling.story_summary

    def broken(texts: list[Text], **more: object) -> list[Told]:
        if "Merrow" in texts[0].text:
            raise ValueError("a fault in a sentence")
        return whole(texts, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(telling, "story_summary", broken)
    assert telling.catch_up(held()) is False
    assert not StorySentence.objects.filter(story=bad).exists()
    assert StorySentence.objects.filter(story=good).exists()
    assert f"Story {bad.pk} could not be told" in caplog.text


def test_a_story_is_told_in_its_headlines_language() -> None:
    english = [newsroom.make_article(text=REPORT.format(name="Merrow")) for _ in range(2)]
    arabic = newsroom.make_article(
        newsroom.make_publisher(language="ar"), text="جنحت العبارة فجر يوم الثلاثاء قرب الميناء القديم."
    )
    story = newsroom.make_story(arabic, *english)
    Story.objects.filter(pk=story.pk).update(headline=english[0])
    telling.catch_up(held())
    assert {one["language"] for one in telling.summaries([story.pk])[story.pk]} == {"en"}


def test_a_dateline_is_no_part_of_the_sentence() -> None:
    text = "PORT SENNET (Meridian Wire) – " + REPORT.format(name="Merrow")
    story = newsroom.make_story(newsroom.make_article(text=text), newsroom.make_article(text=text))
    telling.catch_up(held())
    told = telling.summaries([story.pk])[story.pk]
    assert told
    assert not any("Meridian Wire" in one["text"] for one in told)


def test_texts_of_their_own_speak_before_those_that_share_one() -> None:
    first = newsroom.make_article(text=REPORT.format(name="Merrow"))
    copies = [newsroom.make_article(text=REPORT.format(name="Copy")) for _ in range(14)]
    own = newsroom.make_article(text=REPORT.format(name="Selkie"), published_at=timezone.now() - timedelta(days=1))
    story = newsroom.make_story(first, *copies, own, copies={copy.pk: first for copy in copies})
    Story.objects.filter(pk=story.pk).update(headline=first)
    story.refresh_from_db()
    read = [version.article_id for version in telling._versions(story)]
    assert read[:2] == [first.pk, own.pk]


def test_a_cited_version_that_is_gone_takes_its_sentence_along() -> None:
    story = a_story("Merrow")
    telling.catch_up(held())
    ArticleVersion.objects.filter(article__story=story).delete()
    assert not StorySentence.objects.exists()


def test_who_has_lost_the_desk_tells_nothing() -> None:
    a_story()
    lease = held()
    Lease.objects.filter(name=leases.DESK).update(number=lease.number + 1)
    with pytest.raises(DeskTaken):
        telling.catch_up(lease)
    assert not StorySentence.objects.exists()


def test_numbers_that_differ_are_told_with_their_places() -> None:
    texts = ("The wall fell at six. Twelve people were killed.", "The lock's fall killed 14 people, police said.")
    articles = [newsroom.make_article(text=text) for text in texts]
    story = newsroom.make_story(*articles)
    telling.catch_up(held())
    (told,) = StoryTelling.objects.get(story=story).numbers
    assert told["measure"] == "dead"
    assert {value["value"] for value in told["values"]} == {12, 14}
    for value in told["values"]:
        (one,) = value["passages"]
        version = ArticleVersion.objects.get(article=one["article"], number=one["version"])
        assert version.text[one["start"] : one["end"]] == one["text"]


def test_a_number_of_an_article_that_has_gone_is_not_shown() -> None:
    texts = ("Twelve people were killed.", "The lock's fall killed 14 people, police said.")
    articles = [newsroom.make_article(text=text) for text in texts]
    story = newsroom.make_story(*articles)
    telling.catch_up(held())
    told = StoryTelling.objects.get(story=story).numbers
    assert receipts.numbers_here(told, {one.pk for one in articles}) == told
    assert receipts.numbers_here(told, {articles[0].pk}) == []


def test_older_versions_are_read_too() -> None:
    changed, other = (newsroom.make_article(text="Fifteen people were killed.") for _ in range(2))
    newsroom.add_version(changed, "Fourteen people were killed.")
    story = newsroom.make_story(changed, other)
    (told,) = receipts.numbers(accounts.read(story))
    fifteen = next(value for value in told["values"] if value["value"] == 15)
    assert fifteen["corrected_by"] is None  # The first to print it, by time, was the other one.
    found = {one.article.id: one.earlier for one in accounts.read(story).accounts}
    assert found == {str(changed.pk): ["Fifteen people were killed."], str(other.pk): ()}


def test_an_article_that_is_edited_all_day_leaves_the_older_versions_of_others_to_be_read() -> None:
    busy, calm = (newsroom.make_article(text="Version 0.") for _ in range(2))
    for number in range(1, accounts.MOST_READ * accounts.MOST_VERSIONS + 2):
        newsroom.add_version(busy, f"Version {number}.")
    newsroom.add_version(calm, "Version 1.")
    found = {one.article.id: list(one.earlier) for one in accounts.read(newsroom.make_story(busy, calm)).accounts}
    assert found[str(calm.pk)] == ["Version 0."]
    last = accounts.MOST_READ * accounts.MOST_VERSIONS
    assert found[str(busy.pk)] == [
        f"Version {number}." for number in range(last - accounts.MOST_VERSIONS + 1, last + 1)
    ]


def test_a_summary_gives_no_number_that_was_corrected() -> None:
    first = "Fifteen people were killed when lock seven at Wendover fell, the Wendover police said. The canal is drained now."
    later = (
        "The number of people killed by lock seven at Wendover is 14 and not 15, as the Wendover police had first said."
    )
    paper, now = newsroom.make_publisher(), timezone.now()
    articles = [
        newsroom.make_article(paper, text=text, published_at=now - timedelta(hours=age))
        for text, age in ((first, 3), (later, 1))
    ]
    story = newsroom.make_story(*articles)
    telling.catch_up(held())
    told = " ".join(one["text"] for one in telling.summaries([story.pk])[story.pk])
    assert "is 14 and not 15" in told
    assert "Fifteen" not in told


@pytest.mark.django_db
def test_a_sentence_of_an_article_that_left_the_story_is_not_shown() -> None:
    staying, leaving = newsroom.make_article(), newsroom.make_article()
    story = newsroom.make_story(staying, leaving)
    for place, article in enumerate((staying, leaving)):
        facts = {"place": place, "start": 0, "end": 4, "text": "Rain"}
        StorySentence.objects.create(story=story, version=article.version, **facts)
    Article.objects.filter(pk=leaving.pk).update(story=None)
    assert [one["article"] for one in telling.summaries([story.pk])[story.pk]] == [staying.pk]
