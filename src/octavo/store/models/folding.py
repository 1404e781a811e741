"""What the desk decided: stories and what stands in them, copies, vectors, and people's corrections, with its work list."""

from __future__ import annotations

from django.db import models

from octavo.store.models.readers import User
from octavo.store.models.reading import Article, ArticleVersion


class Story(models.Model):
    """Articles that report the same event. Its id is its address and stays: what was merged leads to where it went.

    A story without articles (`heat` and times null) was merged into another. Everything below `name` is told again from
    its articles whenever these change.
    """

    # The desk's own name for it: the id of the article that founded it, which may have left it since.
    name = models.CharField(max_length=40, unique=True)
    merged_into = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="merged")
    founded_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="when an article last came or went")
    headline = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=16, blank=True, help_text="of most of its articles")
    section = models.CharField(max_length=32, blank=True, help_text="of most of its articles that have one")
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    article_count = models.PositiveIntegerField(default=0)
    publisher_count = models.PositiveIntegerField(default=0)
    text_count = models.PositiveIntegerField(default=0, help_text="independent texts: articles that copy none of these")
    # By how many publishers and how lately: see core/folding/coverage.py. Its order does not change as time passes.
    heat = models.FloatField(null=True)
    # The `changed_at` of the state that its summary tells; null: it has none.
    told_at = models.DateTimeField(null=True)
    # {"names": [...], "words": [...], "links": [{"left": article, "right": article, "odds", "names", "days"}]}
    why = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "stories"
        indexes = [
            models.Index(fields=["-last_at", "-id"], name="story_latest"),
            models.Index(fields=["-heat", "-id"], name="story_hottest"),
            models.Index(fields=["language", "-heat", "-id"], name="story_hottest_by_language"),
        ]

    def __str__(self) -> str:
        return f"story {self.pk}"


class Earlier(models.Model):
    """That an article of a story is near to another story too, which may be an earlier part of the affair."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="earlier_links")
    earlier = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="later_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "earlier"], name="earlier_once")]


class Placement(models.Model):
    """That an article has been laid on the desk, when in the order of arrival, and what was decided of it.

    Its story is `Article.story`. Spans are [[start, end], …] in code points.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="placement")
    # Given by the one process that holds the desk; it grows, and has gaps where articles were removed.
    sequence = models.BigIntegerField(unique=True)
    version = models.ForeignKey(
        ArticleVersion, on_delete=models.SET_NULL, null=True, related_name="+", help_text="what was read of it"
    )
    kind = models.CharField(max_length=16, blank=True, help_text="report, live, opinion, digest, listing …")
    odds = models.FloatField(default=0.0, help_text="the average log-odds for the story it joined on arrival")
    copy_of = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, related_name="copies", help_text="who had its text first"
    )
    # Whether `copy_of` was only told later, by a text that showed two groups of copies to be one.
    was_joined = models.BooleanField(default=False)
    joined = models.JSONField(
        default=list, blank=True, help_text="the first texts of the groups that it showed to be one"
    )
    nearest = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, related_name="+")
    shared = models.FloatField(null=True, help_text="the share of its text that the nearest has too, 0 to 1")
    added = models.JSONField(default=list, blank=True, help_text="spans of its text that the copied text has not")
    cut = models.JSONField(default=list, blank=True, help_text="spans of the nearest text that it has not")
    nearest_version = models.ForeignKey(
        ArticleVersion, on_delete=models.SET_NULL, null=True, related_name="+", help_text="which text `cut` points into"
    )
    agency = models.CharField(max_length=80, blank=True, help_text="as its byline names it")


class Vector(models.Model):
    """An article's embedding: `values` are float16, little-endian, at unit length. One model's are never met by another's."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="vector")
    model = models.CharField(max_length=120)
    values = models.BinaryField()


class Correction(models.Model):
    """A person's lasting word on which articles are one story; never changed but by withdrawing it. Shown in the public log.

    It says of `article` that it belongs together with each of `others`, or apart from each of them.
    """

    class Verb(models.TextChoices):
        """What was said."""

        TOGETHER = "together"
        APART = "apart"

    verb = models.CharField(max_length=16, choices=Verb.choices)
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, related_name="corrections")
    others = models.JSONField(default=list, help_text="numbers of articles")
    # As the log tells it after the articles have gone.
    headline = models.CharField(max_length=500, blank=True)
    other_headline = models.CharField(max_length=500, blank=True)
    editor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="corrections")
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(db_index=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    # The desk's holder acts on it; null: it has yet to, after the making or after the withdrawal.
    applied_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["-made_at", "-id"]


class FoldWork(models.Model):
    """An article that is to be laid on the desk; written in the article's own transaction, struck off in the placement's."""

    id = models.BigAutoField(primary_key=True)
    article_id = models.BigIntegerField(db_index=True, help_text="no foreign key: the article may be gone")


class FoldState(models.Model):
    """How far the desk has come; one row."""

    name = models.CharField(max_length=40, unique=True)
    sequence = models.BigIntegerField(default=0, help_text="the last one given")
    repaired = models.BigIntegerField(default=0, help_text="the last one given when stories were last repaired")
    revision = models.BigIntegerField(default=0, help_text="grows with everything that the desk saves")
    model = models.CharField(
        max_length=120, blank=True, help_text="whose vectors the desk compares; empty: words alone"
    )
    vectors_of = models.CharField(max_length=120, blank=True, help_text="the model by which every article has a vector")
    snapshot = models.CharField(max_length=80, blank=True, help_text="the file that holds the desk, in the data folder")


class TermCheckpoint(models.Model):
    """How common each term was when an article came, so that a desk can be rebuilt from the store alone."""

    sequence = models.BigIntegerField(unique=True)
    counts = models.BinaryField()
