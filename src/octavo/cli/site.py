"""The verbs that run and look after the installation; each is a short call of a service.

The verbs on feeds, articles and readers have modules of their own beside this one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from octavo.cli import terminal
from octavo.cli.exits import AMISS, FAILED, Told
from octavo.services.installation import prepare

if TYPE_CHECKING:
    from octavo.services.status import Status


@click.command()
@click.option("--listen", metavar="HOST:PORT", help="Where to listen; wins over OCTAVO_LISTEN.")
@click.option("--open-start", is_flag=True, help="On the first start take the starter set of feeds, or the demo press.")
def serve(listen: str | None, open_start: bool) -> None:
    """Run the site and the worker until stopped with Ctrl-C or SIGTERM."""
    import os

    if listen:
        os.environ["OCTAVO_LISTEN"] = listen
    prepare()
    from octavo.services import site

    sys.exit(site.serve(open_start=open_start))


@click.command()
@click.option(
    "--all", "everything", is_flag=True, help="Poll every feed, due or not; Retry-After, 410 and robots stand."
)
@click.option(
    "--feed", "chosen", multiple=True, metavar="FEED", help="Only this feed: its number or address. Repeatable."
)
@terminal.json_option
def refresh(everything: bool, chosen: tuple[str, ...], wants_json: bool) -> None:
    """Poll what is due, read the new articles, make them searchable and fold them; return when that is done."""
    prepare()
    from octavo.cli.feeds import find_feed
    from octavo.services import refresh as refreshing

    ids = [find_feed(feed).pk for feed in chosen]
    with terminal.progress("Reading the feeds") as progress:
        outcome = refreshing.refresh(everything=everything, feed_ids=ids, progress=progress)
    if wants_json:
        terminal.as_json(outcome)
    else:
        click.echo(refreshing.sentence(outcome))


@click.command()
@terminal.json_option
def status(wants_json: bool) -> None:
    """Tell what is here, what is due and who works."""
    prepare()
    from octavo.services.status import status as look

    found = look()
    if wants_json:
        terminal.as_json(found.as_dict())
        return
    terminal.table(("", ""), _standing(found))


def _standing(found: Status) -> tuple[tuple[str, object], ...]:
    """What `status` tells, a line each."""
    from django.utils import timezone

    from octavo.services.holders import in_words

    now = timezone.now()
    qualities = ", ".join(f"{count} {quality}" for quality, count in sorted(found.articles_by_quality.items()))
    return (
        ("Octavo", f"{found.version} in {found.data}"),
        ("Articles", f"{found.articles}{f' ({qualities})' if qualities else ''}, by {found.publishers} publishers"),
        ("Stories", f"{found.stories}, folded by {found.embedding_model or 'words alone'}"),
        ("Newest", terminal.ago(found.newest_arrival, now)),
        (
            "Feeds",
            f"{found.feeds}: {found.feeds_active} active, {found.feeds_paused} paused, {found.feeds_gone} gone, "
            f"{found.feeds_failing} failing, {found.feeds_due} due",
        ),
        ("Last poll", terminal.ago(found.last_poll, now)),
        (
            "To do",
            f"{found.pages_waiting} pages, {found.pictures_waiting} pictures, {found.index_behind} to index, "
            f"{found.fold_behind} to fold",
        ),
        ("Worker", in_words(found.desk) if found.desk else "none is running (start one with `octavo serve`)"),
        ("Readers", found.readers),
    )


@click.command()
@terminal.json_option
def doctor(wants_json: bool) -> None:
    """Find what is wrong with the set-up and say what to do about it."""
    prepare(migrate=False)
    from octavo.services.doctor import examine

    findings = examine()
    if wants_json:
        terminal.as_json([finding.as_dict() for finding in findings])
    else:
        marks = {"ok": "✓", "hint": "·", "wrong": "✗"}
        for finding in findings:
            click.echo(f"{marks[finding.state]} {finding.subject}: {finding.said}")
            if finding.remedy:
                click.echo(f"    {finding.remedy}")
    if any(finding.state == "wrong" for finding in findings):
        sys.exit(AMISS)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def backup(file: Path, force: bool) -> None:
    """Write database, pictures and keys to one FILE, while the site runs."""
    prepare()
    from octavo.services.backup import backup as write

    if not file.parent.is_dir():
        raise Told(f"There is no folder {file.parent} to write {file.name} into.")
    if file.exists() and not force:
        raise Told(f"{file} is there already; name another file, or write over it with --force.")
    with terminal.progress("Backing up") as progress:
        written = write(file, progress)
    click.echo(f"{file}: {terminal.size(file.stat().st_size)}, {written.files} files, complete.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, yes: bool) -> None:
    """Put back what a backup FILE holds; what is here now is kept aside."""
    prepare(migrate=False)
    from octavo.services.backup import data_folder
    from octavo.services.backup import restore as put_back
    from octavo.services.running import serving_process

    if not yes and not click.confirm("Everything here is replaced by the backup (and kept aside). Go on?"):
        raise Told("Nothing was changed.", FAILED)
    was_running = serving_process(data_folder()) is not None
    with terminal.progress("Restoring") as progress:
        aside = put_back(file, progress)
    click.echo(f"Restored from {file}. What was here before lies in {aside}; remove it when all is well.")
    if was_running:
        click.echo("The site that ran was stopped for this; start it again with `octavo serve`.")


@click.group()
def retention() -> None:
    """Remove old articles by age and number, as OCTAVO_KEEP_DAYS and OCTAVO_KEEP_ARTICLES say."""


@retention.command("prune")
@click.option("--days", type=click.IntRange(1), help="Older articles go; wins over OCTAVO_KEEP_DAYS.")
@click.option(
    "--articles", "count", type=click.IntRange(1), help="The newest are kept; wins over OCTAVO_KEEP_ARTICLES."
)
@click.option("--dry-run", is_flag=True, help="Only count.")
@terminal.json_option
def retention_prune(days: int | None, count: int | None, dry_run: bool, wants_json: bool) -> None:
    """Remove them now. Saved, commented and cited articles stay, and what went does not come back."""
    prepare()
    from octavo.services.retention import prune

    with terminal.progress("Removing") as progress:
        pruned = prune(days=days, count=count, dry_run=dry_run, progress=progress)
    if wants_json:
        terminal.as_json(pruned.as_dict())
        return
    click.echo(
        f"{pruned.articles} articles {'would be' if dry_run else 'were'} removed, {pruned.pictures} pictures too."
    )


@click.group(invoke_without_command=True)
@click.pass_context
def demo(context: click.Context) -> None:
    """Read the demo press: invented publishers, served from this machine. Without a verb: start."""
    if context.invoked_subcommand is None:
        context.invoke(demo_start)


@demo.command("start")
def demo_start() -> None:
    """Run the site with the demo press beside the feeds that are here."""
    prepare()
    from octavo.services import site

    sys.exit(site.serve(demo=True))


@demo.command("remove")
def demo_remove() -> None:
    """Remove the demo press's publishers and articles; real ones stay."""
    prepare()
    from octavo.services import demo as demo_press

    removed = demo_press.remove()
    click.echo(f"The demo press is gone: {removed} articles removed." if removed else "There is no demo press here.")


@click.command(
    hidden=True, context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Django's own commands, for those who develop Octavo."""
    prepare(migrate=False)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["octavo manage", *arguments])
