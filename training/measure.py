"""How cards of all sizes are found on drawn scenes that were not trained on.

``python -m training.scenes build/measured 900000 900109``, then
``python -m training.measure build/measured``, both in Boardcast's own environment.
Scales and thresholds of the detector are chosen by this, never on a photograph.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from training.crops import LEAST_PX, LEAST_SEEN
from training.scenes.files import load_scene
from training.scenes.scene import Scene
from vision.detection.refinement import refined, whole
from vision.detection.scales import view_of
from vision.image.arrays import resized

Floats = npt.NDArray[np.float32]

IOUS = (0.35, 0.5, 0.7)
"""Of quads, at which recall is told; from the first on a find is true."""

BOARD_PX = 12 * 110.0**2
"""Area of a board of 4 x 3 cells, as which a photo without a grid is taken."""


def window(scene: Scene, box: Sequence[float], scale: float) -> Scene:
    """Return a part of a scene, at another scale."""
    height, width = scene.pixels.shape[:2]
    left, top = (max(round(side), 0) for side in box[:2])
    right, bottom = min(round(box[2]), width), min(round(box[3]), height)
    shown = slice(top, bottom), slice(left, right)
    instances = scene.instances[shown]
    counts = np.bincount(
        np.maximum(instances, 0).ravel(), minlength=len(scene.quads) + 1
    )
    areas = np.array([cv2.contourArea(quad) for quad in scene.quads])
    size = (round((right - left) * scale), round((bottom - top) * scale))
    return Scene(
        np.asarray(resized(scene.pixels[shown], scale)),
        ((scene.quads - np.float32([left, top])) * scale).astype(np.float32),
        np.minimum(scene.visible, counts[1:] / np.maximum(areas, 1)).astype(np.float32),
        scene.written,
        cv2.resize(instances, size, interpolation=cv2.INTER_NEAREST),
    )


def as_drawn(scene: Scene, _rng: np.random.Generator) -> Scene:
    """Return all of a scene: cells of about 110 px."""
    return scene


def near_card(scene: Scene, rng: np.random.Generator) -> Scene | None:
    """Return what is around a card, two to four times as large."""
    card = _any_card(scene, rng)
    if card is None:
        return None
    larger = rng.uniform(2, 4)
    sides = np.array(scene.pixels.shape[1::-1]) / larger
    middle = card.mean(axis=0) + rng.normal(0, 0.2, 2) * sides
    return window(scene, [*(middle - sides / 2), *(middle + sides / 2)], larger)


def one_card(scene: Scene, rng: np.random.Generator) -> Scene | None:
    """Return a single card that fills its picture."""
    card = _any_card(scene, rng)
    if card is None:
        return None
    low, high = card.min(axis=0), card.max(axis=0)
    edge = rng.uniform(0.02, 0.25, 4) * (high - low).mean()
    box = [*(low - edge[:2]), *(high + edge[2:])]
    if min(box) < 0 or (np.array(box[2:]) > scene.pixels.shape[1::-1]).any():
        return None
    return window(scene, box, _to_board(box))


def any_part(scene: Scene, rng: np.random.Generator) -> Scene:
    """Return any part of a scene, as a photo without a grid."""
    sides = np.array(scene.pixels.shape[1::-1])
    part = sides * rng.uniform(0.3, 1)
    start = rng.uniform(0, 1, 2) * (sides - part)
    box = [*start, *(start + part)]
    return window(scene, box, _to_board(box))


def _any_card(scene: Scene, rng: np.random.Generator) -> Floats | None:
    whole_cards = np.flatnonzero((scene.visible > 0.95) & scene.written)
    return scene.quads[rng.choice(whole_cards)] if len(whole_cards) else None


def _to_board(box: Sequence[float]) -> float:
    return float(np.sqrt(BOARD_PX / ((box[2] - box[0]) * (box[3] - box[1]))))


def found_in(scene: Scene) -> list[Floats]:
    """Find the cards of a scene; corners in its pixels."""
    view = view_of(lambda scale: resized(scene.pixels, scale))
    cards = refined(view.picture, view.maps, whole(view.found))
    return [(card.corners + 0.5) / np.float32(view.scale) - 0.5 for card in cards]


def counts_of(scene: Scene, found: Sequence[Floats]) -> npt.NDArray[np.float64]:
    """Return cards found at each of `IOUS`, cards, true finds, finds."""
    areas = np.array([cv2.contourArea(quad) for quad in scene.quads])
    asked = (scene.visible >= LEAST_SEEN) & (areas >= LEAST_PX**2)
    iou = np.array([[_iou(true, quad) for quad in found] for true in scene.quads])
    iou = iou.reshape(len(areas), len(found))
    best, of = np.zeros(len(areas)), np.full(len(found), -1)
    for place in np.argsort(-iou, axis=None):
        card, quad = divmod(int(place), len(found))
        if iou[card, quad] >= IOUS[0] and not best[card] and of[quad] < 0:
            best[card], of[quad] = iou[card, quad], card
    # What lies on headings, or on cards that hardly show, is neither true nor false.
    idle = [
        0 if card >= 0 else _idle(scene, asked, quad)
        for card, quad in zip(of, found, strict=True)
    ]
    counted = np.where(
        of >= 0, asked[of] if len(areas) else False, ~np.array(idle, bool)
    )
    hits = [(best[asked] >= least).sum() for least in IOUS]
    return np.array(
        [*hits, asked.sum(), (counted & (of >= 0)).sum(), counted.sum()], float
    )


def _iou(one: Floats, other: Floats) -> float:
    shared, _ = cv2.intersectConvexConvex(one, other)
    areas = cv2.contourArea(one) + cv2.contourArea(other)
    return float(shared / max(areas - shared, 1))


def _idle(scene: Scene, asked: npt.NDArray[np.bool_], quad: Floats) -> bool:
    canvas = np.zeros(scene.instances.shape, np.uint8)
    cv2.fillConvexPoly(canvas, np.rint(quad).astype(np.int32), 1)
    faint = np.array([False, *~asked, True])  # instances of -1 come last
    under = scene.instances[canvas > 0]
    return bool(len(under) and faint[under].mean() > 0.5)


PARTS: dict[str, Callable[[Scene, np.random.Generator], Scene | None]] = {
    "as drawn": as_drawn,
    "two to four times as large": near_card,
    "one card fills the picture": one_card,
    "any part, as 4 x 3 cells": any_part,
}


def main() -> None:
    """Print recall at each IoU and precision, for each way to see the scenes."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("scenes", type=Path)
    paths = sorted(parser.parse_args().scenes.glob("*.npz"))
    for name, part_of in PARTS.items():
        total = np.zeros(len(IOUS) + 3)
        for number, path in enumerate(paths):
            scene = part_of(load_scene(path), np.random.default_rng(number))
            if scene is not None:
                total += counts_of(scene, found_in(scene))
        recall = " / ".join(f"{hits / total[3]:.3f}" for hits in total[:3])
        told = f"{total[3]:.0f} cards, {recall}, precision {total[4] / total[5]:.3f}"
        print(f"{name}: {told}", flush=True)


if __name__ == "__main__":
    main()
