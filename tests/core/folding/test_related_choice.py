"""Related articles are on the subject, in its order, each event and text once, and say why they are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from octavo.core.folding.circle import Circle
from octavo.core.folding.features import FEATURES
from octavo.core.folding.related import Related, Subject, When, choose, rank, reason, time_cost, when
from octavo.core.folding.sketches import read, sketch
from octavo.core.folding.sparse import weigh
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import SECONDS_A_DAY, look
from octavo.core.folding.window import Window
from octavo.core.types import Article

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEIR = "The weir bridge at Sallow was shut after divers of the river board found a crack, said Ida Quill."
TEXTS = {
    "weir": ("Weir bridge shut at Sallow", WEIR),
    "crack": ("Crack closes Sallow's bridge", "Divers found a crack in the weir bridge. Ida Quill spoke of weeks."),
    "buses": ("Buses avoid Sallow", "Since the weir bridge is shut buses take the road through Tamm, says Ida Quill."),
    "board": ("River board short of divers", "The river board has too few divers for all its bridges, an audit says."),
    "choir": ("Bakers' choir wins", "A choir of bakers from Tamm has won the singing cup with a song on rye."),
    "chess": ("Chess final drawn", "Two players agreed a draw in the final of the chess cup at Port Orla."),
}


def subject(name: str, days: float = 0, **facts: object) -> Subject:
    title, text = TEXTS[name]
    kept = read(sketch(look(Article(name, title, text, None, "", "", "en")), Terms()))
    day = (NOON + timedelta(days=days)).timestamp() / SECONDS_A_DAY
    told: dict[str, object] = {"day": day, "source": name, "names": kept.names}
    return Subject(name, kept.weighed, **(told | facts))  # type: ignore[arg-type]


def ranked(*candidates: Subject, asked: Subject | None = None) -> list[Related]:
    scores = [10.0 - place for place in range(len(candidates))]
    return rank(asked or subject("weir"), candidates, scores, 20.0)


def ids(found: list[Related]) -> list[str]:
    return [one.subject.id for one in found]


def test_the_subject_decides_and_not_the_order_in_which_they_were_found() -> None:
    names = ("chess", "choir", "board", "buses", "crack")
    found = ids(ranked(*map(subject, names)))
    assert set(found[:2]) == {"crack", "buses"}


def test_nothing_is_related_to_what_stands_alone() -> None:
    assert ranked() == []


def test_time_prefers_gently_and_never_overrules_the_subject() -> None:
    assert ids(ranked(subject("crack", days=-400), subject("chess"), subject("choir")))[0] == "crack"
    near, far = ranked(subject("crack", days=1), subject("crack", days=-40))
    assert (near.subject.day or 0) > (far.subject.day or 0)
    assert time_cost(0, 0) == 0 < time_cost(0, 3) < time_cost(0, 90) < time_cost(0, 4000) == time_cost(0, 9000)
    assert time_cost(None, 5) == time_cost(0, 30)


def test_a_known_story_counts() -> None:
    asked = subject("weir", story="7")
    plain, known = ranked(subject("buses"), asked=asked)[0], ranked(subject("buses", story="7"), asked=asked)[0]
    assert known.odds > plain.odds


def test_a_vector_speaks_where_both_have_one() -> None:
    near, far = np.zeros(384, np.float32), np.zeros(384, np.float32)
    near[0], far[1] = 1, 1
    asked = subject("weir", vector=near)
    alike, unlike = (ranked(subject("buses", vector=v), subject("chess"), asked=asked) for v in (near, far))
    odds = [{one.subject.id: one.odds for one in found}["buses"] for found in (alike, unlike)]
    assert odds[0] > odds[1]


def test_its_own_story_stands_elsewhere() -> None:
    asked = subject("weir", story="7")
    found = ranked(subject("crack", story="7"), subject("buses", story="8"), subject("board"), asked=asked)
    assert set(ids(choose(asked, found, 10))) == {"buses", "board"}


def test_no_copy_and_one_article_a_story() -> None:
    asked = subject("weir", story="7", texts=frozenset({"a"}))
    found = ranked(
        subject("crack", texts=frozenset({"a"}), story="7"),
        subject("buses", texts=frozenset({"b"}), story="8"),
        subject("board", texts=frozenset({"c"}), story="8"),
        subject("choir", texts=frozenset({"d"})),
        subject("chess", texts=frozenset({"d"})),
        asked=asked,
    )
    chosen = ids(choose(asked, found, 10))
    assert "crack" not in chosen
    assert len({"buses", "board"} & set(chosen)) == 1
    assert len({"choir", "chess"} & set(chosen)) == 1


def test_of_two_that_report_one_event_one_is_shown_though_no_story_is_known() -> None:
    again = replace(subject("crack"), id="again", texts=frozenset({"again"}))
    found = [Related(again, 2.0, 1.0), Related(subject("crack"), 1.9, 1.0), Related(subject("chess"), 1.0, 1.0)]
    assert ids(choose(subject("board"), found, 3)) == ["again", "chess"]


def test_several_publishers_before_one_again() -> None:
    asked = subject("weir", source="tide")
    found = [Related(subject(name, source=source), odds, 1.0) for name, source, odds in (
        ("choir", "quay", 3.0), ("chess", "quay", 2.9), ("board", "vale", 2.7), ("buses", "quay", -5.0))]  # fmt: skip
    assert ids(choose(asked, found, 3)) == ["choir", "board", "chess"]
    assert [one.is_on_subject for one in found] == [True, True, True, False]


def test_why_it_is_shown() -> None:
    told = reason(subject("weir"), subject("crack", days=-3))
    assert {"Quill", "Sallow"} <= set(told.names)
    assert told.when is When.EARLIER
    assert reason(subject("weir"), subject("chess")).names == ()


def test_a_name_that_says_nothing_is_no_reason() -> None:
    one, other = (replace(subject(name), names=("House", "Quill", "Upper House")) for name in ("weir", "crack"))
    assert reason(one, other).names == ("Quill", "Upper House")


@pytest.mark.parametrize(
    ("days", "expected"), [(-60, When.BACKGROUND), (-3, When.EARLIER), (0.2, When.SAME), (3, When.LATER)]
)
def test_when(days: float, expected: When) -> None:
    assert when(100.0, 100.0 + days) is expected
    assert when(None, 1.0) is When.UNKNOWN


def test_a_circle_compares_as_the_desk_does() -> None:
    terms, window = Terms(), Window(16)
    weighed = []
    for title, text in TEXTS.values():
        views = look(Article("", title, text, None, "", "", "en"))
        terms.learn(views.language, views.counts.ids)
        weighed.append(weigh(views, terms))
        window.add(weighed[-1], None)
    last, others = len(weighed) - 1, np.arange(len(weighed) - 1)
    desk = window.compare(last, weighed[last], others)
    circle = Circle([weighed[last], *weighed[:last]], [None] * len(weighed), np.zeros(0, np.float32))
    assert circle.common.shape == (last, len(FEATURES))
    assert np.abs(circle.common - desk).max() < 0.01
    assert circle.near.shape == (len(weighed), len(weighed))
