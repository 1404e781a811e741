"""What is told of stories: the cited sentences of each, the eight of a day, and who follows what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from octavo.store.models.folding import Story
from octavo.store.models.readers import User
from octavo.store.models.reading import Article, ArticleVersion, Hashtag, Publisher


class StorySentence(models.Model):
    """One sentence of a story's summary, with its receipt: it stands in this version from `start` to `end`, in code points."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="sentences")
    place = models.PositiveSmallIntegerField()
    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField(help_text="the passage itself, so that a list need not load whole texts")

    class Meta:
        ordering = ["story", "place"]
        constraints = [models.UniqueConstraint(fields=["story", "place"], name="story_sentence_place")]


class StoryTelling(models.Model):
    """What is told of a story beside its summary, as of the same state of it: made by services/telling.py, never edited.

    All four hold passages as {"article", "version", "start", "end", "text", "language", "publisher", ...}, so that a page
    needs one query. Those of articles that have left the story since are left out when they are read.
    """

    story = models.OneToOneField(Story, on_delete=models.CASCADE, primary_key=True, related_name="telling")
    numbers = models.JSONField(default=list, blank=True, help_text="where the articles' numbers differ")
    timeline = models.JSONField(default=list, blank=True, help_text="its developments, a line each")
    quotes = models.JSONField(default=list, blank=True, help_text="who said what, and who printed it")
    views = models.JSONField(default=dict, blank=True, help_text="what all report, and what only some do")

    def __str__(self) -> str:
        return f"telling of story {self.story_id}"


class Brief(models.Model):
    """The eight stories of one day. The day's last one stays as it is, with what it was chosen from.

    `picks` has what a page shows of each, in order; `readings` what a longer reading adds, by place. Both hold sentences as
    {"article", "version", "start", "end", "text", "language", "publisher"}.
    """

    day = models.DateField()
    # A language, a country, or empty for all.
    edition = models.CharField(max_length=16, blank=True)
    made_at = models.DateTimeField(db_index=True)
    story_count = models.PositiveIntegerField(default=0, help_text="how many fresh stories there were to choose from")
    picks = models.JSONField(default=list)
    readings = models.JSONField(default=list)
    # {"usual", "publishers", "candidates": [...]}: the same inputs always give the same eight.
    inputs = models.JSONField(default=dict)
    # What it cites, which is kept as long as it.
    cites: models.ManyToManyField[Article, models.Model] = models.ManyToManyField(
        Article, related_name="briefs", blank=True
    )

    class Meta:
        ordering = ["-day", "edition"]
        constraints = [models.UniqueConstraint(fields=["edition", "day"], name="brief_of_a_day")]

    def __str__(self) -> str:
        return f"brief of {self.day} {self.edition}".strip()


class Follow(models.Model):
    """What a reader follows: a publisher, a hashtag or a story; exactly one of them is set."""

    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, null=True, related_name="+")
    hashtag = models.ForeignKey(Hashtag, on_delete=models.CASCADE, null=True, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, null=True, related_name="+")
    followed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "publisher"], name="follow_publisher_once"),
            models.UniqueConstraint(fields=["reader", "hashtag"], name="follow_hashtag_once"),
            models.UniqueConstraint(fields=["reader", "story"], name="follow_story_once"),
            models.CheckConstraint(
                condition=Q(publisher__isnull=False, hashtag=None, story=None)
                | Q(publisher=None, hashtag__isnull=False, story=None)
                | Q(publisher=None, hashtag=None, story__isnull=False),
                name="follow_one_thing",
            ),
        ]
