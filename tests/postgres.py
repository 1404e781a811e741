"""Runs a command with a PostgreSQL cluster of its own, made in a temporary folder and gone afterwards.

    python tests/postgres.py COMMAND [ARG ...]

The server refuses to run as root, so for root it is started as the user `postgres` or `nobody`. Where PostgreSQL is
missing it prints the line that installs it: under CI that is a failure, elsewhere the command is left out.
"""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSTALL = "apt-get install --yes postgresql"
# Nothing here outlives the run, so nothing needs to reach the disk.
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"


def find_programs() -> Path | None:
    """The folder of initdb and pg_ctl: Debian keeps them off the PATH."""
    beside = shutil.which("initdb")
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)
    return Path(beside or folders[0]).parent if beside or folders else None


def ordinary_user() -> str | None:
    """The user to become, None where this one is ordinary already."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A running cluster; gives its address, a socket in its own folder."""
    user = ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="octavo-postgres-"))
    if user:
        shutil.chown(folder, user)

    def call(program: str, *args: str) -> None:
        extra = {"user": user} if user else {}
        done = subprocess.run([programs / program, *args], cwd=folder, capture_output=True, text=True, **extra)
        if done.returncode:
            raise SystemExit(f"{program} failed: {done.stdout}{done.stderr}")

    try:
        call(
            "initdb",
            "--pgdata=cluster",
            "--auth=trust",
            "--username=octavo",
            "--encoding=UTF8",
            "--no-sync",
            "--no-locale",
        )
        options = f"{OPTIONS} -k {folder}"
        call("pg_ctl", "--pgdata=cluster", "--wait", "--log=log", f"--options={options}", "start")
        try:
            yield f"postgres://octavo@/postgres?host={folder}"
        finally:
            call("pg_ctl", "--pgdata=cluster", "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Runs the command inside a cluster; gives its exit status."""
    programs = find_programs()
    if programs is None:
        print(f"PostgreSQL is missing, so the suite runs on SQLite only. To run it on both: {INSTALL}")
        return 1 if os.environ.get("CI") else 0
    with cluster(programs) as address:
        return subprocess.run(sys.argv[1:], env={**os.environ, "OCTAVO_DATABASE": address}).returncode


if __name__ == "__main__":
    sys.exit(main())
