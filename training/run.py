"""A run of training: it can be stopped, and goes on where it was."""

import copy
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

SOON = 10
"""Steps after which the averaged weights have forgotten where they began."""


@dataclass(frozen=True, slots=True)
class Run:
    """What changes step by step: the weights, their average, the optimizer's memory."""

    network: nn.Module
    average: nn.Module
    optimizer: torch.optim.Optimizer

    @classmethod
    def of(cls, network: nn.Module, optimizer: torch.optim.Optimizer) -> "Run":
        return cls(network, copy.deepcopy(network), optimizer)

    def resume(self, checkpoint: Path) -> int:
        """Load a checkpoint if there is one; return its step."""
        if not checkpoint.exists():
            return 0
        state = torch.load(checkpoint, weights_only=True)
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        return int(state["step"])

    def save(self, checkpoint: Path, step: int) -> None:
        """Write a checkpoint from which training can go on, whole or not at all."""
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        part = checkpoint.with_suffix(".part")
        states = {name: part.state_dict() for name, part in self._parts().items()}
        torch.save({"step": step, **states}, part)
        part.replace(checkpoint)

    @torch.no_grad()
    def follow(self, step: int, most: float) -> None:
        """Move the averaged weights after the trained ones, at most `most` stays."""
        share = min(most, (step + 1) / (step + SOON))
        for kept, now in zip(
            self.average.state_dict().values(),
            self.network.state_dict().values(),
            strict=True,
        ):
            if kept.dtype.is_floating_point:
                kept.lerp_(now, 1 - share)
            else:
                kept.copy_(now)

    def _parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        return {
            "network": self.network,
            "average": self.average,
            "optimizer": self.optimizer,
        }


def cosine(step: int, steps: int, warm_up: int, last: float = 0.0) -> float:
    """Return the share of the learning rate: it rises, and falls to `last`."""
    fallen = 0.5 * (1 + math.cos(math.pi * step / steps))
    return min(1.0, (step + 1) / warm_up) * (last + (1 - last) * fallen)
