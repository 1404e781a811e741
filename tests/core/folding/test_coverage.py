"""What a story shows in a list comes of its articles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from octavo.core.folding.coverage import Covering, cover, heat

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def covering(
    id: int, title: str = "Ferry line reopens", publisher: int = 1, hours: float = 0, **more: object
) -> Covering:
    return Covering(id, title, publisher, NOON + timedelta(hours=hours), "en", **more)  # type: ignore[arg-type]


def test_copies_count_as_articles_but_not_as_texts() -> None:
    told = cover([covering(1), covering(2, publisher=2, copy_of=1), covering(3, publisher=3)])
    assert (told.articles, told.publishers, told.texts) == (3, 3, 2)


def test_a_copy_of_what_stands_elsewhere_is_a_text_of_its_own() -> None:
    assert cover([covering(1, copy_of=99), covering(2, copy_of=1)]).texts == 1


def test_copies_of_one_text_that_stands_elsewhere_are_one_text() -> None:
    assert cover([covering(1, copy_of=99), covering(2, copy_of=99), covering(3, copy_of=98)]).texts == 2


def test_copies_of_each_other_still_make_a_text() -> None:
    assert cover([covering(1, copy_of=2), covering(2, copy_of=1)]).texts == 2


def test_the_headline_is_a_whole_report_in_the_words_of_most() -> None:
    articles = [
        covering(1, "Ferry line to the islands reopens"),
        covering(2, "Ferry line reopens after eleven years", publisher=2, hours=1),
        covering(3, "Opinion: a pier too far", publisher=3, hours=2, kind="opinion"),
        covering(4, "Ferry line reopens", publisher=4, hours=3, is_whole=False),
    ]
    assert cover(articles).headline == 2


def test_times_language_and_section_are_those_of_the_articles() -> None:
    told = cover(
        [covering(1, section="politics"), covering(2, hours=5, section="sports"), covering(3, section="sports")]
    )
    assert (told.first_at, told.last_at) == (NOON, NOON + timedelta(hours=5))
    assert (told.language, told.section) == ("en", "sports")


def test_a_late_copy_does_not_heat_a_story() -> None:
    alone = cover([covering(1)]).heat
    assert cover([covering(1), covering(2, hours=48, copy_of=1)]).heat == alone


def test_wider_and_later_is_hotter() -> None:
    assert heat(8, NOON) > heat(2, NOON) > heat(1, NOON)
    assert heat(1, NOON + timedelta(days=2)) > heat(8, NOON)


def test_nothing_is_no_story() -> None:
    with pytest.raises(ValueError, match="without articles"):
        cover([])
