"""People's words on stories: these belong together, that one does not belong here. Lasting, signed, reasoned, and in the open.

A correction is stored here; the holder of the desk acts on it within a second or two (`services/correcting.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from octavo.core.talking import moderation
from octavo.store.models import Article, Correction, Placement, Story, User

# An article is kept apart from so many of a story's articles, the newest; others follow those.
MOST_OTHERS = 200
REASON_LENGTH = 500


class CorrectionRefused(ValueError):
    """A correction that is not taken; the message says why and what to do."""


def may_correct(reader: object) -> bool:
    """Whether somebody's word on stories counts."""
    return bool(getattr(reader, "is_staff", False))


@transaction.atomic
def join(editor: User, article: Article, other: Article, reason: str) -> Correction:
    """Says that two articles report one event: their stories become one and stay it.

    The article of the smaller story is bound to every article of both, up to MOST_OTHERS: bound to the other alone, it would
    leave its own story behind; and what was said before of it and the other story no longer holds.
    """
    reason = _allowed(editor, reason)
    if article.pk == other.pk:
        raise CorrectionRefused(_("Choose two different articles."))
    if article.story_id is not None and article.story_id == other.story_id:
        raise CorrectionRefused(_("These two are one story already."))
    own, theirs = _beside(article), _beside(other)
    if len(theirs) < len(own):
        article, other, own, theirs = other, article, theirs, own
    bound = [other, *own[: MOST_OTHERS // 2], *theirs][:MOST_OTHERS]
    return _say(editor, Correction.Verb.TOGETHER, article, bound, reason)


def _beside(article: Article) -> list[Article]:
    """The other articles of its story, the newest first."""
    if article.story_id is None:
        return []
    beside = Article.objects.filter(story=article.story_id).exclude(pk=article.pk)
    return list(beside.order_by("-sort_at", "-id")[:MOST_OTHERS])


@transaction.atomic
def split(editor: User, article: Article, reason: str) -> Correction:
    """Says that an article does not belong to its story: it leaves it, with those that share its text, and stays out."""
    reason = _allowed(editor, reason)
    others = _others(article)
    if not others:
        raise CorrectionRefused(_("Nothing else stands in its story."))
    return _say(editor, Correction.Verb.APART, article, others, reason)


def _others(article: Article) -> list[Article]:
    """The articles of its story that do not share its text, the newest first."""
    if article.story_id is None:
        return []
    rows = Placement.objects.filter(article__story=article.story_id).values_list("article", "copy_of")
    sources = dict(rows)
    own = sources.get(article.pk) or article.pk
    chosen = [key for key, source in sources.items() if (source or key) != own and key != article.pk]
    found = Article.objects.filter(pk__in=chosen).order_by("-sort_at", "-id")
    return list(found[:MOST_OTHERS])


def _allowed(editor: User, reason: str) -> str:
    """The reason as it is shown. CorrectionRefused where it is missing, or the editor's word does not count."""
    if not may_correct(editor):
        raise CorrectionRefused(_("Only moderators correct stories."))
    reason = moderation.clean(reason)[:REASON_LENGTH]
    if not reason:
        raise CorrectionRefused(_("Give a reason: it is shown in the public log."))
    return reason


def _say(editor: User, verb: str, article: Article, others: Sequence[Article], reason: str) -> Correction:
    """Stores what is said; a form that is sent twice says it once, so that taking it back once is enough."""
    said = {"verb": verb, "article": article, "others": [other.pk for other in others], "reason": reason}
    again = Correction.objects.filter(**said, editor=editor, withdrawn_at=None).first()
    return again or Correction.objects.create(
        **said,
        headline=article.title,
        other_headline=others[0].title,
        editor=editor,
        made_at=timezone.now(),
    )


@transaction.atomic
def withdraw(editor: User, correction: Correction) -> None:
    """Takes a correction back: the stories are what the desk thinks again."""
    if not may_correct(editor):
        raise CorrectionRefused(_("Only moderators correct stories."))
    taken = Correction.objects.filter(pk=correction.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by=editor, applied_at=None
    )
    if not taken:
        raise CorrectionRefused(_("This correction has been taken back already."))
    correction.refresh_from_db()


def log() -> QuerySet[Correction]:
    """Every correction, the newest first, with who made it and took it back: a part of the public log."""
    return Correction.objects.select_related("editor", "withdrawn_by", "article").order_by("-made_at", "-id")


@dataclass(frozen=True, slots=True)
class Link:
    """Two articles that are strongly linked, by number, and why; `days` lie between them, None where that is not known."""

    left: int
    right: int
    odds: float
    names: Sequence[str]
    days: float | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a story's articles are together: what most of them name and say, and the strongest links."""

    names: Sequence[str]
    words: Sequence[str]
    links: Sequence[Link]


def why_together(story: Story) -> Why:
    """The answer as the desk left it when the story was last repaired; no query."""
    told = story.why
    links = [Link(**link) for link in told.get("links", ())]
    return Why(told.get("names", ()), told.get("words", ()), links)
