"""An article in a model's words: checked, noted, bounded, never paid for twice; and the text's own where anything fails."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from octavo.core.telling.abstract import Told
from octavo.services import abstracts
from octavo.store.models import Article, ArticleVersion, Egress, Generation
from tests.model_endpoint import Answer, Model, line, offered, serving

pytestmark = pytest.mark.django_db

TEXT = (
    "The harbour council of Velmara voted on Tuesday evening to reopen the old ferry line after eleven years.\n\n"
    "Engineers had warned that the northern pier may not carry the weight of two boats at once.\n\n"
    "The line will carry 400 passengers a day at first, and twice as many once the second boat is repaired.\n\n"
    "Opponents in the council asked for a new count of the costs, which have grown to nearly five million crowns."
)
SHORT = "The line will carry 400 passengers a day."


def honest(asked: dict[str, Any]) -> Answer:
    """A shorter sentence, and one copied."""
    shown = offered(asked)
    number = next(number for number, text in shown.items() if "400" in text)
    return Answer([line(SHORT, [number], "The line will carry 400 passengers a day"), line(shown[1], [1], shown[1])])


@pytest.fixture
def article(publisher) -> Article:
    now = timezone.now()
    made = Article.objects.create(
        publisher=publisher, url="https://quay.example/1", title="Velmara votes", language="en", arrived_at=now, sort_at=now,
        quality="full",
    )  # fmt: skip
    spans = [[0, TEXT.index("\n")], *([TEXT.index(s), TEXT.index(s) + len(s)] for s in TEXT.split("\n\n")[1:])]
    made.version = ArticleVersion.objects.create(
        article=made, number=1, title=made.title, text=TEXT, html="", text_hash="", quality="full", key_points=spans,
        made_at=now,
    )  # fmt: skip
    made.save()
    return made


@pytest.fixture
def with_model(settings) -> Iterator[Callable[..., Model]]:
    """Sets up a scripted model, with further settings."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def set_up(script: Callable[[dict[str, Any]], Answer], **more: Any) -> Model:
            model = stack.enter_context(serving(script))
            facts = {"model_url": model.url, "model_name": "m", "model_price": ("1", "2"), "model_seconds": 3.0, **more}
            settings.OCTAVO = dataclasses.replace(settings.OCTAVO, **facts)
            return model

        yield set_up


def tell(article: Article, name: str = "points", language: str = "en") -> list[Told]:
    return list(abstracts.tell(name, article, language))


def is_own(shown: list[Told]) -> bool:
    return bool(shown) and all(not one.is_models and one.claim.text in TEXT for one in shown)


def test_without_a_model_nothing_can_be_asked_for(article: Article) -> None:
    assert abstracts.features_for(article, "en") == []
    assert is_own(tell(article))
    assert not Egress.objects.exists()


def test_a_checked_answer_is_told_noted_and_kept(article: Article, with_model) -> None:
    with_model(honest)
    shown = tell(article)
    assert (shown[0].claim.text, shown[0].is_models) == (SHORT, True)
    call, kept = Egress.objects.get(), Generation.objects.get()
    assert (call.purpose, call.outcome, call.is_kept) == ("points", "answered", False)
    assert call.bytes_out > 500
    assert call.bytes_in > 200
    assert call.cost == pytest.approx((call.tokens_in + 2 * call.tokens_out) / 1e6)
    assert (kept.model, kept.prompt_version, kept.cost) == ("m", "1.1", pytest.approx(call.cost))


def test_nothing_is_paid_for_twice(article: Article, with_model) -> None:
    model = with_model(honest)
    first = tell(article)
    assert tell(article) == first
    assert len(model.asked) == 1
    assert [row.is_kept for row in Egress.objects.order_by("id")] == [False, True]
    assert Egress.objects.order_by("id").last().bytes_out == 0


def test_a_new_text_or_prompt_or_model_is_a_new_question(article: Article, with_model, settings) -> None:
    model = with_model(honest)
    tell(article)
    settings.OCTAVO = dataclasses.replace(settings.OCTAVO, model_name="other")
    tell(article)
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (lambda asked: Answer(status=500), "faulty"),
        (lambda asked: Answer(status=429, headers={"Retry-After": "60"}), "limited"),
        (lambda asked: Answer([5.0, "late"]), "slow"),
        (lambda asked: Answer(['{"text": "The line wi'], is_ended=False), "cut"),
        (lambda asked: Answer(["I would rather not."]), "answered"),
        (lambda asked: Answer([line("The line will carry 9,000 passengers.", [3], "The line will carry")]), "answered"),
        (lambda asked: Answer([line("“It is a scandal,” said Velmara.", [1], "it is a scandal said")]), "answered"),
        (lambda asked: Answer([line("Click https://win.example/ now.", [1], "voted on Tuesday evening")]), "answered"),
    ],
)
def test_whatever_an_endpoint_does_the_text_tells_itself(article: Article, with_model, script, outcome: str) -> None:
    with_model(script)
    shown = tell(article)
    assert is_own(shown)
    assert len(shown) == 4
    assert Egress.objects.order_by("id").last().outcome == outcome


def test_a_failed_answer_is_not_kept_and_the_endpoint_rests(article: Article, with_model) -> None:
    model = with_model(lambda asked: Answer(["{"], is_ended=False))
    tell(article)
    asked = len(model.asked)
    assert not Generation.objects.exists()
    assert is_own(tell(article))
    assert len(model.asked) == asked
    Egress.objects.update(at=timezone.now() - 2 * abstracts.REST)
    model.script = honest
    assert tell(article)[0].is_models


def test_no_more_calls_are_made_than_the_cap(article: Article, with_model) -> None:
    model = with_model(honest, model_calls_per_day=1)
    tell(article, "points")
    assert is_own(tell(article, "summary"))
    assert (len(model.asked), Egress.objects.filter(is_kept=False).count()) == (1, 1)
    Egress.objects.update(day=timezone.now().date() - timedelta(days=1))
    tell(article, "summary")
    assert len(model.asked) == 2


def test_no_more_money_is_spent_than_the_cap(article: Article, with_model) -> None:
    model = with_model(honest, model_money_per_day=0.001)
    assert is_own(tell(article))
    assert model.asked == []
    assert not Generation.objects.exists()


def test_a_call_whose_process_died_counts(article: Article, with_model) -> None:
    model = with_model(honest, model_calls_per_day=1)
    now = timezone.now()
    Egress.objects.create(at=now, day=now.date(), host="h", purpose="points", model="m", outcome="asked", cost=0.01)
    assert is_own(tell(article))
    assert model.asked == []


def test_the_switch_lets_no_call_leave_this_machine(article: Article, with_model, settings) -> None:
    with_model(honest, offline=True)
    assert "summary" in abstracts.features_for(article, "en")
    settings.OCTAVO = dataclasses.replace(settings.OCTAVO, model_url="https://model.example/v1")
    assert abstracts.features_for(article, "en") == []
    assert is_own(tell(article))
    assert not Egress.objects.exists()


def test_two_readers_at_once_ask_once(article: Article, with_model) -> None:
    model = with_model(honest)
    first = abstracts.tell("points", article, "en")
    next(first)
    assert is_own(tell(article))
    list(first)
    assert len(model.asked) == 1


def test_a_reader_who_leaves_leaves_no_claim_behind(article: Article, with_model) -> None:
    with_model(honest)
    leaving = abstracts.tell("points", article, "en")
    next(leaving)
    leaving.close()  # type: ignore[attr-defined]
    assert not Generation.objects.exists()
    assert Egress.objects.get().outcome == "left"


def test_a_translation_is_offered_to_readers_of_another_language(article: Article, with_model) -> None:
    def script(asked: dict[str, Any]) -> Answer:
        number = next(number for number, text in offered(asked).items() if "400" in text)
        text = "سينقل الخط 400 راكب يوميا في البداية، وضعفهم حين يصلح القارب الثاني."
        return Answer([line(text, [number], [])])

    with_model(script)
    assert "translate" not in abstracts.features_for(article, "en")
    assert "translate" in abstracts.features_for(article, "ar")
    shown = tell(article, "translate", "ar")
    assert [one.is_models for one in shown] == [False, False, True, False]


def test_the_key_is_in_no_log_and_no_row(
    article: Article, with_model, settings, caplog: pytest.LogCaptureFixture
) -> None:
    model = with_model(lambda asked: Answer(status=401), model_key="sk-very-secret")
    with caplog.at_level(logging.DEBUG):
        tell(article)
    assert model.keys == ["Bearer sk-very-secret"]
    assert "sk-very-secret" not in caplog.text + repr(settings.OCTAVO) + str(list(Egress.objects.values()))
    assert "400 passengers" not in caplog.text
