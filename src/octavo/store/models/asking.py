"""What a language model was asked: the answers that were paid for, each once, and every call that left."""

from __future__ import annotations

from django.db import models

from octavo.store.models.folding import Story
from octavo.store.models.reading import Article


class Generation(models.Model):
    """One checked answer of a model. The same question is never asked twice: `input_hash` is over all that went into it.

    A row without `finished_at` is being answered; one that is old was left by a process that died.
    """

    feature = models.CharField(max_length=16)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, related_name="generations")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, null=True, related_name="generations")
    language = models.CharField(max_length=16, blank=True, help_text="that it is written in")
    model = models.CharField(max_length=120)
    prompt_version = models.CharField(max_length=24)
    input_hash = models.CharField(max_length=64, unique=True)
    # [{"text", "is_models", "passages": [[article, version, start, end], …]}, …] as they passed the check.
    claims = models.JSONField(default=list, blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.FloatField(default=0.0)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"{self.feature} {self.input_hash[:8]}"


class Egress(models.Model):
    """One call to a model: written before it is made, with the most that it may cost, and again when it has ended.

    So a call whose process was killed stands here too, and counts. A row with `is_kept` tells that a stored answer was
    given and nothing left.
    """

    at = models.DateTimeField()
    day = models.DateField(help_text="in UTC, by which the caps count")
    host = models.CharField(max_length=260)
    purpose = models.CharField(max_length=16)
    model = models.CharField(max_length=120)
    bytes_out = models.PositiveIntegerField(default=0)
    bytes_in = models.PositiveIntegerField(default=0)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.FloatField(default=0.0)
    seconds = models.FloatField(default=0.0)
    outcome = models.CharField(max_length=16)
    is_kept = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["day", "is_kept"], name="egress_by_day")]
