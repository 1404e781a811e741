"""An installation of a test's own, worked on as a person would: by running `octavo`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest


@dataclass
class Installation:
    """A data folder, and on PostgreSQL a database, that no other test sees."""

    data: Path
    environment: dict[str, str]

    def run(self, *words: str, code: int | None = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Runs `octavo`; fails where the exit code is another, unless it is None."""
        command = [sys.executable, "-m", "octavo.cli", *words]
        done = subprocess.run(command, env=self.environment, input=stdin, capture_output=True, text=True, timeout=120)
        assert code is None or done.returncode == code, f"octavo {' '.join(words)}: {done.stdout}{done.stderr}"
        return done

    def json(self, *words: str, code: int = 0) -> Any:
        """What a verb writes as JSON."""
        return json.loads(self.run(*words, "--json", code=code).stdout)

    def python(self, source: str) -> str:
        """Runs Python inside the installation; what it prints."""
        start = "from octavo.services.installation import prepare; prepare()\n"
        done = subprocess.run(
            [sys.executable, "-c", start + source], env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def clean_environment() -> dict[str, str]:
    """The environment without anything that leads to another installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("OCTAVO_", "DJANGO_"))}


@pytest.fixture
def fresh_installation(tmp_path: Path) -> Iterator[Installation]:
    """One in which `octavo` has never run."""
    data = tmp_path / "data"
    environment = {**clean_environment(), "OCTAVO_DATA": str(data)}
    address = os.environ.get("OCTAVO_DATABASE", "")
    if not address:
        yield Installation(data, environment)
        return
    name = f"octavo_{uuid.uuid4().hex[:8]}"
    own = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
    _execute(address, f'CREATE DATABASE "{name}"')
    try:
        yield Installation(data, {**environment, "OCTAVO_DATABASE": own})
    finally:
        _execute(address, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def used_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after its first use, to be copied: making the tables takes longer than most tests."""
    data = tmp_path_factory.mktemp("used") / "data"
    Installation(data, {**clean_environment(), "OCTAVO_DATA": str(data)}).run("status")
    return data


@pytest.fixture
def installation(fresh_installation: Installation, used_folder: Path) -> Installation:
    """One that is ready to be worked on."""
    if "OCTAVO_DATABASE" not in fresh_installation.environment:
        shutil.copytree(used_folder, fresh_installation.data)
    else:
        fresh_installation.run("status")
    return fresh_installation


def _execute(address: str, statement: str) -> None:
    import psycopg

    parts = urlsplit(address)
    host = dict(pair.split("=") for pair in parts.query.split("&")).get("host", parts.hostname)
    with psycopg.connect(host=host, user=parts.username, dbname=parts.path.strip("/"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
