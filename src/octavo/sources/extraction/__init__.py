"""Turns a page into an Extract: its facts, its text as safe HTML and as plain text, and how good that is.

It never fetches, goes round no paywall, and runs no script. Pages are hostile: Octavo calls `extract` only inside a slot
(`sources/slots.py`). The parsers are imported when first called, so whoever only names the work does not carry them.
"""

from __future__ import annotations

from octavo.core.types import Entry, Extract


def extract(html: bytes | str, url: str, *, hint: Entry | None = None, charset: str = "") -> Extract:
    """Everything that is known of the article on a page: see `reading.extract`."""
    from octavo.sources.extraction import reading

    return reading.extract(html, url, hint=hint, charset=charset)


def from_entry(entry: Entry, *, reason: str = "") -> Extract:
    """What the feed itself says of an article: see `reading.from_entry`."""
    from octavo.sources.extraction import reading

    return reading.from_entry(entry, reason=reason)


def sanitise_fragment(html: str, base_url: str) -> tuple[str, str]:
    """A feed's summary or content as safe HTML and as its plain text: see `sanitise.sanitise_fragment`."""
    from octavo.sources.extraction import sanitise

    return sanitise.sanitise_fragment(html, base_url)
