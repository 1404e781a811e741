"""Labels the words of an English text by their part in what is told of others: the source, the telling, what is told.

A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) over paragraphs. It labels; which spans are
quotes, and who spoke, is for its callers to decide. Features are looked up in whole arrays: each is a template, that is
one to four attributes of a word and its neighbours, and has a row of weights, one a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octavo.core.telling.marks import Marked
from octavo.core.telling.tokens import Words, shape, suffix

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Template = tuple[tuple[str, int], ...]
Own = tuple[int, int, int, int, int]

# Outside; the first word of what is told; a later one; its source; what stands between the two ('said that').
LABELS = ("O", "B", "I", "S", "M")
OUTSIDE, BEGIN, INSIDE, SOURCE, BETWEEN = range(5)

# The attributes of a word, and how many bits their numbers take in a key. Its own: word, suffix, shape, class, by which
# words of like company are alike. By its place: marks, position, paragraph; the nearest reporting word to the left
# and right in its sentence, and how far it is.
BITS = {"w": 15, "s": 13, "h": 5, "c": 10, "m": 6, "p": 3, "n": 3, "l": 10, "d": 4, "r": 10, "e": 5}
_OWN = "wshc"
# Attribute and offset; what stands together is one feature.
_TEMPLATES = """
w-3 | w-2 | w-1 | w | w1 | w2 | w3 | s-2 | s-1 | s | s1 | s2 | h-2 | h-1 | h | h1 | h2
c-3 | c-2 | c-1 | c | c1 | c2 | c3 | m-1 | m | m1 | p | n | l | r | d | e
w-1 w | w w1 | w-2 w-1 | w1 w2 | w-1 w1 | c-1 c | c c1 | c-2 c-1 | c1 c2 | c-1 c c1 | c-2 c-1 c | c c1 c2 | h-1 h h1
s-1 s | s s1 | w-1 c | c-1 w | w c1 | m p | m w | m w-1 | m w-2 | m w-2 w-1 | m-1 m | m m1 | m c-1 | p w | p c | p n | n h
l d | l w | l c | l w-1 | r e | r w | r c | r w1 | l r | d c | e c
m-1 w | m-1 c | m1 w | m1 c | m l | m r | m d | m e | d s | e s | d w | e w
m p n | l d c | r e c | d e
"""
TEMPLATES: tuple[Template, ...] = tuple(
    tuple((part[0], int(part[1:] or 0)) for part in line.split())
    for line in _TEMPLATES.strip().replace("\n", "|").split("|")
)
# Around each paragraph, so that no word sees into the next.
MARGIN = 3
# The numbers of an attribute's value that is not known, that lies outside of the paragraph, and of the first known.
UNKNOWN, MARGINAL, FIRST = range(3)
SENTENCE_END = "</s>"
# A comma or closing mark so close before a reporting word makes it a late attribution (', officials said').
COMMA_REACH = 8
_COMMAS = frozenset(',”"')
# Words kept with their numbers; more are looked up anew.
KNOWN_WORDS = 50_000


@dataclass(frozen=True)
class Vocabulary:
    """The numbers of words, suffixes, shapes, classes of words and reporting words, each from FIRST on."""

    words: Mapping[str, int]
    suffixes: Mapping[str, int]
    shapes: Mapping[str, int]
    classes: Mapping[str, int]
    cues: Mapping[str, int]

    def own(self, form: str) -> Own:
        """The numbers that a word has wherever it stands: word, suffix, shape, class, reporting word."""
        low = form.lower()
        return (
            self.words.get(low, UNKNOWN),
            self.suffixes.get(suffix(form), UNKNOWN),
            self.shapes.get(shape(form), UNKNOWN),
            self.classes.get(low, UNKNOWN),
            self.cues.get(low, UNKNOWN),
        )


@dataclass(frozen=True)
class Rows:
    """The attributes of a text's words, with a margin around each paragraph; `place` is where each word stands."""

    values: Mapping[str, Ints]
    place: Ints
    _seen: dict[tuple[str, int], Ints] = field(default_factory=dict)

    def keys(self, template: Template) -> Ints:
        """For each word of the text one number that tells its values under a template."""
        key = self._values(template[0])
        for part in template[1:]:
            key = (key << BITS[part[0]]) | self._values(part)
        return key

    def _values(self, part: tuple[str, int]) -> Ints:
        if part not in self._seen:
            name, offset = part
            self._seen[part] = self.values[name][self.place + offset]
        return self._seen[part]


def rows(words: Words, vocabulary: Vocabulary, known: dict[str, Own]) -> Rows:
    """The attributes of a text's words; `known` keeps those of words already met."""
    own = np.array([known.get(form) or _learn(form, vocabulary, known) for form in words.forms], dtype=np.int64)
    own = own.reshape(len(words), len(_OWN) + 1)
    paragraph = np.array(words.paragraph, dtype=np.int64)
    place = np.arange(len(words)) + MARGIN * (1 + paragraph)
    width = (int(place[-1]) if len(words) else 0) + MARGIN + 1
    values = {name: np.full(width, MARGINAL, dtype=np.int64) for name in BITS}
    for column, name in enumerate(_OWN):
        values[name][place] = own[:, column]
    values["w"][place[np.array(words.ends, dtype=bool)]] = vocabulary.words.get(SENTENCE_END, UNKNOWN)
    cues = own[:, -1].tolist()
    for name, column_values in {**_places(words), **_cues_before(words, cues), **_cues_after(words, cues)}.items():
        values[name][place] = column_values
    return Rows(values, place)


def _learn(form: str, vocabulary: Vocabulary, known: dict[str, Own]) -> Own:
    if len(known) >= KNOWN_WORDS:
        known.clear()
    return known.setdefault(form, vocabulary.own(form))


def _places(words: Words) -> dict[str, list[int]]:
    """Marks (m), position in sentence and paragraph (p), number of the paragraph (n)."""
    kinds = [3 * _mark_kind(words.text, span) for span in words.spans]
    marked, count = [*words.marked, -1], len(words)
    m, p, n = [FIRST] * count, [5] * count, [5] * count
    index = 0
    for i in range(count):
        if words.opens[i]:
            index, p[i] = 0, 2
        elif index < 3:
            p[i] = 3 if index == 0 else 4
        if marked[i] >= 0:
            edge = 0 if i == 0 or marked[i - 1] != marked[i] else 2 if marked[i + 1] != marked[i] else 1
            m[i] = 3 + kinds[marked[i]] + edge
        if words.paragraph[i] < 3:
            n[i] = FIRST + words.paragraph[i]
        index = 0 if words.ends[i] else index + 1
    return {"m": m, "p": p, "n": n}


def _mark_kind(text: str, span: Marked) -> int:
    """What a marked stretch looks like, 0 to 15: how long it is, whether it begins with a capital, how it ends."""
    inner = text[span.start + 1 : span.end - span.closed]
    blanks = inner.count(" ")
    length = 0 if blanks < 1 else 1 if blanks < 3 else 2 if blanks < 8 else 3
    return 4 * length + 2 * inner[:1].isupper() + (inner[-1:] in ",.?!…—-")


def is_sentence(text: str, span: Marked) -> bool:
    """Whether a marked stretch is a sentence of its own: it ends like one, and begins like one behind a full stop, colon or
    comma, or goes on after an interruption ('..., she said, "and ..."'). The title of a work by somebody is none."""
    if text.startswith(" by ", span.end):
        return False
    kind = _mark_kind(text, span)
    before = text[max(0, span.start - 4) : span.start].rstrip(' \u00a0"”’')
    if before and before[-1] not in ".:,\n!?":
        return False
    return kind in (11, 15) or (kind == 13 and before[-1:] == ",")


_BUCKETS = (0, 1, 2, 3, 4, 4, 5, 5, 5, 6, 6, 6, 6, 6, 6)


def bucket(distance: int) -> int:
    """A distance in words as one of eight sizes."""
    return _BUCKETS[distance] if distance < len(_BUCKETS) else 7


def _cues_before(words: Words, cues: Sequence[int]) -> dict[str, list[int]]:
    """The nearest reporting word to the left in the sentence (l), and how far it is (d). Those within marks tell nothing."""
    nearest, distance = [], []
    cue = far = 0
    for number, inside, opens, ends in zip(cues, words.marked, words.opens, words.ends, strict=True):
        if opens:
            cue = far = 0
        nearest.append(FIRST + cue)
        distance.append(FIRST + (bucket(far) if cue else 8))
        if inside < 0:
            if number:
                cue, far = number, 0
            elif ends:
                cue = far = 0
        far += 1
    return {"l": nearest, "d": distance}


def _cues_after(words: Words, cues: Sequence[int]) -> dict[str, list[int]]:
    """The nearest reporting word to the right (r); how far it is and whether it comes behind a comma (e)."""
    nearest, distance = [0] * len(cues), [0] * len(cues)
    cue = far = comma = 0
    for i in range(len(cues) - 1, -1, -1):
        outside = words.marked[i] < 0
        if outside and words.ends[i]:
            cue = far = comma = 0
        nearest[i] = FIRST + cue
        distance[i] = FIRST + (2 * bucket(far) + comma if cue else 16)
        if outside and cues[i]:
            cue, far, comma = cues[i], 0, 0
        elif cue and far < COMMA_REACH and words.forms[i] in _COMMAS:
            comma = 1
        far += 1
        if words.opens[i]:
            cue = far = comma = 0
    return {"r": nearest, "e": distance}


def _direct(template: Template, keys: Ints, offset: int) -> Ints:
    """The row of each value of a single attribute: quicker than searching for it."""
    rows_of = np.zeros(1 << BITS[template[0][0]], dtype=np.int64)
    rows_of[keys] = np.arange(offset, offset + len(keys))
    return rows_of


@dataclass(frozen=True)
class Labelled:
    """The label of each word, and by how much that of a source leads over the best other, or falls behind it."""

    labels: list[int]
    source_lead: list[float]


class Model:
    """The fitted weights of features, and of steps from label to label. Made once, then only read."""

    def __init__(
        self, vocabulary: Vocabulary, keys: Sequence[Ints], weights: Floats, steps: Floats, first: Floats
    ) -> None:
        """`keys` are sorted, one array a template; `weights` has a row for each in order, after an empty row 0."""
        self.vocabulary, self.steps, self.first = vocabulary, steps, first
        self.weights = weights
        self.tables = list(zip(TEMPLATES, keys, np.cumsum([1, *map(len, keys)])[:-1].tolist(), strict=True))
        self._direct = {
            template: _direct(template, keys, offset) for template, keys, offset in self.tables if len(template) == 1
        }
        self._known: dict[str, Own] = {}

    def label(self, words: Words) -> Labelled:
        """The best labels of a text's words (Viterbi), paragraph by paragraph."""
        if not len(words):
            return Labelled([], [])
        scores = self.scores(rows(words, self.vocabulary, self._known))
        others = np.delete(scores, SOURCE, axis=1).max(axis=1)
        labels = best_labels(scores, np.array(words.paragraph), self.steps, self.first)
        return Labelled(labels.tolist(), (scores[:, SOURCE] - others).tolist())

    def scores(self, found: Rows) -> Floats:
        """What the features say for each word and label, one row a word."""
        total = np.zeros((len(found.place), len(LABELS)), dtype=np.float32)
        for alone, direct in self._direct.items():
            total += self.weights.take(direct[found.keys(alone)], axis=0)
        for template, keys, offset in self.tables:
            if len(template) > 1 and len(keys):
                wanted = found.keys(template)
                at = np.searchsorted(keys[:-1], wanted)
                hits = np.flatnonzero(keys[at] == wanted)
                total[hits] += self.weights.take(at[hits] + offset, axis=0)
        return total


def best_labels(scores: Floats, paragraph: Ints, steps: Floats, first: Floats) -> Ints:
    """The likeliest labels of each paragraph (Viterbi 1967), all paragraphs side by side, the longest first."""
    starts = np.flatnonzero(np.diff(paragraph, prepend=-1))
    lengths = np.diff(np.append(starts, len(paragraph)))
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    # How many paragraphs are longer than each number of words: the rest have ended.
    active = np.searchsorted(-lengths, -np.arange(int(lengths[0]))).tolist()
    state = scores[starts] + first
    came: list[Ints] = []
    for step in range(1, len(active)):
        ways = state[: active[step], :, None] + steps
        came.append(ways.argmax(axis=1))
        state[: active[step]] = ways.max(axis=1) + scores[starts[: active[step]] + step]
    labels = np.zeros(len(paragraph), dtype=np.int64)
    now, row = state.argmax(axis=1), np.arange(len(starts))
    for step in range(len(active) - 1, -1, -1):
        count = active[step]
        labels[starts[:count] + step] = now[:count]
        if step:
            now[:count] = came[step - 1][row[:count], now[:count]]
    return labels


def numbered(names: Iterable[str]) -> dict[str, int]:
    """Names with their numbers, from FIRST on."""
    return {name: FIRST + at for at, name in enumerate(names)}


# How the values of attributes are called in the file of weights: by their words, or where they have none by number.
_UNNAMED = {UNKNOWN: "<?>", MARGINAL: "<^>"}
_HUNDREDTHS = 100


class Names:
    """The names of attributes' values, for the file of weights."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        cues = {"<none>": FIRST, **{name: number + FIRST for name, number in vocabulary.cues.items()}}
        self.numbers: dict[str, Mapping[str, int]] = {
            "w": vocabulary.words, "s": vocabulary.suffixes, "h": vocabulary.shapes, "l": cues, "r": cues,
        }  # fmt: skip
        self.names = {
            letter: {number: name for name, number in known.items()} for letter, known in self.numbers.items()
        }

    def told(self, template: Template, key: int) -> str:
        """The name of a feature: its values, in the order of its template."""
        parts: list[str] = []
        for letter, _ in reversed(template):
            value, key = key & ((1 << BITS[letter]) - 1), key >> BITS[letter]
            parts.append(_UNNAMED.get(value) or self.names.get(letter, {}).get(value) or str(value))
        return " ".join(reversed(parts))

    def keys(self, template: Template, features: Iterable[str]) -> Ints:
        """The keys of features, given by their names."""
        parts = " ".join(features).split(" ")
        key = np.zeros(len(parts) // len(template), dtype=np.int64)
        unnamed = {name: number for number, name in _UNNAMED.items()}
        for at, (letter, _) in enumerate(template):
            known = {**unnamed, **self.numbers.get(letter, {})}
            values = [known[part] if part in known else int(part) for part in parts[at :: len(template)]]
            key = (key << BITS[letter]) | np.array(values, dtype=np.int64)
        return key


def _title(template: Template) -> str:
    return " ".join(f"{letter}{offset or ''}" for letter, offset in template)


def written(model: Model) -> dict[str, dict[str, str]]:
    """A model's features by template and name, each with its weights in hundredths."""
    names, found = Names(model.vocabulary), {}
    for template, keys, offset in model.tables:
        hundredths = np.rint(model.weights[offset : offset + len(keys)] * _HUNDREDTHS).astype(int).tolist()
        named = zip((names.told(template, key) for key in keys.tolist()), hundredths, strict=True)
        found[_title(template)] = {name: " ".join(map(str, row)) for name, row in sorted(named)}
    return found


def model_of(document: Mapping[str, Any]) -> Model:
    """The model that a file of weights holds."""
    classes = {form: int(number) for number, forms in document["classes"].items() for form in forms.split(" ")}
    words, suffixes, shapes, cues = (
        numbered(document[name].split(" ")) for name in ("words", "suffixes", "shapes", "cues")
    )
    vocabulary = Vocabulary(words, suffixes, shapes, classes, cues)
    names, keys, weights = Names(vocabulary), [], [np.zeros((1, len(LABELS)), dtype=np.float32)]
    for template in TEMPLATES:
        features = document["features"][_title(template)]
        key = names.keys(template, features)
        order = np.argsort(key)
        keys.append(key[order])
        weights.append(np.array(" ".join(features.values()).split(), dtype=np.float32).reshape(-1, len(LABELS))[order])
    table = (np.concatenate(weights) / _HUNDREDTHS).astype(np.float32)
    steps, first = (np.array(document[name], dtype=np.float32) for name in ("steps", "first"))
    return Model(vocabulary, keys, table, steps, first)
