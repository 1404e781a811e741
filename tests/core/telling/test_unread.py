"""What a story's other articles tell beside those that were read: new words and new numbers, nothing said before."""

from __future__ import annotations

from octavo.core.telling.unread import unread
from tests.core.telling.test_timeline import account

READ = account(
    0, "quay", "Lock seven at Wendover falls, 12 dead",
    "The wall of lock seven at Wendover fell on Thursday night. Twelve people were killed, police said.",
)  # fmt: skip


def test_only_what_is_new_is_told() -> None:
    later = account(
        5, "vale", "Inquiry at Wendover",
        "The wall of lock seven at Wendover fell on Thursday night. Engineer Petra Hollis told the inquiry at Wendover that a "
        "gate of the lock had rusted through.",
    )  # fmt: skip
    (one,) = unread([READ], [later])
    assert one.line.text.startswith("Engineer Petra Hollis")
    assert later.article.text[one.line.start : one.line.end] == one.line.text


def test_another_number_is_new_though_all_words_are_known() -> None:
    later = account(
        5, "vale", "Wendover", "Fourteen people were killed when lock seven at Wendover fell on Thursday night."
    )
    (one,) = unread([READ], [later])
    assert one.line.text.startswith("Fourteen")


def test_the_same_number_is_not_new() -> None:
    later = account(
        5, "vale", "Wendover", "Twelve people were killed when lock seven at Wendover fell on Thursday night."
    )
    assert unread([READ], [later]) == []


def test_nothing_is_new_to_who_has_read_nothing_or_all() -> None:
    assert unread([], [READ]) == []
    assert unread([READ], []) == []


def test_several_articles_with_one_piece_of_news_tell_it_once() -> None:
    news = "Engineer Petra Hollis told the inquiry at Wendover that a gate of lock seven had rusted through."
    others = [account(hour, f"p{hour}", "Wendover", news) for hour in (4, 5, 6)]
    assert len(unread([READ], others)) == 1


def test_languages_that_were_not_read_are_left_out() -> None:
    later = account(
        5, "marsa", "وندوفر", "قالت المهندسة بيترا هوليس إن بوابة الهويس السابع في وندوفر قد صدئت.", language="ar"
    )
    assert unread([READ], [later]) == []


def test_copies_and_comments_are_left_out() -> None:
    news = "Engineer Petra Hollis told the inquiry at Wendover that a gate of lock seven had rusted through."
    copy = account(4, "copy", "Wendover", news, copy_of="elsewhere")
    comment = account(5, "view", "Wendover", news, is_report=False)
    assert unread([READ], [copy, comment]) == []
