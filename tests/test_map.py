"""The map leads somewhere: each file and folder that it names is there, and no file of the source is missing from it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "octavo"
TOLD = frozenset(re.findall(r"`([\w./]*(?:/|\.\w+))`", (ROOT / "docs" / "map.md").read_text()))


def test_the_map_names_only_what_exists() -> None:
    assert len(TOLD) > 80
    assert [name for name in sorted(TOLD) if not (SOURCE / name).exists() and not (ROOT / name).exists()] == []


def test_the_map_names_every_file() -> None:
    files = [
        path for path in SOURCE.rglob("*.py") if not path.stem.startswith("__") and path.parent.name != "migrations"
    ]
    assert sorted(name for path in files if (name := path.relative_to(SOURCE).as_posix()) not in TOLD) == []


def test_links_among_the_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [
        (page, link) for page in documents for link in re.findall(r"(?<!!)\[[^]]*\]\(([^)#:]+)\)", page.read_text())
    ]
    assert len(links) >= 5
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_the_decisions_name_only_what_exists() -> None:
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        told = re.findall(r"`([\w/]+/[\w]+\.(?:py|md|toml))", page.read_text())
        assert [name for name in told if not (SOURCE / name).exists() and not (ROOT / name).exists()] == [], page.name
