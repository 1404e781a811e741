"""Builds the ONNX graph of a small BERT sentence encoder from its stored weights; it runs nothing and fetches nothing.

The graph is the encoder of Devlin et al., 'BERT', NAACL 2019, followed by the mean over the tokens and unit length, as
sentence-transformers publishes all-MiniLM-L6-v2 (Wang et al., 'MiniLM', NeurIPS 2020). torch is not needed.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Weights = Mapping[str, NDArray[np.float32]]

# The newest pair that every onnxruntime since 1.14 reads, and that has LayerNormalization.
OPSET: Final = 17
IR_VERSION: Final = 8
# Added to the scores of padding, so that softmax gives it nothing.
MASKED: Final = -1e4


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of an encoder: how many layers and heads, how wide, and the epsilon of its normalisation."""

    layers: int
    heads: int
    width: int
    epsilon: float = 1e-12

    @classmethod
    def read(cls, config: Path) -> Shape:
        """The shape that a model's config.json tells; KeyError or ValueError where it is no BERT's."""
        told = json.loads(config.read_text(encoding="utf-8"))
        return cls(told["num_hidden_layers"], told["num_attention_heads"], told["hidden_size"], told["layer_norm_eps"])


def read_safetensors(raw: bytes) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a safetensors file by name; others are passed over. ValueError where it is torn."""
    (size,) = struct.unpack_from("<Q", raw)
    header, held = json.loads(raw[8 : 8 + size]), memoryview(raw)[8 + size :]
    return {
        name: np.frombuffer(held[slice(*told["data_offsets"])], "<f4").reshape(told["shape"])
        for name, told in header.items()
        if name != "__metadata__" and told["dtype"] == "F32"
    }


class Graph:
    """An ONNX graph under construction: nodes and constants in order, each output named once."""

    def __init__(self, weights: Weights) -> None:
        from onnx import helper, numpy_helper

        self._helper, self._numpy_helper = helper, numpy_helper
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def op(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Adds an operation and returns its output's name."""
        output = output or f"{kind}_{len(self._nodes)}"
        self._nodes.append(self._helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, name: str, value: Any, kind: type = np.float32) -> str:
        """A constant under a name; asked again, the first one stays."""
        if name not in self._constants:
            array: NDArray[Any] = np.ascontiguousarray(np.asarray(value, dtype=kind))
            self._constants[name] = self._numpy_helper.from_array(array, name)
        return name

    def whole(self, name: str, value: Any) -> str:
        """A constant of whole numbers: a shape, an axis."""
        return self.constant(name, value, np.int64)

    def weight(self, name: str) -> str:
        """One of the model's weights."""
        return self.constant(name, self._weights[name])

    def dense(self, x: str, name: str) -> str:
        """A linear layer: x W + b."""
        turned = self.constant(f"{name}.weight.T", self._weights[f"{name}.weight"].T)
        return self.op("Add", self.op("MatMul", x, turned), self.weight(f"{name}.bias"))

    def norm(self, x: str, name: str, epsilon: float) -> str:
        """Layer normalisation over the last axis."""
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)

    def model(self, name: str, output: str, width: int) -> Any:
        """The finished model: token ids and mask in, one row of `width` a text out. It takes the constants along."""
        from onnx import TensorProto

        value = self._helper.make_tensor_value_info
        inputs = [value(i, TensorProto.INT64, ["texts", "tokens"]) for i in ("input_ids", "attention_mask")]
        outputs = [value(output, TensorProto.FLOAT, ["texts", width])]
        graph = self._helper.make_graph(self._nodes, name, inputs, outputs)
        opsets = [self._helper.make_opsetid("", OPSET)]
        made = self._helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        # Appending copies: one by one, no two copies of all weights are held at once.
        while self._constants:
            made.graph.initializer.append(self._constants.pop(next(iter(self._constants))))
        return made


def build(weights: Weights, shape: Shape) -> Any:
    """The ONNX model of a sentence encoder: `input_ids` and `attention_mask` [texts, tokens] in, `embedding` out."""
    from onnx import TensorProto

    graph = Graph(weights)
    mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    bias = _attention_bias(graph, mask)
    x = _embed_tokens(graph, shape)
    for layer in range(shape.layers):
        x = _layer(graph, x, bias, f"encoder.layer.{layer}.", shape)
    return graph.model("sentence-encoder", _mean_of_tokens(graph, x, mask), shape.width)


def _attention_bias(graph: Graph, mask: str) -> str:
    """Nothing where a token stands, MASKED where padding does: [texts, 1, 1, tokens]."""
    absent = graph.op("Sub", graph.constant("one", 1), graph.op("Unsqueeze", mask, graph.whole("axes12", [1, 2])))
    return graph.op("Mul", absent, graph.constant("masked", MASKED))


def _embed_tokens(graph: Graph, shape: Shape) -> str:
    """Word, position and (the one) segment embeddings, normalised."""
    words = graph.op("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids")
    weights = graph._weights
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = graph.op("Gather", graph.op("Shape", "input_ids"), graph.whole("second", [1]), axis=0)
    zero = graph.whole("zero", [0])
    position = graph.op("Slice", graph.constant("positions", places), zero, length, zero)
    return graph.norm(graph.op("Add", words, position), "embeddings.LayerNorm", shape.epsilon)


def _layer(graph: Graph, x: str, bias: str, name: str, shape: Shape) -> str:
    """One encoder layer: attention, then two linear layers with GELU, each added to what came in and normalised."""
    seen = graph.dense(_attention(graph, x, bias, f"{name}attention.self.", shape), f"{name}attention.output.dense")
    x = graph.norm(graph.op("Add", seen, x), f"{name}attention.output.LayerNorm", shape.epsilon)
    inner = _gelu(graph, graph.dense(x, f"{name}intermediate.dense"))
    return graph.norm(
        graph.op("Add", graph.dense(inner, f"{name}output.dense"), x), f"{name}output.LayerNorm", shape.epsilon
    )


def _attention(graph: Graph, x: str, bias: str, name: str, shape: Shape) -> str:
    """Scaled dot-product attention of all heads."""
    split = graph.whole("split", [0, 0, shape.heads, shape.width // shape.heads])

    def head(part: str, order: list[int]) -> str:
        return graph.op("Transpose", graph.op("Reshape", graph.dense(x, name + part), split), perm=order)

    query, key, value = head("query", [0, 2, 1, 3]), head("key", [0, 2, 3, 1]), head("value", [0, 2, 1, 3])
    scale = graph.constant("scale", (shape.width // shape.heads) ** -0.5)
    scores = graph.op("Add", graph.op("Mul", graph.op("MatMul", query, key), scale), bias)
    seen = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), value)
    joined = graph.whole("join", [0, 0, shape.width])
    return graph.op("Reshape", graph.op("Transpose", seen, perm=[0, 2, 1, 3]), joined)


def _gelu(graph: Graph, x: str) -> str:
    """x times the normal distribution's share below x (Hendrycks and Gimpel, 2016), with the exact error function."""
    share = graph.op("Add", graph.op("Erf", graph.op("Mul", x, graph.constant("root", 0.5**0.5))), "one")
    return graph.op("Mul", graph.op("Mul", x, graph.constant("half", 0.5)), share)


def _mean_of_tokens(graph: Graph, x: str, mask: str) -> str:
    """The mean of the tokens that stand, at unit length."""
    axis = graph.whole("axis1", [1])
    weight = graph.op("Unsqueeze", mask, graph.whole("axis2", [2]))
    total = graph.op("ReduceSum", graph.op("Mul", x, weight), axis, keepdims=0)
    length = graph.op("Sqrt", graph.op("ReduceSum", graph.op("Mul", total, total), axis, keepdims=1))
    return graph.op("Div", total, graph.op("Max", length, graph.constant("tiny", 1e-9)), output="embedding")
