"""PP-OCRv6's small recogniser (Apache-2.0, PaddlePaddle authors) in PyTorch and back.

Its graph is run by onnx2torch; what was trained goes back into the same ONNX file.
"""

import copy
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import onnx2torch
import torch
from onnx import helper, numpy_helper
from onnx2torch.node_converters.registry import add_converter
from onnx2torch.onnx_graph import OnnxGraph
from onnx2torch.onnx_node import OnnxNode
from onnx2torch.utils.common import OperationConverterResult, onnx_mapping_from_node
from torch import nn

LAST_LATIN: Final = "\u024f"
"""The last letter of Unicode's Latin blocks that languages are written in."""

SIGNS: Final = "‘’“”„…–—€→←•°²³½™"  # noqa: RUF001 as people write
"""Signs of ours beyond these blocks that the recogniser knows."""

HEAD: Final = ("linear_8.w_0", "linear_8.b_0")
"""Weights of its last layer, (120, classes), and their offsets."""

FROZEN: Final = 8
"""Convolutions from the first on that stay as they were: edges are edges."""


def latin(released: onnx.ModelProto) -> onnx.ModelProto:
    """Return the recogniser with Latin letters, digits and signs as its only classes.

    What it says of these stays as it was. Class 0 is the blank, the last the space; in
    the file's metadata are those between.
    """
    model = copy.deepcopy(released)
    (said,) = (each for each in model.metadata_props if each.key == "character")
    characters = said.value.splitlines()
    kept = [
        place
        for place, sign in enumerate(characters)
        if sign <= LAST_LATIN or sign in SIGNS
    ]
    said.value = "\n".join(characters[place] for place in kept)
    classes = [0, *(place + 1 for place in kept), len(characters) + 1]
    for weights in model.graph.initializer:
        if weights.name in HEAD:
            chosen = numpy_helper.to_array(weights)[..., classes]
            weights.CopyFrom(numpy_helper.from_array(chosen.copy(), weights.name))
    graph = model.graph
    for value in (*graph.value_info, *graph.output):
        for side in value.type.tensor_type.shape.dim:
            if side.dim_value == len(characters) + 2:
                side.dim_value = len(classes)
    return model


def characters_of(model: onnx.ModelProto) -> list[str]:
    """Return what its classes mean; the first, "", is the blank."""
    (said,) = (each for each in model.metadata_props if each.key == "character")
    return ["", *said.value.splitlines(), " "]


class Recogniser(nn.Module):
    """A recogniser in PyTorch: strips (B, 3, 48, W) to log odds (B, W / 8, classes)."""

    def __init__(self, model: onnx.ModelProto) -> None:
        super().__init__()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.graph = onnx2torch.convert(_plain(model))
        # Weights of matrices come as buffers.
        for name, buffer in list(self.graph.named_buffers()):
            owner, _, key = name.rpartition(".")
            if buffer.is_floating_point() and buffer.numel() > 1 and "_mean" not in key:
                module = self.graph.get_submodule(owner)
                if isinstance(module, nn.BatchNorm2d):
                    continue
                delattr(module, key)
                module.register_parameter(key, nn.Parameter(buffer.clone()))
        convolutions = [m for m in self.graph.modules() if isinstance(m, nn.Conv2d)]
        for layer in convolutions[:FROZEN]:
            layer.requires_grad_(requires_grad=False)
        self.names = _names(self, model)
        self.eval()

    def forward(self, strips: torch.Tensor) -> torch.Tensor:
        """Return the log odds of each class at each step."""
        return self.graph(strips)

    def weights(self) -> dict[str, np.ndarray]:
        """Return the weights by their names in the ONNX file."""
        values = dict(self.named_parameters())
        return {
            name: values[here].detach().numpy() for here, name in self.names.items()
        }


def with_weights(
    model: onnx.ModelProto, weights: Mapping[str, np.ndarray], share: float
) -> onnx.ModelProto:
    """Return a model whose weights are moved towards others by a share of the way."""
    moved = copy.deepcopy(model)
    for each in moved.graph.initializer:
        if each.name in weights:
            before = numpy_helper.to_array(each)
            after = (1 - share) * before + share * weights[each.name]
            each.CopyFrom(numpy_helper.from_array(after.astype(np.float32), each.name))
    return moved


def load_released(path: Path) -> onnx.ModelProto:
    """Load the recogniser as PaddlePaddle released it, with Latin classes only."""
    return latin(onnx.load(path))


def _plain(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the graph without its softmax, with padding as onnx2torch knows it.

    Five nodes that are a GELU together become one, which trains a fifth faster.
    """
    plain = copy.deepcopy(model)
    graph = plain.graph
    _join_gelus(graph)
    last = graph.node.pop()
    if last.op_type != "Softmax":
        raise ValueError(f"expected a softmax at the end, got {last.op_type}")
    graph.output[0].name = last.input[0]
    shapes = {each.name: list(each.dims) for each in graph.initializer}
    for node in graph.node:
        asked = {each.name: helper.get_attribute_value(each) for each in node.attribute}
        if asked.get("auto_pad") == b"SAME_UPPER":
            # Its strides are 1: what is padded depends on the kernel alone.
            size = asked.get("kernel_shape") or shapes[node.input[1]][2:]
            before = [(side - 1) // 2 for side in size]
            after = [side - 1 - less for side, less in zip(size, before, strict=True)]
            for each in [e for e in node.attribute if e.name in {"auto_pad", "pads"}]:
                node.attribute.remove(each)
            node.attribute.append(helper.make_attribute("pads", before + after))
    return plain


def _join_gelus(graph: onnx.GraphProto) -> None:
    """Put one node in the place of each x / sqrt(2), erf, + 1, * x, / 2."""
    for erf in [node for node in graph.node if node.op_type == "Erf"]:
        place = list(graph.node).index(erf)
        parts = list(graph.node)[place - 1 : place + 4]
        if [part.op_type for part in parts] != ["Div", "Erf", "Add", "Mul", "Mul"]:
            raise ValueError("expected a GELU around each error function")
        joined = helper.make_node("Gelu", [parts[0].input[0]], [parts[-1].output[0]])
        for part in parts:
            graph.node.remove(part)
        graph.node.insert(place - 1, joined)


@add_converter(operation_type="Gelu", version=11)
def _gelu(node: OnnxNode, graph: OnnxGraph) -> OperationConverterResult:  # noqa: ARG001
    return OperationConverterResult(nn.GELU(), onnx_mapping_from_node(node))


def _names(module: nn.Module, model: onnx.ModelProto) -> dict[str, str]:
    """Return the ONNX name of each trainable parameter: the one of the same values."""
    known: dict[tuple[tuple[int, ...], bytes], list[str]] = {}
    for each in model.graph.initializer:
        value = numpy_helper.to_array(each)
        known.setdefault((value.shape, value.tobytes()), []).append(each.name)
    names = {}
    for here, parameter in module.named_parameters():
        if parameter.requires_grad:
            value = parameter.detach().numpy()
            same = known.get((value.shape, value.tobytes()), [])
            if len(same) == 1:
                names[here] = same[0]
            else:  # nobody could tell where it goes back to
                parameter.requires_grad_(requires_grad=False)
    return names
