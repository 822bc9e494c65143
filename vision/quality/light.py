"""Too little light: noise drowns the ink. Too much: a good part of the board is white."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vision.image.arrays import Image
from vision.quality.letters import Letters
from vision.reading import Finding

MIN_LEVEL = 16
"""Mean level of a board below which it is dark: 84% had lost more than .15 in CER."""

LIT_LEVEL = 40
"""Mean level of a card from which faint ink is not for want of light."""

MIN_CONTRAST = 8.0
"""Levels between ink and paper below which noise drowns the ink, where it is dark: 84%
of darkened crops below had lost more than .15 in CER; none as it was is."""

STEP_PX = 8
"""Every so many pixels are sampled."""

DARK = Finding("dark", "The photo is dark. Switch on the light and take it again.")

MIN_WHITE, SATURATED_LEVEL = 0.25, 254
"""Part of the board at the sensor's limit from which it is overexposed, and that level:
of 255, and JPEG errs."""

OVEREXPOSED = Finding(
    "overexposed",
    "The photo is overexposed. Tap on the board before you take it again.",
)


def light_of(pixels: Image) -> Finding | None:
    """Return the finding on a dark or too bright rectified board, (H, W, 3) uint8 BGR."""
    levels = seen_levels(pixels)
    if len(levels) == 0:
        return None
    if float(levels.mean()) < MIN_LEVEL:
        return DARK
    share = float((levels.min(axis=1) >= SATURATED_LEVEL).mean())
    return OVEREXPOSED if share > MIN_WHITE else None


def dark_cards(letters: Sequence[Letters]) -> Finding | None:
    """Return the finding on cards so dark that no ink stands out."""
    if not letters:
        return None
    level = float(np.median([one.level for one in letters]))
    contrast = float(np.median([one.contrast for one in letters]))
    return DARK if level < LIT_LEVEL and contrast < MIN_CONTRAST else None


def seen_levels(pixels: Image) -> npt.NDArray[np.uint8]:
    """Return some of a picture's pixels, (N, 3), without the black ones outside."""
    small = pixels[::STEP_PX, ::STEP_PX]
    return np.asarray(small[small.any(axis=2)], np.uint8)
