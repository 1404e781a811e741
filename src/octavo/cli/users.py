"""The verbs on readers' accounts; a password is asked for or read, never taken from the command line's words."""

from __future__ import annotations

import sys

import click

from octavo.cli import terminal
from octavo.cli.exits import Told
from octavo.services.installation import prepare


@click.group(invoke_without_command=True)
@click.pass_context
def user(context: click.Context) -> None:
    """Add, list and let in readers. Without a verb: list."""
    if context.invoked_subcommand is None:
        context.invoke(user_list)


@user.command("add")
@click.argument("name")
@click.option("--admin", is_flag=True, help="Make them an administrator.")
@click.option("--email", default="", help="Their address, for mail.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_add(name: str, admin: bool, email: str, password_stdin: bool) -> None:
    """Add the reader NAME; asks for the password."""
    prepare()
    from octavo.services import users

    added = users.add(name, ask_password(password_stdin), email=email, is_admin=admin)
    click.echo(f"{added.username} is {'an administrator' if admin else 'a reader'} now.")


@user.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_password(name: str, password_stdin: bool) -> None:
    """Set a new password for the reader NAME and sign them out everywhere."""
    prepare()
    from octavo.services import users

    users.set_password(name, ask_password(password_stdin))
    click.echo(f"{name} has a new password.")


@user.command("link")
def user_link() -> None:
    """Print a one-time link that makes whoever opens it the administrator."""
    prepare()
    from octavo import settings
    from octavo.services import users

    click.echo(f"{settings.current().site_url}{users.admin_link()}")


@user.command("list")
@terminal.json_option
def user_list(wants_json: bool = False) -> None:
    """Show every reader."""
    prepare()
    from django.utils import timezone

    from octavo.services import users

    rows = users.all_readers()
    if wants_json:
        terminal.as_json([row.as_dict() for row in rows])
        return
    now = timezone.now()
    terminal.table(
        ("Name", "Mail", "Role", "Joined", "Last here"),
        [
            (row.name, row.email, row.role, terminal.ago(row.joined_at, now), terminal.ago(row.seen_at, now))
            for row in rows
        ],
    )


def ask_password(from_stdin: bool) -> str:
    """A password from the terminal, asked twice, or from the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Told("There is no terminal to ask for the password on; write it to standard input with --password-stdin.")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer
