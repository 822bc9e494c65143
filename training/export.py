"""From trained weights to ``cards.onnx``."""

from pathlib import Path

import torch

from training.network import CardNetwork, Exported

OPSET = 17


def export(network: CardNetwork, path: Path) -> None:
    """Write a network as ONNX, for pictures of any size."""
    whole = Exported(network).eval()
    pixels = torch.zeros(1, 256, 256, 3, dtype=torch.uint8)
    torch.onnx.export(
        whole,
        (pixels,),
        str(path),
        input_names=["pixels"],
        output_names=["maps"],
        dynamic_axes={"pixels": {1: "height", 2: "width"}, "maps": {1: "h4", 2: "w4"}},
        opset_version=OPSET,
        dynamo=False,
    )
