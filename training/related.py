"""Fits `src/octavo/core/weights/related.json`: which of the articles that an index finds alike are on one subject.

    python training/related.py KIT --cache DIR             # fits on all queries and writes the weights
    python training/related.py KIT --cache DIR --check     # reports queries of each origin, fitted on the other's; writes nothing

KIT is a folder laid out like the evaluation kit (`data/related/related.{corpus,queries,gold}.jsonl.gz`). Its queries come
from two story sets, told apart by the beginning of their ids; `--check` fits on the one and measures on the other. What is
not fitted was chosen with these sets in view: which features there are, the ridge, the number of candidates, and what time
costs. Time is given and not fitted: only one of the sets has dates. Vectors and the index are kept in DIR.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octavo.ai.embedding import MODEL_ID, find, wording
from octavo.cli.relatedlines import Corpus
from octavo.core.folding.evidence import shipped_weights as story_weights
from octavo.core.folding.related import ALL, CANDIDATES, Judge, features_of, time_cost

WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights/related.json"
RIDGE, STEPS, RATE = 3e-2, 400, 0.03
CUT = 10

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Examples:
    """Queries with their candidates, padded [queries, candidates, …]: features, whether on the subject, what time costs.

    `there` tells real candidates from padding; `relevant` how many articles of the corpus are on each subject.
    """

    origin: NDArray[np.str_]
    features: Floats
    right: Floats
    cost: Floats
    there: Floats
    relevant: NDArray[np.int64]

    def part(self, rows: NDArray[np.bool_]) -> Examples:
        """Some of the queries."""
        return Examples(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a packed JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


class Cached:
    """An embedder that keeps the vectors of the corpus in a file."""

    id = MODEL_ID

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        file, embedder = folder / "vec_related.npz", find(folder)
        if not file.exists():
            if embedder is None:
                raise SystemExit("The model package is not installed.")
            np.savez(file, vectors=embedder.embed(texts))
        self._known = dict(zip(texts, np.load(file)["vectors"], strict=True))

    def embed(self, texts: Sequence[str]) -> Floats:
        """The vectors of texts of the corpus."""
        return np.stack([self._known[text] for text in texts])


def examples(corpus: Corpus, gold: Mapping[str, set[str]]) -> Examples:
    """Every query with its candidates, as the pipe sees them."""
    centre = story_weights().centre
    made = Examples(
        np.array([name[:2] for name in gold]),
        np.zeros((len(gold), CANDIDATES, len(ALL)), np.float32),
        *(np.zeros((len(gold), CANDIDATES), np.float32) for _ in range(3)),
        np.array([len(right) for right in gold.values()]),
    )
    for row, (name, right) in enumerate(gold.items()):
        asked, subjects, scores, own = corpus.around({"id": name})
        last = len(subjects)
        made.features[row, :last] = features_of(asked, subjects, scores, own, centre)
        made.right[row, :last] = [corpus.name(one.id) in right for one in subjects]
        made.cost[row, :last] = [time_cost(asked.day, one.day) for one in subjects]
        made.there[row, :last] = 1
    return made


def fit(given: Examples) -> Judge:
    """Each right article against all wrong ones of its query, by the logarithm of its share (Adam, with a ridge)."""
    use = given.part(given.right.sum(axis=1) > 0)
    flat = use.features[use.there > 0]
    mean, spread = flat.mean(axis=0), flat.std(axis=0) + 1e-6
    x = (use.features - mean) / spread * use.there[..., None]
    at = np.zeros(x.shape[2], np.float32)
    slope, square = np.zeros_like(at), np.zeros_like(at)
    for step in range(1, STEPS + 1):
        gradient = np.einsum("qc,qcf->f", _pull(x @ at - use.cost, use), x) / len(x) + RIDGE * at
        slope, square = 0.9 * slope + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        towards = slope / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        at = at - RATE * (1 - 0.9 * step / STEPS) * towards
    weights = (at / spread).astype(np.float32)
    return Judge(weights, _level(given, weights))


def _pull(odds: Floats, use: Examples) -> Floats:
    """How much each candidate's odds are too high (positive) or too low."""
    grown = np.exp(np.clip(odds, -30, 30)) * use.there
    wrong = (grown * (1 - use.right)).sum(axis=1, keepdims=True)
    share = 1 / (wrong + grown + 1e-9)
    each = use.right / use.right.sum(axis=1, keepdims=True)
    pulled: Floats = grown * (1 - use.right) * (each * share).sum(axis=1, keepdims=True) - each * wrong * share
    return pulled


def _level(given: Examples, weights: Floats) -> float:
    """The bias under which as many wrong candidates stand above 0 as right ones below."""
    odds = (given.features @ weights - given.cost)[given.there > 0]
    right = given.right[given.there > 0] > 0
    order = np.argsort(-odds)
    wrong_above, right_below = np.cumsum(~right[order]), right.sum() - np.cumsum(right[order])
    level = odds[order][int(np.argmax(wrong_above >= right_below))]
    return float(-level)


def measure(given: Examples, judge: Judge) -> Floats:
    """nDCG and average precision at ten of each query [queries, 2]; the ideal is capped at the cut-off."""
    odds = np.where(given.there > 0, judge.odds(given.features) - given.cost, -np.inf)
    order = np.argsort(-odds, axis=1, kind="stable")[:, :CUT]
    hits = np.take_along_axis(given.right, order, axis=1)
    ideal = np.minimum(given.relevant, CUT)
    discount = 1 / np.log2(np.arange(CUT) + 2)
    ndcg = hits @ discount / np.cumsum(discount)[ideal - 1]
    precision = np.cumsum(hits, axis=1) / np.arange(1, CUT + 1)
    return np.stack([ndcg, (hits * precision).sum(axis=1) / ideal], axis=1)


def check(given: Examples, name: str) -> None:
    """Reports the queries of each origin, fitted on those of the others, and all of them together."""
    figures = np.zeros((len(given.origin), 2))
    for origin in sorted(set(given.origin)):
        here = given.origin == origin
        figures[here] = measure(given.part(here), fit(given.part(~here)))
        told = figures[here].mean(axis=0)
        print(f"{name:8} {origin}, fitted without it: nDCG@10 {told[0]:.4f} MAP@10 {told[1]:.4f}", flush=True)
    for what, table in (("all of these", figures), ("fitted on all", measure(given, fit(given)))):
        told = table.mean(axis=0)
        print(f"{name:8} {what}: nDCG@10 {told[0]:.4f} MAP@10 {told[1]:.4f}", flush=True)


def write(by_vector: Judge, by_words: Judge) -> None:
    """Writes the weights, by the features' names."""

    def told(judge: Judge) -> dict[str, Any]:
        weights = {name: round(float(value), 5) for name, value in zip(ALL, judge.weights, strict=True)}
        return {"bias": round(judge.bias, 5), "weights": weights}

    document = {
        "made_by": "python training/related.py KIT --cache DIR",
        "model": MODEL_ID,
        "by_vector": told(by_vector),
        "by_words": told(by_words),
    }
    WEIGHTS.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(".vectors"))
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    given.cache.mkdir(exist_ok=True)
    place = given.kit / "data/related"
    gold = {row["id"]: set(row["relevant"]) for row in rows(place / "related.gold.jsonl.gz")}
    corpus = Corpus(rows(place / "related.corpus.jsonl.gz"), given.cache / "index", None)
    sets = {"words": examples(corpus, gold)}
    corpus.embed_by(Cached(given.cache, [wording(one) for one in corpus.articles]))
    sets["vectors"] = examples(corpus, gold)
    if given.check:
        for name, made in sets.items():
            check(made, name)
    else:
        write(fit(sets["vectors"]), fit(sets["words"]))


if __name__ == "__main__":
    main()
