"""The desk on invented news: what is one event comes together, what only looks alike stays apart."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from octavo.core.folding.copies import CopyDecision
from octavo.core.folding.desk import Desk
from octavo.core.folding.views import look
from octavo.core.types import Article
from tests.core.folding.news import filled, press, report


@cache
def told_desk() -> Desk:
    """A desk that has read the whole demo press, by words alone, and has repaired."""
    desk = Desk()
    for article, _ in press():
        desk.arrive(article)
    desk.repair(whole_window=True)
    return desk


def stories_of(story: str) -> Counter[str]:
    """How the articles of an event are spread over the desk's stories."""
    return Counter(told_desk().story_of(article.id) for article, event in press() if event == story)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kardesh-quake", "taliu-quake"),
        ("velmara-rate", "tarrin-rate"),
        ("sefara-resignation", "pell-resignation"),
        ("pell-resignation", "saint-orla-ferry"),
    ],
)
def test_two_events_of_one_type_in_one_week_stay_apart(one: str, other: str) -> None:
    (main, its), (other_main, others) = (stories_of(story).most_common(1)[0] for story in (one, other))
    assert main != other_main
    assert its >= 0.6 * stories_of(one).total()
    assert others >= 0.6 * stories_of(other).total()


def test_a_corrected_toll_stays_in_its_story() -> None:
    desk = told_desk()
    corrected = "meridian-wire/ferry-toll-corrected-to-fourteen"
    assert desk.story_of(corrected) == desk.story_of("meridian-wire/ferry-toll-fifteen-dead")
    assert desk.story_of(corrected) == desk.story_of("meridian-wire/ferry-capsizes-off-gannet-head")


LOCKS = (
    report("a", "Canal traffic stops after lock gate fails at Wendover",
           "Barges are queuing on the Wendover canal after a gate of lock seven broke from its hinges before dawn. Nobody "
           "was hurt, the Wendover Canal Trust said. Engineer Petra Hollis said the repair would take four days."),
    report("b", "Four days without barges", "A steel gate of lock seven at Wendover has come off its hinges. Petra Hollis of the "
           "Wendover Canal Trust expects to reopen on Friday; until then forty barges lie still."),
    report("c", "Hinge had been marked for replacement", "The hinge that broke at lock seven in Wendover was marked for "
           "replacement two years ago, papers of the Wendover Canal Trust show. Petra Hollis called that regrettable."),
    report("d", "Millers fear for their flour", "Millers along the Wendover canal say that forty barges of grain are stuck "
           "since the gate of lock seven failed. The Canal Trust promised lorries."),
    report("e", "Skipper tells of a bang like a cannon", "Skipper Oren Pask was below lock seven at Wendover when the gate "
           "broke from its hinges. 'It went like a cannon,' he said while the Canal Trust's engineers looked on."),
    report("f", "Minister visits broken lock", "The transport minister looked at lock seven in Wendover, where a gate "
           "failed and forty barges wait, and thanked Petra Hollis of the Canal Trust."),
)  # fmt: skip


def test_six_headlines_of_low_overlap_on_one_event_come_together() -> None:
    desk = filled()
    for article in LOCKS:
        desk.arrive(article)
    desk.repair(whole_window=True)
    assert Counter(desk.story_of(article.id) for article in LOCKS).most_common(1)[0][1] >= 5


LONE = (
    report("p", "Ostrava county plants a million oaks", "Foresters in Lenmark have begun to plant a million oaks on burnt "
           "slopes above Tesk. The seedlings come from a nursery that was flooded last year."),
    report("q", "Lenmark's champion swimmer changes coach", "Ilka Brandt, who won two medals for Lenmark, will train with a "
           "new coach in the capital. Her old one retires to his garden."),
    report("r", "Bakers of Lenmark raise the price of rolls", "A roll costs five cents more in Lenmark from today. The guild of "
           "bakers blames butter, and the consumer council blames the guild."),
    report("s", "Lenmark court frees man after nine years", "A court in Lenmark has freed Jonas Weil, who spent nine years in "
           "prison for a robbery. A camera that nobody had asked for showed another face."),
    report("t", "Night trains return to Lenmark's north coast", "The railway of Lenmark will run sleepers to the north coast "
           "again after eleven years. The first leaves in June with six sleeping cars."),
)  # fmt: skip


def test_five_unrelated_stories_that_share_a_country_and_a_day_stay_apart() -> None:
    desk = filled()
    for article in LONE:
        desk.arrive(article)
    desk.repair(whole_window=True)
    assert len({desk.story_of(article.id) for article in LONE}) == 5


def test_a_follow_up_two_days_later_joins_or_is_told_as_earlier() -> None:
    desk = filled()
    for article in LOCKS:
        desk.arrive(article)
    desk.repair(whole_window=True)
    story = desk.story_of("a")
    later = report("z", "Lock seven at Wendover reopens", "The first of forty barges passed lock seven at Wendover this "
                   "morning, after engineer Petra Hollis of the Wendover Canal Trust had hung a new gate.", hours=48)  # fmt: skip
    decision = desk.arrive(later)
    assert decision.story == story or story in decision.earlier


@pytest.mark.parametrize(
    "title",
    ["Your horoscope for Friday", "Weather forecast for today: rain over Wendover", "What's on this weekend", "The morning briefing",
     "Snow and avalanche bulletin for the canal hills"],
)  # fmt: skip
def test_pages_of_many_things_stand_alone_and_draw_nobody(title: str) -> None:
    desk = filled()
    for article in LOCKS[:3]:
        desk.arrive(article)
    page = report("page", title, LOCKS[0].text + " " + LOCKS[1].text)
    assert desk.arrive(page).founded
    after = [desk.arrive(article).story for article in LOCKS[3:]]
    desk.repair(whole_window=True)
    assert "page" not in after
    assert desk.articles_of(desk.story_of("page")) == ("page",)


@pytest.mark.parametrize("title", ["", " \n", "…"])
def test_articles_that_say_nothing_stand_alone(title: str) -> None:
    desk = filled(20)
    same = np.full(384, 384**-0.5, np.float32)
    for number in range(4):
        assert desk.arrive(report(f"empty-{number}", title), same).founded
    desk.repair(whole_window=True)
    assert all(desk.articles_of(f"empty-{number}") == (f"empty-{number}",) for number in range(4))


SLIGHT = (
    ("Watch this", ""),
    ("Video", "Watch the video above."),
    ("Photos of the week", "Our best photos."),
    ("Our picks of the day", "This is the best of what we have."),
    ("", "Click here to read more."),
    ("Read more", ""),
    ("Subscribe", "Sign in to continue reading this article."),
    ("More news", "More details soon."),
)


def test_articles_of_a_few_common_words_stand_alone() -> None:
    desk = filled()
    for number, (title, text) in enumerate(SLIGHT):
        assert desk.arrive(report(f"slight-{number}", title, text)).founded
    desk.repair(whole_window=True)
    assert all(desk.articles_of(f"slight-{number}") == (f"slight-{number}",) for number in range(len(SLIGHT)))


def test_a_headline_of_a_few_telling_words_joins() -> None:
    desk = filled()
    for article in LOCKS:
        desk.arrive(article)
    desk.repair(whole_window=True)
    headline = desk.arrive(report("headline", "Wendover lock gate broken"))
    assert headline.story == desk.story_of("a")


def test_the_same_stream_gives_the_same_stories() -> None:
    first, second = Desk(), Desk()
    for article, _ in press()[:80]:
        assert first.arrive(article) == second.arrive(article)
    assert first.repair() == second.repair()
    assert first.stories() == second.stories()


def test_peoples_corrections_outlive_repairs() -> None:
    desk = filled()
    for article in LOCKS:
        desk.arrive(article)
    desk.repair(whole_window=True)
    desk.keep_apart("a", "b")
    assert desk.story_of("a") != desk.story_of("b")
    desk.repair(whole_window=True)
    assert desk.story_of("a") != desk.story_of("b")
    stranger = press()[0][0].id
    desk.keep_together("a", stranger)
    desk.repair(whole_window=True)
    assert desk.story_of("a") == desk.story_of(stranger)
    assert desk.story_of("a") != desk.story_of("b")


def test_a_correction_waits_for_its_articles() -> None:
    desk = filled()
    stranger = press()[0][0].id
    assert desk.keep_together("a", stranger) == []
    assert desk.keep_apart("a", "b") == []
    assert desk.arrive(LOCKS[0]).story == desk.story_of(stranger)
    for article in LOCKS[1:]:
        desk.arrive(article)
    assert desk.story_of("b") != desk.story_of("a")
    desk.repair(whole_window=True)
    assert desk.story_of("a") == desk.story_of(stranger)
    assert desk.story_of("b") != desk.story_of("a")


def test_a_correction_needs_two_articles() -> None:
    with pytest.raises(ValueError, match="two articles"):
        filled(3).keep_apart("a", "a")


def test_a_copy_stands_with_the_text_that_it_shares() -> None:
    desk = filled()
    desk.arrive(LOCKS[0])
    its = press()[0][0]
    stranger = its.id
    decision = desk.arrive(report("cut", "Traffic news", its.text[: len(its.text) // 2]))
    assert decision.copy is not None
    assert decision.copy.copy_of == stranger
    assert decision.story == desk.story_of(stranger)
    desk.repair(whole_window=True)
    assert desk.story_of("cut") == desk.story_of(stranger)
    desk.keep_apart("cut", stranger)
    desk.repair(whole_window=True)
    assert desk.story_of("cut") != desk.story_of(stranger)


def test_a_copy_of_what_has_left_is_placed_by_itself() -> None:
    assert filled().place(look(report("new", "Snow")), copy=CopyDecision("new", "gone", "gone")).founded


def test_a_copy_whose_earliest_text_has_left_stands_with_the_nearest() -> None:
    desk = filled()
    nearest = press()[5][0].id
    decision = CopyDecision("new", "gone", nearest)
    assert desk.place(look(report("new", "Snow")), copy=decision).story == desk.story_of(nearest)


def test_a_replayed_desk_knows_the_texts_that_it_was_given() -> None:
    desk, again = filled(60), Desk()
    for article, _ in press()[:60]:
        again.replay(article, None, desk.story_of(article.id), CopyDecision(article.id))
    copy = report("copy", "Another headline", press()[7][0].text)
    assert again.arrive(copy).copy == desk.arrive(copy).copy


def test_a_repair_keeps_a_storys_name() -> None:
    desk = filled()
    names = {desk.arrive(article).story for article in LOCKS}
    desk.repair(whole_window=True)
    assert desk.story_of("a") in names
    before = desk.stories()
    desk.repair(whole_window=True)
    assert desk.stories() == before


def test_a_story_tells_why() -> None:
    desk = filled()
    for article in LOCKS:
        desk.arrive(article)
    desk.repair(whole_window=True)
    why = desk.explain(desk.story_of("a"))
    assert {"Wendover", "Canal", "Trust"} <= set(why.names)
    assert why.first_day is not None
    assert why.links[0].odds >= why.links[-1].odds
    assert set(why.links[0].names) & {"Wendover", "Hollis", "Petra"}


def test_old_articles_leave_the_window_and_keep_nothing_alive() -> None:
    desk = Desk(window=50)
    for article, _ in press()[:120]:
        desk.arrive(article)
        if len(desk.stories()) > 40:
            desk.repair()
    assert sum(map(len, desk.stories().values())) == 50
    with pytest.raises(KeyError):
        desk.story_of(press()[0][0].id)


def test_an_article_comes_once() -> None:
    desk = Desk()
    desk.arrive(LOCKS[0])
    with pytest.raises(ValueError, match="already"):
        desk.arrive(LOCKS[0])


def test_articles_without_text_title_or_time_are_placed() -> None:
    desk = Desk()
    for name, title, text in (("1", "", ""), ("2", "Harbour opens", ""), ("3", "", "Snow fell."), ("4", "؟", "٣")):
        assert desk.arrive(Article(name, title, text)).story == name


def test_vectors_and_words_stand_side_by_side() -> None:
    desk, rng = filled(), np.random.default_rng(1)
    for place, article in enumerate(LOCKS):
        vector = rng.normal(size=384).astype(np.float32)
        desk.arrive(article, vector / np.linalg.norm(vector) if place % 2 else None)
    desk.repair(whole_window=True)
    assert len({desk.story_of(article.id) for article in LOCKS}) < len(LOCKS)


def test_arabic_texts_on_one_event_come_together() -> None:
    desk = filled()
    texts = (
        "انقلبت العبارة قرب ميناء سنت صباح اليوم ومات اثنا عشر راكبا، وقال خفر السواحل إن البحث عن المفقودين مستمر قرب الميناء.",
        "قال خفر السواحل إن البحث عن مفقودي العبارة التي انقلبت قرب ميناء سنت مستمر، وإن اثني عشر راكبا ماتوا صباح اليوم.",
    )
    for name, text in zip("xy", texts, strict=True):
        desk.arrive(report(name, "انقلاب عبارة قرب ميناء سنت", text, language="ar"))
    desk.repair(whole_window=True)
    assert desk.story_of("x") == desk.story_of("y")
