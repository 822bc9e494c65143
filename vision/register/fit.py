"""Fitting a homography and the lens's radial term together, robustly."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from calibration.geometry import Points
from calibration.homography import Homography
from calibration.lens import MAX_RADIAL_K1, Projection, RadialLens

Vector = npt.NDArray[np.float64]

ROBUST_SCALE_PX = 2.0
"""Residual in photo pixels from which a point counts less (soft L1)."""

K1_SCALE = 0.02
"""Typical size of k1, so that the optimiser's steps suit all parameters."""


class CollapsedFitError(ValueError):
    """The points do not tell a plane: the fit puts all of it onto a line."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted projection with what it leaves.

    Parameters
    ----------
    projection : Projection
        Target from photo.
    residuals_px : ndarray of shape (N,), float64
        Distance of each point in the photo from where the fit puts it.
    """

    projection: Projection
    residuals_px: Vector

    @property
    def rms_px(self) -> float:
        """Root mean square of the residuals, robust: of the better three quarters.

        The rest may be points that the robust loss set aside. 0 without any
        points: a photo that is its own reference needs none.
        """
        if len(self.residuals_px) == 0:
            return 0.0
        kept = np.sort(self.residuals_px)[: max(1, len(self.residuals_px) * 3 // 4)]
        return float(np.sqrt((kept**2).mean()))


def fit_projection(
    points_photo: Points, points_target: Points, start: Homography, lens: RadialLens
) -> Fit:
    """Fit target-from-photo homography and k1 to matched points.

    Minimises distances in the photo (soft L1), where the noise is.

    Parameters
    ----------
    points_photo, points_target : ndarray of shape (N, 2), float64
        Matched points, N >= 5.
    start : Homography
        Target from photo, a first guess.
    lens : RadialLens
        A first guess of the radial term, and the photo's size.

    Raises
    ------
    CollapsedFitError
        If the points do not tell a plane.
    """
    extent = float(np.abs(points_target).max()) or 1.0

    def projection(parameters: Vector) -> Projection:
        return _projection(parameters[:8], parameters[8], extent, lens.photo_wh)

    def residuals(parameters: Vector) -> Vector:
        there = projection(parameters).photo_from_board(points_target)
        return np.asarray((there - points_photo).ravel())

    solution = minimise(residuals, parameters_of(start, lens.k1, extent, lens.photo_wh))
    left = residuals(solution).reshape(-1, 2)
    return Fit(projection(solution), np.hypot(left[:, 0], left[:, 1]))


def minimise(residuals: Callable[[Vector], Vector], start: Vector) -> Vector:
    """Return the parameters of the least robust cost, within a lens's bounds.

    Parameters
    ----------
    residuals : callable
        From parameters to residuals in pixels.
    start : ndarray of shape (P,), float64
        A first guess; parameter 8 is k1 in units of `K1_SCALE`.
    """
    bound = np.full(len(start), np.inf)
    bound[8] = MAX_RADIAL_K1 / K1_SCALE
    solution = least_squares(
        residuals,
        np.clip(start, -bound, bound),
        bounds=(-bound, bound),
        loss="soft_l1",
        f_scale=ROBUST_SCALE_PX,
        x_scale="jac",
        max_nfev=60,
    )
    return np.asarray(solution.x, dtype=np.float64)


def parameters_of(
    target_from_photo: Homography, k1: float, extent: float, photo_wh: tuple[int, int]
) -> Vector:
    """Return the nine parameters of a projection, all of similar size."""
    normal = _normaliser(photo_wh)
    scale = Homography.scaling(extent, extent)
    try:
        matrix = (normal @ target_from_photo.inverse @ scale).matrix
    except ValueError as error:
        raise CollapsedFitError(str(error)) from error
    return np.append(matrix.ravel()[:8], k1 / K1_SCALE)


def _projection(
    homography: Vector, k1: float, extent: float, photo_wh: tuple[int, int]
) -> Projection:
    """Return the projection of parameters made by `parameters_of`."""
    photo_from_normal = _normaliser(photo_wh).inverse
    unit_from_target = Homography.scaling(1 / extent, 1 / extent)
    try:
        normal_from_unit = Homography(np.append(homography, 1.0).reshape(3, 3))
        target_from_photo = (
            photo_from_normal @ normal_from_unit @ unit_from_target
        ).inverse
    except ValueError as error:
        raise CollapsedFitError(str(error)) from error
    bounded = float(np.clip(k1 * K1_SCALE, -MAX_RADIAL_K1, MAX_RADIAL_K1))
    return Projection(target_from_photo, RadialLens(bounded, photo_wh))


def _normaliser(photo_wh: tuple[int, int]) -> Homography:
    """Return the map of photo pixels to a frame of unit size about the centre.

    R. Hartley, "In defense of the eight-point algorithm", PAMI 19 (1997).
    """
    scale = 2 / max(photo_wh)
    return Homography.scaling(scale, scale) @ Homography.translation(
        -photo_wh[0] / 2, -photo_wh[1] / 2
    )


def projection_of(
    parameters: Vector, extent: float, photo_wh: tuple[int, int]
) -> Projection:
    """Return the projection of nine parameters, as `parameters_of` makes them."""
    return _projection(parameters[:8], float(parameters[8]), extent, photo_wh)
