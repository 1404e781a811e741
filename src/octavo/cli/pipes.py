"""The engines as pipes: JSON Lines in, JSON Lines out, in the same order; no database and no network.

A line that cannot be used gives `{"id": …, "error": …}` on its place and does not stop the rest.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

Row = dict[str, Any]


def read_rows(lines: Iterator[str]) -> Iterator[Row]:
    """Each line as an object; one that is none becomes `{"id": None, "error": why}`. NaN and Infinity, which JSON does not
    have but some writers write, are null, so that no answer repeats them."""
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix("\ufeff")  # a byte order mark, as some editors write it
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=lambda _name: None)
        except (ValueError, RecursionError) as error:
            yield {"id": None, "error": f"line {number} is not JSON: {error}"}
            continue
        yield row if isinstance(row, dict) else {"id": None, "error": f"line {number} is not a JSON object"}


def write_row(row: Row) -> None:
    """One object on a line of standard output, at once."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def answer(row: Row, work: Callable[[Row], Row]) -> Row:
    """What `work` makes of a row, or the reason why it could not."""
    if "error" in row and row.get("id") is None:
        return row
    try:
        return {"id": row.get("id"), **work(row)}
    except ValueError as error:  # what our own readers say of a line; the class's name says nothing more
        return {"id": row.get("id"), "error": str(error)}
    except Exception as error:
        return {"id": row.get("id"), "error": f"{type(error).__name__}: {error}"}


def path_of(row: Row) -> str:
    """The path that a row names; ValueError where it names none."""
    if not isinstance(row.get("path"), str):
        raise ValueError('a line needs "path"')
    return str(row["path"])


def read_bytes(base: Path, path: str, most: int) -> bytes:
    """The file at `path` below `base`, unpacked where it ends in .gz.

    ValueError where it leads out of `base`, cannot be read or holds more than `most` bytes.
    """
    file = (base / path).resolve()
    if not file.is_relative_to(base.resolve()):
        raise ValueError(f"{path} is not below {base}")
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as opened:
            body: bytes = opened.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path} cannot be read: {error}") from None
    if len(body) > most:
        raise ValueError(f"{path} has more than {most} bytes")
    return body


def speak_utf8() -> None:
    """Lines are UTF-8 whatever the locale. What is no UTF-8 is read with marks in its place; half a surrogate pair is
    written as JSON escapes it."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


@click.command()
@click.option(
    "--base", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", help="Where the paths begin."
)
def feed(base: Path) -> None:
    """Read feeds: lines of {"id", "path"} in, lines of {"id", "feed", "entries"} out."""
    from octavo.cli.feedlines import feed_row
    from octavo.settings import current

    speak_utf8()
    most = current().max_body
    for row in read_rows(sys.stdin):
        write_row(answer(row, lambda row: feed_row(read_bytes(base, path_of(row), most), row)))


@click.command()
@click.option(
    "--base", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", help="Where the paths begin."
)
def extract(base: Path) -> None:
    """Read pages: lines of {"id", "url", "path"} (or "html") in, lines with title, text, html and more out."""
    from octavo.cli.extractlines import extract_rows
    from octavo.settings import current

    speak_utf8()
    for row in extract_rows(read_rows(sys.stdin), base, current()):
        write_row(row)


@click.command()
@click.option("--online", is_flag=True, help="Answer each article at once, as decided on arrival, without the repair.")
@click.option("--explain", is_flag=True, help="Add why an article stands where it does.")
@click.option("--words-only", is_flag=True, help="Compare by words alone, even where an embedding model is installed.")
def cluster(*, online: bool, explain: bool, words_only: bool) -> None:
    """Fold articles into stories: articles in arrival order in, lines of {"id", "story"} out."""
    from octavo.ai.embedding import find
    from octavo.cli.storylines import story_rows
    from octavo.settings import current

    speak_utf8()
    chosen = current()
    embedder = None if words_only else find(chosen.data, os.cpu_count() or 1, chosen.embedding_model)
    for row in story_rows(read_rows(sys.stdin), online=online, explain=explain, embedder=embedder):
        write_row(row)


@click.command()
@click.option("--explain", is_flag=True, help="Add the nearest text, the share, and the spans that differ.")
def dedup(*, explain: bool) -> None:
    """Find shared texts: articles in arrival order in, lines of {"id", "duplicate_of"} out, each at once."""
    from octavo.cli.copylines import copy_rows

    speak_utf8()
    for row in copy_rows(read_rows(sys.stdin), explain=explain):
        write_row(row)


@click.command()
def quotes() -> None:
    """Find quotes: lines of {"id", "text"} in, lines of {"id", "quotes"} out, each with its kind and speaker."""
    from octavo.cli.quotelines import quote_row

    speak_utf8()
    for row in read_rows(sys.stdin):
        write_row(answer(row, quote_row))


@click.command()
def summarize() -> None:
    """Tell articles in up to three of their sentences: articles in, lines of {"id", "sentences"} out."""
    from octavo.cli.tellinglines import summary_row

    speak_utf8()
    for row in read_rows(sys.stdin):
        write_row(answer(row, summary_row))


@click.command()
def keywords() -> None:
    """Say what articles are about: articles in, lines of {"id", "keywords"} out, the best first."""
    from octavo.cli.tellinglines import keywords_row

    speak_utf8()
    for row in read_rows(sys.stdin):
        write_row(answer(row, keywords_row))


@click.command()
@click.option(
    "--corpus",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Articles as JSON Lines, packed where the name ends in .gz.",
)
@click.option("--k", "count", type=click.IntRange(1, 100), default=10, show_default=True, help="How many are answered.")
@click.option("--folded", is_flag=True, help="Leave out copies, and take one article a story, from several publishers.")
@click.option("--words-only", is_flag=True, help="Compare by words alone, even where an embedding model is installed.")
def related(*, corpus: Path, count: int, folded: bool, words_only: bool) -> None:
    """Relate articles: lines of {"id"} of the corpus, or articles, in, lines of {"id", "related"} out, best first."""
    from tempfile import TemporaryDirectory

    from octavo.ai.embedding import find
    from octavo.cli.relatedlines import Corpus, read_corpus, related_rows
    from octavo.settings import current

    speak_utf8()
    embedder = None if words_only else find(current().data, threads=os.cpu_count() or 1)
    with TemporaryDirectory(prefix="octavo-related-") as folder:
        try:
            articles = Corpus(read_corpus(corpus), Path(folder), embedder)
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        articles.fold()
        for row in related_rows(read_rows(sys.stdin), articles, count, folded=folded):
            write_row(row)


@click.command()
def ask() -> None:
    """Answer questions about articles: lines of {"id", "question", "articles"} in, {"id", "answer", "citations"} out."""
    from octavo.cli.tellinglines import answer_row

    speak_utf8()
    for row in read_rows(sys.stdin):
        write_row(answer(row, answer_row))
