"""The press as it is written down: reads the folder of invented publishers and articles; it never serves or dates one.

`press/publishers*.toml` lists the publishers; `press/<publisher>/<slug>.md` is one article: a TOML front matter between
two `+++` lines, then paragraphs, `## subheads`, `> quotes` and `- lists` separated by blank lines.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "press"
FENCE = "+++"
FEED_KINDS = ("rss-teaser", "rss-full", "atom", "json", "rdf", "podcast", "video")
TEMPLATES = ("plain", "broadsheet", "tabloid", "blog", "radio")
ARTICLE_KINDS = (
    "news",
    "copy",
    "rewrite",
    "followup",
    "correction",
    "opinion",
    "podcast",
    "video",
    "paywall",
    "consent",
    "live",
    "background",
    "listing",
)

# What an article has beside its text; nothing, mostly.
RECORDINGS = ("", "sound", "film")


class PressError(ValueError):
    """A file of the press that cannot be used; the message says which file, what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who writes. `country` is a user-assigned ISO 3166 code such as XA; `zone` a UTC offset in minutes."""

    id: str
    name: str
    place: str
    country: str
    language: str
    owner: str
    medium: str
    sections: tuple[str, ...]
    feed: str
    motto: str
    template: str
    zone: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a body. `kind` is paragraph, subhead, quote or list; only a list has more than one line."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One invented article. `hours_ago` counts back from the start of the press; a negative one is not yet out."""

    publisher: str
    slug: str
    title: str
    story: str
    hours_ago: float
    authors: tuple[str, ...]
    section: str
    standfirst: str
    kind: str = "news"
    copy_of: str = ""
    byline_agency: str = ""
    updated_hours_ago: float | None = None
    change_note: str = ""
    image: str = ""
    tags: tuple[str, ...] = ()
    recording: str = ""
    body: tuple[Block, ...] = ()

    @property
    def address(self) -> str:
        """`<publisher>/<slug>`, as `copy_of` names it."""
        return f"{self.publisher}/{self.slug}"

    @property
    def text(self) -> str:
        """The body as plain text, one blank line between its parts."""
        return "\n\n".join("\n".join(block.lines) for block in self.body)


@dataclass(frozen=True, slots=True)
class Press:
    """All publishers, in the order of the files, and all their articles."""

    publishers: tuple[Publisher, ...]
    articles: tuple[Article, ...] = field(repr=False)


def load(folder: Path = FOLDER) -> Press:
    """The press of a folder. Raises PressError for the first file that cannot be used."""
    publishers = tuple(p for path in _lists(folder) for p in read_publishers(path))
    if not publishers:
        raise PressError(f"{folder}: no publishers; write at least one [[publisher]] in publishers.toml.")
    seen: set[str] = set()
    for publisher in publishers:
        if publisher.id in seen:
            raise PressError(f"{folder}: two publishers are called {publisher.id!r}; rename one.")
        seen.add(publisher.id)
    articles = [read_article(path) for publisher in publishers for path in sorted((folder / publisher.id).glob("*.md"))]
    return Press(publishers, fill_copies(articles))


def read_publishers(path: Path) -> list[Publisher]:
    """The publishers of one file."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("publisher", [])
    except tomllib.TOMLDecodeError as error:
        raise PressError(f"{path}: {error}.") from None
    return [_publisher(table, path) for table in tables]


def read_article(path: Path) -> Article:
    """One article out of its file; the folder names the publisher, the file the slug."""
    head, front, body = _split(path)
    try:
        table = tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        raise PressError(f"{path}: the front matter does not read: {error}.") from None
    if head.strip():
        raise PressError(f"{path}: text before the first {FENCE}; begin the file with it.")
    known = _checked(Article, table, path, given={"publisher": path.parent.name, "slug": path.stem})
    known["body"] = tuple(blocks(body))
    article = Article(**known)
    _one_of(article.kind, ARTICLE_KINDS, "kind", path)
    _one_of(article.recording, RECORDINGS, "recording", path)
    if not article.body and not article.copy_of:
        raise PressError(f"{path}: no text; write paragraphs after the second {FENCE}, or name copy_of.")
    return article


def blocks(body: str) -> Iterable[Block]:
    """The parts of a body, in order."""
    for part in body.split("\n\n"):
        lines = [line.strip() for line in part.strip().splitlines()]
        if not lines:
            continue
        if lines[0].startswith("## "):
            yield Block("subhead", (lines[0][3:],))
            lines = lines[1:]
        if lines:
            yield _block(lines)


def fill_copies(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Gives a copy without text of its own the body of the article that it copies."""
    articles = tuple(articles)
    by_address = {article.address: article for article in articles}
    for article in articles:
        if article.copy_of and article.copy_of not in by_address:
            raise PressError(
                f"{article.address}: copies {article.copy_of!r}, which there is not; write publisher/slug."
            )
    return tuple(
        article if article.body else replace(article, body=by_address[article.copy_of].body) for article in articles
    )


def _lists(folder: Path) -> list[Path]:
    """The files that list publishers: `publishers.toml` first, then those of further languages."""
    return sorted(folder.glob("publishers*.toml"), key=lambda path: (path.stem.count("."), path.name))


def _block(lines: list[str]) -> Block:
    if all(line.startswith("- ") for line in lines):
        return Block("list", tuple(line[2:] for line in lines))
    if all(line.startswith(">") for line in lines):
        return Block("quote", (" ".join(line.lstrip("> ") for line in lines),))
    return Block("paragraph", (" ".join(lines),))


def _split(path: Path) -> tuple[str, str, str]:
    parts = path.read_text(encoding="utf-8").split(FENCE, 2)
    if len(parts) != 3:
        raise PressError(f"{path}: no front matter; put TOML between two {FENCE} lines.")
    return parts[0], parts[1], parts[2]


def _publisher(table: Mapping[str, Any], path: Path) -> Publisher:
    publisher = Publisher(**_checked(Publisher, table, path))
    _one_of(publisher.feed, FEED_KINDS, "feed", path)
    _one_of(publisher.template, TEMPLATES, "template", path)
    return publisher


def _checked(
    kind: type, table: Mapping[str, Any], path: Path, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The table as arguments of a dataclass, lists as tuples; unknown and missing names are errors."""
    names = {f.name: f for f in fields(kind)}
    if unknown := sorted(set(table) - set(names)):
        raise PressError(f"{path}: {', '.join(unknown)} is not known; the names are {', '.join(names)}.")
    values = dict(table) | dict(given or {})
    if missing := [name for name, f in names.items() if f.default is MISSING and name not in values]:
        raise PressError(f"{path}: {', '.join(missing)} is missing.")
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _one_of(value: str, allowed: tuple[str, ...], name: str, path: Path) -> None:
    if value not in allowed:
        raise PressError(f"{path}: {name} is {value!r}; write one of {', '.join(allowed)}.")
