"""Finding the cards on a straightened board, and the cell of each.

Cards are looked for on the whole board: they straddle lines, overlap and tilt.
What lies outside of the cell area is a heading, a legend or a passer-by.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from vision.cards.colours import ColourMap, Mask, brightest_channel
from vision.cards.grid import Grid
from vision.cards.ink import ink_quads
from vision.cards.outlines import card_quads
from vision.cards.palette import map_colours
from vision.cards.paper import with_all_paper
from vision.exposure import brightened
from vision.ocr.engine import Image
from vision.rectify import RectifiedBoard, Registration

__all__ = ["CardSurvey", "FoundCard", "find_cards"]

CELL_PX = 160.0
"""Size of a cell (geometric mean of its sides) at which cards are looked for:
strokes are a few pixels wide there, whatever the photo's resolution."""

INK_MEDIAN_PX = 9
"""Median filter that takes handwriting out of the colours at that size."""

MIN_STROKE = 40
"""Difference in a channel (0 to 255) that the median makes to ink: paper's grain
and a photo's noise are far below, pencils are not."""

REACH_SHARE = 0.4
"""How far around the cell area cards are looked for, in cells: they hang over
its edge, but headings must not grow together with them."""

MIN_INSIDE = 0.5
"""Part of a card that must lie on the cell area for it to be a session."""


HELD_SHARE = 0.8
"""Upper part of a card that decides on its cell. Cards stick or hang by their
upper edge, which their writers put into the cell; the rest hangs down from it."""


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card on the board, not read yet.

    Parameters
    ----------
    quad_board : Quad
        In board pixels.
    cell : CellId
        The cell in which most of it lies.
    colour_bgr : tuple of int
        Its own colour, without the ink.
    paper_board : Quad
        The outline and what of its paper lies beyond it, in board pixels: where to
        read it.
    kind : {"card", "ink"}
        A card of its own colour, or writing straight on the board.
    """

    quad_board: Quad
    cell: CellId
    colour_bgr: tuple[int, int, int]
    paper_board: Quad
    kind: Literal["card", "ink"]


@dataclass(frozen=True, slots=True, eq=False)
class CardSurvey:
    """The cards, and which colours the board itself has.

    Parameters
    ----------
    cards : tuple of FoundCard
        Row by row, then from left to right.
    colours : ColourMap
        Of the shrunk board.
    scale : float
        Pixels of the colour map per board pixel.
    """

    cards: tuple[FoundCard, ...]
    colours: ColourMap
    scale: float


def find_cards(board: RectifiedBoard) -> CardSurvey:
    """Find the cards on a straightened board.

    Parameters
    ----------
    board : RectifiedBoard
    """
    registration = board.registration
    scale = CELL_PX / _cell_px(registration)
    area = _scaled(registration.cell_area, scale)
    small = brightened(_resized(board.pixels, scale), area)
    smooth = np.asarray(cv2.medianBlur(small, INK_MEDIAN_PX), np.uint8)
    grid = Grid.of(registration.board.layout, area)
    ink = _strokes(small, smooth)
    colours = map_colours(smooth, grid, ink)
    coloured = card_quads(
        small,
        colours,
        _around(area, REACH_SHARE * CELL_PX, small.shape),
        _around(area, 0, small.shape),
        CELL_PX,
    )
    cells = cell_rects(registration)
    inside = [quad for quad in coloured if _inside_share(quad, area) > MIN_INSIDE]
    written = ink_quads(
        small,
        [_scaled(rect, scale) for rect in cells.values()],
        coloured,
        CELL_PX,
    )
    papers = with_all_paper(inside, colours.foreground, smooth)
    to_board = Homography.scaling(1 / scale, 1 / scale)
    found = [
        FoundCard(
            quad_board := to_board.apply_quad(quad),
            _cell_of(quad_board, cells),
            _colour_of(smooth, quad),
            to_board.apply_quad(whole),
            "card" if index < len(inside) else "ink",
        )
        for index, (quad, whole) in enumerate(
            zip((*inside, *written), (*papers, *written), strict=True)
        )
    ]
    return CardSurvey(tuple(sorted(found, key=_reading_order)), colours, scale)


def _strokes(pixels: Image, smooth: Image) -> Mask:
    """Return where thin strokes were before they were smoothed away."""
    steps = np.asarray(cv2.absdiff(pixels, smooth), np.uint8)
    return np.asarray(brightest_channel(steps) > MIN_STROKE, np.bool_)


def _around(area: Rect, reach_px: float, shape: tuple[int, ...]) -> Mask:
    """Return the cell area and some way around it as a mask."""
    mask = np.zeros(shape[:2], np.bool_)
    top, left = max(0, round(area.top - reach_px)), max(0, round(area.left - reach_px))
    mask[top : round(area.bottom + reach_px), left : round(area.right + reach_px)] = 1
    return mask


def cell_rects(registration: Registration) -> dict[CellId, Rect]:
    """Return each cell's rect in board pixels, row by row."""
    layout, area = registration.board.layout, registration.cell_area
    rects = {}
    for cell in layout.cells:
        unit = layout.cell_rect(cell)
        rects[cell] = Rect(
            area.left + unit.left * area.width,
            area.top + unit.top * area.height,
            area.left + unit.right * area.width,
            area.top + unit.bottom * area.height,
        )
    return rects


def _cell_px(registration: Registration) -> float:
    """Return the geometric mean of a mean cell's sides in board pixels."""
    return float(
        np.sqrt(registration.cell_area.area / len(registration.board.layout.cells))
    )


def _resized(pixels: Image, scale: float) -> Image:
    """Return pixels at another scale."""
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(
        cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=method), np.uint8
    )


def _scaled(rect: Rect, scale: float) -> Rect:
    """Return a rect in pixels of another scale."""
    return Rect(
        rect.left * scale, rect.top * scale, rect.right * scale, rect.bottom * scale
    )


def _inside_share(quad: Quad, area: Rect) -> float:
    """Return the part of a quad that lies on a rect."""
    return quad.overlap(area.to_quad()) / quad.area


def _cell_of(quad_board: Quad, cells: dict[CellId, Rect]) -> CellId:
    """Return the cell in which most of a card's upper part lies."""
    corners = quad_board.to_array()
    held = corners.copy()
    held[2:] = corners[:2][::-1] + (corners[2:] - corners[:2][::-1]) * HELD_SHARE
    upper = Quad.from_array(held)
    bounds = upper.bounds
    near = [cell for cell, rect in cells.items() if bounds.overlap(rect) > 0]
    return max(near, key=lambda cell: upper.overlap(cells[cell].to_quad()))


def _colour_of(smooth: Image, quad: Quad) -> tuple[int, int, int]:
    """Return the median colour in a quad, (blue, green, red)."""
    corners = np.rint(quad.to_array()).astype(np.int32)
    left, top = np.maximum(corners.min(axis=0), 0)
    right, bottom = np.maximum(corners.max(axis=0), 0) + 1
    window = smooth[top:bottom, left:right]
    canvas = np.zeros(window.shape[:2], np.uint8)
    cv2.fillConvexPoly(canvas, corners - np.array([left, top], np.int32), 1)
    inside = window[canvas > 0]
    if len(inside) == 0:
        return (0, 0, 0)
    blue, green, red = (round(_median(channel)) for channel in inside.T)
    return (blue, green, red)


def _median(values: npt.NDArray[np.uint8]) -> float:
    """Return the median of numbers from 0 to 255, by counting them."""
    up_to = np.bincount(values).cumsum()
    low, high = np.searchsorted(
        up_to, [(len(values) - 1) // 2, len(values) // 2], "right"
    )
    return float(low + high) / 2


def _reading_order(card: FoundCard) -> tuple[float, float]:
    """Return a key that sorts cards by their top edge, then their left one."""
    bounds = card.quad_board.bounds
    return (bounds.top, bounds.left)
