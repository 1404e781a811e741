"""What the store knows of articles that may be related: who wrote them, their story, their text, their vector. One query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from octavo.store import vectors
from octavo.store.models import Article
from octavo.store.vectors import Floats


class Known(NamedTuple):
    """One article. `text` is the earliest one that shares its text, itself where none does; `vector` of the asked model;
    `kind` what the desk took it for, empty where it has not been there."""

    id: int
    title: str
    publisher: int
    story: int | None
    text: int
    vector: Floats | None
    kind: str = ""


def known(ids: Iterable[int], model: str) -> dict[int, Known]:
    """What is known of these articles, by number; those that are gone are left out."""
    columns = ("id", "title", "publisher_id", "story_id", "placement__copy_of_id", "placement__kind")
    rows = Article.objects.filter(id__in=set(ids)).order_by().values_list(*columns, "vector__model", "vector__values")
    return {
        key: Known(
            key,
            title,
            publisher,
            story,
            copied or key,
            vectors.unpack(values) if made_by == model else None,
            kind or "",
        )
        for key, title, publisher, story, copied, kind, made_by, values in rows
    }
