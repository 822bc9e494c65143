"""Finding a board by an earlier photo of it whose registration is known."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from calibration.geometry import DegenerateError, Points, Quad
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from calibration.profile import Board
from vision.image.arrays import Image, shrunk
from vision.image.photo import Photo
from vision.registration.features import (
    Features,
    features_of,
    guided_matches,
    mutual_matches,
)
from vision.registration.fit import (
    K1_SPREAD,
    CollapsedFitError,
    PairFit,
    fit_pair,
    fitting,
    homography_found,
)
from vision.registration.frame import UNIT_CORNERS, UNIT_QUAD, Registration, aspect_of
from vision.registration.marked_grid import grid_from_marks

REFERENCE_SIDE_PX = 1200
"""Long side at which a reference's features are taken: at 1600 nothing is better."""

KNOWN_K1_SPREAD = 0.002
"""How well a fit determines a photo's k1."""

MIN_MATCHES = 12
"""Fewer mutual matches are chance on any two photos."""

MAGSAC_SHARE, CLOSE_RADIUS = 0.0025, 0.0015
"""Upper bound of the noise, and residual of a right match, in units of a photo's long
side: 4 px at 1600, and 6 px of 12 MP."""

GUIDED_RADII = (4.0, 4.0, 2.0)
"""How far from its predicted place a match may lie, round by round, in tolerances."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A photo whose registration is known, ready to be matched.

    The hash is of its bytes (a photo may be its own reference); the corners, (4, 2),
    are of the cell area as it shows them: TL, TR, BR, BL. Its lens is known as well as
    `k1_spread` says; what is open is fitted with each photo. `aspect` is width / height
    of the cell area, `steps` counts the photos from tags or the profile's reference to
    it, itself too, and `checked` says whether more than tags placed it.
    """

    board: Board
    sha256: str
    corners_photo: Points
    lens: RadialLens
    k1_spread: float
    aspect: float
    features: Features
    steps: int = 0
    checked: bool = True

    @classmethod
    def from_photo(cls, board: Board, photo: Photo, corners: Quad) -> Self:
        """Prepare a photo in which a person has marked the corners of the cell area.

        Where the board has printed lines, these place it better, and fix the lens.
        """
        corners_photo, lens = corners.to_array(), RadialLens(0.0, photo.size_wh)
        unit = grid_from_marks(photo.pixels, corners, board.layout)
        if unit is not None:
            corners_photo, lens = unit.photo_from_board(UNIT_CORNERS), unit.lens
        return cls(
            board=board,
            sha256=photo.sha256,
            corners_photo=corners_photo,
            lens=lens,
            k1_spread=K1_SPREAD if unit is None else KNOWN_K1_SPREAD,
            aspect=aspect_of(lens.straight_from_photo(corners_photo), photo.size_wh),
            features=features_of(photo.pixels, REFERENCE_SIDE_PX),
        )

    def area_from_straight(self, lens: RadialLens) -> Homography:
        """Return the unit square of the cell area from photo pixels without this lens."""
        corners = Quad.from_array(lens.straight_from_photo(self.corners_photo))
        return Homography.from_quads(target=UNIT_QUAD, source=corners)


@dataclass(frozen=True, slots=True, eq=False)
class RecentPhoto:
    """A photo that was placed, kept at `REFERENCE_SIDE_PX` (3 MB) to be a reference."""

    sha256: str
    registration: Registration
    small: Image

    @classmethod
    def of(cls, photo: Photo, registration: Registration) -> Self:
        """Keep a photo with its registration."""
        small, _ = shrunk(photo.pixels, REFERENCE_SIDE_PX)
        return cls(photo.sha256, registration, small)

    def reference(self) -> Reference:
        """Return the photo, ready to be matched; finding its features takes time."""
        registration = self.registration
        area, projection = registration.cell_area, registration.projection
        found = features_of(self.small, REFERENCE_SIDE_PX)
        scale = np.array(projection.lens.photo_wh) / self.small.shape[1::-1]
        # Pixel centres: (i + 0.5) * scale - 0.5 in the photo.
        points = (found.points + 0.5) * scale - 0.5
        return Reference(
            board=registration.board,
            sha256=self.sha256,
            corners_photo=projection.photo_from_board(area.to_quad().to_array()),
            lens=projection.lens,
            k1_spread=KNOWN_K1_SPREAD,
            aspect=area.width / area.height,
            features=Features(points, found.descriptors),
            steps=registration.steps + 1,
            checked=registration.checked,
        )


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceMatch:
    """A photo placed against a reference, verified or not.

    `pair` is straight reference from photo; then the unit square of the cell area from
    that, and the distance in the photo within which a right match lies.
    """

    pair: PairFit
    area_from_reference: Homography
    tolerance_px: float

    @property
    def unit(self) -> Projection:
        """Unit square of the cell area from photo."""
        straight = self.pair.projection
        return Projection(self.area_from_reference @ straight.homography, straight.lens)


def match_reference(
    photo_wh: tuple[int, int], features: Features, reference: Reference
) -> ReferenceMatch | None:
    """Place a photo against a reference as well as it goes; None if it does not.

    MAGSAC++ (D. Barath et al., CVPR 2020) on mutual matches, then joint fits of
    homography and lenses to guided ones.
    """
    start = _first_guess(photo_wh, features, reference)
    if start is None:
        return None
    try:
        with fitting():
            return _refined(start, features, reference)
    except CollapsedFitError:  # in some round: nothing but chance agreed
        return None


def _first_guess(
    photo_wh: tuple[int, int], features: Features, reference: Reference
) -> Projection | None:
    """Return straight reference from photo by mutual matches, None without any."""
    pairs = mutual_matches(features.descriptors, reference.features.descriptors)
    if len(pairs) < MIN_MATCHES:
        return None
    straight = reference.lens.straight_from_photo(reference.features.points)
    matrix, _ = cv2.findHomography(
        features.points[pairs[:, 0]],
        straight[pairs[:, 1]],
        cv2.USAC_MAGSAC,
        MAGSAC_SHARE * max(reference.lens.photo_wh),
        maxIters=10000,
    )
    try:
        return Projection(homography_found(matrix), RadialLens(0.0, photo_wh))
    except DegenerateError:
        return None


def _refined(
    projection: Projection, features: Features, reference: Reference
) -> ReferenceMatch | None:
    """Fit in guided rounds; None if too little is left to match."""
    lens = reference.lens
    for radius in GUIDED_RADII:
        predicted = predicted_places(projection, lens, reference)
        tolerance = _tolerance_px(projection, reference, predicted)
        pairs = guided_matches(
            features, reference.features, predicted, radius * tolerance
        )
        if len(pairs) < MIN_MATCHES:
            return None
        pair = fit_pair(
            features.points[pairs[:, 0]],
            reference.features.points[pairs[:, 1]],
            projection,
            reference.lens,
            reference.k1_spread,
        )
        projection, lens = pair.projection, pair.reference_lens
    match = ReferenceMatch(pair, reference.area_from_straight(lens), tolerance)
    match.unit.homography.inverse  # noqa: B018  (raises if the way back collapses)
    return match


def predicted_places(
    projection: Projection, lens: RadialLens, reference: Reference
) -> Points:
    """Return where a photo shows features, (N, 2); straight reference from photo."""
    straight = lens.straight_from_photo(reference.features.points)
    return projection.photo_from_board(straight)


def _tolerance_px(
    projection: Projection, reference: Reference, predicted: Points
) -> float:
    """Return the distance in the photo within which a right match lies.

    The noise of a reference from further away is magnified with it.
    """
    photo_wh = projection.lens.photo_wh
    inside = ((predicted >= 0) & (predicted < photo_wh)).all(axis=1)
    if not inside.any():
        return CLOSE_RADIUS * max(photo_wh)
    middle = np.median(reference.features.points[inside], axis=0)
    around = middle + np.array([[0, 0], [1, 0], [0, 1]])
    origin, right, down = projection.photo_from_board(around)
    (a, b), (c, d) = right - origin, down - origin
    magnified = float(np.sqrt(abs(a * d - b * c)))
    noise = np.hypot(max(photo_wh), magnified * max(reference.lens.photo_wh))
    return float(CLOSE_RADIUS * noise / np.sqrt(2))
