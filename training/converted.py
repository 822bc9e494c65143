"""Networks from ONNX files in PyTorch, and their weights back into the files."""

import copy
import warnings
from collections.abc import Mapping

import numpy as np
import onnx
import onnx2torch
import torch
from onnx import numpy_helper
from torch import nn


class Converted(nn.Module):
    """A network from an ONNX file whose weights can be trained.

    Parameters
    ----------
    graph : ModelProto
        The part of it that is trained, as onnx2torch can read it.
    model : ModelProto
        The whole file.
    frozen : int
        Convolutions from the first on that stay as they were: edges are edges.
    """

    def __init__(
        self, graph: onnx.ModelProto, model: onnx.ModelProto, frozen: int
    ) -> None:
        super().__init__()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.graph = onnx2torch.convert(graph)
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
        for layer in convolutions[:frozen]:
            layer.requires_grad_(requires_grad=False)
        self.names = _names(self, model)
        self.eval()

    def forward(self, tensor: torch.Tensor) -> torch.Tensor:
        """Return what the graph makes of a batch."""
        return self.graph(tensor)

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
