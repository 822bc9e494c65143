"""The camera: where it stands, what its lens bends, where the board lands."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from sample_boards.paper import Image, shaded

FITTING_STEPS: Final = 25
"""Rounds of moving the camera until the board fills the photo as wanted."""

GRID_STEP_PX: Final = 8
"""The warp is exact at every eighth pixel and linear between (error < 0.01 px)."""

SHADOW_DEPTH: Final = 0.5
"""How much light the board takes from the wall behind it."""

SHADOW_SHRINK: Final = 8
"""The shadow is drawn that much smaller: it is soft."""

FOCAL_SHARE: Final = 0.76
"""Focal length over the photo's longer side: the main camera of a phone."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where a photo is taken from.

    Parameters
    ----------
    yaw_deg : float
        How far to the side; positive: from the right of the board.
    pitch_deg : float
        How far from below (positive) or above.
    roll_deg : float
        How crooked the camera is held.
    fill : float
        How much of the photo's width or height, whichever is tighter, the
        board spans; above 1 it is cut off.
    shift : tuple of float
        Where the board's middle comes to lie, from the photo's middle, as
        shares of its width and height.
    k1 : float
        Radial term of the lens, see `calibration.lens.RadialLens`.
    """

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    fill: float = 0.9
    shift: tuple[float, float] = (0.0, 0.0)
    k1: float = -0.012


def random_standpoint(seed: int, max_angle_deg: float = 35.0) -> Standpoint:
    """Stand somewhere in front of a board.

    Parameters
    ----------
    seed : int
        Equal seeds make equal standpoints.
    max_angle_deg : float
        Largest angle between the line of sight and the board's normal.
    """
    rng = np.random.default_rng([seed, 21])
    yaw = float(rng.uniform(-max_angle_deg, max_angle_deg))
    most_pitch = min(15.0, float(np.sqrt(max(0.0, max_angle_deg**2 - yaw**2))))
    return Standpoint(
        yaw_deg=yaw,
        pitch_deg=float(rng.uniform(-most_pitch, most_pitch)),
        roll_deg=float(np.clip(rng.normal(0, 2), -6, 6)),
        fill=float(rng.uniform(0.84, 0.96)),
        shift=(float(rng.uniform(-0.015, 0.015)), float(rng.uniform(-0.015, 0.015))),
        k1=float(rng.uniform(-0.025, 0.005)),
    )


def project(
    board_wh: tuple[int, int], standpoint: Standpoint, photo_wh: tuple[int, int]
) -> Projection:
    """Place a camera and return the way between its photo and the board.

    Parameters
    ----------
    board_wh : tuple of int
        Size of the drawn board in pixels.
    standpoint : Standpoint
        Where the camera stands.
    photo_wh : tuple of int
        Size of the photo in pixels.

    Returns
    -------
    Projection
        Between photo pixels and board pixels, exact.
    """
    lens = RadialLens(standpoint.k1, photo_wh)
    width, height = board_wh
    outline = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    wanted = np.array(photo_wh) * (np.array(standpoint.shift) + 0.5)
    aim = np.array([width / 2, height / 2])
    distance = 2.0 * max(width, height)
    homography = _homography(aim, distance, standpoint, photo_wh)
    for _ in range(FITTING_STEPS):
        seen = lens.photo_from_straight(homography.apply(outline))
        low, high = seen.min(axis=0), seen.max(axis=0)
        span = float(((high - low) / photo_wh).max())
        distance *= span / standpoint.fill
        scale = FOCAL_SHARE * max(photo_wh) / distance
        aim = aim + ((low + high) / 2 - wanted) / scale
        homography = _homography(aim, distance, standpoint, photo_wh)
    return Projection(homography.inverse, lens)


def _homography(
    aim: npt.NDArray[np.float64],
    distance: float,
    standpoint: Standpoint,
    photo_wh: tuple[int, int],
) -> Homography:
    """Return straight photo pixels from board pixels: K [r1 r2 t]."""
    rotation = _rotation(standpoint)
    focal = FOCAL_SHARE * max(photo_wh)
    intrinsics = np.array(
        [[focal, 0, photo_wh[0] / 2], [0, focal, photo_wh[1] / 2], [0, 0, 1]]
    )
    pose = np.column_stack([rotation[:, 0], rotation[:, 1], [0, 0, distance]])
    return Homography(intrinsics @ pose) @ Homography.translation(
        -float(aim[0]), -float(aim[1])
    )


def _rotation(standpoint: Standpoint) -> npt.NDArray[np.float64]:
    yaw, pitch, roll = np.deg2rad(
        [standpoint.yaw_deg, standpoint.pitch_deg, standpoint.roll_deg]
    )
    about_y = np.array(
        [[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]]
    )
    about_x = np.array(
        [
            [1, 0, 0],
            [0, np.cos(pitch), -np.sin(pitch)],
            [0, np.sin(pitch), np.cos(pitch)],
        ]
    )
    about_z = np.array(
        [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    )
    return np.asarray(about_z @ about_x @ about_y)


def photograph(board: Image, surroundings: Image, projection: Projection) -> Image:
    """Let the board appear in front of its surroundings.

    Parameters
    ----------
    board : ndarray of shape (H, W, 3), uint8
        The drawn board.
    surroundings : ndarray of shape (h, w, 3), uint8
        The room, at the photo's size.
    projection : Projection
        From `project`.

    Returns
    -------
    ndarray of shape (h, w, 3), uint8
        The photo in even light.
    """
    maps = _warp_maps(projection)
    seen = cv2.remap(
        board,
        maps[..., 0],
        maps[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    inside = _coverage(maps, (board.shape[1], board.shape[0]))
    photo = np.array(seen, dtype=np.uint8)
    outside = inside < 1
    alpha = inside[outside][:, None]
    dimmed = _shadowed(surroundings, inside)
    under = dimmed[outside].astype(np.float32)
    photo[outside] = np.rint(under + (photo[outside] - under) * alpha)
    return photo


def _shadowed(surroundings: Image, inside: npt.NDArray[np.float32]) -> Image:
    """Let the board's shadow fall on the wall behind it."""
    height, width = inside.shape
    small_wh = (max(8, width // SHADOW_SHRINK), max(8, height // SHADOW_SHRINK))
    small = cv2.resize(inside, small_wh, interpolation=cv2.INTER_AREA)
    fall = np.array([[1, 0, small_wh[0] * 0.006], [0, 1, small_wh[1] * 0.02]])
    soft = cv2.GaussianBlur(
        cv2.warpAffine(small, fall, small_wh), (0, 0), small_wh[0] * 0.012
    )
    tone = 1 - SHADOW_DEPTH * cv2.resize(soft, (width, height))
    return shaded(surroundings, np.asarray(tone, dtype=np.float32))


def _coverage(
    maps: npt.NDArray[np.float32], board_wh: tuple[int, int]
) -> npt.NDArray[np.float32]:
    """Return how far each photo pixel lies inside the board, 0 to 1."""
    x, y = maps[..., 0], maps[..., 1]
    inwards = np.minimum(
        np.minimum(x + 0.5, board_wh[0] - 0.5 - x),
        np.minimum(y + 0.5, board_wh[1] - 0.5 - y),
    )
    return np.asarray(np.clip(inwards + 0.5, 0, 1), dtype=np.float32)


def _warp_maps(projection: Projection) -> npt.NDArray[np.float32]:
    """Return board coordinates for every photo pixel, (h, w, 2) float32."""
    width, height = projection.lens.photo_wh
    columns = np.arange(0, width + GRID_STEP_PX, GRID_STEP_PX, dtype=np.float64)
    rows = np.arange(0, height + GRID_STEP_PX, GRID_STEP_PX, dtype=np.float64)
    x, y = np.meshgrid(columns, rows)
    coarse = projection.board_from_photo(np.column_stack([x.ravel(), y.ravel()]))
    grid = coarse.reshape(len(rows), len(columns), 2).astype(np.float32)
    shrink = np.array([[1 / GRID_STEP_PX, 0, 0], [0, 1 / GRID_STEP_PX, 0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    maps = cv2.warpAffine(grid, shrink, (width, height), flags=flags)
    return np.asarray(maps, dtype=np.float32)
