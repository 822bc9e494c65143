"""Training the card detector on scenes."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from training.crops import crop_of
from training.loss import losses_of
from training.network import DEVIATION, MEAN
from training.run import Run, cosine
from training.scenes.files import load_scene

BATCH = 8
"""Crops a step."""

LAST = 0.03
"""Share of the learning rate that the cosine ends at."""

WARM_UP = 60
"""Steps over which the rate rises."""

DECAY = 1e-3
"""AdamW's weight decay."""

REAL = 0.5
"""Share of crops from photographs, where there are any."""

MORE_CARDS = 16
"""An event's share of these crops grows with the root of its cards and so many more."""

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
        Folder of drawn scenes; those that are written meanwhile are taken in.
    out : Path
        Folder of the checkpoints.
    steps : int
    averaged : float
        Of the exponential moving average of the weights, which is what is kept.
    photos : tuple of Path
        Folders of scenes from photographs, one for each event.
    seed : int
    """

    scenes: Path
    out: Path
    steps: int
    averaged: float = 0.997
    photos: tuple[Path, ...] = ()
    seed: int = 0


class Crops(IterableDataset[tuple[Tensor, Tensor, Tensor, Tensor]]):
    """Endless random crops of the scenes of a plan."""

    def __init__(self, plan: Plan, first: int) -> None:
        self.folder, self.seed = plan.scenes, plan.seed + first
        self.photos, self.shares = _photos(plan.photos)

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
            if self.photos and rng.random() < REAL:
                path = self.photos[rng.choice(len(self.photos), p=self.shares)]
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


def _photos(events: tuple[Path, ...]) -> tuple[list[Path], np.ndarray]:
    """Return the scenes of events, and how often each is to be seen."""
    photos, shares = [], []
    for event in events:
        files = sorted(event.glob("*.npz"))
        cards = np.array([MORE_CARDS + len(load_scene(file).quads) for file in files])
        photos += files
        shares += list(cards / np.sqrt(cards.sum()))
    return photos, np.array(shares) / sum(shares)


def train(network: nn.Module, groups: list[dict[str, object]], plan: Plan) -> nn.Module:
    """Train a network, or go on from the last checkpoint; return the averaged one.

    Parameters
    ----------
    network : Module
        From normalised pictures to logits, as `network.CardNetwork`.
    groups : list of dict
        Of its parameters, for the optimizer: ``params``, and ``most``, their rate.
    plan : Plan
    """
    torch.manual_seed(plan.seed)
    plan.out.mkdir(parents=True, exist_ok=True)
    network = network.to(memory_format=torch.channels_last)
    run = Run.of(network, torch.optim.AdamW(groups, weight_decay=DECAY))
    last = plan.out / "last.pt"
    first = run.resume(last)
    crops = DataLoader(Crops(plan, first), BATCH, num_workers=1, prefetch_factor=4)
    began, smooth = time.monotonic(), None
    for step, batch in zip(range(first, plan.steps), crops, strict=False):
        for group in run.optimizer.param_groups:
            group["lr"] = group["most"] * cosine(step, plan.steps, WARM_UP, LAST)
        parts = _step(network, run.optimizer, batch)
        run.follow(step, plan.averaged)
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


def _step(
    network: nn.Module, optimizer: torch.optim.Optimizer, batch: list[Tensor]
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
