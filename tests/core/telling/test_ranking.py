"""Today's Eight are finite, varied, reproducible, and each says why it is there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from octavo.core.telling.ranking import (
    EIGHT,
    MOST_OF_A_KIND,
    Candidate,
    Coverage,
    choose,
    terms_of,
    told,
    usual_growth,
)


def coverage(owners: int, *, hours: float = 2.0, copies: int = 0, share: float = 0.1) -> tuple[Coverage, ...]:
    own = [Coverage(f"p{at}", f"o{at}", hours + at / 10, True, share) for at in range(owners)]
    return (*own, *(Coverage(f"c{at}", "o0", hours, False, share) for at in range(copies)))


def story(name: str, owners: int = 3, section: str = "", place: str = "", **more) -> Candidate:
    known = {key: more.pop(key) for key in ("told_before", "is_followed") if key in more}
    return Candidate(name, f"Headline {name}", section, place, coverage(owners, **more), **known)


def order(*candidates: Candidate) -> list[str]:
    return [each.story for each in choose(candidates, usual=2.0, publishers=10)]


def value(candidate: Candidate, name: str) -> float:
    return next(term.value for term in terms_of(candidate, 2.0, 10) if term.name == name)


def test_what_more_owners_report_comes_first():
    assert order(story("few", 2), story("many", 6)) == ["many", "few"]


def test_an_owner_counts_once_however_many_papers_it_has():
    papers = tuple(Coverage(f"p{at}", "one owner", 2.0, True, 0.1) for at in range(6))

    assert value(Candidate("s", "", "", "", papers), "publishers") < value(story("two", 2), "publishers")


def test_copies_add_reach_and_no_weight():
    assert value(story("a", 3, copies=9), "publishers") == value(story("b", 3), "publishers")
    assert value(story("a", 3, copies=9), "originality") < value(story("b", 3), "originality")


def test_copies_by_others_give_a_story_neither_owners_nor_speed():
    copied = (*coverage(2), *(Coverage(f"c{at}", f"copier {at}", 1.0, False, 0.1) for at in range(9)))

    for name in ("publishers", "growth", "freshness"):
        assert value(Candidate("s", "", "", "", copied), name) == value(story("b", 2), name), name


def test_a_story_that_grows_faster_than_is_usual_here_comes_sooner():
    slow = Candidate("slow", "", "", "", tuple(Coverage(f"p{at}", "", 1 + at * 5.0, True, 0.1) for at in range(4)))

    assert order(slow, story("swift", 4, hours=1.0)) == ["swift", "slow"]


def test_what_is_usual_is_the_median_of_the_stories_fastest_hours():
    assert usual_growth([[1.0, 2.0, 3.0], [1.0, 20.0], [1.0, 2.0, 30.0]]) == 2.0
    assert usual_growth([]) == 1.0


def test_what_yesterdays_brief_told_comes_later():
    assert order(story("old", 4, told_before=4), story("new", 4)) == ["new", "old"]


def test_what_is_a_day_old_is_not_told():
    assert order(story("stale", 6, hours=30.0), story("fresh", 2)) == ["fresh"]


def test_what_a_reader_follows_comes_sooner():
    assert order(story("big", 4), story("mine", 3, is_followed=True)) == ["mine", "big"]


def test_rare_publishers_surface():
    assert order(story("usual", 1, share=0.5), story("rare", 1, share=0.001)) == ["rare", "usual"]


def test_a_section_and_a_place_stand_twice_at_most_while_others_are_left():
    sport = [story(f"s{at}", 8, "sports", "vl") for at in range(5)]
    others = [story(f"o{at}", 2, f"section {at}", f"place {at}") for at in range(6)]

    chosen = order(*sport, *others)

    assert len(chosen) == EIGHT
    assert sum(name.startswith("s") for name in chosen) == MOST_OF_A_KIND


def test_what_fills_the_eight_stands_by_its_weight():
    sport = [story(f"s{at}", 8, "sports") for at in range(3)]

    assert order(*sport, story("other", 2, "world")) == ["s0", "s1", "s2", "other"]


def test_eight_are_filled_even_of_one_section():
    assert len(order(*(story(f"s{at}", 3, "sports") for at in range(12)))) == EIGHT


def test_why_here_names_the_weightiest_terms_first():
    terms = told(terms_of(story("a", 6, copies=3), 2.0, 10))

    assert terms
    assert terms == sorted(terms, key=lambda term: -term.value * term.worth)


@given(st.permutations([story(f"s{at}", at % 5 + 1, f"section {at % 3}", f"place {at % 4}") for at in range(12)]))
def test_the_order_of_the_candidates_changes_nothing(candidates):
    assert order(*candidates) == order(*sorted(candidates, key=lambda each: each.story))
