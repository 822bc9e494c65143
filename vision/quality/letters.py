"""How high and how dark the letters on a card are, from its pixels alone.

By connected pieces of ink, of which high ones count more: that predicts misreading
better than the height of the lines that an engine found.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calibration.layout import CellId
from vision.image.arrays import Grey, Image, grey_of, resized

MIN_CARDS = 3
"""Cards from which they say something about their photo."""

VIEW_WIDTH_PX, MAX_ENLARGED, INSET = 480, 2.0, 0.06
"""Width at which cards are judged, that at which engines read them; how far smaller
ones are enlarged; part of a crop left out along each side."""

SURROUNDINGS = 1 / 6
"""Side of a letter's surroundings, of the card's shorter side: wider than a line."""

LIGHT_INK = 1.2
"""Times as much (in squares) that a card differs to the bright side as to the dark one
where its ink is lighter: 1% of 662 real crops, and 89% of their negatives."""

MIN_HEIGHT_PX, MAX_HEIGHT, MAX_SLENDER, MIN_PIECES = 1.25, 0.6, 10.0, 4
"""Of a piece of ink: least height in the crop, greatest of the card's, greatest length
in its widths (rules); pieces that make writing."""

PAPER_CONTRAST = 0.03
"""Contrast of ink, of the card's own level, below which it is the paper's grain."""

BORDER, MARK_HEIGHT = 0.15, 0.05
"""Part of a card along each side in which pins are; least length of a piece of a mark,
of the card's height."""

MARK_PIECES = 1
"""Most compact pieces of ink on a card with nothing but a mark: so have 85 of 89 drawn
ones, and of 297 real cards with words one."""


@dataclass(frozen=True, slots=True, eq=False)
class CardCrop:
    """A card's crop, (H, W, 3) uint8 BGR, and its cell; None where it is not named."""

    cell: CellId | None
    pixels: Image


@dataclass(frozen=True, slots=True)
class Letters:
    """The size and contrast of a card's writing.

    The height of its letters in pixels of the crop, 0.43 times a line's, None without
    any; grey levels between the ink and what is around it; the mean level of the card.
    """

    height_px: float | None
    contrast: float
    level: float


def letters_of(crop: Image) -> Letters:
    """Measure the letters in a crop, (H, W, 3) BGR, upright or turned by a quarter."""
    view, scale = view_of(crop, MAX_ENLARGED)
    deviation, ink = _ink(view)
    heights = np.sort(_heights(ink, MIN_HEIGHT_PX * scale))
    height_px = None
    if len(heights) >= MIN_PIECES:
        # That which half of all heights, laid end to end, reaches.
        reached = np.cumsum(heights)
        height_px = float(heights[np.searchsorted(reached, reached[-1] / 2)]) / scale
    return Letters(height_px, cv2.mean(deviation, ink)[0], cv2.mean(view)[0])


def is_unwritten(crop: Image) -> bool:
    """Tell whether nothing is on a crop but a mark: an arrow, a bar, one letter."""
    view, _ = view_of(crop, MAX_ENLARGED)
    deviation, ink = _ink(view)
    contrast = cv2.mean(deviation, ink)[0]
    if contrast < PAPER_CONTRAST * cv2.mean(view)[0]:
        return True
    size_wh = np.array(ink.shape[::-1], np.float64)
    _, _, stats, middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].astype(np.float64)
    within = np.abs(middles[1:] / size_wh - 0.5).max(axis=1) < 0.5 - BORDER
    long = sides.max(axis=1) >= MARK_HEIGHT * size_wh[1]
    slender = sides.max(axis=1) >= MAX_SLENDER * sides.min(axis=1)
    return int((within & long & ~slender).sum()) <= MARK_PIECES


def view_of(crop: Image, max_enlarged: float) -> tuple[Grey, float]:
    """Return the inside of a card in grey, enlarged up to a limit, and its scale."""
    height, width = crop.shape[:2]
    down, across = int(INSET * height), int(INSET * width)
    inside = grey_of(crop[down : height - down, across : width - across])
    scale = min(VIEW_WIDTH_PX / width, max_enlarged)
    return resized(inside, scale), scale


def _ink(view: Grey) -> tuple[Grey, Grey]:
    """Return by how much each pixel differs as ink does, and where ink is, 0 or 1."""
    side = max(3, int(SURROUNDINGS * min(view.shape)) | 1)
    around = cv2.blur(view, (side, side), borderType=cv2.BORDER_REPLICATE)
    darker, lighter = cv2.subtract(around, view), cv2.subtract(view, around)
    dark, light = (cv2.norm(part, cv2.NORM_L2SQR) for part in (darker, lighter))
    deviation = np.asarray(lighter if light > LIGHT_INK * dark else darker, np.uint8)
    _, ink = cv2.threshold(deviation, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return deviation, np.asarray(ink, np.uint8)


def _heights(ink: Grey, min_px: float) -> npt.NDArray[np.float64]:
    """Return the heights of the pieces of ink that may be letters, (N,)."""
    height, width = ink.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, across, down, _ = stats[1:].T.astype(np.float64)
    within = (left > 0) & (top > 0) & (left + across < width) & (top + down < height)
    high = (down >= min_px) & (down < MAX_HEIGHT * height)
    slender = np.maximum(across, down) >= MAX_SLENDER * np.minimum(across, down)
    return np.asarray(down[within & high & ~slender], np.float64)
