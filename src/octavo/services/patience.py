"""Decides how long work that fails again and again is left alone, and how loudly that is told. It never waits itself."""

from __future__ import annotations

import logging
from typing import Final

# The wait after a first failure, doubled with each further one: a full disk or a database that is gone for a moment comes
# back by itself, and what waits should go on within a minute of it.
FIRST_SECONDS: Final = 2.0
MOST_SECONDS: Final = 60.0
DOUBLINGS: Final = 10


class Patience:
    """The failures of one kind of work in a row; the log has the traceback of a fault once, and then a line a try."""

    def __init__(self, log: logging.Logger, work: str) -> None:
        """`work` says what fails, as the beginning of a sentence: 'Articles could not be folded'."""
        self._log, self._work = log, work
        self._failures = 0
        self._told = ""

    def worked(self) -> None:
        """Notes that the work was done: the next failure is a first one again."""
        if self._failures:
            self._log.warning("%s %d times; it works again", self._work, self._failures)
        self._failures, self._told = 0, ""

    def failed(self, error: Exception) -> float:
        """Notes and logs a failure; the seconds after which to try again."""
        seconds = min(FIRST_SECONDS * (1 << min(self._failures, DOUBLINGS)), MOST_SECONDS)
        self._failures += 1
        fault = f"{type(error).__name__}: {error}"
        self._log.error(
            "%s (%s); the next try is in %d s", self._work, fault, seconds,
            exc_info=error if fault != self._told else None,
        )  # fmt: skip
        self._told = fault
        return seconds
