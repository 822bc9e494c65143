"""Whether a picture can be read at all, told before anything is read in it.

Whole pictures are judged by the places in which most is to be seen: cards and
writing, wherever they are.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

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
    step = _step_px(places)
    # Every pixel of large places costs more than all else that is asked of them.
    coarse = np.ascontiguousarray(pixels[::step, ::step])
    found = [
        (seen, rect)
        for rect in places
        if _lies_within(rect, pixels)
        and (seen := _to_see(_window(coarse, _shrunk(rect, step)))) is not None
    ]
    # Of places with as much to see the earlier.
    found.sort(key=lambda look: look[0], reverse=True)
    for _, rect in found[:PLACES]:
        focus = focus_of(_window(pixels, rect))
        if math.isfinite(focus):
            yield focus


def _step_px(places: Sequence[Rect]) -> int:
    """Return the distance of the pixels that are enough to compare places."""
    least = min((min(rect.width, rect.height) for rect in places), default=0.0)
    return max(1, int(least) // (2 * PLACE_PX))


def _shrunk(rect: Rect, step: int) -> Rect:
    left, top = rect.left / step, rect.top / step
    return Rect(left, top, left + rect.width / step, top + rect.height / step)


def _lies_within(rect: Rect, pixels: Image) -> bool:
    """Tell whether a place is wholly in a picture, and large enough to be judged."""
    height, width = pixels.shape[:2]
    return (
        min(rect.left, rect.top) >= 0
        and rect.right <= width
        and rect.bottom <= height
        and min(rect.width, rect.height) >= PLACE_PX
    )


def _to_see(crop: Image) -> float | None:
    """Return how much there is to see in a place, in grey levels.

    None if it is not wholly in the photo.
    """
    size = (PLACE_PX, PLACE_PX)
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    unseen = float((small.max(axis=2) == 0).mean())
    return None if unseen > MAX_BLACK else float(small.std(axis=(0, 1)).max())


def _window(pixels: Image, rect: Rect) -> Image:
    """Return the pixels of a rect, as far as there are any."""
    return pixels[
        max(0, round(rect.top)) : max(0, round(rect.bottom)),
        max(0, round(rect.left)) : max(0, round(rect.right)),
    ]
