"""Views tell what all, some or one of a story's publishers say, and never that a text lacks what it says in other words."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from octavo.core.telling.framing import Source
from octavo.core.telling.retelling import compare, opening_clause, read_texts
from octavo.core.telling.statements import Stand, Statement
from octavo.core.telling.views import Report, Views, views
from octavo.core.types import Article

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
POST = (
    "The ferry Merrow ran aground off Port Sennet at dawn on Friday with 84 passengers on board. "
    "Captain Ida Quill had reported thick fog an hour earlier. "
    "The operator, Strait Lines, withdrew two other ferries from service until the hull has been examined. "
    "A survey of the hull in March had listed eleven faults, said inspector Corin Vasey of the harbour office."
)
RADIO = (
    "With 84 passengers on board, the ferry Merrow ran aground off Port Sennet on Friday at dawn. "
    "Nobody was hurt, and the passengers were taken off by pilot boats. "
    "Strait Lines, the operator, withdrew two other ferries from service until the hull has been examined."
)
LAMP = (
    "The ferry Merrow ran aground off Port Sennet at dawn on Friday, with 84 passengers on board. "
    "Baker Lucas Amberly carried 300 loaves down to the quay for the passengers of the ferry."
)


def report(text: str, name: str, language: str = "en", title: str = "", **facts: str) -> Report:
    article = Article(name, title, text, NOON, language=language)
    return Report(article, Source(name, **{"country": "XA", "language": language, **facts}))


def seen(*reports: Report) -> Views:
    (found,) = views(reports)
    return found


def told(found: Views, reports: tuple[Report, ...], statements: tuple[Statement, ...]) -> list[str]:
    articles = [reports[at].article for at in found.reports]
    return [articles[one.shown.text].text[one.shown.start : one.shown.end] for one in statements]


REPORTS = report(POST, "Post"), report(RADIO, "Radio"), report(LAMP, "Lamp")


def test_what_all_report_is_told_by_one_sentence_and_the_place_with_each():
    found = seen(*REPORTS)
    assert len(found.all) == 1
    assert "ran aground off Port Sennet" in told(found, REPORTS, found.all)[0]
    assert found.all[0].stands == (Stand.HAS,) * 3
    assert sorted(place.text for place in found.all[0].places) == [0, 1, 2]


def test_what_some_report_says_who_has_nothing_of_it():
    found = seen(*REPORTS)
    sentences = told(found, REPORTS, found.some)
    (at,) = [at for at, sentence in enumerate(sentences) if "withdrew two other ferries" in sentence]
    assert found.some[at].stands == (Stand.HAS, Stand.HAS, Stand.LACKS)


def test_what_one_reports_has_names_or_numbers_of_its_own():
    found = seen(*REPORTS)
    own = dict(zip(told(found, REPORTS, found.alone), (one.own for one in found.alone), strict=True))
    (bread,) = [facts for sentence, facts in own.items() if "loaves" in sentence]
    assert bread[0] == "300"
    assert "Amberly" in bread[1]
    assert not any("aground" in sentence for sentence in own)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("with 84 passengers on board", "with 48 passengers on board"),
        ("ran aground", "never ran aground"),
        ("off Port Sennet", "off Carrick Bar"),
        ("on Friday", "on Monday"),
    ],
)
def test_another_number_name_day_or_a_denial_is_another_statement(one: str, other: str):
    text = LAMP.replace(one, other)
    assert text != LAMP
    reports = report(POST, "Post"), report(text, "Lamp")
    for found in views(reports):
        assert not any(one in sentence or other in sentence for sentence in told(found, reports, found.all))


def test_what_is_said_in_other_words_is_in_part_and_never_missing():
    other = (
        "Rocks near Port Sennet stopped the Merrow early on Friday; the ferry had 84 people, all passengers, on board."
    )
    reports = report(POST, "Post"), report(RADIO, "Radio"), report(f"{other} {LAMP.split('. ')[1]}", "Lamp")
    found = seen(*reports)
    aground = next(one for one in (*found.all, *found.some) if "aground" in told(found, reports, (one,))[0])
    assert aground.stands[2] is Stand.PART


def test_a_text_that_has_its_number_does_not_lack_a_statement():
    far = "There were 84 of them, and not one was hurt, as everyone at the quay kept saying until long after noon."
    reports = report(POST, "Post"), report(RADIO, "Radio"), report(far, "Lamp")
    found = seen(*reports)
    numbered = [one for one in found.some if "84" in told(found, reports, (one,))[0]]
    assert all(one.stands[2] is Stand.PART for one in numbered)
    assert any(one.stands[2] is Stand.LACKS for one in found.some if one not in numbered)


def test_what_is_not_whole_lacks_nothing_and_is_nobodys_voice():
    teaser = replace(report(LAMP.split(". ")[1], "Lamp"), is_whole=False)
    found = seen(*REPORTS[:2], teaser)
    assert [voice.source.name for voice in found.voices] == ["Post", "Radio"]


def test_two_texts_of_one_publisher_are_one_voice_and_copies_speak_with_theirs():
    again = report(LAMP, "Post")
    assert views([report(POST, "Post"), again]) == []
    wire = replace(REPORTS[0], others=(Source("Echo"),))
    assert [one.name for one in seen(wire, REPORTS[1]).voices[0].sharing] == ["Echo"]


def test_nothing_is_the_same_across_languages():
    arabic = "جنحت العبارة «مرو» قبالة بورت سينيت فجر يوم الجمعة وعلى متنها 84 راكبا."
    reports = [*REPORTS[:2], report(arabic, "Barid", "ar"), report(f"{arabic} ولم يصب أحد.", "Idhaa", "ar")]
    found = views(reports)
    assert [one.language for one in found] == ["en", "ar"]
    assert found[1].all[0].stands == (Stand.HAS, Stand.HAS)
    assert {found[1].reports[place.text] for place in found[1].all[0].places} == {2, 3}


def test_a_headline_may_tell_what_all_report():
    reports = tuple(
        replace(one, article=replace(one.article, title="Ferry Merrow runs aground off Port Sennet")) for one in REPORTS
    )
    found = seen(*reports)
    assert [one.shown.end > one.shown.start for one in found.all].count(True) >= 1


def test_a_name_of_a_publisher_is_no_fact():
    text = (
        f"{LAMP} One passenger of the ferry kept a diary for Lanternist Weekly and drew the garden of an uncle in it."
    )
    reports = REPORTS[0], REPORTS[1], report(text, "Lamp")
    assert any("Lanternist" in fact for one in seen(*reports).alone for fact in one.own)
    renamed = (*reports[:2], replace(reports[2], source=Source("The Lanternist Weekly")))
    assert not any("Lanternist" in fact for one in seen(*renamed).alone for fact in one.own)


def test_what_stands_in_any_other_text_of_the_story_is_not_missing_and_not_told_by_one_alone():
    live = Article(
        "live", "", "11:40 Strait Lines has withdrawn two other ferries until their hull is examined. Loaves: 300."
    )
    found = views(REPORTS, [("Lamp", live)])[0]
    (withdrew,) = [one for one in found.some if "withdrew" in told(found, REPORTS, (one,))[0]]
    assert withdrew.stands[2] is Stand.PART
    found = views(REPORTS, [("Echo", live)])[0]
    assert not any("300" in one.own for one in found.alone)


def test_only_a_clause_that_adds_is_left_off():
    sentence = "The ferry Merrow ran aground off Port Sennet after its captain had reported fog."
    assert sentence[: opening_clause(sentence, "en")] == "The ferry Merrow ran aground off Port Sennet"
    assert opening_clause("The ferry Merrow will run aground off Port Sennet if nobody sees the light.", "en") == 0
    assert opening_clause("Leaving the harbour of Port Sennet in the early hours, as always, she sank.", "en") == 0


def test_nothing_and_hostile_texts_are_taken():
    assert views([]) == []
    assert views([report("", "Post"), report("", "Radio")]) == []
    heap = "Ferry Merrow " * 4000
    assert views([report(heap, "Post"), report(heap + "(" * 3000, "Radio")]) is not None
    assert compare(read_texts([Article("1", "", "", NOON)])).shares.shape == (0, 1)


@pytest.mark.parametrize(
    "heap", ["AB CD EF GH ", "Ferry Merrow ran aground ", "12 34 million 56 ", "A. ", "港口议会投票。"]
)
def test_a_heap_of_words_takes_no_time(heap: str):
    reports = [report((heap * 30_000)[:29_000] + str(at), f"Paper {at}") for at in range(4)]
    began = time.process_time()
    views(reports)
    assert time.process_time() - began < 8
    began = time.process_time()
    assert views([report(heap * 100_000, "Post"), report(heap * 100_000, "Radio")]) == []
    assert time.process_time() - began < 8
