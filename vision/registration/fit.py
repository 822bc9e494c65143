"""Fitting what a camera makes of a plane, robustly: a homography and a radial term.

In normal coordinates: offsets from the photo's centre in units of half its diagonal.
The radial term is that of the division model, see `calibration.lens`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from calibration.geometry import DegenerateError, Points
from calibration.homography import Homography
from calibration.lens import MAX_RADIAL_K1, Projection, RadialLens
from vision.image.arrays import Vector

VIEW_PARAMETERS, K1_SCALE = 9, 0.02
"""Eight of the homography, one of the lens; typical size of that, so that steps suit
all."""

K1_SPREAD = 0.012
"""How far from 0 a phone's k1 usually is; it decides what the points leave open."""

ROBUST_SCALE_PX, MIN_NOISE_PX = 2.0, 0.1
"""Residual in photo pixels from which a point counts less (soft L1), and the finest
noise."""

INDEPENDENT_POINTS = 60
"""As many errors of points are taken to be independent: those of one card err
together."""

MAX_STEPS, CONVERGED = 40, 1e-8
"""Steps of the optimiser (fewer than ten from a good start), and relative change of the
cost or the parameters at which it stops."""


class CollapsedFitError(DegenerateError):
    """The points do not fix a plane: the fit puts all of it onto a line."""


@contextmanager
def fitting() -> Iterator[None]:
    """Say of what cannot be computed in a fit that its points do not fix a plane."""
    try:
        yield
    except (DegenerateError, np.linalg.LinAlgError) as error:
        raise CollapsedFitError(str(error)) from error


def homography_found(matrix: npt.ArrayLike | None) -> Homography:
    """Return target from source as OpenCV found it; DegenerateError if it found none."""
    if matrix is None:
        raise DegenerateError("expected a homography, OpenCV found none")
    return Homography(np.asarray(matrix, np.float64))


def view(parameters: Vector, targets: Points, photo_wh: tuple[int, int]) -> Points:
    """Return where a photo shows points of a plane, both (N, 2); see `parameters_of`."""
    matrix = np.append(parameters[:8], 1.0).reshape(3, 3)
    mapped = np.column_stack([targets, np.ones(len(targets))]) @ matrix.T
    lens = RadialLens(_bounded_k1(parameters[8]), photo_wh)
    offsets = mapped[:, :2] / mapped[:, 2:]
    return lens.photo_from_straight(offsets * lens.radius_px + lens.centre)


def parameters_of(projection: Projection, normal_from_target: Homography) -> Vector:
    """Return the parameters of a view, (9,), all of similar size.

    `projection` is target from photo; `normal_from_target` brings the target's points
    to the order of 1. DegenerateError if its normal origin lies on the photo's horizon.
    """
    normal = _normal_from_photo(projection.lens.photo_wh)
    matrix = (
        normal @ projection.homography.inverse @ normal_from_target.inverse
    ).matrix
    if matrix[2, 2] != 1:
        raise DegenerateError(
            f"expected an origin before the horizon, got {matrix.tolist()}"
        )
    return np.append(matrix.ravel()[:8], projection.lens.k1 / K1_SCALE)


def projection_of(
    parameters: Vector, normal_from_target: Homography, photo_wh: tuple[int, int]
) -> Projection:
    """Undo `parameters_of`: target from photo; DegenerateError if that is a line."""
    matrix = Homography(np.append(parameters[:8], 1.0).reshape(3, 3))
    photo_from_target = (
        _normal_from_photo(photo_wh).inverse @ matrix @ normal_from_target
    )
    lens = RadialLens(_bounded_k1(parameters[8]), photo_wh)
    return Projection(photo_from_target.inverse, lens)


def minimise(residuals: Callable[[Vector], Vector], start: Vector) -> Vector:
    """Return the parameters, (P,), of the least cost (soft L1) of residuals, (M,).

    In px. DegenerateError if they are not finite at the start.
    """
    if not np.isfinite(residuals(start)).all():
        raise DegenerateError("expected residuals that are finite at the start")

    # MINPACK's Levenberg-Marquardt minimises plain squares: those of residuals that are
    # bent so that their squares are the robust cost. SciPy's own robust solver takes
    # singular values of all slopes, ten times as long where the cores are busy.
    def bent(parameters: Vector) -> Vector:
        plain = residuals(parameters)
        return np.asarray(plain * np.sqrt(2 / (np.sqrt(_beyond(plain)) + 1)))

    solution = scipy.optimize.least_squares(
        bent,
        start,
        method="lm",
        x_scale="jac",
        max_nfev=MAX_STEPS,
        xtol=CONVERGED,
        ftol=CONVERGED,
    )
    return np.asarray(solution.x, np.float64)


def rms_px(off: Vector) -> float:
    """Return the root mean square of the smaller three quarters of residuals, (N,)."""
    kept = np.sort(off)[: max(1, len(off) * 3 // 4)]
    return float(np.sqrt((kept**2).mean()))


@dataclass(frozen=True, slots=True, eq=False)
class PairFit:
    """Two photos of one plane.

    `projection` is straight (lens-free) pixels of the reference from the photo,
    `rms_px` what the fit leaves in the photo. The parameters, (10,), are of the photo's
    view and the reference's lens; their covariance is for points whose noise is one
    pixel.
    """

    projection: Projection
    reference_lens: RadialLens
    rms_px: float
    parameters: Vector
    covariance: Vector

    def spread_px(self, points_reference: Points) -> Vector:
        """Return the standard errors in the photo, (N,), of points of the reference."""

        def seen(parameters: Vector) -> Vector:
            return _pair_view(
                parameters,
                points_reference,
                self.reference_lens.photo_wh,
                self.projection.lens.photo_wh,
            ).ravel()

        slopes = scipy.optimize.approx_fprime(self.parameters, seen).reshape(-1, 2, 10)
        variance = np.einsum("nip,pq,niq->n", slopes, self.covariance, slopes)
        noise_px = max(self.rms_px, MIN_NOISE_PX)
        return np.asarray(np.sqrt(np.maximum(variance, 0)) * noise_px)


def fit_pair(
    points_photo: Points,
    points_reference: Points,
    start: Projection,
    reference_lens: RadialLens,
    reference_k1_spread: float,
) -> PairFit:
    """Fit the homography between two photos of one plane, and both lenses.

    Minimises distances in the photo (soft L1) of at least five matched points, (N, 2)
    in pixels of each. `start` is straight reference from photo, a first guess; the
    reference's lens is known with a standard deviation of its k1. CollapsedFitError if
    the points do not fix a plane.
    """
    photo_wh, reference_wh = start.lens.photo_wh, reference_lens.photo_wh
    normal = _normal_from_photo(reference_wh)
    expected = np.array([0.0, reference_lens.k1 / K1_SCALE])
    # What is known of lenses counts as two more residuals.
    alike = max(1.0, len(points_photo) / INDEPENDENT_POINTS)
    weights = K1_SCALE * np.sqrt(alike) / np.array([K1_SPREAD, reference_k1_spread])

    def residuals(parameters: Vector) -> Vector:
        seen = _pair_view(parameters, points_reference, reference_wh, photo_wh)
        known = (parameters[8:] - expected) * weights
        return np.append((seen - points_photo).ravel(), known)

    with fitting():
        first = np.append(parameters_of(start, normal), expected[1])
        parameters = minimise(residuals, first)
        projection = projection_of(parameters[:VIEW_PARAMETERS], normal, photo_wh)
        covariance = _covariance(residuals, parameters)
    left = residuals(parameters)[:-2].reshape(-1, 2)
    return PairFit(
        projection,
        RadialLens(_bounded_k1(parameters[VIEW_PARAMETERS]), reference_wh),
        rms_px(np.hypot(*left.T)),
        parameters,
        covariance,
    )


def _pair_view(
    parameters: Vector,
    points_reference: Points,
    reference_wh: tuple[int, int],
    photo_wh: tuple[int, int],
) -> Points:
    """Return where a photo shows points that another one shows, (N, 2)."""
    lens = RadialLens(_bounded_k1(parameters[VIEW_PARAMETERS]), reference_wh)
    straight = lens.straight_from_photo(points_reference)
    targets = (straight - lens.centre) / lens.radius_px
    return view(parameters[:VIEW_PARAMETERS], targets, photo_wh)


def _covariance(residuals: Callable[[Vector], Vector], optimum: Vector) -> Vector:
    """Return the covariance, (P, P), of fitted parameters for a noise of one pixel."""
    slopes = scipy.optimize.approx_fprime(optimum, residuals)
    # The second derivative of the robust cost: far off points say less.
    weighted = slopes * (_beyond(residuals(optimum)) ** -0.75)[:, None]
    return np.asarray(np.linalg.pinv(weighted.T @ weighted), np.float64)


def _beyond(residuals_px: Vector) -> Vector:
    """Return 1 plus the squares of residuals in units of `ROBUST_SCALE_PX`."""
    return np.asarray(1 + (residuals_px / ROBUST_SCALE_PX) ** 2)


def _bounded_k1(parameter: float) -> float:
    """Return k1 of a parameter, within what is a lens."""
    return min(max(float(parameter) * K1_SCALE, -MAX_RADIAL_K1), MAX_RADIAL_K1)


def _normal_from_photo(photo_wh: tuple[int, int]) -> Homography:
    """Return the map of photo pixels to normal coordinates."""
    lens = RadialLens(0.0, photo_wh)
    scale = 1 / lens.radius_px
    return Homography.scaling(scale, scale) @ Homography.translation(
        -lens.centre.x, -lens.centre.y
    )
