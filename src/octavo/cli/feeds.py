"""The verbs on feeds and what goes in and out with them: OPML lists and articles as JSON Lines."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from octavo.cli import terminal
from octavo.cli.exits import AMISS, NOTHING, Told
from octavo.services.installation import prepare

if TYPE_CHECKING:
    from octavo.store.models import Feed


def find_feed(named: str) -> Feed:
    """A feed by its number or its address."""
    from octavo.store.models import Feed

    known = Feed.objects.select_related("publisher")
    feed = known.filter(pk=int(named)).first() if named.isdecimal() else known.filter(url=named).first()
    if feed is None:
        raise Told(f"There is no feed {named!r} here; `octavo feeds list` shows them with their numbers.", NOTHING)
    return feed


@click.group(invoke_without_command=True)
@click.pass_context
def feeds(context: click.Context) -> None:
    """Add, list, pause, resume, remove and check feeds. Without a verb: list."""
    if context.invoked_subcommand is None:
        context.invoke(feeds_list)


@feeds.command("list")
@click.option("--failing", is_flag=True, help="Only those whose last poll failed.")
@terminal.json_option
def feeds_list(failing: bool = False, wants_json: bool = False) -> None:
    """Show every feed with its number, state and last poll."""
    prepare()
    from django.utils import timezone

    from octavo.services.status import feed_rows

    rows = feed_rows(failing)
    if wants_json:
        terminal.as_json([row.as_dict() for row in rows])
        return
    now = timezone.now()
    columns = ("No.", "Publisher", "Feed", "State", "Articles", "Polled", "Next", "Why")
    terminal.table(
        columns,
        [
            (
                row.id,
                row.publisher,
                row.title or row.url,
                row.standing,
                row.articles,
                terminal.ago(row.polled_at, now),
                "" if row.state != "active" else terminal.ago(row.due_at, now) if row.due_at else "now",
                row.failure,
            )
            for row in rows
        ],
    )


@feeds.command("add")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--folder", default="", help="The folder to put it in.")
@click.option("--section", default="", help="The section of the front page that its articles belong to.")
@terminal.json_option
def feeds_add(addresses: tuple[str, ...], folder: str, section: str, wants_json: bool) -> None:
    """Add the feeds at each ADDRESS: a feed's, or a home page's, whose feeds are then found."""
    prepare()
    from octavo.services import feeds as service

    added = [feed for address in addresses for feed in service.add(address, folder=folder, section=section)]
    if wants_json:
        terminal.as_json([{"id": feed.pk, "url": feed.url, "title": feed.title} for feed in added])
        return
    for feed in added:
        click.echo(f"{feed.pk}: {terminal.one_line(feed.title or feed.url)} <{feed.url}>")
    click.echo("Read them with `octavo refresh`, or let `octavo serve` do it.")


@feeds.command("pause")
@click.argument("named", nargs=-1, required=True, metavar="FEED...")
def feeds_pause(named: tuple[str, ...]) -> None:
    """Stop polling each FEED, given by its number or address."""
    prepare()
    from octavo.services import feeds as service

    for feed in [find_feed(name) for name in named]:
        service.pause(feed)
        click.echo(f"{feed} is paused.")


@feeds.command("resume")
@click.argument("named", nargs=-1, required=True, metavar="FEED...")
def feeds_resume(named: tuple[str, ...]) -> None:
    """Poll each FEED again, one that was gone included."""
    prepare()
    from octavo.services import feeds as service

    for feed in [find_feed(name) for name in named]:
        service.resume(feed)
        click.echo(f"{feed} is polled again.")


@feeds.command("remove")
@click.argument("named", nargs=-1, required=True, metavar="FEED...")
def feeds_remove(named: tuple[str, ...]) -> None:
    """Remove each FEED; its articles stay."""
    prepare()
    from octavo.services import feeds as service

    for feed in [find_feed(name) for name in named]:
        title = str(feed)
        service.remove(feed)
        click.echo(f"{title} is removed; its articles stay.")


@feeds.command("check")
@click.argument("named", nargs=-1, metavar="[FEED...]")
@terminal.json_option
def feeds_check(named: tuple[str, ...], wants_json: bool) -> None:
    """Tell which feeds fail, since when, why, and what to do. Given ones are fetched now; nothing is stored."""
    prepare()
    from octavo.services import health

    reports = health.check([find_feed(name) for name in named]) if named else health.failing()
    if wants_json:
        terminal.as_json([report.as_dict() for report in reports])
    else:
        for report in reports:
            click.echo(terminal.one_line(report.sentence()))
        if not reports:
            click.echo("Every feed is well.")
    if any(report.is_failing for report in reports):
        sys.exit(AMISS)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@terminal.json_option
def import_(file: Path, wants_json: bool) -> None:
    """Take in the feeds of an OPML FILE with their folders."""
    prepare()
    from octavo.services import feeds as service

    outcome = service.import_opml(file.read_bytes())
    if wants_json:
        terminal.as_json(outcome.as_dict())
        return
    click.echo(outcome.sentence())


@click.group()
def export() -> None:
    """Write the feeds or the articles to standard output."""


@export.command("opml")
def export_opml() -> None:
    """The feeds with their folders, as OPML 2.0."""
    prepare()
    from octavo.services import feeds as service

    click.echo(service.export_opml())


@export.command("articles")
@click.option("--publisher", default="", metavar="NAME", help="Only this publisher's.")
@click.option("--language", default="", metavar="CODE", help="Only in this language, such as en.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what arrived on this day (UTC) or later.")
def export_articles(publisher: str, language: str, since: datetime | None) -> None:
    """Every article, one JSON object a line: id, url, title, published, publisher, language, quality, story, text."""
    prepare()
    from datetime import UTC

    from octavo.services import export as service

    for row in service.articles(publisher, language, since.replace(tzinfo=UTC) if since else None):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
