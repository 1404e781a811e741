"""Read, saved and muted, as a reader's lists show them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from octavo.services import marks
from octavo.store.models import Article, Publisher, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def articles() -> list[Article]:
    now = timezone.now()
    publishers = [Publisher.objects.create(slug=slug, name=slug) for slug in ("harbour-post", "radio-vale")]
    return [
        Article.objects.create(
            publisher=publishers[n % 2],
            url=f"https://harbour.example/{n}",
            title=f"Ferry number {n}" if n != 3 else "The Lottery draw",
            arrived_at=now,
            sort_at=now - timedelta(minutes=n),
        )
        for n in range(6)
    ]


@pytest.fixture
def mara() -> User:
    return User.objects.create_user("mara")


def unread(reader: User) -> int:
    return marks.for_reader(Article.objects.all(), reader, unread_only=True).count()


def test_mark_all_read_can_be_undone_without_touching_what_was_read_before(articles: list[Article], mara: User) -> None:
    marks.mark_read(mara, [articles[0].pk])
    batch = marks.mark_all_read(mara, Article.objects.all())
    assert unread(mara) == 0
    assert marks.undo(mara, batch.pk) == 5
    assert unread(mara) == 5


def test_nobody_undoes_anothers_batch(articles: list[Article], mara: User) -> None:
    batch = marks.mark_all_read(mara, Article.objects.all())
    assert marks.undo(User.objects.create_user("ann"), batch.pk) == 0
    assert unread(mara) == 0


def test_muted_words_and_publishers_leave_the_lists(articles: list[Article], mara: User) -> None:
    assert marks.mute_word(mara, "  LOTTERY ")
    assert not marks.mute_word(mara, "x")
    assert unread(mara) == 5
    marks.mute_publisher(mara, articles[0].publisher)
    assert {a.publisher.slug for a in marks.for_reader(Article.objects.all(), mara)} == {"radio-vale"}
    marks.unmute(mara, mara.muted.exclude(publisher=None).get().pk)
    assert unread(mara) == 5


def test_a_muted_word_hides_no_longer_word_and_finds_any_case(articles: list[Article], mara: User) -> None:
    Article.objects.filter(pk=articles[0].pk).update(title="Érable in the harbour")
    marks.mute_word(mara, "lot")
    assert unread(mara) == 6
    marks.mute_word(mara, "érable")
    assert unread(mara) == 5


def test_reading_marks_are_made_once(articles: list[Article], mara: User) -> None:
    marks.mark_read(mara, [articles[0].pk])
    marks.mark_read(mara, [articles[0].pk])
    assert mara.read_marks.count() == 1
    marks.mark_unread(mara, articles[0].pk)
    assert unread(mara) == 6
