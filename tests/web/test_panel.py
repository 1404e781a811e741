"""An article's panel as a reader meets it: features in place and as pages, none of them dead; questions; receipts."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.template.loader import get_template
from django.test import Client

from octavo.core.telling.quotes import Quote, quotes
from octavo.services import questions
from octavo.store.models import Article, StoryTelling
from octavo.web import page_cache
from octavo.web.panel import speakers
from octavo.web.views import asking
from tests.web import newsroom
from tests.web.newsroom import make_article, make_story

LONG = " ".join(
    f"The council of Velmara heard witness number {number} speak about the repairs of the northern pier."
    for number in range(14)
)
TEXT = (
    "Twelve people died when the ferry Velmara Star capsized off Gannet Head on Sunday morning, the harbour office said.\n\n"
    "Maren Oldt leads the inquiry into the disaster. “Nobody had closed the doors,” said Maren Oldt.\n\n" + LONG
)
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)> \u202e\u2066 {{ 7 }} ' + "who " * 2000
FEATURE = re.compile(r'<li><a href="([^"]+)"')

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article(text=TEXT)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def offered(client: Client, article: Article) -> list[str]:
    whole = page(client, f"/articles/{article.pk}/")
    panel = re.search(r'<ul class="features">(.*?)</ul>', whole, re.S)
    return FEATURE.findall(panel[1]) if panel else []


def test_every_feature_that_is_offered_is_a_page_and_a_piece(visitor: Client, article: Article) -> None:
    addresses = offered(visitor, article)
    assert [address.split("/")[-2] for address in addresses] == ["summary", "ask", "quotes", "background"]
    for address in addresses:
        assert "<h1>" in page(visitor, address)
        piece = page(visitor, f"{address}?part")
        assert "<html" not in piece
        assert len(piece) > 50
        assert visitor.get(address)["X-Robots-Tag"] == "noindex"


def test_what_cannot_work_is_not_offered(visitor: Client) -> None:
    short = make_article(text="Rain fell on Velmara. Nobody minded much.")
    assert [address.split("/")[-2] for address in offered(visitor, short)] == ["ask", "background"]
    for name in ("summary", "quotes", "timeline", "poem"):
        assert visitor.get(f"/articles/{short.pk}/panel/{name}/").status_code == 404
    unread = make_article(quality="")
    assert offered(visitor, unread) == []
    assert visitor.get(f"/articles/{unread.pk}/ask/").status_code == 404


def test_timeline_and_views_lead_to_the_story_where_it_has_them(visitor: Client, article: Article) -> None:
    story = make_story(article, make_article(text=TEXT))
    StoryTelling.objects.create(story=story, timeline=[], views={})
    assert not any(address.startswith("/stories/") for address in offered(visitor, article))
    StoryTelling.objects.update(timeline=[{"text": "It capsized."}])
    page_cache.shelf.clear()
    assert [address for address in offered(visitor, article) if "#" in address] == [
        f"/stories/{story.pk}/#timeline-title"
    ]
    StoryTelling.objects.update(views={"languages": [{}]})
    page_cache.shelf.clear()
    assert f"/stories/{story.pk}/#views-title" in offered(visitor, article)


def test_quotes_stand_verbatim_under_their_speaker_with_their_place(visitor: Client, article: Article) -> None:
    piece = page(visitor, f"/articles/{article.pk}/panel/quotes/?part")
    found = next(one for one in quotes(TEXT, "en") if one.kind == "direct")
    assert f"/articles/{article.pk}/?p=1.{found.start}-{found.end}#p" in piece
    assert "Maren Oldt</bdi></h3>" in piece
    assert "“Nobody had closed the doors,”" in piece
    assert "word for word" in piece


def test_what_is_retold_is_shown_where_the_text_says_that_somebody_said_it() -> None:
    text = "Maren Oldt said that the doors were open. Jonas Teake sees it and turns the wheel. “Go,” says the mate."
    article = newsroom.make_article(text=text)
    told = [
        ("that the doors were open", "indirect", "Maren Oldt"),
        ("it and turns the wheel", "indirect", "Jonas Teake"),
        ("“Go,”", "direct", "says"),
    ]
    found = [Quote(text.index(it), text.index(it) + len(it), it, kind, name) for it, kind, name in told]
    shown = [(one.name, one.said[0].text) for one in speakers(found, article)]
    assert shown == [("Maren Oldt", "that the doors were open"), ("", "“Go,”")]


def test_the_summary_is_of_the_texts_own_sentences(visitor: Client, article: Article) -> None:
    piece = page(visitor, f"/articles/{article.pk}/panel/summary/?part")
    places = re.findall(r"\?p=1\.(\d+)-(\d+)#p", piece)
    assert 1 <= len(places) <= 3
    assert all(TEXT[int(start) : int(end)] in piece for start, end in places)


def test_a_question_is_answered_with_its_words_marked_or_not_at_all(visitor: Client, article: Article) -> None:
    answered = page(visitor, f"/articles/{article.pk}/ask/?q={quote('Who leads the inquiry?')}")
    assert "<mark>Maren Oldt</mark> leads the inquiry into the disaster." in answered
    nothing = page(visitor, f"/articles/{article.pk}/ask/?q={quote('Who conducts the orchestra?')}")
    assert "Nothing in this text answers this." in nothing
    assert "<mark>" not in nothing
    assert f"/ask/?q={quote('Who conducts the orchestra?')}" in nothing


def test_a_story_is_asked_in_all_its_texts_and_says_who_and_when(visitor: Client, article: Article) -> None:
    other = make_article(text="The ferry had left Port Sennet. The bow doors were made by Halden Works in 1998.")
    story = make_story(article, other)
    answered = page(visitor, f"/stories/{story.pk}/ask/?q={quote('Who made the bow doors?')}")
    assert "<mark>" in answered
    assert other.publisher.name in answered
    assert "<time" in answered
    assert visitor.get("/stories/999999/ask/").status_code == 404


@pytest.mark.parametrize("kind", ["articles", "stories", ""])
def test_hostile_questions_are_cut_escaped_and_kept_private(visitor: Client, article: Article, kind: str) -> None:
    story = make_story(article, make_article(text=TEXT))
    address = {"articles": f"/articles/{article.pk}/ask/", "stories": f"/stories/{story.pk}/ask/", "": "/ask/"}[kind]
    answer = visitor.get(address, {"q": HOSTILE})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "\u202e" not in shown
    assert len(shown) < 20_000
    assert "private" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_questions_are_cut_and_stripped() -> None:
    assert len(questions.clean(HOSTILE)) <= questions.LONGEST_QUESTION
    assert questions.clean("  Who\n\n\u200b leads?\x00 ") == "Who leads?"


def test_an_empty_archive_and_a_question_of_nothing_answer_nothing(visitor: Client, data_folder) -> None:
    for asked in ("What happened?", "Who leads the inquiry?", "???"):
        assert "Nothing in your sources answers this." in page(visitor, f"/ask/?q={quote(asked)}")
    assert "Nothing in your sources" not in page(visitor, "/ask/")


def test_a_search_that_is_a_question_can_be_asked(visitor: Client, data_folder) -> None:
    assert f"/ask/?q={quote('Who leads the inquiry?')}" in page(
        visitor, f"/search/?q={quote('Who leads the inquiry?')}"
    )
    assert 'href="/ask/?q=' not in page(visitor, "/search/?q=harbour+strike")


def test_a_receipt_shows_its_passage_among_its_neighbours(visitor: Client, article: Article) -> None:
    said = "Maren Oldt leads the inquiry into the disaster."
    start = TEXT.index(said)
    answer = visitor.get(f"/passages/{article.pk}/1.{start}-{start + len(said)}/")
    piece = answer.content.decode()
    assert f"<mark>{said}</mark> “Nobody had closed the doors,” said Maren Oldt.</blockquote>" in piece
    assert article.publisher.name in piece
    assert f'href="/articles/{article.pk}/?p=1.{start}-{start + len(said)}#p"' in piece
    assert answer["Cache-Control"].startswith("public")


@pytest.mark.parametrize("place", ["1.5-5", "1.0-9999999", "2.0-10", "x", "1.5-2", "1.0-5-9"])
def test_a_place_that_is_none_has_no_receipt(visitor: Client, article: Article, place: str) -> None:
    assert visitor.get(f"/passages/{article.pk}/{place}/").status_code == 404
    assert visitor.get(f"/passages/{10**19}/1.0-10/").status_code == 404


def test_a_hostile_text_is_escaped_wherever_it_is_cited(visitor: Client) -> None:
    bad = '<b onclick="x()">The minister & “the crew” said <script>alert(1)</script> the doors were open.</b> '
    article = make_article(text=bad * 12)
    for address in (
        f"/articles/{article.pk}/panel/summary/?part",
        f"/articles/{article.pk}/panel/quotes/?part",
        f"/articles/{article.pk}/ask/?part&q=What+did+the+minister+say+of+the+doors%3F",
        f"/passages/{article.pk}/1.0-90/",
    ):
        piece = page(visitor, address)
        assert "<script" not in piece
        assert "<b onclick" not in piece


def test_features_cost_few_queries_however_much_there_is(
    visitor: Client, article: Article, data_folder, django_assert_max_num_queries
) -> None:
    others = [make_article(text=TEXT) for _ in range(12)]
    story = make_story(article, *others)
    start = TEXT.index("Maren")
    asked = quote("Who leads the inquiry?")
    for address, most in (
        (f"/articles/{article.pk}/panel/summary/?part", 2),
        (f"/articles/{article.pk}/panel/quotes/?part", 2),
        (f"/articles/{article.pk}/panel/background/?part", 5),
        (f"/articles/{article.pk}/ask/?q={asked}", 2),
        (f"/stories/{story.pk}/ask/?q={asked}", 3),
        (f"/ask/?q={asked}", 3),
        (f"/passages/{article.pk}/1.{start}-{start + 20}/", 2),
    ):
        with django_assert_max_num_queries(most):
            page(visitor, address)


def test_the_panel_speaks_arabic(visitor: Client, article: Article) -> None:
    arabic = {"Accept-Language": "ar"}
    whole = visitor.get(f"/articles/{article.pk}/", headers=arabic).content.decode()
    assert "نظرة أقرب" in whole
    assert "لا شيء في مصادرك يجيب عن هذا." in visitor.get("/ask/?q=who+leads+x", headers=arabic).content.decode()


def test_the_press_has_no_dead_feature(visitor: Client) -> None:
    newsroom.fill_from_press()
    for article in Article.objects.exclude(version=None)[::12]:
        for address in offered(visitor, article):
            assert visitor.get(address.partition("#")[0]).status_code == 200, address


def test_a_question_of_many_texts_waits_for_another_and_then_says_so(
    visitor: Client, article: Article, monkeypatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.05)
    with asking.turn():
        answer = visitor.get("/ask/?q=Who+leads+the+inquiry%3F")
        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert "Ask again in a moment." in answer.content.decode()
        assert visitor.get(f"/articles/{article.pk}/ask/?q=Who+leads+the+inquiry%3F").status_code == 200


@pytest.mark.parametrize("part", ["timeline", "views"])
def test_the_places_that_timeline_and_views_lead_to_are_on_the_storys_page(part: str) -> None:
    written = {"timeline": "parts/story_timeline.html", "views": "parts/views.html"}[part]
    assert f'id="{part}-title"' in get_template(written).template.source


def test_a_quote_that_stands_twice_is_told_once(visitor: Client) -> None:
    said = "“The doors were open for nine hours,” said Maren Oldt of the harbour office."
    opening = "The ferry sank off Gannet Head on Sunday."
    twice = make_article(text=f"{opening}\n\n{said} Nobody at Port Sennet knew why.\n\n{said}")
    piece = page(visitor, f"/articles/{twice.pk}/panel/quotes/?part")
    assert piece.count("“The doors were open for nine hours,”") == 1


def test_a_summary_begins_behind_the_dateline(visitor: Client, data_folder) -> None:
    text = (
        "PORT SENNET (Meridian Wire) – The harbour council of Velmara voted on Tuesday to reopen the old ferry line.\n\n"
        "The ferry line will carry four hundred passengers a day in its first year, the council said.\n\n"
        "Engineers mended the northern pier in the spring. The shop at the landing opens again in May.\n\n"
        "The ministry publishes its plan for the islands in June. A choir sang before the vote in the hall."
    )
    shown = visitor.get(
        f"/articles/{newsroom.make_article(text=text, word_count=400).pk}/panel/summary/?part"
    ).content.decode()
    assert "The harbour council of Velmara voted" in shown
    assert "Meridian Wire" not in shown
