"""Fine-tune the recogniser: ``python -m training.recogniser``.

Writes build/recogniser/all.onnx, trained on every line that
`training.recogniser.cut` has cut, and with ``--folds`` a model for each fold, which has
not seen the events that it is measured on. A run that was stopped goes on where it was.
"""

import argparse
from hashlib import blake2b
from pathlib import Path

import onnx
import torch

from training.recogniser.folds import ALL, FOLDS
from training.recogniser.lines import load_lines
from training.recogniser.network import (
    Recogniser,
    characters_of,
    load_released,
    with_weights,
)
from training.recogniser.train import Plan, train

SHARE = 0.5
"""Of the way from the released weights to the trained ones (weights averaged as in
Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"): halfway beats either
end on events that were not trained on."""


def main() -> None:
    """Train one model, or one for each fold."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("released", type=Path, help="PP-OCRv6_rec_small.onnx")
    parser.add_argument("--folder", type=Path, default=Path("build/recogniser"))
    parser.add_argument("--fold", choices=[*FOLDS, ALL], action="append")
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    released = load_released(asked.released)
    asked.folder.mkdir(parents=True, exist_ok=True)
    onnx.save(released, asked.folder / "released.onnx")
    file = asked.folder / "lines.npz"
    lines = load_lines(file)
    # Other lines are another run: its checkpoint would end before it began.
    run = blake2b(file.read_bytes(), digest_size=4).hexdigest()
    for fold in asked.fold or [ALL]:
        left_out = FOLDS.get(fold, ())
        known = [line for line in lines if line.event not in left_out]
        plan = Plan(asked.steps, asked.folder / f"{fold}-{run}.pt")
        network = Recogniser(released)
        trained = train(network, known, characters_of(released), plan)
        averaged = with_weights(released, trained.weights(), SHARE)
        onnx.save(averaged, asked.folder / f"{fold}.onnx")
        print(f"Written: {asked.folder / fold}.onnx ({len(known)} lines)", flush=True)


if __name__ == "__main__":
    main()
