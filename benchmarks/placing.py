"""Registration: was the board placed, refused, or placed wrongly and silently."""

from typing import Literal

import numpy as np

from calibration.geometry import Points
from calibration.layout import CellId
from sample_boards.truth import BoardTruth
from vision.detection import cell_rects
from vision.image.rectify import Registration

Placing = Literal["ok", "refused", "wrong"]

MAX_ERROR_SHARE = 0.025
"""Mean distance of cells' corners from their true places, in units of a cell,
from which a registration is wrong: a good one is off by 0.004 (FINDINGS)."""


def placing_error(
    registration: Registration, truth: BoardTruth, turns: int = 0
) -> float:
    """Return how far the cells' corners are from their true places.

    Parameters
    ----------
    registration : Registration
        As it was found.
    truth : BoardTruth
        Of the same photo before it was turned.
    turns : int
        Counter-clockwise quarter turns of the photo.

    Returns
    -------
    float
        Mean over all cells whose middle the photo shows, measured in the photo,
        in units of a cell's size (the root of its area); infinite if a corner is
        beyond the horizon, 0 if no cell is shown.
    """
    placed = cell_rects(registration)
    photo_wh = truth.projection.lens.photo_wh
    errors = [0.0]
    for cell in truth.cells:
        true_quad = truth.projection.quad_photo(cell.rect_board.to_quad())
        x, y = true_quad.centre
        if not (0 <= x < photo_wh[0] and 0 <= y < photo_wh[1]):
            continue
        rect = placed[CellId(cell.room, cell.slot)]
        corners = registration.projection.photo_from_board(rect.to_quad().to_array())
        off = np.hypot(*(corners - turned(true_quad.to_array(), photo_wh, turns)).T)
        errors.append(float(off.mean()) / float(np.sqrt(true_quad.area)))
    mean = float(np.mean(errors[1:] or errors))
    return mean if np.isfinite(mean) else float("inf")


def turned(points: Points, photo_wh: tuple[int, int], turns: int) -> Points:
    """Return points of a photo, (N, 2), where they are after it was turned.

    Parameters
    ----------
    points : ndarray of shape (N, 2), float64
    photo_wh : tuple of int
        Size of the photo before.
    turns : int
        Counter-clockwise quarter turns, as of `numpy.rot90`.
    """
    width, height = photo_wh
    for _ in range(turns):
        points = np.column_stack([points[:, 1], width - 1 - points[:, 0]])
        width, height = height, width
    return points


def placing_of(
    registration: Registration, truth: BoardTruth, turns: int = 0
) -> Placing:
    """Return whether a registration that was not refused is right.

    Parameters
    ----------
    registration, truth, turns
        See `placing_error`.
    """
    error = placing_error(registration, truth, turns)
    return "ok" if error <= MAX_ERROR_SHARE else "wrong"
