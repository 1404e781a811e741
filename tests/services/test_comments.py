"""Comments as readers and moderators use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from octavo.services import comments
from octavo.services.comments import CommentRefused
from octavo.store.models import Article, Comment, Publisher, User, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    now = timezone.now()
    publisher = Publisher.objects.create(slug="harbour-post", name="Harbour Post")
    return Article.objects.create(publisher=publisher, url="https://harbour.example/a", arrived_at=now, sort_at=now)


@pytest.fixture
def mara() -> User:
    return User.objects.create_user("mara")


@pytest.fixture
def moderator() -> User:
    return User.objects.create_user("ilse", is_staff=True)


def test_answers_nest_up_to_the_limit(article: Article, mara: User) -> None:
    parent = None
    for number in range(9):
        parent = comments.post(mara, article, f"Number {number}", parent)
    assert [c.depth for c in comments.thread(article)] == [0, 1, 2, 3, 4, 5, 6, 6, 6]


def test_the_edit_window_closes(article: Article, mara: User) -> None:
    comment = comments.post(mara, article, "First thought")
    assert comments.edit(mara, comment, "Second thought").edited_at
    Comment.objects.update(posted_at=timezone.now() - timedelta(minutes=16))
    comment.refresh_from_db()
    with pytest.raises(CommentRefused, match="no longer"):
        comments.edit(mara, comment, "Third thought")


def test_a_deleted_comment_keeps_its_place_but_not_its_text(article: Article, mara: User) -> None:
    first = comments.post(mara, article, "A question")
    comments.post(mara, article, "An answer", first)
    comments.delete(mara, first)
    assert [(c.state, c.text) for c in comments.thread(article)] == [("deleted", ""), ("shown", "An answer")]


def test_nobody_deletes_or_edits_for_another(article: Article, mara: User, moderator: User) -> None:
    comment = comments.post(mara, article, "Mine")
    for verb in (lambda: comments.delete(moderator, comment), lambda: comments.edit(moderator, comment, "Yours")):
        with pytest.raises(CommentRefused):
            verb()


def test_three_flags_hold_a_comment_and_a_verdict_restores_it(article: Article, mara: User, moderator: User) -> None:
    comment = comments.post(mara, article, "A sharp word")
    for name in ("ann", "ben", "cai"):
        comments.flag(User.objects.create_user(name), comment, "attack")
    comment.refresh_from_db()
    assert comment.state == Comment.State.HELD
    assert [c.pk for c in comments.queue()] == [comment.pk]
    comments.decide(moderator, comment, Verdict.Decision.RESTORE, "Sharp, but about the matter.")
    comment.refresh_from_db()
    assert comment.state == Comment.State.SHOWN
    assert not comments.queue().exists()
    assert [(v.decision, v.rule) for v in comments.log()] == [("restore", ""), ("hold", "flags")]


def test_flagging_twice_counts_once(article: Article, mara: User) -> None:
    comment = comments.post(mara, article, "A word")
    reader = User.objects.create_user("ann")
    comments.flag(reader, comment, "attack")
    comments.flag(reader, comment, "spam")
    assert [f.reason for f in comment.flags.all()] == ["spam"]


def test_a_verdict_needs_a_moderator_and_a_reason(article: Article, mara: User, moderator: User) -> None:
    comment = comments.post(mara, article, "A word")
    with pytest.raises(CommentRefused, match="moderators"):
        comments.decide(mara, comment, "remove", "no")
    with pytest.raises(CommentRefused, match="reason"):
        comments.decide(moderator, comment, "remove", "  ")


def test_newcomers_links_wait_for_a_moderator(article: Article, mara: User) -> None:
    comment = comments.post(mara, article, "https://a.example/1 https://b.example/2")
    assert comment.state == Comment.State.HELD
    assert comments.log().get().rule == "links"


def test_haste_is_refused(article: Article, mara: User) -> None:
    for number in range(20):
        comments.post(mara, article, f"Number {number}")
    with pytest.raises(CommentRefused, match="within an hour"):
        comments.post(mara, article, "One more")


def test_an_answer_to_another_articles_comment_is_refused(article: Article, mara: User) -> None:
    other = Article.objects.create(
        publisher=article.publisher,
        url="https://harbour.example/b",
        arrived_at=article.arrived_at,
        sort_at=article.sort_at,
    )
    elsewhere = comments.post(mara, other, "Here")
    with pytest.raises(CommentRefused, match="another article"):
        comments.post(mara, article, "There", elsewhere)


def test_a_verdict_passed_meanwhile_is_not_undone(article: Article, mara: User, moderator: User) -> None:
    comment = comments.post(mara, article, "A word")
    seen_before = [Comment.objects.get() for _ in range(3)]
    comments.decide(moderator, comment, "remove", "Not here.")
    edited, deleted, flagged = seen_before
    with pytest.raises(CommentRefused):
        comments.edit(mara, edited, "Another word")
    with pytest.raises(CommentRefused):
        comments.delete(mara, deleted)
    with pytest.raises(CommentRefused):
        comments.flag(moderator, flagged, "spam")
    assert Comment.objects.get().state == Comment.State.REMOVED
