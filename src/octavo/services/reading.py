"""Reads one page for a person at a terminal: through the door, with all its manners, and stored nowhere."""

from __future__ import annotations

import asyncio
from typing import Any

from octavo import settings as octavo_settings
from octavo.core.types import Extract
from octavo.services.slotwork import FeedSays, PageJob, read_page
from octavo.sources.http import Door, Request
from octavo.sources.manners import MemoryManners
from octavo.sources.refusals import Reason, Refusal


def read_once(url: str) -> Extract:
    """The article at an address as it is now. Raises Refusal, which says why there is none."""
    return asyncio.run(_read(url))


async def _read(url: str) -> Extract:
    settings = octavo_settings.current()
    async with Door(settings, MemoryManners(settings)) as door:
        reply = await door.fetch(Request(url))
    if not reply.is_new:
        raise Refusal(Reason.UNREACHABLE, f"The page's answer is {reply.status}", url)
    return read_page(PageJob(reply.url, FeedSays(), reply.body, reply.charset)).extract


def as_row(extract: Extract) -> dict[str, Any]:
    """An extract as the pipes write it."""
    return {
        "url": extract.url,
        "title": extract.title,
        "text": extract.text,
        "html": extract.html,
        "authors": list(extract.authors),
        "published": extract.published.isoformat() if extract.published else None,
        "language": extract.language or None,
        "image": extract.image_url or None,
        "quality": extract.quality.value,
        "method": extract.method,
    }
