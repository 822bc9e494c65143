"""Too little light, or too much."""

from collections.abc import Sequence

from vision.identity import SeenCard
from vision.ocr.engine import Image
from vision.quality.doubt import read_surely
from vision.reading import Finding

DARK_LEVEL = 50
"""Mean level below which noise can drown pens. Of real cards darkened to less, with
the noise of so little light, and read in doubt, 88% had lost more than .15 in CER;
88% of those that had are found."""

BRIGHT_SHARE = 0.25
"""Part of the board at the sensor's limit from which it is overexposed."""

SATURATED_LEVEL = 254
"""Level from which a channel is at the sensor's limit: of 255, and JPEG errs."""

STEP_PX = 8
"""Every so many pixels are looked at: light is even over many more."""


def light(board_pixels: Image, cards: Sequence[SeenCard]) -> Finding | None:
    """Remark on a dark or overexposed board.

    Parameters
    ----------
    board_pixels : ndarray of shape (H, W, 3), uint8, BGR
        The straight picture; black where the photo does not reach, which is not
        darkness.
    cards : sequence of SeenCard
        The cards of the photo. If they were read all the same it is light enough.
    """
    small = board_pixels[::STEP_PX, ::STEP_PX]
    levels = small[small.max(axis=2) > 0]
    if len(levels) == 0:
        return None
    if float(levels.mean()) < DARK_LEVEL and not read_surely(cards):
        return Finding(
            "dark", "The photo is dark. Switch on the light and take it again."
        )
    if float((levels.min(axis=1) >= SATURATED_LEVEL).mean()) > BRIGHT_SHARE:
        return Finding(
            "overexposed",
            "The photo is overexposed. Tap on the board before you take it again.",
        )
    return None
