"""The command `octavo`: it names the verbs and loads a verb's code only when it is called."""

from __future__ import annotations

import importlib

import click

# Where each verb lives. Pipes read JSON Lines and need no database; the others work on the installation.
PIPES = ("extract", "feed")
SITE = ()


class LazyGroup(click.Group):
    """A group that imports a verb's module on first use, so that `octavo --help` and the pipes start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of the manual."""
        return [*SITE, *PIPES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb, loaded now; None where there is none of that name."""
        for module, verbs in (("octavo.cli.site", SITE), ("octavo.cli.pipes", PIPES)):
            if cmd_name in verbs:
                command: click.Command = getattr(importlib.import_module(module), cmd_name.replace("-", "_"))
                return command
        return None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="octavo")
def main() -> None:
    """Octavo reads the publishers you trust and folds the day's news into eight stories."""
