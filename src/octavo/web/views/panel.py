"""The features of an article's panel, each a page of its own and, for the page's script, the same as a piece. It stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.quotes import quotes
from octavo.core.telling.summary import summary
from octavo.services.background import background
from octavo.services.receipts import cited
from octavo.store import queries
from octavo.store.models import Article
from octavo.web.page_cache import public
from octavo.web.panel import FEATURE_LABELS, features, is_offered, speakers

# What is read of a very long text, and how many quotes of it are shown.
READ_CHARACTERS: Final = 40_000
MOST_QUOTES: Final = 80


@public
@require_safe
def feature(request: HttpRequest, key: int, name: str) -> HttpResponse:
    """One feature of an article without a model: a page, or with `part` the piece alone. At most four queries."""
    article = queries.article(key)
    if article is None or article.version is None or name not in SHOWN or not is_offered(name, article):
        raise Http404
    context = {"article": article, "name": name, "label": FEATURE_LABELS[name], **SHOWN[name](article)}
    return shown(request, f"parts/panel_{name}.html", context)


def shown(request: HttpRequest, part: str, context: Mapping[str, Any]) -> HttpResponse:
    """A piece of the panel, alone or on a page of its own, which no search engine keeps."""
    is_part = "part" in request.GET
    others = [] if is_part else features(context["article"])
    whole = {**context, "part": part, "features": others, "is_part": is_part}
    response = render(request, part if is_part else "panel.html", whole)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def summarised(article: Article) -> Mapping[str, Any]:
    """The sentences of a text that tell it, with their places."""
    version = article.version
    assert version is not None
    version.article = article
    text = version.text[:READ_CHARACTERS]
    spans = summary(text, article.language, version.title or article.title)
    told = [(start + behind_dateline(text[start:end]), end) for start, end in spans]
    return {"sentences": [cited(version, start, end, text[start:end]) for start, end in told]}


def quoted(article: Article) -> Mapping[str, Any]:
    """Who said what, verbatim."""
    assert article.version is not None
    found = islice(quotes(article.version.text[:READ_CHARACTERS], article.language), MOST_QUOTES)
    return {"speakers": speakers(found, article)}


def earlier(article: Article) -> Mapping[str, Any]:
    """What earlier coverage says of the people and places of the article."""
    return {"lines": background(article)}


SHOWN: Final[Mapping[str, Callable[[Article], Mapping[str, Any]]]] = {
    "summary": summarised,
    "quotes": quoted,
    "background": earlier,
}
