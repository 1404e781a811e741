"""`octavo feed` answers each line on its place, good or bad."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from octavo.cli.pipes import answer, feed, path_of, read_bytes

BODY = b"""<rss><channel><title>The Gazette</title><link>https://g.example/</link><item><title>A</title><guid>1</guid>
<pubDate>Mon, 23 Nov 2026 09:00:00 +0100</pubDate><author>a@g.example (Ann Lowe)</author>
<enclosure url="https://g.example/a.mp3" type="audio/mpeg" length="12"/></item></channel></rss>"""


def test_lines_in_lines_out(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(BODY)
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(BODY))
    (tmp_path / "page.html").write_bytes(b"<html></html>")
    names = ("a.xml", "b.xml.gz", "missing.xml", "page.html", "../../etc/passwd")
    lines = [json.dumps({"id": name, "path": name}) for name in names]
    done = CliRunner().invoke(feed, ["--base", str(tmp_path)], input="\n".join([*lines, "no json", '{"id": "x"}']))
    rows = [json.loads(line) for line in done.output.splitlines()]
    assert done.exit_code == 0
    assert [row["id"] for row in rows] == [*names, None, "x"]
    assert [("error" in row) for row in rows] == [False, False, True, True, True, True, True]
    assert "web page" in rows[3]["error"]
    assert rows[0]["feed"]["title"] == "The Gazette"
    assert rows[0]["entries"] == rows[1]["entries"]
    (entry,) = rows[0]["entries"]
    assert (entry["author"], entry["published"], entry["link"]) == ("Ann Lowe", "2026-11-23T09:00:00+01:00", "")
    assert entry["enclosures"] == [
        {"url": "https://g.example/a.mp3", "type": "audio/mpeg", "length": 12, "duration": None}
    ]


def test_no_line_stops_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(BODY)
    bad = [b"[" * 200_000, b'\xff{"id": 1}', b'{"id": "\\ud800", "path": "a.xml"}', b'{"id": "dir", "path": "."}', b"7"]
    lines = b"\n".join([*bad, b'{"id": "last", "path": "a.xml"}'])
    command = [sys.executable, "-m", "octavo.cli", "feed", "--base", str(tmp_path)]
    done = subprocess.run(command, input=lines, capture_output=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == [None, None, "\ud800", "dir", None, "last"]
    assert ["error" in row for row in rows] == [True, True, False, True, True, False]
    assert rows[1]["error"].startswith("line 2 is not JSON")


@pytest.mark.parametrize(("row", "said"), [({}, 'a line needs "path"'), ({"path": "../x"}, "../x is not below .")])
def test_a_bad_line_is_told_in_a_sentence(row: dict[str, str], said: str) -> None:
    assert answer(row, lambda row: {"feed": read_bytes(Path(), path_of(row), 1)}) == {"id": None, "error": said}


def test_a_file_that_unpacks_to_more_than_is_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(10_000)))
    with pytest.raises(ValueError, match="more than 9999 bytes"):
        read_bytes(tmp_path, "bomb.gz", 9_999)
    assert len(read_bytes(tmp_path, "bomb.gz", 10_000)) == 10_000
