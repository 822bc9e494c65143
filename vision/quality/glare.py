"""Glare: a lamp or a window mirrored in the board, over a card.

A mirrored lamp is white whatever it lies on, without any writing in it, and it
fades out: a sheet of white paper is written on, and ends at an edge.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from calibration.layout import CellId
from vision.cards import ReadCard
from vision.detection.cells import cell_rects
from vision.image.arrays import Image
from vision.image.colour import darkest_channel
from vision.image.rectify import RectifiedBoard
from vision.quality.words import each_once, name_cells
from vision.reading import CellReading, Finding

CELL_PX = 80.0
"""Size of a cell (geometric mean of its sides) at which glare is looked for:
strokes blend with their paper there, so that written paper is not white."""

GLARE_LEVEL = 250
"""Level from which all channels are at the sensor's limit. Of eleven photos of
real boards, eight have not one pixel in a thousand that bright on the board."""

SAMPLE_NOISE = 5
"""Levels by which a single pixel of a white spot may be darker than the spot."""

NEAR_PX, FAR_PX = (2, 3), (6, 7)
"""Distances from a white spot at which it is looked at whether it fades, at that
size. Beyond an edge both see the same."""

MIN_FADING = 10.0
"""Levels by which glare is brighter near than far."""

FADED_LEVEL = 225.0
"""Level that the veil of a wide lamp still has far from its white middle."""

MIN_GLARE_PX = 20
"""Smaller spots are push-pins and tape: in pixels at that size, a third of a
per cent of a cell."""

MIN_HIDDEN = 0.05
"""Part of a card's area that must be white for its words to be lost. Of real
cards with a lamp drawn over them, 95% of those above had lost more than .15 in
CER, and 89% of those that had are above."""

MIN_LIT = 0.05
"""Part of a cell that must be white for it to be told before cards are found: of a
card it is twice as much."""

Mask = npt.NDArray[np.bool_]


def lit_cells(straight: RectifiedBoard) -> Finding | None:
    """Remark on cells that glare hides a part of, whatever hangs there.

    Parameters
    ----------
    straight : RectifiedBoard
    """
    scale = _scale(straight)
    spots = glare_spots(straight.pixels, scale)
    if not spots.any():
        return None
    lit = tuple(
        cell
        for cell, rect in cell_rects(straight.registration).items()
        if _share(spots, rect.to_quad().to_array() * scale) >= MIN_LIT
    )
    return _remark(lit) if lit else None


def glare(
    straight: RectifiedBoard,
    cells: Sequence[CellReading],
    cards: Sequence[ReadCard],
) -> Finding | None:
    """Remark on cards that glare hides a part of.

    Parameters
    ----------
    straight : RectifiedBoard
    cells : sequence of CellReading
        Every cell of the board, in its order.
    cards : sequence of ReadCard
        Where glare matters: on bare board it hides nothing.
    """
    registration = straight.registration
    area = registration.cell_area
    scale = _scale(straight)
    spots = glare_spots(straight.pixels, scale)
    if not spots.any():
        return None
    corner, size = (area.left, area.top), (area.width, area.height)
    lit = [
        card.reading.cell
        for card in cards
        if _share(spots, (card.quad_area.to_array() * size + corner) * scale)
        >= MIN_HIDDEN
    ]
    hidden = each_once(lit, [entry.cell for entry in cells])
    return _remark(hidden) if hidden else None


def _remark(cells: tuple[CellId, ...]) -> Finding:
    """Return the remark that glare hides part of cells."""
    return Finding(
        "glare",
        f"Glare hides part of {name_cells(cells)}. Take a step to the side and "
        "take it again.",
        cells,
    )


def _scale(straight: RectifiedBoard) -> float:
    """Return pixels at which glare is looked for per board pixel."""
    registration = straight.registration
    cells = len(registration.board.layout.cells)
    return float(CELL_PX / (registration.cell_area.area / cells) ** 0.5)


def glare_spots(board_pixels: Image, scale: float) -> Mask:
    """Return where a lamp or a window is mirrored.

    Parameters
    ----------
    board_pixels : ndarray of shape (H, W, 3), uint8, BGR
    scale : float
        Pixels of the mask per pixel of the board.

    Returns
    -------
    ndarray of shape (H * scale, W * scale), bool
    """
    height, width = board_pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if not _has_white(board_pixels, size):
        return np.zeros(size[::-1], np.bool_)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    # The darkest channel: a yellow card is bright, but not in blue.
    level = darkest_channel(
        np.asarray(cv2.resize(board_pixels, size, interpolation=method), np.uint8)
    )
    white = (level >= GLARE_LEVEL).astype(np.uint8)
    spots = np.zeros(level.shape, np.bool_)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(white, connectivity=4)
    reach = FAR_PX[1] + 1
    for index in range(1, count):
        left, top, across, down, pixels = boxes[index].tolist()
        if pixels < MIN_GLARE_PX:
            continue
        window = (
            slice(max(0, top - reach), top + down + reach),
            slice(max(0, left - reach), left + across + reach),
        )
        spot = labels[window] == index
        if _fades(spot, level[window]):
            spots[window] |= spot
    return spots


def _has_white(board_pixels: Image, size_wh: tuple[int, int]) -> bool:
    """Tell whether anything may be white once a picture is shrunk to a size.

    A few single pixels tell it: shrinking looks at all of them, and takes long.
    """
    samples = cv2.resize(
        board_pixels,
        (2 * size_wh[0], 2 * size_wh[1]),
        interpolation=cv2.INTER_NEAREST,
    )
    level = darkest_channel(np.asarray(samples, np.uint8)).max(initial=0)
    return bool(level >= GLARE_LEVEL - SAMPLE_NOISE)


def _fades(spot: Mask, level: npt.NDArray[np.uint8]) -> bool:
    """Tell whether a white spot fades into what is around it."""
    near, far = (_ring_level(spot, level, ring) for ring in (NEAR_PX, FAR_PX))
    return near - far >= MIN_FADING or far >= FADED_LEVEL


def _ring_level(
    spot: Mask, level: npt.NDArray[np.uint8], ring_px: tuple[int, int]
) -> float:
    """Return the median level between two distances from a spot; 0 if cut off."""
    inner, outer = (
        cv2.dilate(
            spot.astype(np.uint8),
            cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * px + 1, 2 * px + 1)),
        )
        for px in ring_px
    )
    ring = level[(outer > 0) & (inner == 0)]
    return float(np.median(ring)) if ring.size else 0.0


def _share(spots: Mask, corners: npt.NDArray[np.float64]) -> float:
    """Return the part of a quad that spots cover, 0 outside of the picture.

    Parameters
    ----------
    spots : ndarray of shape (H, W), bool
    corners : ndarray of shape (4, 2), float64
        In pixels of the mask.
    """
    canvas = np.zeros(spots.shape, np.uint8)
    cv2.fillConvexPoly(canvas, np.rint(corners).astype(np.int32), 1)
    inside = canvas > 0
    return float(spots[inside].mean()) if inside.any() else 0.0
