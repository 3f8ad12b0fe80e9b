"""The network of the encoders, in PyTorch: BERT (Devlin et al., 2019) with four heads, its loss, and its export.

It begins with the weights of a sentence encoder, as bge-small-en-v1.5 (MIT; twelve layers of 384). Needs torch and
onnx, which neither the product nor its tests do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from firstwire.core.events.encoded_acts import GROUPS, PARTS, STATUSES, TOLD

HEADS = 12
EPSILON = 1e-12
DROPPED = 0.1
PART_WEIGHT, WORD_WEIGHT = 0.5, 0.3
"""Of the loss of parts and of words, beside acts and statuses."""
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "o": "attention.output.dense",
    "i": "intermediate.dense",
    "f": "output.dense",
}
_NORMS = {"1": "attention.output.LayerNorm", "2": "output.LayerNorm"}
_EMBEDDINGS = {
    "word": "word_embeddings.weight",
    "position": "position_embeddings.weight",
    "segment": "token_type_embeddings.weight",
    "scale": "LayerNorm.weight",
    "shift": "LayerNorm.bias",
}


def mapped(tree: Any, of: Callable[[Any], Any]) -> Any:
    """A tree of dictionaries and lists with other leaves."""
    if isinstance(tree, dict):
        return {key: mapped(each, of) for key, each in tree.items()}
    return [mapped(each, of) for each in tree] if isinstance(tree, list) else of(tree)


def leaves(tree: Any) -> list[Any]:
    """The leaves of a tree, in the order of `mapped`."""
    found: list[Any] = []
    mapped(tree, found.append)
    return found


OPERATORS = 14
"""Version of ONNX's operators that the export is written for; an older model is converted."""


class BaseModel:
    """The model to begin with: an ONNX file of an encoder, by names of BERT's parts."""

    def __init__(self, path: Path) -> None:
        import onnx
        from onnx import numpy_helper, version_converter

        model = onnx.load(path)
        is_old = model.opset_import[0].version < OPERATORS
        self.model = version_converter.convert_version(model, OPERATORS) if is_old else model
        self._arrays: dict[str, Any] = {each.name: numpy_helper.to_array(each) for each in self.model.graph.initializer}
        self._multiplied: dict[str, str] = {
            node.name.replace("/", ".").removesuffix(".MatMul"): name
            for node in self.model.graph.node
            if node.op_type == "MatMul"
            for name in node.input
            if name in self._arrays
        }
        self.count = sum(name.endswith("attention.self.query.bias") for name in self._arrays)

    def named(self, suffix: str) -> str:
        (name,) = (each for each in self._arrays if each.endswith(suffix))
        return name

    def multiplied(self, suffix: str) -> str:
        """The name of the matrix of a dense part."""
        (name,) = (name for part, name in self._multiplied.items() if part.endswith(suffix))
        return name

    def names(self) -> dict[str, Any]:
        """Where each weight is, in the shape of `weights`."""
        layers = []
        for number in range(self.count):
            layer = {}
            for key, part in _LAYER.items():
                layer[key] = self.multiplied(f"layer.{number}.{part}")
                layer[f"{key}_bias"] = self.named(f"layer.{number}.{part}.bias")
            for key, part in _NORMS.items():
                layer[f"scale_{key}"] = self.named(f"layer.{number}.{part}.weight")
                layer[f"shift_{key}"] = self.named(f"layer.{number}.{part}.bias")
            layers.append(layer)
        embeddings = {key: self.named(f"embeddings.{part}") for key, part in _EMBEDDINGS.items()}
        return {"embeddings": embeddings, "layers": layers}

    def weights(self) -> dict[str, Any]:
        return mapped(self.names(), lambda name: self._arrays[name].astype(np.float32))  # type: ignore[no-any-return]


def exported_weights(base: BaseModel, path: Path) -> tuple[dict[str, Any], Callable[[str], Any]]:
    """The weights of an exported model of the same layers, as near as its bytes have them, and what finds others."""
    import onnx
    from onnx import numpy_helper

    arrays = {each.name: numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer}

    def named(name: str) -> Any:
        if name in arrays:
            return arrays[name].astype(np.float32)
        small, zero = (arrays[f"{name}_{part}"].astype(np.float32) for part in ("quantized", "zero_point"))
        return (small - zero) * arrays[f"{name}_scale"]

    return mapped(base.names(), named), named


def new_heads(random: np.random.Generator, width: int) -> dict[str, Any]:
    """Heads that know nothing yet."""

    def small(*shape: int) -> Any:
        return (random.normal(size=shape) * 0.02).astype(np.float32)

    count = len(TOLD)
    return {
        "acts": small(2 * width, count),
        "acts_bias": np.full(count, -3.0, np.float32),
        "statuses": small(2 * width, count * len(STATUSES)),
        "statuses_bias": np.zeros(count * len(STATUSES), np.float32),
        "status": small(2 * width, len(STATUSES)),
        "parts": small(width, len(GROUPS) * len(PARTS)),
        "parts_bias": np.zeros(len(GROUPS) * len(PARTS), np.float32),
        "part": small(width, len(PARTS)),
        "words": small(width, count),
    }


def scores(weights: Any, heads: Any, batch: Any) -> tuple[Any, Any, Any, Any]:
    """Scores of acts (n, 21), statuses (n, 21, 7), parts (n, parties, groups, 3) and words (n, pieces, 21).

    Some values are dropped, as in fitting. Weights, heads and the batch are tensors.
    """
    hidden = hidden_of(weights, batch)
    own = batch["mask"] * (batch["segments"] == 0)
    whole = whole_of(hidden, own)
    acts = whole @ heads["acts"] + heads["acts_bias"]
    statuses = (whole @ heads["statuses"] + heads["statuses_bias"]).reshape(-1, len(TOLD), len(STATUSES))
    statuses = statuses + (whole @ heads["status"])[:, None, :]
    places = batch["parties"][..., None].expand(-1, -1, hidden.shape[-1])
    named = hidden.gather(1, places)
    shape = (*batch["parties"].shape, len(GROUPS), len(PARTS))
    parts = (named @ heads["parts"] + heads["parts_bias"]).reshape(shape) + (named @ heads["part"])[:, :, None, :]
    words = hidden @ heads["words"] - 1e9 * (1 - own)[..., None]
    return acts.float(), statuses.float(), parts.float(), words.float()


def whole_of(hidden: Any, mask: Any) -> Any:
    """The first piece, and the mean of those of `mask`: (n, twice the width)."""
    import torch

    mean = (hidden * mask[..., None]).sum(1) / mask.sum(1)[:, None]
    return torch.cat([hidden[:, 0], mean], -1)


def hidden_of(weights: Any, batch: Any) -> Any:
    """What the layers make of every piece: (n, pieces, width). Some values are dropped."""
    from torch.nn import functional

    def dropped(values: Any) -> Any:
        return functional.dropout(values, DROPPED)

    def normal(values: Any, scale: Any, shift: Any) -> Any:
        return functional.layer_norm(values.float(), scale.shape, scale, shift, EPSILON)

    pieces = batch["pieces"]
    count, length = pieces.shape
    e = weights["embeddings"]
    x = _rows_of(e["word"], pieces) + e["position"][:length][None] + e["segment"][batch["segments"]]
    x = dropped(normal(x, e["scale"], e["shift"]))
    width = x.shape[-1]
    is_seen = (batch["mask"] > 0)[:, None, None, :]

    def split(values: Any) -> Any:
        return values.reshape(count, length, HEADS, width // HEADS).transpose(1, 2)

    for w in weights["layers"]:
        q, k, v = (split(x @ w[name] + w[f"{name}_bias"]) for name in "qkv")
        looks = functional.scaled_dot_product_attention(q, k, v, attn_mask=is_seen)
        seen = looks.transpose(1, 2).reshape(count, length, width) @ w["o"] + w["o_bias"]
        x = normal(x + dropped(seen), w["scale_1"], w["shift_1"])
        y = functional.gelu(x @ w["i"] + w["i_bias"]) @ w["f"] + w["f_bias"]
        x = normal(x + dropped(y), w["scale_2"], w["shift_2"])
    return x


def _rows_of(word: Any, pieces: Any) -> Any:
    """The pieces' own weights; `word` is them, or two parts, of which the first alone is fitted."""
    from torch import where
    from torch.nn.functional import embedding

    if not isinstance(word, tuple):
        return embedding(pieces, word)
    fitted, kept = word
    fixed = len(fitted)
    is_fitted = (pieces < fixed)[..., None]
    return where(
        is_fitted, embedding(pieces.clamp(max=fixed - 1), fitted), embedding((pieces - fixed).clamp(min=0), kept)
    )


def loss(weights: Any, heads: Any, batch: Any) -> Any:
    """Of a batch: labels of -1 do not count, nor do rows of `weight` 0."""
    from torch.nn import functional

    acts, statuses, parts, words = scores(weights, heads, batch)
    told = batch["acts"]
    count = batch["weight"].sum().clamp(min=1)
    of_acts = functional.binary_cross_entropy_with_logits(acts, told.clamp(min=0), reduction="none")

    def crossed(values: Any, labels: Any) -> Any:
        """`values` have the choices last."""
        flat = values.reshape(-1, values.shape[-1])
        return functional.cross_entropy(flat, labels.reshape(-1), ignore_index=-1, reduction="sum") / count

    return (
        ((of_acts * (told >= 0)).sum(-1) * batch["weight"]).sum() / count
        + crossed(statuses, batch["statuses"])
        + PART_WEIGHT * crossed(parts, batch["parts"])
        + WORD_WEIGHT * crossed(words.transpose(1, 2), batch["words"])
    )


class Graph:
    """A network of ONNX in the making: the layers of `base` with other weights, to which heads are added."""

    def __init__(self, base: BaseModel, weights: Any) -> None:
        from onnx import helper, numpy_helper

        self._base = base
        self._helper, self._numpy = helper, numpy_helper
        named = dict(zip(leaves(base.names()), leaves(weights), strict=True))
        graph = base.model.graph
        self._nodes = [node for node in graph.node if "pooler" not in node.name]
        self._arrays = [
            numpy_helper.from_array(np.asarray(named[each.name], np.float32), each.name) if each.name in named else each
            for each in graph.initializer
            if "pooler" not in each.name
        ]
        self.hidden = graph.output[0].name

    def array(self, name: str, values: Any) -> str:
        self._arrays.append(self._numpy.from_array(np.asarray(values), name))
        return name

    def node(self, kind: str, given: list[str], name: str, **attributes: Any) -> str:
        self._nodes.append(self._helper.make_node(kind, given, [name], **attributes))
        return name

    def dense(self, given: str, name: str, matrix: Any, bias: Any) -> str:
        times = self.node("MatMul", [given, self.array(f"{name}_matrix", matrix)], f"{name}_times")
        return self.node("Add", [times, self.array(f"{name}_bias", bias)], f"{name}_plus")

    def whole(self, mask: str) -> str:
        """The first piece, and the mean of those of `mask`: (1, twice the width)."""
        second, first = self.array("second", np.array([2], np.int64)), self.array("first_axis", np.array([1], np.int64))
        of_own = self.node("Mul", [self.hidden, self.node("Unsqueeze", [mask, second], "own_wide")], "own_hidden")
        total = self.node("ReduceSum", [of_own, first], "own_sum", keepdims=0)
        mean = self.node("Div", [total, self.node("ReduceSum", [mask, first], "own_count", keepdims=1)], "own_mean")
        begin = self.node("Gather", [self.hidden, self.array("begin", np.array(0, np.int64))], "whole_begin", axis=1)
        return self.node("Concat", [begin, mean], "whole", axis=1)

    def number(self, name: str) -> str:
        """An input as floating-point numbers."""
        from onnx import TensorProto

        return self.node("Cast", [name], f"own_{name}", to=TensorProto.FLOAT)

    def write(
        self, outputs: dict[str, list[Any]], out: Path, named: Mapping[str, Sequence[str]], more: Any = ()
    ) -> None:
        """Writes it for ONNX Runtime, its weights as bytes: a fourth of the size, twice as fast.

        `outputs`: with their shapes. `named`: what rows and columns are of. `more`: inputs beside those of the base.
        """
        import tempfile

        import onnx
        from onnx import TensorProto
        from onnxruntime.quantization import QuantType, quantize_dynamic

        ends = [self._helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
        inputs = [*self._base.model.graph.input, *more]
        graph = self._helper.make_graph(self._nodes, "reading", inputs, ends, self._arrays)
        versions = {"opset_imports": self._base.model.opset_import, "ir_version": self._base.model.ir_version}
        model = self._helper.make_model(graph, **versions)
        for name, names in named.items():
            model.metadata_props.add(key=name, value=" ".join(names))
        onnx.checker.check_model(model)
        with tempfile.TemporaryDirectory() as folder:
            wide = Path(folder) / "wide.onnx"
            onnx.save(model, wide)
            quantize_dynamic(wide, out, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def export(base: BaseModel, parameters: Any, out: Path) -> None:
    """Writes the encoder of acts."""
    from onnx import TensorProto, helper

    weights, heads = parameters
    graph = Graph(base, weights)
    array, node, dense = graph.array, graph.node, graph.dense
    mask, segments = graph.number("attention_mask"), graph.number("token_type_ids")
    own = node("Mul", [mask, node("Sub", [array("one", np.float32(1)), segments], "own_first")], "own")
    whole = graph.whole(own)
    count, statuses, groups, parts = len(TOLD), len(STATUSES), len(GROUPS), len(PARTS)
    node("Sigmoid", [dense(whole, "act", heads["acts"], heads["acts_bias"])], "acts")
    matrix = np.asarray(heads["statuses"]) + np.tile(np.asarray(heads["status"]), (1, count))
    flat = dense(whole, "status", matrix, heads["statuses_bias"])
    shape = array("status_shape", np.array([1, count, statuses], np.int64))
    node("Softmax", [node("Reshape", [flat, shape], "status_rows")], "statuses", axis=2)
    named_ones = node("Gather", [graph.hidden, "parties"], "named", axis=1)
    matrix = np.asarray(heads["parts"]) + np.tile(np.asarray(heads["part"]), (1, groups))
    flat = dense(named_ones, "part", matrix, heads["parts_bias"])
    shape = array("part_shape", np.array([1, -1, groups, parts], np.int64))
    node("Softmax", [node("Reshape", [flat, shape], "part_rows")], "parts", axis=3)
    node("MatMul", [graph.hidden, array("word_matrix", heads["words"])], "words")
    outputs: dict[str, list[Any]] = {
        "acts": [1, count],
        "statuses": [1, count, statuses],
        "parts": [1, "parties", groups, parts],
        "words": [1, "length", count],
    }
    parties = helper.make_tensor_value_info("parties", TensorProto.INT64, ["parties"])
    named = {"told": TOLD, "statuses": STATUSES, "groups": GROUPS, "parts": PARTS}
    graph.write(outputs, out, named, [parties])
