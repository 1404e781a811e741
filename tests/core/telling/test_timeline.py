"""A story's timeline: each line a sentence that reads alone, under the day that it names or the time at which it was news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from octavo.core.telling.accounts import Account
from octavo.core.telling.timeline import day_of, timeline
from octavo.core.telling.times import times
from octavo.core.types import Article

# A Friday.
MORNING = datetime(2026, 3, 20, 9, tzinfo=UTC)


def account(hour: float, source: str, title: str, text: str, language: str = "en", **facts: object) -> Account:
    at = MORNING + timedelta(hours=hour)
    return Account(Article(f"{source}-{hour}", title, text, at, source, "", language), at, **facts)  # type: ignore[arg-type]


FELL = account(
    0,
    "quay",
    "Lock seven at Wendover falls",
    "The wall of lock seven at Wendover fell on Thursday night and drained two miles of the canal. Nobody was hurt.",
)
INQUIRY = account(
    8,
    "vale",
    "Wendover trust opens an inquiry into lock seven",
    "The Wendover Canal Trust has opened an inquiry into the old wall of lock seven. It meets next week.",
)


def told(accounts: Sequence[Account]) -> list[tuple[date, str]]:
    return [(one.day, one.line.text) for one in timeline(accounts)]


def test_a_line_stands_under_the_day_that_it_names_and_news_under_when_it_came() -> None:
    fell, inquiry = timeline([INQUIRY, FELL])
    assert (fell.day, fell.at) == (date(2026, 3, 19), None)
    assert fell.line.text.startswith("The wall of lock seven")
    assert (inquiry.day, inquiry.at) == (date(2026, 3, 20), INQUIRY.at)


def test_a_line_is_verbatim_at_its_place() -> None:
    for one, account_of in ((one, (FELL, INQUIRY)[one.account]) for one in timeline([FELL, INQUIRY])):
        assert account_of.article.text[one.line.start : one.line.end] == one.line.text


def test_who_tells_the_same_adds_no_line_but_is_counted() -> None:
    again = account(
        3,
        "post",
        "Wendover lock falls",
        "On Thursday night the wall of lock seven at Wendover fell and drained the canal.",
    )
    (one,) = timeline([FELL, again])
    assert one.accounts == 2


@pytest.mark.parametrize(
    "text",
    [
        "The council of Wendover will decide on Friday whether lock seven is rebuilt.",
        "It has been closed since Thursday because of the wall of lock seven at Wendover.",
        "The wall of lock seven at Wendover has leaked since 1978, the trust said.",
        "The fall of lock seven at Wendover was the second in March, engineers said.",
        "He saw the wall of lock seven at Wendover fall on Thursday night.",
        "“The wall of lock seven at Wendover fell on Thursday,” said a bargee.",
        "Photo: the wall of lock seven at Wendover on Thursday.",
        "Was the wall of lock seven at Wendover safe on Thursday?",
        "Thursday's fall of lock seven at Wendover has cost the trust its sleep.",
        "Who saw the wall of lock seven at Wendover fall on Thursday",
    ],
)
def test_plans_memories_captions_and_what_leans_are_no_developments(text: str) -> None:
    other = account(2, "post", "A view of the canal", f"Nothing to see here at all, says the paper. {text}")
    assert text not in [line for _day, line in told([FELL, INQUIRY, other])]


def test_a_new_toll_is_a_line_though_its_words_are_known() -> None:
    accounts = [
        account(0, "quay", "Lock falls at Wendover, 12 dead", "Twelve people were killed when the lock at Wendover fell."),
        account(4, "vale", "Wendover toll at 15", "The number of people killed by the lock at Wendover has risen to 15."),
        account(5, "post", "Fifteen dead at Wendover", "Fifteen people are dead after the lock at Wendover fell."),
    ]  # fmt: skip
    assert [one.accounts for one in timeline(accounts)] == [1, 2]


def test_copies_and_comments_are_not_read() -> None:
    copy = account(1, "post", FELL.article.title, FELL.article.text, copy_of=FELL.article.id)
    comment = account(
        2, "view", "The wall of lock seven", "The trust let the wall of lock seven at Wendover fall on Thursday.",
        is_report=False,
    )  # fmt: skip
    assert [one.accounts for one in timeline([FELL, copy, comment])] == [1]


def test_it_is_told_in_the_commonest_language() -> None:
    arabic = account(
        1, "marsa", "انهيار الهويس", "انهار جدار الهويس السابع في وندوفر مساء أمس وجفت القناة.", language="ar"
    )
    assert [one.line.language for one in timeline([FELL, INQUIRY, arabic])] == ["en", "en"]


def test_an_arabic_story_has_a_timeline_too() -> None:
    first = account(
        0, "marsa", "انهيار الهويس", "انهار جدار الهويس السابع في وندوفر أمس وجفت القناة القديمة.", language="ar"
    )
    later = account(
        5, "rawd", "تحقيق في انهيار الهويس", "فتحت إدارة القناة تحقيقا في جدار الهويس السابع.", language="ar"
    )
    assert [day for day, _text in told([first, later])] == [date(2026, 3, 19), date(2026, 3, 20)]


def test_there_are_at_most_so_many_lines() -> None:
    accounts = [
        account(
            72 * day,
            f"p{day}",
            "Wendover lock",
            f"Workers at lock seven in Wendover found {thing} today behind the old wall.",
        )
        for day, thing in enumerate(
            ("a boat", "two anchors", "an oven", "coins", "bones", "bricks", "a bell", "a stove")
        )
    ]
    assert len(timeline(accounts, most=5)) == 5


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("on Friday", date(2026, 3, 20)),
        ("on Monday", date(2026, 3, 16)),
        ("yesterday", date(2026, 3, 19)),
        ("on 2 March", date(2026, 3, 2)),
        ("on 28 December", date(2025, 12, 28)),
        ("on 28 December 2024", date(2024, 12, 28)),
        ("on 31 February", None),
        ("on Saturday", None),
        ("in March", None),
    ],
)
def test_a_time_means_a_day_by_when_its_text_came_out(written: str, day: date | None) -> None:
    (time,) = times(written)
    assert day_of(time, MORNING) == day


def test_a_hostile_text_is_read_in_time() -> None:
    texts = ["today " * 20_000, "on Monday, " * 9_000, "We " * 9000 + "fell today.", "A" * 90_000 + "."]
    assert timeline([account(place, f"p{place}", "today", text) for place, text in enumerate(texts)]) == []
