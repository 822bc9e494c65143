"""Looking for the lines of a board across the places where they should be.

Each piece of a line between two crossings is looked at in parts, one by one: cards hide
some, and a lens and wrong marks turn whole pieces.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from calibration.geometry import Points
from calibration.layout import Layout
from calibration.lens import Projection
from vision.image.shrink import Grey
from vision.registration.fit import Vector

PART_ENDS = (0.12, 0.31, 0.5, 0.69, 0.88)
"""Ends of the parts of a piece, as shares of its length. They are looked at one by one:
cards hide some, and the lens and wrong marks turn whole pieces."""

CLEAR = 6.0
"""Times the usual deviation beside it by which a line stands out."""

ALIKE = 2.5
"""Factor by which a line's strength may differ from the usual one."""

AGREES = 0.006
"""Distance in units of a cell up to which a line is where it should be."""

SPREAD_OF_MEDIAN = 1.4826
"""Standard deviation of normal errors in units of their median size."""


LEAST_NOISE = 0.5
"""Grey levels by which a flawless picture errs: it has whole levels."""

PARTS_AT_ONCE = 256
"""Parts whose points are mapped at once: 20 MB."""


@dataclass(frozen=True, slots=True)
class Search:
    """How lines are looked for across their expected places; all in units of a cell.

    Parameters
    ----------
    reach : float
        How far to each side of its expected place a line is looked for.
    step : float
        Distance of the points across a line.
    ground : float
        Half width of the ground that a line stands out from: a line is narrower
        than this.
    line : float
        Half width within which a line's middle is sought about its strongest point.
    samples : int
        Points along a part of which the mean is taken.
    """

    reach: float
    step: float
    ground: float
    line: float
    samples: int


BY_MARKS = Search(reach=0.08, step=0.004, ground=0.1, line=0.04, samples=10)
"""About where a person marked the board: marks that are off by more are no marks. A
step is a pixel of 250 a cell."""


@dataclass(frozen=True, slots=True, eq=False)
class LineParts:
    """Parts of lines in the cell area's unit square, arrays of shape (N, 2), float64.

    Parameters
    ----------
    middles : ndarray
    along : ndarray
        From their beginnings to their ends.
    across : ndarray
        To their right or below, as long as the smaller one of the cells beside.
    """

    middles: Points
    along: Points
    across: Points

    def __len__(self) -> int:
        return len(self.middles)

    def chosen(self, which: slice | npt.NDArray[np.bool_]) -> "LineParts":
        """Return some of the parts."""
        return LineParts(self.middles[which], self.along[which], self.across[which])


@dataclass(frozen=True, slots=True, eq=False)
class FoundLines:
    """What was found of parts of lines.

    Parameters
    ----------
    off : ndarray of shape (N,), float64
        How far across its expected place each lies, in units of a cell.
    clear : ndarray of shape (N,), bool
        Whether anything stands out there.
    """

    off: Vector
    clear: npt.NDArray[np.bool_]

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Which are where they were expected, shape (N,)."""
        return self.clear & (np.abs(self.off) <= AGREES)


def parts_of(layout: Layout) -> LineParts:
    """Return the parts of all lines of a board, the outermost included."""
    upright = _parts_along(layout.column_edges, layout.row_edges)
    level = _parts_along(layout.row_edges, layout.column_edges)[..., ::-1]
    return LineParts(*np.concatenate([upright, level], axis=1))


def parts_at(places: Sequence[float], ends: Sequence[float], axis: int) -> LineParts:
    """Return the parts of parallel lines.

    Parameters
    ----------
    places : sequence of float
        Where the lines are, ascending, in the unit square.
    ends : sequence of float
        Where others cross them.
    axis : {0, 1}
        Upright lines, or level ones.
    """
    parts = _parts_along(places, ends)
    return LineParts(*(parts if axis == 0 else parts[..., ::-1]))


def _parts_along(
    places: Sequence[float], ends: Sequence[float]
) -> npt.NDArray[np.float64]:
    """Return middles, along and across, (3, N, 2), of upright lines at places."""
    widths = np.diff(places)
    return np.array(
        [
            (
                (place, low + (start + end) / 2 * (high - low)),
                (0.0, (end - start) * (high - low)),
                (widths[max(0, index - 1) : index + 1].min(), 0.0),
            )
            for index, place in enumerate(places)
            for low, high in itertools.pairwise(ends)
            for start, end in itertools.pairwise(PART_ENDS)
        ]
    ).transpose(1, 0, 2)


def found_lines(
    grey: Grey, unit: Projection, parts: LineParts, search: Search
) -> FoundLines:
    """Look for the parts of lines across their expected places.

    Parameters
    ----------
    grey : ndarray of shape (H, W), uint8
        A photo of the board.
    unit : Projection
        Unit square of the cell area from photo, as far as it is known.
    parts : LineParts
        At least one.
    search : Search
    """
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
    ground = median_filter(profiles.ravel(), size=beside).reshape(profiles.shape)
    ridge = (profiles - ground)[:, beside // 2 : -(beside // 2)]
    # All lines of a board are darker than their ground, or all are lighter.
    light = np.median(ridge.max(axis=1)) >= np.median(-ridge.min(axis=1))
    ridge = ridge if light else -ridge
    peak, strength = ridge.argmax(axis=1), ridge.max(axis=1)
    usual = np.median(np.abs(ridge), axis=1) * SPREAD_OF_MEDIAN + LEAST_NOISE
    clear = strength >= CLEAR * usual
    if clear.any():
        typical = np.median(strength[clear])
        clear &= (strength * ALIKE >= typical) & (strength <= ALIKE * typical)
    middles = _middles(ridge, peak, strength, round(search.line / search.step))
    return FoundLines(middles * search.step - search.reach, clear)


def _middles(
    ridge: Vector, peak: npt.NDArray[np.intp], strength: Vector, half: int
) -> Vector:
    """Return the middles of the peaks of profiles (N, M), shape (N,), in steps."""
    steps = np.arange(ridge.shape[1])
    near = np.abs(steps - peak[:, None]) <= half
    upper = np.where(near, np.maximum(ridge - strength[:, None] / 2, 0), 0)
    middles: Vector = (upper * steps).sum(axis=1) / np.maximum(upper.sum(axis=1), 1e-9)
    return middles


def _profiles(grey: Grey, unit: Projection, parts: LineParts, search: Search) -> Vector:
    """Return the photo's levels across parts of lines, their means along them.

    Returns
    -------
    ndarray of shape (N, M), float64
        Every step from ``-reach - ground`` to ``reach + ground``.
    """
    half = round((search.reach + search.ground) / search.step)
    offsets = np.arange(-half, half + 1) * search.step
    steps = (np.arange(search.samples) + 0.5) / search.samples
    # A part is so small that its ends and middles tell where the photo shows the rest.
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
    maps = (places - 0.5).astype(np.float32).reshape(len(parts), -1, 2)
    levels = cv2.remap(
        grey,
        maps[..., 0],
        maps[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    along = np.asarray(levels, np.float64).reshape(len(parts), search.samples, -1)
    return np.asarray(along.mean(axis=1))
