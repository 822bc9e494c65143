"""Fine-tune the card detector: ``python -m training.boards``.

Goes on from build/training/cards.onnx, which has learned from drawn scenes only, and
writes build/boards/all.onnx, tuned on every photograph that `training.boards.cut` has
cut, and with ``--fold`` a model for a fold, which has not seen the events that it is
measured on. A run that was stopped goes on where it was.
"""

import argparse
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

import onnx
import torch
from onnx.utils import Extractor

from training.boards.folds import ALL, FOLDS
from training.converted import Converted, with_weights
from training.train import Plan, train

RATE: Final = 1e-4
"""Learning rate."""

AVERAGED: Final = 0.99
"""Of the moving average of the weights, in a short run."""

SHARE: Final = 0.5
"""Of the way from the weights that drawn scenes gave to the tuned ones, as for the text
recogniser."""

FROZEN: Final = 5
"""Convolutions up to `training.backbone.STEM`."""

PICTURES, LOGITS = "/Div_output_0", "/network/head/head.1/Conv_output_0"
"""In ``cards.onnx``: what is normalised, and what is not yet probabilities and px."""


def tunable(model: onnx.ModelProto) -> Converted:
    """Return ``cards.onnx`` in PyTorch, from normalised pictures to logits."""
    known = onnx.shape_inference.infer_shapes(model)
    graph = Extractor(known).extract_model([PICTURES], [LOGITS])
    return Converted(graph, model, FROZEN)


def run_of(events: Sequence[Path]) -> str:
    """Return a name for a run: other photographs are another run."""
    digest = blake2b(digest_size=4)
    for path in sorted(file for event in events for file in event.glob("*.npz")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    """Tune one model, or one for each fold that is named."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/boards"))
    parser.add_argument("--drawn", type=Path, default=Path("build/training"))
    parser.add_argument("--fold", choices=[*FOLDS, ALL], action="append")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    drawn = onnx.load(asked.drawn / "cards.onnx")
    for fold in asked.fold or [ALL]:
        events = tuple(
            event
            for event in sorted((asked.folder / "scenes").iterdir())
            if event.name not in FOLDS.get(fold, ())
        )
        network = tunable(drawn)
        chosen = [each for each in network.parameters() if each.requires_grad]
        out = asked.folder / f"{fold}-{run_of(events)}"
        plan = Plan(asked.drawn / "scenes", out, asked.steps, AVERAGED, events)
        tuned = train(network, [{"params": chosen, "most": RATE}], plan)
        file = asked.folder / f"{fold}.onnx"
        onnx.save(with_weights(drawn, tuned.weights(), SHARE), file)
        print(f"Written: {file} ({len(events)} events)", flush=True)


if __name__ == "__main__":
    main()
