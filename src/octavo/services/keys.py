"""The installation's secrets: made once, kept in the data folder for its owner's eyes only, never logged."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

SECRET_KEY_FILE = "secret.key"
SECRET_KEY_BYTES = 48


def secret_key(data: Path) -> str:
    """The key that signs sessions; generated on first use with mode 0600. Two first users at once agree on one."""
    path = data / SECRET_KEY_FILE
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{SECRET_KEY_FILE}.{os.getpid()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(SECRET_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails where another process was first: its key stands
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
