"""Somebody in front of the board, and the cells that are occluded for that.

Somebody has neither the board's colours nor is a card, is as large as a head at least,
and reaches in from beside.
"""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.image.arrays import Mask, window_of
from vision.reading import CellReading, Finding, name_cells
from vision.registration.frame import Registration

CARD_RIM, MIN_WIDTH, MIN_SIZE = 0.1, 0.25, 0.5
"""In cells: what the mask of cards may leave of a card; width of an arm; size of
somebody."""

MOST, MIN_HIDDEN = 0.6, 0.25
"""Part of the board that people occlude at most (more is a background not made out);
part of a cell from which it is named."""


def cells_under(
    mask: Mask, rects: Mapping[CellId, Rect], min_share: float
) -> tuple[CellId, ...]:
    """Return the cells of which a mask (H, W) covers a part, given their rects in it."""
    windows = {cell: window_of(mask, rect) for cell, rect in rects.items()}
    return tuple(
        cell
        for cell, window in windows.items()
        if window.size and window.mean() >= min_share
    )


def covered(
    registration: Registration,
    foreground: Mask,
    cards: Mask,
    cells: Sequence[CellReading],
) -> Finding | None:
    """Return the finding on those covered cells that somebody in front occludes."""
    somebody = occlusion(registration, foreground, cards)
    rects = registration.cell_rects
    scale = somebody.shape[1] / registration.size_wh[0]
    unknown = {
        entry.cell: rects[entry.cell].scaled(scale)
        for entry in cells
        if entry.state == "covered"
    }
    hidden = cells_under(somebody, unknown, MIN_HIDDEN)
    if not hidden:
        return None
    return Finding(
        "covered",
        f"Somebody is in front of {name_cells(hidden)}. What was there before stays "
        "published; take it again when the way is clear.",
        hidden,
    )


def occlusion(registration: Registration, foreground: Mask, cards: Mask) -> Mask:
    """Return where something large is in front of the cells, as the foreground, (H, W)."""
    scale = foreground.shape[1] / registration.size_wh[0]
    area, cell_px = registration.cell_area.scaled(scale), registration.cell_px * scale
    rim_px = CARD_RIM * cell_px
    rim = np.ones((2 * round(rim_px) + 1,) * 2, np.uint8)
    size_wh = foreground.shape[1::-1]
    small = cv2.resize(cards.astype(np.uint8), size_wh, interpolation=cv2.INTER_NEAREST)
    foreign = foreground & (cv2.dilate(small, rim) == 0)
    inside = np.zeros(foreign.shape, np.uint8)
    window_of(inside, area)[:] = window_of(foreign, area)
    side = max(1, round(MIN_WIDTH * cell_px))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    broad = cv2.morphologyEx(inside, cv2.MORPH_OPEN, disc)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(broad, connectivity=4)
    large = [
        index
        for index in range(1, count)
        if boxes[index, cv2.CC_STAT_AREA] >= MIN_SIZE * cell_px**2
        and _reaches_in(boxes[index], area, rim_px)
    ]
    mask = np.asarray(np.isin(labels, large), np.bool_)
    return mask if mask.sum() <= MOST * area.area else np.zeros_like(mask)


def _reaches_in(box: npt.NDArray[np.int32], area: Rect, near_px: float) -> bool:
    """Tell whether something (left, top, width, height, ...) ends at an area's edge."""
    left, top, width, height = box[:4].tolist()
    return bool(
        left <= area.left + near_px
        or top <= area.top + near_px
        or left + width >= area.right - near_px
        or top + height >= area.bottom - near_px
    )
