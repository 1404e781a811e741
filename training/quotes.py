"""Fits `src/octavo/core/weights/quotes.en.json`: what of an English text is told of others, and who is said to have told it.

    python training/quotes.py KIT            # reports, then fits on all articles and writes the weights
    python training/quotes.py KIT --check    # reports only: five folds by article, each fitted without it

KIT is a folder laid out like the evaluation kit (`data/quotes/polnear.gold.jsonl.gz`, `data/corpus/allsides_pre2016.jsonl.gz`,
`score.py`). Three things are fitted, in this order:

- classes of words, from the unlabelled corpus: words of like neighbours are alike (a singular value decomposition of
  positive pointwise mutual information, then spherical k-means);
- the labels, a conditional random field, by adaptive gradients (Duchi, Hazan and Singer 2011);
- the ranking of speakers, a linear model with softmax over the mentions beside a quote, from labels that were each made
  by a field fitted without that article.

What is not fitted was chosen with these sets in view: which features there are, the rate, the ridge, the rounds, how rare
a feature may be.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octavo.core.telling import attribution, mentions, quotes
from octavo.core.telling.attribution import (
    BEGIN,
    BETWEEN,
    INSIDE,
    LABELS,
    OUTSIDE,
    SOURCE,
    TEMPLATES,
    Model,
    Vocabulary,
)
from octavo.core.telling.marks import marked_spans
from octavo.core.telling.tokens import TOKEN, Words, read_words, shape, suffix

WEIGHTS = Path(__file__).parents[1] / "src/octavo/core/weights/quotes.en.json"
FOLDS = 5
# Classes of words: how many words, neighbours that are counted, dimensions and classes.
CLASSED, NEIGHBOURS, DIMENSIONS, CLASSES, KMEANS_ROUNDS = 12_000, 800, 100, 96, 25
OFFSETS = (-2, -1, 1, 2)
# A word is a reporting word where this share of its uses stands between source and told.
CUE_SHARE, CUE_COUNT = 0.25, 3
RAREST_WORD, RAREST_SUFFIX, RAREST_FEATURE = 2, 5, 3
LONGEST_GAP = 12
ROUNDS, RATE, RIDGE, BATCH = 10, 0.05, 1e-5, 160
# Weights are written in hundredths, those of the KEPT heaviest features. Keeping more is no better.
SCALE, KEPT = 100, 22_000
RANK_ROUNDS, RANK_RATE, RANK_RIDGE, RANK_RAREST = 12, 0.1, 1e-4, 4

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """An article with its gold quotes, its words and their labels."""

    id: str
    text: str
    gold: Sequence[dict[str, Any]]
    words: Words
    labels: Ints


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a packed JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def labelled(row: dict[str, Any]) -> Labelled:
    """An article of the kit with a label for each word."""
    words = read_words(row["text"], marked_spans(row["text"]))
    return Labelled(row["id"], row["text"], row["quotes"], words, labels_of(words, row["quotes"]))


def labels_of(words: Words, gold: Sequence[dict[str, Any]]) -> Ints:
    """The gold labels: what is told first, then sources, then what stands between the two where they are close."""
    start, stop, paragraph = np.array(words.start), np.array(words.stop), np.array(words.paragraph)
    labels = np.full(len(words), OUTSIDE)
    pairs = []
    for quote in gold:
        told = np.flatnonzero((start >= quote["start"]) & (stop <= quote["end"]))
        if len(told):
            labels[told], labels[told[0]] = INSIDE, BEGIN
            if quote.get("speaker_start") is not None:
                source = np.flatnonzero((start < quote["speaker_end"]) & (stop > quote["speaker_start"]))
                pairs += [(told, source)] if len(source) else []
    for _, source in pairs:
        labels[source[labels[source] == OUTSIDE]] = SOURCE
    for told, source in pairs:
        gap = np.arange(source[-1] + 1, told[0]) if source[-1] < told[0] else np.arange(told[-1] + 1, source[0])
        if (
            len(gap) <= LONGEST_GAP
            and paragraph[told[0]] == paragraph[source[0]]
            and not np.isin(labels[gap], (BEGIN, INSIDE)).any()
        ):
            labels[gap[labels[gap] == OUTSIDE]] = BETWEEN
    return labels


# ------------------------------------------------------------------ classes of words


def classes_of_words(kit: Path) -> dict[str, int]:
    """The class of each frequent word of the unlabelled corpus, from FIRST on."""
    texts = [
        [form.lower() for form in TOKEN.findall(row["text"])]
        for row in rows(kit / "data/corpus/allsides_pre2016.jsonl.gz")
    ]
    counts = Counter(form for text in texts for form in text)
    frequent = [form for form, _ in counts.most_common(CLASSED)]
    number = {form: at for at, form in enumerate(frequent)}
    margin = [-1] * max(OFFSETS)
    stream = np.concatenate([np.array([number.get(form, -1) for form in text] + margin) for text in texts])
    vectors = company(stream)
    classes = spherical_kmeans(vectors, np.log([counts[form] for form in frequent]))
    return {
        form: attribution.FIRST + int(one) for form, one in zip(frequent, classes, strict=True) if not form.isspace()
    }


def company(stream: Ints) -> Floats:
    """Unit vectors of words by the company they keep, position by position."""
    tables = []
    for offset in OFFSETS:
        near = np.roll(stream, -offset)
        both = (stream >= 0) & (near >= 0) & (near < NEIGHBOURS)
        flat = np.bincount(stream[both] * NEIGHBOURS + near[both], minlength=CLASSED * NEIGHBOURS)
        tables.append(flat.reshape(CLASSED, NEIGHBOURS).astype(np.float32))
    table = np.concatenate(tables, axis=1)
    expected = table.sum(axis=0) ** 0.75
    expected /= expected.sum()
    information = np.maximum(np.log((table + 1e-9) / ((table.sum(axis=1, keepdims=True) + 1) * expected)), 0)
    vectors = left_singular(information.astype(np.float32))
    unit: Floats = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    return unit


def left_singular(table: Floats) -> Floats:
    """The first left singular vectors, each by the root of its value (Halko, Martinsson and Tropp 2011)."""
    rng = np.random.default_rng(0)
    sample = table @ rng.standard_normal((table.shape[1], DIMENSIONS + 20)).astype(np.float32)
    for _ in range(3):
        basis, _ = np.linalg.qr(sample)
        sample = table @ (table.T @ basis)
    basis, _ = np.linalg.qr(sample)
    left, values, _ = np.linalg.svd(basis.T @ table, full_matrices=False)
    found: Floats = (basis @ left)[:, :DIMENSIONS] * np.sqrt(values[:DIMENSIONS])
    return found


def spherical_kmeans(vectors: Floats, weight: Doubles) -> Ints:
    """The nearest of CLASSES centres of each vector; the centres begin among the most frequent words."""
    rng = np.random.default_rng(0)
    centres = vectors[rng.choice(3000, CLASSES, replace=False)]
    for _ in range(KMEANS_ROUNDS):
        nearest = (vectors @ centres.T).argmax(axis=1)
        for one in range(CLASSES):
            members = nearest == one
            if members.any():
                centres[one] = (vectors[members] * weight[members, None]).sum(axis=0)
        centres /= np.linalg.norm(centres, axis=1, keepdims=True) + 1e-9
    return nearest


# ------------------------------------------------------------------ the labels


def vocabulary_of(articles: Sequence[Labelled], classes: Mapping[str, int]) -> Vocabulary:
    """The words, suffixes, shapes and reporting words of some articles."""
    words = Counter(form.lower() for one in articles for form in one.words.forms)
    suffixes = Counter(suffix(form) for one in articles for form in one.words.forms)
    shapes = {shape(form) for one in articles for form in one.words.forms}
    between = Counter(
        form.lower()
        for one in articles
        for form, label in zip(one.words.forms, one.labels, strict=True)
        if label == BETWEEN
    )
    cues = [
        form for form, count in between.items()
        if count >= CUE_COUNT and count >= CUE_SHARE * words[form] and len(form) > 2 and form[0].isalpha()
    ]  # fmt: skip
    return Vocabulary(
        attribution.numbered(
            [attribution.SENTENCE_END, *sorted(form for form, count in words.items() if count >= RAREST_WORD)]
        ),
        attribution.numbered(sorted(part for part, count in suffixes.items() if part and count >= RAREST_SUFFIX)),
        attribution.numbered(sorted(shapes)),
        classes,
        attribution.numbered(sorted(cues)),
    )


@dataclass(frozen=True)
class Table:
    """The features of many words: for each word its row under every template, 0 for none."""

    keys: Sequence[Ints]
    ids: Ints
    count: int


def tabulate(articles: Sequence[Labelled], vocabulary: Vocabulary) -> Table:
    """All features that are frequent enough, and the words' rows."""
    found = [attribution.rows(one.words, vocabulary, {}) for one in articles]
    ids, keys, count = [], [], 1
    for template in TEMPLATES:
        wanted = np.concatenate([one.keys(template) for one in found])
        values, counts = np.unique(wanted, return_counts=True)
        kept = values[counts >= RAREST_FEATURE]
        at = np.minimum(np.searchsorted(kept, wanted), len(kept) - 1)
        ids.append(np.where(kept[at] == wanted, at + count, 0).astype(np.int32))
        keys.append(kept)
        count += len(kept)
    return Table(keys, np.stack(ids, axis=1), count)


@dataclass
class Field:
    """The weights of a conditional random field and the squares of their gradients."""

    weights: Floats
    steps: Doubles
    first: Doubles


def fit_field(table: Table, labels: Ints, paragraphs: Ints) -> Field:
    """Maximises the likelihood of the labels; `paragraphs` are (start, length) in rows."""
    kinds = len(LABELS)
    field = Field(np.zeros((table.count, kinds), np.float32), np.zeros((kinds, kinds)), np.zeros(kinds))
    field.steps[[OUTSIDE, SOURCE, BETWEEN], INSIDE] = field.first[INSIDE] = -8
    squares = Field(np.full_like(field.weights, 1e-2), np.full_like(field.steps, 1e-2), np.full_like(field.first, 1e-2))
    rng = np.random.default_rng(0)
    for _ in range(ROUNDS):
        order = rng.permutation(len(paragraphs))
        order = order[np.argsort(paragraphs[order, 1] // 16, kind="stable")]
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        for number in rng.permutation(len(batches)):
            improve(field, squares, table, labels, paragraphs[batches[number]])
    return field


def improve(field: Field, squares: Field, table: Table, labels: Ints, paragraphs: Ints) -> None:
    """One step of adaptive gradients on some paragraphs."""
    reach = np.arange(paragraphs[:, 1].max())
    mask = reach < paragraphs[:, 1:]
    index = np.where(mask, paragraphs[:, :1] + reach, paragraphs[:, :1])
    active = table.ids[index[mask]]
    scores = np.zeros((*index.shape, len(LABELS)))
    scores[mask] = field.weights[active].sum(axis=1)
    chance, steps = posterior(scores, mask, field)
    gold = np.eye(len(LABELS))[labels[index]] * mask[:, :, None]
    size = len(paragraphs)
    surplus = (chance - gold)[mask]
    flat = active.reshape(-1)
    slope = np.stack(
        [np.bincount(flat, np.repeat(one, len(TEMPLATES)), len(field.weights)) for one in surplus.T], axis=1
    )
    slope = (slope / size).astype(np.float32) + RIDGE * field.weights
    slope[0] = 0
    squares.weights += slope**2
    field.weights -= RATE * slope / np.sqrt(squares.weights)
    follow = mask[:, 1:]
    taken = labels[index[:, :-1]][follow], labels[index[:, 1:]][follow]
    np.subtract.at(steps, taken, 1)
    for name, one in (("steps", steps / size), ("first", (chance[:, 0] - gold[:, 0]).sum(axis=0) / size)):
        square = getattr(squares, name)
        square += one**2
        setattr(field, name, getattr(field, name) - RATE * one / np.sqrt(square))


def posterior(scores: Doubles, mask: NDArray[np.bool_], field: Field) -> tuple[Doubles, Doubles]:
    """The chance of each label at each word, and the expected number of each step (forward-backward)."""
    count, length, _ = scores.shape
    factor, step = np.exp(scores - scores.max(axis=2, keepdims=True)), np.exp(field.steps)
    forward, norm = np.zeros_like(scores), np.ones((count, length))
    now = factor[:, 0] * np.exp(field.first)
    norm[:, 0] = now.sum(axis=1)
    forward[:, 0] = now / norm[:, :1]
    for at in range(1, length):
        now = (forward[:, at - 1] @ step) * factor[:, at]
        norm[:, at] = np.where(mask[:, at], now.sum(axis=1), 1)
        forward[:, at] = np.where(mask[:, at, None], now / norm[:, at, None], forward[:, at - 1])
    backward, expected = np.ones_like(scores), np.zeros_like(field.steps)
    for at in range(length - 2, -1, -1):
        open_ = mask[:, at + 1, None]
        value = factor[:, at + 1] * backward[:, at + 1] / norm[:, at + 1, None]
        expected += np.einsum("bi,bj->ij", forward[:, at] * open_, value) * step
        backward[:, at] = np.where(open_, value @ step.T, backward[:, at + 1])
    chance = forward * backward
    return chance / chance.sum(axis=2, keepdims=True) * mask[:, :, None], expected


def paragraphs_of(articles: Sequence[Labelled]) -> Ints:
    """The paragraphs of all articles as (start, length) in the rows of their words."""
    base, found = 0, []
    for one in articles:
        starts = np.flatnonzero(np.diff(one.words.paragraph, prepend=-1))
        found.append(np.stack([base + starts, np.diff(np.append(starts, len(one.words)))], axis=1))
        base += len(one.words)
    return np.concatenate(found)


def fit_model(articles: Sequence[Labelled], classes: Mapping[str, int]) -> Model:
    """The model of labels, fitted on some articles, as it is written: rounded, and without what weighs little."""
    vocabulary = vocabulary_of(articles, classes)
    table = tabulate(articles, vocabulary)
    field = fit_field(table, np.concatenate([one.labels for one in articles]), paragraphs_of(articles))
    weights = np.round(field.weights * SCALE) / SCALE
    weight = np.abs(field.weights).max(axis=1)
    heavy = weight >= np.sort(weight)[-KEPT]
    bounds = np.cumsum([1, *map(len, table.keys)])
    keys = [known[heavy[low:high]] for known, low, high in zip(table.keys, bounds, bounds[1:], strict=False)]
    kept = np.concatenate([np.zeros((1, len(LABELS)), np.float32), weights[1:][heavy[1:]]])
    steps, first = np.round(field.steps, 2), np.round(field.first, 2)
    return Model(vocabulary, keys, kept.astype(np.float32), steps.astype(np.float32), first.astype(np.float32))


# ------------------------------------------------------------------ the speakers


@dataclass(frozen=True)
class Choice:
    """A quote's mentions as the names of their features, the last being nobody, and which of them are right."""

    options: Sequence[Sequence[str]]
    right: NDArray[np.bool_]


def choices(article: Labelled, model: Model, scorer: Any) -> list[Choice]:
    """What there is to choose from for the quotes that the model finds in an article it has not seen."""
    found = model.label(article.words)
    told = quotes.told_spans(article.words, found)
    words = article.words
    spans = [(words.start[one.first], words.stop[one.last]) for one in told]
    gold_of = matches(article, spans, scorer)
    made = []
    for number, (_, found_beside, none) in enumerate(mentions.candidates(mentions.scene(words, found, told))):
        gold = gold_of.get(number)
        if gold is None:
            continue
        right = [is_speaker(gold, words.start[one.first], words.stop[one.last]) for one, _ in found_beside]
        right.append(not any(right))
        if gold.get("speaker") is None or any(right[:-1]):
            made.append(Choice([*(names for _, names in found_beside), none], np.array(right)))
    return made


def matches(article: Labelled, spans: Sequence[tuple[int, int]], scorer: Any) -> dict[int, dict[str, Any]]:
    """The gold quote of each found span, where there is one."""
    tokens = [match.span() for match in re.finditer(r"\w+", article.text)] or [(0, 0)]
    start, end = np.array(tokens).T
    gold = [scorer.span_tokens(start, end, one["start"], one["end"]) for one in article.gold]
    mine = [scorer.span_tokens(start, end, *span) for span in spans]
    return {right: article.gold[left] for left, right in scorer.match_spans(gold, mine, 0.3)}


def is_speaker(gold: dict[str, Any], start: int, end: int) -> bool:
    """Whether a mention lies on the gold speaker's."""
    return gold.get("speaker_start") is not None and min(gold["speaker_end"], end) > max(gold["speaker_start"], start)


def fit_ranking(known: Sequence[Choice]) -> dict[str, float]:
    """Weights under which the right mentions are likeliest."""
    counts = Counter(name for one in known for names in one.options for name in names)
    options = [[[name for name in names if counts[name] >= RANK_RAREST] for names in one.options] for one in known]
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(lambda: 1e-2)
    rng = np.random.default_rng(0)
    for _ in range(RANK_ROUNDS):
        for number in rng.permutation(len(known)):
            scores = np.array([sum(weights[name] for name in names) for names in options[number]])
            chance = np.exp(scores - scores.max())
            chance /= chance.sum()
            right = chance * known[number].right
            for names, slope in zip(options[number], chance - right / right.sum(), strict=True):
                for name in names:
                    squares[name] += slope * slope
                    weights[name] -= RANK_RATE * (slope + RANK_RIDGE * weights[name]) / squares[name] ** 0.5
    return {name: round(value, 2) for name, value in sorted(weights.items()) if abs(value) >= 0.01}


# ------------------------------------------------------------------ the whole


def out_of_fold(articles: Sequence[Labelled], classes: Mapping[str, int]) -> list[Model]:
    """A model for each fold, fitted without its articles."""
    models = []
    for fold in range(FOLDS):
        models.append(fit_model([one for at, one in enumerate(articles) if at % FOLDS != fold], classes))
        print(f"fold {fold} fitted", flush=True)
    return models


def check(
    articles: Sequence[Labelled], models: Sequence[Model], known: Sequence[Sequence[Choice]], scorer: Any
) -> None:
    """Reports the kit's figures, each article by a model and a ranking that were fitted without it."""
    predicted = {}
    for fold, model in enumerate(models):
        ranking = fit_ranking([one for at, some in enumerate(known) if at % FOLDS != fold for one in some])
        engine = quotes.Engine(model, ranking)
        for article in articles[fold::FOLDS]:
            found = [asdict(one) for one in engine.quotes(article.text)]
            predicted[article.id] = {"quotes": found}
    gold = [{"id": one.id, "text": one.text, "quotes": one.gold} for one in articles]
    for name, value in scorer.score_quotes(gold, predicted).items():
        print(f"{name:24} {value:.4f}" if isinstance(value, float) else f"{name:24} {value}")


def write(model: Model, ranking: Mapping[str, float]) -> None:
    """Writes what was fitted, features by their names, weights in hundredths."""
    vocabulary = model.vocabulary
    by_class: dict[int, list[str]] = defaultdict(list)
    for form, number in vocabulary.classes.items():
        by_class[number].append(form)
    document = {
        "made_by": "python training/quotes.py KIT",
        "labels": " ".join(LABELS),
        "steps": [[round(float(value), 2) for value in row] for row in model.steps],
        "first": [round(float(value), 2) for value in model.first],
        "cues": " ".join(vocabulary.cues),
        "suffixes": " ".join(vocabulary.suffixes),
        "shapes": " ".join(vocabulary.shapes),
        "classes": {str(number): " ".join(by_class[number]) for number in sorted(by_class)},
        "words": " ".join(vocabulary.words),
        "features": attribution.written(model),
        "speakers": ranking,
    }
    text = json.dumps(document, ensure_ascii=False, indent=0)
    WEIGHTS.write_text(re.sub(r"(?<=\d,)\n|(?<=\[)\n|\n(?=\])", "", text) + "\n", encoding="utf-8")


def load_scorer(kit: Path) -> Any:
    """The kit's scorer as a module."""
    spec = importlib.util.spec_from_file_location("score", kit / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{kit} has no score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    scorer = load_scorer(given.kit)
    articles = [labelled(row) for row in rows(given.kit / "data/quotes/polnear.gold.jsonl.gz")]
    classes = classes_of_words(given.kit)
    models = out_of_fold(articles, classes)
    known = [choices(one, models[at % FOLDS], scorer) for at, one in enumerate(articles)]
    check(articles, models, known, scorer)
    if not given.check:
        write(fit_model(articles, classes), fit_ranking([one for some in known for one in some]))


if __name__ == "__main__":
    main()
