"""`octavo feed` answers each line on its place, good or bad."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from click.testing import CliRunner

from octavo.cli.pipes import feed

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
