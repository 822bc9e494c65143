"""Too little light, or too much."""

from vision.ocr.engine import Image
from vision.reading import Finding

DARK_LEVEL = 30
"""Mean level below which noise drowns pens: of real cards darkened to it, with the
noise that goes with so little light, two of three lost more than .15 in CER (below
20 four of five, below 50, where this stood by taste, one of two); it finds 78%."""

BRIGHT_SHARE = 0.25
"""Part of the board at the sensor's limit from which it is overexposed."""

SATURATED_LEVEL = 254
"""Level from which a channel is at the sensor's limit: of 255, and JPEG errs."""

STEP_PX = 8
"""Every so many pixels are looked at: light is even over many more."""


def light(board_pixels: Image) -> Finding | None:
    """Remark on a dark or overexposed board.

    Parameters
    ----------
    board_pixels : ndarray of shape (H, W, 3), uint8, BGR
        The straight picture; black where the photo does not reach, which is not
        darkness.
    """
    small = board_pixels[::STEP_PX, ::STEP_PX]
    levels = small[small.max(axis=2) > 0]
    if len(levels) == 0:
        return None
    if float(levels.mean()) < DARK_LEVEL:
        return Finding(
            "dark", "The photo is dark. Switch on the light and take it again."
        )
    if float((levels.min(axis=1) >= SATURATED_LEVEL).mean()) > BRIGHT_SHARE:
        return Finding(
            "overexposed",
            "The photo is overexposed. Tap on the board before you take it again.",
        )
    return None
