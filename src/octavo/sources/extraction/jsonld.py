"""Reads what a page says of itself in JSON-LD (schema.org), however carelessly it is written. It believes nothing yet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import lxml.html

MAX_SCRIPT = 2_000_000  # characters of one script
MAX_NODES = 400  # objects looked at, over all scripts
MAX_DEPTH = 12
MAX_NAMES = 20

ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "AskPublicNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReviewNewsArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "SocialMediaPosting",
        "TechArticle",
        "Report",
        "Review",
        "ScholarlyArticle",
        "SatiricalArticle",
        "AdvertiserContentArticle",
        "MedicalScholarlyArticle",
        "Recipe",
        "PodcastEpisode",
        "VideoObject",
        "HowTo",
    ]
)
WEAK_TYPES = frozenset(("WebPage", "ItemPage", "MedicalWebPage", "VideoObject", "PodcastEpisode"))
LISTING_TYPES = frozenset(("CollectionPage", "SearchResultsPage", "ItemList"))
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
WRAPPING = re.compile(
    r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\]\]>|\]\]>|/\*\]\]>\*/)\s*;?\s*$"
)

Node = dict[str, Any]


def load(text: str) -> Any:
    """The value of a script, mended where it is broken in a usual way; None where it cannot be read."""
    text = WRAPPING.sub("", text[:MAX_SCRIPT]).strip().rstrip(";")
    for attempt in (text, TRAILING_COMMA.sub(r"\1", text), TRAILING_COMMA.sub(r"\1", unescape(text))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def nodes_in(value: Any, depth: int = 0) -> Iterator[Node]:
    """Every object that stands on its own or in @graph, mainEntity and the like."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for part in value[:MAX_NODES]:
            yield from nodes_in(part, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            if isinstance(value.get(name), list | dict):
                yield from nodes_in(value[name], depth + 1)


def read_nodes(tree: lxml.html.HtmlElement) -> list[Node]:
    """The objects of all JSON-LD scripts of a page, in order."""
    found: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for node in nodes_in(load(script.text)):
                if len(found) >= MAX_NODES:
                    return found
                found.append(node)
    return found


def types_of(node: Node) -> set[str]:
    """The types of an object without the vocabulary's address."""
    named = node.get("@type")
    return {str(one).rsplit("/", 1)[-1] for one in (named if isinstance(named, list) else [named]) if one}


def article_nodes(nodes: list[Node]) -> list[Node]:
    """The objects that describe the article, the likeliest first: articles, then what merely wraps one."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES - WEAK_TYPES]
    return articles + [node for node in nodes if types_of(node) & WEAK_TYPES and node not in articles]


def text_of(value: Any) -> str:
    """A value as plain text: of lists the first, of objects the name or the value."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("url") or value.get("@id") or ""
        else:
            break
    return unescape(value).strip() if isinstance(value, str) else ""


def texts_of(value: Any) -> list[str]:
    """A value as a list of plain texts."""
    parts = value if isinstance(value, list) else [value]
    return [text for text in (text_of(part) for part in parts[:MAX_NAMES]) if text]


def resolve(value: Any, nodes: list[Node]) -> Any:
    """What an `{"@id": …}` stands for elsewhere on the page; anything else as it is."""
    if isinstance(value, list):
        return [resolve(part, nodes) for part in value[:MAX_NAMES]]
    if isinstance(value, dict) and "@id" in value and "name" not in value:
        return next((node for node in nodes if node.get("@id") == value["@id"] and "name" in node), value)
    return value


def truth_of(value: Any) -> bool | None:
    """A yes or no however it is written, None where it is neither."""
    if isinstance(value, list) and value:
        value = value[0]
    word = str(value).strip().lower().rsplit("/", 1)[-1]
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word)


def is_free(articles: list[Node]) -> bool | None:
    """Whether the page calls its article free: no as soon as one place says no, None where none says."""
    said = [truth_of(node["isAccessibleForFree"]) for node in articles if "isAccessibleForFree" in node]
    for node in articles:
        parts = node.get("hasPart")
        parts = parts if isinstance(parts, list) else [parts]
        said += [
            truth_of(part["isAccessibleForFree"])
            for part in parts
            if isinstance(part, dict) and "isAccessibleForFree" in part
        ]
    return False if False in said else True if True in said else None


def bodies(articles: list[Node]) -> list[str]:
    """The texts that the page gives as articleBody."""
    return [body for node in articles if (body := text_of(node.get("articleBody")))]
