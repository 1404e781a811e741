"""The doctor tells whether a language model may be asked, and who could listen."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.services.doctor import HINT, OK, check_language_model
from octavo.settings import Settings


@pytest.mark.parametrize(
    ("facts", "state", "said"),
    [
        ({}, OK, "none"),
        ({"model_url": "http://127.0.0.1:11434/v1"}, OK, "m at 127.0.0.1:11434"),
        ({"model_url": "http://127.0.0.1:11434/v1", "offline": True}, OK, "m at 127.0.0.1:11434"),
        ({"model_url": "https://model.example/v1"}, OK, "m at model.example"),
        ({"model_url": "https://model.example/v1", "offline": True}, HINT, "OCTAVO_OFFLINE"),
        ({"model_url": "http://model.example/v1", "model_key": "sk-1"}, HINT, "texts and the key go to model.example"),
    ],
)
def test_the_doctor_says_who_is_asked(facts: dict, state: str, said: str) -> None:
    [finding] = check_language_model(Settings(data=Path("data"), model_name="m", **facts))
    assert finding.state == state
    assert said in finding.said
    assert "sk-1" not in finding.said
