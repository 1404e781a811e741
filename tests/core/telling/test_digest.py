"""What is told in some minutes fits into them, and begins with every story before it dwells on one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from octavo.core.telling.digest import WORDS_A_MINUTE, fill, minutes_for, words_for, words_in

STORIES = st.lists(st.lists(st.integers(1, 80), max_size=12), max_size=8)


@given(STORIES, st.integers(0, 4_000))
def test_what_is_told_fits(stories, words):
    told = fill(stories, words)

    assert sum(sum(story[:count]) for story, count in zip(stories, told, strict=True)) <= words


@given(STORIES, st.integers(0, 4_000))
def test_with_room_enough_all_is_told(stories, words):
    few, more = fill(stories, words), fill(stories, 10_000)

    assert all(count <= most for count, most in zip(few, more, strict=True))
    assert more == [len(story) for story in stories]


def test_every_story_begins_before_one_goes_on():
    assert fill([[100] * 9, [100] * 9, [100] * 9], 300) == [1, 1, 1]


def test_a_story_ends_where_its_next_sentence_does_not_fit():
    assert fill([[50, 500, 10], [50, 50]], 200) == [1, 2]


def test_words_and_minutes_are_counted_in_any_script():
    assert words_in("The ferry “Aurora” sails.") == 4
    assert words_in("تبحر العبارة اليوم") == 3
    assert minutes_for(10) == 1
    assert minutes_for(words_for(5)) == 5 == words_for(5) / WORDS_A_MINUTE
