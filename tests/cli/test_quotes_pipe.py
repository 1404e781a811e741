"""`octavo quotes` answers each line with what its text tells of others' words."""

from __future__ import annotations

import json

from click.testing import CliRunner

from octavo.cli.pipes import quotes

TEXT = '"The gate will be hung on Friday," said Ada Corrin, the lock keeper.'


def test_each_line_gives_its_quotes_and_a_bad_one_stands_on_its_place() -> None:
    lines = [
        json.dumps({"id": 1, "text": TEXT}),
        "no json",
        '{"id": "b"}',
        json.dumps({"id": "c", "text": ""}),
        json.dumps({"text": TEXT}),
    ]
    done = CliRunner().invoke(quotes, [], input="\n".join(lines))
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.output.splitlines()]
    quote = rows[0]["quotes"][0]
    assert (rows[0]["id"], quote["kind"], quote["speaker"]) == (1, "direct", "Ada Corrin")
    assert TEXT[quote["start"] : quote["end"]] == quote["text"]
    assert "error" in rows[1]
    assert "text" in rows[2]["error"]
    assert rows[3] == {"id": "c", "quotes": []}
    assert rows[4] == {"id": None, "error": 'a line needs an "id"'}
