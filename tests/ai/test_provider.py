"""An endpoint costs an answer at most: whatever it does, asking ends in time, raises nothing, and every call is noted."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from octavo.ai.prompting import instructions, prompt, question
from octavo.ai.provider import MOST_CHARACTERS, Asking, Attempt, Endpoint, Outcome, Question, characters_for, tokens_of
from octavo.core.telling.claims import CitedText
from octavo.core.telling.offering import offer
from tests.model_endpoint import Answer, Model, serving

QUESTION = Question("Tell it.", "The ferry runs.", 100)


class Noted:
    """A ledger that notes, and forbids what is beyond `most`."""

    def __init__(self, most: int = 99) -> None:
        self.most = most
        self.attempts: list[Attempt] = []

    def begin(self, attempt: Attempt) -> bool:
        if len(self.attempts) >= self.most:
            return False
        self.attempts.append(attempt)
        return True

    def end(self, attempt: Attempt) -> None:
        assert attempt is self.attempts[-1]


def ask(model: Model, seconds: float = 5.0, **more: Any) -> tuple[str, Asking, Noted]:
    ledger = Noted()
    asking = Asking(Endpoint(model.url, "m", seconds=seconds, **more), QUESTION, ledger)
    return "".join(asking), asking, ledger


def always(answer: Answer) -> Callable[[dict[str, Any]], Answer]:
    return lambda asked: answer


def test_an_answer_comes_in_pieces_and_its_cost_is_known() -> None:
    answer = Answer(["The ferry ", "runs."], usage={"prompt_tokens": 40, "completion_tokens": 9})
    with serving(always(answer)) as model:
        text, asking, ledger = ask(model, key="sk-secret")
    assert (text, asking.outcome) == ("The ferry runs.", Outcome.ANSWERED)
    assert (ledger.attempts[0].tokens_in, ledger.attempts[0].tokens_out) == (40, 9)
    assert ledger.attempts[0].bytes_out > 100
    assert ledger.attempts[0].bytes_in > 50
    assert model.keys == ["Bearer sk-secret"]
    assert "tools" not in model.asked[0]


def test_an_endpoint_that_does_not_stream_is_read_too() -> None:
    with serving(always(Answer(["Whole."], is_streamed=False))) as model:
        assert ask(model)[:1] == ("Whole.",)


def test_the_first_pieces_are_given_before_the_last_ones_are_sent() -> None:
    with serving(always(Answer(["first", 1.0, "last"]))) as model:
        began, pieces = time.monotonic(), iter(Asking(Endpoint(model.url, "m"), QUESTION, Noted()))
        assert next(pieces) == "first"
        assert time.monotonic() - began < 0.9
        assert "".join(pieces) == "last"


def test_a_slow_endpoint_is_left_when_the_time_is_over() -> None:
    with serving(always(Answer(["a", *([0.3, "b"] * 40)]))) as model:
        began = time.monotonic()
        text, asking, _ledger = ask(model, seconds=1.0)
    assert text.startswith("ab")
    assert asking.outcome is Outcome.SLOW
    assert time.monotonic() - began < 4


def test_a_dead_endpoint_is_told_from_a_slow_one() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ledger = Noted()
    asking = Asking(Endpoint(f"http://127.0.0.1:{port}/v1", "m"), QUESTION, ledger)
    assert list(asking) == []
    assert asking.outcome is Outcome.UNREACHABLE
    assert len(ledger.attempts) == 2


def test_a_limited_endpoint_is_asked_again_after_a_pause() -> None:
    answers = iter([Answer(status=429, headers={"Retry-After": "0.1"}), Answer(status=503), Answer(["At last."])])
    with serving(lambda asked: next(answers)) as model:
        text, asking, ledger = ask(model)
    assert (text, asking.outcome) == ("At last.", Outcome.ANSWERED)
    assert [attempt.status for attempt in ledger.attempts] == [429, 503, 200]
    assert ledger.attempts[0].tokens_in == 0


def test_a_limited_endpoint_that_wants_long_pauses_is_left_alone() -> None:
    with serving(always(Answer(status=429, headers={"Retry-After": "3600"}))) as model:
        _text, asking, ledger = ask(model)
    assert asking.outcome is Outcome.LIMITED
    assert len(ledger.attempts) == 1


def test_half_a_stream_is_given_and_said_to_be_cut() -> None:
    with serving(always(Answer(["Half a"], is_ended=False))) as model:
        text, asking, ledger = ask(model)
    assert (text, asking.outcome, len(ledger.attempts)) == ("Half a", Outcome.CUT, 1)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with serving(always(Answer(["Elsewhere."]))) as other:
        redirect = Answer(status=status, headers={"Location": f"{other.url}/chat/completions"})
        with serving(always(redirect)) as model:
            text, asking, _ledger = ask(model, key="sk-secret")
    assert (text, asking.outcome, other.asked) == ("", Outcome.REFUSED, [])


def test_an_answer_without_an_end_is_cut_off() -> None:
    with serving(always(Answer(["x" * 10_000] * 40))) as model:
        text, asking, _ledger = ask(model)
    assert len(text) == MOST_CHARACTERS
    assert asking.outcome is Outcome.TOO_LONG


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff" * 500, b"data: {\n\n", b"data: []\n\ndata: 3\n\n", b'data: {"choices":[{"delta":{"content":5}}]}\n\n'
     b'data: {"choices":7}\n\n', b"data: " + b"[" * 20_000 + b"\n\n", b"<html>gateway</html>"],
)  # fmt: skip
def test_an_answer_that_is_none_raises_nothing(raw: bytes) -> None:
    with serving(always(Answer(raw=raw))) as model:
        text, asking, _ledger = ask(model)
    assert (text, asking.outcome) == ("", Outcome.CUT)


def test_a_packed_answer_is_refused_unread() -> None:
    with serving(always(Answer(raw=b"\x1f\x8b" * 50, headers={"Content-Encoding": "gzip"}))) as model:
        text, asking, _ledger = ask(model)
    assert (text, asking.outcome) == ("", Outcome.FAULTY)


def test_a_lie_about_tokens_does_not_lower_the_cost() -> None:
    lie = Answer(["word " * 400], usage={"prompt_tokens": 0, "completion_tokens": 0})
    with serving(always(lie)) as model:
        _text, _asking, ledger = ask(model)
    assert ledger.attempts[0].tokens_out == 500
    assert ledger.attempts[0].tokens_in > 0


def test_nothing_is_asked_that_the_ledger_forbids() -> None:
    with serving(always(Answer(["No."]))) as model:
        asking = Asking(Endpoint(model.url, "m"), QUESTION, Noted(most=0))
        assert list(asking) == []
    assert (asking.outcome, model.asked) == (Outcome.REFUSED, [])


def test_whoever_stops_listening_ends_the_call() -> None:
    ledger = Noted()
    with serving(always(Answer(["a", 0.1, "b", 5.0, "c"]))) as model:
        pieces = iter(Asking(Endpoint(model.url, "m"), QUESTION, ledger))
        assert next(pieces) == "a"
        pieces.close()  # type: ignore[attr-defined]
    assert ledger.attempts[0].outcome is Outcome.LEFT


def test_a_key_is_never_printed() -> None:
    assert "sk-secret" not in repr(Endpoint("https://model.example/v1", "m", "sk-secret"))


def test_an_endpoint_knows_whether_it_is_on_this_machine() -> None:
    assert Endpoint("http://127.0.0.1:11434/v1", "m").is_here
    assert Endpoint("http://[::1]:80/v1", "m").is_here
    assert not Endpoint("https://127.0.0.1.example/v1", "m").is_here
    assert not Endpoint("http://192.168.1.5/v1", "m").is_here


def test_texts_stand_between_marks_that_no_text_can_know() -> None:
    source = offer("1", 1, CitedText("The ferry runs again today. The pier was mended in spring.", None, "en"), 1_000)
    put = question(prompt("summary"), "a1b2c3", source.offered, language="English", most=3)
    assert put.user == "<a1b2c3>\n[1] The ferry runs again today.\n[2] The pier was mended in spring.\n</a1b2c3>"
    assert "between <a1b2c3> and </a1b2c3>" in put.system
    assert "{" not in put.system.replace('{"text"', "")


@pytest.mark.parametrize("name", ["summary", "points", "simple", "translate", "ask", "views", "background"])
def test_every_prompt_has_a_version_and_a_bound(name: str) -> None:
    chosen = prompt(name)
    assert chosen.version.replace(".", "").isdigit()
    assert 0 < chosen.tokens <= 4_000
    assert "{" not in instructions(chosen, "m", "English", 3).replace('{"text"', "")


def test_what_is_offered_fits_the_models_context() -> None:
    room = characters_for(4_096, "p" * 900, 1_000, ["The ferry runs. " * 50])
    assert tokens_of("The ferry runs. " * (room // 16)) <= 4_096 - 1_000 - 300
    assert characters_for(1_024, "p" * 6_000, 700, ["x"]) == 0
