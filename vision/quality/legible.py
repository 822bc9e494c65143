"""Whether a picture can be read at all, told before anything is read in it.

Whole pictures are judged by the places in which most is to be seen: cards and
writing, wherever they are.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from vision.ocr.engine import Image
from vision.quality.blur import MIN_FOCUS, focus_of
from vision.quality.light import SURELY_DARK_LEVEL, seen_levels
from vision.reading import Finding

LOST_FOCUS = 1.03
"""Focus of the sharpest place below which nothing is read. Of eight real boards out of
focus, shaken, shrunk and darkened step by step, those of which 6% of the words were
still read reach 1.04 and more; out of focus by 3% of the height of their cards, of
which none is read, all are below 1.0 but one."""

BLACK_LEVEL = 16.0
"""Level of the brightest hundredth of the board below which no ink stands out from
its paper. Below 20 nothing was read of any of those boards; at 21, of a whiteboard
without any noise, 92%."""

PLACES = 9
"""Places judged: an odd number, so that one is in the middle."""

MIN_PLACES = 4
"""Fewer places with anything to see say nothing about the photo."""

PLACE_PX = 24
"""Size at which places are compared: what is seen there is more than noise."""

MAX_BLACK = 0.05
"""Part of a place that may lie outside of the photo."""

BRIGHTEST_PERCENT = 99.0
"""Percentile of the levels that stands for paper in the light."""


@dataclass(frozen=True, slots=True)
class Illegible:
    """Why nothing can be read in a picture.

    Parameters
    ----------
    message : str
        What is wrong, one sentence.
    hint : str
        What to do about it, one sentence.
    """

    message: str
    hint: str


TOO_DARK = Illegible(
    "The photo is too dark to be read.",
    "Switch on the light, or tap on the board, and take it again.",
)
TOO_BLURRED = Illegible(
    "The photo is too blurred to be read.",
    "Hold still, let it focus and take it again.",
)


def why_illegible(pixels: Image, places: Sequence[Rect]) -> Illegible | None:
    """Return why no word could be read in a picture.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        Black where the photo does not reach.
    places : sequence of Rect
        Where cards may be, for example the cells; at least one.

    Returns
    -------
    Illegible or None
        None if something may be read.
    """
    crops = [_window(pixels, rect) for rect in places]
    levels = np.concatenate([seen_levels(crop) for crop in crops])
    if len(levels) == 0:
        return None
    if float(np.percentile(levels, BRIGHTEST_PERCENT)) < BLACK_LEVEL:
        return TOO_DARK
    if float(levels.mean()) < SURELY_DARK_LEVEL:
        return None  # in the dark everything is soft
    lost = 0
    for focus in _focus_of_places(pixels, places):
        if focus >= LOST_FOCUS:
            return None  # one sharp place is enough, and mostly it is the first
        lost += 1
    return TOO_BLURRED if lost >= MIN_PLACES else None


def soft(pixels: Image, places: Sequence[Rect]) -> Finding | None:
    """Remark on a picture that is blurred all over.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
    places : sequence of Rect
        Where cards may be.
    """
    focus = sorted(focus_of_places(pixels, places))
    if not focus or focus[len(focus) // 2] >= MIN_FOCUS:
        return None
    return Finding(
        "blurred",
        "The photo is blurred. Hold still, let it focus and take it again.",
    )


def focus_of_places(pixels: Image, places: Sequence[Rect]) -> tuple[float, ...]:
    """Tell how sharp a picture is in the places where most is to be seen.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
    places : sequence of Rect

    Returns
    -------
    tuple of float
        See `vision.quality.blur.focus_of`, finite; empty where too little is seen.
    """
    found = tuple(_focus_of_places(pixels, places))
    return found if len(found) >= MIN_PLACES else ()


def _focus_of_places(pixels: Image, places: Sequence[Rect]) -> Iterator[float]:
    """Yield the focus of places that are not blank, where most is to be seen first."""
    found = [look for rect in places if (look := _looked_at(pixels, rect)) is not None]
    # Of places with as much to see the earlier.
    found.sort(key=lambda look: look[0], reverse=True)
    for _, crop in found[:PLACES]:
        focus = focus_of(crop)
        if math.isfinite(focus):
            yield focus


def _looked_at(pixels: Image, rect: Rect) -> tuple[float, Image] | None:
    """Return how much there is to see in a place, in grey levels, and its pixels.

    None if it is not wholly in the photo.
    """
    height, width = pixels.shape[:2]
    if rect.left < 0 or rect.top < 0 or rect.right > width or rect.bottom > height:
        return None
    crop = _window(pixels, rect)
    if min(crop.shape[:2]) < PLACE_PX:
        return None
    small = _small(crop)
    unseen = float((small.max(axis=2) == 0).mean())
    if unseen > MAX_BLACK:
        return None
    return float(small.std(axis=(0, 1)).max()), crop


def _window(pixels: Image, rect: Rect) -> Image:
    """Return the pixels of a rect, as far as there are any."""
    return pixels[
        max(0, round(rect.top)) : max(0, round(rect.bottom)),
        max(0, round(rect.left)) : max(0, round(rect.right)),
    ]


def _small(crop: Image) -> npt.NDArray[np.uint8]:
    """Return a place at the size at which places are compared."""
    size = (PLACE_PX, PLACE_PX)
    # Every pixel of a large place costs more than all else that is asked of it.
    step = max(1, min(crop.shape[:2]) // (4 * PLACE_PX))
    small = cv2.resize(crop[::step, ::step], size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)
