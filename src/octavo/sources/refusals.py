"""Why the network door did not bring something: one exception with a stable reason. It never decides a retry."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """The stable words under which refusals are stored, counted and shown."""

    URL = "url"
    SCHEME = "scheme"
    ADDRESS = "address"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    TOO_SLOW = "too-slow"
    TOO_LARGE = "too-large"
    REDIRECTS = "redirects"
    ENCODING = "encoding"
    HEADER = "header"
    CUT_SHORT = "cut-short"
    ROBOTS = "robots"
    RETRY_LATER = "retry-later"
    BUSY = "busy"
    PROXY = "proxy"
    PICTURE = "picture"


ADVICE = {
    Reason.URL: "Check how the address is written.",
    Reason.SCHEME: "Only http and https are read.",
    Reason.ADDRESS: "If this network is yours and should be read, add it to OCTAVO_ALLOW_NETWORKS.",
    Reason.UNREACHABLE: "Check the address and the network; it may work later.",
    Reason.TLS: "Its certificate or encryption is at fault; the publisher has to mend it.",
    Reason.TOO_SLOW: "It is tried again later; the time limits are settings.",
    Reason.TOO_LARGE: "The most that is read is set by OCTAVO_MAX_BODY.",
    Reason.REDIRECTS: "The publisher sends visitors in circles; look for another address of it.",
    Reason.ENCODING: "The publisher's server does not keep to what was asked of it (gzip or plain).",
    Reason.HEADER: "The publisher's server does not speak proper HTTP.",
    Reason.CUT_SHORT: "It is tried again later.",
    Reason.ROBOTS: "The publisher's robots.txt is respected; ask the publisher for access.",
    Reason.RETRY_LATER: "The publisher asked for patience; it is tried again after that.",
    Reason.BUSY: "Other requests to this publisher go first; try again in a while.",
    Reason.PROXY: "Check the proxy variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY.",
    Reason.PICTURE: "The article is shown without this picture.",
}

# Parts of addresses that come from outside are cut to this in messages.
MAX_URL_SHOWN = 300


class Refusal(Exception):
    """The door did not bring `url`. `reason` is stable; the message says what happened and what to do.

    `retry_at` is the aware instant before which asking again is pointless or impolite, where one is known.
    """

    def __init__(self, reason: Reason, detail: str, url: str = "", retry_at: datetime | None = None) -> None:
        self.reason = reason
        self.detail = detail
        self.url = url
        self.retry_at = retry_at
        super().__init__(reason, detail, url, retry_at)

    def __str__(self) -> str:
        shown = self.url if len(self.url) <= MAX_URL_SHOWN else self.url[:MAX_URL_SHOWN] + "…"
        where = f"{shown}: " if shown else ""
        return f"{where}{self.detail.rstrip('.')}. {ADVICE[self.reason]}"
