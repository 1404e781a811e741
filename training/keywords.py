"""Fits `src/octavo/core/weights/keywords.json`: which words and phrases of an article readers mark as its keys.

    python training/keywords.py KIT             # fits on all of the set and writes the weights
    python training/keywords.py KIT --check     # reports five-fold cross-validation over articles; writes nothing

KIT is a folder laid out like the evaluation kit (`data/keywords/kpcrowd.{input,gold}.jsonl.gz`).
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octavo.core.telling.keywords import FEATURES, Phrase, as_document, keywords, phrases
from octavo.core.words import forms

WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights/keywords.json"
MADE_BY = "python training/keywords.py KIT"
FOLDS, STEPS, RIDGE = 5, 8, 3.0
# After the first fit only the candidates that could be among the answers count: so many of each article.
CONTENDERS, ROUNDS = 40, 2

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """An article with the keys that readers marked."""

    title: str
    text: str
    keys: frozenset[tuple[str, ...]]

    @cached_property
    def phrases(self) -> list[Phrase]:
        """Its candidates."""
        return phrases(self.title, self.text, "en")

    @cached_property
    def labelled(self) -> tuple[Floats, Floats]:
        """The features of its candidates, and whether each is a key."""
        features = np.array([phrase.features for phrase in self.phrases], float)
        return features, np.array([phrase.forms in self.keys for phrase in self.phrases], float)


def examples(kit: Path) -> list[Example]:
    """The kit's articles with their keys."""

    def rows(name: str) -> list[dict[str, Any]]:
        with gzip.open(kit / f"data/keywords/kpcrowd.{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    keys = {row["id"]: frozenset(tuple(forms(key)) for key in row["keywords"]) for row in rows("gold")}
    return [Example(html.unescape(row["title"] or ""), row["text"], keys[row["id"]]) for row in rows("input")]


def fit(found: Sequence[Example]) -> Floats:
    """Fits on all candidates, then twice on those that the last fit puts first: only the order at the top is used."""
    weights = np.zeros(len(FEATURES))
    for most in (None, *[CONTENDERS] * ROUNDS):
        parts = [contenders(one, weights, most) for one in found]
        features, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
        counts = np.concatenate([np.full(len(its), CONTENDERS / len(its)) for _, its in parts])
        weights = logistic_regression(features, labels, counts, weights)
    return weights


def contenders(example: Example, weights: Floats, most: int | None) -> tuple[Floats, Floats]:
    """The candidates of an article that stand first by some weights, with their labels; all where `most` is None."""
    features, labels = example.labelled
    first = np.argsort(-(features @ weights), kind="stable")[:most]
    return features[first], labels[first]


def logistic_regression(features: Floats, labels: Floats, counts: Floats, start: Floats) -> Floats:
    """Logistic regression with a ridge, by Newton's method."""
    weights = start.copy()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (counts * (chance - labels)) + RIDGE * weights
        curve = (features * (counts * chance * (1 - chance))[:, None]).T @ features + RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


def check(found: Sequence[Example]) -> None:
    """Reports F1 at ten and F1 at five with recall capped, with weights that never saw the article."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(found))
    figures = []
    for number in range(FOLDS):
        weights = fit([one for one, its in zip(found, fold, strict=True) if its != number])
        for one in (one for one, its in zip(found, fold, strict=True) if its == number):
            ranked = list(dict.fromkeys(tuple(forms(key)) for key in keywords(one.title, one.text, "en", weights)))
            figures.append((f1(ranked[:10], one.keys, len(one.keys)), f1(ranked[:5], one.keys, min(5, len(one.keys)))))
    mean = np.mean(figures, axis=0)
    print(f"{len(found)} articles, {FOLDS} folds: F1@10 {mean[0]:.4f}  F1@5 capped {mean[1]:.4f}")


def f1(ranked: Sequence[tuple[str, ...]], keys: frozenset[tuple[str, ...]], most: int) -> float:
    """F1 of a list, its recall over `most` keys."""
    hits = sum(key in keys for key in ranked)
    return 2 * hits / max(1, len(ranked) + most)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    found = examples(given.kit)
    if given.check:
        return check(found)
    WEIGHTS.write_text(json.dumps(as_document(fit(found), MADE_BY), indent=1) + "\n", encoding="utf-8")
    return None


if __name__ == "__main__":
    main()
