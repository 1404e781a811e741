"""What readers follow - publishers, hashtags, stories - and the eight that are theirs for it; it hides nothing from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from octavo.services.briefs import Pick, as_picks
from octavo.services.candidates import Inputs
from octavo.store.briefs import BriefRow
from octavo.store.models import Article, Brief, Follow, Hashtag, Publisher, Story, User

# How long back an article of what is followed raises its story.
RAISED_FOR: Final = timedelta(days=2)


def follow(reader: User, followed: Publisher | Hashtag | Story) -> None:
    """Follows a publisher, a hashtag or a story; nothing happens where it is followed already."""
    Follow.objects.get_or_create(reader=reader, **_field(followed))


def unfollow(reader: User, followed: Publisher | Hashtag | Story) -> None:
    """Follows it no longer."""
    Follow.objects.filter(reader=reader, **_field(followed)).delete()


def is_followed(reader: User, followed: Publisher | Hashtag | Story) -> bool:
    """Whether a reader follows it; one query."""
    return Follow.objects.filter(reader=reader, **_field(followed)).exists()


def _field(followed: Publisher | Hashtag | Story) -> dict[str, Any]:
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
