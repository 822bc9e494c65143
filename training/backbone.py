"""The text detector's backbone, from its ONNX file into PyTorch."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import NodeProto, numpy_helper
from torch import Tensor, nn
from torch.nn import functional

TAPS = {
    "elementwise_add_1": 16,
    "elementwise_add_3": 24,
    "elementwise_add_7": 56,
    "hardswish_19.tmp_0": 480,
}
"""Features that are used, at strides 4, 8, 16, 32, and their channels."""

STEM = "elementwise_add_1"
"""Up to here the backbone stays as it was: edges are edges."""


class Backbone(nn.Module):
    """MobileNetV3 of PP-OCRv3's text detector, normalisation folded into it.

    Parameters
    ----------
    detector : Path
        ``ch_PP-OCRv3_det_infer.onnx`` of the wheel rapidocr-onnxruntime 1.2.3.
    """

    def __init__(self, detector: Path) -> None:
        super().__init__()
        graph = onnx.load(detector).graph
        values = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        for node in graph.node:
            if node.op_type == "Constant":
                values[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
        self.picture = graph.input[0].name
        self.steps: list[tuple[str, tuple[str, ...], str]] = []
        self.convolutions = nn.ModuleDict()
        for node in graph.node:
            self._take(node, values)
            if node.output[0] in TAPS and node.output[0] == [*TAPS][-1]:
                break

    def _take(self, node: NodeProto, values: dict[str, np.ndarray]) -> None:
        """Add a node to what is done, in PyTorch's words."""
        kind, out = node.op_type, node.output[0]
        if kind == "Conv":
            name = out.replace(".", "_")
            self.convolutions[name] = _convolution(node, values)
            self.steps.append((name, (node.input[0],), out))
        elif kind == "BatchNormalization":
            # It stands right behind its convolution.
            name, inputs, _ = self.steps.pop()
            _fold(self.convolutions[name], *(values[key] for key in node.input[1:5]))
            self.steps.append((name, inputs, out))
        elif kind == "Relu":
            self.steps.append(("relu", (node.input[0],), out))
        elif kind == "Add" and not set(node.input) & set(values):
            self.steps.append(("add", tuple(node.input), out))
        elif kind == "Mul":
            # Add 3, clip to 0 and 6, multiply, divide by 6: hard swish.
            self.steps.append(("hard swish", (node.input[0],), out))
        elif kind == "Div":
            name, inputs, _ = self.steps.pop()
            self.steps.append((name, inputs, out))

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Return features of pictures (B, 3, H, W) at each of `TAPS`."""
        known = {self.picture: pictures}
        for name, inputs, out in self.steps:
            first = known[inputs[0]]
            if name == "relu":
                known[out] = functional.relu(first)
            elif name == "add":
                known[out] = first + known[inputs[1]]
            elif name == "hard swish":
                known[out] = functional.hardswish(first)
            else:
                known[out] = self.convolutions[name](first)
            if out == STEM:
                known[out] = known[out].detach()
        return [known[name] for name in TAPS]


def _convolution(node: NodeProto, values: dict[str, np.ndarray]) -> nn.Conv2d:
    weight = values[node.input[1]]
    asked = {each.name: list(each.ints) or each.i for each in node.attribute}
    groups = int(asked.get("group", 1))
    layer = nn.Conv2d(
        weight.shape[1] * groups,
        weight.shape[0],
        weight.shape[2:],
        stride=asked["strides"],
        padding=asked["pads"][:2],
        groups=groups,
    )
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight.copy()))
        layer.bias.zero_()
    return layer


@torch.no_grad()
def _fold(layer: nn.Module, *numbers: np.ndarray) -> None:
    """Fold a batch normalisation into the convolution before it."""
    scale, shift, mean, variance = (torch.from_numpy(each.copy()) for each in numbers)
    factor = scale / torch.sqrt(variance + 1e-5)
    layer.weight.mul_(factor.view(-1, 1, 1, 1))
    layer.bias.copy_((layer.bias - mean) * factor + shift)
