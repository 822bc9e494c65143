"""Where a board's lines put it, begun where its tags do: tags lie.

A tag falls off and is stuck back where there is room, and four points fit four corners
wherever they are. Lines between the cells, printed, taped or drawn by hand, tell where
the board is whatever hangs beside it: each part of a line is looked for half a cell
about its expected place, and the cell area is moved, smoothly, to where most of what is
found lies. It counts only if most of it does, and some of every line. On a board
without lines, what is found are edges of cards and strokes of pens, which agree with
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calibration.geometry import Points, Quad
from calibration.homography import Homography
from calibration.layout import Layout
from calibration.lens import Projection
from vision.image.shrink import Grey
from vision.registration.fit import Vector
from vision.registration.frame import UNIT_CORNERS, UNIT_QUAD, is_plausible
from vision.registration.lines import LineParts, Search, found_lines, parts_at

BY_TAGS = Search(reach=0.5, step=0.02, ground=0.2, line=0.1, samples=6)
"""About where tags put the lines: half a cell to each side, further off the next line
is nearer. Strips of tape are a sixth of a cell wide."""

NEAR = 0.06
"""Distance in units of a cell up to which a part of a line is where it should be: strips
of tape are off by three hundredths, and their middle is found as well as that."""

AS_TAGGED = 0.045
"""A cell area that the lines move by less on average, in units of a cell, stays where the
tags put it: lines of tape are off by three hundredths themselves."""

SETTLED = 0.01
"""The same for one that was moved before: nothing more would come of it."""

ROUNDS = 6
"""Searches at most, each from where the one before puts the lines: a tag that was moved
by half a cell takes three."""

MOST = 0.5
"""Share of the clear parts of lines that must be where they should: more than not."""

OF_EACH = 0.15
"""Share of a line between cells that must be where it should for it to be seen. Cards
cover much; by chance a twentieth is."""

SEEN_LINES = 0.75
"""Share of the lines between cells that must be seen: cards may cover the others. Of
every second line only, less than half are."""

FEWEST_PARTS = 4
"""A line of which the photo shows fewer parts (a piece between two crossings) is not
asked."""

PARTS_OF_LINE = 12
"""About how many parts of each line are looked at: more tell the same."""

FEWEST_LINES = 2
"""Lines each way that fix where the board is, and how large."""

SHARPENED = (0.3, 0.2, 0.1, 0.06, 0.04, 0.03, 0.02, 0.02, 0.02)
"""Distances in units of a cell from which a part counts less in the fit, round by round:
first everything counts, in the end only what agrees (graduated non-convexity)."""

STIFFNESS = 0.01
"""Weight of not moving at all, beside that of one part: it decides what no line does."""

FINER = (2, 3)
"""Into how many a cell may be divided by lines that the layout does not know."""

OTHERS = (-1, 1, -2, 2, -3, 3)
"""How many columns or rows more a board may have than its layout: boards of one event
differ by a few. Other grids agree with nothing."""


Edges = tuple[Sequence[float], Sequence[float]]
"""Where a grid's upright lines are, and its level ones, in the unit square."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Parallel lines of a board, as a photo shows them.

    Parameters
    ----------
    places : ndarray of shape (L,), float64
        Where the layout has the lines.
    axis : {0, 1}
        Upright lines, or level ones.
    parts : LineParts
        N parts of them that lie in the photo.
    off : ndarray of shape (N,), float64
        How far across its expected place each lies, in units of a cell.
    clear : ndarray of shape (N,), bool
        Whether anything stands out there.
    """

    places: Vector
    axis: int
    parts: LineParts
    off: Vector
    clear: npt.NDArray[np.bool_]

    @classmethod
    def in_photo(cls, grey: Grey, unit: Projection, edges: Edges, axis: int) -> "Lines":
        """Look for lines about their places.

        Parameters
        ----------
        grey : ndarray of shape (H, W), uint8
            A photo of the board.
        unit : Projection
            Unit square of the cell area from photo.
        edges : tuple of sequence of float
            Where the upright lines are, and where the level ones.
        axis : {0, 1}
            Which of them are looked for.
        """
        parts = parts_at(edges[axis], edges[1 - axis], axis)
        step = max(1, len(parts) // len(edges[axis]) // PARTS_OF_LINE)
        parts = parts.chosen(slice(None, None, step))
        at = unit.photo_from_board(parts.middles)
        inside = np.all((at >= 0) & (at < unit.lens.photo_wh), axis=1)
        parts, places = parts.chosen(np.asarray(inside)), np.array(edges[axis])
        if not len(parts):
            return cls(places, axis, parts, np.zeros(0), np.zeros(0, np.bool_))
        found = found_lines(grey, unit, parts, BY_TAGS)
        return cls(places, axis, parts, found.off, found.clear)

    def fit(self) -> tuple[Vector, bool]:
        """Return how the unit square must move to where most of the lines are.

        Returns
        -------
        shift : ndarray of shape (4,), float64
            Of its corners, in its units, across the lines.
        agree : bool
            Whether most of what was found agrees.
        """
        middles = self.parts.middles[self.clear]
        size = self.parts.across[self.clear, self.axis]
        slopes, off = _bilinear(middles) / size[:, None], self.off[self.clear]
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
        right = self.clear & (np.abs(self.off) <= NEAR)
        at = self.parts.middles[:, self.axis]
        inner = [at == place for place in self.places[1:-1]]
        asked = [which for which in inner if which.sum() >= FEWEST_PARTS]
        lines = sum(right[at == place].any() for place in self.places)
        return (
            _most(right[self.clear])
            and lines >= FEWEST_LINES
            and sum(right[which].mean() >= OF_EACH for which in asked)
            >= max(1, SEEN_LINES * len(asked))
        )


def _most(right: npt.NDArray[np.bool_]) -> bool:
    return bool(right.sum() > MOST * len(right))


def _bilinear(points: Points) -> Points:
    """Return what a smooth shift is made of, (N, 4), at points of the unit square."""
    x, y = points.T
    return np.column_stack([np.ones(len(points)), x, y, x * y])


MESH = np.stack(np.meshgrid(*2 * [np.linspace(0, 1, 9)]), axis=-1).reshape(-1, 2)
"""Points all over the unit square."""

CORNERS_TELL = np.linalg.inv(_bilinear(UNIT_CORNERS))
"""What a smooth shift is made of, by the shifts of the corners."""


def settled(
    grey: Grey, unit: Projection, layout: Layout, *, exact: bool = False
) -> Projection | None:
    """Return where the lines put the cell area; None if they do not tell.

    Parameters
    ----------
    grey : ndarray of shape (H, W), uint8
        A photo of the board.
    unit : Projection
        Unit square of the cell area from photo, as tags put it.
    layout : Layout
    exact : bool
        Whether the tags fit each other so well that lines that are about where they
        put them cannot be more exact.

    Returns
    -------
    Projection or None
        `unit` itself where the lines agree with it.
    """
    edges = (layout.column_edges, layout.row_edges)
    cells = np.array([len(edges[0]) - 1, len(edges[1]) - 1])
    settles = AS_TAGGED
    for _ in range(ROUNDS):
        upright = Lines.in_photo(grey, unit, edges, 0)
        level = Lines.in_photo(grey, unit, edges, 1)
        if exact and upright.hold and level.hold:
            return unit
        exact = False
        (across, agree), (down, agree_too) = upright.fit(), level.fit()
        if not (agree and agree_too):
            return None
        shift = np.column_stack([across, down])
        if (
            np.hypot(*(_bilinear(MESH) @ CORNERS_TELL @ shift * cells).T).mean()
            <= settles
        ):
            return unit if upright.hold and level.hold else None
        settles = SETTLED
        try:
            corners = Quad.from_array(UNIT_CORNERS + shift)
            onto = Homography.from_quads(target=UNIT_QUAD, source=corners)
            unit = Projection(onto @ unit.homography, unit.lens)
        except ValueError:
            return None
        if not is_plausible(unit):
            return None
    return None


def other_cells(
    grey: Grey, unit: Projection, layout: Layout, *, hold: bool
) -> tuple[int, int] | None:
    """Return how many columns and rows the lines make; None if as the layout has.

    Parameters
    ----------
    grey : ndarray of shape (H, W), uint8
        A photo of the board.
    unit : Projection
        Unit square of the cell area from photo.
    layout : Layout
    hold : bool
        Whether it is known that the layout's own lines are there.
    """
    edges = (layout.column_edges, layout.row_edges)
    columns = _count(grey, unit, edges, 0, hold=hold)
    rows = _count(grey, unit, edges, 1, hold=hold)
    own = (len(edges[0]) - 1, len(edges[1]) - 1)
    return (columns, rows) if (columns, rows) != own else None


def _count(grey: Grey, unit: Projection, edges: Edges, axis: int, *, hold: bool) -> int:
    """Return how many cells the lines make one way; as the layout has if in doubt.

    A divisor of what the layout has is no other board: one line an hour may be drawn
    where slots are half as long.
    """
    own = len(edges[axis]) - 1
    if hold or Lines.in_photo(grey, unit, edges, axis).hold:
        # Two cells in the middle tell whether all are divided.
        middle = max(0, own // 2 - 1)
        first, last = edges[axis][middle], edges[axis][min(own, middle + 2)]
        cells = min(own, 2)
        tried = [(own * times, first, last, cells * times) for times in FINER]
    else:
        counts = [own + more for more in OTHERS]
        tried = [(n, 0.0, 1.0, n) for n in counts if n > 1 and own % n]
    for count, first, last, shown in tried:
        even = np.linspace(first, last, shown + 1).tolist()
        other = (even, edges[1]) if axis == 0 else (edges[0], even)
        if Lines.in_photo(grey, unit, other, axis).hold:
            return count
    return own
