"""Asking an article, a story or all that is here: an address that can be kept, and an answer of cited sentences or none.

It chooses no sentence. Questions of several texts cost a look into each, so a process answers one such at a time. A model is
asked only by a signed-in reader's form, never by an address.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from octavo.services import abstracts, answering, questions
from octavo.store import queries, stories
from octavo.store.models import ArticleVersion
from octavo.web import panel
from octavo.web.abstracts import answer_elements, host_told
from octavo.web.views.abstracts import streamed

# How long a question of several texts waits for the one before it, in seconds; then its reader is asked to come again.
PATIENCE: Final = 3.0
_one_at_a_time = threading.BoundedSemaphore(1)

Texts = Sequence[ArticleVersion]


class Busy(Exception):
    """Others' questions are being answered for longer than a reader waits."""


@require_http_methods(["GET", "HEAD", "POST"])
def of_article(request: HttpRequest, key: int) -> HttpResponseBase:
    """A question to one article; `part` gives the form and the answer alone. Two queries."""
    article = queries.article(key)
    if article is None or article.version is None or not panel.is_offered("ask", article):
        raise Http404
    context = {
        "article": article,
        "label": panel.FEATURE_LABELS["ask"],
        "name": "ask",
        "about": article.title,
        "language": article.language,
        "back": f"/articles/{key}/",
        "features": panel.features(article),
    }
    return answer(request, lambda _asked: questions.of_article(article), context)


@require_http_methods(["GET", "HEAD", "POST"])
def of_story(request: HttpRequest, key: int) -> HttpResponseBase:
    """A question to all coverage of a story. Three queries."""
    story = stories.story(key) if key <= queries.LARGEST_KEY else None
    if story is None or not story.article_count:
        raise Http404
    headline = story.headline
    context = {
        "label": _("Ask the coverage"),
        "about": headline.title if headline else "",
        "language": headline.language if headline else "",
        "back": f"/stories/{story.pk}/",
        "is_of_many": True,
    }
    return answer(request, lambda _asked: questions.of_story(story), context)


@require_http_methods(["GET", "HEAD", "POST"])
def of_archive(request: HttpRequest) -> HttpResponseBase:
    """A question to all that is here. Three queries and one look into the index."""
    context = {"label": _("Ask your sources"), "is_archive": True, "is_of_many": True}
    return answer(request, questions.of_archive, context)


def answer(request: HttpRequest, find: Callable[[str], Texts], context: dict[str, Any]) -> HttpResponseBase:
    """A question's answer: by an address the texts' own sentences, by a signed-in reader's form a model's."""
    told = request.POST if request.method == "POST" else request.GET
    asked = questions.clean(told.get("q", ""))
    if not asked:
        return shown(request, context)
    try:
        with turn() if context.get("is_of_many") else at_once():
            texts = find(asked)
            found = questions.ask(asked, texts)
    except Busy:
        return busy(request, {**context, "asked": asked})
    can_tell = request.user.is_authenticated and bool(texts) and abstracts.endpoint() is not None
    late = questions.overtaken(found)
    whole = {**context, "asked": asked, "found": found, "late": late, "can_tell": can_tell, "host": host_told()}
    if request.method != "POST" or not can_tell:
        return shown(request, whole)
    telling = answering.telling_of(asked, texts, found)
    elements = answer_elements(abstracts.tell_all(telling), telling.language)
    if request.headers.get("X-Requested-With") == "fetch":
        return streamed(elements)
    return shown(request, {**whole, "elements": list(elements)})


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
def at_once() -> Iterator[None]:
    """A question of one text costs little and waits for nobody."""
    yield


def shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The form with the answer beneath: a page, or for the page's script a piece. What people ask is theirs."""
    is_part = "part" in request.GET
    whole = {**context, "action": request.path, "most": questions.LONGEST_QUESTION, "is_part": is_part}
    response = render(request, "parts/ask.html" if is_part else "ask.html", whole)
    response.headers["Cache-Control"] = "private, max-age=60" if request.method == "GET" else "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def busy(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The form again, with a word on coming back."""
    response = shown(request, {**context, "is_busy": True})
    response.status_code = 503
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response
