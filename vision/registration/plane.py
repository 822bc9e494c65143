"""What a camera makes of a plane: where its points appear, and with what slopes.

One homography and one radial term (division model, see `calibration.lens`), in
normal coordinates: offsets from the photo's centre in units of half its
diagonal. Slopes are exact, so that fitting needs no numerical ones.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calibration.geometry import Points
from calibration.homography import Homography
from calibration.lens import MAX_RADIAL_K1, Projection, RadialLens

Vector = npt.NDArray[np.float64]

K1_SCALE = 0.02
"""Typical size of k1, so that the optimiser's steps suit all parameters."""

PLANE_PARAMETERS = 9
"""Eight of the homography, one of the lens."""

MIN_ROOT = 0.05
"""Where the lens model reaches its end the slope grows without bounds."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Points of a plane as a photo shows them.

    Parameters
    ----------
    points : ndarray of shape (N, 2), float64
        In photo pixels.
    by_parameter : ndarray of shape (N, 2, 9), float64
        Slopes by the nine parameters of the view.
    by_target : ndarray of shape (N, 2, 2), float64
        Slopes by the points' own coordinates on the plane.
    """

    points: Points
    by_parameter: npt.NDArray[np.float64]
    by_target: npt.NDArray[np.float64]


def view(parameters: Vector, targets: Points, photo_wh: tuple[int, int]) -> View:
    """Look at points of a plane.

    Parameters
    ----------
    parameters : ndarray of shape (9,), float64
        As `parameters_of` makes them.
    targets : ndarray of shape (N, 2), float64
        On the plane, of the order of 1.
    photo_wh : tuple of int
        Size of the photo.
    """
    offsets, by_matrix, by_target = _projected(parameters[:8], targets)
    lens = RadialLens(0.0, photo_wh)
    k1 = bounded_k1(parameters[8])
    squared = (offsets**2).sum(axis=1)
    root = np.sqrt(np.maximum(1 - 4 * k1 * squared, MIN_ROOT**2))
    gain = 2 / (1 + root)
    slope = 4 / (root * (1 + root) ** 2)
    bend = gain[:, None, None] * np.eye(2) + (2 * k1 * slope)[:, None, None] * (
        offsets[:, :, None] * offsets[:, None, :]
    )
    by_k1 = offsets * (slope * squared * K1_SCALE)[:, None]
    radius = lens.radius_px
    return View(
        offsets * gain[:, None] * radius + lens.centre,
        np.concatenate([bend @ by_matrix, by_k1[:, :, None]], axis=2) * radius,
        bend @ by_target * radius,
    )


def _projected(
    matrix: Vector, targets: Points
) -> tuple[Points, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return points through a homography, and slopes by its terms and by them."""
    full = np.append(matrix, 1.0).reshape(3, 3)
    ahead = np.column_stack([targets, np.ones(len(targets))])
    mapped = ahead @ full.T
    depth = mapped[:, 2:]
    offsets = mapped[:, :2] / depth
    by_matrix = np.zeros((len(targets), 2, 8))
    by_matrix[:, 0, :3] = by_matrix[:, 1, 3:6] = ahead / depth
    by_matrix[:, :, 6:] = -offsets[:, :, None] * (targets / depth)[:, None, :]
    by_target = (full[:2, :2] - offsets[:, :, None] * full[2, :2]) / depth[:, :, None]
    return offsets, by_matrix, by_target


def bounded_k1(parameter: float) -> float:
    """Return k1 of a parameter, within what is a lens."""
    return min(max(float(parameter) * K1_SCALE, -MAX_RADIAL_K1), MAX_RADIAL_K1)


def normal_from_photo(photo_wh: tuple[int, int]) -> Homography:
    """Return the map of photo pixels to normal coordinates.

    R. Hartley, "In defense of the eight-point algorithm", PAMI 19 (1997).
    """
    lens = RadialLens(0.0, photo_wh)
    scale = 1 / lens.radius_px
    return Homography.scaling(scale, scale) @ Homography.translation(
        -lens.centre.x, -lens.centre.y
    )


def parameters_of(projection: Projection, normal_from_target: Homography) -> Vector:
    """Return the nine parameters of a view, all of similar size.

    Parameters
    ----------
    projection : Projection
        Target from photo.
    normal_from_target : Homography
        Brings the target's points to the order of 1.

    Raises
    ------
    ValueError
        If the target's normal origin lies on the photo's horizon.
    """
    normal = normal_from_photo(projection.lens.photo_wh)
    matrix = (
        normal @ projection.homography.inverse @ normal_from_target.inverse
    ).matrix
    if matrix[2, 2] != 1:
        msg = f"expected an origin before the horizon, got {matrix.tolist()}"
        raise ValueError(msg)
    return np.append(matrix.ravel()[:8], projection.lens.k1 / K1_SCALE)


def projection_of(
    parameters: Vector, normal_from_target: Homography, photo_wh: tuple[int, int]
) -> Projection:
    """Return target from photo; the way back of `parameters_of`.

    Raises
    ------
    ValueError
        If the parameters put the plane onto a line.
    """
    matrix = Homography(np.append(parameters[:8], 1.0).reshape(3, 3))
    photo_from_target = (
        normal_from_photo(photo_wh).inverse @ matrix @ normal_from_target
    )
    lens = RadialLens(bounded_k1(parameters[8]), photo_wh)
    return Projection(photo_from_target.inverse, lens)
