"""Homographies between planes, named target_from_source and composed by reading.

``c_from_a = c_from_b @ b_from_a``. Model: Hartley & Zisserman, Multiple View
Geometry, 2nd edition, section 2.3.
"""

import math
from dataclasses import dataclass, field
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import DegenerateError, Point, Points, Quad

MIN_DETERMINANT = 1e-12
"""Below this a matrix (scaled to unit norm) collapses the plane into a line."""


@dataclass(frozen=True, slots=True, eq=False)
class Homography:
    """A projective map of the plane.

    Parameters
    ----------
    matrix : ndarray of shape (3, 3), float64
        Target from source, any scale; stored read-only with matrix[2, 2] = 1
        where that is not zero.

    Raises
    ------
    ValueError
        If the matrix has another shape; a `DegenerateError` if it is not finite or is
        singular.
    """

    matrix: npt.NDArray[np.float64]
    _inverse: "Homography | None" = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        matrix = np.array(self.matrix, dtype=np.float64)
        if matrix.shape != (3, 3):
            msg = f"expected a matrix of shape (3, 3), got {matrix.shape}"
            raise ValueError(msg)
        # Plain numbers: a board has thousands of maps, and arrays of nine take long.
        entries = matrix.ravel().tolist()
        norm = math.sqrt(sum(entry * entry for entry in entries))
        if not math.isfinite(norm) or norm == 0:
            msg = f"expected a finite matrix, got {matrix.tolist()}"
            raise DegenerateError(msg)
        if abs(_determinant([entry / norm for entry in entries])) < MIN_DETERMINANT:
            msg = f"expected an invertible matrix, got {matrix.tolist()}"
            raise DegenerateError(msg)
        scale = entries[8] if abs(entries[8]) > norm * 1e-12 else norm
        matrix = matrix / scale
        matrix.flags.writeable = False
        object.__setattr__(self, "matrix", matrix)

    @classmethod
    def identity(cls) -> Self:
        """Return the map that leaves every point where it is."""
        return cls(np.eye(3))

    @classmethod
    def scaling(cls, x: float, y: float) -> Self:
        """Return the map that multiplies x and y by these factors."""
        return cls(np.diag([x, y, 1.0]))

    @classmethod
    def translation(cls, x: float, y: float) -> Self:
        """Return the map that moves every point by (x, y)."""
        return cls(np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], dtype=np.float64))

    @classmethod
    def from_quads(cls, *, target: Quad, source: Quad) -> Self:
        """Return the map that takes each corner of `source` to that of `target`."""
        return cls(
            cv2.getPerspectiveTransform(
                source.to_array().astype(np.float32),
                target.to_array().astype(np.float32),
            ).astype(np.float64)
        )

    def __matmul__(self, other: "Homography") -> "Homography":
        return Homography(self.matrix @ other.matrix)

    @property
    def inverse(self) -> "Homography":
        """The map back: source from target."""
        # Remembered: a board has hundreds of quads to map back. It is always the same,
        # so that whoever asks at once may each put it there.
        if self._inverse is None:
            inverse = Homography(_adjugate(self.matrix.ravel().tolist()))
            object.__setattr__(self, "_inverse", inverse)
            return inverse
        return self._inverse

    def apply(self, points: npt.ArrayLike) -> Points:
        """Map points.

        Parameters
        ----------
        points : array_like of shape (N, 2)
            Points (x, y) in the source frame.

        Returns
        -------
        ndarray of shape (N, 2), float64
            Points in the target frame; a point on the horizon is not finite.
        """
        array = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        mapped = np.column_stack([array, np.ones(len(array))]) @ self.matrix.T
        with np.errstate(divide="ignore", invalid="ignore"):
            return mapped[:, :2] / mapped[:, 2:]

    def apply_quad(self, quad: Quad) -> Quad:
        """Map a quad, corner by corner.

        Raises
        ------
        ValueError
            If the quad reaches over the horizon and is no quad any more.
        """
        # Plain numbers, as in `Quad`: of four points arrays take five times as long.
        matrix = self.matrix.ravel().tolist()
        return Quad(*(_mapped(matrix, corner) for corner in quad.corners))


def _mapped(entries: list[float], point: Point) -> Point:
    """Map one point by a matrix of nine entries, row by row."""
    a, b, c, d, e, f, g, h, i = entries
    x, y = point
    depth = g * x + h * y + i
    if depth == 0:
        return Point(math.inf, math.inf)
    return Point((a * x + b * y + c) / depth, (d * x + e * y + f) / depth)


def _determinant(entries: list[float]) -> float:
    """Return the determinant of a matrix given by its nine entries, row by row."""
    a, b, c, d, e, f, g, h, i = entries
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _adjugate(entries: list[float]) -> npt.NDArray[np.float64]:
    """Return the inverse of a matrix times its determinant, shape (3, 3).

    Of a map, whose scale means nothing, that is the inverse.

    Parameters
    ----------
    entries : list of float
        The nine of the matrix, row by row.
    """
    a, b, c, d, e, f, g, h, i = entries
    return np.array(
        [
            [e * i - f * h, c * h - b * i, b * f - c * e],
            [f * g - d * i, a * i - c * g, c * d - a * f],
            [d * h - e * g, b * g - a * h, a * e - b * d],
        ]
    )
