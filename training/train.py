"""Training the card detector on drawn scenes."""

import copy
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from training.crops import crop_of
from training.loss import losses_of
from training.network import DEVIATION, MEAN, CardNetwork
from training.scenes.files import load_scene

BATCH = 8
"""Crops a step."""

RATE, BACKBONE_RATE, LAST_RATE = 2e-3, 5e-4, 6e-5
"""Learning rates of the head and of the backbone, and what the cosine ends at."""

WARM_UP = 60
"""Steps over which the rate rises."""

DECAY = 1e-3
"""AdamW's weight decay."""

AVERAGED = 0.997
"""Of the exponential moving average of the weights, which is what is kept."""

CLIP = 5.0
"""Norm to which gradients are clipped."""

CACHED = 300
"""Scenes that a loader keeps in memory."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run of training.

    Parameters
    ----------
    scenes : Path
        Folder of scenes; those that are written meanwhile are taken in.
    out : Path
        Folder of the checkpoints.
    steps : int
    seed : int
    """

    scenes: Path
    out: Path
    steps: int
    seed: int = 0


class Crops(IterableDataset[tuple[Tensor, Tensor, Tensor, Tensor]]):
    """Endless random crops of the scenes in a folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
        """Yield pixels, labels, corners and sizes as in `crops.Crop`."""
        cv2.setNumThreads(1)
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        cache: dict[Path, object] = {}
        mean = np.float32(MEAN) * 255
        deviation = np.float32(DEVIATION) * 255
        for count in range(10**9):
            if count % 400 == 0:
                paths = sorted(self.folder.glob("*.npz"))
            path = paths[rng.integers(len(paths))]
            if path not in cache:
                if len(cache) >= CACHED:
                    del cache[next(iter(cache))]
                cache[path] = load_scene(path)
            crop = crop_of(cache[path], rng)
            pixels = ((crop.pixels - mean) / deviation).transpose(2, 0, 1)
            yield tuple(
                torch.from_numpy(np.ascontiguousarray(part, np.float32))
                for part in (pixels, crop.labels, crop.corners, crop.size)
            )


def train(network: CardNetwork, plan: Plan) -> CardNetwork:
    """Train a network, or go on from the last checkpoint; return the averaged one."""
    torch.manual_seed(plan.seed)
    plan.out.mkdir(parents=True, exist_ok=True)
    network = network.to(memory_format=torch.channels_last)
    average = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(_groups(network), weight_decay=DECAY)
    first = _resume(plan, network, average, optimizer)
    crops = DataLoader(
        Crops(plan.scenes, plan.seed + first),
        BATCH,
        num_workers=1,
        prefetch_factor=4,
    )
    began, smooth = time.monotonic(), None
    for step, batch in zip(range(first, plan.steps), crops, strict=False):
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * _rate(step, plan.steps)
        parts = _step(network, optimizer, batch)
        _average(average, network, step)
        smooth = parts if smooth is None else 0.97 * smooth + 0.03 * parts
        if step % 25 == 24:
            said = " ".join(f"{part:.3f}" for part in smooth)
            with (plan.out / "log.txt").open("a") as log:
                log.write(f"{step + 1} {time.monotonic() - began:.0f} {said}\n")
        if step % 250 == 249 or step + 1 == plan.steps:
            _save(plan, step + 1, network, average, optimizer)
    return average


def _groups(network: CardNetwork) -> list[dict[str, object]]:
    backbone = list(network.backbone.parameters())
    known = {id(parameter) for parameter in backbone}
    head = [each for each in network.parameters() if id(each) not in known]
    return [{"params": backbone, "most": BACKBONE_RATE}, {"params": head, "most": RATE}]


def _rate(step: int, steps: int) -> float:
    last = LAST_RATE / RATE
    cosine = 0.5 * (1 + math.cos(math.pi * step / steps))
    return min(1.0, (step + 1) / WARM_UP) * (last + (1 - last) * cosine)


def _step(
    network: CardNetwork, optimizer: torch.optim.Optimizer, batch: list[Tensor]
) -> np.ndarray:
    pixels, labels, corners, size = batch
    network.train()
    maps = network(pixels.contiguous(memory_format=torch.channels_last))
    losses = losses_of(maps, labels, corners, size)
    optimizer.zero_grad()
    losses.total.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
    optimizer.step()
    parts = (
        losses.total,
        losses.core,
        losses.mask,
        losses.written,
        losses.corners,
        losses.boxes,
    )
    return np.array([float(part.detach()) for part in parts])


@torch.no_grad()
def _average(average: CardNetwork, network: CardNetwork, step: int) -> None:
    share = min(AVERAGED, (step + 1) / (step + 12))
    for kept, now in zip(
        average.state_dict().values(), network.state_dict().values(), strict=True
    ):
        if kept.dtype.is_floating_point:
            kept.mul_(share).add_(now, alpha=1 - share)
        else:
            kept.copy_(now)


def _save(
    plan: Plan,
    step: int,
    network: CardNetwork,
    average: CardNetwork,
    optimizer: torch.optim.Optimizer,
) -> None:
    """Write a checkpoint from which training can go on, whole or not at all."""
    part = plan.out / "last.part"
    state = {
        "step": step,
        "network": network.state_dict(),
        "average": average.state_dict(),
        "optimizer": optimizer.state_dict(),
    }
    torch.save(state, part)
    part.replace(plan.out / "last.pt")
    torch.save(average.state_dict(), plan.out / f"average-{step:05d}.pt")


def _resume(
    plan: Plan,
    network: CardNetwork,
    average: CardNetwork,
    optimizer: torch.optim.Optimizer,
) -> int:
    """Load the last checkpoint if there is one; return its step."""
    last = plan.out / "last.pt"
    if not last.exists():
        return 0
    state = torch.load(last, weights_only=True)
    network.load_state_dict(state["network"])
    average.load_state_dict(state["average"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])
