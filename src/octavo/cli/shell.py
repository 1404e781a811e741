"""Completion for the shells: it prints the lines that a shell needs, and changes no file of the reader's."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes SHELL complete Octavo's verbs: eval "$(octavo completion bash)"."""
    kind = get_completion_class(shell)
    assert kind is not None  # click knows the three
    click.echo(kind(context.find_root().command, {}, "octavo", "_OCTAVO_COMPLETE").source())
