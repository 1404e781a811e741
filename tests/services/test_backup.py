"""A backup is whole or is none; a restore brings everything back, or changes nothing; a kill leaves old or new."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from octavo.services import swap
from tests.cli.conftest import Installation, fresh_installation, installation, used_folder
from tests.cli.test_verbs import ONE_ARTICLE

__all__ = ["fresh_installation", "installation", "used_folder"]

PICTURE = b"a picture's bytes"


@pytest.fixture
def filled(installation: Installation) -> Installation:
    """An installation with an article, a picture, a reader and a settings file."""
    installation.python(ONE_ARTICLE)
    installation.run("user", "add", "mara", "--password-stdin", stdin="lantern-harbour-9\n")
    (installation.data / "pictures").mkdir()
    (installation.data / "pictures" / "ab-320.webp").write_bytes(PICTURE)
    (installation.data / "octavo.conf").write_text("OCTAVO_SITE_NAME=Mine\n")
    return installation


def is_sqlite(installation: Installation) -> bool:
    return "OCTAVO_DATABASE" not in installation.environment


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]


def rewrite(file: Path, target: Path, **changed: bytes | None) -> Path:
    """A copy of a backup in which files are changed, or left out where None."""
    with gzip.open(target, "wb") as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in {**members(file), **changed}.items():
            if content is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return target


def test_a_backup_comes_back_whole(filled: Installation, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    filled.run("backup", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = (filled.data / "secret.key").read_bytes()
    filled.python("from octavo.store.models import *; Article.objects.all().delete(); User.objects.all().delete()")
    (filled.data / "secret.key").write_bytes(b"another")
    (filled.data / "pictures" / "ab-320.webp").unlink()
    (filled.data / "pictures" / "later.webp").write_bytes(b"later")
    filled.run("restore", "--yes", str(file))
    assert json.loads(filled.run("export", "articles").stdout)["title"] == "Ferry late"
    assert filled.json("search", "ferry")["total"] == 1
    assert [row["name"] for row in filled.json("user", "list")] == ["mara"]
    assert (filled.data / "secret.key").read_bytes() == key
    assert [path.name for path in (filled.data / "pictures").iterdir()] == ["ab-320.webp"]
    aside = next(filled.data.glob("before-*"))
    assert (aside / "secret.key").read_bytes() == b"another"
    assert (aside / "pictures" / "later.webp").exists()
    assert not list(filled.data.glob("*-staging"))
    assert all(row["state"] != "wrong" for row in filled.json("doctor"))


def test_new_rows_get_new_numbers_after_a_restore(filled: Installation, tmp_path: Path) -> None:
    filled.run("backup", str(tmp_path / "b.tar.gz"))
    filled.run("restore", "--yes", str(tmp_path / "b.tar.gz"))
    filled.run("user", "add", "tomas", "--password-stdin", stdin="lantern-harbour-9\n")
    assert len(filled.json("user", "list")) == 2


def test_a_backup_has_a_manifest_of_everything(filled: Installation, tmp_path: Path) -> None:
    filled.run("backup", str(tmp_path / "b.tar.gz"))
    found = members(tmp_path / "b.tar.gz")
    manifest = json.loads(found.pop("manifest.json"))
    assert manifest["entries"].keys() == found.keys()
    assert {"secret.key", "octavo.conf", "pictures/ab-320.webp"} <= found.keys()
    assert found["pictures/ab-320.webp"] == PICTURE
    assert "store.0001_initial" in manifest["migrations"]


def test_a_file_that_is_there_is_not_written_over(filled: Installation, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    file.write_text("precious")
    assert "--force" in filled.run("backup", str(file), code=1).stderr
    assert file.read_text() == "precious"
    filled.run("backup", "--force", str(file))
    assert "manifest.json" in members(file)


@pytest.mark.parametrize(
    "harm", ["cut", "changed", "added", "without manifest", "hostile", "stranger", "foreign", "newer"]
)
def test_a_backup_that_is_not_whole_changes_nothing(filled: Installation, tmp_path: Path, harm: str) -> None:
    whole, bad = tmp_path / "b.tar.gz", tmp_path / "bad.tar.gz"
    filled.run("backup", str(whole))
    if harm == "cut":
        bad.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    elif harm == "newer":
        manifest = json.loads(members(whole)["manifest.json"])
        manifest["migrations"].append("store.9999_unheard_of")
        rewrite(whole, bad, **{"manifest.json": json.dumps(manifest).encode()})
    else:
        changes: dict[str, dict[str, bytes | None]] = {
            "changed": {"secret.key": b"x"},
            "added": {"pictures/more.webp": b"x"},
            "without manifest": {"manifest.json": None},
            "hostile": {"../outside": b"x"},
            "stranger": {"restore.json": b"{}"},
            "foreign": {"index/current": b"x"},
        }
        rewrite(whole, bad, **changes[harm])
    key = (filled.data / "secret.key").read_bytes()
    done = filled.run("restore", "--yes", str(bad), code=1)
    assert "made a mistake" not in done.stderr
    assert (filled.data / "secret.key").read_bytes() == key
    assert not (tmp_path / "outside").exists()
    assert not (filled.data / "outside").exists()
    assert filled.json("search", "ferry")["total"] == 1


def test_a_backup_beside_a_busy_writer_is_consistent(filled: Installation, tmp_path: Path) -> None:
    if not is_sqlite(filled):
        return  # one REPEATABLE READ transaction: the database's own promise
    stop = threading.Event()
    writer = threading.Thread(target=write_pairs, args=(filled.data / "octavo.sqlite3", stop))
    writer.start()
    try:
        filled.run("backup", str(tmp_path / "b.tar.gz"))
    finally:
        stop.set()
        writer.join()
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(members(tmp_path / "b.tar.gz")["database/octavo.sqlite3"])
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) % 2 FROM store_indexwork").fetchone() == (0,)


def write_pairs(path: Path, stop: threading.Event) -> None:
    """Adds rows two by two until told to stop."""
    with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as database:
        while not stop.wait(0.002):
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO store_indexwork (article_id) VALUES (1), (2)")
            database.execute("COMMIT")


def test_a_database_in_use_is_not_replaced(filled: Installation, tmp_path: Path) -> None:
    if not is_sqlite(filled):
        return  # there, the desk's lease tells
    filled.run("backup", str(tmp_path / "b.tar.gz"))
    short = "import octavo.services.backup as b; b.STOP_SECONDS = 0.5; from pathlib import Path\n"
    restore = f"try:\n  b.restore(Path({str(tmp_path / 'b.tar.gz')!r}))\nexcept b.BackupError as e: print(e)"
    with closing(sqlite3.connect(filled.data / "octavo.sqlite3")) as database:
        database.execute("SELECT count(*) FROM store_article").fetchone()
        assert "stop it, then restore" in filled.python(short + restore)
    assert filled.json("search", "ferry")["total"] == 1


@pytest.mark.parametrize("killed_at", ["swap.begin", "swap.finish", "finish_restore", "bring_up_to_date"])
def test_a_restore_that_was_killed_leaves_old_or_new_and_no_mixture(
    filled: Installation, tmp_path: Path, killed_at: str
) -> None:
    filled.run("backup", str(tmp_path / "b.tar.gz"))
    filled.python("from octavo.store.models import Article; Article.objects.update(title='Later')")
    picture = filled.data / "pictures" / "ab-320.webp"
    picture.write_bytes(b"later")
    filled.python(
        "import os, octavo.services.backup as b; from pathlib import Path\n"
        f"b.{killed_at} = lambda *_: os._exit(0)\n"
        f"b.restore(Path({str(tmp_path / 'b.tar.gz')!r}))"
    )
    title = filled.python("from octavo.store.models import Article; print(Article.objects.get().title)").strip()
    old, new = ("Later", b"later"), ("Ferry late", PICTURE)
    assert (title, picture.read_bytes()) == (old if killed_at == "swap.begin" else new)
    assert not (filled.data / swap.NOTE).exists()


def test_a_backup_of_another_kind_of_database_is_refused(filled: Installation, tmp_path: Path) -> None:
    filled.run("backup", str(tmp_path / "b.tar.gz"))
    manifest = json.loads(members(tmp_path / "b.tar.gz")["manifest.json"])
    manifest["database"] = "postgresql" if is_sqlite(filled) else "sqlite"
    other = rewrite(tmp_path / "b.tar.gz", tmp_path / "o.tar.gz", **{"manifest.json": json.dumps(manifest).encode()})
    said = filled.run("restore", "--yes", str(other), code=1).stderr
    assert "set OCTAVO_DATABASE to" in said
    assert "Nothing was changed" in said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with old things, and a stage with new ones."""
    data = tmp_path / "data"
    for place, content in ((data, "old"), (tmp_path / "stage", "new")):
        (place / "pictures").mkdir(parents=True)
        (place / "pictures" / "one").write_text(content)
        (place / "base").write_text(content)
    (data / "log").write_text("old")
    (tmp_path / "aside").mkdir()
    return data


@pytest.mark.parametrize("killed_after", range(6))
def test_a_swap_that_was_killed_is_finished(
    folder: Path, tmp_path: Path, killed_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, rename, done = tmp_path / "stage", Path.rename, 0
    swap.begin(folder, tmp_path / "aside", {"pictures": stage / "pictures", "base": stage / "base"}, ["log", "gone"])

    def killing(path: Path, target: Path) -> Path:
        nonlocal done
        if done == killed_after:
            raise KeyboardInterrupt
        done += 1
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", killing)
    try:
        swap.finish(folder)
    except KeyboardInterrupt:
        assert swap.is_open(folder)
    monkeypatch.undo()
    swap.finish(folder)
    assert not swap.is_open(folder)
    assert (folder / "pictures" / "one").read_text() == (folder / "base").read_text() == "new"
    assert not (folder / "log").exists()
    aside = tmp_path / "aside"
    assert {path.name for path in aside.iterdir()} == {"pictures", "base", "log"}
    assert (aside / "base").read_text() == "old"
