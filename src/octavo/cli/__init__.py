"""The command `octavo`: it names the verbs and loads a verb's code only when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

# The products of a hundred articles with each other are too small to share: with a second thread they took twice as long,
# and the site and the worker want the cores. It must be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Where each verb lives, in the order of the manual. Pipes need no database; the others work on the installation.
MODULES = {
    "octavo.cli.site": ("serve", "refresh", "status", "doctor", "backup", "restore", "retention", "demo", "manage"),
    "octavo.cli.feeds": ("feeds", "import", "export"),
    "octavo.cli.articles": ("search", "read", "brief"),
    "octavo.cli.users": ("user",),
    "octavo.cli.shell": ("completion",),
    "octavo.cli.pipes": ("extract", "feed", "cluster", "dedup", "related", "quotes", "summarize", "keywords", "ask"),
}
PIPES = MODULES["octavo.cli.pipes"]
SITE = tuple(verb for module, verbs in MODULES.items() if module != "octavo.cli.pipes" for verb in verbs)
# Python words that a function cannot bear: the verb's function has an underscore behind it.
RESERVED = ("import",)


class LazyGroup(click.Group):
    """A group that imports a verb's module on first use, so that `octavo --help` and the pipes start fast."""

    shows_traceback = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of the manual."""
        return [*SITE, *PIPES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb, loaded now; None where there is none of that name."""
        for module, verbs in MODULES.items():
            if cmd_name in verbs:
                name = f"{cmd_name}_" if cmd_name in RESERVED else cmd_name
                command: click.Command = getattr(importlib.import_module(module), name)
                return command
        return None

    # click's overloads only tell that it does not return where it is standalone.
    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        """Runs a verb; whatever it raises becomes one sentence and an exit code, never a bare traceback."""
        is_standalone = extra.pop("standalone_mode", True)
        if not is_standalone:
            return super().main(args, prog_name, standalone_mode=False, **extra)
        try:
            sys.exit(super().main(args, prog_name, standalone_mode=False, **extra) or 0)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(130)
        except Exception as error:
            sys.exit(told(error, self.shows_traceback))
        except KeyboardInterrupt:
            sys.exit(130)


def told(error: Exception, shows_traceback: bool) -> int:
    """Says on standard error what happened; gives the exit code."""
    from octavo.cli.exits import explain

    if shows_traceback:
        import traceback

        traceback.print_exception(error)
    sentence, code = explain(error)
    click.echo(sentence, err=True)
    return code


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="octavo")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option("--data", metavar="FOLDER", help="The data folder; wins over OCTAVO_DATA.")
@click.pass_context
def main(context: click.Context, debug: bool, data: str | None) -> None:
    """Octavo reads the publishers you trust and folds the day's news into eight stories."""
    if isinstance(context.command, LazyGroup):
        context.command.shows_traceback = debug
    if data:
        os.environ["OCTAVO_DATA"] = data
