"""Where a board's own lines put its cell area: more exactly than a person marks it.

A person marks the corners of the cell area in a reference photo, some pixels off, and
nobody marks what the lens bends. Lines between the cells tell both. Each piece of a line
between two crossings is looked for across its expected place, and one plane and one lens
are fitted to what is found. It holds only if nearly all that is found agrees, all over
the board; else the marks stay: lines drawn by hand or taped are straight to a fiftieth
of a cell, and marks are better than that.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from calibration.geometry import Points, Quad
from calibration.homography import Homography
from calibration.layout import Layout
from calibration.lens import Projection, RadialLens
from vision.image.arrays import Image
from vision.image.shrink import grey_of
from vision.registration.fit import (
    INDEPENDENT_POINTS,
    K1_SCALE,
    K1_SPREAD,
    Vector,
    minimise,
    parameters_of,
    projection_of,
    view,
)
from vision.registration.frame import UNIT_CORNERS, UNIT_QUAD, is_plausible
from vision.registration.lines import (
    BY_MARKS,
    SPREAD_OF_MEDIAN,
    FoundLines,
    LineParts,
    found_lines,
    parts_of,
)

ROUNDS = 2
"""Searches, each from where the one before puts the lines."""

MARK_WEIGHT = 0.02
"""How much a mark counts beside a part of a line: it decides only what no line does."""

OUTLYING, TRIMS, LEAST_SPREAD_PX = 2.5, 3, 1.0
"""Times the usual distance, 1 px at least, from which a part is left out of the fit, and
how often that is done."""

MIN_AGREEING = 0.75
"""Part of the lines found that must be there. On drawn boards .97 and more are where
lines are printed, .46 at the most where they are drawn by hand; .15 would be by chance."""

MIN_SEEN = 0.25
"""Part of all parts in each quarter of the board that must be found where it should."""

MIN_PARTS = 48
"""Fewer parts are too few to agree by more than chance: those of 2 x 2 cells."""

CENTRED = Homography.translation(-0.5, -0.5)
"""The cell area's unit square, about its middle."""


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The cell area as its lines show it.

    Parameters
    ----------
    corners_photo : ndarray of shape (4, 2), float64
        TL, TR, BR, BL of the cell area in photo pixels.
    lens : RadialLens
        Of the photo.
    """

    corners_photo: Points
    lens: RadialLens


def lattice_of(pixels: Image, corners: Quad, layout: Layout) -> Lattice | None:
    """Return the cell area as its lines show it, None if they do not tell.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        A photo of the board.
    corners : Quad
        Of the cell area in the photo, as a person has marked them.
    layout : Layout
        Where its lines are.
    """
    grey = grey_of(pixels)
    parts = parts_of(layout)
    if len(parts) < MIN_PARTS:
        return None
    marks = corners.to_array()
    lens = RadialLens(0.0, (pixels.shape[1], pixels.shape[0]))
    unit = Projection(Homography.from_quads(target=UNIT_QUAD, source=corners), lens)
    try:
        for _ in range(ROUNDS):
            found = found_lines(grey, unit, parts, BY_MARKS)
            if found.clear.mean() < MIN_SEEN:
                return None  # there are no lines: nothing to fit
            unit = _fitted(unit, parts, found, marks)
    except (ValueError, np.linalg.LinAlgError):
        return None
    if not is_plausible(unit) or not _holds(
        found_lines(grey, unit, parts, BY_MARKS), parts
    ):
        return None
    return Lattice(unit.photo_from_board(UNIT_CORNERS), unit.lens)


def _holds(found: FoundLines, parts: LineParts) -> bool:
    """Tell whether lines that were found are those of the board."""
    if found.right.sum() < MIN_AGREEING * found.clear.sum():
        return False
    right, below = (parts.middles > 0.5).T  # noqa: PLR2004  (the board's middle)
    quarters = [
        (right == x) & (below == y) for x in (False, True) for y in (False, True)
    ]
    return all(found.right[quarter].mean() >= MIN_SEEN for quarter in quarters)


def _fitted(
    unit: Projection, parts: LineParts, found: FoundLines, marks: Points
) -> Projection:
    """Fit a plane and a lens to the lines that were found.

    Raises
    ------
    ValueError, LinAlgError
        If they do not tell a plane.
    """
    photo_wh = unit.lens.photo_wh
    clear, middles = parts.chosen(found.clear), parts.middles[found.clear]
    shifts = clear.across * found.off[found.clear, None]
    seen = unit.photo_from_board(middles + shifts)
    normals = _normals(unit, clear)
    # What is known of lenses counts as one more residual.
    lens_weight = K1_SCALE / K1_SPREAD * max(1.0, len(seen) / INDEPENDENT_POINTS) ** 0.5

    def residuals(parameters: Vector, kept: npt.NDArray[np.bool_]) -> Vector:
        lines = view(parameters, middles[kept] - 0.5, photo_wh)
        area = view(parameters, UNIT_CORNERS - 0.5, photo_wh)
        off = ((lines - seen[kept]) * normals[kept]).sum(axis=1)
        off_marks = (area - marks).ravel() * MARK_WEIGHT
        return np.concatenate([off, off_marks, parameters[-1:] * lens_weight])

    everything = np.ones(len(seen), np.bool_)
    kept, solution = everything, parameters_of(unit, CENTRED)
    for _ in range(1 + TRIMS):
        solution = minimise(partial(residuals, kept=kept), solution)
        size = np.abs(residuals(solution, everything)[: len(seen)])
        spread = max(LEAST_SPREAD_PX, SPREAD_OF_MEDIAN * float(np.median(size)))
        kept = size <= OUTLYING * spread
    return projection_of(solution, CENTRED, photo_wh)


def _normals(unit: Projection, parts: LineParts) -> Points:
    """Return unit vectors across lines as the photo shows them, (N, 2)."""
    ends = parts.middles + parts.along / 2
    tangents = unit.photo_from_board(ends) - unit.photo_from_board(ends - parts.along)
    across = np.column_stack([-tangents[:, 1], tangents[:, 0]])
    normals: Points = across / np.hypot(across[:, :1], across[:, 1:])
    return normals
