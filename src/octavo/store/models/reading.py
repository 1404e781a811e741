"""What comes in: publishers, feeds, entries, articles with their versions, and the pages they stand on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from octavo.core.types import Moment, Precision, Quality


class Publisher(models.Model):
    """Who writes: a name, a home page, a country, a language, an owner."""

    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(max_length=200)
    home_page = models.URLField(max_length=2000, blank=True)
    # The host part of the home page's identity key; feeds found there belong to this publisher.
    site_key = models.CharField(max_length=255, db_index=True, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 alpha-2")
    language = models.CharField(max_length=16, blank=True, help_text="BCP 47")
    owner = models.CharField(max_length=200, blank=True)
    medium = models.CharField(max_length=40, blank=True, help_text="newspaper, broadcaster, agency, magazine, online …")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Folder(models.Model):
    """A named group of feeds, as in OPML."""

    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """An address that is polled, with what is known about polling it."""

    class State(models.TextChoices):
        """Whether it is polled."""

        ACTIVE = "active"
        PAUSED = "paused"
        GONE = "gone"

    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, related_name="feeds")
    folder = models.ForeignKey(Folder, on_delete=models.SET_NULL, null=True, blank=True, related_name="feeds")
    url = models.URLField(max_length=2000, unique=True)
    url_key = models.CharField(max_length=700, db_index=True)
    kind = models.CharField(max_length=16, blank=True)
    title = models.CharField(max_length=300, blank=True)
    section = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)

    # Polling
    due_at = models.DateTimeField(db_index=True, null=True, help_text="when to poll next; null: at once")
    polled_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    interval = models.PositiveIntegerField(default=0, help_text="seconds between polls, as last decided")
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    hints = models.JSONField(default=dict, blank=True)
    # A permanent redirect is adopted only after it has held for seven days.
    moved_to = models.URLField(max_length=2000, blank=True)
    moved_since = models.DateTimeField(null=True)

    # Health: what fails, since when, why
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    failure_reason = models.CharField(max_length=40, blank=True)
    failure_detail = models.TextField(blank=True)
    notes = models.JSONField(default=list, blank=True, help_text="repairs of the last reading: [{kind, detail, count}]")

    # The claim: who polls it now, until when; `claim` grows with each claim and fences late writes. `claimed_by` lets
    # a new worker release at once what a killed one on the same machine held.
    claim = models.PositiveBigIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title or self.url


class Article(models.Model):
    """One published text with one canonical address. Its text lives in its versions; ids grow in order of arrival."""

    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, related_name="articles")
    feed = models.ForeignKey(Feed, on_delete=models.SET_NULL, null=True, related_name="articles", help_text="the first")
    url = models.URLField(max_length=2000)
    title = models.CharField(max_length=500, blank=True)
    excerpt = models.CharField(max_length=400, blank=True, help_text="the first sentences, for lists")
    authors = models.JSONField(default=list, blank=True)
    published_at = models.DateTimeField(null=True)
    published_offset = models.SmallIntegerField(null=True, help_text="minutes east of UTC, as the source wrote it")
    published_precision = models.CharField(max_length=8, blank=True)
    published_from = models.CharField(max_length=40, blank=True)
    arrived_at = models.DateTimeField(db_index=True)
    # When it stands in lists: the publication time, never after its arrival; the arrival where no time is known.
    sort_at = models.DateTimeField()
    language = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="the publisher's, for the editions' lists")
    section = models.CharField(max_length=32, blank=True)
    image_url = models.URLField(max_length=2000, blank=True)
    picture = models.ForeignKey("Picture", on_delete=models.SET_NULL, null=True, related_name="articles")
    quality = models.CharField(max_length=16, blank=True, help_text="empty until the page has been read")
    method = models.CharField(max_length=60, blank=True)
    version = models.ForeignKey("ArticleVersion", on_delete=models.SET_NULL, null=True, related_name="+")
    hashtags: models.ManyToManyField[Hashtag, models.Model] = models.ManyToManyField(
        "Hashtag", related_name="articles", blank=True
    )
    word_count = models.PositiveIntegerField(default=0)
    # Which story it stands in; null until the desk has placed it. The index below finds a story's articles.
    story = models.ForeignKey("Story", on_delete=models.SET_NULL, null=True, related_name="articles", db_index=False)

    class Meta:
        ordering = ["-sort_at", "-id"]
        indexes = [
            models.Index(fields=["-sort_at", "-id"], name="article_latest"),
            models.Index(fields=["publisher", "-sort_at", "-id"], name="article_by_publisher"),
            models.Index(fields=["section", "-sort_at", "-id"], name="article_by_section"),
            models.Index(fields=["country", "-sort_at", "-id"], name="article_by_country"),
            models.Index(fields=["language", "-sort_at", "-id"], name="article_by_language"),
            models.Index(fields=["story", "-sort_at", "-id"], name="article_by_story"),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def published(self) -> Moment | None:
        """The publication time as the source told it."""
        if self.published_at is None:
            return None
        return Moment(self.published_at, self.published_offset, Precision(self.published_precision or "second"))

    @published.setter
    def published(self, moment: Moment | None) -> None:
        self.published_at = moment.instant if moment else None
        self.published_offset = moment.offset_minutes if moment else None
        self.published_precision = moment.precision.value if moment else ""

    @property
    def is_whole(self) -> bool:
        """Whether the full text is here."""
        return self.quality == Quality.FULL


class ArticleVersion(models.Model):
    """One state of an article's text. Passages cite (version, start, end) in code points of `text`; never changed."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64)
    quality = models.CharField(max_length=16)
    method = models.CharField(max_length=60, blank=True)
    notes = models.JSONField(default=list, blank=True)
    # [[start, end], …] of the sentences shown as key points, chosen when the version was made.
    key_points = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_number")]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.number}"


class Identity(models.Model):
    """A key under which an article is known: an address or a GUID. It outlives the article, so that nothing returns."""

    key = models.CharField(max_length=700, unique=True)
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, related_name="identities")
    removed_at = models.DateTimeField(null=True, help_text="when retention removed the article")

    class Meta:
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """What a feed says of an article, as last read."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="entries")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="entries")
    guid = models.CharField(max_length=700, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    authors = models.JSONField(default=list, blank=True)
    summary = models.TextField(blank=True, help_text="markup from outside, not sanitised")
    content = models.TextField(blank=True, help_text="markup from outside, not sanitised")
    image_url = models.URLField(max_length=2000, blank=True)
    categories = models.JSONField(default=list, blank=True)
    published = models.JSONField(null=True, help_text="[ISO instant, offset minutes or null, precision]")
    updated_at = models.DateTimeField(null=True, help_text="the feed's own `updated`, as last read")
    content_hash = models.CharField(max_length=64)
    notes = models.JSONField(default=list, blank=True)
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["feed", "article"], name="entry_once_a_feed")]

    def __str__(self) -> str:
        return self.title or self.guid


class Enclosure(models.Model):
    """A file beside an article: sound, video or another document. Loaded by the reader's click only."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="enclosures")
    url = models.URLField(max_length=2000)
    type = models.CharField(max_length=100, blank=True)
    length = models.BigIntegerField(null=True)
    duration = models.PositiveIntegerField(null=True, help_text="seconds")
    title = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["article", "url"], name="enclosure_once")]


class Page(models.Model):
    """The publisher's page of an article, and when it is to be fetched next."""

    class State(models.TextChoices):
        """What became of the last fetch."""

        WAITING = "waiting"
        READ = "read"
        FAILED = "failed"
        DISALLOWED = "disallowed"

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="page")
    url = models.URLField(max_length=2000)
    host = models.CharField(max_length=260)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(null=True, db_index=True, help_text="when to fetch it next; null: never again")
    fetched_at = models.DateTimeField(null=True)
    fetches = models.PositiveIntegerField(default=0, help_text="successful ones")
    attempts = models.PositiveIntegerField(default=0, help_text="failed ones in a row")
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    failure_reason = models.CharField(max_length=40, blank=True)
    failure_detail = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)
    claim = models.PositiveBigIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "host"], name="page_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["state", "failed_at"], name="page_failed"),
        ]


class Picture(models.Model):
    """A lead image, fetched through the door, re-encoded and served from here."""

    class State(models.TextChoices):
        """Whether it is here."""

        WAITING = "waiting"
        HERE = "here"
        FAILED = "failed"

    url = models.URLField(max_length=2000)
    url_hash = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=260, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING, db_index=True)
    name = models.CharField(
        max_length=80, blank=True, help_text="the file below pictures/ in the data folder, no suffix"
    )
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sizes = models.JSONField(default=list, blank=True, help_text="the widths that are stored")
    failure_reason = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, db_index=True)
    claim = models.PositiveBigIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)


class Hashtag(models.Model):
    """A subject over time, shown as a hashtag; `key` is its canonical form in one language."""

    key = models.CharField(max_length=120)
    label = models.CharField(max_length=120)
    language = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="hashtag_key")]

    def __str__(self) -> str:
        return f"#{self.label}"
