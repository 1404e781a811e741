"""What a robots.txt allows Octavo (RFC 9309). It reads text and decides on paths; it never fetches.

Written here because a library parser can be stalled: 500 KiB of 16,000 agents sharing 20,000 rules took one over a
minute. Here one group is kept, and reading and matching are linear in the file and the address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

PRODUCT_TOKEN = "octavo"
# More than this is not read (RFC 9309, 2.5, asks for at least so much).
MAX_TEXT = 500 * 1024
# A publisher may ask for this much between two requests; a longer wish would keep a front page from being read at all.
MAX_CRAWL_DELAY = 30.0

_TOKEN = re.compile(r"[a-z_-]+")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One allow or disallow line: its pattern cut at the stars, and its length, by which the longest wins."""

    allow: bool
    length: int
    parts: tuple[str, ...]
    anchored: bool

    def matches(self, path: str) -> bool:
        """Whether the pattern matches from the start of the path. Linear: each part is searched once, left to right."""
        if len(self.parts) == 1:
            return path == self.parts[0] if self.anchored else path.startswith(self.parts[0])
        if not path.startswith(self.parts[0]):
            return False
        position = len(self.parts[0])
        for part in self.parts[1:-1]:
            found = path.find(part, position)
            if found < 0:
                return False
            position = found + len(part)
        last = self.parts[-1]
        if self.anchored:
            return len(path) - len(last) >= position and path.endswith(last)
        return path.find(last, position) >= 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to Octavo: the rules of its group, the longest first, and the seconds between requests."""

    rules: tuple[Rule, ...] = ()
    crawl_delay: float = 0.0

    def allows(self, path: str) -> bool:
        """Whether a path with its query may be fetched: the longest matching rule decides, allow before disallow."""
        normal = normalise(path)
        return next((rule.allow for rule in self.rules if rule.matches(normal)), True)


ALLOW_ALL = Rules()
DENY_ALL = Rules(rules=(Rule(allow=False, length=1, parts=("/",), anchored=False),))


def normalise(path: str) -> str:
    """A path in the spelling in which rules and addresses are compared (RFC 9309, 2.2.2).

    Octets outside ASCII are percent-encoded, encoded unreserved characters are decoded, hexadecimal is upper case.
    """
    encoded = quote(path.encode("utf-8", "surrogateescape"), safe="/%:?#[]@!$&'()*+,;=~{}|\\^`\"<>")
    return _PERCENT.sub(_canonical_octet, encoded)


def _canonical_octet(match: re.Match[str]) -> str:
    character = unquote_to_bytes(match[0]).decode("latin-1")
    return character if _UNRESERVED.fullmatch(character) else match[0].upper()


def parse_robots(text: str, product: str = PRODUCT_TOKEN) -> Rules:
    """The rules of the groups that name `product`; those for `*` where none does; everything is allowed by neither."""
    lines = list(_directives(text[:MAX_TEXT]))
    own = _group(lines, product)
    return _compile(own if own is not None else _group(lines, "*") or [])


def _directives(text: str) -> Iterator[tuple[str, str]]:
    """The `key: value` lines without comments, keys in lower case; a blank line as a pair of empty strings."""
    for line in text.removeprefix("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon or not line.strip():
            yield key.strip().lower(), value.strip()


def _group(lines: list[tuple[str, str]], agent: str) -> list[tuple[str, str]] | None:
    """The rules of every group that names the agent, as one; None where no group does.

    A blank line ends a run of user-agent lines, as in the standard of 1994: `User-agent: *`, a blank line and then the
    group of another robot means that `*` has no rules. RFC 9309 would let the other robot's ban fall on everybody.
    """
    found: list[tuple[str, str]] | None = None
    concerned = naming = False
    for key, value in lines:
        if key == "user-agent":
            concerned = (concerned and naming) or _names(value, agent)
            naming = True
            found = [] if concerned and found is None else found
        elif key in ("", "allow", "disallow", "crawl-delay"):
            naming = False
            if key and concerned and found is not None:
                found.append((key, value))
    return found


def _names(value: str, agent: str) -> bool:
    """Whether a user-agent line means the agent: a product token, any case, whatever version follows it."""
    if agent == "*":
        return value.startswith("*")
    token = _TOKEN.match(value.lower())
    return token is not None and token[0] == agent


def _compile(lines: list[tuple[str, str]]) -> Rules:
    rules = [_rule(key == "allow", value) for key, value in lines if key != "crawl-delay" and value]
    rules.sort(key=lambda rule: (-rule.length, not rule.allow))
    delays = (_seconds(value) for key, value in lines if key == "crawl-delay")
    return Rules(tuple(rules), max(delays, default=0.0))


def _rule(allow: bool, pattern: str) -> Rule:
    normal = normalise(pattern)
    anchored = normal.endswith("$")
    parts = re.sub(r"\*+", "*", normal.removesuffix("$") if anchored else normal).split("*")
    return Rule(allow, len(normal), tuple(parts), anchored)


def _seconds(value: str) -> float:
    """A Crawl-delay between 0 and its bound; 0 where it is no number."""
    try:
        return min(max(float(value), 0.0), MAX_CRAWL_DELAY) if value.lower() not in ("nan", "-nan", "+nan") else 0.0
    except ValueError:
        return 0.0
