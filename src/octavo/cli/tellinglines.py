"""The pipes that tell of one article at a time, line by line: `summarize` and `keywords`. They keep nothing."""

from __future__ import annotations

from typing import Any

from octavo.cli.storylines import read_article
from octavo.core.telling.keywords import keywords
from octavo.core.telling.summary import summary

Row = dict[str, Any]


def summary_row(row: Row) -> Row:
    """The sentences that tell an article, with their offsets into its text. ValueError where the line has no id."""
    article = read_article(row)
    spans = summary(article.text, article.language, article.title)
    return {"sentences": [{"text": article.text[start:end], "start": start, "end": end} for start, end in spans]}


def keywords_row(row: Row) -> Row:
    """What an article is about, the best first. ValueError where the line has no id."""
    article = read_article(row)
    return {"keywords": keywords(article.title, article.text, article.language)}
