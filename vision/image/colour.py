"""Colours and light of a board's pixels."""

import cv2
import numpy as np

from calibration.geometry import Quad, Rect
from vision.image.arrays import Floats, Grey, Image, inside_of, window_around, window_of

LIT_LEVEL, PAPER_LEVEL = 120.0, 210.0
"""Level of a board's brightest hundredth below which it is brightened, and that of
paper then."""

BRIGHTEST_PERCENT, STEP_PX = 99.0, 4
"""Percentile of the levels that stands for paper in the light; how many are sampled."""


def brightest_channel(pixels: Image) -> Grey:
    """Return the largest of each pixel's channels, much faster than NumPy does."""
    one, two, three = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(one, two), three), np.uint8)


def darkest_channel(pixels: Image) -> Grey:
    """Return the smallest of each pixel's channels."""
    one, two, three = cv2.split(pixels)
    return np.asarray(cv2.min(cv2.min(one, two), three), np.uint8)


def lab_of(pixels: Image) -> Floats:
    """Return pixels in CIELAB, (H, W, 3)."""
    levels = np.divide(pixels, 255, dtype=np.float32)
    return np.asarray(cv2.cvtColor(levels, cv2.COLOR_BGR2Lab), np.float32)


def colour_in(pixels: Image, quad: Quad) -> tuple[int, int, int]:
    """Return the median colour, BGR, in a quad; ValueError if it has no pixel."""
    window = window_around(quad, pixels.shape)
    inside = window_of(pixels, window)[inside_of(quad, window)] if window else ()
    if len(inside) == 0:
        raise ValueError(f"expected a quad in {pixels.shape} pixels, got {quad}")
    blue, green, red = (round(value) for value in np.median(inside, axis=0).tolist())
    return (blue, green, red)


def brightened(pixels: Image, area: Rect) -> Image:
    """Return a dark picture as bright as one in good light, by a part of it."""
    paper = paper_level(pixels, area)
    if not 0 < paper < LIT_LEVEL:
        return pixels
    return np.asarray(cv2.convertScaleAbs(pixels, alpha=PAPER_LEVEL / paper), np.uint8)


def paper_level(pixels: Image, area: Rect) -> float:
    """Return the level of paper in the light in a part of a picture, 0 if all is black."""
    window = window_of(pixels, area)[::STEP_PX, ::STEP_PX]
    levels = window.max(axis=2, initial=0)
    levels = levels[levels > 0]
    return float(np.percentile(levels, BRIGHTEST_PERCENT)) if len(levels) else 0.0
