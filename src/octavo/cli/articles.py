"""The verbs on articles: searching those that are here, and reading any page of the web in the terminal."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from octavo.cli import terminal
from octavo.cli.exits import NOTHING, Told
from octavo.services.installation import prepare

if TYPE_CHECKING:
    from octavo.core.types import Extract

# Longer lines tire the eye (Bringhurst: 45 to 75 characters; a terminal's face is wider).
READING_WIDTH = 80


# A word with a minus before it is a word that must not stand, not an option.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True)
@click.option("--page", default=1, type=click.IntRange(1), help="Which page of the results.")
@click.option("--newest", is_flag=True, help="The newest first, not the best.")
@terminal.json_option
def search(query: tuple[str, ...], page: int, newest: bool, wants_json: bool) -> None:
    """Search the articles: words, "phrases", -without, publisher: lang: section: quality: after: before:."""
    prepare()
    from octavo.services.search import search as look

    found = look(" ".join(query), page=page, newest=newest)
    if not found.is_ready:
        raise Told("There is no index to search yet; `octavo refresh` or `octavo serve` makes it.")
    if wants_json:
        terminal.as_json(found.as_dict())
    else:
        for hit in found.hits:
            click.echo(click.style(terminal.one_line(hit.title), bold=True))
            day = f"{hit.sort_at:%Y-%m-%d %H:%M}"
            click.echo(f"  {terminal.one_line(hit.publisher)} · {day} · {hit.url}")
            click.echo(f"  {marked(hit.excerpt, hit.excerpt_spans)}\n")
        if found.suggestion:
            click.echo(f"Did you mean: {found.suggestion}")
        click.echo(f"{found.total} found, page {found.page} of {found.pages}.")
    if not found.total:
        sys.exit(NOTHING)


def marked(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text with its found words in bold (click drops the style where it goes to a file)."""
    parts, at = [], 0
    for start, end in spans:
        parts += [terminal.one_line(text[at:start]), click.style(terminal.one_line(text[start:end]), bold=True)]
        at = end
    return "".join(parts) + terminal.one_line(text[at:])


@click.command()
@click.argument("url")
@terminal.json_option
def read(url: str, wants_json: bool) -> None:
    """Fetch the page at URL and show its article; nothing is stored."""
    from octavo.services import reading

    extract = reading.read_once(url)
    if wants_json:
        terminal.as_json(reading.as_row(extract))
    else:
        show(extract)
    if not extract.text:
        sys.exit(NOTHING)


def show(extract: Extract) -> None:
    """An article on the terminal: headline, who and when, the text wrapped for reading."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False)
    width = min(console.width, READING_WIDTH)
    byline = [extract.site_name, ", ".join(extract.authors), extract.published.isoformat() if extract.published else ""]
    quality = "" if extract.quality == "full" else f"({extract.quality})"
    console.print(Text(terminal.one_line(extract.title), style="bold"), width=width)
    console.print(
        Text(terminal.one_line(" · ".join(part for part in (*byline, quality) if part)), style="dim"), width=width
    )
    for paragraph in extract.text.split("\n\n"):
        console.print(Padding(Text(terminal.readable(paragraph)), (1, 0, 0, 0)), width=width)
    if not extract.text:
        console.print("\nNo article's text was found on this page.")
    console.print(f"\n{extract.url}", style="dim", markup=False)


@click.command()
@click.option("--day", metavar="DAY", help="The brief of another day, written like 2026-03-01.")
@click.option("--edition", default="", help="The brief of a language (ar) or a country (GB).")
@click.option("--mail", is_flag=True, help="Send today's to the readers who asked for it and have not had it.")
@click.option("--to", metavar="ADDRESS", help="Send today's to this address.")
@terminal.json_option
def brief(day: str | None, edition: str, mail: bool, to: str | None, wants_json: bool) -> None:
    """Tell Today's Eight: the stories of the day, each with its summary and why it is there."""
    prepare()
    if mail or to:
        _mail_brief(to)
        return
    from octavo.services import briefs, brieftext

    found = briefs.of_day(_day(day), edition)
    if found is None:
        raise Told("There is no such brief; `octavo refresh` or `octavo serve` makes the one of today.", NOTHING)
    if wants_json:
        terminal.as_json(briefs.as_document(found))
    else:
        click.echo(brieftext.as_text(found.day, found.picks))


def _mail_brief(to: str | None) -> None:
    """Sends today's brief and says to how many."""
    from django.utils import timezone

    from octavo.services import mailing

    if to:
        mailing.send_to(to, timezone.now())
        click.echo(f"Sent to {to}.")
    else:
        click.echo(f"Sent to {mailing.send_due(timezone.now())} readers.")


def _day(written: str | None) -> date | None:
    """A day as a person writes it; None where none was written."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise click.BadParameter(f"{written!r} is no day; write one like 2026-03-01.", param_hint="--day") from None
