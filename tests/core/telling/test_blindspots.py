"""A group of one's own publishers is told of only where it would hardly be without the story by chance."""

from __future__ import annotations

from octavo.core.telling.blindspots import BlindSpot, blind_spots, chance, groups_of


def belongs(**sizes: int) -> dict[int, list[tuple[str, str]]]:
    names = [name for name, size in sizes.items() for _ in range(size)]
    return {number: [("medium", name)] for number, name in enumerate(names)}


def test_a_group_without_the_story_is_told_of():
    assert blind_spots(belongs(newspaper=6, magazine=5), {0, 1, 2, 3}) == [BlindSpot("medium", "magazine", 5)]


def test_chance_small_groups_and_few_publishers_tell_nothing():
    assert blind_spots(belongs(newspaper=40, magazine=3), {0, 1, 2}) == []
    assert blind_spots(belongs(newspaper=6, magazine=2), {0, 1, 2, 3, 4}) == []
    assert blind_spots(belongs(newspaper=6, magazine=5), {0, 1}) == []


def test_a_group_that_has_it_is_none_and_others_must_be_comparable():
    assert blind_spots(belongs(newspaper=6, magazine=5), {0, 1, 2, 3, 8}) == []
    few = {number: [("medium", "magazine")] if number > 5 else [] for number in range(11)}
    assert blind_spots(few, {0, 1, 2, 3}) == []


def test_groups_of_the_same_publishers_are_one():
    both = {
        n: [("country", "XA"), ("folder", "Home")] if n < 6 else [("country", "XB"), ("folder", "Abroad")]
        for n in range(11)
    }
    assert blind_spots(both, {0, 1, 2, 3}) == [BlindSpot("country", "XB", 5)]


def test_how_likely_chance_is():
    assert chance(10, 5, 5) == 1 / 252
    assert chance(4, 4, 1) == 0


def test_facts_that_are_not_known_make_no_group():
    assert groups_of({"country": "XA", "owner": ""}, ["Home"]) == [("country", "XA"), ("folder", "Home")]
