"""Make scenes to train on of photographs of real boards.

python -m training.boards.cut ../shared/boards

Boards with truth, and photos that were boxed by hand (`boxes`). In Boardcast's own
environment; training is in another one, with PyTorch.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.finding import straight_board
from benchmarks.folders import board_folders, load_case
from benchmarks.folds import load_folds
from benchmarks.metrics import pair_up
from calibration.geometry import Rect
from training.scenes.files import save_scene
from training.scenes.scene import Scene
from vision.detection import find_cards
from vision.image.arrays import Image
from vision.image.photo import Photo

SCENES: Final = Path("build/boards/scenes")
"""Has a folder of scenes for each event."""

BOXES: Final = Path(__file__).with_name("boxes")

NOT_TO_TRAIN_ON: Final = {
    "writethedocs-2024": "its licence is non-commercial",
    "foss-backstage-2025": "its sessions are written on the board: they are no cards",
}

SURE_IOU: Final = 0.5
"""From which a find has the outline of a true card, whose own box is upright."""

Quads = Sequence[npt.NDArray[np.float64]]


def scene_of_board(folder: Path) -> Scene:
    """Return a board with truth: its cards as they were found where that is true."""
    case = load_case(folder)
    straight = straight_board(case)
    survey = find_cards(straight)
    projection, working = straight.registration.projection, survey.working
    found = [card.quad_board for card in survey.cards if card.kind == "card"]
    true = [card.bounds_photo for card in case.cards]
    pairs = pair_up(
        true, [projection.quad_photo(quad).bounds for quad in found], SURE_IOU
    )
    quads = [
        found[pairs[row]] if row in pairs else projection.quad_board(rect.to_quad())
        for row, rect in enumerate(true)
    ]
    # Beside a grid hang headings and cards that nobody boxed.
    height, width = working.pixels.shape[:2]
    beside = [
        Rect(0, 0, width, working.area.top),
        Rect(0, working.area.bottom, width, height),
        Rect(0, 0, working.area.left, height),
        Rect(working.area.right, 0, width, height),
    ]
    return _scene(
        working.pixels,
        [quad.to_array() * working.scale for quad in quads],
        beside if case.cells else [],
    )


def scene_of_boxes(pixels: Image, boxed: dict[str, list[list[float]]]) -> Scene:
    """Return a photo that was boxed by hand."""
    return _scene(
        pixels,
        [np.reshape(card, (4, 2)) for card in boxed["cards"]],
        [Rect(x, y, x + w, y + h) for x, y, w, h in boxed["unsure"]],
    )


def _scene(pixels: Image, quads: Quads, unsure: Sequence[Rect]) -> Scene:
    """Return a scene; there is no loss where cards overlap: who knows which lies on top."""
    instances = np.zeros(pixels.shape[:2], np.int16)
    for rect in unsure:
        corners = rect.to_quad().to_array().round().astype(np.int32)
        cv2.fillConvexPoly(instances, corners, -1)
    covered = np.zeros(pixels.shape[:2], np.uint8)
    for number, quad in enumerate(quads):
        one = np.zeros_like(covered)
        cv2.fillConvexPoly(one, np.rint(quad).astype(np.int32), 1)
        instances[one > 0] = number + 1
        covered += one
    instances[covered > 1] = -1
    return Scene(
        pixels,
        np.array(quads, np.float32).reshape(-1, 4, 2),
        np.ones(len(quads), np.float32),
        np.ones(len(quads), np.bool_),
        instances,
    )


def real_scenes(boards: Path) -> Iterator[tuple[str, str, Scene]]:
    """Yield event, name and scene of each photo that may be trained on."""
    folds = load_folds()
    for folder in board_folders(boards):
        if folder.name not in NOT_TO_TRAIN_ON:
            yield folds.event_of(folder.name).name, folder.name, scene_of_board(folder)
    for path in sorted(BOXES.glob("*.json")):
        boxed = json.loads(path.read_text("utf-8"))
        photo = Photo.decode((boards / boxed["photo"]).read_bytes())
        yield boxed["event"], path.stem, scene_of_boxes(photo.pixels, boxed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("boards", type=Path)
    asked = parser.parse_args()
    for event, name, scene in real_scenes(asked.boards):
        folder = SCENES / event
        folder.mkdir(parents=True, exist_ok=True)
        save_scene(scene, folder / f"{name}.npz")
        print(f"{event}: {name}, {len(scene.quads)} cards")


if __name__ == "__main__":
    main()
