"""Times as publishers told them, in the form in which they are stored beside entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from octavo.core.types import Moment, Precision


def moment_as_json(moment: Moment | None) -> list[Any] | None:
    """`[ISO instant, offset in minutes or null, precision]`; None where no time is told."""
    return [moment.instant.isoformat(), moment.offset_minutes, moment.precision.value] if moment else None


def moment_from_json(stored: Sequence[Any]) -> Moment:
    """The reverse."""
    return Moment(datetime.fromisoformat(stored[0]), stored[1], Precision(stored[2]))
