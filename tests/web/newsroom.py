"""Fills a store for the tests of pages: single articles made to order, or the whole demo press without fetching it."""

from __future__ import annotations

import hashlib
import itertools
from datetime import datetime, timedelta
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone
from PIL import Image

from octavo.core.telling import hashtags, summary
from octavo.demo import drawings, edition, press
from octavo.demo.feeds import recording_seconds, recording_type
from octavo.store.models import Article, ArticleVersion, Enclosure, Feed, Hashtag, Picture, Publisher

counter = itertools.count(1)
TEXT = "The harbour opened at six. Nobody had slept.\n\nBy noon the ferries ran again, the harbour master said."


def make_publisher(name: str = "", **facts: Any) -> Publisher:
    number = next(counter)
    facts = {"slug": f"paper-{number}", "country": "XA", "language": "en", "medium": "newspaper", **facts}
    return Publisher.objects.create(
        name=name or f"Paper {number}", home_page=f"https://paper{number}.example/", **facts
    )


def make_feed(publisher: Publisher, **facts: Any) -> Feed:
    number = next(counter)
    url = f"https://paper{number}.example/feed.xml"
    return Feed.objects.create(publisher=publisher, url=url, url_key=url, title=f"Feed {number}", **facts)


def make_article(publisher: Publisher | None = None, text: str = TEXT, html: str = "", **facts: Any) -> Article:
    """An article with one version; every fact of the model can be given."""
    number = next(counter)
    when = facts.pop("published_at", timezone.now() - timedelta(minutes=number))
    publisher = publisher or make_publisher()
    facts = {
        "url": f"https://paper.example/{number}",
        "title": f"The harbour opens for the {number}th time",
        "excerpt": text[:200],
        "language": publisher.language,
        "country": publisher.country,
        "quality": "full",
        "word_count": len(text.split()),
        **facts,
    }
    article = Article.objects.create(
        publisher=publisher, published_at=when, published_precision="second", sort_at=when, arrived_at=when, **facts
    )
    if article.quality:
        add_version(article, text, html)
    return article


def add_version(article: Article, text: str, html: str = "", made_at: datetime | None = None) -> ArticleVersion:
    number = article.versions.count() + 1
    version = ArticleVersion.objects.create(
        article=article,
        number=number,
        title=article.title,
        text=text,
        html=html or "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n")),
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
        quality=article.quality,
        key_points=[list(span) for span in summary.key_points(text, article.language, article.title)],
        made_at=made_at or article.arrived_at,
    )
    article.version = version
    article.save(update_fields=["version"])
    return version


def fill_from_press(data: Path | None = None) -> None:
    """The demo press as the pipeline would leave it; with its pictures where a data folder is given."""
    whole = press.load()
    origins = {publisher.id: f"https://{publisher.id}.example" for publisher in whole.publishers}
    for site in edition.make_sites(whole, origins, timezone.now()):
        fill_site(site, data)


def fill_site(site: edition.Site, data: Path | None) -> None:
    known = site.publisher
    publisher = make_publisher(
        known.name,
        slug=known.id,
        country=known.country,
        language=known.language,
        owner=known.owner,
        medium=known.medium,
        is_demo=True,
    )
    make_feed(publisher)
    for printed in site.printed:
        fill_article(publisher, printed, data)


def fill_article(publisher: Publisher, printed: edition.Printed, data: Path | None) -> None:
    known = printed.article
    text = known.text
    article = make_article(
        publisher,
        text,
        markup(known.body),
        url=printed.url,
        title=known.title,
        excerpt=f"{known.standfirst} {text}"[:300],
        authors=list(printed.byline),
        section=known.section,
        published_at=printed.published,
        quality=known.kind if known.kind in ("paywall", "consent") else "full",
    )
    for found in hashtags.hashtags(known.title, text, publisher.language, known.tags):
        row, _made = Hashtag.objects.get_or_create(
            key=found.key, language=publisher.language, defaults={"label": found.label}
        )
        article.hashtags.add(row)
    if printed.recording_url:
        Enclosure.objects.create(
            article=article,
            url=printed.recording_url,
            type=recording_type(printed),
            duration=recording_seconds(printed),
        )
    if data and known.image:
        article.picture = make_picture(data, known.image)
        article.save(update_fields=["picture"])


def markup(body: tuple[press.Block, ...]) -> str:
    """Blocks as the clean markup that extraction leaves."""
    return "".join(block_markup(block) for block in body)


def block_markup(block: press.Block) -> str:
    lines = [escape(line) for line in block.lines]
    if block.kind == "list":
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    tag = {"subhead": "h2", "quote": "blockquote"}.get(block.kind, "p")
    return f"<{tag}>{' '.join(lines)}</{tag}>"


def make_picture(data: Path, subject: str) -> Picture:
    digest = hashlib.sha256(subject.encode()).hexdigest()
    name = digest[:32]
    known = Picture.objects.filter(url_hash=digest).first()
    if known:
        return known
    drawn = Image.open(BytesIO(drawings.draw_picture(subject))).convert("RGB")
    sizes = [width for width in (480, 960) if width <= drawn.width] or [drawn.width]
    for width in sizes:
        path = data / "pictures" / f"{name}-{width}.webp"
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn.resize((width, round(drawn.height * width / drawn.width))).save(path, quality=80)
    return Picture.objects.create(
        url=f"https://pictures.example/{digest}",
        url_hash=digest,
        name=name,
        sizes=sizes,
        width=drawn.width,
        height=drawn.height,
        state=Picture.State.HERE,
    )
