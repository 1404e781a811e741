"""Saves what became of pages: an article's new version with its hashtags and picture, or why there is none.

One transaction for a lot of results. A version is never changed; a worse text never takes the place of a better one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from octavo.core.reading import choice
from octavo.core.reading.schedule import next_page_check
from octavo.core.reading.sections import section_of
from octavo.core.types import Extract, Quality
from octavo.services import joining, pages, pictures, placing, tagging
from octavo.services.arriving import enclosure_rows
from octavo.services.pages import ClaimedPage, Read
from octavo.services.slotwork import Reading
from octavo.store.models import Article, ArticleVersion, Enclosure, FoldWork, Hashtag, IndexWork, Page

log = logging.getLogger(__name__)

EXCERPT_LENGTH = 300
TITLE_LENGTH = 500
URL_LENGTH = 2000
# How much there is of an article: a reading of a lower rank never replaces one of a higher.
RANKS = {
    Quality.FULL: 3,
    Quality.PAYWALL: 2,
    Quality.TEASER: 2,
    Quality.LISTING: 1,
    Quality.CONSENT: 1,
    Quality.EMPTY: 0,
}
# Pages that put themselves off are no failures of the page.
PATIENT = frozenset((pages.HOST_RESTS, "retry-later", "busy"))
# Failures in a row after which an article is folded by its title alone: most pages that fail once are read a little later.
FOLDED_UNREAD = 2
ARTICLE_FIELDS = (
    "title", "excerpt", "authors", "published_at", "published_offset", "published_precision", "published_from",
    "sort_at", "language", "section", "image_url", "picture", "quality", "method", "version", "word_count",
)  # fmt: skip
PAGE_FIELDS = (
    "state", "due_at", "fetched_at", "fetches", "attempts", "etag", "last_modified", "failure_reason",
    "failure_detail", "failed_at", "claimed_until", "claimed_by",
)  # fmt: skip


@dataclass
class _Lot:
    """What one transaction gathers, so that each table is written once."""

    now: datetime
    versions: list[ArticleVersion] = field(default_factory=list)
    enclosures: list[Enclosure] = field(default_factory=list)
    hashtags: dict[int, list[Hashtag]] = field(default_factory=dict)
    pictures: dict[int, str] = field(default_factory=dict)
    addresses: list[tuple[Article, tuple[str, ...]]] = field(default_factory=list)
    changed: list[Article] = field(default_factory=list)
    # Articles that have no text, and of which none is to be had soon: their titles are folded.
    textless: list[int] = field(default_factory=list)


def save(results: Sequence[Read]) -> None:
    """Saves a lot of results in one transaction; a late worker's are dropped."""
    with transaction.atomic():
        now = timezone.now()
        lot = _Lot(now)
        mine = _locked(results)
        for read in results:
            page = mine.get(read.page.id)
            if page is None or page.claim != read.page.claim or page.claimed_until is None:
                log.warning("The reading of %s came too late and is dropped: another has it.", read.page.url)
                continue
            _take(page, read, lot)
        _write(lot)
        for read in results:
            if (page := mine.get(read.page.id)) and page.claimed_until is None:
                page.save(update_fields=PAGE_FIELDS)
        joining.settle(lot.addresses, now)


def _locked(results: Sequence[Read]) -> dict[int, Page]:
    rows = Page.objects.filter(pk__in=[read.page.id for read in results]).select_for_update(of=("self",))
    rows = rows.select_related("article__version", "article__publisher").defer(
        "article__version__html", "article__version__text"
    )
    return {page.pk: page for page in rows}


def _take(page: Page, read: Read, lot: _Lot) -> None:
    """What a result means for a page and its article."""
    page.claimed_until, page.claimed_by = None, ""
    if read.failure:
        _take_failure(page, read.failure, lot.now)
        if page.article.version_id is None and (page.due_at is None or page.attempts >= FOLDED_UNREAD):
            lot.textless.append(page.article.pk)
    else:
        page.state, page.attempts = Page.State.READ, 0
        page.failure_reason, page.failure_detail, page.failed_at = "", "", None
        page.fetched_at, page.fetches = lot.now, page.fetches + 1
        page.etag, page.last_modified = read.etag[:500], read.last_modified[:100]
        page.due_at = next_page_check(page.article.arrived_at, lot.now)
    if read.reading is not None:
        lot.addresses.append((page.article, read.reading.addresses))
        _take_reading(page.article, read.page, read.reading, lot)


def _take_failure(page: Page, failure: pages.Failure, now: datetime) -> None:
    if failure.reason not in PATIENT:
        page.attempts += 1
    page.state = Page.State.DISALLOWED if failure.is_disallowed and failure.is_final else Page.State.FAILED
    page.failure_reason, page.failure_detail = failure.reason[:40], failure.detail[:1000]
    page.failed_at = page.failed_at or now
    page.due_at = pages.next_try(page, failure, now)


def _take_reading(article: Article, claimed: ClaimedPage, reading: Reading, lot: _Lot) -> None:
    """A new version where the text or the title has changed, and what else the article says of itself now."""
    extract, known = reading.extract, article.version
    title = (article.title or extract.title)[:TITLE_LENGTH]
    digest = hashlib.sha256(extract.text.encode("utf-8", "replace")).hexdigest()
    if known is not None and known.text_hash == digest and known.title == title:
        return
    if known is not None and _is_worse(extract, known):
        return
    version = ArticleVersion(
        article=article,
        number=known.number + 1 if known else 1,
        title=title,
        text=extract.text,
        html=extract.html,
        text_hash=digest,
        quality=extract.quality.value,
        method=extract.method[:60],
        notes=[{"kind": note.kind, "detail": note.detail} for note in extract.notes],
        key_points=[list(span) for span in reading.key_points],
        made_at=lot.now,
    )
    lot.versions.append(version)
    lot.changed.append(article)
    _take_facts(article, claimed, extract, version)
    _gather(article, extract, reading, lot)


def _is_worse(extract: Extract, known: ArticleVersion) -> bool:
    return RANKS[extract.quality] < RANKS[Quality(known.quality)]


def _take_facts(article: Article, claimed: ClaimedPage, extract: Extract, version: ArticleVersion) -> None:
    article.title = version.title
    article.excerpt = excerpt(extract.text) or article.excerpt
    article.authors = article.authors or list(extract.authors)
    article.published, article.published_from = choice.settle_time(
        claimed.says.published, extract.published, article.arrived_at
    )
    if article.published_from == "page":
        article.published_from = extract.published_from[:40] or "page"
    article.sort_at = choice.sort_time(article.published, article.arrived_at)
    article.language = (extract.language or article.language)[:16]
    article.section = article.section or section_of(extract.section)
    article.image_url = (extract.image_url or article.image_url)[:URL_LENGTH]
    article.quality, article.method = version.quality, version.method
    article.word_count = len(extract.text.split())


def excerpt(text: str) -> str:
    """The first sentences of a text for lists, cut at a word."""
    start = " ".join(text[: EXCERPT_LENGTH * 2].split())
    if len(start) <= EXCERPT_LENGTH:
        return start
    return start[:EXCERPT_LENGTH].rpartition(" ")[0].rstrip(",;:–-") + "…"


def _gather(article: Article, extract: Extract, reading: Reading, lot: _Lot) -> None:
    lot.enclosures += enclosure_rows(article.pk, extract.enclosures)
    lot.hashtags[article.pk] = tagging.rows(reading.hashtags, article.language)
    if article.image_url:
        lot.pictures[article.pk] = article.image_url


def _write(lot: _Lot) -> None:
    """Writes each table once; articles one by one, since each says something else."""
    ArticleVersion.objects.bulk_create(lot.versions)
    known = pictures.wanted(lot.pictures.values(), lot.now)
    for article, version in zip(lot.changed, lot.versions, strict=True):
        article.version = version
        article.picture_id = known.get(lot.pictures.get(article.pk, ""), article.picture_id)
        article.save(update_fields=ARTICLE_FIELDS)
    Enclosure.objects.bulk_create(lot.enclosures, ignore_conflicts=True)
    tagging.write(lot.hashtags)
    _change_stories(lot)
    changed = [article.pk for article in lot.changed]
    IndexWork.objects.bulk_create([IndexWork(article_id=article) for article in changed])
    FoldWork.objects.bulk_create([FoldWork(article_id=article) for article in (*changed, *lot.textless)])


def _change_stories(lot: _Lot) -> None:
    """Counts the stories anew whose articles have another text now than the one that was told, so that they are told again."""
    retold = {
        article.story_id for article, version in zip(lot.changed, lot.versions, strict=True) if version.number > 1
    }
    if stories := {key for key in retold if key is not None}:
        placing.recount(stories, lot.now)


def abandon(job: ClaimedPage, why: str) -> None:
    """Puts a page off whose reading could not be saved, with the reason."""
    save([Read(job, failure=pages.Failure("mistake", f"Octavo could not save it ({why}); please report this."))])
