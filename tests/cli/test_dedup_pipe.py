"""`octavo dedup` answers each line at once: the earliest text that it shares, or none."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner

from octavo.cli.pipes import dedup

LOCK = """The upper lock at Sallow will stay shut until the end of May, the river board said on Tuesday, after a barge with
gravel tore off its lower gate. Nobody was hurt. The skipper, who has sailed the Tamm for thirty years, told the board that
the tow had parted in the current. Until the gate is hung again, freight goes by the old canal, which takes boats of up to
forty tonnes and no others. Millers upstream have asked for a road of planks along the dyke, and the board promised an
answer within the week. The gate weighs eleven tonnes and must be cast in the yards at Pell."""
ARTICLES: list[dict[str, Any]] = [
    {"id": "a", "title": "Upper lock shut until May", "text": LOCK, "published": None},
    {"id": "b", "title": "Choir wins in Tamm", "text": "A choir of bakers from Tamm has won the singing cup with a song on rye."},
    {"id": 7, "title": "Barge tears gate off a lock", "text": "SALLOW (AP) - " + LOCK + " More in the evening."},
]  # fmt: skip


def run(*options: str, lines: list[str] | None = None) -> list[dict[str, Any]]:
    given = lines if lines is not None else [json.dumps(article) for article in ARTICLES]
    done = CliRunner().invoke(dedup, list(options), input="\n".join(given))
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_each_line_names_the_earliest_text_that_it_shares() -> None:
    assert run() == [
        {"id": "a", "duplicate_of": None},
        {"id": "b", "duplicate_of": None},
        {"id": 7, "duplicate_of": "a"},
    ]


def test_a_bad_line_stands_on_its_place() -> None:
    good = json.dumps(ARTICLES[0])
    rows = run(lines=["no json", good, '{"title": "no id"}', good, json.dumps(ARTICLES[2])])
    assert ["error" in row for row in rows] == [True, False, True, True, False]
    assert "already" in rows[3]["error"]
    assert rows[4]["duplicate_of"] == "a"


def test_it_tells_what_was_added() -> None:
    told = run("--explain")[2]
    text = ARTICLES[2]["text"]
    assert [text[start:end] for start, end in told["added"]] == ["SALLOW (AP", "More in the evening"]
    assert told["cut"] == []
    assert (told["nearest"], told["agency"]) == ("a", "AP")
    assert told["shared"] > 0.9
