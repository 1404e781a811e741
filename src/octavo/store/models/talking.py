"""What readers say of articles: comments, flags, and verdicts, which together are the public moderation log."""

from __future__ import annotations

from django.db import models

from octavo.store.models.readers import User
from octavo.store.models.reading import Article


class Comment(models.Model):
    """A reader's text under an article, plain; links are made when it is shown."""

    class State(models.TextChoices):
        """What a visitor sees of it."""

        SHOWN = "shown"
        HELD = "held"  # waits for a moderator
        REMOVED = "removed"  # by a moderator or rule
        DELETED = "deleted"  # by its author

    # PROTECT: retention never drops a commented article.
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    depth = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.SHOWN)
    posted_at = models.DateTimeField(db_index=True)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["posted_at", "id"]
        indexes = [models.Index(fields=["article", "posted_at"], name="comment_thread")]


class Flag(models.Model):
    """A reader's objection to a comment."""

    class Reason(models.TextChoices):
        """Why."""

        ATTACK = "attack"
        HATE = "hate"
        SPAM = "spam"
        OFF_TOPIC = "off-topic"
        OTHER = "other"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="flags")
    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=16, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, help_text="when a verdict answered it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reader"], name="flag_once")]


class Verdict(models.Model):
    """A decision on a comment by a moderator or a rule, with its reason; never changed, shown in the public log."""

    class Decision(models.TextChoices):
        """What was decided."""

        KEEP = "keep"
        REMOVE = "remove"
        HOLD = "hold"
        RESTORE = "restore"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="verdicts")
    moderator = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, help_text="null: a rule")
    rule = models.CharField(max_length=60, blank=True)
    decision = models.CharField(max_length=16, choices=Decision.choices)
    reason = models.CharField(max_length=500)
    decided_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-decided_at", "-id"]
