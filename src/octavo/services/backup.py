"""Everything that matters of an installation in one file, and back: database, pictures and keys under one manifest.

The file is a gzipped tar, for its owner alone; the manifest comes last in it, so that a cut file has none. It is written
aside and renamed, so a file of that name is always whole. Indexes are left out: they are made again.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import signal
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connections

import octavo
from octavo.services import holders, indexing, leases, swap
from octavo.services.installation import PICTURES, bring_up_to_date, finish_restore, known_migrations
from octavo.services.keys import SECRET_KEY_FILE
from octavo.services.running import serving_process
from octavo.services.swap import sync_folder
from octavo.store import copying
from octavo.store.models import Feed, Host, IndexState, IndexWork, Lease, Page, Picture
from octavo.store.vendor import SQLITE_FILE, is_sqlite

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE_FOLDER = "database"
SETTINGS_FILE = "octavo.conf"
PRIVATE = 0o600
# Text shrinks well at once; pictures are packed already.
COMPRESSION = 3
# How a person sets the kind of database that a backup holds.
KIND_IS_SET = {"sqlite": "to nothing", "postgresql": "to a PostgreSQL address"}
PIECE = 1 << 20
# How long a running site may take to stop.
STOP_SECONDS = 30.0
# A backup must not fill the disk: so much must stay free beside the database's copy.
SPARE_BYTES = 50_000_000

Progress = Callable[[int, int | None, str], None]


class BackupError(RuntimeError):
    """A backup that cannot be written or put back; the message says why, and that nothing was changed."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: each file's size and SHA-256."""

    made_at: str
    database: str
    migrations: list[str]
    octavo: str = octavo.__version__
    format: int = FORMAT
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def files(self) -> int:
        """How many files it holds."""
        return len(self.entries)

    def as_bytes(self) -> bytes:
        """The manifest as it stands in the archive."""
        return json.dumps(self.__dict__, indent=1).encode()


# Writing


def backup(file: Path, progress: Progress = lambda done, total, what: None) -> Manifest:
    """Writes the backup while everything runs; returns its manifest. BackupError or OSError leave no file behind."""
    data = data_folder()
    with _staging(data, "backup") as stage:
        _need_room(stage)
        copied = copying.copy_out(stage, progress)
        copying.check(copied)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(made_at, copying.kind(), copying.applied_migrations())
        with _written_aside(file) as raw, _packing(raw) as archive:
            for path in copied:
                _add(archive, manifest, f"{DATABASE_FOLDER}/{path.name}", path)
            _add_others(archive, manifest, data, progress)
            _add_bytes(archive, MANIFEST, manifest.as_bytes())
    return manifest


def data_folder() -> Path:
    """The data folder of this installation."""
    return Path(settings.OCTAVO.data)


@contextmanager
def _packing(raw: IO[bytes]) -> Iterator[tarfile.TarFile]:
    with (
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=COMPRESSION) as packed,
        tarfile.open(fileobj=packed, mode="w|") as archive,
    ):
        yield archive


def _add_others(archive: tarfile.TarFile, manifest: Manifest, data: Path, progress: Progress) -> None:
    """Key, settings and pictures. Pictures never change once written; one that goes meanwhile is left out."""
    for name in (SECRET_KEY_FILE, SETTINGS_FILE):
        if (data / name).exists():
            _add(archive, manifest, name, data / name)
    pictures = sorted((data / PICTURES).rglob("*")) if (data / PICTURES).is_dir() else []
    for done, path in enumerate(pictures, 1):
        if path.is_file() and not path.name.endswith(".part"):
            _add(archive, manifest, f"{PICTURES}/{path.relative_to(data / PICTURES).as_posix()}", path)
        progress(done, len(pictures), "Copying pictures")


def _add(archive: tarfile.TarFile, manifest: Manifest, name: str, path: Path) -> None:
    """One file, with its checksum of exactly what went in."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            file.seek(0)
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = size, PRIVATE, int(path.stat().st_mtime)
            archive.addfile(entry, file)
    except FileNotFoundError:
        return
    manifest.entries[name] = {"size": size, "sha256": digest}


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), PRIVATE
    archive.addfile(entry, io.BytesIO(content))


@contextmanager
def _staging(data: Path, purpose: str) -> Iterator[Path]:
    """A folder of this run's own in the data folder; what killed runs left of the kind is cleared first."""
    for left in data.glob(f"{purpose}-*-staging"):
        if holders.is_dead(left.name.removeprefix(f"{purpose}-").rpartition("-")[0].rpartition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    stage = Path(tempfile.mkdtemp(prefix=f"{purpose}-{holders.this_process()}-", suffix="-staging", dir=data))
    try:
        yield stage
    finally:
        if not swap.is_open(data):  # otherwise the next start needs what lies here
            shutil.rmtree(stage, ignore_errors=True)


def _need_room(stage: Path) -> None:
    needed = copying.sqlite_path().stat().st_size if is_sqlite() else 0
    if shutil.disk_usage(stage).free < needed + SPARE_BYTES:
        raise BackupError(
            f"The disk of {stage.parent} has too little room for the database's copy; nothing was written."
        )


@contextmanager
def _written_aside(file: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name only when it is whole and on the disk; private from its first byte."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        aside.rename(file)
        sync_folder(file.parent)
    finally:
        aside.unlink(missing_ok=True)


# Putting back


def restore(file: Path, progress: Progress = lambda done, total, what: None) -> Path:
    """Puts a backup in the place of what is here; returns the folder that holds what was here before.

    The whole file is unpacked and every checksum compared before anything is touched. A running site of this machine is
    asked to stop; one that cannot be stopped is a BackupError. The index is made again.
    """
    data = data_folder()
    with _staging(data, "restore") as stage:
        manifest = unpack(file, stage, progress)
        _fits(manifest)
        stop_site(data)
        aside = data / f"before-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        aside.mkdir()
        schema = "" if is_sqlite() else aside.name.replace("-", "_")
        if schema:
            copying.fill_beside(stage / DATABASE_FOLDER, manifest.migrations, progress)
        swap.begin(data, aside, _moves(data, stage), _leaving(data), schema)
        swap.finish(data)
        finish_restore(data)
    bring_up_to_date()
    _forget_running()
    indexing.rebuild(progress)
    indexing.close()
    return aside


def unpack(file: Path, stage: Path, progress: Progress) -> Manifest:
    """Unpacks a backup into a folder and compares it with its manifest; BackupError where anything differs."""
    try:
        found = _unpack_files(file, stage, progress)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, OSError) as error:
        raise BackupError(f"{file} is no whole backup ({error}); nothing was changed.") from None
    manifest = _read_manifest(file, stage)
    differing = sorted(
        name for name in manifest.entries.keys() | found.keys() if manifest.entries.get(name) != found.get(name)
    )
    if differing:
        raise BackupError(f"{file} is damaged: {differing[0]} is not what its manifest says; nothing was changed.")
    if not (stage / DATABASE_FOLDER).is_dir():
        raise BackupError(f"{file} holds no database; nothing was changed.")
    copying.check(list((stage / DATABASE_FOLDER).iterdir()))
    return manifest


def _unpack_files(file: Path, stage: Path, progress: Progress) -> dict[str, dict[str, Any]]:
    """Writes each file of the archive below the stage; returns sizes and checksums by name, the manifest's left out."""
    found: dict[str, dict[str, Any]] = {}
    with tarfile.open(file, mode="r|gz") as archive:
        for done, entry in enumerate(archive):
            target = stage / entry.name
            if not _is_ours(entry):
                raise BackupError(
                    f"{file} holds {entry.name!r}, which no backup of Octavo's does; nothing was changed."
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            content = archive.extractfile(entry)
            assert content is not None  # it is a regular file
            digest = _write(content, target)
            if entry.name != MANIFEST:
                found[entry.name] = {"size": entry.size, "sha256": digest}
            progress(done, None, "Unpacking")
    return found


def _is_ours(entry: tarfile.TarInfo) -> bool:
    """Whether a member is one that `backup` writes: nothing else may come to lie in the data folder."""
    folder, slash, rest = entry.name.partition("/")
    if entry.type != tarfile.REGTYPE or ".." in Path(entry.name).parts:
        return False
    if slash:
        return bool(rest) and (folder == PICTURES or (folder == DATABASE_FOLDER and "/" not in rest))
    return entry.name in (MANIFEST, SECRET_KEY_FILE, SETTINGS_FILE)


def _write(content: IO[bytes], target: Path) -> str:
    """Writes a file to the disk and returns its SHA-256."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while piece := content.read(PIECE):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _read_manifest(file: Path, stage: Path) -> Manifest:
    path = stage / MANIFEST
    if not path.exists():
        raise BackupError(f"{file} has no manifest: it is cut, or no backup of Octavo's; nothing was changed.")
    try:
        manifest = Manifest(**json.loads(path.read_text()))
    except (ValueError, TypeError):
        raise BackupError(f"{file} has a manifest that cannot be read; nothing was changed.") from None
    path.unlink()
    return manifest


def _fits(manifest: Manifest) -> None:
    """Whether this Octavo can take the backup up."""
    if manifest.format != FORMAT:
        raise BackupError(f"The backup is of format {manifest.format}; Octavo {octavo.__version__} reads {FORMAT}.")
    if manifest.database != copying.kind():
        raise BackupError(
            f"The backup holds a {manifest.database} database, and this installation uses {copying.kind()}; "
            f"set OCTAVO_DATABASE {KIND_IS_SET.get(manifest.database, 'to one of that kind')} to restore it. Nothing was changed."
        )
    if newer := sorted(set(manifest.migrations) - known_migrations()):
        raise BackupError(f"The backup is of a newer Octavo (it has {newer[0]}); install that version first.")


def stop_site(data: Path) -> None:
    """Asks a running site of this machine to stop and waits for it; BackupError where something still runs."""
    if serving := serving_process(data):
        os.kill(serving, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _is_in_use():
        if time.monotonic() > deadline:
            raise BackupError("Octavo is running and does not stop; stop it, then restore. Nothing was changed.")
        time.sleep(0.2)
    connections.close_all()


def _is_in_use() -> bool:
    if is_sqlite():
        return copying.is_open_elsewhere()
    return leases.is_held(leases.DESK)


def _moves(data: Path, stage: Path) -> dict[str, Path]:
    """What comes into the data folder, by name. This machine's own settings stand."""
    moves = {path.name: path for path in stage.iterdir() if path.name not in (DATABASE_FOLDER, SETTINGS_FILE)}
    if (stage / SETTINGS_FILE).exists() and not (data / SETTINGS_FILE).exists():
        moves[SETTINGS_FILE] = stage / SETTINGS_FILE
    if is_sqlite():
        moves[SQLITE_FILE] = stage / DATABASE_FOLDER / SQLITE_FILE
    return moves


def _leaving(data: Path) -> list[str]:
    """What leaves the data folder beside what is replaced: pictures that the backup has none of, logs, the index."""
    logs = [f"{SQLITE_FILE}-wal", f"{SQLITE_FILE}-shm"] if is_sqlite() else []
    return [*logs, PICTURES, indexing.index_root().name]


def _forget_running() -> None:
    """Claims, leases and the index's place belong to processes and files that are not those of the backup."""
    for claimed in (Feed, Page, Picture):
        claimed._default_manager.exclude(claimed_until=None).update(claimed_until=None, claimed_by="")
    Lease.objects.update(holder="", held_until=None)
    Host.objects.update(holder="", held_until=None)
    IndexState.objects.all().delete()
    IndexWork.objects.all().delete()
