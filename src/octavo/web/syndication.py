"""Lists of articles as Atom (RFC 4287) and JSON Feed 1.1. Excerpts only: the whole text stays at its publisher and here."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from octavo.store.queries import Row
from octavo.web.rows import headline_of

if TYPE_CHECKING:
    from octavo.web.views.lists import Listing

# Characters that XML 1.0 cannot hold.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def feed(form: str, listing: Listing, rows: Sequence[Row]) -> HttpResponse:
    """A list as a feed; `form` is atom or json."""
    response = (atom if form == "atom" else json_feed)(listing, rows)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def atom(listing: Listing, rows: Sequence[Row]) -> HttpResponse:
    """A list as Atom."""
    made = Atom1Feed(
        title=speakable(title_of(listing)),
        link=absolute(listing.address + listing.query_string),
        description=None,
        feed_url=absolute(listing.atom),
        language=get_language(),
    )
    for row in rows:
        made.add_item(
            title=speakable(headline_of(row.title, row.excerpt)),
            link=absolute(f"/articles/{row.id}/"),
            description=speakable(row.excerpt),
            pubdate=row.sort_at,
            updateddate=row.sort_at,
            author_name=speakable(row.publisher),
            unique_id=identity(row),
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def json_feed(listing: Listing, rows: Sequence[Row]) -> HttpResponse:
    """A list as JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(listing),
        "home_page_url": absolute(listing.address + listing.query_string),
        "feed_url": absolute(listing.json),
        "items": [
            {
                "id": identity(row),
                "url": absolute(f"/articles/{row.id}/"),
                "title": headline_of(row.title, row.excerpt),
                "content_text": row.excerpt or row.title,
                "date_published": row.sort_at.isoformat(),
                "authors": [{"name": row.publisher}],
                **({"language": row.language} if row.language else {}),
            }
            for row in rows
        ],
    }
    body = json.dumps(document, ensure_ascii=False)
    return HttpResponse(body, content_type="application/feed+json; charset=utf-8")


def title_of(listing: Listing) -> str:
    """The list's title with the installation's name."""
    return f"{listing.title} · {settings.OCTAVO.site_name}"


def identity(row: Row) -> str:
    """An article's lasting identity: its address here."""
    return absolute(f"/articles/{row.id}/")


def absolute(path: str) -> str:
    """A whole address out of a path."""
    return f"{settings.OCTAVO.site_url}{path}"


def speakable(text: str) -> str:
    """A text that XML can hold."""
    return UNSPEAKABLE.sub("", text)
