"""Dark pictures, made as bright as those in good light.

Colours that are told apart in the light fall together in the dark, for whoever
looks at their distances.
"""

import cv2
import numpy as np

from calibration.geometry import Rect
from vision.image.arrays import Image

LIT_LEVEL = 120.0
"""Level of the brightest hundredth of a board below which it is brightened. On real
boards it is 188 and more."""

BRIGHTEST_PERCENT = 99.0
"""Percentile of the levels that stands for paper in the light."""

STEP_PX = 4
"""Every so many pixels are looked at: a hundredth of them tells as much."""

PAPER_LEVEL = 210.0
"""Level that it gets."""


def brightened(pixels: Image, area: Rect) -> Image:
    """Return a dark picture as bright as one in good light; others as they are.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        Black where the photo does not reach, which is not darkness.
    area : Rect
        The board in it: what is beside may stand in another light.
    """
    paper = paper_level(pixels, area)
    if not 0 < paper < LIT_LEVEL:
        return pixels
    return np.asarray(cv2.convertScaleAbs(pixels, alpha=PAPER_LEVEL / paper), np.uint8)


def paper_level(pixels: Image, area: Rect) -> float:
    """Return the level that paper in the light has, 0 where nothing is seen.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
    area : Rect
        Where it is looked for.
    """
    levels = pixels[
        max(0, round(area.top)) : max(0, round(area.bottom)) : STEP_PX,
        max(0, round(area.left)) : max(0, round(area.right)) : STEP_PX,
    ].max(axis=2, initial=0)
    levels = levels[levels > 0]
    return float(np.percentile(levels, BRIGHTEST_PERCENT)) if len(levels) else 0.0
