"""`octavo related` answers each line on its place, from a corpus that it reads once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from octavo.cli.pipes import related

WEIR = (
    "The old weir bridge at Sallow was shut this morning after divers found a crack in its second pier. "
    "Mayor Ida Quill said that buses would take the upper road through Tamm for several weeks. "
    "Engineers of the river board will look at the pier again when the water has fallen."
)
AUDIT = (
    "An audit says that the river board has too few divers for the bridges of the vale. It counts forty piers that nobody "
    "has seen below the water line for ten years, and asks the towns to pay for a second boat."
)
CHOIR = "A choir of bakers from Tamm has won the singing cup with a song on rye bread, and the town rang its bells."
CORPUS: list[dict[str, Any]] = [
    {"id": "shut", "title": "Weir bridge shut", "text": WEIR, "source": "Quay News", "published": "2026-03-02T08:00:00Z"},
    {"id": "again", "title": "Weir bridge at Sallow shut", "text": WEIR, "source": "Vale Post", "published": "2026-03-02T09:00:00Z"},
    {"id": 7, "title": "River board short of divers", "text": AUDIT, "source": "The Tide", "published": "2026-03-20T08:00:00Z"},
    {"id": "choir", "title": "Bakers' choir wins the cup", "text": CHOIR, "source": "The Tide", "published": "2026-03-03T08:00:00Z"},
]  # fmt: skip


def run(folder: Path, lines: list[str], *options: str, corpus: list[dict[str, Any]] | None = None) -> Result:
    file = folder / "corpus.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(article) + "\n" for article in (CORPUS if corpus is None else corpus))
    return CliRunner().invoke(related, ["--corpus", str(file), "--words-only", *options], input="\n".join(lines))


def answers(done: Result) -> list[dict[str, Any]]:
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def ids(row: dict[str, Any]) -> list[Any]:
    return [found["id"] for found in row["related"]]


def test_the_nearest_come_first_and_never_the_article_itself(tmp_path: Path) -> None:
    (row,) = answers(run(tmp_path, ['{"id": "shut"}']))
    assert row["id"] == "shut"
    assert ids(row)[:2] == ["again", 7]
    scores = [found["score"] for found in row["related"]]
    assert scores == sorted(scores, reverse=True)


def test_k_is_the_most_that_is_answered(tmp_path: Path) -> None:
    (row,) = answers(run(tmp_path, ['{"id": "shut"}'], "--k", "1"))
    assert ids(row) == ["again"]


def test_folded_leaves_out_copies(tmp_path: Path) -> None:
    for asked in ("shut", "again"):
        (row,) = answers(run(tmp_path, [json.dumps({"id": asked})], "--folded"))
        assert not {"shut", "again"} & set(ids(row)), asked
    (row,) = answers(run(tmp_path, ['{"id": "choir"}'], "--folded"))
    assert len({"shut", "again", 7} & set(ids(row))) == 1


def test_an_article_from_elsewhere_may_be_asked_about_twice(tmp_path: Path) -> None:
    stranger = json.dumps({"id": "mine", "title": "The bridge at Sallow", "text": WEIR})
    for row in answers(run(tmp_path, [stranger, stranger])):
        assert ids(row)[0] in ("shut", "again")
    for row in answers(run(tmp_path, [stranger, stranger], "--folded")):
        assert not {"shut", "again"} & set(ids(row))


def test_a_bad_line_stands_on_its_place(tmp_path: Path) -> None:
    rows = answers(run(tmp_path, ["no json", '{"id": "nobody"}', '{"id": "choir"}']))
    assert ["error" in row for row in rows] == [True, True, False]
    assert "nobody is not in the corpus" in rows[1]["error"]


@pytest.mark.parametrize(("corpus", "said"), [([], "empty"), ([{"title": "no id"}], '"id"')])
def test_a_corpus_of_no_use_is_told(tmp_path: Path, corpus: list[dict[str, Any]], said: str) -> None:
    done = run(tmp_path, [], corpus=corpus)
    assert done.exit_code == 1
    assert said in done.output
