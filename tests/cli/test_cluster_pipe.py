"""`octavo cluster` answers each line on its place, after the repair or at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from octavo.cli.pipes import cluster

BRIDGE = "The old weir bridge at Sallow was shut this morning after divers found a crack in its second pier."
ARTICLES: list[dict[str, Any]] = [
    {"id": "a", "title": "Weir bridge shut", "text": BRIDGE + " Mayor Ida Quill spoke of weeks.", "published": None},
    {"id": "b", "title": "Choir wins in Tamm", "text": "A choir of bakers from Tamm has won the singing cup with a song on rye."},
    {"id": 7, "title": "Crack closes Sallow's weir bridge", "text": "Mayor Ida Quill: weeks of detours. " + BRIDGE,
     "published": "2026-03-02T08:00:00Z"},
    {"id": "c", "title": "", "text": "", "published": "not a time"},
]  # fmt: skip


def run(*options: str, lines: list[str] | None = None) -> list[dict[str, Any]]:
    given = lines if lines is not None else [json.dumps(article) for article in ARTICLES]
    done = CliRunner().invoke(cluster, ["--words-only", *options], input="\n".join(given))
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_articles_in_stories_out() -> None:
    for options in ((), ("--online",)):
        rows = run(*options)
        assert [row["id"] for row in rows] == ["a", "b", 7, "c"]
        stories = {row["id"]: row["story"] for row in rows}
        assert stories["a"] == stories[7]
        assert len({stories["a"], stories["b"], stories["c"]}) == 3


def test_a_bad_line_stands_on_its_place() -> None:
    good = json.dumps(ARTICLES[0])
    rows = run(lines=["no json", good, '{"title": "no id"}', good, json.dumps(ARTICLES[1])])
    assert ["error" in row for row in rows] == [True, False, True, True, False]
    assert "already" in rows[3]["error"]


@pytest.mark.parametrize(
    "time", ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:00:00-14:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_time_at_the_end_of_the_calendar_counts_as_unknown(time: str) -> None:
    rows = run("--online", "--explain", lines=[json.dumps(ARTICLES[0] | {"published": time}), json.dumps(ARTICLES[1])])
    assert rows[0]["why"]["first"] is None
    assert rows[1]["story"] == "b"


def test_numbers_that_json_does_not_have_are_read_as_none_and_not_repeated() -> None:
    rows = run(
        "--online", lines=['{"id": NaN, "title": "x"}', '{"id": "a", "title": "Weir shut", "published": Infinity}']
    )
    assert rows[0]["id"] is None
    assert "error" in rows[0]
    assert rows[1] == {"id": "a", "story": "a"}


def test_a_byte_order_mark_is_no_part_of_the_first_line_and_true_is_no_id() -> None:
    rows = run(lines=["\ufeff" + json.dumps(ARTICLES[0]), '{"id": true, "title": "Sallow"}'])
    assert rows[0]["story"] == "a"
    assert "error" in rows[1]


def test_it_explains() -> None:
    why = run("--explain")[2]["why"]
    assert why["articles"] == 2
    assert "Sallow" in why["names"]
    assert {"a", "7"} == {why["links"][0]["left"], why["links"][0]["right"]}
