"""Builds the int8 graph of a sentence encoder, in a process of its own; it runs no model.

python -m octavo.ai.quantising ID WEIGHTS CONFIG TOKENIZER SHA256 FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from octavo.ai.embedding import EmbeddingError, ModelFiles, verified
from octavo.ai.minilm import Shape, build, read_safetensors


def quantise(files: ModelFiles, folder: Path) -> None:
    """Builds the float graph in `folder` and quantises its matrices and embeddings to int8, a scale a channel."""
    write_float(files, folder / "float.onnx")
    quantize_dynamic(
        str(folder / "float.onnx"),
        str(folder / "int8.onnx"),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
    )


def write_float(files: ModelFiles, path: Path) -> None:
    """Writes a model's float graph; nothing of it is held afterwards, since quantising needs the room."""
    try:
        model = build(read_safetensors(verified(files)), Shape.read(files.config))
    except (KeyError, ValueError, OSError) as error:
        raise EmbeddingError(f"{files.id}: its weights are not a BERT encoder's ({error!r}).") from None
    # The graph is built as pre-processing would leave it; without this mark a warning about it reaches whoever runs a pipe.
    model.metadata_props.add(key="onnx.quant.pre_process", value="onnxruntime.quant")
    onnx.save(model, str(path))


def main(arguments: list[str]) -> int:
    """Builds what the arguments name; exit 1 with a sentence where it cannot."""
    id, weights, config, tokenizer, sha256, folder = arguments
    try:
        quantise(ModelFiles(id, Path(weights), Path(config), Path(tokenizer), sha256), Path(folder))
    except EmbeddingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
