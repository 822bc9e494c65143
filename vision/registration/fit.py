"""Fitting a homography and the lenses' radial terms together, robustly."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from calibration.geometry import Points
from calibration.lens import Projection, RadialLens
from vision.registration.plane import (
    K1_SCALE,
    PLANE_PARAMETERS,
    Vector,
    bounded_k1,
    normal_from_photo,
    parameters_of,
    projection_of,
    view,
)

ROBUST_SCALE_PX = 2.0
"""Residual in photo pixels from which a point counts less (soft L1)."""

K1_SPREAD = 0.012
"""How far from 0 a phone's k1 usually is: what is known of it beforehand. It only
decides what the points leave open."""

INDEPENDENT_POINTS = 60
"""As many errors of points are taken to be independent: those of one card err
together (it stands off the board), and a thousand of them prove little."""

MIN_NOISE_PX = 0.1
"""Finer than this no feature is placed, however well a few happen to agree."""

MAX_STEPS = 40
"""Steps of the optimiser; from a good start it takes fewer than ten."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """The parameters of the least robust cost, and how well they are known.

    Parameters
    ----------
    parameters : ndarray of shape (P,), float64
    covariance : ndarray of shape (P, P), float64
        For residuals whose noise is one pixel.
    """

    parameters: Vector
    covariance: Vector


@dataclass(frozen=True, slots=True, eq=False)
class PairFit:
    """Two photos of one plane.

    Parameters
    ----------
    fit : Fit
        Straight (lens-free) pixels of the reference from the photo.
    reference_lens : RadialLens
        As it was fitted too.
    optimum : Optimum
        Its first nine parameters are the photo's view of the plane.
    """

    fit: Fit
    reference_lens: RadialLens
    optimum: Optimum

    def spread_px(self, points_reference: Points) -> Vector:
        """Return the standard error with which points are placed in the photo.

        Parameters
        ----------
        points_reference : ndarray of shape (N, 2), float64
            As the reference photo shows them.

        Returns
        -------
        ndarray of shape (N,), float64
            Photo pixels. What a wrong model adds is not in it.
        """
        normal = normal_from_photo(self.reference_lens.photo_wh)
        _, slopes = _pair_view(
            self.optimum.parameters,
            normal.apply(points_reference),
            self.fit.projection.lens.photo_wh,
        )
        covariance = self.optimum.covariance
        variance = np.einsum("nip,pq,niq->n", slopes, covariance, slopes)
        noise_px = max(self.fit.rms_px, MIN_NOISE_PX)
        return np.asarray(np.sqrt(np.maximum(variance, 0)) * noise_px)


def _pair_view(
    parameters: Vector, offsets: Points, photo_wh: tuple[int, int]
) -> tuple[Points, Vector]:
    """Return where a photo shows points of another one, with slopes.

    Parameters
    ----------
    parameters : ndarray of shape (10,), float64
        Nine of the photo's view, and the other photo's k1.
    offsets : ndarray of shape (N, 2), float64
        Normal coordinates in the other photo, as it shows them.
    photo_wh : tuple of int
        Size of the photo.

    Returns
    -------
    points : ndarray of shape (N, 2), float64
        Photo pixels.
    slopes : ndarray of shape (N, 2, 10), float64
        By the parameters.
    """
    squared = (offsets**2).sum(axis=1, keepdims=True)
    stretch = 1 + bounded_k1(parameters[9]) * squared
    seen = view(parameters[:PLANE_PARAMETERS], offsets / stretch, photo_wh)
    by_lens = seen.by_target @ (-offsets * squared / stretch**2)[:, :, None]
    return seen.points, np.concatenate([seen.by_parameter, by_lens * K1_SCALE], axis=2)


def fit_pair(
    points_photo: Points,
    points_reference: Points,
    start: Projection,
    reference_lens: RadialLens,
    reference_k1_spread: float,
) -> PairFit:
    """Fit the way between two photos of one plane, and both lenses.

    Minimises distances in the photo (soft L1), where the noise is. What two
    photos from one standpoint cannot tell, which of the lenses bends, is left
    to what lenses usually do.

    Parameters
    ----------
    points_photo, points_reference : ndarray of shape (N, 2), float64
        Matched points as the photos show them, N >= 5.
    start : Projection
        Straight reference from photo, a first guess.
    reference_lens : RadialLens
        Where the reference's lens is known, or a guess.
    reference_k1_spread : float
        How well it is known.

    Raises
    ------
    CollapsedFitError
        If the points do not tell a plane.
    """
    photo_wh = start.lens.photo_wh
    normal = normal_from_photo(reference_lens.photo_wh)
    offsets = normal.apply(points_reference)
    expected = reference_lens.k1 / K1_SCALE
    # What is known of lenses counts as two more residuals.
    alike = max(1.0, len(offsets) / INDEPENDENT_POINTS)
    weights = K1_SCALE * np.sqrt(alike) / np.array([K1_SPREAD, reference_k1_spread])
    own = np.zeros((2, 10))
    own[[0, 1], [8, 9]] = weights

    def residuals(parameters: Vector) -> tuple[Vector, Vector]:
        points, slopes = _pair_view(parameters, offsets, photo_wh)
        off = (points - points_photo).ravel()
        known = (parameters[8:] - [0.0, expected]) * weights
        return np.append(off, known), np.concatenate([slopes.reshape(-1, 10), own])

    try:
        first = np.append(parameters_of(start, normal), expected)
        optimum = minimise(residuals, first)
        projection = projection_of(optimum.parameters[:9], normal, photo_wh)
    except (ValueError, np.linalg.LinAlgError) as error:
        raise CollapsedFitError(str(error)) from error
    left = residuals(optimum.parameters)[0][:-2].reshape(-1, 2)
    return PairFit(
        Fit(projection, np.hypot(left[:, 0], left[:, 1])),
        RadialLens(bounded_k1(optimum.parameters[9]), reference_lens.photo_wh),
        optimum,
    )


def minimise(
    residuals: Callable[[Vector], tuple[Vector, Vector]], start: Vector
) -> Optimum:
    """Return the parameters of the least robust cost.

    Parameters
    ----------
    residuals : callable
        From parameters to residuals in pixels, (M,), and their slopes, (M, P).
    start : ndarray of shape (P,), float64
        A first guess.

    Raises
    ------
    ValueError
        If the residuals are not finite at the start.
    """

    # MINPACK's Levenberg-Marquardt minimises plain squares: those of residuals that are
    # bent so that their squares are the robust cost. SciPy's own robust solver takes
    # singular values of all slopes, ten times as long where the cores are busy.
    def off(parameters: Vector) -> Vector:
        return _bent(residuals(parameters)[0])

    def slopes(parameters: Vector) -> Vector:
        plain, by_parameter = residuals(parameters)
        return by_parameter * _bend_slope(plain)[:, None]

    solution = least_squares(
        off,
        start,
        jac=slopes,
        method="lm",
        x_scale="jac",
        max_nfev=MAX_STEPS,
        xtol=1e-6,
        ftol=1e-7,
    )
    parameters = np.asarray(solution.x, np.float64)
    plain, by_parameter = residuals(parameters)
    # The second derivative of the robust cost: far off points tell less.
    weighted = by_parameter * (_beyond(plain) ** -0.75)[:, None]
    covariance = np.linalg.pinv(weighted.T @ weighted)
    return Optimum(parameters, np.asarray(covariance, np.float64))


def _beyond(residuals_px: Vector) -> Vector:
    """Return 1 plus the squares of residuals in units of `ROBUST_SCALE_PX`."""
    return np.asarray(1 + (residuals_px / ROBUST_SCALE_PX) ** 2)


def _bent(residuals_px: Vector) -> Vector:
    """Return what squared is the robust cost (soft L1) of residuals."""
    return np.asarray(residuals_px * np.sqrt(2 / (np.sqrt(_beyond(residuals_px)) + 1)))


def _bend_slope(residuals_px: Vector) -> Vector:
    """Return the slope of `_bent`."""
    root = np.sqrt(_beyond(residuals_px))
    return np.asarray(np.sqrt((root + 1) / 2) / root)
