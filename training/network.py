"""The card detector's network: a text detector's backbone, and a head of our own.

The backbone is the MobileNetV3 of PP-OCRv3's text detector (Apache-2.0, PaddlePaddle
authors), as the wheel ``rapidocr-onnxruntime`` 1.2.3 carries it. It has seen millions of
pictures with writing. Features of four scales come together at a quarter of the
picture's size, as in FPN (Lin et al. 2017); each of these pixels votes for the four
corners of the card that it lies on, as in EAST (Zhou et al. 2017).
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.backbone import TAPS, Backbone

STRIDE = 4
"""Pixels of the picture a pixel of the output."""

CORE, MASK, WRITTEN, CORNERS = 0, 1, 2, slice(3, 11)
"""Channels of the output. Corners are x, y of top left, top right, bottom right, bottom
left, relative to the pixel, in `CORNER_UNIT_PX`."""

CHANNELS = 11

CORNER_UNIT_PX = 32.0

MEAN = (0.485, 0.456, 0.406)
"""Of blue, green, red, from 0 to 1, as the backbone was trained: ImageNet's for red,
green, blue."""

DEVIATION = (0.229, 0.224, 0.225)

WIDTHS = (32, 48, 64, 64)
"""Channels of the head at these four strides."""

USUAL_CARD = (-40.0, -30.0, 40.0, -30.0, 40.0, 30.0, -40.0, 30.0)
"""Corners of a card around its middle, px: where training begins."""


def _conv(inputs: int, outputs: int, size: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Separable(nn.Module):
    """A residual block of a wide depthwise convolution and two pointwise ones."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.spread = nn.Sequential(
            nn.Conv2d(channels, channels, 5, padding=2, groups=channels, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.mix = nn.Sequential(
            _conv(channels, 2 * channels),
            nn.Conv2d(2 * channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return features of the same shape."""
        mixed: Tensor = self.mix(self.spread(features))
        return features + mixed


class CardNetwork(nn.Module):
    """From pictures (B, 3, H, W), normalised, to logits (B, 11, H / 4, W / 4)."""

    def __init__(self, detector: Path) -> None:
        super().__init__()
        self.backbone = Backbone(detector)
        w4, w8, w16, w32 = WIDTHS
        self.lateral = nn.ModuleList(
            _conv(inputs, width)
            for inputs, width in zip(TAPS.values(), WIDTHS, strict=True)
        )
        self.wide = nn.Sequential(Separable(w32), Separable(w32))
        self.deep = Separable(w32)
        self.up16, self.at16 = (
            _conv(w32, w16),
            nn.Sequential(Separable(w16), Separable(w16)),
        )
        self.up8, self.at8 = _conv(w16, w8), nn.Sequential(Separable(w8), Separable(w8))
        self.up4, self.at4 = _conv(w8, w4), nn.Sequential(Separable(w4), Separable(w4))
        self.head = nn.Sequential(_conv(w4, 64, 3), nn.Conv2d(64, CHANNELS, 1))
        last = self.head[1]
        with torch.no_grad():
            last.bias.zero_()
            last.bias[CORE] = -3  # cards are rare
            last.weight[CORNERS] *= 0.1
            last.bias[CORNERS] = torch.tensor(USUAL_CARD) / CORNER_UNIT_PX

    def forward(self, pictures: Tensor) -> Tensor:
        """Return logits of core, mask and written, and corners in their unit."""
        four, eight, sixteen, deep = (
            lateral(features)
            for lateral, features in zip(
                self.lateral, self.backbone(pictures), strict=True
            )
        )
        wide = self.wide(functional.avg_pool2d(deep, 2, ceil_mode=True))
        deep = self.deep(deep + _enlarged(wide, deep))
        sixteen = self.at16(sixteen + _enlarged(self.up16(deep), sixteen))
        eight = self.at8(eight + _enlarged(self.up8(sixteen), eight))
        four = self.at4(four + _enlarged(self.up4(eight), four))
        logits: Tensor = self.head(four)
        return logits


def _enlarged(features: Tensor, like: Tensor) -> Tensor:
    return functional.interpolate(features, size=like.shape[2:], mode="nearest")


class Exported(nn.Module):
    """What ``cards.onnx`` holds: pictures as they are in, numbers that mean something out.

    In: uint8 (1, H, W, 3), BGR, H and W multiples of 64. Out: core, mask, written as
    probabilities, then corners in px relative to the pixel's middle; (11, H/4, W/4).
    """

    def __init__(self, network: CardNetwork) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1) * 255)
        self.register_buffer(
            "deviation", torch.tensor(DEVIATION).view(1, 3, 1, 1) * 255
        )

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the maps of one picture."""
        pictures = (pixels.permute(0, 3, 1, 2).float() - self.mean) / self.deviation
        maps = self.network(pictures)[0]
        return torch.cat([maps[:3].sigmoid(), maps[CORNERS] * CORNER_UNIT_PX])
