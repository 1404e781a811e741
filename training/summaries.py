"""Fits `src/octavo/core/weights/summary.json`: which words, pairs and sentences of a text a person's summary holds.

    python training/summaries.py KIT             # fits on all of the set and writes the weights
    python training/summaries.py KIT --check     # reports five-fold cross-validation over articles; writes nothing

KIT is a folder laid out like the evaluation kit (`data/summaries/cnndm.{input,gold}.jsonl.gz`). Words and pairs: logistic
regression, whether the person's summary holds them. Sentences: ridge regression on the sentence's own overlap.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octavo.core.telling.salience import (
    Reading,
    SummaryWeights,
    as_document,
    pair_counts,
    pair_features,
    read,
    sentence_features,
    word_features,
)
from octavo.core.telling.summary import summary
from octavo.core.words import forms

WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights/summary.json"
MADE_BY = "python training/summaries.py KIT"
FOLDS = 5
RIDGE_ODDS, STEPS = 1.0, 12
RIDGE = 0.1
# A sentence's own overlap: words count half of pairs.
WORDS_IN_MERIT = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A text with a person's summary of it."""

    text: str
    reference: str

    @cached_property
    def reading(self) -> Reading:
        """The text as it is weighed."""
        return read(self.text, "en")

    @cached_property
    def told(self) -> list[str]:
        """The words of the person's summary."""
        return forms(self.reference)

    @cached_property
    def words(self) -> tuple[Floats, Floats]:
        """The features of the text's words, and whether each is told."""
        told = set(self.told)
        return word_features(self.reading), np.array([word in told for word in self.reading.counts], float)

    @cached_property
    def pairs(self) -> tuple[Floats, Floats]:
        """The features of the text's pairs, and whether each is told."""
        told, found = set(zip(self.told, self.told[1:], strict=False)), pair_counts(self.reading)
        return pair_features(self.reading, found), np.array([pair in told for pair in found], float)

    @cached_property
    def sentences(self) -> tuple[Floats, Floats]:
        """The features of the text's sentences, and each one's own overlap with the person's summary."""
        overlaps = [
            WORDS_IN_MERIT * overlap(row, self.told, 1) + overlap(row, self.told, 2) for row in self.reading.tokens
        ]
        return sentence_features(self.reading), np.array(overlaps)


def overlap(found: Sequence[str], reference: Sequence[str], size: int) -> float:
    """ROUGE-N as F1 (Lin 2004), on words as Octavo splits them."""
    mine, theirs = (Counter(zip(*(row[at:] for at in range(size)), strict=False)) for row in (found, reference))
    both = sum((mine & theirs).values())
    return 2 * both / max(1, sum(mine.values()) + sum(theirs.values()))


def examples(kit: Path) -> list[Example]:
    """The kit's articles with their summaries."""

    def rows(name: str) -> list[dict[str, Any]]:
        with gzip.open(kit / f"data/summaries/cnndm.{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    told = {row["id"]: re.sub(r"\s+", " ", row["reference"]) for row in rows("gold")}
    return [Example(row["text"], told[row["id"]]) for row in rows("input")]


def fit(found: Sequence[Example]) -> SummaryWeights:
    """The weights that some examples teach."""
    words, pairs = (fit_odds(*joined([getattr(one, part) for one in found])) for part in ("words", "pairs"))
    sentences, bias = fit_merit([one.sentences for one in found if len(one.sentences[1])])
    return SummaryWeights(words, pairs, sentences, bias)


def joined(parts: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Features and labels of several texts as one table."""
    return np.concatenate([features for features, _ in parts]), np.concatenate([labels for _, labels in parts])


def fit_odds(features: Floats, labels: Floats) -> Floats:
    """Logistic regression with a ridge, by Newton's method."""
    weights = np.zeros(features.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (chance - labels) + RIDGE_ODDS * weights
        curve = (features * (chance * (1 - chance))[:, None]).T @ features + RIDGE_ODDS * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


def fit_merit(parts: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, float]:
    """Ridge regression in which each text weighs the same."""
    features, labels = joined(parts)
    share = np.concatenate([np.full(len(labels), 1 / len(labels)) for _, labels in parts])[:, None]
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    x = np.concatenate([(features - mean) / spread, np.ones((len(features), 1))], axis=1)
    ridge = RIDGE * share.sum() * np.diag([1.0] * features.shape[1] + [0])
    found = np.linalg.solve((x * share).T @ x + ridge, (x * share).T @ labels)
    weights = found[:-1] / spread
    return weights, float(found[-1] - mean @ weights)


def check(found: Sequence[Example]) -> None:
    """Reports the overlap of each article's summary with weights that never saw the article."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(found))
    figures = []
    for number in range(FOLDS):
        weights = fit([one for one, its in zip(found, fold, strict=True) if its != number])
        for one in (one for one, its in zip(found, fold, strict=True) if its == number):
            chosen = forms(" ".join(one.text[start:end] for start, end in summary(one.text, "en", "", weights)))
            figures.append((overlap(chosen, one.told, 1), overlap(chosen, one.told, 2), len(chosen)))
    mean = np.mean(figures, axis=0)
    print(f"{len(found)} articles, {FOLDS} folds: ROUGE-1 {mean[0]:.4f}  ROUGE-2 {mean[1]:.4f}  words {mean[2]:.1f}")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    found = examples(given.kit)
    if given.check:
        return check(found)
    document = as_document(fit(found), MADE_BY)
    WEIGHTS.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return None


if __name__ == "__main__":
    main()
