"""Brings and remembers what each origin's robots.txt allows (RFC 9309). The rules themselves are read in core."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from octavo.core.reading.robots import ALLOW_ALL, DENY_ALL, Rules, parse_robots
from octavo.sources.manners import Manners, RobotsAnswer
from octavo.sources.refusals import Reason, Refusal
from octavo.sources.targets import Target

# RFC 9309, 2.4: a cached answer is not used for longer than a day.
LIFETIME = timedelta(hours=24)
# After a failure nothing may be fetched from the origin; it is asked again after this.
FAILURE_LIFETIME = timedelta(minutes=10)
# Origins whose parsed rules are kept in memory.
MAX_ORIGINS = 2000

# Refusals that say something of the whole journey and not of this robots.txt: they reach the caller as they are.
_PASSED_ON = frozenset({Reason.ADDRESS, Reason.SCHEME, Reason.URL, Reason.RETRY_LATER, Reason.BUSY, Reason.PROXY})
_TOO_MANY_REQUESTS = 429

# Asks for a robots.txt: its address to (status, text, when it may be asked again). Raises Refusal.
Ask = Callable[[str], Awaitable[tuple[int, str, datetime | None]]]
# What is said of a host that has not answered at all.
_SILENT = {
    Reason.UNREACHABLE: "cannot be reached",
    Reason.TOO_SLOW: "does not answer in time",
    Reason.TLS: "offers no encryption that can be trusted",
}


class RobotsGuard:
    """Says what may be fetched. One request for robots.txt an origin and day, however many ask at once."""

    def __init__(self, manners: Manners, ask: Ask) -> None:
        self._manners = manners
        self._ask = ask
        self._known: OrderedDict[str, tuple[RobotsAnswer, Rules]] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}

    async def admit(self, target: Target) -> float:
        """The Crawl-delay in seconds of an address that may be fetched. Raises Refusal (robots, or why it is unknown)."""
        answer, rules = await self._rules(target)
        if not rules.allows(target.path):
            raise _refusal(answer, rules, target)
        return rules.crawl_delay

    async def _rules(self, target: Target) -> tuple[RobotsAnswer, Rules]:
        known = self._known.get(target.origin)
        if known and known[0].expires > datetime.now(UTC):
            return known
        lock = self._locks.setdefault(target.origin, asyncio.Lock())
        async with lock:
            known = self._known.get(target.origin)
            if known is None or known[0].expires <= datetime.now(UTC):
                known = await self._renew(target)
        self._locks.pop(target.origin, None)
        return known

    async def _renew(self, target: Target) -> tuple[RobotsAnswer, Rules]:
        """The rules out of the manners' memory, or from the publisher where that has expired."""
        answer = await self._manners.robots(target.host_key, target.origin)
        if answer is None or answer.expires <= datetime.now(UTC):
            answer = await self._fetch(target, answer)
            await self._manners.keep_robots(target.host_key, target.origin, answer)
        self._known[target.origin] = (answer, rules_of(answer))
        self._known.move_to_end(target.origin)
        if len(self._known) > MAX_ORIGINS:
            self._known.popitem(last=False)
        return self._known[target.origin]

    async def _fetch(self, target: Target, last: RobotsAnswer | None) -> RobotsAnswer:
        last_good = last.text if last else None
        try:
            status, text, retry_at = await self._ask(target.origin + "/robots.txt")
        except Refusal as refusal:
            if refusal.reason in _PASSED_ON:
                raise
            if refusal.reason is Reason.REDIRECTS:  # RFC 9309, 2.3.1.2: more than five may count as unavailable
                return _answer(404, None)
            return _answer(0, last_good, reason=refusal.reason.value)
        if is_failure(status):
            return _answer(status, last_good, retry_at=retry_at)
        return _answer(status, text if 200 <= status < 300 else None)


def is_failure(status: int) -> bool:
    """Whether a status means 'unreachable': then nothing may be fetched. 429 is the publisher's 'not now', not a 'no'."""
    return status == 0 or status >= 500 or status == _TOO_MANY_REQUESTS


def rules_of(answer: RobotsAnswer) -> Rules:
    """What an answer allows: its rules, everything where there is none (4xx), nothing where it cannot be had (5xx)."""
    if answer.text is not None:
        return parse_robots(answer.text)
    return DENY_ALL if is_failure(answer.status) else ALLOW_ALL


def _answer(status: int, text: str | None, *, reason: str = "", retry_at: datetime | None = None) -> RobotsAnswer:
    now = datetime.now(UTC)
    expires = now + (FAILURE_LIFETIME if is_failure(status) else LIFETIME)
    return RobotsAnswer(now, min(expires, retry_at) if retry_at else expires, status, text, reason)


def _refusal(answer: RobotsAnswer, rules: Rules, target: Target) -> Refusal:
    """A publisher's 'no', or that its robots.txt cannot be had: then why, so that feed health names the real fault."""
    if rules is not DENY_ALL:
        return Refusal(Reason.ROBOTS, "The publisher's robots.txt does not allow it", target.url)
    reason = Reason(answer.reason or Reason.ROBOTS)
    if answer.status:
        said = f"{target.origin}/robots.txt answers {answer.status}, and until it can be read nothing may be fetched"
    else:  # the fault is the host's, and robots.txt was merely what it was asked for first
        said = f"{target.host} {_SILENT.get(reason, 'cannot be read')} (it was asked for its robots.txt)"
    return Refusal(reason, said, target.url, answer.expires)
