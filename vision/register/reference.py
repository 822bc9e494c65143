"""Finding a board by an earlier photo of it whose registration is known.

SIFT (D. Lowe, IJCV 60, 2004) with the Hellinger kernel (R. Arandjelovic &
A. Zisserman, "Three things everyone should know to improve object retrieval",
CVPR 2012), mutual matches, MAGSAC++ (D. Barath et al., CVPR 2020), a joint fit
of homography and radial term, and a second, guided round of matching.
"""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from calibration.geometry import Points, Quad
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from calibration.profile import Board
from vision.errors import BoardNotFoundError
from vision.ocr.engine import Image
from vision.photo import Photo
from vision.rectify import Registration
from vision.register.fit import CollapsedFitError, Fit, fit_projection
from vision.register.frame import (
    UNIT_QUAD,
    aspect_of,
    hull_share,
    is_plausible,
    registration_from_area,
)

Descriptors = npt.NDArray[np.float32]

FEATURE_SIDE_PX = 1200
"""Long side at which features are taken. At 1600 the sample photos are placed no
better, and SIFT's doubled first octave takes 190 MB more."""

MAX_FEATURES = 5000
"""Features of a photo: what mutual matching compares within a second."""

MAX_RATIO = 0.92
"""Best distance to second best (Lowe's test), mild: mutuality does the rest."""

MIN_MATCHES = 12
"""Fewer mutual matches are chance on any two photos."""

MAGSAC_THRESHOLD = 4.0
"""Upper bound of the noise, in feature pixels."""

GUIDED_RADIUS = 0.006
"""How far from its predicted place a match may lie in the guided round, in
units of the photo's long side: 24 px of a 12 MP photo."""

CLOSE_RADIUS = 0.0015
"""Residual of a right match in the same units: 6 px of a 12 MP photo."""

MIN_CLOSE_SHARE = 0.55
"""Share of guided matches that must lie close. Chance gives
(CLOSE_RADIUS / GUIDED_RADIUS)^2 = 0.06; FINDINGS section 2 measured the gate."""

MIN_HULL_SHARE = 0.12
"""Part of the photo that the close matches must span: a collapsed homography
has a hundred "inliers" on one spot (FINDINGS section 2)."""

MIN_CLOSE = 25
"""Close matches needed at least."""

MIN_LIKENESS = 0.8
"""Cosine of two descriptors in the guided round: far below what the same spot
gives in another light, far above chance."""

DARK_LEVEL = 40
"""Mean grey level below which a photo counts as taken in the dark."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Local features of a photo.

    Parameters
    ----------
    points : ndarray of shape (N, 2), float64
        In pixels of the photo.
    descriptors : ndarray of shape (N, 128), float32
        Of unit length.
    """

    points: Points
    descriptors: Descriptors


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A photo whose registration is known, ready to be matched.

    Parameters
    ----------
    board : Board
    sha256 : str
        Of the photo's bytes: the photo may be its own reference.
    area_from_photo : Homography
        Unit square of the cell area from the reference photo.
    aspect : float
        Width / height of the cell area.
    features : Features
    """

    board: Board
    sha256: str
    area_from_photo: Homography
    aspect: float
    features: Features

    @classmethod
    def from_photo(cls, board: Board, photo: Photo, corners: Quad) -> Self:
        """Prepare a photo as a reference.

        Parameters
        ----------
        board : Board
        photo : Photo
        corners : Quad
            Of the cell area in the photo, as the board itself is named.
        """
        return cls(
            board=board,
            sha256=photo.sha256,
            area_from_photo=Homography.from_quads(target=UNIT_QUAD, source=corners),
            aspect=aspect_of(corners.to_array(), photo.size_wh),
            features=features_of(photo.pixels),
        )


def features_of(pixels: Image) -> Features:
    """Return the local features of a photo (H, W, 3), uint8, BGR."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, FEATURE_SIDE_PX / max(grey.shape))
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    sift = cv2.SIFT.create(nfeatures=MAX_FEATURES, contrastThreshold=0.02)
    keypoints, found = sift.detectAndCompute(grey, None)
    if not keypoints:
        return Features(np.empty((0, 2)), np.empty((0, 128), np.float32))
    descriptors = np.asarray(found, np.float32)
    descriptors /= np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    # Pixel centres: (i + 0.5) / scale - 0.5 in the photo.
    points = (np.array([k.pt for k in keypoints]) + 0.5) / scale - 0.5
    return Features(points, np.sqrt(descriptors))


def register_by_reference(
    photo: Photo, features: Features, reference: Reference
) -> tuple[Registration, int]:
    """Place a board by matching the photo with its reference.

    Parameters
    ----------
    photo : Photo
    features : Features
        Of the photo.
    reference : Reference

    Returns
    -------
    registration : Registration
    support : int
        Matches that agree with it, for choosing among boards.

    Raises
    ------
    BoardNotFoundError
        If the match is not certain.
    """
    lens = RadialLens(0.0, photo.size_wh)
    if photo.sha256 == reference.sha256:
        fit = Fit(
            Projection(Homography.identity(), lens), np.zeros(len(features.points))
        )
    else:
        fit = _fit_reference(photo, features, reference, lens)
    area = reference.area_from_photo @ fit.projection.homography
    unit = Projection(area, fit.projection.lens)
    if not is_plausible(unit):
        raise _not_found(
            photo, reference, "the fit shows the board edge-on or from behind"
        )
    registration = registration_from_area(
        reference.board,
        "reference",
        area,
        fit.projection.lens,
        aspect=reference.aspect,
        residual_px=fit.rms_px,
    )
    return registration, len(fit.residuals_px)


def _fit_reference(
    photo: Photo, features: Features, reference: Reference, lens: RadialLens
) -> Fit:
    """Fit reference-from-photo, or refuse."""
    pairs = _mutual_matches(features.descriptors, reference.features.descriptors)
    start = _magsac(
        features.points[pairs[:, 0]], reference.features.points[pairs[:, 1]]
    )
    if start is None:
        raise _not_found(photo, reference, "too little of it matches")
    side_px = max(photo.size_wh)
    projection = Projection(start, lens)
    close_px = CLOSE_RADIUS * side_px
    for radius in (GUIDED_RADIUS, GUIDED_RADIUS, CLOSE_RADIUS * 2):
        pairs = _guided_matches(
            features, reference.features, projection, radius * side_px
        )
        if len(pairs) < MIN_MATCHES:
            raise _not_found(photo, reference, "too little of it matches")
        try:
            fit = fit_projection(
                features.points[pairs[:, 0]],
                reference.features.points[pairs[:, 1]],
                projection.homography,
                projection.lens,
            )
        except CollapsedFitError as error:
            raise _not_found(photo, reference, "too little of it matches") from error
        projection = fit.projection
    return _trusted(photo, features, reference, fit, close_px)


def _trusted(
    photo: Photo, features: Features, reference: Reference, fit: Fit, close_px: float
) -> Fit:
    """Return the fit with its close matches only, or refuse it."""
    pairs = _guided_matches(
        features,
        reference.features,
        fit.projection,
        GUIDED_RADIUS * max(photo.size_wh),
    )
    there = fit.projection.photo_from_board(reference.features.points[pairs[:, 1]])
    points = features.points[pairs[:, 0]]
    residuals = np.hypot(*(there - points).T)
    close = residuals < close_px
    share = float(close.mean()) if len(close) else 0.0
    hull = hull_share(points[close], photo.size_wh)
    if close.sum() < MIN_CLOSE:
        raise _not_found(photo, reference, f"only {close.sum()} places match")
    if share < MIN_CLOSE_SHARE:
        raise _not_found(photo, reference, f"only {share:.0%} of the matches agree")
    if hull < MIN_HULL_SHARE:
        raise _not_found(
            photo, reference, f"what matches spans only {hull:.0%} of the photo"
        )
    return Fit(fit.projection, residuals[close])


def _mutual_matches(first: Descriptors, second: Descriptors) -> npt.NDArray[np.intp]:
    """Return index pairs (N, 2) of descriptors that are each other's nearest."""
    if len(first) < MIN_MATCHES or len(second) < MIN_MATCHES:
        return np.empty((0, 2), np.intp)
    likeness = first @ second.T
    forth, back = likeness.argmax(axis=1), likeness.argmax(axis=0)
    rows = np.arange(len(first))
    best = likeness[rows, forth]
    likeness[rows, forth] = -1
    # Unit vectors: squared distance = 2 - 2 likeness.
    ratio = np.sqrt(
        np.maximum(1 - best, 0) / np.maximum(1 - likeness.max(axis=1), 1e-9)
    )
    kept = (back[forth] == rows) & (ratio < MAX_RATIO)
    return np.column_stack([rows[kept], forth[kept]])


def _magsac(source: Points, target: Points) -> Homography | None:
    """Return target-from-source, None if there is none."""
    if len(source) < MIN_MATCHES:
        return None
    matrix, _ = cv2.findHomography(
        source, target, cv2.USAC_MAGSAC, MAGSAC_THRESHOLD, maxIters=10000
    )
    # Without a model OpenCV gives None or zeros, whatever its stubs say.
    try:
        return Homography(np.asarray(matrix, np.float64))
    except ValueError:
        return None


def _guided_matches(
    features: Features, reference: Features, projection: Projection, radius_px: float
) -> npt.NDArray[np.intp]:
    """Match again, mutually, among features near their predicted place.

    Returns
    -------
    ndarray of shape (N, 2), intp
        Pairs (index in the photo, index in the reference).
    """
    if len(features.points) == 0 or len(reference.points) == 0:
        return np.empty((0, 2), np.intp)
    there = projection.photo_from_board(reference.points)
    rows, columns = _neighbours(features.points, there, radius_px)
    if len(rows) == 0:
        return np.empty((0, 2), np.intp)
    likeness = np.einsum(
        "nd,nd->n", features.descriptors[rows], reference.descriptors[columns]
    )
    best_of_row = np.full(len(features.points), MIN_LIKENESS, np.float32)
    best_of_column = np.full(len(there), MIN_LIKENESS, np.float32)
    np.maximum.at(best_of_row, rows, likeness)
    np.maximum.at(best_of_column, columns, likeness)
    mutual = (likeness >= best_of_row[rows]) & (likeness >= best_of_column[columns])
    return np.column_stack([rows[mutual], columns[mutual]])


def _neighbours(
    points: Points, others: Points, radius_px: float
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return index pairs of points that lie within a radius of each other."""
    finite = np.isfinite(others).all(axis=1)
    tree = KDTree(points)
    near = tree.sparse_distance_matrix(
        KDTree(others[finite]), radius_px, output_type="ndarray"
    )
    return near["i"].astype(np.intp), np.flatnonzero(finite)[near["j"]]


def _not_found(photo: Photo, reference: Reference, why: str) -> BoardNotFoundError:
    """Return the refusal, with a hint that fits the photo."""
    level = float(photo.pixels[::8, ::8].mean())
    if level < DARK_LEVEL:
        hint = "The photo is very dark: switch on the light and take it again."
    else:
        hint = (
            "Take it again from further away, with the whole board and its headings "
            "in the picture, and check that it is this board."
        )
    return BoardNotFoundError(
        f"Board {reference.board.slug} was not found with certainty: {why}.",
        hint=hint,
        board=reference.board.slug,
    )
