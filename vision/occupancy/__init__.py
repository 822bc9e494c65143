"""Which cells are taken, free, covered or not in the photo at all.

A cell is free only with positive evidence: the bare board.
"""

from collections.abc import Collection
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from vision.cards import Fate
from vision.image.arrays import Image, Mask, inside_of, window_around, window_of
from vision.image.colour import brightest_channel
from vision.occupancy.background import MIN_SEEN, Background
from vision.reading import CellReading, CellState
from vision.registration.rectify import RectifiedBoard

MIN_BACKGROUND = 0.9
"""Part of a cell (or of a card's old place) that must be bare board."""

MAX_SHADE = 20.0
"""CIELAB distance of two background colours of one board."""

INSET = 0.12
"""Part of a cell left out along its lines: half a strip of tape, a little askew."""

MIN_TRACE, TRACE_SIGMA_PX, TRACE_MARGIN_PX = 5, 1.0, 4
"""Step in a channel (0 to 255) over two pixels that faint writing makes, and no noise;
smoothing before; what around a place its steps depend on, px of the working board."""

MAX_TRACES = 0.14
"""Part of a bare place with such steps: .08 in free cells, .2 on board-coloured
cards."""


def read_cells(
    board: RectifiedBoard, taken: Collection[CellId], background: Background
) -> tuple[CellReading, ...]:
    """Return the state of every cell, row by row, given those in which cards lie."""
    layout = board.registration.board.layout
    states: dict[CellId, CellState] = {
        cell: "taken"
        if cell in taken
        else "blocked"
        if cell in layout.blocked
        else _empty_state(_inner(rect), background)
        for cell, rect in board.registration.cell_rects.items()
    }
    return tuple(CellReading(cell, state) for cell, state in states.items())


def fate_of(quad_board: Quad, background: Background) -> Fate:
    """Return what became of a card that was not found again.

    Takes where it was, in board pixels; outlines are not exact: the rim of its place
    says nothing.
    """
    corners = quad_board.to_array()
    middle = corners.mean(axis=0)
    inner = Quad.from_array(middle + (corners - middle) * (1 - 2 * INSET))
    state = _empty_state(inner, background)
    return "gone" if state == "free" else state


def _empty_state(
    quad_board: Quad, background: Background
) -> Literal["free", "covered", "unseen"]:
    """Return the state of a place without a card."""
    colours = _colours_in(quad_board, background)
    if colours is None:
        return "unseen"
    bare = (
        _bare_share(colours, background) >= MIN_BACKGROUND
        and _trace_share(quad_board, background) <= MAX_TRACES
    )
    return "free" if bare else "covered"


def _inner(rect: Rect) -> Quad:
    """Return a cell without what may lie along its lines."""
    margin = INSET * min(rect.width, rect.height)
    return Rect(
        rect.left + margin, rect.top + margin, rect.right - margin, rect.bottom - margin
    ).to_quad()


def _colours_in(
    quad_board: Quad, background: Background
) -> npt.NDArray[np.uint8] | None:
    """Return which of the board's colours the pixels of a place have, (N,).

    One more than the last where they are not bare; None where too little is seen.
    """
    quad = Homography.scaling(background.scale, background.scale).apply_quad(quad_board)
    window = window_around(quad, background.labels.shape)
    if window is None:
        return None
    inside = inside_of(quad, window)
    if not inside.any() or window_of(background.seen, window)[inside].mean() < MIN_SEEN:
        return None
    bare, labels = (
        window_of(one, window) for one in (background.bare, background.labels)
    )
    return np.where(bare, labels, np.uint8(len(background.colours)))[inside]


def _bare_share(colours: npt.NDArray[np.uint8], background: Background) -> float:
    """Return the part of a place that is bare board of one colour in any light, 0 to 1."""
    own = len(background.colours)
    counts = np.bincount(colours, minlength=own + 1)[:own]
    if not counts.any():
        return 0.0
    offset = background.colours - background.colours[counts.argmax()]
    alike = np.linalg.norm(offset, axis=1) <= MAX_SHADE
    return float(counts[alike].sum()) / len(colours)


def _trace_share(quad_board: Quad, background: Background) -> float:
    """Return the part of a place that has edges of anything, faint ones too."""
    to_pixels = Homography.scaling(background.working.scale, background.working.scale)
    quad = to_pixels.apply_quad(quad_board)
    window = window_around(quad, background.working.plain.shape, TRACE_MARGIN_PX)
    if window is None:
        return 0.0
    inside = inside_of(quad, window)
    traces = _traces(window_of(background.working.plain, window))
    return float(traces[inside].mean()) if inside.any() else 0.0


def _traces(pixels: Image) -> Mask:
    """Return where the picture has edges of anything, faint ones too, (H, W)."""
    smooth = np.asarray(cv2.GaussianBlur(pixels, (0, 0), TRACE_SIGMA_PX), np.uint8)
    across, down = (
        brightest_channel(np.asarray(cv2.absdiff(one, other), np.uint8))
        for one, other in ((smooth[:, 2:], smooth[:, :-2]), (smooth[2:], smooth[:-2]))
    )
    steps = np.zeros(pixels.shape[:2], np.uint8)
    steps[:, 1:-1] = across
    steps[1:-1] = np.maximum(steps[1:-1], down)
    return np.asarray(steps >= MIN_TRACE, np.bool_)
