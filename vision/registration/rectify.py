"""The rectified board: straight, and at the scale at which cards and cells are found."""

from dataclasses import dataclass

import cv2

from calibration.geometry import Rect
from calibration.homography import Homography
from vision.image.arrays import Image, resized
from vision.image.colour import brightened, paper_level
from vision.image.photo import Photo
from vision.image.warp import warp
from vision.registration.frame import Registration

CELL_PX = 160.0
"""Size of a cell (geometric mean of its sides) at the working scale."""


@dataclass(frozen=True, slots=True, eq=False)
class RectifiedBoard:
    """The rectified board, (H, W, 3) uint8 BGR; black where the photo does not reach."""

    registration: Registration
    pixels: Image


def rectify(photo: Photo, registration: Registration) -> RectifiedBoard:
    """Warp the whole board, headings included, from its photo to its own plane."""
    pixels = warp(
        photo.pixels,
        registration.projection,
        Homography.identity(),
        registration.size_wh,
    )
    return RectifiedBoard(registration, pixels)


@dataclass(frozen=True, slots=True, eq=False)
class WorkingBoard:
    """A rectified board, scaled and in good light, (H, W, 3) uint8 BGR.

    `plain` is it without what enlarging adds: sharpened edges, and noise. `paper` is
    the level that paper in the light has on the rectified board, `area` the cell area
    in its pixels, `scale` those per board pixel.
    """

    pixels: Image
    plain: Image
    paper: float
    area: Rect
    scale: float


def at_working_scale(board: RectifiedBoard) -> WorkingBoard:
    """Scale a rectified board until its cells have `CELL_PX`."""
    registration = board.registration
    scale = CELL_PX / registration.cell_px
    area = registration.cell_area.scaled(scale)
    plain = resized(board.pixels, scale, cv2.INTER_AREA)
    sharp = plain if scale < 1 else resized(board.pixels, scale)
    paper = paper_level(plain, area)
    pixels = brightened(sharp, area)
    lit = pixels if sharp is plain else brightened(plain, area)
    return WorkingBoard(pixels, lit, paper, area, scale)
