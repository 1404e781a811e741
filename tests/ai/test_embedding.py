"""The real loading code on a small model that the test makes, and on the installed one where there is one."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from octavo.ai import embedding
from octavo.ai.embedding import Embedder, EmbeddingError, ModelFiles, cut, quantised_graph
from octavo.core.types import Article

WIDTH, INNER, LAYERS, PLACES = 16, 32, 2, 32
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "quake", "coast", "bank", "rate", "cup", "final"]


def small_model(folder: Path, *, spoil: bool = False) -> ModelFiles:
    """A BERT of two layers with random weights, in the files that a published model has."""
    pytest.importorskip("onnxruntime")
    tokenizers = pytest.importorskip("tokenizers")
    rng, tensors = np.random.default_rng(3), {}

    def put(name: str, *shape: int) -> None:
        tensors[name] = rng.normal(0, 0.3, shape).astype(np.float32)

    for name, rows in (("word", len(VOCABULARY)), ("position", PLACES), ("token_type", 2)):
        put(f"embeddings.{name}_embeddings.weight", rows, WIDTH)
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        base = f"encoder.layer.{layer}."
        norms += [base + "attention.output.LayerNorm", base + "output.LayerNorm"]
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            put(f"{base}attention.{part}.weight", WIDTH, WIDTH)
            put(f"{base}attention.{part}.bias", WIDTH)
        for part, out, width in (("intermediate", INNER, WIDTH), ("output", WIDTH, INNER)):
            put(f"{base}{part}.dense.weight", out, width)
            put(f"{base}{part}.dense.bias", out)
    for norm in norms:
        tensors[f"{norm}.weight"], tensors[f"{norm}.bias"] = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
    if spoil:
        del tensors["embeddings.LayerNorm.weight"]
    header, raw = {}, b""
    for name, tensor in tensors.items():
        ends = [len(raw), len(raw) + tensor.nbytes]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": ends}
        raw += tensor.tobytes()
    told = json.dumps(header).encode()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(told)) + told + raw)
    shape = {"num_hidden_layers": LAYERS, "num_attention_heads": 4, "hidden_size": WIDTH, "layer_norm_eps": 1e-12}
    (folder / "config.json").write_text(json.dumps(shape), encoding="utf-8")
    words = tokenizers.models.WordLevel({word: at for at, word in enumerate(VOCABULARY)}, unk_token="[UNK]")
    made = tokenizers.Tokenizer(words)
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    made.save(str(folder / "tokenizer.json"))
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    return ModelFiles.in_folder(folder, "small/int8/1", digest)


def test_a_model_is_built_once_and_embeds(tmp_path: Path) -> None:
    embedder = Embedder(small_model(tmp_path / "model"), tmp_path / "models")
    texts = ["quake coast", "bank rate", "", "quake \ud800 coast " * 40]
    vectors = embedder.embed(texts, tokens=16)
    assert vectors.shape == (4, WIDTH)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    (graph,) = (tmp_path / "models").iterdir()
    made = graph.stat().st_mtime_ns
    again = Embedder(small_model(tmp_path / "model"), tmp_path / "models").embed(texts, tokens=16)
    assert graph.stat().st_mtime_ns == made
    assert np.array_equal(vectors, again)
    assert embedder.id == "small/int8/1"


def test_building_a_model_warns_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    quantised_graph(small_model(tmp_path), tmp_path / "kept")
    assert caplog.messages == []


def test_a_graph_can_be_built_before_it_is_needed(tmp_path: Path) -> None:
    embedder = Embedder(small_model(tmp_path / "model"), tmp_path / "cache")

    embedder.build()
    built = {graph: graph.stat().st_mtime_ns for graph in (tmp_path / "cache").glob("*.onnx")}
    embedder.embed(["quake"])

    assert len(built) == 1
    assert {graph: graph.stat().st_mtime_ns for graph in built} == built


def test_nothing_in_nothing_out(tmp_path: Path) -> None:
    assert len(Embedder(small_model(tmp_path / "model"), tmp_path / "models").embed([])) == 0


def test_other_weights_than_the_verified_are_refused(tmp_path: Path) -> None:
    files = small_model(tmp_path / "model")
    files.weights.write_bytes(files.weights.read_bytes()[:-4] + b"\0\0\0\1")
    with pytest.raises(EmbeddingError, match="not the file that was verified"):
        quantised_graph(files, tmp_path / "models")
    files.weights.unlink()
    with pytest.raises(EmbeddingError, match="cannot be read"):
        quantised_graph(files, tmp_path / "models")


def test_weights_that_are_no_encoders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="not a BERT"):
        quantised_graph(small_model(tmp_path / "model", spoil=True), tmp_path / "models")
    assert not list((tmp_path / "models").glob("*.onnx"))


def test_a_cut_text_keeps_its_end() -> None:
    assert cut([2, 5, 6, 7, 3], 3) == [2, 5, 3]
    assert cut([2, 5, 3], 3) == [2, 5, 3]


def test_without_the_package_there_is_no_embedder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "PACKAGE", "no_such_model_package")
    assert embedding.find(tmp_path) is None


def test_the_installed_model_knows_a_paraphrase(tmp_path: Path) -> None:
    embedder = embedding.find(tmp_path)
    if embedder is None:
        pytest.skip("the model package is not installed")
    quake, again, rates = embedder.embed(
        ["A quake hit the coast, killing five people", "Five die as an earthquake strikes a town by the sea",
         "The central bank has raised its rate"]
    )  # fmt: skip
    assert quake @ again > 0.6 > 0.3 > quake @ rates


def test_a_model_of_the_owners_own_is_used_instead(tmp_path: Path) -> None:
    small_model(tmp_path / "multilingual")
    embedder = embedding.find(tmp_path, folder=str(tmp_path / "multilingual"))
    assert embedder is not None
    assert embedder.id.startswith("multilingual/int8/")
    assert embedder.embed(["quake coast"]).shape == (1, WIDTH)
    with pytest.raises(EmbeddingError, match="cannot be read"):
        embedding.find(tmp_path, folder=str(tmp_path / "nothing"))


def test_only_articles_in_a_language_that_the_model_reads_get_vectors(tmp_path: Path) -> None:
    files = replace(small_model(tmp_path / "model"), id=embedding.MODEL_ID)
    articles = [
        Article("1", "Quake off the coast", "", None),
        Article("2", "زلزال قبالة الساحل", "", None),
        Article("3", "Quake", "", None, language="fr"),
        Article("4", "Bank rate", "", None, language="en-GB"),
    ]
    embedder = Embedder(files, tmp_path)
    found = embedder.vectors(articles)
    assert [one is not None for one in found] == [True, False, False, True]
    assert np.allclose(found[3], embedder.embed(["Bank rate. "])[0], atol=0.05)
    own = Embedder(replace(files, id="an owner's"), tmp_path).vectors(articles)
    assert all(one is not None for one in own)


def test_a_model_made_for_shorter_texts_says_so(tmp_path: Path) -> None:
    embedder = Embedder(small_model(tmp_path / "model"), tmp_path)
    with pytest.raises(EmbeddingError, match="96 tokens"):
        embedder.embed(["quake coast " * 100])
