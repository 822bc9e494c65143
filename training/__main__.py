"""``python -m training``: draw scenes, train, write ``cards.onnx``."""

import argparse
from pathlib import Path

import torch

from training.export import export
from training.network import CardNetwork
from training.train import Plan, train


def main() -> None:
    """Train the card detector."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--detector", type=Path, required=True)
    parser.add_argument("--scenes", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    network = train(
        CardNetwork(asked.detector), Plan(asked.scenes, asked.out, asked.steps)
    )
    export(network, asked.out / "cards.onnx")


if __name__ == "__main__":
    main()
