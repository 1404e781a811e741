"""The pipes that tell of one article at a time, line by line: `summarize` and `keywords`,
and the one that answers questions, `ask`. They keep nothing."""

from __future__ import annotations

from typing import Any

from octavo.cli.storylines import read_article
from octavo.core.telling.answers import answer
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


def answer_row(row: Row) -> Row:
    """The answer to a question about some articles and the sentences that hold it; null and none where they do not tell.

    ValueError where the line has no question or an article no id.
    """
    question, given = row.get("question"), row.get("articles")
    if not isinstance(question, str) or not question.strip():
        raise ValueError('a line needs a "question"')
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ValueError('a line needs "articles", a list of objects')
    found = answer(question, [read_article(one) for one in given])
    passages = [passage for claim in found.claims for passage in claim.passages] if found else []
    cited = [{"article": p.article, "start": p.start, "end": p.end} for p in passages]
    return {"answer": found.text if found else None, "citations": cited}
