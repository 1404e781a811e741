"""How verbs speak: tables and progress for a person at a terminal, plain lines or JSON for everything else."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

# done, total (None where unknown), what is being done
Progress = Callable[[int, int | None, str], None]
# The columns of a table that goes to a file or a pipe, where there is no terminal to ask for its width.
PIPE_WIDTH = 160


def as_json(value: Any) -> None:
    """One JSON document on standard output; times in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def plain(value: Any) -> Any:
    """What JSON has no form for, as text."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--json`, the same for every verb that has it."""
    return click.option("--json", "wants_json", is_flag=True, help="Write JSON instead of text.")(command)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "") -> None:
    """Rows under a heading; empty cells for None. Text from outside is never read as markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    drawn = Table(
        *columns, title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False,
        show_header=any(columns),
    )  # fmt: skip
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else one_line(str(cell))) for cell in row))
    console.print(drawn)


def one_line(text: str) -> str:
    """Text from outside without control characters, so that it cannot drive the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def readable(text: str) -> str:
    """The same for a text of several lines."""
    return "\n".join(one_line(line) for line in text.splitlines())


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A progress bar on standard error while it is a terminal; silence otherwise."""
    if not sys.stderr.isatty():
        yield lambda done, total, what: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int | None, what: str) -> None:
            bar.update(task, completed=done, total=total, description=one_line(what) or title)

        yield show


def ago(moment: datetime | None, now: datetime) -> str:
    """'3 min ago'; 'never' where it has not been."""
    if moment is None:
        return "never"
    seconds = int((now - moment).total_seconds())
    form = "in {}" if seconds < 0 else "{} ago"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if abs(seconds) >= size:
            return form.format(f"{abs(seconds) // size} {unit}")
    return form.format(f"{abs(seconds)} s")


def size(count: int) -> str:
    """A number of bytes for people: 1.4 MB."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"
