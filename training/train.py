"""Training the card detector on drawn scenes."""

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
from training.run import Run, cosine
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
    run = Run.of(network, torch.optim.AdamW(_groups(network), weight_decay=DECAY))
    last = plan.out / "last.pt"
    first = run.resume(last)
    crops = DataLoader(
        Crops(plan.scenes, plan.seed + first),
        BATCH,
        num_workers=1,
        prefetch_factor=4,
    )
    began, smooth = time.monotonic(), None
    for step, batch in zip(range(first, plan.steps), crops, strict=False):
        share = cosine(step, plan.steps, WARM_UP, LAST_RATE / RATE)
        for group in run.optimizer.param_groups:
            group["lr"] = group["most"] * share
        parts = _step(network, run.optimizer, batch)
        run.follow(step, AVERAGED)
        smooth = parts if smooth is None else 0.97 * smooth + 0.03 * parts
        if step % 25 == 24:
            said = " ".join(f"{part:.3f}" for part in smooth)
            with (plan.out / "log.txt").open("a") as log:
                log.write(f"{step + 1} {time.monotonic() - began:.0f} {said}\n")
        if step % 250 == 249 or step + 1 == plan.steps:
            run.save(last, step + 1)
            average = plan.out / f"average-{step + 1:05d}.pt"
            torch.save(run.average.state_dict(), average)
    return run.average


def _groups(network: CardNetwork) -> list[dict[str, object]]:
    backbone = list(network.backbone.parameters())
    known = {id(parameter) for parameter in backbone}
    head = [each for each in network.parameters() if id(each) not in known]
    return [{"params": backbone, "most": BACKBONE_RATE}, {"params": head, "most": RATE}]


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
