"""Write scenes: `python -m training.scenes OUT FIRST LAST`."""

import argparse
from pathlib import Path

import cv2

from training.scenes.files import save_scene
from training.scenes.scene import draw_scene


def main() -> None:
    """Write scenes of a range of seeds, those that are missing."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int, help="one past the last seed")
    choice = parser.parse_args()
    cv2.setNumThreads(1)
    choice.out.mkdir(parents=True, exist_ok=True)
    for seed in range(choice.first, choice.last):
        path = choice.out / f"{seed:06d}.npz"
        if not path.exists():
            save_scene(draw_scene(seed), path)


if __name__ == "__main__":
    main()
