"""Lists of articles and stories as Atom (RFC 4287) and JSON Feed 1.1. Excerpts only: the whole text stays at its publisher and here."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from octavo.store.queries import Row
from octavo.store.stories import StoryRow
from octavo.web.rows import counts_told, headline_of

if TYPE_CHECKING:
    from octavo.web.views.lists import Listing

# Characters that XML 1.0 cannot hold.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed; `path` is its page here and its lasting identity."""

    path: str
    title: str
    text: str
    published: datetime
    updated: datetime
    author: str
    language: str

    @property
    def identity(self) -> str:
        """Its whole address."""
        return absolute(self.path)


def feed(form: str, listing: Listing, rows: Sequence[Row]) -> HttpResponse:
    """A list of articles as a feed; `form` is atom or json."""
    return written(form, listing, [of_article(row) for row in rows])


def of_stories(form: str, listing: Listing, told: Sequence[tuple[StoryRow, Row]]) -> HttpResponse:
    """Stories with their headlines as a feed; `form` is atom or json."""
    return written(form, listing, [of_story(story, head) for story, head in told])


def of_article(row: Row) -> Item:
    """An article as an item."""
    title = headline_of(row.title, row.excerpt)
    return Item(f"/articles/{row.id}/", title, row.excerpt, row.sort_at, row.sort_at, row.publisher, row.language)


def of_story(story: StoryRow, head: Row) -> Item:
    """A story as an item: its headline and counts. It comes again as updated when articles are added."""
    title, text = headline_of(head.title, head.excerpt), f"{head.excerpt} ({counts_told(story)})".strip()
    return Item(f"/stories/{story.id}/", title, text, story.first_at, story.last_at, head.publisher, head.language)


def written(form: str, listing: Listing, items: Sequence[Item]) -> HttpResponse:
    """Items as a feed."""
    response = (atom if form == "atom" else json_feed)(listing, items)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def atom(listing: Listing, items: Sequence[Item]) -> HttpResponse:
    """A list as Atom."""
    made = Atom1Feed(
        title=speakable(title_of(listing)),
        link=absolute(listing.address + listing.query_string),
        description=None,
        feed_url=absolute(listing.atom),
        language=get_language(),
    )
    for item in items:
        made.add_item(
            title=speakable(item.title),
            link=item.identity,
            description=speakable(item.text),
            pubdate=item.published,
            updateddate=item.updated,
            author_name=speakable(item.author),
            unique_id=item.identity,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def json_feed(listing: Listing, items: Sequence[Item]) -> HttpResponse:
    """A list as JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(listing),
        "home_page_url": absolute(listing.address + listing.query_string),
        "feed_url": absolute(listing.json),
        "items": [
            {
                "id": item.identity,
                "url": item.identity,
                "title": item.title,
                "content_text": item.text or item.title,
                "date_published": item.published.isoformat(),
                **({"date_modified": item.updated.isoformat()} if item.updated != item.published else {}),
                "authors": [{"name": item.author}],
                **({"language": item.language} if item.language else {}),
            }
            for item in items
        ],
    }
    body = json.dumps(document, ensure_ascii=False)
    return HttpResponse(body, content_type="application/feed+json; charset=utf-8")


def title_of(listing: Listing) -> str:
    """The list's title with the installation's name."""
    return f"{listing.title} · {settings.OCTAVO.site_name}"


def absolute(path: str) -> str:
    """A whole address out of a path."""
    return f"{settings.OCTAVO.site_url}{path}"


def speakable(text: str) -> str:
    """A text that XML can hold."""
    return UNSPEAKABLE.sub("", text)
