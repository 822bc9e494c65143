"""The board, straight: warped from the photo to the board's own plane."""

from dataclasses import dataclass

from calibration.geometry import Rect
from calibration.lens import Projection
from calibration.profile import Board
from vision.ocr.engine import Image


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """Where the board is in a photo.

    Parameters
    ----------
    board : Board
        Which board the photo shows.
    method : str
        ``tags`` or ``reference``.
    projection : Projection
        Board pixels from photo pixels and back.
    size_wh : tuple of int
        Size of the rectified board in board pixels, with its headings.
    cell_area : Rect
        The cell area in board pixels.
    residual_px : float
        Root mean square distance in the photo that the fit leaves.
    coverage : float
        Share of the cell area that the photo shows, 0 to 1.
    """

    board: Board
    method: str
    projection: Projection
    size_wh: tuple[int, int]
    cell_area: Rect
    residual_px: float
    coverage: float


@dataclass(frozen=True, slots=True, eq=False)
class RectifiedBoard:
    """The straight picture and how it came about.

    Parameters
    ----------
    registration : Registration
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The board in board pixels; black where the photo does not reach.
    """

    registration: Registration
    pixels: Image
