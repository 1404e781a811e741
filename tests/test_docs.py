"""The documents tell every setting, verb, option and exit code; one that is missing fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from octavo.cli import main
from octavo.cli.exits import EXIT_CODES
from octavo.settings import Settings, variable

DOCS = Path(__file__).resolve().parent.parent / "docs"


def written(default: object) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return ",".join(default) if isinstance(default, tuple) else str(default)


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_stands_with_its_default_and_unit(name: str) -> None:
    field = next(field for field in fields(Settings) if field.name == name)
    default = written(field.default)
    shown = f"`{default}`" if default else ""
    row = f"| `{variable(name)}` | {shown} | {field.metadata['unit']} | {field.metadata['help']} |"
    assert row in (DOCS / "settings.md").read_text(), f"docs/settings.md lacks the row:\n{row}"


def test_no_setting_is_told_that_is_none() -> None:
    told = set(re.findall(r"^\| `(OCTAVO_\w+)`", (DOCS / "settings.md").read_text(), re.MULTILINE))
    assert told == {variable(field.name) for field in fields(Settings)}


def verbs(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every verb that a person sees, with its whole name."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            verb = command.get_command(context, name)
            assert verb is not None, f"octavo {name} is listed and cannot be loaded"
            if not verb.hidden:
                yield from verbs(verb, f"{path} {name}")


ALL = dict(verbs(main, "octavo"))


@pytest.mark.parametrize("verb", ALL)
def test_every_verb_stands_with_its_options(verb: str) -> None:
    told = (DOCS / "cli.md").read_text()
    command = ALL[verb]
    assert f"`{verb}" in told, f"docs/cli.md lacks `{verb}`"
    section = told[told.index(f"`{verb}") :]
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.opts[-1] in section, f"docs/cli.md lacks {option.opts[-1]} of `{verb}`"
            assert option.help, f"{option.opts[-1]} of `{verb}` says nothing of itself"


@pytest.mark.parametrize("verb", ALL)
def test_every_verb_has_a_sentence(verb: str) -> None:
    assert (ALL[verb].help or "").strip()


def test_the_exit_codes_stand() -> None:
    told = (DOCS / "cli.md").read_text()
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", told, re.MULTILINE))
    assert rows == {str(code): meaning for code, meaning in EXIT_CODES.items()}
