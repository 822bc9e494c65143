"""The whole board as it was last seen: close-ups set into earlier pictures.

Every rectified board has a frame of its own: they differ in scale and in
how much of the margin they show. The newest part lies on top, exactly as far as
its photo really shows the board, with a seam too narrow to blend cards.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from calibration.homography import Homography
from vision.image.arrays import Floats, Image, mesh, window_of
from vision.image.warp import GRID_STEP_PX, enlarged, grid_around
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard

INSET_SHARE = 0.001
"""What is left out along the photo's edge, in long sides of it (4 px of 12 MP): there
the rectified board mixes with the black around it."""

SEAM_SHARE = 0.0025
"""Width of the seam in long sides of the photo (10 px of 12 MP)."""

MIN_SHOWN = 0.005
"""Share of the cell area that a picture must show alone to be used: less is the
edge of one of the same part, a little shifted."""

GRID_STEPS = 40
"""Points along each side of the cell area at which visibility is sampled."""

GRID_UNIT = mesh(*[(np.arange(GRID_STEPS) + 0.5) / GRID_STEPS] * 2)
"""Those points, (N, 2), in the unit square of the cell area."""


def compose(pictures: Sequence[RectifiedBoard]) -> Image:
    """Set pictures of one board into each other, at the scale of the finest one.

    The oldest comes first; their pixels may have any size of the same shape. Of the first
    all is shown: if it is of the whole board, its margins are the result's. Black where
    no photo reaches. ValueError if there is no picture.
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
    whole = Rect(0, 0, *size_wh)
    canvas = _shown(first, target_from_unit, whole)
    for picture in later:
        bounds = _visible_bounds(picture, target_from_unit, whole)
        if bounds is not None:
            weights = _visible_weights(picture, target_from_unit, bounds)
            shown = _shown(picture, target_from_unit, bounds)
            window = window_of(canvas, bounds)
            window[:] = cv2.blendLinear(shown, window.copy(), weights, 1 - weights)
    return canvas


def showing(registrations: Sequence[Registration]) -> tuple[int, ...]:
    """Return which pictures of a board show in a mosaic, given the oldest first.

    Their indices, ascending: the last whole picture (its margins always show) and what
    came after it, without what newer ones cover; the newest always.
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
    """Return what pictures show that are set into each other, in units of the cell area.

    The oldest comes first, as in `compose`.
    """
    frames = [registration.frame for registration in registrations]
    return frames[0] if registrations[0].whole else Rect.around(frames)


def _visible_weights(
    picture: RectifiedBoard, target_from_unit: Homography, bounds: Rect
) -> Floats:
    """Return a picture's weights in a part of the target, (H, W), 0 to 1."""
    width, height = round(bounds.width), round(bounds.height)
    x, y = grid_around(width, height)
    grid = mesh(x + bounds.left, y + bounds.top)
    depth = _depth_px(picture.registration, target_from_unit.inverse.apply(grid))
    long_px = max(picture.registration.projection.lens.photo_wh)
    ramp = (depth / long_px - INSET_SHARE) / SEAM_SHARE
    # Clipped only once it is fine again: so the ramp is straight between points.
    fine = enlarged(ramp.astype(np.float32).reshape(len(y), len(x)))
    return np.asarray(np.clip(fine[:height, :width], 0, 1), np.float32)


def _shown(picture: RectifiedBoard, target_from_unit: Homography, part: Rect) -> Image:
    part_from_pixels = (
        Homography.translation(-round(part.left), -round(part.top))
        @ target_from_unit
        @ _unit_from_pixels(picture)
    )
    size_wh = round(part.width), round(part.height)
    matrix = part_from_pixels.matrix[:2]
    shown = cv2.warpAffine(picture.pixels, matrix, size_wh, flags=cv2.INTER_LINEAR)
    return np.asarray(shown, np.uint8)


def _area_size(pictures: Sequence[RectifiedBoard]) -> tuple[float, float]:
    sizes = [
        (area.width * scale, area.height * scale)
        for area, scale in (
            (picture.registration.cell_area, _scale(picture)) for picture in pictures
        )
    ]
    width, height = sizes[0]
    finer = max(max(one / width, other / height) for one, other in sizes)
    return width * finer, height * finer


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


def _visible_bounds(
    picture: RectifiedBoard, target_from_unit: Homography, whole: Rect
) -> Rect | None:
    """Return the part of the target that a photo can show; None if there is none."""
    steps = GRID_STEP_PX
    x = np.arange(0, whole.right + steps, steps)
    y = np.arange(0, whole.bottom + steps, steps)
    grid = mesh(x, y)
    inside = grid[
        _depth_px(picture.registration, target_from_unit.inverse.apply(grid)) > 0
    ]
    if len(inside) == 0:
        return None
    (left, top), (right, bottom) = inside.min(axis=0), inside.max(axis=0)
    return Rect(
        max(0, left - steps),
        max(0, top - steps),
        min(whole.right, right + steps),
        min(whole.bottom, bottom + steps),
    )
