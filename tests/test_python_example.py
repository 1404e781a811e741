"""The example of docs/python.md runs as it stands there, on articles that this test invents."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from octavo.ai import embedding

GUIDE = Path(__file__).parents[1] / "docs" / "python.md"
WEIR = "The old weir bridge at Sallow was shut this morning after divers found a crack in its second pier."
ARTICLES = (
    {"id": "a", "title": "Weir bridge shut", "text": WEIR + " Mayor Ida Quill spoke of weeks."},
    {"id": "b", "title": "Choir wins in Tamm", "text": "A choir of bakers from Tamm has won the singing cup."},
    {"id": "c", "title": "Crack closes Sallow's weir bridge", "text": "Mayor Ida Quill: weeks of detours. " + WEIR},
)


def test_the_example_clusters_a_file_in_ten_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    lines = [line for line in example[1].splitlines() if line.strip() and "import" not in line]
    assert len(lines) <= 10
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(embedding, "PACKAGE", "no_such_model_package")
    (tmp_path / "articles.jsonl").write_text("\n".join(json.dumps(one) for one in ARTICLES), encoding="utf-8")
    exec(compile(example[1], str(GUIDE), "exec"), {})
    told = capsys.readouterr().out
    assert "a ('a', 'c')" in told
    assert "b ('b',)" in told
