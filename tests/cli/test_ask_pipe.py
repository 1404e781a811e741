"""The pipe `ask`: a question a line in, its answer with the sentences that hold it out."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from octavo.cli.pipes import ask

TEXT = "The ferry sank off Gannet Head. Maren Oldt leads the inquiry into the disaster."


def lines(*rows: object) -> Result:
    return CliRunner().invoke(ask, input="".join(json.dumps(row) + "\n" for row in rows))


def test_a_question_is_answered_with_a_phrase_and_the_place_of_its_sentence() -> None:
    done = lines(
        {"id": "q", "question": "Who leads the inquiry?", "articles": [{"id": "a", "title": "", "text": TEXT}]}
    )
    told = json.loads(done.stdout)
    assert told == {
        "id": "q",
        "answer": "Maren Oldt",
        "citations": [{"article": "a", "start": TEXT.index("Maren"), "end": len(TEXT)}],
    }


def test_what_the_articles_do_not_tell_has_a_null_answer_and_no_citations() -> None:
    done = lines({"id": "q", "question": "Who won the cup?", "articles": [{"id": "a", "text": TEXT}]})
    assert json.loads(done.stdout) == {"id": "q", "answer": None, "citations": []}


def test_a_line_that_is_no_question_says_why_and_stops_nothing() -> None:
    done = lines(
        {"id": 1}, {"id": 2, "question": "Who?", "articles": "none"}, {"id": 3, "question": "Who?", "articles": []}
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert told[0] == {"id": 1, "error": 'a line needs a "question"'}
    assert told[1] == {"id": 2, "error": 'a line needs "articles", a list of objects'}
    assert told[2] == {"id": 3, "answer": None, "citations": []}
