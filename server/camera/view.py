"""What of a camera's picture is compared with another one, and how much they differ.

Light changes all day: a lamp, a cloud, the camera's own exposure. So pictures are
compared by their detail, each place against its surroundings, in ratios of brightness.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Rect
from vision.image.arrays import Image
from vision.image.colour import brightest_channel
from vision.quality.blurred import blurred_board
from vision.quality.light import DARK, light_of

WIDTH_PX = 480
"""A card on a board of ten columns is some 20 pixels wide, a line on it 2."""

SURROUNDINGS_PX = 49
"""Side of a place's surroundings: two cards. What changes more smoothly is light."""

DARK_LEVELS = 6.0
"""Added to the levels before their ratio is taken: noise in the dark is no detail. With
12, half the light changed what a dark board shows."""

LEVELS_OF_E = 40
"""Levels of detail for a ratio of e: 256 hold ratios from 1/24 to 24."""

DIFFERENCE = 7
"""Least difference in such levels, a ratio of 1.2, that is more than noise, JPEG, light."""

MIN_REGION_PX = 30
"""Pixels of the least region that counts. On a drawn dark board noise of 5 levels, half
the light, a shift by half a pixel and a lens out of focus by 1.5 make up to 22; words of
two or three letters in grey make 24 and wait for the next change; "Tea party" makes 82,
a card 1,900 and more."""

PLACES = (6, 4)
"""Columns and rows of places in which sharpness is judged."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture as it is compared.

    Parameters
    ----------
    detail : ndarray of shape (H, W, 3), uint8
        Logarithms of the ratios to the surroundings; 128 is as bright as these.
    """

    detail: Image


def view_of(pixels: Image) -> View:
    """Return what of a picture, (H, W, 3) BGR, is compared."""
    height, width = pixels.shape[:2]
    size = WIDTH_PX, max(1, round(height * WIDTH_PX / width))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    levels = cv2.GaussianBlur(
        np.log(small.astype(np.float32) + DARK_LEVELS), (0, 0), 0.7
    )
    around = levels
    for _ in range(2):  # boxes twice are nearly a Gaussian, in a tenth of its time
        around = cv2.blur(around, (SURROUNDINGS_PX, SURROUNDINGS_PX))
    ratios = np.rint((levels - around) * LEVELS_OF_E + 128)
    return View(ratios.clip(0, 255).astype(np.uint8))


def is_dark(pixels: Image) -> bool:
    """Say whether a picture is so dark that no ink stands out."""
    return light_of(pixels) == DARK


def is_blurred(pixels: Image) -> bool:
    """Say whether a picture is out of focus all over."""
    height, width = pixels.shape[:2]
    return blurred_board(pixels, _places(width, height)) is not None


def difference(one: View, other: View) -> float:
    """Return the greatest region in which two pictures differ, as a part of them.

    0 if they show the same; 1 if they are of different sizes. A shift by a pixel, as
    of a camera in the wind, is no difference.
    """
    if one.detail.shape != other.detail.shape:
        return 1.0
    there, back = _beyond(one.detail, other.detail), _beyond(other.detail, one.detail)
    beyond = np.asarray(cv2.max(there, back), np.uint8)
    mask = (brightest_channel(beyond) >= DIFFERENCE).astype(np.uint8)
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


def _beyond(one: Image, other: Image) -> Image:
    """Return by how much pixels lie outside of what another picture has around them."""
    near = np.ones((3, 3), np.uint8)
    # Levels below 0 become 0.
    above = cv2.subtract(one, cv2.dilate(other, near))
    below = cv2.subtract(cv2.erode(other, near), one)
    return np.asarray(cv2.max(above, below), np.uint8)


def _places(width: int, height: int) -> list[Rect]:
    columns, rows = PLACES
    wide, high = width / columns, height / rows
    return [
        Rect(x * wide, y * high, (x + 1) * wide, (y + 1) * high)
        for x in range(columns)
        for y in range(rows)
    ]
