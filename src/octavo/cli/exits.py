"""What a verb's exit code means, and how an error becomes one sentence; it never hides a fault of Octavo's own.

A person's mistake, a refused address or a full disk is told in a sentence on standard error; `octavo --debug VERB` shows
the traceback as well.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Final

from octavo.settings import SettingsError

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
NOTHING: Final = 3
AMISS: Final = 4
INTERRUPTED: Final = 130

# The one place where they are told; docs/cli.md repeats it and a test compares the two.
EXIT_CODES: Final = {
    DONE: "done",
    FAILED: "it failed, and the sentence on standard error says why",
    USAGE: "the command was not understood",
    NOTHING: "nothing was found: no hit, no such feed, no readable text",
    AMISS: "a check found something that needs attention (`doctor`, `feeds check`)",
    INTERRUPTED: "interrupted with Ctrl-C",
}


class Told(Exception):
    """An outcome that a person must hear of, in their words, with the exit code that goes with it."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def is_known(error: BaseException) -> bool:
    """Whether the error's own words say what happened and what to do: those raised on purpose by Octavo's floors."""
    if isinstance(error, Told | SettingsError):
        return True
    # An exception class of Octavo's own is raised on purpose, with a sentence; Python's are not.
    return type(error).__module__.startswith("octavo.")


def database_sentence(error: BaseException) -> str:
    """What to do about a database that does not answer."""
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if "locked" in said:
        return "The database is busy with another program's long write; try again in a moment."
    if "full" in said:
        return "The disk is full; make room in the data folder and try again."
    if "readonly" in said or "unable to open" in said:
        return f"The database cannot be written ({said}); check who owns the data folder: `octavo doctor`."
    if "malformed" in said or "not a database" in said:
        return f"The database is damaged ({said}); restore a backup: `octavo restore FILE`."
    return f"The database does not answer: {said}. See `octavo doctor`."


def is_database_error(error: BaseException) -> bool:
    """Whether a database raised it, through Django or not."""
    if isinstance(error, sqlite3.Error):
        return True
    django_db = sys.modules.get("django.db.utils")
    return django_db is not None and isinstance(error, django_db.DatabaseError | django_db.InterfaceError)


def explain(error: BaseException) -> tuple[str, int]:
    """One sentence for a person, and the exit code."""
    if is_known(error):
        return str(error) or type(error).__name__, getattr(error, "code", FAILED)
    if is_database_error(error):
        return database_sentence(error), FAILED
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError | NotADirectoryError):
        return f"{error.filename}: {error.strerror}.", FAILED
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}.", FAILED
    return (
        f"Octavo made a mistake ({type(error).__name__}: {error}). Run it again as `octavo --debug …` to see where.",
        FAILED,
    )
