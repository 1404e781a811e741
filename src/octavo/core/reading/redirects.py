"""Whether a feed's address is replaced by the one that it is redirected to. It never follows anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# A permanent redirect that is a mistake, or a captive portal, is mended within days: it is believed after a week.
HOLDS_AFTER = timedelta(days=7)
PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Move:
    """A permanent redirect under observation: where it leads, and since when without a break."""

    target: str
    since: datetime


@dataclass(frozen=True, slots=True)
class MoveDecision:
    """`keep` is the move to remember (None: forget it); `adopt` is the address to take over now, or empty."""

    keep: Move | None
    adopt: str = ""


def permanent_target(hops: Sequence[tuple[str, int]], final_url: str) -> str:
    """Where the unbroken run of permanent redirects at the start of `hops` leads; empty where there is none.

    `hops` are the addresses that answered with a redirect and their codes, in order. What a temporary redirect leads to
    is not adopted (RFC 9110, 15.4.3), so the run ends there.
    """
    run = 0
    while run < len(hops) and hops[run][1] in PERMANENT:
        run += 1
    if run == 0:
        return ""
    return hops[run][0] if run < len(hops) else final_url


def judge_move(known: Move | None, target: str, now: datetime) -> MoveDecision:
    """What a successful poll says of a move: `target` is where it was permanently redirected to, empty for nowhere.

    A changed or vanished target starts the watch afresh; one that has held for seven days is adopted.
    """
    if not target:
        return MoveDecision(keep=None)
    if known is None or known.target != target:
        return MoveDecision(keep=Move(target, now))
    if now - known.since >= HOLDS_AFTER:
        return MoveDecision(keep=None, adopt=target)
    return MoveDecision(keep=known)
