"""People's words on stories hold: for articles on the desk, for those that left it, through kills, until taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.core.folding.window import WINDOW
from octavo.services import stories
from octavo.services.stories import CorrectionRefused
from octavo.store import stories as asked
from octavo.store.models import Article, Correction, Story, User
from tests.services.desks import AGAIN, CHESS, LOCK, folding, held, store_article, store_press

pytestmark = pytest.mark.django_db


class Newsroom:
    """Three articles, of which two are one story, on a desk or off it."""

    def __init__(self, data: Path, window: int = WINDOW) -> None:
        self.data, self.window, self.lease = data, window, held()
        store_press(12)
        self.lock = store_article("Lock seven gives way at Wendover", LOCK, "post")
        self.barges = store_article("Barges aground as Wendover lock gives way", AGAIN, "herald")
        self.chess = store_article("Tarfell takes the islands' chess title", CHESS, "post")
        self.desk = folding(data, window=window)
        self.work()
        self.editor = User.objects.create_user("mara", is_staff=True)

    def work(self) -> None:
        self.desk.catch_up(self.lease, finish=True)
        for article in (self.lock, self.barges, self.chess):
            article.refresh_from_db()

    def restart(self) -> None:
        self.desk = folding(self.data, window=self.window)


@pytest.fixture
def room(data_folder: Path) -> Newsroom:
    return Newsroom(data_folder)


def leave_the_desk(room: Newsroom) -> None:
    """Lets so much come that what was there is no longer compared."""
    for number in range(room.window):
        store_article(f"Harbour log {number}", f"Berth {number} of the port of Sallow was empty at dawn.", "log")
    room.work()


def test_what_a_person_splits_stays_apart_through_repairs_and_restarts(room: Newsroom) -> None:
    assert room.lock.story == room.barges.story
    stories.split(room.editor, room.barges, "Another lock.")
    room.work()
    assert room.lock.story != room.barges.story
    room.restart()
    store_article("Wendover lock: gate to be mended", LOCK.replace("Monday", "Tuesday"), "gazette")
    room.work()
    assert room.lock.story != room.barges.story


def test_what_a_person_joins_stays_together(room: Newsroom) -> None:
    stories.join(room.editor, room.lock, room.chess, "The match was played on the barge.")
    room.work()
    assert room.lock.story == room.chess.story == room.barges.story
    assert room.lock.story is not None
    assert room.lock.story.article_count == 3


def test_a_merged_storys_old_address_leads_to_the_new_one(room: Newsroom) -> None:
    old = room.chess.story_id
    stories.join(room.editor, room.lock, room.chess, "One event.")
    room.work()
    assert old is not None
    found = asked.story(old)
    assert found is not None
    assert found.pk == room.chess.story_id == room.lock.story_id


def test_a_correction_can_be_taken_back(room: Newsroom) -> None:
    correction = stories.split(room.editor, room.barges, "Another lock.")
    room.work()
    stories.withdraw(room.editor, correction)
    room.restart()
    room.work()
    assert room.lock.story == room.barges.story
    with pytest.raises(CorrectionRefused):
        stories.withdraw(room.editor, correction)


def test_a_join_that_is_taken_back_gives_both_stories_their_addresses_back(room: Newsroom) -> None:
    first = store_article("Islands' chess title goes to Tarfell", CHESS.replace(".", ", it was said.", 1), "herald")
    room.work()
    Story.objects.filter(pk=room.chess.story_id).update(name=str(first.pk))
    room.restart()
    addresses = (room.lock.story_id, room.chess.story_id)
    room.desk.catch_up(room.lease, finish=True)
    correction = stories.join(room.editor, room.chess, room.lock, "One event.")
    room.work()
    assert room.lock.story_id == room.chess.story_id
    stories.withdraw(room.editor, correction)
    room.work()
    assert (room.lock.story_id, room.chess.story_id) == addresses


def test_a_story_has_its_address_back_though_its_founder_had_gone_elsewhere(room: Newsroom) -> None:
    store_article("Islands' chess title goes to Tarfell", CHESS.replace(".", ", it was said.", 1), "herald")
    room.work()
    Story.objects.filter(pk=room.chess.story_id).update(name="9999")
    room.restart()
    address = room.chess.story_id
    correction = stories.join(room.editor, room.chess, room.lock, "One event.")
    room.work()
    assert room.lock.story_id == room.chess.story_id != address
    stories.withdraw(room.editor, correction)
    room.work()
    assert room.chess.story_id == address


def test_what_is_said_last_of_two_articles_holds(room: Newsroom) -> None:
    stories.split(room.editor, room.barges, "Another lock.")
    room.work()
    stories.join(room.editor, room.barges, room.lock, "The same after all.")
    room.work()
    assert room.lock.story == room.barges.story


def test_stories_of_several_articles_are_joined_whole_and_come_apart_whole(room: Newsroom) -> None:
    chess_too = store_article("Islands' chess title goes to Tarfell", CHESS.replace(".", ", it was said.", 1), "herald")
    room.work()
    chess_too.refresh_from_db()
    assert chess_too.story == room.chess.story != room.lock.story == room.barges.story
    correction = stories.join(room.editor, room.lock, room.chess, "The match was played on the barge.")
    room.work()
    chess_too.refresh_from_db()
    assert room.lock.story == room.barges.story == room.chess.story == chess_too.story
    stories.withdraw(room.editor, correction)
    room.work()
    chess_too.refresh_from_db()
    assert chess_too.story == room.chess.story != room.lock.story == room.barges.story


@pytest.mark.parametrize("is_asked_by_the_larger", [True, False])
def test_an_article_split_off_is_joined_again_from_either_side(room: Newsroom, is_asked_by_the_larger: bool) -> None:
    third = store_article("Gate of Wendover lock to be mended", LOCK.replace("Monday", "Tuesday"), "gazette")
    room.work()
    third.refresh_from_db()
    assert third.story == room.lock.story == room.barges.story
    stories.split(room.editor, room.barges, "Another lock.")
    room.work()
    assert room.barges.story != room.lock.story
    pair = (room.lock, room.barges) if is_asked_by_the_larger else (room.barges, room.lock)
    stories.join(room.editor, *pair, "The same after all.")
    room.work()
    third.refresh_from_db()
    assert third.story == room.lock.story == room.barges.story


def test_articles_that_left_the_desk_are_split_and_joined_too(data_folder: Path) -> None:
    room = Newsroom(data_folder, window=20)
    leave_the_desk(room)
    stories.split(room.editor, room.barges, "Another lock.")
    room.work()
    assert room.lock.story != room.barges.story
    stories.join(room.editor, room.lock, room.chess, "One event.")
    room.work()
    assert room.lock.story == room.chess.story
    assert not Correction.objects.filter(applied_at=None).exists()


def test_copies_follow_the_text_that_is_split_off(room: Newsroom) -> None:
    copy = store_article("Barges aground as lock gives way", AGAIN, "mirror")
    room.work()
    stories.split(room.editor, room.barges, "Another lock.")
    room.work()
    copy.refresh_from_db()
    assert copy.story == room.barges.story != room.lock.story


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_correction_needs_a_reason(room: Newsroom, reason: str) -> None:
    with pytest.raises(CorrectionRefused, match="reason"):
        stories.split(room.editor, room.barges, reason)


def test_only_moderators_correct(room: Newsroom) -> None:
    reader = User.objects.create_user("tom")
    with pytest.raises(CorrectionRefused, match="moderators"):
        stories.join(reader, room.lock, room.chess, "Why not.")
    with pytest.raises(CorrectionRefused):
        stories.split(room.editor, room.chess, "It stands alone.")
    with pytest.raises(CorrectionRefused):
        stories.join(room.editor, room.lock, room.barges, "They are one already.")


def test_the_log_tells_corrections_after_their_articles_have_gone(room: Newsroom) -> None:
    stories.split(room.editor, room.barges, "Another lock.")
    Article.objects.filter(pk=room.barges.pk).delete()
    (told,) = stories.log()
    assert (told.headline, told.reason, told.article) == (room.barges.title, "Another lock.", None)
    assert told.editor == room.editor
    room.desk.catch_up(room.lease, finish=True)
    assert not Correction.objects.filter(applied_at=None).exists()


def test_a_story_tells_why_it_is_one(room: Newsroom) -> None:
    story = Story.objects.get(pk=room.lock.story_id)
    why = stories.why_together(story)
    assert {"Wendover", "Hollis"} <= set(why.names)
    assert [(link.left, link.right) for link in why.links] == [(room.lock.pk, room.barges.pk)]
