"""The site's own style sheet, script and icons, under names that carry their content's hash; never anybody else's files.

A name changes with its content, so browsers may keep a file for ever and no build or copying step is needed.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(__file__).parent / "static"
PREFIX = "/assets/"
HASH_LENGTH = 12
# Files of these kinds shrink; pictures do not.
COMPRESSED = {".css", ".js", ".svg"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its public address, its media type, its bytes and those bytes compressed (empty where useless)."""

    address: str
    media_type: str
    content: bytes
    compressed: bytes


def address(name: str) -> str:
    """The address of a file of `static/`, such as `octavo.css`. Raises KeyError where there is none."""
    return files()[name].address


def find(hashed: str) -> Asset | None:
    """The file behind a hashed name; None for a name that is not (or no longer) one of ours."""
    return next((asset for asset in files().values() if asset.address == PREFIX + hashed), None)


def files() -> dict[str, Asset]:
    """Every file by its name below `static/`; read once, or each time while developing."""
    return _read_all() if settings.DEBUG else _kept()


def _read_all() -> dict[str, Asset]:
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in sorted(FOLDER.rglob("*.*"))}


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    compressed = gzip.compress(content, 9, mtime=0) if path.suffix in COMPRESSED else b""
    return Asset(f"{PREFIX}{path.stem}.{digest}{path.suffix}", media_type, content, compressed)


_kept = cache(_read_all)
