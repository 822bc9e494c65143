"""Finding the lines of a board across the places where they should be.

Each piece between two crossings is judged in parts: cards cover some.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import scipy

from calibration.geometry import Points
from calibration.lens import Projection
from vision.image.arrays import Grey, Mask, Vector

PART_ENDS = (0.12, 0.31, 0.5, 0.69, 0.88)
"""Ends of the parts of a piece, as shares of its length."""

CLEAR, ALIKE = 6.0, 2.5
"""Times the usual deviation beside it by which a line stands out; factor by which its
strength may differ from the usual one."""

SPREAD_OF_MEDIAN, LEAST_NOISE = 1.4826, 0.5
"""Standard deviation of normal errors in units of their median size; grey levels by
which a flawless picture errs."""

PARTS_AT_ONCE = 256
"""Parts whose points are mapped at once: 20 MB."""

Edges = tuple[Sequence[float], Sequence[float]]
"""Where a grid's upright lines are, and its level ones, in the unit square."""


@dataclass(frozen=True, slots=True)
class Search:
    """How lines are sought across their expected places; all in units of a cell.

    How far to each side; the distance of the points there; the half width of the ground
    that a line stands out from, and of a line; and points along a part, of which the
    mean is taken.
    """

    reach: float
    step: float
    ground: float
    line: float
    samples: int


@dataclass(frozen=True, slots=True, eq=False)
class LineParts:
    """Parts of lines in the cell area's unit square, arrays of shape (N, 2), float64.

    Their middles; `along` from their beginnings to their ends; `across` to their right
    or below, as long as the smaller one of the cells beside.
    """

    middles: Points
    along: Points
    across: Points

    @classmethod
    def of(cls, edges: Edges, axes: Sequence[int] = (0, 1)) -> "LineParts":
        """Return the parts of a grid's lines: upright ones (0), level ones (1), or both."""
        return cls(
            *np.concatenate(
                [
                    _parts_along(edges[axis], edges[1 - axis])[..., :: 1 - 2 * axis]
                    for axis in axes
                ],
                axis=1,
            )
        )

    def __len__(self) -> int:
        return len(self.middles)

    def chosen(self, which: slice | Mask) -> "LineParts":
        """Return some of the parts."""
        return LineParts(self.middles[which], self.along[which], self.across[which])


@dataclass(frozen=True, slots=True, eq=False)
class FoundLines:
    """What was found of parts of lines.

    How far across its expected place each lies, in cells, and whether it stands out,
    (N,).
    """

    parts: LineParts
    off: Vector
    clear: Mask

    def near(self, reach: float) -> Mask:
        """Return which lie within so many cells of their expected places, (N,)."""
        return self.clear & (np.abs(self.off) <= reach)


def find_lines(
    grey: Grey, unit: Projection, parts: LineParts, search: Search
) -> FoundLines:
    """Find parts of lines across their expected places in a photo, (H, W) uint8.

    `unit` is the unit square of the cell area from photo, as far as it is known.
    """
    if not len(parts):
        return FoundLines(parts, np.zeros(0), np.zeros(0, np.bool_))
    profiles = np.concatenate(
        [
            _profiles(
                grey, unit, parts.chosen(slice(start, start + PARTS_AT_ONCE)), search
            )
            for start in range(0, len(parts), PARTS_AT_ONCE)
        ]
    )
    beside = 2 * round(search.ground / search.step) + 1
    # One after the other: in one dimension SciPy is many times as fast. What would
    # reach into the next profile is cut off.
    ground = scipy.ndimage.median_filter(profiles.ravel(), size=beside).reshape(
        profiles.shape
    )
    ridge = (profiles - ground)[:, beside // 2 : -(beside // 2)]
    # All lines of a board are darker than their ground, or all are lighter.
    light = np.median(ridge.max(axis=1)) >= np.median(-ridge.min(axis=1))
    ridge = ridge if light else -ridge
    strength = ridge.max(axis=1)
    usual = np.median(np.abs(ridge), axis=1) * SPREAD_OF_MEDIAN + LEAST_NOISE
    clear = strength >= CLEAR * usual
    if clear.any():
        typical = np.median(strength[clear])
        clear &= (strength * ALIKE >= typical) & (strength <= ALIKE * typical)
    middles = _middles(ridge, strength, round(search.line / search.step))
    return FoundLines(parts, middles * search.step - search.reach, clear)


def _parts_along(places: Sequence[float], ends: Sequence[float]) -> Vector:
    """Return middles, along and across, (3, N, 2), of upright lines at places."""
    at, widths = np.asarray(places), np.diff(places)
    narrower = np.minimum(np.append(widths, widths[-1]), np.append(widths[0], widths))
    starts, stops = np.array(PART_ENDS[:-1]), np.array(PART_ENDS[1:])
    lengths = np.diff(ends)[:, None]
    middles = np.asarray(ends)[:-1, None] + (starts + stops) / 2 * lengths
    parts = np.zeros((3, len(at), *middles.shape, 2))
    parts[0, ..., 0], parts[0, ..., 1] = at[:, None, None], middles
    parts[1, ..., 1] = (stops - starts) * lengths
    parts[2, ..., 0] = narrower[:, None, None]
    return parts.reshape(3, -1, 2)


def _middles(ridge: Vector, strength: Vector, half: int) -> Vector:
    """Return the middles of the peaks of profiles (N, M), shape (N,), in steps."""
    steps = np.arange(ridge.shape[1])
    near = np.abs(steps - ridge.argmax(axis=1)[:, None]) <= half
    upper = np.where(near, np.maximum(ridge - strength[:, None] / 2, 0), 0)
    middles: Vector = (upper * steps).sum(axis=1) / np.maximum(upper.sum(axis=1), 1e-9)
    return middles


def _profiles(grey: Grey, unit: Projection, parts: LineParts, search: Search) -> Vector:
    """Return the photo's levels across parts of lines, means along them, (N, M)."""
    half = round((search.reach + search.ground) / search.step)
    offsets = np.arange(-half, half + 1) * search.step
    steps = (np.arange(search.samples) + 0.5) / search.samples
    # A part is so small that its ends and middles say where the photo shows the rest.
    ends = (
        parts.middles[:, None, None]
        + parts.along[:, None, None] * np.array([[[-0.5]], [[0.5]]])
        + parts.across[:, None, None] * offsets[[0, half, -1], None]
    )
    seen = unit.photo_from_board(ends.reshape(-1, 2)).reshape(ends.shape)
    from_ends = np.stack([1 - steps, steps], axis=1)
    away = offsets / offsets[-1]
    from_middles = np.stack(
        [np.maximum(-away, 0), 1 - np.abs(away), np.maximum(away, 0)], axis=1
    )
    places = np.einsum("se,om,nemk->nsok", from_ends, from_middles, seen, optimize=True)
    # OpenCV's pixel centres are whole numbers, ours lie half a pixel further.
    x, y = np.moveaxis((places - 0.5).astype(np.float32), -1, 0).reshape(
        2, len(parts), -1
    )
    levels = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    along = np.asarray(levels, np.float64).reshape(len(parts), search.samples, -1)
    return np.asarray(along.mean(axis=1))
