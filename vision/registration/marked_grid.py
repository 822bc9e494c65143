"""Where a board's printed lines put its grid, begun where a person marked it.

Marks are some pixels off, and say nothing of the lens. One plane and one lens are
fitted to printed lines, if nearly all agree; drawn and taped lines are worse than
marks.
"""

import numpy as np

from calibration.geometry import Points, Quad
from calibration.homography import Homography
from calibration.layout import Layout
from calibration.lens import Projection, RadialLens
from vision.image.arrays import Image, Vector, grey_of
from vision.registration.fit import (
    INDEPENDENT_POINTS,
    K1_SCALE,
    K1_SPREAD,
    CollapsedFitError,
    fitting,
    minimise,
    parameters_of,
    projection_of,
    view,
)
from vision.registration.frame import CENTRED, UNIT_CORNERS, UNIT_QUAD, is_plausible
from vision.registration.lines import (
    SPREAD_OF_MEDIAN,
    FoundLines,
    LineParts,
    Search,
    find_lines,
)

BY_MARKS = Search(reach=0.08, step=0.004, ground=0.1, line=0.04, samples=10)
"""About where a person marked the board. A step is a pixel of 250 a cell."""

MARKED_ROUNDS, MARK_WEIGHT = 2, 0.02
"""Searches, each from where the one before puts the lines; how much a mark counts
beside a part of a line: it decides only what no line does."""

OUTLYING, TRIMS, LEAST_SPREAD_PX = 2.5, 3, 1.0
"""Times the usual distance, 1 px at least, from which a part is left out; how often."""

AGREES, MIN_AGREEING = 0.006, 0.75
"""Distance in cells up to which a printed line is where it should be; part of the lines
found that must be: .97 of printed ones, at most .46 of drawn."""

MIN_SEEN, MIN_PARTS = 0.25, 48
"""Part of all parts in each quarter of the board that must be found; fewer parts may
agree by chance: those of 2 x 2 cells."""


def grid_from_marks(pixels: Image, corners: Quad, layout: Layout) -> Projection | None:
    """Return where the printed lines put a marked board; None if they don't.

    Takes a photo, (H, W, 3) uint8 BGR, and the corners of the cell area as marked in
    its pixels. Gives the unit square of the cell area from photo, lens included.
    """
    grey = grey_of(pixels)
    parts = LineParts.of((layout.column_edges, layout.row_edges))
    if len(parts) < MIN_PARTS:
        return None
    lens = RadialLens(0.0, (pixels.shape[1], pixels.shape[0]))
    unit = Projection(Homography.from_quads(target=UNIT_QUAD, source=corners), lens)
    try:
        for _ in range(MARKED_ROUNDS):
            found = find_lines(grey, unit, parts, BY_MARKS)
            if found.clear.mean() < MIN_SEEN:
                return None  # there are no lines: nothing to fit
            with fitting():
                unit = _fitted(unit, found, corners.to_array())
    except CollapsedFitError:
        return None
    if not is_plausible(unit):
        return None
    return unit if _all_over(find_lines(grey, unit, parts, BY_MARKS)) else None


def _all_over(found: FoundLines) -> bool:
    """Tell whether lines that were found are where they should be, all over the board."""
    agreeing = found.near(AGREES)
    if agreeing.sum() < MIN_AGREEING * found.clear.sum():
        return False
    right, below = (found.parts.middles > 0.5).T  # noqa: PLR2004  (the board's middle)
    quarters = [
        (right == x) & (below == y) for x in (False, True) for y in (False, True)
    ]
    return all(agreeing[quarter].mean() >= MIN_SEEN for quarter in quarters)


def _fitted(unit: Projection, found: FoundLines, marks: Points) -> Projection:
    """Fit a plane and a lens to lines, and to marks, (4, 2), where there is no line."""
    clear, photo_wh = found.parts.chosen(found.clear), unit.lens.photo_wh
    shifts = clear.across * found.off[found.clear, None]
    seen, normals = unit.photo_from_board(clear.middles + shifts), _normals(unit, clear)
    # What is known of lenses counts as one more residual.
    lens_weight = K1_SCALE / K1_SPREAD * max(1.0, len(seen) / INDEPENDENT_POINTS) ** 0.5
    kept, solution = np.ones(len(seen), np.bool_), parameters_of(unit, CENTRED)

    def off_lines(parameters: Vector) -> Vector:
        """Return how far across each part lies from where it is seen, px, (N,)."""
        lines = view(parameters, clear.middles - 0.5, photo_wh)
        return np.asarray(((lines - seen) * normals).sum(axis=1))

    def residuals(parameters: Vector) -> Vector:
        """Return how far off the kept lines, the marks and a usual lens are, px."""
        off_marks = view(parameters, UNIT_CORNERS - 0.5, photo_wh) - marks
        off_lens = parameters[-1:] * lens_weight
        off_kept = off_lines(parameters)[kept]
        return np.concatenate([off_kept, off_marks.ravel() * MARK_WEIGHT, off_lens])

    for _ in range(1 + TRIMS):
        solution = minimise(residuals, solution)
        size = np.abs(off_lines(solution))
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
