"""Too little light: noise drowns the ink."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.image.arrays import Image
from vision.quality.letters import Letters
from vision.reading import Finding

MIN_LEVEL = 16
"""Mean level of a board below which nobody needs to look at its cards: of real boards
darkened to less 84% had lost more than .15 in CER (to 25: 60%)."""

LIT_LEVEL = 40
"""Mean level of a card from which faint ink is not faint for want of light."""

MIN_CONTRAST = 8.0
"""Levels between ink and paper below which noise and rounding drown the ink, where it is
dark. Of 661 crops of 84 real cards, as they were and darkened to mean levels of 14 to
60 with the noise of so little light, 84% of those called dark had lost more than .15 in
CER, and 56% of those that had are called so (7: .85, .54; 10: .74, .72; by the mean level
alone, .65 at the same share); none of the cards as they were is. Of 18 boards called
dark, 16 had lost half of their cards."""

STEP_PX = 8
"""Every so many pixels are looked at: light is even over many more."""

DARK = Finding("dark", "The photo is dark. Switch on the light and take it again.")


def dark_board(pixels: Image) -> Finding | None:
    """Tell that a rectified board is dark whatever hangs on it.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        Black where the photo does not reach, which is not darkness.
    """
    levels = seen_levels(pixels)
    return DARK if len(levels) and float(levels.mean()) < MIN_LEVEL else None


def dark_cards(letters: Sequence[Letters]) -> Finding | None:
    """Tell that cards are so dark that no ink stands out.

    Parameters
    ----------
    letters : sequence of Letters
        On the cards of a photo; none if they say nothing about it.
    """
    if not letters:
        return None
    level = float(np.median([one.level for one in letters]))
    contrast = float(np.median([one.contrast for one in letters]))
    return DARK if level < LIT_LEVEL and contrast < MIN_CONTRAST else None


def seen_levels(pixels: Image) -> npt.NDArray[np.uint8]:
    """Return some of a picture's pixels, (N, 3), without the black ones outside."""
    height, width = (-(-length // STEP_PX) for length in pixels.shape[:2])
    if 0 in (height, width):
        return np.empty((0, 3), np.uint8)
    # The nearest pixels: NumPy's own steps through them take ten times as long.
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(small[small.any(axis=2)], np.uint8)
