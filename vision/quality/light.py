"""Too little light, or too much."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.cards import ReadCard
from vision.image.arrays import Image
from vision.quality.doubt import read_surely
from vision.quality.letters import Letters
from vision.reading import Finding

DARK_LEVEL = 40
"""Mean level below which noise can drown pens. Of real boards darkened to less, with
the noise of so little light, and read in doubt, 88% had lost more than .15 in CER on
half of their cards; 81% of those that had are found."""

MIN_CONTRAST_UNREAD = 8.0
"""Levels between ink and paper below which noise and rounding drown the ink, where it is
dark. Of 661 crops of 84 real cards, as they were and darkened to mean levels of 14 to
60 with the noise of so little light, 84% of those called dark had lost more than .15 in
CER, and 56% of those that had are called so (7: .85, .54; 10: .74, .72; by the mean level
alone, .65 at the same share); none of the cards as they were is. Of 18 boards called
dark, 16 had lost half of their cards."""

MIN_CARDS = 3
"""Cards that say something about the photo: a single one may be a dark coat."""

SURELY_DARK_LEVEL = 16
"""Mean level below which nobody needs to wait for the cards: of those darkened to less
84% had lost more than .15 in CER (to 25: 60%)."""

DIM_LEVEL = 25
"""Mean level below which pictures are soft, in focus or not."""

BRIGHT_SHARE = 0.25
"""Part of the board at the sensor's limit from which it is overexposed."""

SATURATED_LEVEL = 254
"""Level from which a channel is at the sensor's limit: of 255, and JPEG errs."""

BLACK = (0, 0, 0)
"""Of every pixel outside of the photo, BGR."""

STEP_PX = 8
"""Every so many pixels are looked at: light is even over many more."""

DARK = Finding("dark", "The photo is dark. Switch on the light and take it again.")
OVEREXPOSED = Finding(
    "overexposed",
    "The photo is overexposed. Tap on the board before you take it again.",
)


def light(board_pixels: Image) -> Finding | None:
    """Remark on a picture that is too dark or too bright whatever is on it.

    Parameters
    ----------
    board_pixels : ndarray of shape (H, W, 3), uint8, BGR
        The straight picture; black where the photo does not reach, which is not
        darkness.
    """
    levels = seen_levels(board_pixels)
    if len(levels) == 0:
        return None
    if float(levels.mean()) < SURELY_DARK_LEVEL:
        return DARK
    bright = float((levels.min(axis=1) >= SATURATED_LEVEL).mean()) > BRIGHT_SHARE
    return OVEREXPOSED if bright else None


def gloomy(board_pixels: Image, cards: Sequence[ReadCard]) -> Finding | None:
    """Remark on a rather dark picture, if its words are in doubt.

    Parameters
    ----------
    board_pixels : ndarray of shape (H, W, 3), uint8, BGR
        The straight picture.
    cards : sequence of ReadCard
        The cards of the photo. If they were read all the same it is light enough.
    """
    levels = seen_levels(board_pixels)
    if len(levels) == 0 or float(levels.mean()) >= DARK_LEVEL or read_surely(cards):
        return None
    return DARK


def gloomy_unread(letters: Sequence[Letters]) -> Finding | None:
    """Remark on cards so dark that no ink stands out, before they are read.

    Parameters
    ----------
    letters : sequence of Letters
        Of the cards that are to be read.
    """
    if len(letters) < MIN_CARDS:
        return None  # they are read in a moment
    level = float(np.median([one.level for one in letters]))
    contrast = float(np.median([one.contrast for one in letters]))
    return DARK if level < DARK_LEVEL and contrast < MIN_CONTRAST_UNREAD else None


def seen_levels(pixels: Image) -> npt.NDArray[np.uint8]:
    """Return some of a picture's pixels, shape (N, 3), without those outside."""
    height, width = (-(-length // STEP_PX) for length in pixels.shape[:2])
    if 0 in (height, width):
        return np.empty((0, 3), np.uint8)
    # The nearest pixels: NumPy's own steps through them take ten times as long.
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(small[unseen(np.asarray(small, np.uint8)) == 0], np.uint8)


def unseen(pixels: Image) -> npt.NDArray[np.uint8]:
    """Return where a picture is black as nothing is that a camera sees.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR

    Returns
    -------
    ndarray of shape (H, W), uint8
        255 where the photo does not reach, else 0.
    """
    # NumPy takes ten times as long to find the greatest of three channels.
    return np.asarray(cv2.inRange(pixels, BLACK, BLACK), np.uint8)
