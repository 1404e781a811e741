"""An article in a model's words as a signed-in reader meets it: buttons, sentences one by one, and the ledger of calls."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from octavo.services import abstracts
from octavo.store.models import Article, Egress, Generation, User
from tests.model_endpoint import Answer, Model, line, offered, serving
from tests.web.newsroom import make_article, make_story

TEXT = (
    "The harbour council of Velmara voted on Tuesday evening to reopen the old ferry line after eleven years.\n\n"
    "Engineers had warned that the northern pier may not carry the weight of two boats at once.\n\n"
    "The line will carry 400 passengers a day at first, and twice as many once the second boat is repaired.\n\n"
    "Opponents in the council asked for a new count of the costs, which have grown to nearly five million crowns."
)
SHORT = "The line will carry 400 passengers a day."
ATTACK = '<script>alert(1)</script><img src="https://pixel.example/p.png">'


def script(asked: dict[str, Any]) -> Answer:
    """One honest sentence, slowly followed by what may not be shown."""
    number = next((number for number, text in offered(asked).items() if "400" in text), 1)
    evidence = "The line will carry 400 passengers"
    return Answer([line(SHORT, [number], evidence), 0.3, line(f"{SHORT} {ATTACK}", [number], evidence), ATTACK])


@pytest.fixture
def article(db: None) -> Article:
    return make_article(text=TEXT)


@pytest.fixture
def model(settings) -> Iterator[Model]:
    with serving(script) as served:
        settings.OCTAVO = dataclasses.replace(settings.OCTAVO, model_url=served.url, model_name="m")
        yield served


@pytest.fixture
def reader(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_user("mara", password="a-long-enough-one"))
    return client


def page(client: Client, article: Article) -> str:
    return client.get(f"/articles/{article.pk}/").content.decode()


def test_without_a_model_there_is_no_button(reader: Client, article: Article) -> None:
    assert "data-tell" not in page(reader, article)


def test_with_a_model_a_reader_has_buttons_and_a_visitor_none(
    reader: Client, visitor: Client, article: Article, model: Model
) -> None:
    shown = page(reader, article)
    assert [name in shown for name in ("Summary", "Explain simply", "The text stays on this machine.")] == [True] * 3
    assert "Translate" not in shown
    assert "data-tell" not in page(visitor, article)
    assert visitor.post(f"/articles/{article.pk}/told/", {"feature": "points"}).status_code == 302
    assert model.asked == []


def test_a_reader_of_another_language_can_have_it_translated(reader: Client, article: Article, model: Model) -> None:
    User.objects.update(language="ar")
    assert "ترجم" in page(reader, article)


def test_without_scripts_the_sentences_come_as_a_page(reader: Client, article: Article, model: Model) -> None:
    told = reader.post(f"/articles/{article.pk}/told/", {"feature": "points"}).content.decode()
    assert SHORT in told
    start = TEXT.index("The line will")
    assert f"/articles/{article.pk}/?p=1.{start}-{TEXT.index('repaired.') + 9}#p" in told
    assert told.count("from the text") == 2
    assert "alert(1)" not in told
    assert "pixel.example" not in told


def test_with_scripts_they_come_one_by_one_and_uncompressed(reader: Client, article: Article, model: Model) -> None:
    headers = {"X-Requested-With": "fetch", "Accept-Encoding": "gzip"}
    answer = reader.post(f"/articles/{article.pk}/told/", {"feature": "points"}, headers=headers)
    assert answer.streaming
    assert answer["Content-Encoding"] == "identity"
    sentences = iter(answer.streaming_content)
    first = next(sentences).decode()
    assert SHORT in first
    assert first.startswith("<li><div>")
    assert Egress.objects.get().outcome == "asked"
    rest = [each.decode() for each in sentences]
    assert len(rest) == 2
    assert all(each.startswith('<li class="own">') and each.endswith("</li>\n") for each in rest)


def test_looking_never_asks(reader: Client, article: Article, model: Model) -> None:
    assert reader.get(f"/articles/{article.pk}/told/?feature=points").status_code == 302
    assert reader.post(f"/articles/{article.pk}/told/", {"feature": "poem"}).status_code == 302
    assert reader.post("/articles/999999/told/", {"feature": "points"}).status_code == 404
    assert model.asked == []


def test_one_summary_is_offered_and_where_a_model_is_set_up_it_is_the_models(
    reader: Client, visitor: Client, article: Article, model: Model
) -> None:
    shown, plain = page(reader, article), page(visitor, article)
    assert re.findall(r">Summary<", shown) == [">Summary<"]
    assert '<button class="quiet" name="feature" value="summary">Summary' in shown
    assert "In a model’s words: Summary · " in shown
    assert "In a model’s words" not in plain
    for address in re.findall(r'<li><a href="(/articles/[^"]+)" data-feature', shown):
        assert reader.get(address).status_code == 200


def test_a_readers_question_is_answered_in_a_models_words_checked_and_paid_for_once(
    reader: Client, visitor: Client, article: Article, model: Model
) -> None:
    asked = {"q": "How many passengers will the line carry?"}
    address = f"/articles/{article.pk}/ask/"
    assert "Answer in a model’s words" in reader.get(address, asked).content.decode()
    assert "Answer in a model’s words" not in visitor.get(address, asked).content.decode()
    visitor.post(address, asked)
    assert model.asked == []
    for _ in range(2):
        answer = reader.post(address, asked)
        assert SHORT in answer.content.decode()
        assert "alert(1)" not in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    assert len(model.asked) == 1
    assert "Question: How many passengers will the line carry?" in model.asked[0]["messages"][1]["content"]
    reader.post(address, {"q": "How many passengers did it carry?"})
    assert len(model.asked) == 2
    assert list(Generation.objects.values_list("feature", "article")) == [("ask", article.pk)] * 2


def test_a_model_that_fails_leaves_the_sentences_that_answer(reader: Client, article: Article, settings) -> None:
    asked = {"q": "How many passengers will the line carry?"}
    with serving(lambda asked: Answer(status=500)) as served:
        settings.OCTAVO = dataclasses.replace(settings.OCTAVO, model_url=served.url, model_name="m")
        shown = reader.post(f"/articles/{article.pk}/ask/", asked).content.decode()
    assert "The line will carry 400 passengers a day at first" in shown
    assert "from the text" in shown


def test_a_story_is_asked_of_a_model_in_several_texts_under_one_numbering(
    reader: Client, article: Article, model: Model
) -> None:
    other = make_article(
        text="The second boat, the Halden Star, needs a new engine before the spring.\n\n" + TEXT[:105]
    )
    story = make_story(article, other)
    shown = reader.post(f"/stories/{story.pk}/ask/", {"q": "How many passengers will the line carry?"}).content.decode()
    assert SHORT in shown
    numbers = list(offered(model.asked[0]))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 5


def test_the_ledger_lists_every_call_with_the_days_totals(reader: Client, article: Article, model: Model) -> None:
    assert "No call has been made." in reader.get("/egress/").content.decode()
    for _ in range(2):
        list(abstracts.tell("points", article, "en"))
    shown = reader.get("/egress/").content.decode()
    assert model.url.split("/")[2] in shown
    assert "Today: 1 of at most 300 calls" in shown
    assert "a stored answer; nothing left" in shown


def test_the_ledger_is_for_readers_and_costs_the_same_however_long(
    reader: Client, visitor: Client, article: Article, model: Model, django_assert_max_num_queries
) -> None:
    list(abstracts.tell("points", article, "en"))
    row = Egress.objects.values().first()
    Egress.objects.bulk_create(Egress(**{**row, "id": None}) for _ in range(150))
    assert visitor.get("/egress/").status_code == 302
    with django_assert_max_num_queries(7):
        assert reader.get("/egress/").status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_sentences_appear_in_place_while_the_model_still_speaks(browser_page: Any, model: Model) -> None:
    article = make_article(text=TEXT)
    User.objects.create_user("mara", password="a-long-enough-one")
    browser_page.goto("/accounts/login/")
    browser_page.fill("input[name=login]", "mara")
    browser_page.fill("input[name=password]", "a-long-enough-one")
    browser_page.press("input[name=password]", "Enter")
    browser_page.goto(f"/articles/{article.pk}/")
    browser_page.click("button[value=points]")
    browser_page.wait_for_selector(".told li")
    browser_page.wait_for_selector(".told li:nth-child(3)")
    assert browser_page.inner_text(".told li:first-child div").startswith(SHORT)
    browser_page.click(".told li:first-child .receipt")
    assert "400 passengers" in browser_page.inner_text("mark#p")
    assert browser_page.problems == []
