"""Threads, links and the rules for new comments."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from octavo.core.talking import links, moderation
from octavo.core.talking.moderation import Outcome
from octavo.core.talking.threads import depth_of_reply, in_thread_order


@dataclass(frozen=True)
class Node:
    id: int
    parent_id: int | None


@st.composite
def forests(draw: st.DrawFn) -> list[Node]:
    size = draw(st.integers(0, 30))
    return [Node(i, draw(st.none() | st.integers(0, i - 1)) if i else None) for i in range(size)]


@given(forests())
def test_every_comment_stands_once_and_after_its_parent(nodes: list[Node]) -> None:
    ordered = in_thread_order(nodes)
    place = {node.id: i for i, node in enumerate(ordered)}
    assert sorted(place) == [node.id for node in nodes]
    assert all(place[node.parent_id] < place[node.id] for node in nodes if node.parent_id is not None)


def test_answers_stand_under_what_they_answer() -> None:
    nodes = [Node(1, None), Node(2, None), Node(3, 1), Node(4, 2), Node(5, 3)]
    assert [node.id for node in in_thread_order(nodes)] == [1, 3, 5, 2, 4]


def test_an_answer_to_nothing_known_is_not_lost() -> None:
    assert [node.id for node in in_thread_order([Node(7, 99)])] == [7]


def test_a_very_deep_thread_needs_no_stack() -> None:
    nodes = [Node(i, i - 1 if i else None) for i in range(50_000)]
    assert len(in_thread_order(nodes)) == 50_000


def test_replies_stop_at_the_depth_limit() -> None:
    assert [depth_of_reply(depth, 3) for depth in (None, 0, 1, 2, 3)] == [0, 1, 2, 3, 3]


def test_only_web_addresses_become_links() -> None:
    text = "See https://harbour.example/a(b), not javascript:alert(1) or <b>."
    found = list(links.segments(text))
    assert "".join(s.href or s.text for s in found) == text
    assert [s.href for s in found if s.href] == ["https://harbour.example/a(b)"]


@given(st.text())
def test_segments_lose_no_character(text: str) -> None:
    assert "".join(s.href or s.text for s in links.segments(text)) == text


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = moderation.clean(text)
    assert moderation.clean(once) == once


def test_direction_overrides_are_dropped() -> None:
    assert moderation.clean("a\u202egnp.exe\u0007\n\n\n\nb ") == "agnp.exe\n\nb"


def test_rules_for_new_comments() -> None:
    two_links = "https://a.example/1 https://b.example/2"
    assert moderation.judge("", 0, ()).outcome is Outcome.REFUSE
    assert moderation.judge("x" * 5001, 0, ()).rule == "length"
    assert moderation.judge("Again", 0, {"Again"}).rule == "repeat"
    assert moderation.judge(two_links, 0, ()).rule == "links"
    assert moderation.judge(two_links, 3, ()).outcome is Outcome.SHOW
    assert moderation.judge("THIS IS AN OUTRAGE AND EVERYBODY IN TOWN KNOWS IT WELL", 9, ()).rule == "shouting"
    assert moderation.judge("هذا تعليق عادي عن المرفأ الجديد وما فيه من سفن كثيرة جدا", 0, ()).outcome is Outcome.SHOW
