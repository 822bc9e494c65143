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
from vision.image.arrays import Image
from vision.image.shrink import Grey
from vision.quality.blur import MIN_FOCUS, focus_of
from vision.quality.light import DIM_LEVEL, seen_levels, unseen
from vision.reading import Finding

LOST_FOCUS = 1.03
"""Focus of the sharpest place below which nothing is read. Of eight real boards out of
focus, shaken, shrunk and darkened step by step, those of which 6% of the words were
still read reach 1.04 and more; out of focus by 3% of the height of their cards, of
which none is read, all are below 1.0 but one."""

BLACK_LEVEL = 16
"""Level of the brightest hundredth of the board below which no ink stands out from
its paper. Below 20 nothing was read of any of those boards; at 21, of a whiteboard
without any noise, 92%."""

PLACES = 9
"""Places judged: an odd number, so that one is in the middle."""

MIN_PLACES = 4
"""Fewer places with anything to see say nothing about the photo."""

PLACE_PX = 24
"""Least size at which places are compared: what is seen there is more than noise."""

MAX_BLACK = 0.05
"""Part of a place that may lie outside of the photo."""

WHITE = 255.0
"""Where a mask says yes."""

BRIGHTEST_SHARE = 0.01
"""Part of the levels that stands for paper in the light."""


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
    levels = seen_levels(_window(pixels, Rect.around(places)))
    if len(levels) == 0:
        return None
    if np.count_nonzero(levels >= BLACK_LEVEL) < BRIGHTEST_SHARE * levels.size:
        return TOO_DARK
    if float(levels.mean()) < DIM_LEVEL:
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
    levels = seen_levels(pixels)
    if len(levels) > 0 and float(levels.mean()) < DIM_LEVEL:
        return None  # in the dark everything is soft
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
    coarse = _coarse(pixels, _step_px(places))
    black = unseen(coarse)
    down, across = (
        small / whole for small, whole in zip(black.shape, pixels.shape, strict=False)
    )
    found = [
        (seen, rect)
        for rect in places
        if _lies_within(rect, pixels)
        and (seen := _to_see(coarse, black, _scaled(rect, across, down))) is not None
    ]
    # Of places with as much to see the earlier.
    found.sort(key=lambda look: look[0], reverse=True)
    for _, rect in found[:PLACES]:
        focus = focus_of(_window(pixels, rect))
        if math.isfinite(focus):
            yield focus


def _step_px(places: Sequence[Rect]) -> int:
    """Return how many pixels in a row are one where places are compared."""
    least = min((min(rect.width, rect.height) for rect in places), default=0.0)
    return max(1, int(least) // (2 * PLACE_PX))


def _coarse(pixels: Image, step: int) -> Image:
    """Return a picture shrunk so that noise is less and what is drawn is left.

    Each pixel is the mean of four: an average of all costs ten times as much.
    """
    height, width = pixels.shape[:2]
    size_wh = max(1, width // step), max(1, height // step)
    small = cv2.resize(pixels, size_wh, interpolation=cv2.INTER_LINEAR)
    return np.asarray(small, np.uint8)


def _scaled(rect: Rect, across: float, down: float) -> Rect:
    return Rect(
        rect.left * across, rect.top * down, rect.right * across, rect.bottom * down
    )


def _lies_within(rect: Rect, pixels: Image) -> bool:
    """Tell whether a place is wholly in a picture, and large enough to be judged."""
    height, width = pixels.shape[:2]
    return (
        min(rect.left, rect.top) >= 0
        and rect.right <= width
        and rect.bottom <= height
        and min(rect.width, rect.height) >= PLACE_PX
    )


def _to_see(coarse: Image, black: Grey, rect: Rect) -> float | None:
    """Return how much there is to see in a place, in grey levels.

    None if it is not wholly in the photo.
    """
    if cv2.mean(_window(black, rect))[0] > MAX_BLACK * WHITE:
        return None
    _, deviations = cv2.meanStdDev(_window(coarse, rect))
    return float(np.max(deviations))


def _window(pixels: Image | Grey, rect: Rect) -> Image | Grey:
    """Return the pixels of a rect, as far as there are any."""
    return pixels[
        max(0, round(rect.top)) : max(0, round(rect.bottom)),
        max(0, round(rect.left)) : max(0, round(rect.right)),
    ]
