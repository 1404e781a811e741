"""Logs: one event a line, whatever an event holds."""

from __future__ import annotations

import json
import logging
import logging.config

import pytest

from octavo.services import logs


@pytest.fixture
def event() -> logging.LogRecord:
    record = logging.LogRecord("octavo.web", logging.INFO, "", 0, "request", (), None)
    record.path = "/a\nforged line\x1b[31m"
    record.status = 200
    return record


def test_a_json_event_is_one_object_with_its_facts(event: logging.LogRecord) -> None:
    line = logs.JsonLines().format(event)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["message"], told["level"], told["status"]) == ("request", "info", 200)
    assert told["path"] == "/a\nforged line\x1b[31m"


def test_a_line_for_people_cannot_be_forged(event: logging.LogRecord) -> None:
    line = logs.Lines().format(event)
    assert "\n" not in line
    assert "\x1b" not in line
    assert line.endswith("info octavo.web: request path=/a\\nforged line\\x1b[31m status=200")


def test_a_traceback_goes_along() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        record = logging.LogRecord("octavo", logging.ERROR, "", 0, "failed", (), (type(error), error, None))
    assert "ValueError: broken" in json.loads(logs.JsonLines().format(record))["traceback"]


def test_the_configuration_is_one_that_logging_takes() -> None:
    for form in ("text", "json"):
        taken = logging.config.DictConfigurator(logs.configuration(form, "info"))
        formatter = taken.configure_formatter(taken.config["formatters"]["line"])
        assert isinstance(formatter, {"text": logs.Lines, "json": logs.JsonLines}[form])
