"""Homographies between planes, named target_from_source and composed by reading.

``c_from_a = c_from_b @ b_from_a``. Model: Hartley & Zisserman, Multiple View
Geometry, 2nd edition, section 2.3.
"""

import math
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Points, Quad

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
        If the matrix has another shape, is not finite or is singular.
    """

    matrix: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        matrix = np.array(self.matrix, dtype=np.float64)
        if matrix.shape != (3, 3):
            msg = f"expected a matrix of shape (3, 3), got {matrix.shape}"
            raise ValueError(msg)
        # Plain numbers: a board has thousands of maps, and arrays of nine take long.
        norm = math.sqrt(sum(entry * entry for entry in matrix.ravel().tolist()))
        if not math.isfinite(norm) or norm == 0:
            msg = f"expected a finite matrix, got {matrix.tolist()}"
            raise ValueError(msg)
        if abs(np.linalg.det(matrix / norm)) < MIN_DETERMINANT:
            msg = f"expected an invertible matrix, got {matrix.tolist()}"
            raise ValueError(msg)
        scale = matrix[2, 2] if abs(matrix[2, 2]) > norm * 1e-12 else norm
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
        return Homography(np.linalg.inv(self.matrix).astype(np.float64))

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
        return Quad.from_array(self.apply(quad.to_array()))
