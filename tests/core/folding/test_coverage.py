"""What a story shows in a list comes of its articles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from octavo.core.folding.coverage import Covering, cover, heat
from octavo.core.folding.headlines import is_sensational

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


def test_an_overtaken_number_speaks_for_no_story() -> None:
    articles = [
        covering(1, "Fifteen now known dead in ferry accident off Velmara"),
        covering(2, "Ferry accident off Velmara: fifteen dead", publisher=2, hours=1),
        covering(3, "Velmara lowers ferry accident toll to 14", publisher=3, hours=5),
        covering(4, "Candles for the dead of the ferry", publisher=4, hours=9),
    ]
    assert cover(articles).headline in (3, 4)


def test_a_number_may_be_overtaken_by_how_a_later_text_opens() -> None:
    articles = [
        covering(1, "Fourteen dead as ferry capsizes off Velmara"),
        covering(2, "Ferry capsizes off Velmara with 151 aboard", publisher=2, hours=1),
        covering(3, "Divers search hull", publisher=3, hours=9, opening="Divers found bodies. The toll is now 18."),
    ]
    assert cover(articles).headline == 2


def test_an_overtaken_number_is_known_again_where_the_headline_does_not_say_of_what() -> None:
    articles = [
        covering(1, "Velmara ferry: fourteen, not fifteen", opening="The number of people killed is 14."),
        covering(2, "Ferry accident off Velmara", publisher=2, hours=1, opening="The death toll stands at 14."),
        covering(3, "Velmara ferry fourteen", publisher=3, hours=2),
        covering(4, "Divers", publisher=4, hours=9, opening="That brings the number of dead to 18."),
    ]
    assert cover(articles).headline in (2, 4)


def test_several_dead_is_overtaken_by_a_count() -> None:
    articles = [
        covering(1, "Ferry capsizes off Velmara; several dead"),
        covering(2, "Ferry capsizes off Velmara", publisher=2, hours=1, opening="The death toll stands at 14."),
        covering(3, "Ferry capsizes; several dead off Velmara", publisher=3, hours=2),
    ]
    assert cover(articles).headline == 2


def test_numbers_that_agree_overtake_none() -> None:
    articles = [
        covering(1, "At least 14 dead as ferry capsizes off Velmara"),
        covering(2, "Ferry capsizes off Velmara: 15 dead", publisher=2, hours=-1),
        covering(3, "Search for survivors", publisher=3, hours=9, opening="The death toll stands at 15."),
    ]
    assert cover(articles).headline in (1, 2)


@pytest.mark.parametrize(
    "loud",
    [
        "FERRY LINE REOPENS AFTER ELEVEN YEARS",
        "Ferry line reopens after eleven years!",
        "Ferry line reopens after eleven years: what happened next",
        "Shock as ferry line reopens after eleven years",
        "Will the ferry line that reopens after eleven years last?",
        "Live: ferry line reopens after eleven years",
        "Why the ferry line reopens after eleven years",
        "You won’t believe why the ferry line reopens",
    ],
)
def test_a_calm_headline_speaks_before_a_loud_one(loud: str) -> None:
    calm = covering(1, "Ferry line to the islands reopens after eleven years")
    articles = [calm, covering(2, loud, publisher=2, hours=1), covering(3, loud, publisher=3, hours=2)]
    assert cover(articles).headline == 1


def test_names_in_capitals_do_not_shout() -> None:
    assert not is_sensational("NATO and UNESCO reopen ferry line after years")
    assert not is_sensational("UNESCO: 12 towns")


def test_an_arabic_number_overtakes_too() -> None:
    articles = [
        covering(1, "خمسة قتلى في سيل وادي الزعتر"),
        covering(2, "سيل وادي الزعتر: أربعة قتلى", publisher=2, hours=2),
    ]
    told = [Covering(one.id, one.title, one.publisher, one.at, "ar") for one in articles]
    assert cover(told).headline == 2
