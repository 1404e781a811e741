"""What is due and who does it: hosts and their manners, leases, the index's work list, refresh requests."""

from __future__ import annotations

from django.db import models


class Host(models.Model):
    """What two processes must know together of a host (name:port): who talks to it now, when, and what robots.txt says."""

    name = models.CharField(max_length=260, unique=True)
    # The lease: one process at a time talks to a host and keeps its gaps in memory; `lease` grows and fences.
    lease = models.PositiveBigIntegerField(default=0)
    holder = models.CharField(max_length=80, blank=True)
    held_until = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True, help_text="when another process last asked for it")
    next_at = models.DateTimeField(null=True, help_text="no request before this: the gap, carried over")
    retry_at = models.DateTimeField(null=True, help_text="no request before this: Retry-After or backing off")
    # robots.txt (RFC 9309) by origin, since http and https may differ: {origin: {fetched, status, text}}
    robots = models.JSONField(default=dict, blank=True)


class Lease(models.Model):
    """Who alone may do a thing (such as fold and index) until when; `number` grows and fences late writers."""

    name = models.CharField(max_length=40, unique=True)
    holder = models.CharField(max_length=80, blank=True)
    number = models.PositiveBigIntegerField(default=0)
    held_until = models.DateTimeField(null=True)


class IndexWork(models.Model):
    """An article whose place in the index must be renewed; written in the article's own transaction.

    `id` is the position: the index stores the last one that it has taken in.
    """

    id = models.BigAutoField(primary_key=True)
    article_id = models.BigIntegerField(db_index=True, help_text="no foreign key: the article may be gone")


class IndexState(models.Model):
    """How far an index has come: the last IndexWork that its committed files contain."""

    name = models.CharField(max_length=40, unique=True)
    position = models.BigIntegerField(default=0)
    schema = models.CharField(max_length=64, blank=True, help_text="what it was built as; another: rebuilt")


class RefreshRequest(models.Model):
    """A wish that feeds be polled now, handed to the running worker."""

    asked_at = models.DateTimeField()
    everything = models.BooleanField(default=False, help_text="whether due or not")
    feed_ids = models.JSONField(default=list, blank=True, help_text="empty: all feeds")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict, blank=True)
