"""Too much light: a good part of the board is white."""

from vision.image.arrays import Image
from vision.quality.dark import seen_levels
from vision.reading import Finding

MIN_SHARE = 0.25
"""Part of the board at the sensor's limit from which it is overexposed."""

SATURATED_LEVEL = 254
"""Level from which a channel is at the sensor's limit: of 255, and JPEG errs."""

OVEREXPOSED = Finding(
    "overexposed",
    "The photo is overexposed. Tap on the board before you take it again.",
)


def overexposed(pixels: Image) -> Finding | None:
    """Return the finding on a rectified board, (H, W, 3) uint8 BGR, if too bright."""
    levels = seen_levels(pixels)
    if len(levels) == 0:
        return None
    share = float((levels.min(axis=1) >= SATURATED_LEVEL).mean())
    return OVEREXPOSED if share > MIN_SHARE else None
