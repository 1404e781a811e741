"""Groups of publishers are told apart by words and speakers that several of their texts have, or not at all."""

from __future__ import annotations

from octavo.core.telling.framing import Group, Source, groups
from octavo.core.types import Article

COMMON = (
    "The council of Velmara voted on the new toll for the harbour. The toll is to pay for the repair of the old pier. "
)
FARE = "Passengers will carry the burden of the toll. The burden falls on passengers who cross each day. "
SHIP = "Shippers called the toll a chance for investment. Such investment brings work. Investment was overdue. "


def text(number: int, country: str, words: str, speaker: str = "", publisher: str = "") -> tuple[Source, Article]:
    said = f"“The vote came far too late for all of us,” said {speaker} on the quay." if speaker else ""
    article = Article(str(number), "", COMMON + words + said, language="en")
    return Source(publisher or f"Paper {number}", country, "en"), article


def named(found: list[Group]) -> dict[str, Group]:
    return {one.name: one for one in found}


def test_words_that_set_a_countrys_publishers_apart():
    found = named(groups([text(n, "XA", FARE) for n in range(3)] + [text(n, "XB", SHIP) for n in range(3, 6)]))
    assert "burden" in found["XA"].words
    assert "investment" in found["XB"].words
    assert not {"toll", "council", "velmara"} & {word.lower() for one in found.values() for word in one.words}


def test_one_text_speaks_for_no_group():
    others = [text(n, "XB", "") for n in range(4, 7)]
    assert groups([text(1, "XA", FARE * 4), text(2, "XA", ""), text(3, "XA", ""), *others]) == []
    assert groups([text(n, "XA", FARE, publisher="Post") for n in range(3)] + others) == []


def test_a_speaker_is_told_once_with_the_smallest_group():
    owned = [(Source(f"Paper {n}", "XA", "en", "Quay Group"), text(n, "XA", "", "Maren Oldt")[1]) for n in range(2)]
    others = [(Source(f"Paper {n}", "XB", "en", "Other"), text(n, "XB", "")[1]) for n in range(2, 5)]
    more = [(Source("Paper 9", "XA", "en", "Other"), text(9, "XA", "")[1])]
    assert [(one.by, one.speakers) for one in groups(owned + others + more)] == [("owner", (("Maren Oldt", 2),))]


def test_who_is_quoted_by_one_group_alone():
    texts = [text(n, "XA", "", "Maren Oldt") for n in range(2)] + [
        text(n, "XB", "", "Corin Vasey") for n in range(2, 4)
    ]
    found = named(groups(texts))
    assert found["XA"].speakers == (("Maren Oldt", 2),)
    assert found["XB"].speakers == (("Corin Vasey", 2),)
    both = [text(n, "XA" if n < 2 else "XB", "", "Maren Oldt") for n in range(4)]
    assert groups(both) == []


def test_without_facts_there_are_no_groups():
    assert groups([text(n, "", FARE if n < 2 else SHIP) for n in range(4)]) == []
