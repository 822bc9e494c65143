"""The plane of a board, from the directions of the straight lines on it.

Lines of a board that run alike meet in one vanishing point; two vanishing points give the
plane but for its scales (Hartley and Zisserman 2004, "Multiple View Geometry", 2.7).
"""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Points, Rect
from calibration.homography import Homography
from vision.image.arrays import Image, Mask, Vector, grey_of

SOUGHT_PX = 1600
"""Long side of the picture in which lines are sought."""

SHORTEST = 0.02
"""Length of a segment as a part of the photo's long side: shorter ones are letters'."""

WITHIN_DEG = 25.0
"""How far lines may run off the direction in which headings stand: a photo is seldom
taken from further aside."""

MEETS_DEG = 1.2
"""By how much a segment may miss a vanishing point: a lens bends, hands draw."""

DRAWS = 600
"""Pairs of segments that are tried: with half of them of the board, and weighted by
length, all but surely a hundred good ones."""

LEVEL = 0.03
"""Slope of a segment on the plane from which it is none of the grid's lines."""


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Straight segments on a photo: both ends of each in pixels, (N, 2, 2)."""

    ends: npt.NDArray[np.float64]

    @classmethod
    def on(cls, pixels: Image) -> Self:
        """Find them; see von Gioi et al. 2012, "LSD: a line segment detector"."""
        long_side = max(pixels.shape[:2])
        scale = min(1.0, SOUGHT_PX / long_side)
        grey = cv2.resize(
            grey_of(pixels), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
        )
        found: npt.ArrayLike | None = cv2.createLineSegmentDetector().detect(grey)[0]
        ends = np.asarray([] if found is None else found, np.float64).reshape(-1, 2, 2)
        lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
        return cls(ends[lengths > SHORTEST * long_side * scale] / scale)

    @property
    def lengths(self) -> Vector:
        """Length of each in pixels."""
        return np.asarray(np.linalg.norm(self.ends[:, 1] - self.ends[:, 0], axis=1))

    @property
    def directions(self) -> Points:
        """Unit vector along each."""
        return np.asarray((self.ends[:, 1] - self.ends[:, 0]) / self.lengths[:, None])

    @property
    def middles(self) -> Points:
        """Middle of each."""
        return np.asarray(self.ends.mean(axis=1))

    def chosen(self, which: Mask) -> "Segments":
        """Return some of them."""
        return Segments(self.ends[which])

    def within(self, rect: Rect) -> "Segments":
        """Return those whose middles are in a part of the photo."""
        x, y = self.middles.T
        inside = (rect.left < x) & (x < rect.right)
        return self.chosen(inside & (rect.top < y) & (y < rect.bottom))

    def along(self, direction: Vector) -> "Segments":
        """Return those that run in a direction, more or less."""
        return self.chosen(
            np.abs(self.directions @ direction) > np.cos(np.radians(WITHIN_DEG))
        )

    def positions(
        self, board_from_photo: Homography, axis: int, span: tuple[float, float]
    ) -> tuple[Vector, Vector]:
        """Return where those lie on a plane that are level there, and how long they are.

        Across an axis (0 or 1), from where to where along the other one their middles
        are.
        """
        ends = board_from_photo.apply(self.ends.reshape(-1, 2)).reshape(-1, 2, 2)
        across = ends[:, :, axis]
        along = ends[:, :, 1 - axis]
        length, middle = np.abs(along[:, 1] - along[:, 0]), along.mean(axis=1)
        level = np.abs(across[:, 1] - across[:, 0]) < LEVEL * length
        level &= (span[0] < middle) & (middle < span[1])
        return across.mean(axis=1)[level], length[level]


def plane_of(
    segments: Segments, rightwards: Vector, downwards: Vector
) -> Homography | None:
    """Return the map from a photo to its board's plane, level and upright, of arbitrary scales.

    Takes unit vectors, (2,), in the photo along which headings stand, roughly. None if
    too few lines run in one of these directions.
    """
    families = [segments.along(way) for way in (rightwards, downwards)]
    if min(len(family.ends) for family in families) < 2:  # noqa: PLR2004  (two lines meet)
        return None
    points = [_vanishing_point(family) for family in families]
    horizon = np.cross(points[0], points[1])
    if abs(horizon[2]) < np.finfo(float).eps:
        return None
    flat = np.array([[1.0, 0, 0], [0, 1, 0], horizon / horizon[2]])
    sides = np.stack([(flat @ point)[:2] for point in points], axis=1)
    upright = np.eye(3)
    upright[:2, :2] = np.linalg.inv(sides / np.linalg.norm(sides, axis=0))
    plane = Homography(upright @ flat)
    # Which way along its lines, vanishing points do not tell.
    middle = np.concatenate([family.middles for family in families]).mean(axis=0)
    here, right, down = plane.apply([middle, middle + rightwards, middle + downwards])
    return Homography.scaling(*np.sign([right[0] - here[0], down[1] - here[1]])) @ plane


def _vanishing_point(segments: Segments) -> Vector:
    """Return the point, homogeneous, in which most of the segments' length meets."""
    ends = np.concatenate([segments.ends, np.ones((len(segments.ends), 2, 1))], axis=2)
    lines = np.cross(ends[:, 0], ends[:, 1])
    chance = segments.lengths / segments.lengths.sum()
    draw = np.random.default_rng(0)
    best, most = np.ones(len(lines), np.bool_), 0.0
    for _ in range(DRAWS):
        one, other = draw.choice(len(lines), 2, replace=False, p=chance)
        point = np.cross(lines[one], lines[other])
        met = _meets(segments, point)
        if segments.lengths[met].sum() > most:
            best, most = met, segments.lengths[met].sum()
    return _meeting_point(lines[best], segments.lengths[best], np.abs(ends).max())


def _meets(segments: Segments, point: Vector) -> Mask:
    towards = point[:2] - point[2] * segments.middles
    norm = np.linalg.norm(towards, axis=1) + np.finfo(float).tiny
    x, y = segments.directions.T
    sine = (towards[:, 0] * y - towards[:, 1] * x) / norm
    return np.asarray(np.abs(sine) < np.sin(np.radians(MEETS_DEG)))


def _meeting_point(lines: Points, weights: Vector, scale: float) -> Vector:
    """Return the point, homogeneous, that is nearest to weighted lines."""
    # In units of the photo, so that numbers are of one size.
    unit = np.diag([1 / scale, 1 / scale, 1.0])
    scaled = lines @ np.linalg.inv(unit)
    scaled /= np.linalg.norm(scaled[:, :2], axis=1, keepdims=True)
    _, _, rows = np.linalg.svd(scaled * weights[:, None])
    point = np.linalg.inv(unit) @ rows[-1]
    return np.asarray(point / np.linalg.norm(point))
