"""In which cell of the board a card lies."""

from collections.abc import Mapping

from calibration.geometry import Quad, Rect
from calibration.layout import CellId

MIN_INSIDE = 0.5
"""Part of a card that must lie on the cell area for it to be a session."""

HELD_SHARE = 0.8
"""Upper part of a card that decides on its cell: cards stick by their upper edge, which
their writers put into the cell."""


def inside_share(quad: Quad, area: Rect) -> float:
    """Return the part of a quad that lies on a rect."""
    return quad.overlap(area.to_quad()) / quad.area


def cell_of(quad_board: Quad, cells: Mapping[CellId, Rect]) -> CellId:
    """Return the cell in which most of a card's upper part lies."""
    corners = quad_board.to_array()
    held = corners.copy()
    held[2:] = corners[:2][::-1] + (corners[2:] - corners[:2][::-1]) * HELD_SHARE
    upper = Quad.from_array(held)
    bounds = upper.bounds
    near = [cell for cell, rect in cells.items() if bounds.overlap(rect) > 0]
    return max(near, key=lambda cell: upper.overlap(cells[cell].to_quad()))
