"""One article: its text, its key points with their places in it, its versions, and what is related."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from octavo.core.types import Passage, Precision
from octavo.services import comments, marks
from octavo.services import related as services_related
from octavo.services.receipts import path_of
from octavo.store import queries, stories
from octavo.store.models import Article, ArticleVersion, Picture, User
from octavo.web import panel, passages
from octavo.web.abstracts import can_be_told
from octavo.web.forms import FLAG_REASONS
from octavo.web.page_cache import public
from octavo.web.views.lists import others_for, reader_of

# A passage in an address: version, start and end in code points, such as 2.120-268.
PLAYED = ("audio", "video")
PASSAGE = re.compile(r"(\d{1,6})\.(\d{1,7})-(\d{1,7})")


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """A sentence of the text that is shown as a key point, and the address of its place there."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Recording:
    """A file beside the article: `kind` is audio, video or empty for one that a browser does not play."""

    url: str
    kind: str
    host: str
    title: str
    length: int | None
    duration: int | None


@public
def article(request: HttpRequest, key: int) -> HttpResponse:
    """The article page; `?p=<version>.<start>-<end>` highlights a passage, in the version that it cites."""
    shown = queries.article(key)
    if shown is None:
        raise Http404
    passage = read_passage(shown, request.GET.get("p", ""))
    version = cited_version(shown, passage)
    own = for_reader(request, shown)
    return render(
        request,
        "article.html",
        {
            "article": shown,
            "version": version,
            "is_old_version": bool(version and version.pk != shown.version_id),
            "body": passages.body(version, passage) if version else "",
            "has_passage": passage is not None,
            "key_points": key_points(shown),
            "hashtags": queries.hashtags_of(shown.pk),
            "enclosures": recordings(shown),
            **related(shown, reader_of(request)),
            "fold": stories.fold_under(shown, others_for(request)),
            "comments": comments.thread(shown),
            "picture": shown.picture if shown.picture and shown.picture.state == Picture.State.HERE else None,
            "has_time": shown.published_precision != Precision.DAY,
            "is_changed": shown.version is not None and shown.version.number > 1,
            **own,
            "features": panel.features(shown, own.get("told_buttons", ())) if version else (),
        },
    )


@public
def versions(request: HttpRequest, key: int) -> HttpResponse:
    """All versions of an article's text, the newest first; `?v=N` shows one."""
    shown = get_object_or_404(Article.objects.select_related("publisher"), pk=key)
    kept = list(shown.versions.order_by("-number").defer("html"))
    number = request.GET.get("v", "")
    chosen = next((version for version in kept if str(version.number) == number), None)
    return render(request, "versions.html", {"article": shown, "versions": kept, "chosen": chosen})


def read_passage(shown: Article, written: str) -> Passage | None:
    """The passage that an address names; None where it names none."""
    match = PASSAGE.fullmatch(written)
    if match is None:
        return None
    number, start, end = (int(part) for part in match.groups())
    return Passage(str(shown.pk), number, start, end) if start < end else None


def cited_version(shown: Article, passage: Passage | None) -> ArticleVersion | None:
    """The version that a passage cites; the newest where there is no passage or that version is gone."""
    newest = shown.version
    if passage is None or newest is None or newest.number == passage.version:
        return newest
    return shown.versions.filter(number=passage.version).first() or newest


def key_points(shown: Article) -> Sequence[KeyPoint]:
    """The sentences of the newest version that were chosen as key points, each with its address."""
    version = shown.version
    if version is None:
        return ()
    return [
        KeyPoint(version.text[start:end].strip(), path_of(shown.pk, version.number, start, end))
        for start, end in version.key_points
    ]


def recordings(shown: Article) -> Sequence[Recording]:
    """The files beside an article that have a web address."""
    return [
        Recording(
            each.url, kind_of(each.type), urlsplit(each.url).hostname or "", each.title, each.length, each.duration
        )
        for each in queries.enclosures_of(shown.pk)
        if each.url.startswith(("https://", "http://"))
    ]


def kind_of(media_type: str) -> str:
    """`audio` or `video`; empty for any other medium."""
    kind = media_type.partition("/")[0]
    return kind if kind in PLAYED else ""


def related(shown: Article, reader: User | None) -> dict[str, Any]:
    """The rows of articles on the same subject, and by each one's number why it is there. One query, two where it is new."""
    beside = services_related.related(shown)
    marked = marks.with_marks(Article.objects.all(), reader) if reader else None
    found = queries.rows_in_order([one.article for one in beside], marked)[: services_related.SHOWN]
    return {"related": found, "related_reasons": {one.article: one.reason for one in beside}}


def for_reader(request: HttpRequest, shown: Article) -> dict[str, Any]:
    """Opening an article reads it; what only a signed-in reader sees. Two queries, none for visitors."""
    reader = reader_of(request)
    if reader is None:
        return {}
    marks.mark_read(reader, [shown.pk])
    return {
        "is_saved": reader.saved.filter(article=shown).exists(),
        "is_read": True,
        **can_be_told(shown),
        "edit_until": timezone.now() - timedelta(minutes=settings.OCTAVO.comment_edit_minutes),
        "flag_reasons": FLAG_REASONS,
    }
