"""One run of the press: which articles are out, when they came out and at which address; it never opens a connection."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cached_property
from urllib.parse import quote

from octavo.demo.press import Article, Press, Publisher

# Offsets that a publisher without `zone` may have, in minutes; publishers of one country share theirs.
ZONES = (0, 60, 120, 180, 330, -180, -300)
FEED_PATHS = {
    "rss-teaser": "/rss.xml",
    "rss-full": "/feed.xml",
    "atom": "/atom.xml",
    "json": "/feed.json",
    "rdf": "/index.rdf",
    "podcast": "/podcast.xml",
    "video": "/videos.xml",
}
RELATED = 4


@dataclass(frozen=True)
class Printed:
    """An article that is out: its path on its publisher's site, and its times in the publisher's zone."""

    article: Article
    publisher: Publisher
    origin: str
    path: str
    published: datetime
    updated: datetime | None = None

    @property
    def url(self) -> str:
        """The canonical address."""
        return self.origin + quote(self.path)

    @property
    def changed(self) -> datetime:
        """When the page last changed."""
        return self.updated or self.published

    @property
    def guid(self) -> str:
        """An identity that outlives the press's restart; it is not an address."""
        return f"tag:{self.publisher.id}.example,2026:{self.article.slug}"

    @property
    def picture_url(self) -> str:
        """The lead image's address, empty where there is none."""
        return f"{self.origin}/pictures/{picture_name(self.article.image)}" if self.article.image else ""

    @property
    def recording_url(self) -> str:
        """The address of its sound or film, empty where there is none."""
        if not self.article.recording:
            return ""
        suffix = "webm" if self.is_film else "wav"
        return f"{self.origin}/media/{self.article.slug}.{suffix}"

    @property
    def is_film(self) -> bool:
        """Whether its recording is a film."""
        return self.article.recording == "film"

    @property
    def byline(self) -> tuple[str, ...]:
        """The authors as the page names them: the agency stands in where no person is named."""
        return self.article.authors or tuple(filter(None, (self.article.byline_agency,)))


@dataclass(frozen=True)
class Site:
    """One publisher's site in this run, its articles newest first."""

    publisher: Publisher
    origin: str
    started: datetime
    printed: tuple[Printed, ...] = field(repr=False)

    @property
    def home_page(self) -> str:
        """The address of the front page."""
        return self.origin + "/"

    @property
    def feed_path(self) -> str:
        """Where the feed lies on this site."""
        return FEED_PATHS[self.publisher.feed]

    @property
    def feed_url(self) -> str:
        """The address of the feed."""
        return self.origin + self.feed_path

    @cached_property
    def by_path(self) -> Mapping[str, Printed]:
        """Articles by their path, decoded."""
        return {printed.path: printed for printed in self.printed}

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """The publisher's sections and any other that an article stands in, each once."""
        return tuple(dict.fromkeys((*self.publisher.sections, *(p.article.section for p in self.printed))))

    @cached_property
    def pictures(self) -> Mapping[str, str]:
        """The subjects of pictures by file name."""
        return {picture_name(p.article.image): p.article.image for p in self.printed if p.article.image}

    @cached_property
    def recordings(self) -> Mapping[str, Printed]:
        """Articles with sound or film, by the path of the file."""
        return {p.recording_url.removeprefix(self.origin): p for p in self.printed if p.recording_url}

    @property
    def changed(self) -> datetime:
        """When anything here last changed; the start of the press where nothing is out."""
        return max((p.changed for p in self.printed), default=self.started)

    def related(self, printed: Printed) -> tuple[Printed, ...]:
        """Other articles of the site: the same story first, then the same section, then the newest."""
        here = printed.article
        others = [p for p in self.printed if p is not printed]
        others.sort(key=lambda p: (p.article.story != here.story, p.article.section != here.section))
        return tuple(others[:RELATED])


def make_sites(press: Press, origins: Mapping[str, str], started: datetime) -> tuple[Site, ...]:
    """Places the press in time and on addresses: `origins` gives each publisher's, `started` is aware."""
    return tuple(_site(publisher, press.articles, origins[publisher.id], started) for publisher in press.publishers)


def picture_name(subject: str) -> str:
    """A picture's file name, the same for the same subject."""
    return f"{fingerprint(subject):010x}.png"


def fingerprint(text: str) -> int:
    """A number below 2**40 that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:5])


def zone_of(publisher: Publisher) -> timezone:
    """The publisher's zone: its own, or one that its country shares."""
    minutes = ZONES[fingerprint(publisher.country) % len(ZONES)] if publisher.zone is None else publisher.zone
    return timezone(timedelta(minutes=minutes))


def path_of(article: Article, publisher: Publisher) -> str:
    """The path of an article's page, as sites of that template write theirs."""
    number = fingerprint(article.address) % 900_000 + 100_000
    slug = _title_slug(article.title) if publisher.language == "ar" else article.slug
    return {
        "plain": f"/articles/{slug}",
        "broadsheet": f"/{article.section}/{slug}.html",
        "tabloid": f"/news/{article.slug}-{number}",
        "blog": f"/{slug}/",
        "radio": f"/story/{number}/{article.slug}",
    }[publisher.template]


def _site(publisher: Publisher, articles: Iterable[Article], origin: str, started: datetime) -> Site:
    printed = [
        _printed(article, publisher, origin, started)
        for article in articles
        if article.publisher == publisher.id and article.hours_ago >= 0
    ]
    printed.sort(key=lambda p: (p.published, p.path), reverse=True)
    return Site(publisher, origin, started, tuple(printed))


def _printed(article: Article, publisher: Publisher, origin: str, started: datetime) -> Printed:
    zone = zone_of(publisher)
    updated = article.updated_hours_ago
    return Printed(
        article=article,
        publisher=publisher,
        origin=origin,
        path=path_of(article, publisher),
        published=_before(started, article.hours_ago, article.address).astimezone(zone),
        updated=None if updated is None or updated < 0 else _before(started, updated, article.address).astimezone(zone),
    )


def _before(started: datetime, hours: float, address: str) -> datetime:
    """Some hours before the start, at a second of its own, so that nothing comes out on the stroke of the minute."""
    return (started - timedelta(hours=hours, seconds=fingerprint(address) % 60)).replace(microsecond=0)


def _title_slug(title: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in title).split()
    return "-".join(words[:8])
