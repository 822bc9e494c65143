"""Points, quads and rects: plane figures with named corners, y down.

Corner order is a type here, not a convention: libraries disagree on it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

import cv2
import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
"""Points of shape (N, 2), (x, y)."""


class DegenerateError(ValueError):
    """Numbers that make no such figure or map: collapsed, folded or not finite.

    What a fit can come to; a wrong shape or type is a plain ValueError.
    """


class Point(NamedTuple):
    """A point (x, y), y down, in the frame that its owner names."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Rect:
    """An axis-aligned rectangle; right and bottom are exclusive.

    Raises
    ------
    ValueError
        If it has no width or no height.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (self.left < self.right and self.top < self.bottom):
            msg = (
                "expected left < right and top < bottom, got "
                f"({self.left}, {self.top}, {self.right}, {self.bottom})"
            )
            raise ValueError(msg)

    @classmethod
    def around(cls, rects: Iterable["Rect"]) -> Self:
        """Return the smallest rect around some, at least one."""
        lefts, tops, rights, bottoms = zip(
            *((rect.left, rect.top, rect.right, rect.bottom) for rect in rects),
            strict=True,
        )
        return cls(min(lefts), min(tops), max(rights), max(bottoms))

    @property
    def width(self) -> float:
        """Width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Area."""
        return self.width * self.height

    @property
    def centre(self) -> Point:
        """The centre."""
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def overlap(self, other: "Rect") -> float:
        """Return the area that this rect shares with `other`, 0 when apart."""
        # Of a board's thousands of pairs nearly all are apart.
        if self.left >= other.right or other.left >= self.right:
            return 0.0
        if self.top >= other.bottom or other.top >= self.bottom:
            return 0.0
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height

    def iou(self, other: "Rect") -> float:
        """Return intersection over union with `other`, 0 to 1."""
        shared = self.overlap(other)
        return shared / (self.area + other.area - shared)

    def scaled(self, factor: float) -> "Rect":
        """Return the same rect in units that are this many times as many."""
        return Rect(
            self.left * factor,
            self.top * factor,
            self.right * factor,
            self.bottom * factor,
        )

    def within(self, whole: "Rect") -> "Rect":
        """Return where it is, given in fractions of a whole, in that one's units."""
        return Rect(
            whole.left + self.left * whole.width,
            whole.top + self.top * whole.height,
            whole.left + self.right * whole.width,
            whole.top + self.bottom * whole.height,
        )

    def to_quad(self) -> "Quad":
        """Return the same figure as a quad."""
        return Quad(
            Point(self.left, self.top),
            Point(self.right, self.top),
            Point(self.right, self.bottom),
            Point(self.left, self.bottom),
        )


@dataclass(frozen=True, slots=True)
class Quad:
    """A convex quadrilateral with named corners, clockwise as seen (y down).

    The names follow the thing that is drawn in it: `top_left` is where that
    thing's own top left corner lies, however it is turned.

    Raises
    ------
    DegenerateError
        If the corners are not finite, not convex or not clockwise.
    """

    top_left: Point
    top_right: Point
    bottom_right: Point
    bottom_left: Point

    def __post_init__(self) -> None:
        # Plain numbers: arrays of four take twenty times as long, and a board has
        # thousands of quads.
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.corners
        if not all(map(math.isfinite, (ax, ay, bx, by, cx, cy, dx, dy))):
            msg = f"expected finite corners, got {self.to_array().tolist()}"
            raise DegenerateError(msg)
        top, right, bottom, left = (
            (bx - ax, by - ay),
            (cx - bx, cy - by),
            (dx - cx, dy - cy),
            (ax - dx, ay - dy),
        )
        if not (
            _turn(top, right) > 0
            and _turn(right, bottom) > 0
            and _turn(bottom, left) > 0
            and _turn(left, top) > 0
        ):
            msg = f"expected convex clockwise corners, got {self.to_array().tolist()}"
            raise DegenerateError(msg)

    @classmethod
    def from_array(cls, corners: npt.ArrayLike) -> Self:
        """Make a quad of corners given in the order TL, TR, BR, BL.

        Parameters
        ----------
        corners : array_like of shape (4, 2)
            Corners; their names are taken from their order, never guessed.

        Raises
        ------
        ValueError
            If the shape differs; a `DegenerateError` if they make no convex quad.
        """
        array = np.asarray(corners, dtype=np.float64)
        if array.shape != (4, 2):
            msg = f"expected corners of shape (4, 2), got {array.shape}"
            raise ValueError(msg)
        return cls(*(Point(x, y) for x, y in array.tolist()))

    @classmethod
    def from_unordered(cls, corners: npt.ArrayLike) -> Self:
        """Make a quad of four corners in any order, as upright as it can be.

        For figures whose own orientation is not known yet (the outline of a
        card). A board's orientation is never found this way.

        Parameters
        ----------
        corners : array_like of shape (4, 2)
            Corners in any order.
        """
        array = np.asarray(corners, dtype=np.float64)
        if array.shape != (4, 2):
            msg = f"expected corners of shape (4, 2), got {array.shape}"
            raise ValueError(msg)
        offsets = array - array.mean(axis=0)
        ring = array[np.argsort(np.arctan2(offsets[:, 1], offsets[:, 0]))]
        # Of the four ways to name a clockwise ring, take the one whose top
        # edge points most to the right.
        edges = np.roll(ring, -1, axis=0) - ring
        lengths = np.maximum(np.hypot(edges[:, 0], edges[:, 1]), 1e-12)
        rightward = edges[:, 0] / lengths - np.roll(edges[:, 0] / lengths, -2)
        return cls.from_array(np.roll(ring, -int(np.argmax(rightward)), axis=0))

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The corners in the order TL, TR, BR, BL."""
        return (self.top_left, self.top_right, self.bottom_right, self.bottom_left)

    def to_array(self) -> Points:
        """Return the corners as (4, 2) float64 in the order TL, TR, BR, BL."""
        return np.array(self.corners, dtype=np.float64)

    @property
    def area(self) -> float:
        """Area."""
        return float(cv2.contourArea(self.to_array().astype(np.float32)))

    @property
    def centre(self) -> Point:
        """The mean of the corners."""
        x, y = self.to_array().mean(axis=0)
        return Point(float(x), float(y))

    @property
    def size_wh(self) -> tuple[float, float]:
        """Mean length of the top and bottom, and of the left and right edges."""
        corners = self.to_array()
        lengths = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
        return (
            float((lengths[0] + lengths[2]) / 2),
            float((lengths[1] + lengths[3]) / 2),
        )

    @property
    def bounds(self) -> Rect:
        """The smallest rect around it."""
        one, two, three, four = self.corners
        return Rect(
            float(min(one.x, two.x, three.x, four.x)),
            float(min(one.y, two.y, three.y, four.y)),
            float(max(one.x, two.x, three.x, four.x)),
            float(max(one.y, two.y, three.y, four.y)),
        )

    def overlap(self, other: "Quad") -> float:
        """Return the area that this quad shares with `other`, 0 when apart."""
        if self.bounds.overlap(other.bounds) == 0:
            return 0.0
        shared, _ = cv2.intersectConvexConvex(
            self.to_array().astype(np.float32), other.to_array().astype(np.float32)
        )
        return float(shared)

    def iou(self, other: "Quad") -> float:
        """Return intersection over union with `other`, 0 to 1."""
        shared = self.overlap(other)
        return shared / (self.area + other.area - shared) if shared else 0.0

    def turned(self, quarter_turns: int) -> "Quad":
        """Return the same figure with its corners renamed.

        Parameters
        ----------
        quarter_turns : int
            By how many corners the names move clockwise: 1 means that what
            was called `top_right` is now called `top_left`.
        """
        return Quad.from_array(np.roll(self.to_array(), -quarter_turns, axis=0))


def _turn(edge: tuple[float, float], after: tuple[float, float]) -> float:
    """Return the cross product of two edges: above 0 where they turn clockwise."""
    return edge[0] * after[1] - edge[1] * after[0]
