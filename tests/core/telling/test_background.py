"""Background is what earlier articles say of the same people and places, in whole sentences that repeat nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from octavo.core.telling.background import Line, background, subjects
from octavo.core.types import Article

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = Article(
    "today",
    "Maren Oldt closes the ferry line of Velmara",
    "Harbour master Maren Oldt closed the ferry line to Anuva on Thursday. The northern pier of Velmara had cracked again. "
    "Oldt said that the council of Velmara would meet. Nobody was hurt at the northern pier.",
    NOW,
    language="en",
)


def earlier(text: str, title: str = "A ferry line for Velmara", days: float = 9) -> Article:
    return Article(title, title, text, NOW - timedelta(days=days), language="en")


def told(*texts: Article, today: Article = TODAY) -> list[str]:
    lines = background(today, subjects(today), texts)
    return [texts[line.text].text[line.start : line.end] for line in lines]


def test_names_are_told_in_full_and_publishers_are_no_subject():
    found = [subject.name for subject in subjects(TODAY)]
    assert found[0] == "Maren Oldt"
    assert "Oldt" not in found
    assert "Maren Oldt" not in [subject.name for subject in subjects(TODAY, without={"Maren Oldt"})]


def test_a_sentence_says_who_somebody_is():
    who = "Maren Oldt, who keeps the harbour of Velmara, was born on Anuva and learned the trade from her aunt."
    assert told(earlier(f"The ferry line was late for the third time this winter. {who}")) == [who]


def test_a_pronoun_before_the_name_and_a_last_name_alone_tell_nothing():
    assert (
        told(earlier("When she came home, Maren Oldt, the harbour master, found the ferry line in a bad state.")) == []
    )
    assert told(earlier("Oldt, who keeps the harbour of Velmara, was born on Anuva beside the ferry line.")) == []


def test_another_of_the_same_name_is_left_alone():
    assert told(earlier("Maren Oldt, a chess player, was beaten in the final by a boy of nine.", "Chess final")) == []


def test_what_the_article_says_itself_is_no_background():
    assert told(earlier("Harbour master Maren Oldt closed the ferry line to Anuva.")) == []


def test_a_dateline_is_no_part_of_a_line():
    found = told(earlier("VELMARA (Meridian Wire) – Maren Oldt asked for a second pier of the ferry line in 2019."))
    assert found == ["Maren Oldt asked for a second pier of the ferry line in 2019."]


def test_a_name_gets_its_newest_development_and_one_description_the_newest_first():
    new = earlier("Maren Oldt warned the council that the ferry line would not outlast the winter.", days=2)
    old = earlier("Maren Oldt proposed a toll on the ferry line to pay for the repairs of its boats.", days=300)
    who = earlier("Maren Oldt is the first woman who runs the harbour and its ferry line to the islands.", days=30)
    assert told(old, who, new) == [new.text, who.text]


def test_at_most_five_lines_and_none_twice():
    same = "Maren Oldt warned the council that the ferry line of Velmara would not outlast the winter."
    assert told(earlier(same), earlier(same, days=3)) == [same]
    texts = [
        earlier(f"Maren Oldt {verb} the ferry line of Velmara with number {n}.") for n, verb in enumerate("abcdefgh")
    ]
    assert len(told(*texts)) <= 5


def test_names_in_arabic_are_pairs_that_recur():
    today = Article(
        "1",
        "سارة الحلبي تغلق خط العبارات في فيلمارا",
        "أغلقت سارة الحلبي خط العبارات يوم الخميس بعد تصدع الرصيف. وقالت سارة الحلبي إن المجلس سيجتمع.",
        NOW,
        language="ar",
    )
    before = Article(
        "2",
        "رصيف جديد",
        "طلبت سارة الحلبي مديرة ميناء فيلمارا القديم تمويلا لإصلاح خط العبارات قبل حلول الشتاء المقبل.",
        NOW - timedelta(days=3),
        language="ar",
    )
    assert "سارة الحلبي" in [subject.name for subject in subjects(today)]
    lines = background(today, subjects(today), [before])
    assert lines == [Line(0, 0, len(before.text), "سارة الحلبي")]


def test_an_article_without_names_has_no_background():
    assert subjects(Article("1", "", "", NOW)) == []
    assert told(earlier(TODAY.text), today=Article("1", "rain", "it rained all day and nobody went out.", NOW)) == []
