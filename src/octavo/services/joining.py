"""Makes one article of two that turned out to be the same; nothing that anybody read, kept or said is lost.

Which articles are one is decided by `core/reading/identity.py` from keys; here the rows follow. The article that was
seen first stays; every key of the other leads to it from then on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Model
from django.utils import timezone

from octavo.core.reading.identity import AddressDecision, AddressVerdict, Key, Known, settle_address, url_key
from octavo.core.reading.urls import host_of
from octavo.core.types import Quality
from octavo.services import placing
from octavo.store.models import (
    Article,
    ArticleVersion,
    Comment,
    Enclosure,
    Entry,
    FoldWork,
    Identity,
    IndexWork,
    ReadMark,
    Saved,
)

log = logging.getLogger(__name__)

# What hangs on an article, with the field that tells two rows of it apart: a row that the survivor has already goes.
HANGING: tuple[tuple[type[Model], str], ...] = (
    (Entry, "feed"),
    (Enclosure, "url"),
    (ReadMark, "reader"),
    (Saved, "reader"),
)


def settle(addresses: Sequence[tuple[Article, tuple[str, ...]]], now: datetime) -> None:
    """Takes in the addresses that articles' pages told for themselves: learns them, and joins what they prove to be one.

    Call it inside the transaction that saves the readings.
    """
    told = [(article, [a for a in found if _is_own(article, a)]) for article, found in addresses]
    keys = {url_key(address).value: url_key(address) for _, found in told for address in found}
    known = _known(keys)
    gone: set[str] = set()
    for article, found in told:
        own = known_of(article)
        if own.article not in gone:
            decision = settle_address(own, found, known)
            _follow(decision, article, known, now)
            gone.update(decision.absorb)


def _is_own(article: Article, address: str) -> bool:
    """Whether an address lies at the article's publisher: a canonical address elsewhere names the source of a copy."""
    host = host_of(address)
    return bool(host) and (host == host_of(article.url) or host == article.publisher.site_key)


def known_of(article: Article) -> Known:
    """An article as the decisions on addresses see it."""
    return Known(
        article=str(article.pk),
        title=article.title,
        url=article.url,
        published=article.published_at,
        first_seen=article.arrived_at,
    )


def _known(keys: Mapping[str, Key]) -> dict[Key, Known]:
    rows = Identity.objects.filter(key__in=keys).select_related("article")
    removed = {row.key: Known(f"removed:{row.pk}", is_removed=True) for row in rows if row.article is None}
    here = {row.key: known_of(row.article) for row in rows if row.article is not None}
    return {keys[key]: one for key, one in (removed | here).items()}


def _follow(decision: AddressDecision, article: Article, known: dict[Key, Known], now: datetime) -> None:
    """Does what was decided for one article."""
    for note in decision.notes:
        log.info("%s: %s", note.kind, note.detail)
    if decision.verdict is AddressVerdict.REMOVED:
        _return_to_removed(article, int(decision.article.partition(":")[2]), now)
        return
    stays = int(decision.article)
    fresh = [Identity(key=key.value, article_id=stays) for key in decision.learn]
    Identity.objects.bulk_create(fresh, ignore_conflicts=True)
    kept = replace(known_of(article), article=str(stays))
    known |= dict.fromkeys(decision.learn, kept)
    for other in decision.absorb:
        absorb(stays, int(other), now)
    for key, one in list(known.items()):
        if one.article in decision.absorb:
            known[key] = kept


def _return_to_removed(article: Article, identity: int, now: datetime) -> None:
    """An article that retention removed came back under another address: it goes again, and its keys stay."""
    if is_kept(article.pk):
        return
    Identity.objects.filter(article=article).update(article=None, removed_at=now)
    log.info("Article %s is one that retention removed (identity %s); it is not kept again", article.pk, identity)
    _delete(article.pk)


def absorb(stays: int, goes: int, now: datetime) -> None:
    """Makes article `goes` part of article `stays`: keys, entries, files, marks, comments, and the better text."""
    both = Article.objects.select_related("version").in_bulk([stays, goes])
    if len(both) < 2:
        return
    survivor, other = both[stays], both[goes]
    Identity.objects.filter(article=other).update(article=survivor)
    for kind, apart in HANGING:
        _move(kind, apart, survivor, other)
    Comment.objects.filter(article=other).update(article=survivor)
    _take_text(survivor, other, now)
    _delete(goes)
    IndexWork.objects.create(article_id=stays)
    FoldWork.objects.create(article_id=stays)
    log.info("Articles %s and %s are one: %s", stays, goes, survivor.url)


def _move(kind: type[Model], apart: str, survivor: Article, other: Article) -> None:
    """Gives the survivor the other's rows, but for those that it has already."""
    rows = kind._default_manager
    has = rows.filter(article=survivor).values_list(apart, flat=True)
    rows.filter(article=other).exclude(**{f"{apart}__in": list(has)}).update(article=survivor)


def _take_text(survivor: Article, other: Article, now: datetime) -> None:
    """The other's text becomes the survivor's newest version where the survivor has less."""
    theirs, ours = other.version, survivor.version
    if theirs is None or (ours is not None and not (theirs.quality == Quality.FULL and ours.quality != Quality.FULL)):
        return
    version = ArticleVersion.objects.get(pk=theirs.pk)
    version.pk, version.article, version.made_at = None, survivor, now
    version.number = ours.number + 1 if ours else 1
    version.save(force_insert=True)
    Article.objects.filter(pk=survivor.pk).update(
        version=version, quality=version.quality, method=version.method, excerpt=other.excerpt,
        word_count=other.word_count, picture=survivor.picture or other.picture,
    )  # fmt: skip


def _delete(article: int) -> None:
    with placing.leaving([article]):
        Article.objects.filter(pk=article).delete()
    IndexWork.objects.create(article_id=article)


def is_kept(article: int) -> bool:
    """Whether a reader saved an article or spoke under it: then it is never dropped."""
    return Saved.objects.filter(article=article).exists() or Comment.objects.filter(article=article).exists()


def learn_removed(found: Mapping[str, Iterable[Key]]) -> None:
    """Further keys of articles that retention removed: what comes under them does not return either."""
    now = timezone.now()
    rows = [Identity(key=key.value, removed_at=now) for keys in found.values() for key in keys]
    Identity.objects.bulk_create(rows, ignore_conflicts=True)
