"""Parts of the board, warped straight from the photo at the resolution it has."""

import cv2
import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.lens import Projection
from vision.image.arrays import Floats, Image, Vector, mesh
from vision.image.photo import Photo

GRID_STEP_PX = 16
"""Distance of the points at which the warp is computed exactly."""

STRIP_ROWS = 512
"""Rows warped at a time: what maps them takes more memory than their pixels."""

MAX_SIDE_PX, MIN_SIDE_PX = 1600, 8
"""Longest and shortest side of a crop: no engine uses more pixels of a close-up's
card."""


def cut_card(photo: Photo, projection: Projection, quad_board: Quad) -> Image:
    """Cut a card out of the photo, upright, at the photo's own resolution.

    Takes board from photo, and the card in board pixels, its corners named as its text
    stands. Black where the photo does not reach.
    """
    size_wh = crop_size_wh(projection.quad_photo(quad_board))
    crop_quad = Rect(0, 0, *size_wh).to_quad()
    crop_from_board = Homography.from_quads(target=crop_quad, source=quad_board)
    return warp(
        photo.pixels,
        projection,
        crop_from_board,
        size_wh,
        cv2.INTER_CUBIC,  # linear blurs letters of 7 px beyond reading
    )


def crop_size_wh(quad_photo: Quad) -> tuple[int, int]:
    """Return width and height of a card's crop: those that it has in the photo."""
    width, height = quad_photo.size_wh
    scale = min(1.0, MAX_SIDE_PX / max(width, height))
    return (
        max(MIN_SIDE_PX, round(width * scale)),
        max(MIN_SIDE_PX, round(height * scale)),
    )


def warp(
    pixels_photo: Image,
    projection: Projection,
    target_from_board: Homography,
    size_wh: tuple[int, int],
    interpolation: int = cv2.INTER_LINEAR,
) -> Image:
    """Warp a part of the board straight from the photo, (H, W[, 3]) uint8, lens included.

    `projection` is board from photo, `size_wh` the target's, the interpolation one of
    OpenCV's. Black where the photo does not reach.
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
    """Return where each pixel's middle lies in the photo, (H, W, 2), by a coarse grid."""
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
