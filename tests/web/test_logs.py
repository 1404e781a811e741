"""Every request is one line in the log, and what people search stays theirs."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from octavo.services import logs


@pytest.mark.django_db
def test_a_request_is_logged_without_what_was_searched(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="octavo.web"):
        visitor.get("/search/?q=secret+illness")
    lines = [logs.JsonLines().format(each) for each in caplog.records if each.name == "octavo.web"]
    assert len(lines) == 1
    facts = json.loads(lines[0])
    assert (facts["method"], facts["path"], facts["status"]) == ("GET", "/search/", 200)
    assert facts["ms"] > 0
    assert "illness" not in lines[0]


@pytest.mark.django_db
def test_a_strangers_host_name_is_refused_without_a_traceback(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="octavo.web"):
        assert visitor.get("/", headers={"host": "evil.example"}).status_code == 400
    told = [record for record in caplog.records if record.name != "octavo.web"]
    assert [record.getMessage() for record in told] == []
    assert not any(record.exc_info for record in caplog.records)
