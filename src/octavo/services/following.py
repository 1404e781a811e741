"""What readers follow - publishers, hashtags, stories - and the eight that are theirs for it; it hides nothing from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from octavo.services.briefs import Pick, as_picks
from octavo.services.candidates import Inputs
from octavo.store.briefs import BriefRow
from octavo.store.models import Article, Brief, Follow, Hashtag, Publisher, Story, User

Followed = Publisher | Hashtag | Story

# How long back an article of what is followed raises its story.
RAISED_FOR: Final = timedelta(days=2)


def follow(reader: User, followed: Followed) -> None:
    """Follows a publisher, a hashtag or a story; nothing happens where it is followed already."""
    Follow.objects.get_or_create(reader=reader, **_field(followed))


def unfollow(reader: User, followed: Followed) -> None:
    """Follows it no longer."""
    Follow.objects.filter(reader=reader, **_field(followed)).delete()


def is_followed(reader: User | None, **which: Any) -> bool:
    """Whether a reader follows a `publisher`, a `story`, or something of a `hashtag__key`; one query, none for nobody."""
    return reader is not None and Follow.objects.filter(reader=reader, **which).exists()


def followed_by(reader: User) -> list[Follow]:
    """What a reader follows, a hashtag once whatever its languages; one query."""
    rows = Follow.objects.filter(reader=reader).select_related("publisher", "hashtag", "story__headline")
    found: dict[tuple[Any, ...], Follow] = {}
    for row in rows.order_by("-followed_at", "-id").defer("story__why"):
        found.setdefault((row.publisher_id, row.story_id, row.hashtag and row.hashtag.key), row)
    return list(found.values())


def articles_for(reader: User) -> QuerySet[Article]:
    """The articles of what a reader follows."""
    follows = Follow.objects.filter(reader=reader).order_by()
    publishers = follows.filter(publisher__isnull=False).values("publisher")
    stories = follows.filter(story__isnull=False).values("story")
    hashtags = follows.filter(hashtag__isnull=False).values("hashtag")
    tagged = Article.objects.filter(hashtags__in=hashtags).order_by().values("pk")
    return Article.objects.filter(Q(publisher__in=publishers) | Q(story__in=stories) | Q(pk__in=tagged))


def _field(followed: Followed) -> dict[str, Any]:
    return {{Publisher: "publisher", Hashtag: "hashtag", Story: "story"}[type(followed)]: followed}


def eight_for(reader: User, brief: BriefRow) -> Sequence[Pick]:
    """The eight of a brief, chosen anew with what a reader follows; the brief's own where they follow nothing.

    One query, five where something is followed.
    """
    follows = Follow.objects.filter(reader=reader)
    followed = list(follows.values_list("publisher", "hashtag", "story"))
    if not followed:
        return brief.picks
    inputs = Inputs.from_json(Brief.objects.values_list("inputs", flat=True).get(pk=brief.id))
    raised = _stories(*({key for key in column if key} for column in zip(*followed, strict=True)))
    has_before = any(pick["has_before"] for pick in brief.picks)
    return as_picks(inputs, inputs.chosen({str(key) for key in raised}), has_before=has_before)


def _stories(publishers: set[int], hashtags: set[int], stories: set[int]) -> set[int]:
    """The stories that lately had something of what is followed."""
    by = Q(publisher__in=publishers) | Q(hashtags__in=hashtags) | Q(story__in=stories)
    recent = Article.objects.filter(by, sort_at__gt=timezone.now() - RAISED_FOR, story__isnull=False).order_by()
    return {key for key in recent.values_list("story", flat=True).distinct() if key} | stories
