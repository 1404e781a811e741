"""What a backup from elsewhere may bring to a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.store.copying import CopyError, check

GOOD = b'"id", "name"\n1\tOne\n'


def test_a_tables_copy_is_taken_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "store_feed.copy").write_bytes(GOOD)
    check(list(tmp_path.iterdir()))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("store_feed.copy", b"\"id\") FROM PROGRAM 'touch /tmp/x' --\n"),
        ("store_feed.copy", b'"id"'),
        ("store_feed.copy", b""),
        ('x" (id) FROM PROGRAM $$id$$ --.copy', GOOD),
        ("Store_Feed.copy", GOOD),
    ],
)
def test_names_that_would_become_statements_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CopyError):
        check(list(tmp_path.iterdir()))
