"""What of a camera's picture is compared with another one, and how much they differ.

Light changes all day: a lamp, a cloud, the camera's own exposure. So pictures are
compared by their detail, each place against its surroundings, in ratios of brightness.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Rect
from vision.image.arrays import Floats, Image
from vision.quality.blurred import blurred_board
from vision.quality.light import dark_board

WIDTH_PX = 480
"""A card on a board of ten columns is some 20 pixels wide, a line on it 2."""

SURROUNDINGS = 0.05
"""Of the width: about a card. What changes more smoothly is light."""

DARK_LEVELS = 6.0
"""Added to the levels before their ratio is taken: noise in the dark is no detail. With
12, half the light changed what a dark board shows."""

DIFFERENCE = 0.18
"""Least ratio, as a natural logarithm, that is more than noise, JPEG and light."""

MIN_REGION_PX = 20
"""Pixels of the least region that counts. On a drawn dark board noise of 5 levels, half
the light, a shift by half a pixel and a lens out of focus by 1.5 make 5 to 15; "Go" in
grey chalk makes 22, a word of nine letters 74, a card 1,400 and more."""

PLACES = (6, 4)
"""Columns and rows of places in which sharpness is judged."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture as it is compared.

    Parameters
    ----------
    detail : ndarray of shape (H, W, 3), float32
        Ratios to the surroundings, as logarithms.
    dark : bool
        Whether no ink stands out.
    blurred : bool
        Whether it is out of focus all over.
    """

    detail: Floats
    dark: bool = False
    blurred: bool = False


def view_of(pixels: Image) -> View:
    """Return what of a picture, (H, W, 3) BGR, is compared."""
    height, width = pixels.shape[:2]
    size = WIDTH_PX, max(1, round(height * WIDTH_PX / width))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    levels = np.log(small.astype(np.float32) + DARK_LEVELS)
    levels = cv2.GaussianBlur(levels, (0, 0), 0.7)
    around = cv2.GaussianBlur(levels, (0, 0), SURROUNDINGS * WIDTH_PX)
    return View(
        np.asarray(levels - around, np.float32),
        dark_board(pixels) is not None,
        blurred_board(pixels, _places(width, height)) is not None,
    )


def difference(one: View, other: View) -> float:
    """Return the greatest region in which two pictures differ, as a part of them.

    0 if they show the same; 1 if they are of different sizes. A shift by a pixel, as
    of a camera in the wind, is no difference.
    """
    if one.detail.shape != other.detail.shape:
        return 1.0
    beyond = np.maximum(
        _beyond(one.detail, other.detail), _beyond(other.detail, one.detail)
    )
    mask = (beyond.max(axis=2) > DIFFERENCE).astype(np.uint8)
    # Letters of a word and the edges of a person belong together.
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    inked = np.bincount(labels.ravel(), weights=mask.ravel(), minlength=len(stats))
    boxes = stats[:, cv2.CC_STAT_WIDTH] * stats[:, cv2.CC_STAT_HEIGHT]
    counted = boxes[1:][inked[1:] >= MIN_REGION_PX]
    return float(counted.max() / mask.size) if len(counted) else 0.0


def any_difference(views: Sequence[View]) -> bool:
    """Say whether any two of some pictures differ: somebody moves."""
    return any(
        difference(one, other) > 0
        for number, one in enumerate(views)
        for other in views[number + 1 :]
    )


def _beyond(one: Floats, other: Floats) -> Floats:
    """Return by how much pixels lie outside of what another picture has around them."""
    near = np.ones((3, 3), np.uint8)
    above, below = one - cv2.dilate(other, near), cv2.erode(other, near) - one
    return np.asarray(np.maximum(above, below), np.float32)


def _places(width: int, height: int) -> list[Rect]:
    columns, rows = PLACES
    wide, high = width / columns, height / rows
    return [
        Rect(x * wide, y * high, (x + 1) * wide, (y + 1) * high)
        for x in range(columns)
        for y in range(rows)
    ]
