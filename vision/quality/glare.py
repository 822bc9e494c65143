"""Glare: a lamp or a window mirrored in the board.

A mirrored lamp is white whatever it lies on, without any writing in it, and it
fades out: a sheet of white paper is written on, and ends at an edge.
"""

import cv2
import numpy as np

from vision.image.arrays import Grey, Image, Mask, resized
from vision.image.colour import darkest_channel
from vision.quality.covered import cells_under
from vision.reading import Finding, name_cells
from vision.registration.rectify import RectifiedBoard

CELL_PX = 80.0
"""Size of a cell at which glare is sought: written paper is not white there."""

GLARE_LEVEL = 250
"""Level from which all channels are at the sensor's limit."""

NEAR_PX, FAR_PX, MIN_FADING, FADED_LEVEL = (2, 3), (6, 7), 10.0, 225.0
"""Distances from a white spot at which its fading is measured; levels by which glare is
brighter near than far; level that the veil of a wide lamp has far away."""

MIN_GLARE_PX = 20
"""Smaller spots, in pixels at that size, are push-pins and tape."""

MIN_LIT = 0.05
"""Part of a cell that must be white: 95% of such cards had lost .15 in CER."""


def glare(board: RectifiedBoard) -> Finding | None:
    """Tell which cells glare hides a part of."""
    registration = board.registration
    scale = CELL_PX / registration.cell_px
    spots = _spots(board.pixels, scale)
    rects = registration.cell_rects.items()
    lit = cells_under(spots, {c: rect.scaled(scale) for c, rect in rects}, MIN_LIT)
    if not lit:
        return None
    return Finding(
        "glare",
        f"Glare hides part of {name_cells(lit)}. Take a step to the side and take it "
        "again.",
        lit,
    )


def _spots(pixels: Image, scale: float) -> Mask:
    """Return where a lamp or a window is mirrored, (H, W) times the scale."""
    small = resized(pixels, scale, cv2.INTER_AREA)
    # The darkest channel: a yellow card is bright, but not in blue.
    level = darkest_channel(small)
    white = (level >= GLARE_LEVEL).astype(np.uint8)
    spots = np.zeros(level.shape, np.bool_)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(white, connectivity=4)
    reach = FAR_PX[1] + 1
    for index in range(1, count):
        left, top, across, down, area = boxes[index].tolist()
        if area < MIN_GLARE_PX:
            continue
        window = (
            slice(max(0, top - reach), top + down + reach),
            slice(max(0, left - reach), left + across + reach),
        )
        spot = labels[window] == index
        if _fades(spot, level[window]):
            spots[window] |= spot
    return spots


def _fades(spot: Mask, level: Grey) -> bool:
    """Tell whether a white spot fades into what is around it."""
    away = cv2.distanceTransform((~spot).astype(np.uint8), cv2.DIST_L2, 5)
    near, far = (
        float(np.median(ring)) if ring.size else 0.0
        for low, high in (NEAR_PX, FAR_PX)
        for ring in [level[(away > low) & (away <= high)]]
    )
    return near - far >= MIN_FADING or far >= FADED_LEVEL
