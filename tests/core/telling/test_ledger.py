"""A quote that several articles print is one entry with its wordings."""

from __future__ import annotations

import time

from octavo.core.telling.ledger import Printed, Relation, differences, is_named, ledger
from octavo.core.telling.quotes import Quote


def printed(article: str, text: str, speaker: str = "Ada Corrin", kind: str = "direct") -> Printed:
    return Printed(article, Quote(0, len(text), text, kind, speaker, None, None))


FULL = '"The gate will be hung on Friday if the wind allows it,"'
PART = '"will be hung on Friday"'
ALTERED = '"The gate will be hung on Monday if the wind allows it,"'


def test_one_quote_across_articles_is_one_entry_with_its_parts_and_alterations() -> None:
    (entry,) = ledger(
        [printed("a", PART), printed("b", FULL), printed("c", ALTERED), printed("d", FULL.replace('"', "”"))]
    )
    assert [(v.relation, v.text, [p.article for p in v.printed]) for v in entry.variants] == [
        (Relation.FULLEST, "The gate will be hung on Friday if the wind allows it", ["b", "d"]),
        (Relation.PART, "will be hung on Friday", ["a"]),
        (Relation.DIFFERS, "The gate will be hung on Monday if the wind allows it", ["c"]),
    ]
    assert entry.articles == 4


def test_other_words_are_another_entry_and_the_most_printed_comes_first() -> None:
    other = '"Nobody asked the millers what they think of that,"'
    entries = ledger([printed("a", other), printed("a", FULL), printed("b", FULL)])
    assert [entry.variants[0].text[:6] for entry in entries] == ["The ga", "Nobody"]


def test_two_speakers_of_one_quote_are_both_named() -> None:
    (entry,) = ledger([printed("a", FULL), printed("b", FULL), printed("c", FULL, speaker="Rowan Tell")])
    assert entry.speakers == ("Ada Corrin", "Rowan Tell")


def test_short_quotes_are_one_only_of_one_speaker() -> None:
    short = '"a quiet year"'
    entries = ledger([printed("a", short), printed("b", short), printed("c", short, speaker="Rowan Tell")])
    assert [entry.articles for entry in entries] == [2, 1]


def test_of_a_mixed_quote_only_the_marked_words_count_and_of_an_indirect_one_none() -> None:
    mixed = 'the gate "will be hung on Friday if the wind allows it"'
    (entry,) = ledger([printed("a", FULL), printed("b", mixed, kind="mixed"), printed("c", FULL, kind="indirect")])
    assert entry.articles == 2


def test_a_phrase_that_all_quotes_share_costs_no_square() -> None:
    def seconds(count: int) -> float:
        many = [printed(str(n), f'"it is what it is and {n} is the number of my {n} mill {n}"') for n in range(count)]
        began = time.process_time()
        ledger(many)
        return time.process_time() - began

    seconds(50)
    assert seconds(4_000) < 40 * max(seconds(400), 0.005)


def test_the_words_in_which_a_wording_differs_are_found() -> None:
    text, fullest = "We shall not wait for the report", "We will not wait for a report to fix this"
    assert [text[start:end] for start, end in differences(text, fullest)] == ["shall", "the"]
    assert differences(fullest, fullest) == []


def test_only_who_can_be_known_again_is_named() -> None:
    named = ["Petra Hollis", "the Rovers' coach", "President", "المدعية العامة ريناتا فيل"]
    assert [
        name
        for name in [*named, "she", "He", "says", "The second reads", "one of them", "عبر الهاتف", "بيل"]
        if is_named(name)
    ] == named
