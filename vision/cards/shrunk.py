"""The straight picture at the size at which cards are looked for."""

from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Rect
from vision.exposure import brightened
from vision.ocr.engine import Image
from vision.rectify import RectifiedBoard, Registration

CELL_PX = 160.0
"""Size of a cell (geometric mean of its sides) at which cards are looked for:
strokes are a few pixels wide there, whatever the photo's resolution."""


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """A straight picture, shrunk (or enlarged) and in good light.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        As bright as in good light.
    area : Rect
        The cell area in its pixels.
    scale : float
        Its pixels per board pixel.
    """

    pixels: Image
    area: Rect
    scale: float


def shrink(board: RectifiedBoard) -> Shrunk:
    """Return a straight picture at the size at which cards are looked for.

    Parameters
    ----------
    board : RectifiedBoard
    """
    registration = board.registration
    scale = CELL_PX / _cell_px(registration)
    area = registration.cell_area.scaled(scale)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(board.pixels, None, fx=scale, fy=scale, interpolation=method)
    pixels = np.asarray(small, np.uint8)
    return Shrunk(brightened(pixels, area), area, scale)


def _cell_px(registration: Registration) -> float:
    """Return the geometric mean of a mean cell's sides in board pixels."""
    return float(
        np.sqrt(registration.cell_area.area / len(registration.board.layout.cells))
    )
