"""The board, straight: warped from the photo to the board's own plane."""

from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.lens import Projection
from calibration.profile import Board
from vision.image.arrays import Floats, Image, Vector, mesh
from vision.image.photo import Photo

GRID_STEP_PX = 16
"""Distance of the points at which the warp is computed exactly."""

STRIP_ROWS = 512
"""Rows warped at a time: what maps them takes more memory than their pixels."""

WHOLE_COVERAGE = 0.9
"""Share of the cell area from which a photo counts as one of the whole board."""


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
    steps : int
        Photos that lead from tags or the profile's reference to this one, each
        placed by the one before it.
    checked : bool
        Whether the board's lines or an earlier photo confirm it, not only tags.
    moved_tags : tuple of int
        Ids of its tags that are not at their corners.
    """

    board: Board
    method: str
    projection: Projection
    size_wh: tuple[int, int]
    cell_area: Rect
    residual_px: float
    coverage: float
    steps: int = 0
    checked: bool = True
    moved_tags: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the photo shows nearly the whole board."""
        return self.coverage >= WHOLE_COVERAGE

    @property
    def unit(self) -> Projection:
        """The unit square of the cell area from photo pixels."""
        projection = self.projection
        return Projection(self.area_from_board @ projection.homography, projection.lens)

    @property
    def area_from_board(self) -> Homography:
        """The unit square of the cell area from board pixels."""
        area = self.cell_area
        return Homography.scaling(
            1 / area.width, 1 / area.height
        ) @ Homography.translation(-area.left, -area.top)

    @property
    def cell_px(self) -> float:
        """Size of a cell in board pixels: the geometric mean of a mean cell's sides."""
        return float((self.cell_area.area / len(self.board.layout.cells)) ** 0.5)

    @property
    def cell_rects(self) -> dict[CellId, Rect]:
        """Each cell's rect in board pixels, row by row."""
        layout, area = self.board.layout, self.cell_area
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


@dataclass(frozen=True, slots=True, eq=False)
class RectifiedBoard:
    """The rectified board and how it came about.

    Parameters
    ----------
    registration : Registration
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The board in board pixels; black where the photo does not reach.
    """

    registration: Registration
    pixels: Image


def rectify(photo: Photo, registration: Registration) -> RectifiedBoard:
    """Warp the whole board, headings included, to its own plane."""
    pixels = warp(
        photo.pixels,
        registration.projection,
        Homography.identity(),
        registration.size_wh,
    )
    return RectifiedBoard(registration, pixels)


def warp(
    pixels_photo: Image,
    projection: Projection,
    target_from_board: Homography,
    size_wh: tuple[int, int],
    interpolation: int = cv2.INTER_LINEAR,
) -> Image:
    """Warp a part of the board straight from the photo, lens included.

    `projection` is board from photo, `interpolation` one of OpenCV's. Black where the
    photo does not reach.
    """
    width, height = size_wh
    target = np.empty((height, width, *pixels_photo.shape[2:]), np.uint8)
    for top in range(0, height, STRIP_ROWS):
        strip = target[top : top + STRIP_ROWS]
        board_from_strip = target_from_board.inverse @ Homography.translation(0, top)
        fine = _photo_from_strip(projection, board_from_strip, width, len(strip))
        cv2.remap(pixels_photo, fine, None, interpolation, dst=strip)  # type: ignore[call-overload]  # its stubs know maps of x and y in two arrays only
    return target


def _photo_from_strip(
    projection: Projection, board_from_strip: Homography, width: int, height: int
) -> Floats:
    """Return where the middle of each pixel lies in the photo, (H, W, 2).

    A coarse grid carries the smooth map, at a fraction of the cost.
    """
    x, y = grid_around(width, height)
    photo = projection.photo_from_board(board_from_strip.apply(mesh(x, y)))
    fine = enlarged(photo.reshape(len(y), len(x), 2).astype(np.float32))
    return fine[:height, :width]


def grid_around(width: int, height: int) -> tuple[Vector, Vector]:
    """Return x and y of the points that carry a smooth map of so many pixels."""
    columns, rows = (
        np.arange(-0.5, -(-side // GRID_STEP_PX) + 1, dtype=np.float64)
        for side in (width, height)
    )
    return columns * GRID_STEP_PX - 0.5, rows * GRID_STEP_PX - 0.5


def enlarged(coarse: Floats) -> Floats:
    """Return a map of every pixel from its values, (H, W[, C]), at `grid_around`."""
    rows, columns = coarse.shape[:2]
    fine = cv2.resize(
        coarse,
        (columns * GRID_STEP_PX, rows * GRID_STEP_PX),
        interpolation=cv2.INTER_LINEAR,
    )
    return np.asarray(fine, np.float32)[GRID_STEP_PX:, GRID_STEP_PX:]
