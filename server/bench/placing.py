"""Registration: was the board placed, refused, or placed wrongly and silently."""

from typing import Literal

import numpy as np

from calibration.layout import CellId
from sample_boards.truth import BoardTruth
from vision.cards import cell_rects
from vision.rectify import Registration

Placing = Literal["ok", "refused", "wrong"]

MAX_ERROR_SHARE = 0.025
"""Mean distance of cells' corners from their true places, in units of a cell,
from which a registration is wrong: a good one is off by 0.004 (FINDINGS)."""


def placing_error(registration: Registration, truth: BoardTruth) -> float:
    """Return how far the cells' corners are from their true places.

    Parameters
    ----------
    registration : Registration
        As it was found.
    truth : BoardTruth
        Of the same photo.

    Returns
    -------
    float
        Mean over all cells, measured in the photo, in units of a cell's size
        (the root of its area); infinite if a corner is beyond the horizon.
    """
    placed = cell_rects(registration)
    errors = []
    for cell in truth.cells:
        true_quad = truth.projection.quad_photo(cell.rect_board.to_quad())
        rect = placed[CellId(cell.room, cell.slot)]
        corners = registration.projection.photo_from_board(rect.to_quad().to_array())
        off = np.hypot(*(corners - true_quad.to_array()).T)
        errors.append(float(off.mean()) / float(np.sqrt(true_quad.area)))
    mean = float(np.mean(errors))
    return mean if np.isfinite(mean) else float("inf")


def placing_of(registration: Registration, truth: BoardTruth) -> Placing:
    """Return whether a registration that was not refused is right."""
    return "ok" if placing_error(registration, truth) <= MAX_ERROR_SHARE else "wrong"
