"""An installation's own ground: the data folder, Django, and a database brought up to date, however many start at once.

It makes what is missing and never removes anything.
"""

from __future__ import annotations

import os
from pathlib import Path

from octavo import settings as octavo_settings
from octavo.services import swap

DATA_MODE = 0o700
# Below the data folder: lead images in their sizes.
PICTURES = "pictures"
# What Octavo writes is its owner's alone: articles, accounts and keys lie in plain files.
PRIVATE_UMASK = 0o077


class InstallationError(RuntimeError):
    """The installation cannot be used; the message says why and what to do."""


def prepare(migrate: bool = True) -> None:
    """Sets up this process for work on the installation: folder, Django and, where asked, the newest tables."""
    os.umask(PRIVATE_UMASK)
    make_folder(octavo_settings.current().data)
    swap.finish(octavo_settings.current().data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "octavo.django_settings")
    import django

    django.setup()
    finish_restore(octavo_settings.current().data)
    if migrate:
        bring_up_to_date()


def make_folder(data: Path) -> None:
    """The data folder, for its owner alone; one that exists keeps its mode (doctor speaks of it)."""
    try:
        data.mkdir(mode=DATA_MODE, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InstallationError(f"{data} is not a folder; set OCTAVO_DATA to one.") from None
    except OSError as error:
        raise InstallationError(
            f"{data} cannot be made ({error.strerror}); set OCTAVO_DATA to a folder of yours."
        ) from None
    if not os.access(data, os.W_OK | os.X_OK):
        raise InstallationError(f"{data} cannot be written by this user; set OCTAVO_DATA to a folder of yours.")


def finish_restore(data: Path) -> None:
    """Lets the tables of a restore take their place where the files of it have; nothing where none was begun."""
    if not (aside := swap.schema(data)):
        return
    from octavo.store import copying
    from octavo.store.vendor import exclusively

    with exclusively(data):
        copying.take_over(aside)
        swap.close(data)


def pending_migrations() -> list[str]:
    """The migrations that the database has not seen, as `app.name`."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def known_migrations() -> set[str]:
    """Every migration that this version of Octavo brings, as `app.name`."""
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def bring_up_to_date() -> None:
    """Migrates the database; where two processes start at once, the second waits and finds it done."""
    if not pending_migrations():
        return
    from django.core.management import call_command

    from octavo.store.vendor import exclusively

    with exclusively(octavo_settings.current().data):
        if pending_migrations():
            call_command("migrate", verbosity=0, interactive=False)
