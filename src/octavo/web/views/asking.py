"""Asking an article, a story or all that is here: an address that can be kept, and an answer of cited sentences or none.

It chooses no sentence. Questions of several texts cost a look into each, so a process answers one such at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from octavo.services import questions
from octavo.services.questions import Cited
from octavo.store import queries, stories
from octavo.web import panel

# How long a question of several texts waits for the one before it, in seconds; then its reader is asked to come again.
PATIENCE: Final = 3.0
_one_at_a_time = threading.BoundedSemaphore(1)


class Busy(Exception):
    """Others' questions are being answered for longer than a reader waits."""


@require_safe
def of_article(request: HttpRequest, key: int) -> HttpResponse:
    """A question to one article; `part` gives the form and the answer alone. One query."""
    article = queries.article(key)
    if article is None or article.version is None or not panel.is_offered("ask", article):
        raise Http404
    asked = questions.clean(request.GET.get("q", ""))
    context = {
        "article": article,
        "label": panel.FEATURE_LABELS["ask"],
        "name": "ask",
        "about": article.title,
        "language": article.language,
        "back": f"/articles/{key}/",
        "features": panel.features(article),
    }
    return shown(request, asked, questions.ask_article(article, asked), context)


@require_safe
def of_story(request: HttpRequest, key: int) -> HttpResponse:
    """A question to all coverage of a story. Two queries."""
    story = stories.story(key) if key <= queries.LARGEST_KEY else None
    if story is None or not story.article_count:
        raise Http404
    asked = questions.clean(request.GET.get("q", ""))
    headline = story.headline
    context = {
        "label": _("Ask the coverage"),
        "about": headline.title if headline else "",
        "language": headline.language if headline else "",
        "back": f"/stories/{story.pk}/",
        "is_of_many": True,
    }
    try:
        with turn() if asked else no_turn():
            return shown(request, asked, questions.ask_story(story, asked), context)
    except Busy:
        return busy(request, asked, context)


@require_safe
def of_archive(request: HttpRequest) -> HttpResponse:
    """A question to all that is here. Two queries and one look into the index."""
    asked = questions.clean(request.GET.get("q", ""))
    context = {"label": _("Ask your sources"), "is_archive": True, "is_of_many": True}
    try:
        with turn() if asked else no_turn():
            return shown(request, asked, questions.ask_archive(asked), context)
    except Busy:
        return busy(request, asked, context)


@contextmanager
def turn() -> Iterator[None]:
    """The turn of one question of several texts; Busy where it does not come soon."""
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _one_at_a_time.release()


@contextmanager
def no_turn() -> Iterator[None]:
    """No question costs nothing."""
    yield


def shown(request: HttpRequest, asked: str, found: Sequence[Cited], context: dict[str, Any]) -> HttpResponse:
    """The form with the answer beneath: a page, or for the page's script a piece. What people ask is theirs."""
    whole = {**context, "asked": asked, "found": found, "action": request.path, "most": questions.LONGEST_QUESTION}
    response = render(request, "parts/ask.html" if "part" in request.GET else "ask.html", whole)
    response.headers["Cache-Control"] = "private, max-age=60"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def busy(request: HttpRequest, asked: str, context: dict[str, Any]) -> HttpResponse:
    """The form again, with a word on coming back."""
    response = shown(request, asked, (), {**context, "is_busy": True})
    response.status_code = 503
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response
