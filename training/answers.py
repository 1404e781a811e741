"""Fits `src/octavo/core/weights/answers.json`: which phrase of an article answers a kind of question.

    python training/answers.py KIT            # fits on all questions and writes the weights
    python training/answers.py KIT --check    # reports each event's articles, fitted without them; writes nothing

KIT is a folder laid out like the evaluation kit (`data/questions/*.{input,gold}.jsonl.gz`). The weights foretell how
much a phrase overlaps with the gold (token F1, the best over the gold phrases). Articles of one event are left out together.
Which traits there are, the ridge and the other constants were chosen with these questions in view.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from octavo.cli.storylines import read_article
from octavo.core.telling.answers import (
    READ_GENERAL_ELSE,
    Candidate,
    Page,
    Weights,
    candidates,
    choose,
    general_fits,
    page_of,
)
from octavo.core.telling.asking import Question, understand
from octavo.core.telling.claims import likeness, weighed

WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights/answers.json"
RIDGE = 30.0
# How much a sentence that holds the gold is worth beside the overlap, and how much more good phrases count.
BONUS, GOOD = 0.3, 5.0
SAME_EVENT = 0.2
FEWEST = 6  # a trait that fewer questions show is left out


@dataclass(frozen=True)
class Asking:
    """A question with its phrases and their overlap with the gold."""

    id: str
    event: int
    question: Question
    page: Page
    found: Sequence[Candidate]
    worth: np.ndarray
    covered: np.ndarray


def tokens(text: str) -> list[str]:
    """The words that overlap is counted in."""
    return re.findall(r"\w+", re.sub(r"\b(a|an|the)\b", " ", text.lower()))


def overlap(told: str, gold: str) -> float:
    """Token F1."""
    a, b = Counter(tokens(told)), Counter(tokens(gold))
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values())) if common else 0.0


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read(kit: Path) -> list[Asking]:
    """The questions of the set."""
    data = kit / "data/questions"
    gold = {row["id"]: row for row in rows(data / "giveme5w1h.gold.jsonl.gz")}
    events = events_of(kit)
    asked = []
    for row in rows(data / "giveme5w1h.input.jsonl.gz"):
        article = read_article(row["articles"][0])
        question = understand(row["question"], article.language)
        page = page_of(article, READ_GENERAL_ELSE)
        found = candidates(question, page, general_fits(page, question.kind))
        answers = [a["text"] for a in gold[row["id"]]["answers"]]
        worth = np.array([max(overlap(c.text, a) for a in answers) for c in found])
        covered = np.array([any(covers(line.text, a) for line in c.cited for a in answers) for c in found])
        asked.append(Asking(row["id"], events[article.id], question, page, found, worth, covered))
    return asked


def covers(line: str, gold: str) -> bool:
    """Whether a sentence holds most of a gold phrase."""
    have, want = Counter(tokens(line)), Counter(tokens(gold))
    return bool(want) and sum((have & want).values()) >= 0.6 * sum(want.values())


def events_of(kit: Path) -> dict[str, int]:
    """The articles' events: those that are alike in their words have one."""
    articles = {
        row["articles"][0]["id"]: row["articles"][0] for row in rows(kit / "data/questions/giveme5w1h.input.jsonl.gz")
    }
    known: list[tuple[dict[int, float], int]] = []
    events: dict[str, int] = {}
    for name, article in articles.items():
        seen = weighed(article["title"] + "\n" + article["text"], "en")
        best = max(known, key=lambda one: likeness(seen, one[0]), default=None)
        events[name] = best[1] if best and likeness(seen, best[0]) > SAME_EVENT else len(set(events.values()))
        known.append((seen, events[name]))
    return events


def fit(asked: Sequence[Asking]) -> Weights:
    """The weights of each kind: a ridge regression of the worth of phrases on their traits within each question.

    Each kind has weights of its own beside common ones (Daumé, 'Frustratingly easy domain adaptation', 2007). A question's
    phrases count together as one, good ones more.
    """
    kinds = sorted({one.question.kind for one in asked})
    shown = Counter(trait for one in asked for trait in {t for c in one.found for t in c.traits})
    columns = {trait: k for k, trait in enumerate(sorted(t for t, n in shown.items() if n >= FEWEST))}
    tables = [table_of(one, columns) for one in asked]
    scale = np.maximum(np.concatenate(tables).std(axis=0), 0.05)
    n = len(columns)
    left, right = np.eye(n * (len(kinds) + 1)) * RIDGE, np.zeros(n * (len(kinds) + 1))
    for one, table in zip(asked, tables, strict=True):
        if not len(one.worth):
            continue
        worth = one.worth + BONUS * one.covered
        x, y = (table - table.mean(axis=0)) / scale, worth - worth.mean()
        weighed = (x * ((1 + GOOD * one.worth) / len(y))[:, None]).T
        blocks = [slice(0, n), slice(n * (k := kinds.index(one.question.kind) + 1), n * (k + 1))]
        for i in blocks:
            right[i] += weighed @ y
            for j in blocks:
                left[i, j] += weighed @ x
    solved = np.linalg.solve(left, right).reshape(-1, n)
    return {
        kind.value: {trait: round(float(w), 5) for trait, w in zip(columns, (solved[0] + own) / scale, strict=True)}
        for kind, own in zip(kinds, solved[1:], strict=True)
    }


def table_of(one: Asking, columns: dict[str, int]) -> np.ndarray:
    """The traits of a question's phrases, a row each."""
    table = np.zeros((len(one.found), len(columns)))
    for k, candidate in enumerate(one.found):
        for trait, value in candidate.traits.items():
            if trait in columns:
                table[k, columns[trait]] = value
    return table


def report(asked: Sequence[Asking], weights: dict[str, Weights]) -> None:
    """Overlap and coverage by kind, each question by the weights given for it."""
    sums: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for one in asked:
        chosen = choose(one.page, one.found, weights[one.id].get(one.question.kind, {}))
        k = next((n for n, candidate in enumerate(one.found) if candidate is chosen), None)
        best = one.worth.max() if len(one.worth) else 0.0
        sums[one.question.kind].append(
            (one.worth[k] if k is not None else 0, one.covered[k] if k is not None else 0, best)
        )
        sums["all"].append(sums[one.question.kind][-1])
    for kind, values in sums.items():
        f1, covered, best = np.mean(values, axis=0)
        print(f"{kind:8} {len(values):4}  F1 {f1:.3f}  covered {covered:.3f}  best possible F1 {best:.3f}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    asked = read(given.kit)
    if given.check:
        events = sorted({one.event for one in asked})
        print(len(events), "events")
        left_out = {event: fit([one for one in asked if one.event != event]) for event in events}
        report(asked, {one.id: left_out[one.event] for one in asked})
        return
    weights = fit(asked)
    report(asked, {one.id: weights for one in asked})
    written = {"made_by": "python training/answers.py KIT", "weights": weights}
    WEIGHTS.write_text(json.dumps(written, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
