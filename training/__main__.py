"""``python -m training``: draw scenes, train the card detector, write ``cards.onnx``.

A few hours of two cores. What is done already is not done again: scenes that are there
stay, and training goes on from its last checkpoint.
"""

import argparse
import subprocess
import sys
import zipfile
from pathlib import Path

import torch

from training.export import export
from training.network import CardNetwork
from training.train import Plan, train

WHEEL = "rapidocr-onnxruntime==1.2.3"
"""Carries the backbone: PP-OCRv3's text detector, Apache-2.0."""

DETECTOR = "rapidocr_onnxruntime/models/ch_PP-OCRv3_det_infer.onnx"
"""Its place in the wheel."""


def main() -> None:
    """Train the card detector."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/training"))
    parser.add_argument("--scenes", type=int, default=1300)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    detector, scenes = _detector(asked.folder), asked.folder / "scenes"
    # In a process of its own: it has finished before training wants the memory.
    subprocess.run(
        [sys.executable, "-m", "training.scenes", scenes, "0", str(asked.scenes)],
        check=True,
    )
    network = train(CardNetwork(detector), Plan(scenes, asked.folder, asked.steps))
    export(network, asked.folder / "cards.onnx")
    print(f"Written: {asked.folder / 'cards.onnx'}")


def _detector(folder: Path) -> Path:
    """Return the text detector's file, from its wheel."""
    file = folder / DETECTOR
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
        subprocess.run([sys.executable, "-m", *command, WHEEL], check=True)
        (wheel,) = folder.glob("rapidocr_onnxruntime-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extract(DETECTOR, folder)
    return file


if __name__ == "__main__":
    main()
