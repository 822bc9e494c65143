"""Fine-tuning the recogniser on lines of real cards, half of them drawn."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.recogniser.drawn import PX_PER_STEP, drawn_line
from training.recogniser.lines import HEIGHT_PX, LabelledLine, Strip, steps_needed
from training.recogniser.network import Recogniser
from training.recogniser.vary import varied
from training.run import Run, cosine

BATCH: Final = 16
"""Lines a step."""

RATE: Final = 1e-4
"""Adam's learning rate, after a warm-up; it falls to 0 on a cosine."""

WARM_UP: Final = 40
"""Steps over which the rate rises."""

REAL: Final = 0.5
"""Share of lines that are real. Drawn ones alone do harm; without them the network
learns the few words of real cards by heart."""

AVERAGED: Final = 0.99
"""Of the exponential moving average of the weights, which is what is kept."""

CLIP: Final = 2.0
"""Norm to which gradients are clipped."""

LEAST_PX: Final = 320
"""Narrower strips are padded to it, as they are where cards are read; in every other
batch they are not, which takes a third less time."""

MOST_OF_AN_EVENT: Final = 40
"""Cards that an event counts as at most: the largest must not say what writing is."""

Sample = tuple[Strip, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: how many steps, from which seed, and where its checkpoint is."""

    steps: int
    checkpoint: Path
    seed: int = 0


class Lines:
    """Endless lines, real and drawn."""

    def __init__(
        self, real: Sequence[LabelledLine], known: set[str], seed: int
    ) -> None:
        self.rng = np.random.default_rng(seed)
        self.known = known
        clean = [(line, self._spelt(line.text)) for line in real]
        self.real = [
            (line, text)
            for line, text in clean
            if text and line.strip.shape[1] / PX_PER_STEP > steps_needed(text) + 1
        ]
        cards = Counter(event for event, _ in {(o.event, o.card) for o, _ in self.real})
        shares = [min(1, MOST_OF_AN_EVENT / cards[o.event]) for o, _ in self.real]
        self.shares = np.array(shares) / sum(shares)

    def _spelt(self, text: str) -> str:
        return " ".join("".join(c for c in text if c in self.known).split())

    def _sample(self) -> Sample:
        if self.rng.random() < REAL:
            line, text = self.real[self.rng.choice(len(self.real), p=self.shares)]
            return varied(line.strip, self.rng), text
        while True:
            strip, text = drawn_line(self.rng)
            if text and set(text) <= self.known:
                return varied(strip, self.rng), text

    def batches(self) -> Iterator[list[Sample]]:
        """Yield lines of about one width together: little is padded."""
        while True:
            samples = [self._sample() for _ in range(BATCH * 12)]
            samples.sort(key=lambda sample: sample[0].shape[1])
            rows = [samples[at : at + BATCH] for at in range(0, len(samples), BATCH)]
            yield from (rows[at] for at in self.rng.permutation(len(rows)))


def train(
    network: Recogniser, real: Sequence[LabelledLine], characters: list[str], plan: Plan
) -> Recogniser:
    """Train a network, or go on from its checkpoint; return the averaged one."""
    torch.manual_seed(plan.seed)
    network = network.to(memory_format=torch.channels_last)
    chosen = [each for each in network.parameters() if each.requires_grad]
    run = Run.of(
        network, torch.optim.AdamW(chosen, lr=RATE, weight_decay=0.0, betas=(0.9, 0.99))
    )
    first = run.resume(plan.checkpoint)
    classes = {sign: place for place, sign in enumerate(characters) if sign}
    lines = Lines(real, set(classes), plan.seed + first)
    began, smooth = time.monotonic(), 0.0
    for step, batch in zip(range(first, plan.steps), lines.batches(), strict=False):
        for group in run.optimizer.param_groups:
            group["lr"] = RATE * cosine(step, plan.steps, WARM_UP)
        loss = _loss(network, batch, classes, LEAST_PX * (step % 2))
        run.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(chosen, CLIP)
        run.optimizer.step()
        run.follow(step, AVERAGED)
        smooth = loss.item() if step == first else 0.97 * smooth + 0.03 * loss.item()
        if step % 50 == 49 or step + 1 == plan.steps:
            run.save(plan.checkpoint, step + 1)
            spent = time.monotonic() - began
            print(
                f"{plan.checkpoint.stem} {step + 1} {spent:.0f}s {smooth:.3f}",
                flush=True,
            )
    return run.average


def _loss(
    network: Recogniser,
    batch: Sequence[Sample],
    classes: dict[str, int],
    least_px: int = 0,
) -> Tensor:
    """Return the CTC loss of a batch, long lines counting less a letter."""
    tensor = _tensor([strip for strip, _ in batch], least_px)
    # Half as precise is twice as fast where the processor has AMX.
    with torch.autocast("cpu", dtype=torch.bfloat16):
        odds = network(tensor)
    steps = functional.log_softmax(odds.float(), -1).transpose(0, 1)
    targets = torch.tensor([classes[sign] for _, text in batch for sign in text])
    lengths = torch.tensor([len(text) for _, text in batch])
    losses = functional.ctc_loss(
        steps,
        targets,
        torch.full((len(batch),), steps.shape[0]),
        lengths,
        reduction="none",
        zero_infinity=True,
    )
    return (losses / lengths.sqrt()).mean() / 3


def _tensor(strips: Sequence[Strip], least_px: int) -> Tensor:
    """Return strips as the recogniser takes them, padded to one width."""
    widest = max(least_px, *(strip.shape[1] for strip in strips))
    tensor = np.zeros((len(strips), 1, HEIGHT_PX, -(-widest // 16) * 16), np.float32)
    for place, strip in enumerate(strips):
        tensor[place, 0, :, : strip.shape[1]] = strip.astype(np.float32) / 127.5 - 1
    pixels = torch.from_numpy(tensor).expand(-1, 3, -1, -1)
    return pixels.contiguous(memory_format=torch.channels_last)
