"""What differs between SQLite and PostgreSQL; the only place that asks which database it is.

SQLite: WAL; every transaction takes the write lock at its start (a deferred one fails on upgrade when another wrote
meanwhile). `synchronous=FULL`: a commit is on the disk before it is acknowledged, so a power loss takes no article,
account or comment that was.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.dateparse import parse_datetime

from octavo.settings import SettingsError

SQLITE_FILE = "octavo.sqlite3"
# How long a writer waits for another's transaction, in seconds; ours are kept far shorter.
SQLITE_PATIENCE = 20.0
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-16000;"
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA journal_size_limit=67108864;"
)


def database_for(address: str, data: Path) -> dict[str, Any]:
    """Django's DATABASES entry for a database address; SQLite in the data folder where there is none."""
    if not address:
        return sqlite(data / SQLITE_FILE)
    parts = urlsplit(address)
    if parts.scheme in ("postgres", "postgresql"):
        return postgresql(address)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    raise SettingsError(
        f"OCTAVO_DATABASE: {parts.scheme or address!r} is no database that Octavo knows; "
        "write postgres://user@host/name or leave it empty for SQLite."
    )


def sqlite(path: Path) -> dict[str, Any]:
    """A SQLite file as Django wants it."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"timeout": SQLITE_PATIENCE, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS},
        "CONN_MAX_AGE": None,
    }


# Moments that are remembered as they were read: those of the newest articles stand on every page.
MOST_MOMENTS = 32_768


def read_moments_once() -> None:
    """Lets SQLite's written times be read into aware ones, each once; called when Django's own readers are in place.

    Django reads and then attaches UTC for every value anew, which was a tenth of a page.
    """
    for kind in ("datetime", "timestamp"):
        sqlite3.register_converter(kind, moment)


@lru_cache(maxsize=MOST_MOMENTS)
def moment(written: bytes) -> datetime | None:
    """A time as Django writes it into SQLite, always in UTC."""
    read = parse_datetime(written.decode())
    return read.replace(tzinfo=UTC) if read is not None and read.tzinfo is None else read


def is_needless(converter: Callable[..., Any]) -> bool:
    """Whether Django's step from a database's value to Python's has been done already: SQLite's times, by `moment`."""
    return getattr(converter, "__name__", "") == "convert_datetimefield_value"


def postgresql(address: str) -> dict[str, Any]:
    """A PostgreSQL address as Django wants it; query parameters become libpq options (`host` for a socket folder)."""
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "octavo",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def is_sqlite() -> bool:
    """Whether this installation's database is a SQLite file."""
    from django.db import connection

    return connection.vendor == "sqlite"


# Any number: all Octavo processes agree on it.
MIGRATION_LOCK = 0x0C7A70
MIGRATION_LOCK_FILE = "migrate.lock"


@contextmanager
def exclusively(data: Path) -> Iterator[None]:
    """Holds what no two processes of this installation do at once: changing the tables. Waits for the other."""
    from django.db import connection

    if is_sqlite():
        with (data / MIGRATION_LOCK_FILE).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
