"""How long failing work is left alone, and what the log has of it."""

import logging

import pytest

from octavo.services.patience import MOST_SECONDS, Patience

log = logging.getLogger("tests.patience")


@pytest.fixture
def patience(caplog: pytest.LogCaptureFixture) -> Patience:
    caplog.set_level(logging.WARNING, logger=log.name)
    return Patience(log, "Articles could not be folded")


def test_the_wait_doubles_up_to_a_bound(patience: Patience) -> None:
    waits = [patience.failed(OSError("no space left")) for _ in range(40)]
    assert waits[:4] == [2.0, 4.0, 8.0, 16.0]
    assert waits[-1] == MOST_SECONDS


def test_work_that_succeeds_starts_anew(patience: Patience) -> None:
    patience.failed(OSError("no space left"))
    patience.failed(OSError("no space left"))
    patience.worked()
    assert patience.failed(OSError("no space left")) == 2.0


def test_a_fault_has_its_traceback_once(patience: Patience, caplog: pytest.LogCaptureFixture) -> None:
    for error in (OSError("no space left"), OSError("no space left"), ValueError("broken")):
        patience.failed(error)
    assert [record.exc_info is not None for record in caplog.records] == [True, False, True]
    assert all("no space left" in record.getMessage() for record in caplog.records[:2])


def test_the_log_tells_that_it_works_again(patience: Patience, caplog: pytest.LogCaptureFixture) -> None:
    patience.worked()
    assert not caplog.records
    patience.failed(OSError("no space left"))
    patience.worked()
    assert "works again" in caplog.records[-1].getMessage()
