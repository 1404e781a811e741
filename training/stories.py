"""Fits `src/octavo/core/weights/stories.json`: the judge of pairs, whether two articles report one event.

    python training/stories.py KIT --cache DIR             # fits on all sets and writes the weights
    python training/stories.py KIT --cache DIR --check     # reports each set, fitted without it; writes nothing
    python training/stories.py KIT --terms                 # counts the background words: terms.en.json

KIT is a folder laid out like the evaluation kit (`data/stories/SET.{articles,gold}.jsonl.gz`). A set is reported after
fitting without it and without every set that shares its articles; the threshold is even odds everywhere. What is not
fitted was chosen with these sets in view and is the same for all: which features there are, the ridge, the sizes of
neighbourhoods, when names alone are not enough, and (with headlines in view) when they crowd and what gathering asks for.
Vectors are kept in DIR.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octavo.ai.embedding import MODEL_ID, find
from octavo.core.folding.copies import Copies, CopyDecision
from octavo.core.folding.desk import Desk
from octavo.core.folding.evidence import (
    ALL,
    Judge,
    Pairs,
    Stage,
    StoryWeights,
    pairs_among,
    pairs_of,
    with_logarithms,
)
from octavo.core.folding.sparse import weigh
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import LONGEST_TEXT, LONGEST_TITLE, Views, look, read
from octavo.core.folding.window import Window
from octavo.core.types import Article

WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights"
SETS = ("newscluster", "wikinews_medium", "ecbplus")
# What each reported set is fitted on: no set that shares its articles.
FOLDS = {
    "newscluster": ("wikinews_medium", "ecbplus"),
    "wikinews_medium": ("newscluster", "ecbplus"),
    "ecbplus": ("newscluster", "wikinews_medium"),
    "pooled_stream": ("ecbplus",),
    "uci": SETS,
}
# Beside each whole set, streams drawn from it, so that stories of every size and lone articles are seen.
DRAWS, KEPT_STORIES, SIZE_POWERS = 8, 0.85, (0.3, 1.0, 2.0)
RIDGE, STEPS = 3e-2, 150
BACKGROUND_STEP, RAREST = 16, 4

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Labelled:
    """A set in arrival order: each article's views, its vector, its story's number, and what is decided of its text."""

    views: Sequence[Views]
    vectors: Floats
    stories: NDArray[np.int64]
    copies: Sequence[CopyDecision]

    def part(self, places: NDArray[np.int64]) -> Labelled:
        """The articles at some places."""
        return Labelled(
            [self.views[at] for at in places],
            self.vectors[places],
            self.stories[places],
            [self.copies[at] for at in places],
        )


@dataclass(frozen=True)
class Examples:
    """Pairs with their features, whether they report one event, and their weights. Times are left out of the fitting."""

    features: Floats
    same: NDArray[np.bool_]
    weights: Floats


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a packed JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def article(row: dict[str, Any]) -> Article:
    """An article of the kit."""
    published = datetime.fromisoformat(row["published"]) if row.get("published") else None
    title, text, source, url = (row.get(name) or "" for name in ("title", "text", "source", "url"))
    return Article(row["id"], title, text, published, source, url, "en")


def vectors(kit: Path, folder: Path, name: str, articles: Sequence[Article]) -> Floats:
    """The vectors of a set's articles, out of the cache or made now."""
    held: dict[str, Floats] = {}
    for part in (*SETS, name):
        file = folder / f"vec_{part}.npz"
        if file.exists() and not {one.id for one in articles} <= held.keys():
            stored = np.load(file)
            held |= dict(zip(stored["ids"].tolist(), stored["vectors"], strict=True))
    if not {one.id for one in articles} <= held.keys():
        embedder = find(folder)
        if embedder is None:
            raise SystemExit("The model package is not installed.")
        made = embedder.embed([f"{one.title}. {one.text}" for one in articles])
        np.savez(folder / f"vec_{name}.npz", ids=[one.id for one in articles], vectors=made)
        return made
    return np.stack([held[one.id] for one in articles])


@cache
def labelled(kit: Path, folder: Path, name: str) -> Labelled:
    """A set of the kit."""
    articles = [article(row) for row in rows(kit / f"data/stories/{name}.articles.jsonl.gz")]
    gold = {row["id"]: row["story"] for row in rows(kit / f"data/stories/{name}.gold.jsonl.gz")}
    place = {story: at for at, story in enumerate(dict.fromkeys(gold.values()))}
    stories = np.array([place[gold[one.id]] for one in articles])
    copies = list(map(Copies().arrive, articles))
    return Labelled([look(one) for one in articles], vectors(kit, folder, name, articles), stories, copies)


@cache
def centre(kit: Path, folder: Path) -> Floats:
    """The mean vector of ordinary articles, which says nothing of any event."""
    corpus = [article(row) for row in rows(kit / "data/corpus/allsides_pre2016.jsonl.gz")][::BACKGROUND_STEP]
    mean: Floats = vectors(kit, folder, "background", corpus).mean(axis=0)
    return mean


def draws(whole: Labelled, seed: int = 7) -> Iterator[Labelled]:
    """The whole set, then streams of some of its stories, each cut down to some of its articles."""
    yield whole
    rng = np.random.default_rng(seed)
    for _ in range(DRAWS):
        kept: list[int] = []
        for story in np.unique(whole.stories):
            members = np.flatnonzero(whole.stories == story)
            size = max(1, round(len(members) * rng.random() ** rng.choice(SIZE_POWERS)))
            if rng.random() < KEPT_STORIES:
                kept += rng.choice(members, size, replace=False).tolist()
        yield whole.part(np.array(sorted(kept)))


def examples(stream: Labelled, middle: Floats, *, by_vector: bool) -> dict[Stage, Examples]:
    """The pairs of neighbours of a stream, as they are on the arrival of each one's later article, and at the end."""
    window, terms = Window(len(stream.views), middle), Terms()
    arrivals: list[Pairs] = []
    for views, vector in zip(stream.views, stream.vectors, strict=True):
        terms.learn(views.language, views.counts.ids)
        arrivals.append(pairs_of(window, window.add(weigh(views, terms), vector if by_vector else None)))
    arriving, at_last = joined(arrivals), pairs_among(window, np.arange(len(stream.views)))
    return {
        Stage.ARRIVAL: labels(stream, arriving, (arriving.left,)),
        Stage.REPAIR: labels(stream, at_last, (at_last.left, at_last.right)),
    }


def labels(stream: Labelled, found: Pairs, sides: Sequence[NDArray[np.int64]]) -> Examples:
    """Pairs with what is right for each; the articles of each of `sides` weigh the same."""
    same = stream.stories[found.left] == stream.stories[found.right]
    return Examples(found.features, same, balanced(sides, same))


def joined(parts: Sequence[Pairs]) -> Pairs:
    """Several lists of pairs as one."""
    return Pairs(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("left", "right", "features", "gaps", "caseless", "told")
        )
    )


def balanced(sides: Sequence[NDArray[np.int64]], same: NDArray[np.bool_]) -> Floats:
    """Weights under which each article's companions, and each one's strangers, weigh 1, however many there are."""
    weights = np.zeros(len(same))
    for side in sides:
        for label in (True, False):
            counts = np.bincount(side[same == label], minlength=int(side.max()) + 1)
            weights += (same == label) / np.maximum(counts[side], 1)
    shares: Floats = (weights / weights.sum()).astype(np.float32)
    return shares


def fit(parts: Sequence[Examples]) -> Judge:
    """Logistic regression with a ridge, by accelerated gradients (Nesterov, 1983), on standardised features."""
    raw = with_logarithms(np.concatenate([part.features for part in parts]))
    sign = np.where(np.concatenate([part.same for part in parts]), 1, -1).astype(np.float32)
    weight = np.concatenate([part.weights for part in parts]) / len(parts)
    mean = weight @ raw
    spread = np.sqrt(weight @ (raw - mean) ** 2) + 1e-6
    x = np.concatenate([(raw - mean) / spread, np.ones((len(raw), 1), np.float32)], axis=1).astype(np.float32)
    ridge = np.array([RIDGE] * raw.shape[1] + [0], np.float32)
    rate = 1 / (0.25 * np.linalg.norm((x * weight[:, None]).T @ x, 2) + RIDGE)
    at = ahead = np.zeros(x.shape[1], np.float32)
    for step in range(STEPS):
        slope = -sign * weight / (1 + np.exp(np.clip(sign * (x @ ahead), -30, 30)))
        after = ahead - rate * (x.T @ slope + ridge * ahead)
        ahead, at = after + step / (step + 3) * (after - at), after
    scaled = (at[:-1] / spread).astype(np.float32)
    return Judge(scaled, float(at[-1] - mean @ scaled))


class Fitting:
    """Judges fitted on sets of the kit; the examples of each set are made once."""

    def __init__(self, kit: Path, folder: Path) -> None:
        self.kit, self.folder = kit, folder
        self.centre = centre(kit, folder)
        self._examples: dict[tuple[str, bool], list[dict[Stage, Examples]]] = {}

    def of(self, name: str, stage: Stage, by_vector: bool) -> list[Examples]:
        """The examples of a set and of the streams drawn from it."""
        key = name, by_vector
        if key not in self._examples:
            whole = labelled(self.kit, self.folder, name)
            self._examples[key] = [examples(stream, self.centre, by_vector=by_vector) for stream in draws(whole)]
        return [made[stage] for made in self._examples[key]]

    def fit(self, names: Sequence[str]) -> StoryWeights:
        """What is fitted on some sets."""
        judges = [
            {stage: fit([part for name in names for part in self.of(name, stage, by_vector)]) for stage in Stage}
            for by_vector in (True, False)
        ]
        return StoryWeights(judges[0], judges[1], self.centre, MODEL_ID)


def b_cubed(gold: Sequence[Any], found: Sequence[Any]) -> tuple[float, float, float]:
    """Precision, recall and F1 of Bagga and Baldwin (1998)."""
    both, in_gold, in_found = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    pairs = list(zip(gold, found, strict=True))
    precision = float(np.mean([both[g, f] / in_found[f] for g, f in pairs]))
    recall = float(np.mean([both[g, f] / in_gold[g] for g, f in pairs]))
    return precision, recall, 2 * precision * recall / (precision + recall)


def replay(stream: Labelled, weights: StoryWeights, *, by_vector: bool) -> dict[str, tuple[float, float, float]]:
    """The figures of a stream on a desk: as decided on arrival, and after the repair."""
    desk = Desk(weights=weights)
    for views, vector, copy in zip(stream.views, stream.vectors, stream.copies, strict=True):
        desk.place(views, vector if by_vector else None, copy=copy)
    ids = [views.id for views in stream.views]
    online = [desk.story_of(one) for one in ids]
    desk.repair(whole_window=True)
    gold = stream.stories.tolist()
    return {"online": b_cubed(gold, online), "repaired": b_cubed(gold, [desk.story_of(one) for one in ids])}


def check(fitting: Fitting, names: Sequence[str]) -> None:
    """Reports every set, fitted without it and without what shares its articles."""
    for name in names:
        weights = fitting.fit(FOLDS[name])
        stream = labelled(fitting.kit, fitting.folder, name)
        for by_vector in (True, False):
            for when, figures in replay(stream, weights, by_vector=by_vector).items():
                told = " ".join(f"{letter} {value:.3f}" for letter, value in zip("PRF", figures, strict=True))
                print(f"{name:16} {'vectors' if by_vector else 'words':8} {when:9} {told}", flush=True)


def write(weights: StoryWeights, file: Path) -> None:
    """Writes the weights, by the features' names."""

    def told(judge: Judge) -> dict[str, Any]:
        values = [round(float(value), 5) for value in judge.weights]
        plain, logs = values[: len(ALL)], values[len(ALL) :]
        named = [dict(zip(ALL, part, strict=True)) for part in (plain, logs)]
        return {"bias": round(judge.bias, 5), "weights": named[0], "log_weights": named[1]}

    document = {
        "made_by": "python training/stories.py KIT --cache DIR",
        "model": weights.model,
        "centre": [round(float(value), 5) for value in weights.centre],
        "by_vector": {stage.value: told(judge) for stage, judge in weights.by_vector.items()},
        "by_words": {stage.value: told(judge) for stage, judge in weights.by_words.items()},
    }
    file.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def count_terms(kit: Path) -> None:
    """Writes how many articles of the background corpus have each stem; rarer ones than RAREST are left out."""
    counts: Counter[str] = Counter()
    articles = 0
    for row in rows(kit / "data/corpus/allsides_pre2016.jsonl.gz"):
        one = article(row)
        lines = read(one.title, "en", LONGEST_TITLE), read(one.text, "en", LONGEST_TEXT)
        counts.update({word.stem for line in lines for word in line.words})
        articles += 1
    by_count: dict[int, list[str]] = {}
    for stem, count in counts.items():
        if count >= RAREST and " " not in stem:
            by_count.setdefault(count, []).append(stem)
    stems = {str(count): " ".join(sorted(by_count[count])) for count in sorted(by_count)}
    document = {"made_by": "python training/stories.py KIT --terms", "articles": articles, "stems": stems}
    text = json.dumps(document, ensure_ascii=False, indent=0)
    (WEIGHTS / "terms.en.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(".vectors"))
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--terms", action="store_true")
    parser.add_argument("--sets", nargs="*", default=[*FOLDS])
    given = parser.parse_args()
    if given.terms:
        return count_terms(given.kit)
    fitting = Fitting(given.kit, given.cache)
    if given.check:
        return check(fitting, given.sets)
    return write(fitting.fit(SETS), WEIGHTS / "stories.json")


if __name__ == "__main__":
    main()
