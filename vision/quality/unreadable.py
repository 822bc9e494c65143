"""Pictures in which no word can be read: refused before anything is read in them."""

from collections.abc import Sequence

import numpy as np

from calibration.geometry import Rect
from vision.errors import UnreadablePhotoError
from vision.image.arrays import Image, window_of
from vision.quality.blurred import focus_is_lost
from vision.quality.light import seen_levels

LOST_FOCUS = 1.03
"""Focus of the sharpest place below which nothing is read: of eight real boards,
blurred step by step, those of which 6% of the words were read reach 1.04; those out of
focus by 3% of a card's height, of which none is, are below 1.0 but one."""

BLACK_LEVEL = 16
"""Level of the brightest hundredth of the board below which no ink stands out: below 20
nothing was read of any of those boards."""

BRIGHTEST_PERCENT = 99
"""Percentile of the levels that stands for paper in the light."""


def unreadable(pixels: Image, places: Sequence[Rect]) -> UnreadablePhotoError | None:
    """Return why no word could be read in a picture; None if something may be.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        Black where the photo does not reach.
    places : sequence of Rect
        Where cards may be, for example the cells, in pixels; at least one.
    """
    levels = seen_levels(window_of(pixels, Rect.around(places)))
    if len(levels) and np.percentile(levels, BRIGHTEST_PERCENT) < BLACK_LEVEL:
        return UnreadablePhotoError(
            "The photo is too dark to be read.",
            hint="Switch on the light, or tap on the board, and take it again.",
        )
    if focus_is_lost(pixels, places, LOST_FOCUS):
        return UnreadablePhotoError(
            "The photo is too blurred to be read.",
            hint="Hold still, let it focus and take it again.",
        )
    return None
