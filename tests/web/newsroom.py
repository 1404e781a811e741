"""Fills a store for the tests of pages: single articles made to order, or the whole demo press without fetching it."""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone
from PIL import Image

from octavo.core.folding.coverage import Covering, cover
from octavo.core.telling import hashtags, summary
from octavo.demo import drawings, edition, press
from octavo.demo.feeds import recording_seconds, recording_type
from octavo.store.models import Article, ArticleVersion, Enclosure, Feed, Hashtag, Picture, Placement, Publisher, Story

counter = itertools.count(1)
TEXT = "The harbour opened at six. Nobody had slept.\n\nBy noon the ferries ran again, the harbour master said."


def next_number() -> int:
    """A number that no other call gives."""
    return next(counter)


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
    # Its age goes by the articles that are here, not by those of earlier tests: late in a run these would be a day old.
    age = timedelta(minutes=Article.objects.count() + 1)
    when = facts.pop("published_at", timezone.now() - age)
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
    told: dict[str, list[Article]] = defaultdict(list)
    known: dict[str, tuple[edition.Printed, Article]] = {}
    for site in edition.make_sites(whole, origins, timezone.now()):
        publisher = fill_site(site)
        for printed in site.printed:
            article = fill_article(publisher, printed, data)
            told[printed.article.story].append(article)
            known[printed.article.address] = printed, article
    copies = {
        article.pk: known[printed.article.copy_of][1]
        for printed, article in known.values()
        if printed.article.copy_of in known
    }
    agencies = {article.pk: printed.article.byline_agency for printed, article in known.values()}
    for name, articles in told.items():
        if name:
            make_story(*articles, copies=copies, agencies=agencies)


def make_story(
    *articles: Article, copies: dict[int, Article] | None = None, agencies: dict[int, str] | None = None, **facts: Any
) -> Story:
    """A story of these articles as the desk leaves it; `copies` says whose text an article shares, by its id."""
    copies, agencies = copies or {}, agencies or {}
    places = [covering(article, copies) for article in articles]
    seen = cover(places)
    story = Story.objects.create(
        name=str(articles[0].pk),
        founded_at=seen.first_at,
        changed_at=seen.last_at,
        headline_id=seen.headline,
        language=seen.language,
        section=seen.section,
        first_at=seen.first_at,
        last_at=seen.last_at,
        article_count=seen.articles,
        publisher_count=seen.publishers,
        text_count=seen.texts,
        heat=seen.heat,
        **{"why": why_of(articles), **facts},
    )
    for article in articles:
        place(article, copies.get(article.pk), agencies.get(article.pk, ""))
    Article.objects.filter(pk__in=[article.pk for article in articles]).update(story=story)
    return story


def covering(article: Article, copies: dict[int, Article]) -> Covering:
    original = copies.get(article.pk)
    return Covering(
        id=article.pk,
        title=article.title,
        publisher=article.publisher_id,
        at=article.sort_at,
        language=article.language,
        section=article.section,
        copy_of=original.pk if original else None,
    )


def why_of(articles: Sequence[Article]) -> dict[str, Any]:
    links = [
        {"left": left.pk, "right": right.pk, "odds": 4.2, "names": ["Harbour"], "days": 0.25}
        for left, right in itertools.pairwise(articles)
    ]
    return {"names": ["Harbour", "Mara Lind"], "words": ["ferry", "strike"], "links": links[:5]}


def place(article: Article, original: Article | None, agency: str) -> Placement:
    shared: dict[str, Any] = {}
    if original:
        text = article.version.text if article.version else ""
        end = text.find("\n\n")
        shared = {
            "copy_of": original,
            "nearest": original,
            "shared": 0.9,
            "added": [[0, end]] if end > 0 else [],
            "cut": [[0, 40]],
            "nearest_version": original.version,
        }
    return Placement.objects.create(
        article=article, sequence=next(counter), version=article.version, agency=agency, **shared
    )


def fill_site(site: edition.Site) -> Publisher:
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
    return publisher


def fill_article(publisher: Publisher, printed: edition.Printed, data: Path | None) -> Article:
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
    return article


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
