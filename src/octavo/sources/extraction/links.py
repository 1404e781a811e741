"""Which addresses of a page may be kept: absolute http and https ones, and no others."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

MAX_ADDRESS = 2_000
# Browsers drop these from an address before they read its scheme; so a check must not be fooled by them.
IGNORED = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\u202a-\u202e\ufeff]")


def absolute(address: str, base: str) -> str:
    """The address made absolute, or an empty string where it is not one of http or https."""
    address = IGNORED.sub("", address.strip()) if address else ""
    if not address or len(address) > MAX_ADDRESS or address.startswith("#"):
        return ""
    try:
        joined = urljoin(base, address)
        parts = urlsplit(joined)
        _ = parts.port
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.hostname else ""
