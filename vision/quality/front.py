"""Somebody in front of the board, and the cells that nobody sees for that.

An empty cell that is not free for certain may merely lack evidence: no remark
helps there. Something in front is what has neither the board's colours nor the
outline of a card, is as large as a head at least, and reaches in from beside.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from vision.detection.cells import cell_rects
from vision.image.arrays import Mask
from vision.image.rectify import Registration
from vision.occupancy.background import Background
from vision.quality.words import each_once, name_cells
from vision.reading import CellReading, Finding

CARD_RIM = 0.1
"""What a found card's outline may leave of the card, in cells: curled edges, shade."""

MIN_WIDTH = 0.25
"""Width of an arm, in cells. Narrower strips are tape, lines and rims of cards."""

MIN_SIZE = 0.5
"""Size in cells from which it is somebody, not half a card that hangs over the
board's edge."""

MOST = 0.6
"""Part of the board that people hide at most: more is a board whose ground was not
made out."""

MIN_HIDDEN = 0.25
"""Part of a cell that somebody hides from which it is for this that it is not seen."""


def in_front(
    registration: Registration,
    background: Background,
    cards: Mask,
    cells: Sequence[CellReading],
) -> Finding | None:
    """Remark on cells that somebody in front hides.

    Parameters
    ----------
    registration : Registration
    background : Background
        Of the same straight picture.
    cards : ndarray of shape (H, W), bool
        Where any card is seen, in the shrunk board's pixels.
    cells : sequence of CellReading
        What is known of every cell. Those behind which nothing is known are named.
    """
    mask = somebody(registration, background, cards)
    if not mask.any():
        return None
    rects = cell_rects(registration)
    behind = [
        entry.cell
        for entry in cells
        if entry.state == "covered"
        and _share(mask, rects[entry.cell].scaled(background.scale)) >= MIN_HIDDEN
    ]
    hidden = each_once(behind, rects)
    if not hidden:
        return None
    return Finding(
        "covered",
        f"Somebody is in front of {name_cells(hidden)}. What was there before stays "
        "published; take it again when the way is clear.",
        hidden,
    )


def somebody(registration: Registration, background: Background, cards: Mask) -> Mask:
    """Return where something large is in front of the cells.

    Parameters
    ----------
    registration, background, cards
        As of `in_front`.

    Returns
    -------
    ndarray of shape (H, W), bool
        In pixels of the background's masks.
    """
    area = registration.cell_area.scaled(background.scale)
    cell_px = (area.area / len(registration.board.layout.cells)) ** 0.5
    shape = background.bare.shape
    rim = 2 * round(CARD_RIM * cell_px) + 1
    seen_cards = cv2.resize(
        cards.astype(np.uint8), shape[::-1], interpolation=cv2.INTER_NEAREST
    )
    seen_cards = cv2.dilate(seen_cards, np.ones((rim, rim), np.uint8))
    strange = background.seen & ~background.bare & _inside(area, shape)
    strange &= seen_cards == 0
    side = max(1, round(MIN_WIDTH * cell_px))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    broad = cv2.morphologyEx(strange.astype(np.uint8), cv2.MORPH_OPEN, disc)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(broad, connectivity=4)
    large = [
        index
        for index in range(1, count)
        if boxes[index, cv2.CC_STAT_AREA] >= MIN_SIZE * cell_px**2
        and _reaches_in(boxes[index], area, CARD_RIM * cell_px)
    ]
    mask = np.asarray(np.isin(labels, large), np.bool_)
    return mask if mask.sum() <= MOST * area.area else np.zeros_like(mask)


def _inside(area: Rect, shape: tuple[int, ...]) -> Mask:
    """Return a rect as a mask of shape (H, W)."""
    mask = np.zeros(shape[:2], np.bool_)
    mask[_cut(area)] = True
    return mask


def _reaches_in(box: npt.NDArray[np.int32], area: Rect, near_px: float) -> bool:
    """Tell whether something (left, top, width, height, ...) ends at an area's edge."""
    left, top, width, height = box[:4].tolist()
    return bool(
        left <= area.left + near_px
        or top <= area.top + near_px
        or left + width >= area.right - near_px
        or top + height >= area.bottom - near_px
    )


def _share(mask: Mask, rect: Rect) -> float:
    """Return the part of a rect that a mask fills, 0 outside of it."""
    window = mask[_cut(rect)]
    return float(window.mean()) if window.size else 0.0


def _cut(rect: Rect) -> tuple[slice, slice]:
    """Return the rows and columns of a rect."""
    return (
        slice(max(0, round(rect.top)), max(0, round(rect.bottom))),
        slice(max(0, round(rect.left)), max(0, round(rect.right))),
    )
