"""Where a board's own lines put its grid, begun where tags put it.

Tags may have been moved. Lines are sought half a cell about their expected places, and
the cell area is moved, smoothly, to where most of them lie. It counts only if most
agree, and some of every line: edges of cards and strokes of pens agree with nothing.
"""

from dataclasses import dataclass

import numpy as np

from calibration.geometry import DegenerateError, Points, Quad
from calibration.homography import Homography
from calibration.layout import Layout
from calibration.lens import Projection
from vision.image.arrays import Grey, Mask, Vector, mesh
from vision.registration.frame import (
    UNIT_CORNERS,
    UNIT_QUAD,
    cells_wh,
    is_plausible,
)
from vision.registration.lines import (
    Edges,
    FoundLines,
    LineParts,
    Search,
    find_lines,
)

BY_TAGS = Search(reach=0.5, step=0.02, ground=0.2, line=0.1, samples=6)
"""About where tags put the lines: half a cell on, the next line is nearer."""

TAGGED_ROUNDS = 6
"""Searches at most, each from where the one before puts the lines."""

NEAR, AS_TAGGED, CONVERGED = 0.06, 0.045, 0.01
"""In cells: distance up to which a part of a line is in place (tape is off by .03);
mean move of the cell area by lines below which it stays as tagged; and as it was moved
before."""

MOST, OF_EACH, SEEN_LINES = 0.5, 0.15, 0.75
"""Shares of what must be in place: of the clear parts of lines, of an inner line (by
chance .05 is), and of the inner lines, for cards may cover some."""

FEWEST_PARTS, PARTS_OF_LINE, FEWEST_LINES = 4, 12, 2
"""Parts of a line that the photo shows for it to be judged; about how many are sought;
lines each way that fix where the board is, and how large."""

SHARPENED = (0.3, 0.2, 0.1, 0.06, 0.04, 0.03, 0.02, 0.02, 0.02)
"""Distances in cells from which a part counts less, round by round: first everything
counts, in the end only what agrees (graduated non-convexity)."""

STIFFNESS = 0.01
"""Weight of not moving at all, beside that of one part: it decides what no line does."""

FINER, OTHERS = (2, 3), (-1, 1, -2, 2, -3, 3)
"""Into how many a cell may be divided by lines that the layout does not know, and how
many columns or rows more a board may have."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines of a board, upright (axis 0) or level (1): their places, and what is found."""

    places: Vector
    axis: int
    found: FoundLines

    @classmethod
    def in_photo(cls, grey: Grey, unit: Projection, edges: Edges, axis: int) -> "Lines":
        """Find the upright (0) or level (1) lines of a grid about their places."""
        parts = LineParts.of(edges, [axis])
        step = max(1, len(parts) // len(edges[axis]) // PARTS_OF_LINE)
        parts = parts.chosen(slice(None, None, step))
        at = unit.photo_from_board(parts.middles)
        inside = np.all((at >= 0) & (at < unit.lens.photo_wh), axis=1)
        parts = parts.chosen(np.asarray(inside))
        found = find_lines(grey, unit, parts, BY_TAGS)
        return cls(np.array(edges[axis]), axis, found)

    def fit(self) -> tuple[Vector, bool]:
        """Return how the unit square's corners must move across the lines, (4,).

        To where most lines are; and whether most found ones agree.
        """
        clear = self.found.parts.chosen(self.found.clear)
        slopes = _bilinear(clear.middles) / clear.across[:, self.axis, None]
        off = self.found.off[self.found.clear]
        stay = STIFFNESS * np.eye(slopes.shape[1])
        shift = np.zeros(slopes.shape[1])
        for scale in SHARPENED:
            weight = 1 / np.hypot(1, (off - slopes @ shift) / scale)
            shift = np.linalg.lstsq(
                np.concatenate([slopes * weight[:, None], stay]),
                np.append(off * weight, np.zeros(len(stay))),
            )[0]
        near = np.abs(off - slopes @ shift) <= NEAR
        return _bilinear(UNIT_CORNERS) @ shift, _most(near)

    @property
    def hold(self) -> bool:
        """Whether most of what was found is in place, and so are the inner lines."""
        right = self.found.near(NEAR)
        at = self.found.parts.middles[:, self.axis]
        inner = [at == place for place in self.places[1:-1]]
        judged = [which for which in inner if which.sum() >= FEWEST_PARTS]
        lines = sum(right[at == place].any() for place in self.places)
        return (
            _most(right[self.found.clear])
            and lines >= FEWEST_LINES
            and sum(right[which].mean() >= OF_EACH for which in judged)
            >= max(1, SEEN_LINES * len(judged))
        )


def _most(right: Mask) -> bool:
    return bool(right.sum() > MOST * len(right))


def _bilinear(points: Points) -> Points:
    """Return what a smooth shift is made of, (N, 4), at points of the unit square."""
    x, y = points.T
    return np.column_stack([np.ones(len(points)), x, y, x * y])


MESH = mesh(*2 * [np.linspace(0, 1, 9)])
"""Points all over the unit square."""

FROM_CORNERS = np.linalg.inv(_bilinear(UNIT_CORNERS))
"""What a smooth shift is made of, by the shifts of the corners."""


def lines_hold(grey: Grey, unit: Projection, layout: Layout) -> bool:
    """Tell whether a board's lines are where `unit` puts them; see `grid_from_tags`."""
    edges = (layout.column_edges, layout.row_edges)
    return all(Lines.in_photo(grey, unit, edges, axis).hold for axis in (0, 1))


def grid_from_tags(grey: Grey, unit: Projection, layout: Layout) -> Projection | None:
    """Return where the lines put a board that tags put at `unit`, in (H, W) uint8.

    Both are the unit square of the cell area from photo: `unit` itself where the lines
    agree with it, None if they leave it open.
    """
    edges = (layout.column_edges, layout.row_edges)
    least = AS_TAGGED
    for _ in range(TAGGED_ROUNDS):
        upright, level = (Lines.in_photo(grey, unit, edges, axis) for axis in (0, 1))
        (across, agree), (down, agree_too) = upright.fit(), level.fit()
        if not (agree and agree_too):
            return None
        shift = np.column_stack([across, down])
        moved = _bilinear(MESH) @ FROM_CORNERS @ shift * cells_wh(layout)
        if np.hypot(*moved.T).mean() <= least:
            return unit if upright.hold and level.hold else None
        least = CONVERGED
        try:
            corners = Quad.from_array(UNIT_CORNERS + shift)
            onto = Homography.from_quads(target=UNIT_QUAD, source=corners)
            unit = Projection(onto @ unit.homography, unit.lens)
        except DegenerateError:
            return None
        if not is_plausible(unit):
            return None
    return None


def finer_cells(grey: Grey, unit: Projection, layout: Layout) -> tuple[int, int] | None:
    """Return how many columns and rows divide the layout's by lines; None if its own."""
    edges = (layout.column_edges, layout.row_edges)
    found = _finer(grey, unit, edges, 0), _finer(grey, unit, edges, 1)
    return None if found == tuple(cells_wh(layout)) else found


def other_cells(grey: Grey, unit: Projection, layout: Layout) -> tuple[int, int] | None:
    """Return how many columns and rows lines make where the layout's need not hold.

    None if they are the layout's, or in doubt.
    """
    edges = (layout.column_edges, layout.row_edges)
    columns, rows = (
        _finer(grey, unit, edges, axis)
        if Lines.in_photo(grey, unit, edges, axis).hold
        else _another(grey, unit, edges, axis)
        for axis in (0, 1)
    )
    return None if (columns, rows) == tuple(cells_wh(layout)) else (columns, rows)


def _finer(grey: Grey, unit: Projection, edges: Edges, axis: int) -> int:
    """Return how many cells there are one way if all are divided; else the layout's."""
    own = len(edges[axis]) - 1
    # Two cells in the middle show whether all are divided.
    middle, cells = max(0, own // 2 - 1), min(own, 2)
    ends = edges[axis][middle], edges[axis][min(own, middle + 2)]
    for times in FINER:
        divided = _even(edges, axis, ends, cells * times)
        if Lines.in_photo(grey, unit, divided, axis).hold:
            return own * times
    return own


def _another(grey: Grey, unit: Projection, edges: Edges, axis: int) -> int:
    """Return how many cells there are one way if not the layout's; else the layout's.

    A divisor of that is no other board: lines may be drawn at every second slot only.
    """
    own = len(edges[axis]) - 1
    for count in (own + more for more in OTHERS):
        if count > 1 and own % count:
            even = _even(edges, axis, (0.0, 1.0), count)
            if Lines.in_photo(grey, unit, even, axis).hold:
                return count
    return own


def _even(edges: Edges, axis: int, ends: tuple[float, float], cells: int) -> Edges:
    """Return edges of so many even cells one way, between two ends."""
    even = np.linspace(*ends, cells + 1).tolist()
    return (even, edges[1]) if axis == 0 else (edges[0], even)
