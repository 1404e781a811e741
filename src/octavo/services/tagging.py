"""Saves which hashtags articles have, and gives stored articles theirs anew when the rules that choose them have changed.

The rules are core/telling/hashtags.py; their number is kept with how far the renewal has come, newest articles first, for
a second at a time. A reader goes on following a topic whose key has changed.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from octavo.core.telling.hashtags import RULES, hashtags
from octavo.core.telling.hashtags import Hashtag as Chosen
from octavo.core.telling.topics import better_label, topic_key
from octavo.core.words import primary
from octavo.services import rules
from octavo.services.leases import Held
from octavo.services.placing import fence
from octavo.store.models import Article, Entry, Follow, Hashtag

log = logging.getLogger(__name__)

# The name under which services/rules.py keeps by which rules hashtags were chosen.
STATE: Final = "hashtags"
# Articles in one transaction, and the seconds after which the others wait for the next round.
STEP: Final = 32
ROUND_SECONDS: Final = 1.0
# Hashtags without articles that are removed in one transaction.
SWEEP: Final = 500
_WORDS_OF_LABEL: Final = re.compile(r"[^\W_]+?(?=[A-Z]|_|$)")


def rows(chosen: Iterable[Chosen], language: str) -> list[Hashtag]:
    """Chosen hashtags as rows that are yet to be saved, of an article's language."""
    return [Hashtag(key=tag.key, label=tag.label, language=primary(language)) for tag in chosen]


def write(wanted: Mapping[int, Sequence[Hashtag]]) -> None:
    """Gives each article its hashtags, and no others; a topic's label becomes the better one. Inside a transaction."""
    fresh: dict[tuple[str, str], Hashtag] = {}
    for tag in (tag for tags in wanted.values() for tag in tags):
        known = fresh.setdefault((tag.key, tag.language), tag)
        known.label = better_label(known.label, tag.label)
    Hashtag.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    ids = _known(fresh)
    through = Article.hashtags.through
    through._default_manager.filter(article_id__in=wanted).delete()
    links = [
        through(article_id=article, hashtag_id=ids[tag.key, tag.language])
        for article, tags in wanted.items()
        for tag in tags
    ]
    through._default_manager.bulk_create(links, ignore_conflicts=True)


def _known(fresh: Mapping[tuple[str, str], Hashtag]) -> dict[tuple[str, str], int]:
    """The numbers of hashtags by key and language, their labels brought up to the better ones."""
    found: dict[tuple[str, str], int] = {}
    for row in Hashtag.objects.filter(key__in={key for key, _ in fresh}):
        found[row.key, row.language] = row.pk
        told = fresh.get((row.key, row.language))
        if told is not None and better_label(row.label, told.label) != row.label:
            Hashtag.objects.filter(pk=row.pk).update(label=told.label)
    return found


def catch_up(held: Held, seconds: float = ROUND_SECONDS) -> bool:
    """Renews the hashtags of stored articles for a while; whether some are left for the next round.

    DeskTaken where another process holds the desk by now.
    """
    until = time.monotonic() + seconds
    while renew(held):
        if time.monotonic() > until:
            return True
    return False


def renew(held: Held) -> bool:
    """Renews the hashtags of some articles, if the rules have changed since theirs were chosen; whether there were any."""
    below = rules.left_below(STATE, RULES, _newest)
    if not below:
        return False
    articles = Article.objects.filter(pk__lt=below, version__isnull=False).order_by("-pk")
    step = list(articles.select_related("publisher", "version").defer("version__html")[:STEP])
    chosen = _chosen(step)
    with transaction.atomic():
        fence(held)
        # What has a newer version by now has its hashtags from that.
        same = Article.objects.select_for_update(of=("self",)).filter(pk__in=chosen)
        versions = dict(same.order_by("pk").values_list("pk", "version_id"))
        write({one.pk: chosen[one.pk] for one in step if versions.get(one.pk) == one.version_id})
        rules.note(STATE, RULES, step[-1].pk if step else 0)
    if not step:
        _lead_follows()
        sweep()
    return True


def _newest() -> int | None:
    return Article.objects.order_by("-pk").values_list("pk", flat=True).first()


def _chosen(articles: Sequence[Article]) -> dict[int, list[Hashtag]]:
    """The hashtags of articles by the rules of now; two queries in all."""
    tags: dict[int, list[str]] = {}
    for article, categories in (
        Entry.objects.filter(article__in=articles).order_by("pk").values_list("article", "categories")
    ):
        tags.setdefault(article, []).extend(categories)
    return {one.pk: rows(_of(one, tags.get(one.pk, ())), one.language) for one in articles}


def _of(article: Article, tags: Sequence[str]) -> list[Chosen]:
    """An article's hashtags; none where its text cannot be read for them, which stops no other article."""
    text = article.version.text if article.version else ""
    try:
        return hashtags(article.title, text, article.language, tags, (article.publisher.name, *article.authors))
    except Exception:
        log.exception("Article %d stands without hashtags; please report this.", article.pk)
        return []


def _lead_follows() -> None:
    """Lets readers who follow a topic that has another key now follow it under that."""
    empty = Follow.objects.filter(hashtag__isnull=False).exclude(Exists(_links(OuterRef("hashtag"))))
    for follow in empty.select_related("hashtag"):
        old = follow.hashtag
        assert old is not None
        words = _WORDS_OF_LABEL.findall(old.label)
        keys = {topic_key(words, old.language, is_name=is_name) for is_name in (True, False)}
        new = Hashtag.objects.filter(key__in=keys, language=old.language).exclude(pk=old.pk).first()
        if new is not None:
            with transaction.atomic():
                Follow.objects.get_or_create(reader_id=follow.reader_id, hashtag=new)
                follow.delete()


def _links(hashtag: OuterRef):  # type: ignore[no-untyped-def]
    return Article.hashtags.through._default_manager.filter(hashtag_id=hashtag)


def sweep() -> int:
    """Removes hashtags that no article has and nobody follows; returns how many."""
    idle = Hashtag.objects.filter(
        ~Exists(_links(OuterRef("pk"))), ~Exists(Follow.objects.filter(hashtag=OuterRef("pk")))
    )
    removed = 0
    while step := list(idle.order_by("pk").values_list("pk", flat=True)[:SWEEP]):
        removed += idle.filter(pk__in=step).delete()[0]
    return removed
