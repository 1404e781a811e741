"""Shared texts among invented articles: what is one text is found, what only borrows from another is not."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.core.folding.copies import Copies, CopyDecision
from octavo.core.types import Article

PARAGRAPH_SENTENCES = 4


def sentences(seed: int, count: int, language: str = "en") -> list[str]:
    """Sentences of an invented language, no two alike; the same for the same seed."""
    chance = random.Random(seed)
    letters = ("bdfgklmnprst", "aeiou") if language == "en" else ("بتجدرسشعفقكلمنه", "اوي")
    common = (
        ["the", "of", "and", "to", "in", "said", "for", "that"]
        if language == "en"
        else ["في", "من", "على", "أن", "قال"]
    )

    def word() -> str:
        if chance.random() < 0.35:
            return chance.choice(common)
        return "".join(chance.choice(letters[k % 2]) for k in range(chance.randint(4, 9)))

    return [" ".join(word() for _ in range(chance.randint(12, 22))).capitalize() + "." for _ in range(count)]


def paragraphs(of: Sequence[str]) -> str:
    return "\n\n".join(" ".join(of[k : k + PARAGRAPH_SENTENCES]) for k in range(0, len(of), PARAGRAPH_SENTENCES))


def article(name: str, text: str | Sequence[str], title: str = "", source: str = "") -> Article:
    """An article of a publisher of its own; its title is taken from its text unless told."""
    whole = text if isinstance(text, str) else paragraphs(text)
    return Article(name, title or whole[:60], whole, None, source or f"{name} press")


def decided(*articles: Article) -> dict[str, CopyDecision]:
    copies = Copies(window=500)
    return {one.id: copies.arrive(one) for one in articles}


WIRE = sentences(1, 24)
OTHER = sentences(2, 24)


def test_a_wire_text_under_another_headline_is_told_under_the_earliest() -> None:
    first = article("first", WIRE, "Ferry runs aground off Gannet Head")
    again = article("again", "GANNET HEAD (Reuters) - " + paragraphs(WIRE), "Passengers brought ashore by lifeboats")
    third = article("third", WIRE, "What became of the ferry")
    told = decided(first, article("other", OTHER), again, third)
    assert [told[name].copy_of for name in ("first", "other", "again", "third")] == [None, None, "first", "first"]
    assert told["again"].agency == "Reuters"
    assert told["third"].shared == 1.0


@pytest.mark.parametrize("kept", [24, 12, 6, 4])
def test_an_abridged_text_is_a_copy_and_tells_what_was_cut(kept: int) -> None:
    told = decided(article("whole", WIRE), article("short", WIRE[:kept]))["short"]
    assert told.copy_of == "whole"
    assert not told.added
    text = paragraphs(WIRE)
    assert sum(end - start for start, end in told.cut) >= 0.95 * (len(text) - len(paragraphs(WIRE[:kept])))


def test_the_whole_text_after_its_abridgement_stands_under_what_came_first() -> None:
    assert decided(article("short", WIRE[:8]), article("whole", WIRE))["whole"].copy_of == "short"


def test_an_update_with_a_correction_tells_exactly_what_is_new() -> None:
    before = [*WIRE[:3], "Twelve people were hurt, the harbour master said on Monday evening.", *WIRE[3:]]
    after = [*WIRE[:3], "Fourteen people were hurt, the harbour master said on Monday evening.", *WIRE[3:], OTHER[0]]
    update = article("update", after, source="Harbour Post")
    told = decided(article("report", before, source="Harbour Post"), update)["update"]
    assert told.copy_of == "report"
    assert [update.text[start:end] for start, end in told.added] == ["Fourteen", OTHER[0].rstrip(".")]
    assert [paragraphs(before)[start:end].strip() for start, end in told.cut] == ["Twelve"]


def test_a_text_with_its_paragraphs_in_another_order_is_a_copy() -> None:
    turned = [*WIRE[16:], *WIRE[8:16], *WIRE[:8]]
    told = decided(article("one", WIRE), article("turned", turned))["turned"]
    assert told.copy_of == "one"
    assert told.shared > 0.95


def test_a_text_with_one_word_in_six_changed_is_a_copy() -> None:
    chance = random.Random(3)
    words = paragraphs(WIRE).split(" ")
    changed = [word if chance.random() > 1 / 6 else f"x{word}" for word in words]
    assert decided(article("one", WIRE), article("changed", " ".join(changed)))["changed"].copy_of == "one"


def test_two_texts_that_borrow_background_are_no_copies() -> None:
    background = sentences(4, 8)
    one = article("one", [*WIRE[:16], *background])
    other = article("other", [*OTHER[:16], *background])
    told = decided(one, other)["other"]
    assert told.copy_of is None
    assert told.nearest == "one"
    assert told.shared == pytest.approx(1 / 3, abs=0.1)


def test_a_short_report_that_is_half_background_is_no_copy() -> None:
    followup = article("followup", [*OTHER[:6], *WIRE[10:16]])
    assert decided(article("long", WIRE), followup)["followup"].copy_of is None


def test_what_stands_on_all_pages_of_a_publisher_makes_no_copies() -> None:
    footer = " ".join(sentences(5, 6))
    pages = [article(f"page{k}", [*sentences(100 + k, 4), footer], source="Radio Vale") for k in range(12)]
    assert all(one.copy_of is None for one in decided(*pages).values())


def test_what_stands_on_a_syndicates_pages_makes_no_copies_of_short_texts() -> None:
    footer = " ".join(sentences(6, 5))
    pages = [article(f"page{k}", [*sentences(200 + k, 2), footer]) for k in range(12)]
    assert all(one.copy_of is None for one in decided(*pages).values())


def test_a_notice_in_the_place_of_texts_makes_no_copies() -> None:
    notice = "This article is for subscribers only. " + " ".join(sentences(7, 3))
    pages = [article(f"page{k}", notice, f"{sentences(300 + k, 1)[0]}", "The Tarrin Ledger") for k in range(5)]
    assert all(one.copy_of is None for one in decided(*pages).values())


def test_boilerplate_does_not_keep_a_copy_from_being_found() -> None:
    footer = " ".join(sentences(5, 6))
    pages = [article(f"page{k}", [*sentences(100 + k, 12), footer], source="Radio Vale") for k in range(6)]
    again = article("again", [*sentences(103, 12), footer])
    assert decided(*pages, again)["again"].copy_of == "page3"


def test_headlines_and_common_phrases_make_no_copies() -> None:
    heads = [article(f"head{k}", "", "Live updates: what we know so far about the storm") for k in range(3)]
    briefs = [article(f"brief{k}", f"{name} has died at the age of 84, the family said in a statement on Monday.")
              for k, name in enumerate(("Ada Merrin", "Tobin Sall", "Ines Vark"))]  # fmt: skip
    assert all(one.copy_of is None for one in decided(*heads, *briefs).values())


def test_one_text_in_a_digest_of_many_is_no_copy_of_it_and_joins_nothing() -> None:
    items = [sentences(400 + k, 5) for k in range(8)]
    digest = article("digest", [line for item in items for line in item], "The evening in eight reports")
    told = decided(*(article(f"item{k}", item) for k, item in enumerate(items)), digest, article("late", items[4]))
    assert told["digest"].copy_of is None
    assert not told["digest"].joined
    assert told["late"].copy_of == "item4"


def test_pages_from_one_mould_at_one_publisher_are_no_copies() -> None:
    chance = random.Random(8)
    mould = " ".join(sentences(9, 16)).split(" ")

    def filled(k: int) -> Article:
        words = [word if place % 4 else f"n{chance.randint(0, 9999)}" for place, word in enumerate(mould)]
        return article(f"results{k}", " ".join(words), f"Results of company {k}", "Ledger Wire")

    assert all(one.copy_of is None for one in decided(*(filled(k) for k in range(6))).values())


def test_arabic_texts_are_compared_as_others_are() -> None:
    text, other = sentences(10, 16, "ar"), sentences(11, 16, "ar")
    wire = article("wire", "الخرطوم (رويترز) - " + paragraphs(text))
    # Short vowels are written by one publisher and left out by the other.
    pointed = article("pointed", paragraphs(text).replace("قال", "قَالَ"))
    borrowed = article("borrowed", [*other, *text[8:11]])
    told = decided(wire, pointed, borrowed, article("short", text[:6]))
    assert told["wire"].agency == "Reuters"
    assert [told[name].copy_of for name in ("pointed", "borrowed", "short")] == ["wire", None, "wire"]


def test_a_text_that_holds_two_earlier_parts_shows_that_they_are_one() -> None:
    copies = Copies(window=50)
    for one in (article("head", WIRE[:16]), article("again", [*WIRE[:4], *WIRE[16:]])):
        copies.arrive(one)
    whole = copies.arrive(article("whole", WIRE))
    assert whole.copy_of == "head"
    assert copies.group_of("again") == copies.group_of("whole") == "head"


def test_spans_are_few_whatever_was_changed() -> None:
    words = paragraphs(WIRE * 3).split(" ")
    changed = [word if k % 9 else f"x{word}" for k, word in enumerate(words)]
    told = decided(article("one", " ".join(words)), article("changed", " ".join(changed)))["changed"]
    assert told.copy_of == "one"
    assert 0 < len(told.added) <= 32
    assert list(told.added) == sorted(told.added)


def test_an_id_that_is_here_is_refused_and_nothing_changes() -> None:
    copies = Copies(window=10)
    copies.arrive(article("one", WIRE))
    with pytest.raises(ValueError, match="already here"):
        copies.arrive(article("one", OTHER))
    assert copies.arrive(article("two", WIRE)).copy_of == "one"


def test_a_group_outlives_its_first_text_and_ends_with_its_last() -> None:
    copies = Copies(window=3)
    stream = [
        article("first", WIRE),
        article("second", WIRE),
        *(article(f"o{k}", sentences(500 + k, 12)) for k in range(2)),
    ]
    for one in stream:
        copies.arrive(one)
    assert copies.arrive(article("third", WIRE)).copy_of == "first"
    for k in range(4):
        copies.arrive(article(f"p{k}", sentences(600 + k, 12)))
    assert copies.arrive(article("fourth", WIRE)).copy_of is None


# ---------------------------------------------------------------- properties


TEXTS = {k: sentences(700 + k, 20) for k in range(4)}


def edited(which: int, edit: str, seed: int) -> list[str]:
    """One of four texts, edited so that every two versions of it share their beginning and more than half of the shorter."""
    whole = list(TEXTS[which])
    if edit == "abridged":
        return whole[:12]
    if edit == "updated":
        return [*whole[:10], *sentences(800 + seed, 3), *whole[10:]]
    if edit == "framed":
        return [*whole, *sentences(900 + seed, 1)]
    return whole


streams = st.lists(
    st.tuples(st.sampled_from(sorted(TEXTS)), st.sampled_from(["exact", "abridged", "updated", "framed"])),
    min_size=2,
    max_size=14,
)


def made(stream: Iterable[tuple[int, str]]) -> list[tuple[int, Article]]:
    return [(which, article(f"a{k}", edited(which, edit, k))) for k, (which, edit) in enumerate(stream)]


@settings(max_examples=40, deadline=None)
@given(streams, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing_but_who_is_first(
    stream: list[tuple[int, str]], chance: random.Random
) -> None:
    articles = made(stream)
    chance.shuffle(articles)
    copies = Copies(window=50)
    groups = defaultdict(set)
    for which, one in articles:
        told = copies.arrive(one)
        groups[which].add(told.copy_of or one.id)
    firsts = {which: next(one.id for its, one in articles if its == which) for which in groups}
    assert {which: {first} for which, first in firsts.items()} == dict(groups)


@settings(max_examples=25, deadline=None)
@given(streams, st.data())
def test_one_that_is_taken_up_again_decides_as_the_one_that_went_on(
    stream: list[tuple[int, str]], data: st.DataObject
) -> None:
    articles = [one for _, one in made(stream)]
    cut = data.draw(st.integers(0, len(articles)))
    went_on = Copies(window=5)
    told = [went_on.arrive(one) for one in articles[:cut]]
    taken_up = Copies.load(went_on.dump(), window=5)
    placed = Copies(window=5)
    for one, decision in zip(articles, told, strict=False):
        placed.place(one, decision)
    for one in articles[cut:]:
        said = went_on.arrive(one)
        assert taken_up.arrive(one) == said
        assert placed.arrive(one) == said


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=8))
def test_any_text_is_taken(texts: list[str]) -> None:
    copies = Copies(window=4)
    for k, text in enumerate([*texts, *texts]):
        told = copies.arrive(Article(f"a{k}", text[:30], text))
        assert 0.0 <= told.shared <= 1.0
        assert all(0 <= start < end <= len(text) for start, end in told.added)
