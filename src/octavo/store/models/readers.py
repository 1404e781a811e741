"""Who reads, and what they have read, saved and muted."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from octavo.store.models.reading import Article, Publisher


class User(AbstractUser):
    """A reader with an account. `is_staff` marks moderators and administrators."""

    language = models.CharField(max_length=8, blank=True, help_text="interface language; empty: the browser's")
    theme = models.CharField(max_length=8, blank=True, help_text="light, dark or empty for the system's")
    unread_only = models.BooleanField(default=False)
    brief_by_mail = models.BooleanField(default=False)
    # The day whose brief was last sent, so that none is sent twice.
    brief_sent_on = models.DateField(null=True, blank=True)


class ReadBatch(models.Model):
    """One 'mark all read', so that it can be undone."""

    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="read_batches")
    made_at = models.DateTimeField(auto_now_add=True)


class ReadMark(models.Model):
    """That a reader has read an article."""

    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="read_marks")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="read_marks")
    batch = models.ForeignKey(ReadBatch, on_delete=models.SET_NULL, null=True, related_name="marks")
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "article"], name="read_once")]


class Saved(models.Model):
    """That a reader keeps an article; retention never drops it."""

    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="saved")
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "article"], name="saved_once")]
        indexes = [models.Index(fields=["reader", "-saved_at"], name="saved_latest")]


class Muted(models.Model):
    """A word or a publisher that a reader does not want in lists; exactly one of the two is set."""

    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="muted")
    word = models.CharField(max_length=80, blank=True)
    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, null=True, related_name="+")
    muted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "word"], name="muted_word_once", condition=~models.Q(word="")),
            models.UniqueConstraint(fields=["reader", "publisher"], name="muted_publisher_once"),
            models.CheckConstraint(
                condition=models.Q(word="", publisher__isnull=False) | (~models.Q(word="") & models.Q(publisher=None)),
                name="muted_word_or_publisher",
            ),
        ]


class LoginLink(models.Model):
    """A one-time link, printed on the terminal, that makes its bearer the administrator. Only a hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
