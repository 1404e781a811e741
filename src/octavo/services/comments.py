"""Comments: posting, editing, deleting, flagging, and the moderators' verdicts, every one of them logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from octavo.core.talking import moderation, threads
from octavo.core.talking.moderation import CommentDecision, Outcome
from octavo.store import queries
from octavo.store.models import Article, Comment, Flag, User, Verdict

# A text that its author posted within this time is a repeat.
REPEAT_WINDOW = timedelta(hours=24)
FLAGS_PER_HOUR = 30
# The rules' reasons, named here so that translators find them; core/talking/moderation.py writes them.
RULE_REASONS = (
    gettext_noop("There is no text in it."),
    gettext_noop("It is too long; 5,000 characters are allowed."),
    gettext_noop("The same text was posted a moment ago."),
    gettext_noop("It holds many links; a moderator looks at it first."),
    gettext_noop("It is written in capitals; a moderator looks at it first."),
    gettext_noop("Several readers flagged it."),
)
STATE_AFTER = {
    Verdict.Decision.KEEP: Comment.State.SHOWN,
    Verdict.Decision.RESTORE: Comment.State.SHOWN,
    Verdict.Decision.REMOVE: Comment.State.REMOVED,
    Verdict.Decision.HOLD: Comment.State.HELD,
}


class CommentRefused(ValueError):
    """A comment, flag or verdict that is not taken; the message tells its author why and what to do."""


@transaction.atomic
def post(reader: User, article: Article, text: str, parent: Comment | None = None) -> Comment:
    """A new comment under an article or in answer to another; shown, or held with a logged verdict of the rule."""
    now = timezone.now()
    text = moderation.clean(text)
    _refuse_haste(reader, now)
    _refuse_wrong_parent(article, parent)
    decision = _judge(reader, text, now)
    if decision.outcome is Outcome.REFUSE:
        raise CommentRefused(_(decision.reason))
    comment = Comment.objects.create(
        article=article,
        author=reader,
        parent=parent,
        depth=threads.depth_of_reply(parent.depth if parent else None, settings.OCTAVO.comment_depth),
        text=text,
        state=Comment.State.HELD if decision.outcome is Outcome.HOLD else Comment.State.SHOWN,
        posted_at=now,
    )
    _log_rule(comment, decision, now)
    return comment


@transaction.atomic
def edit(reader: User, comment: Comment, text: str) -> Comment:
    """Changes a comment within its edit window; the new text passes the same rules."""
    now = timezone.now()
    _lock(comment)
    if not can_edit(reader, comment, now):
        raise CommentRefused(_("This comment can no longer be edited."))
    text = moderation.clean(text)
    if text == comment.text:
        return comment
    decision = _judge(reader, text, now)
    if decision.outcome is Outcome.REFUSE:
        raise CommentRefused(_(decision.reason))
    if decision.outcome is Outcome.HOLD:
        comment.state = Comment.State.HELD
        _log_rule(comment, decision, now)
    comment.text, comment.edited_at = text, now
    comment.save(update_fields=["text", "edited_at", "state"])
    return comment


@transaction.atomic
def delete(reader: User, comment: Comment) -> None:
    """Takes a comment back: its text goes, its place in the thread stays."""
    _lock(comment)
    if comment.author_id != reader.pk:
        raise CommentRefused(_("Only its author can delete a comment."))
    if comment.state == Comment.State.REMOVED:
        raise CommentRefused(_("A moderator has removed this comment."))
    comment.state, comment.text = Comment.State.DELETED, ""
    comment.save(update_fields=["state", "text"])
    comment.flags.filter(settled_at=None).update(settled_at=timezone.now())


@transaction.atomic
def flag(reader: User, comment: Comment, reason: str, note: str = "") -> Flag:
    """A reader's objection; enough of them by different readers hold the comment. Flagging again changes the reason."""
    now = timezone.now()
    _lock(comment)
    _refuse_wrong_flag(reader, comment, reason, now)
    raised, _made = Flag.objects.update_or_create(
        comment=comment,
        reader=reader,
        defaults={"reason": reason, "note": moderation.clean(note)[:500], "raised_at": now},
    )
    open_flags = comment.flags.filter(settled_at=None).count()
    if comment.state == Comment.State.SHOWN and moderation.holds_after_flags(open_flags):
        _set_state(comment, Comment.State.HELD)
        held = CommentDecision(Outcome.HOLD, "flags", "Several readers flagged it.")
        _log_rule(comment, held, now)
    return raised


@transaction.atomic
def decide(moderator: User, comment: Comment, decision: str, reason: str) -> Verdict:
    """A moderator's verdict, with its reason; settles the open flags and is shown in the public log."""
    if not moderator.is_staff:
        raise CommentRefused(_("Only moderators decide on comments."))
    if decision not in Verdict.Decision.values:
        raise CommentRefused(_("Choose keep, remove, hold or restore."))
    reason = moderation.clean(reason)[:500]
    if not reason:
        raise CommentRefused(_("Give a reason: it is shown in the public log."))
    _lock(comment)
    if comment.state == Comment.State.DELETED:
        raise CommentRefused(_("Its author has deleted this comment."))
    now = timezone.now()
    _set_state(comment, STATE_AFTER[Verdict.Decision(decision)])
    if decision != Verdict.Decision.HOLD:
        comment.flags.filter(settled_at=None).update(settled_at=now)
    return Verdict.objects.create(
        comment=comment, moderator=moderator, decision=decision, reason=reason, decided_at=now
    )


def can_edit(reader: User, comment: Comment, now: datetime) -> bool:
    """Whether the edit window is open: one's own, not removed or deleted, and young enough."""
    window = timedelta(minutes=settings.OCTAVO.comment_edit_minutes)
    editable = comment.state in (Comment.State.SHOWN, Comment.State.HELD)
    return comment.author_id == reader.pk and editable and now - comment.posted_at <= window


def thread(article: Article) -> Sequence[Comment]:
    """An article's comments in thread order, authors loaded: one query."""
    return threads.in_thread_order(queries.comments_on(article.pk))


def queue() -> QuerySet[Comment]:
    """What waits for a moderator: held comments and those with open flags, the oldest first."""
    waits = Q(state=Comment.State.HELD) | Q(flags__settled_at=None, flags__isnull=False, state=Comment.State.SHOWN)
    return (
        Comment.objects.filter(waits)
        .select_related("author", "article", "article__publisher")
        .prefetch_related("flags__reader", "verdicts")
        .annotate(open_flags=Count("flags", filter=Q(flags__settled_at=None), distinct=True))
        .order_by("posted_at")
        .distinct()
    )


def log() -> QuerySet[Verdict]:
    """The public moderation log, the newest first."""
    return Verdict.objects.select_related("comment__article", "comment__author", "moderator")


def _lock(comment: Comment) -> None:
    """Reads a comment anew and keeps it until the transaction ends, so that no verdict passed meanwhile is undone."""
    comment.refresh_from_db(from_queryset=Comment.objects.select_for_update())


def _judge(reader: User, text: str, now: datetime) -> CommentDecision:
    own = Comment.objects.filter(author=reader)
    shown_before = own.filter(state=Comment.State.SHOWN).count()
    recent = set(own.filter(posted_at__gte=now - REPEAT_WINDOW).values_list("text", flat=True)[:50])
    return moderation.judge(text, shown_before, recent)


def _refuse_haste(reader: User, now: datetime) -> None:
    allowed = settings.OCTAVO.comments_per_hour
    if Comment.objects.filter(author=reader, posted_at__gte=now - timedelta(hours=1)).count() >= allowed:
        raise CommentRefused(
            _("You have posted %(count)d comments within an hour; wait a little.") % {"count": allowed}
        )


def _refuse_wrong_parent(article: Article, parent: Comment | None) -> None:
    if parent is None:
        return
    if parent.article_id != article.pk:
        raise CommentRefused(_("The comment that you answer belongs to another article."))
    if parent.state != Comment.State.SHOWN:
        raise CommentRefused(_("The comment that you answer is not there any more."))


def _refuse_wrong_flag(reader: User, comment: Comment, reason: str, now: datetime) -> None:
    if reason not in Flag.Reason.values:
        raise CommentRefused(_("Choose a reason."))
    if comment.author_id == reader.pk:
        raise CommentRefused(_("You cannot flag your own comment."))
    if comment.state not in (Comment.State.SHOWN, Comment.State.HELD):
        raise CommentRefused(_("This comment is not shown any more."))
    if Flag.objects.filter(reader=reader, raised_at__gte=now - timedelta(hours=1)).count() >= FLAGS_PER_HOUR:
        raise CommentRefused(_("You have flagged many comments within an hour; wait a little."))


def _set_state(comment: Comment, state: str) -> None:
    comment.state = state
    comment.save(update_fields=["state"])


def _log_rule(comment: Comment, decision: CommentDecision, now: datetime) -> None:
    if decision.outcome is Outcome.HOLD:
        Verdict.objects.create(
            comment=comment, rule=decision.rule, decision=Verdict.Decision.HOLD, reason=decision.reason, decided_at=now
        )
