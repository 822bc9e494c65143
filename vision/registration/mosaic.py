"""The whole board as it was last seen: close-ups set into earlier pictures.

The newest part lies on top, as far as its photo really shows the board, with a seam too
narrow to blend cards.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from calibration.homography import Homography
from vision.image.arrays import Floats, Image, mesh
from vision.image.warp import enlarged, grid_around
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard

INSET_SHARE, SEAM_SHARE = 0.001, 0.0025
"""What is left out along the photo's edge, where black mixes in, and width of the seam
beside it, in long sides of the photo (4 and 10 px of 12 MP)."""

MIN_SHOWN = 0.005
"""Share of the cell area that a picture must show alone to be used."""

GRID_STEPS = 40
"""Points along each side of the cell area at which visibility is sampled."""

GRID_UNIT = mesh(*[(np.arange(GRID_STEPS) + 0.5) / GRID_STEPS] * 2)
"""Those points, (N, 2), in the unit square of the cell area."""


def compose(pictures: Sequence[RectifiedBoard]) -> Image:
    """Set pictures of one board into each other, the oldest first.

    As fine as the finest; their pixels may have any size of the same shape. Of the
    first all is shown. Black where no photo reaches. ValueError if there is no picture.
    """
    if not pictures:
        raise ValueError("expected at least one picture, got none")
    frame = frame_of([picture.registration for picture in pictures])
    area_wh = _area_size(pictures)
    size_wh = round(frame.width * area_wh[0]), round(frame.height * area_wh[1])
    target_from_unit = Homography.scaling(*area_wh) @ Homography.translation(
        -frame.left, -frame.top
    )
    first, *later = pictures
    canvas = _shown(first, target_from_unit, size_wh)
    for picture in later:
        weights = _visible_weights(picture, target_from_unit, size_wh)
        shown = _shown(picture, target_from_unit, size_wh)
        cv2.blendLinear(shown, canvas, weights, 1 - weights, dst=canvas)
    return canvas


def showing(registrations: Sequence[Registration]) -> tuple[int, ...]:
    """Return which pictures of a board, the oldest first, show in a mosaic: indices.

    The last whole picture and what came after it, without what newer ones cover.
    """
    shown: list[int] = []
    seen = np.zeros(len(GRID_UNIT), np.bool_)
    for index in reversed(range(len(registrations))):
        registration = registrations[index]
        visible = _depth_px(registration, GRID_UNIT) > 0
        new = (visible & ~seen).mean() >= MIN_SHOWN
        if not shown or new or registration.whole:
            shown.insert(0, index)
            seen |= visible
        if registration.whole:
            break
    return tuple(shown)


def shows_part(registration: Registration, rect: Rect) -> bool:
    """Say whether a photo shows something of a rect in units of the cell area."""
    corner, size = (rect.left, rect.top), (rect.width, rect.height)
    return bool((_depth_px(registration, GRID_UNIT * size + corner) > 0).any())


def frame_of(registrations: Sequence[Registration]) -> Rect:
    """Return what pictures show in a mosaic, in units of the cell area; see `compose`."""
    frames = [registration.frame for registration in registrations]
    return frames[0] if registrations[0].whole else Rect.around(frames)


def _visible_weights(
    picture: RectifiedBoard, target_from_unit: Homography, size_wh: tuple[int, int]
) -> Floats:
    """Return a picture's weights in the target, (H, W), 0 to 1."""
    width, height = size_wh
    x, y = grid_around(width, height)
    depth = _depth_px(picture.registration, target_from_unit.inverse.apply(mesh(x, y)))
    long_px = max(picture.registration.projection.lens.photo_wh)
    ramp = (depth / long_px - INSET_SHARE) / SEAM_SHARE
    # Clipped only once it is fine again: so the ramp is straight between points.
    fine = enlarged(ramp.astype(np.float32).reshape(len(y), len(x)))
    return np.asarray(np.clip(fine[:height, :width], 0, 1), np.float32)


def _shown(
    picture: RectifiedBoard, target_from_unit: Homography, size_wh: tuple[int, int]
) -> Image:
    matrix = (target_from_unit @ _unit_from_pixels(picture)).matrix[:2]
    shown = cv2.warpAffine(picture.pixels, matrix, size_wh, flags=cv2.INTER_LINEAR)
    return np.asarray(shown, np.uint8)


def _area_size(pictures: Sequence[RectifiedBoard]) -> tuple[float, float]:
    """Return the cell area's size in pixels: the first one's shape, as the finest."""
    areas = [(one.registration.cell_area, _scale(one)) for one in pictures]
    sizes = np.array([[a.width * scale, a.height * scale] for a, scale in areas])
    width, height = (sizes[0] * (sizes / sizes[0]).max()).tolist()
    return width, height


def _scale(picture: RectifiedBoard) -> float:
    return float(picture.pixels.shape[1] / picture.registration.size_wh[0])


def _unit_from_pixels(picture: RectifiedBoard) -> Homography:
    """Return the unit square of the cell area from a picture's pixels."""
    area, scale = picture.registration.cell_area, _scale(picture)
    # Pixel centres: (i + 0.5) / scale - 0.5 on the board.
    return (
        Homography.scaling(1 / area.width, 1 / area.height)
        @ Homography.translation(-area.left - 0.5, -area.top - 0.5)
        @ Homography.scaling(1 / scale, 1 / scale)
        @ Homography.translation(0.5, 0.5)
    )


def _depth_px(
    registration: Registration, points_unit: npt.NDArray[np.float64]
) -> Floats:
    """Return how far points of the board lie inside of the photo, (N,)."""
    area, projection = registration.cell_area, registration.projection
    board = points_unit * [area.width, area.height] + [area.left, area.top]
    x, y = np.nan_to_num(projection.photo_from_board(board), nan=-1e6).T
    width, height = projection.lens.photo_wh
    depth = np.minimum.reduce([x + 0.5, y + 0.5, width - 0.5 - x, height - 0.5 - y])
    return np.asarray(np.clip(depth, -1e6, 1e6), np.float32)
