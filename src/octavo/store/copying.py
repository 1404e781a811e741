"""Copies the whole database to files while others write, and puts such a copy in its place; it knows no articles.

SQLite: its online backup, held at one snapshot, so that no writer can make it start over. The write-ahead log cannot
shrink meanwhile; a copy runs at the disk's speed. PostgreSQL: COPY of each table in one REPEATABLE READ transaction,
which needs no program beside Octavo. A copy is restored into the database kind that it came from.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from octavo.store.vendor import SQLITE_FILE, is_sqlite

Progress = Callable[[int, int | None, str], None]

# Pages of one step of SQLite's backup; between steps the progress is told.
STEP_PAGES = 4096
# Bytes of one piece of a table that goes in or out.
PIECE = 1 << 20
TABLE_SUFFIX = ".copy"
# What a copy's file name and first line may be.
TABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
COLUMN_NAMES = re.compile(rb'"[a-z][a-z0-9_]{0,62}"(?:, "[a-z][a-z0-9_]{0,62}")*\n')
LONGEST_HEADER = 8_000
# Where restored tables are filled, until they take the place of those that are read.
FILLED_SCHEMA = "octavo_restored"
# Not copied: what belongs to the running installation alone.
LEFT_OUT = frozenset({"django_migrations"})


class CopyError(RuntimeError):
    """A copy that cannot be made or put back; the message says why and what to do."""


def kind() -> str:
    """The database kind, as a backup's manifest names it."""
    return "sqlite" if is_sqlite() else "postgresql"


def applied_migrations() -> list[str]:
    """The migrations that made the tables, as `app.name`, sorted."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def copy_out(folder: Path, progress: Progress) -> list[Path]:
    """Writes a consistent copy into a folder; returns its files."""
    return [_copy_sqlite(folder / SQLITE_FILE, progress)] if is_sqlite() else list(_copy_tables(folder, progress))


def check(files: list[Path]) -> None:
    """Raises CopyError where a SQLite copy is damaged, or a table's copy names what is no table or column.

    A table's rows are vouched for by the checksum alone; its names become a part of statements.
    """
    for path in files:
        if path.name.endswith(TABLE_SUFFIX):
            _check_names(path)
        elif path.name == SQLITE_FILE:
            with closing(sqlite3.connect(path)) as copy:
                found = copy.execute("PRAGMA quick_check").fetchone()[0]
            if found != "ok":
                raise CopyError(f"The database's copy is damaged: {found}.")


def _check_names(path: Path) -> None:
    with path.open("rb") as file:
        listed = file.readline(LONGEST_HEADER)
    if not TABLE_NAME.fullmatch(path.name.removesuffix(TABLE_SUFFIX)) or not COLUMN_NAMES.fullmatch(listed):
        raise CopyError(f"The copy of {path.name!r} names no table of Octavo's.")


# SQLite


def sqlite_path() -> Path:
    """The database's file."""
    return Path(connection.settings_dict["NAME"])


def _copy_sqlite(target: Path, progress: Progress) -> Path:
    def told(status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total, "Copying the database")

    address = f"file:{sqlite_path()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(target)) as copy:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # takes the snapshot
        source.backup(copy, pages=STEP_PAGES, progress=told, sleep=0)
        source.rollback()
    return target


def is_open_elsewhere() -> bool:
    """Whether another connection has the SQLite file open: only the last one can leave the write-ahead log."""
    connections.close_all()
    if not sqlite_path().exists():
        return False
    with closing(sqlite3.connect(sqlite_path(), timeout=0)) as probe:
        try:
            return str(probe.execute("PRAGMA journal_mode=DELETE").fetchone()[0]) != "delete"
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                return True
            raise
        except sqlite3.DatabaseError:
            return False  # damaged: that is why it is being restored


# PostgreSQL


def tables() -> dict[str, list[str]]:
    """Every table of Django's models, with its columns."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {
        model._meta.db_table: [str(field.column) for field in model._meta.local_concrete_fields]
        for model in models
        if model._meta.db_table not in LEFT_OUT and not model._meta.proxy
    }


def _copy_tables(folder: Path, progress: Progress) -> Iterator[Path]:
    wanted = tables()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for done, (table, columns) in enumerate(wanted.items()):
            progress(done, len(wanted), "Copying the database")
            path = folder / f"{table}{TABLE_SUFFIX}"
            listed = ", ".join(f'"{column}"' for column in columns)
            with path.open("wb") as file, cursor.copy(f'COPY "{table}" ({listed}) TO STDOUT') as rows:
                file.write(f"{listed}\n".encode())
                for piece in rows:
                    file.write(piece)
            yield path


@contextmanager
def _fresh_schema(name: str) -> Iterator[None]:
    """Works in an empty schema, which what a killed restore left there gives way to."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
        cursor.execute(f'CREATE SCHEMA "{name}"')
        cursor.execute(f'SET search_path TO "{name}"')
    try:
        yield
    finally:
        connection.close()  # the next connection looks where every other does


def fill_beside(folder: Path, migrations: list[str], progress: Progress) -> None:
    """Fills tables copied from PostgreSQL beside the present ones; nobody reads them before `take_over`.

    The tables are made as they were when the copy was taken, filled, and then brought up to date.
    """
    with _fresh_schema(FILLED_SCHEMA):
        for app, name in _latest(migrations):
            call_command("migrate", app, name, verbosity=0, interactive=False)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            files = sorted(folder.glob(f"*{TABLE_SUFFIX}"))
            _empty(cursor, [path.name.removesuffix(TABLE_SUFFIX) for path in files])
            for done, path in enumerate(files):
                progress(done, len(files), "Restoring the database")
                _fill(cursor, path)
        call_command("migrate", verbosity=0, interactive=False)


def take_over(aside: str) -> None:
    """Puts the tables filled beside in the place of the present ones, which stay in the schema `aside`.

    All or nothing, and once: nothing where it was done before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [FILLED_SCHEMA])
        if cursor.fetchone() is not None:
            cursor.execute(f'ALTER SCHEMA public RENAME TO "{aside}"')
            cursor.execute(f'ALTER SCHEMA "{FILLED_SCHEMA}" RENAME TO public')


def _latest(migrations: list[str]) -> list[tuple[str, str]]:
    """The last migration of each app, in order of the apps' names; numbers lead the names."""
    parted = (migration.partition(".") for migration in sorted(migrations))
    last = {app: name for app, _, name in parted}
    known = {config.label for config in apps.get_app_configs()}
    return [(app, name) for app, name in last.items() if app in known]


def _empty(cursor: Any, wanted: list[str]) -> None:
    """Migrations put content types and permissions there, which the copy has as well."""
    cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in wanted) + " CASCADE")


def _fill(cursor: Any, path: Path) -> None:
    """Fills one table, and lets its numbers go on after the highest."""
    table = path.name.removesuffix(TABLE_SUFFIX)
    with path.open("rb") as file:
        listed = file.readline().decode().strip()
        with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as rows:
            while piece := file.read(PIECE):
                rows.write(piece)
    if '"id"' not in listed:
        return
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
    sequence = cursor.fetchone()[0]
    if sequence:
        after = f'SELECT setval(%s, COALESCE((SELECT max(id) FROM "{table}"), 0) + 1, false)'  # noqa: S608
        cursor.execute(after, [sequence])
