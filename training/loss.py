"""What the network is told it got wrong."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from training.network import CORE, CORNER_UNIT_PX, CORNERS, MASK, WRITTEN

HARD_NEGATIVES = 3
"""Of the background only the hardest pixels count, this many for each of a card."""

BEND = 0.06
"""Error, in parts of a card's size, from which smooth L1 grows linearly."""


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """The parts of the loss, each a scalar tensor."""

    core: Tensor
    mask: Tensor
    written: Tensor
    corners: Tensor
    boxes: Tensor

    @property
    def total(self) -> Tensor:
        """Their weighted sum."""
        return (
            self.core
            + 0.5 * self.mask
            + 0.3 * self.written
            + 6 * self.corners
            + self.boxes
        )


def losses_of(maps: Tensor, labels: Tensor, corners: Tensor, size: Tensor) -> Losses:
    """Compare the network's maps (B, 11, h, w) with the targets of `crops.Crop`."""
    core = _segmentation(maps[:, CORE], labels[:, 0], labels[:, 1])
    mask = _segmentation(maps[:, MASK], labels[:, 2], labels[:, 3])
    every = functional.binary_cross_entropy_with_logits(
        maps[:, WRITTEN], labels[:, 4], reduction="none"
    )
    written = (every * labels[:, 5]).sum() / labels[:, 5].sum().clamp(min=1)
    learnt = size > 0
    if not learnt.any():
        nothing = maps.sum() * 0
        return Losses(core, mask, written, nothing, nothing)
    said = (maps[:, CORNERS] * CORNER_UNIT_PX).permute(0, 2, 3, 1)[learnt]
    true = corners.permute(0, 2, 3, 1)[learnt]
    unit = size[learnt][:, None]
    apart = functional.smooth_l1_loss(said / unit, true / unit, beta=BEND)
    return Losses(core, mask, written, apart, (1 - _giou(said, true)).mean())


def _segmentation(logits: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """Cross entropy with hard negatives, and Dice (Milletari et al. 2016)."""
    every = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    positive, negative = truth * weight, (1 - truth) * weight
    count = positive.sum()
    kept = int(min(float(negative.sum()), max(HARD_NEGATIVES * float(count), 500)))
    hardest = torch.topk((every * negative).flatten(), kept).values.sum()
    entropy = ((every * positive).sum() + hardest) / (count + kept).clamp(min=1)
    said = torch.sigmoid(logits) * weight
    dice = 1 - (2 * (said * positive).sum() + 1) / (
        (said * said).sum() + positive.sum() + 1
    )
    return 2 * entropy + dice


def _giou(said: Tensor, true: Tensor) -> Tensor:
    """Generalised IoU (Rezatofighi et al. 2019) of the bounds of quads, (N, 8)."""
    one, two = _bounds(said), _bounds(true)
    low, high = torch.maximum(one[0], two[0]), torch.minimum(one[1], two[1])
    shared = (high - low).clamp(min=0).prod(dim=1)
    areas = [(upper - lower).clamp(min=0).prod(dim=1) for lower, upper in (one, two)]
    union = (areas[0] + areas[1] - shared).clamp(min=1)
    around = torch.maximum(one[1], two[1]) - torch.minimum(one[0], two[0])
    hull = around.prod(dim=1).clamp(min=1)
    return shared / union - (hull - union) / hull


def _bounds(quads: Tensor) -> tuple[Tensor, Tensor]:
    points = quads.view(-1, 4, 2)
    return points.amin(dim=1), points.amax(dim=1)
