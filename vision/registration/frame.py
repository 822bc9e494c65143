"""Where the board is in a photo, and its own pixel frame: how large, of what shape."""

import math
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from calibration.geometry import DegenerateError, Points, Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId, Layout
from calibration.lens import Projection
from calibration.profile import Board
from vision.image.arrays import Mask, Vector, mesh
from vision.reading import Method

UNIT_CORNERS: Points = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float64)
"""Corners of the cell area in its own unit square: TL, TR, BR, BL."""

UNIT_QUAD = Quad.from_array(UNIT_CORNERS)
"""The cell area itself."""

CENTRED = Homography.translation(-0.5, -0.5)
"""The cell area's unit square, about its middle."""

MAX_AREA_SIDE_PX, MIN_AREA_SIDE_PX = 3200, 800
"""Greatest long side of the cell area on the rectified board, what 12 MP hold of it;
least, so that small photos leave room for the stages' filters."""

MIN_FOCAL, MAX_FOCAL, PHONE_FOCAL = 0.5, 2.0, 0.75
"""Focal lengths, in long sides of the photo, of cameras that people use (18 to 72 mm),
and that of a phone (27 mm), where the quad does not fix it."""

MIN_CONVERGENCE = 0.05
"""How much nearer one end of a side must be than the other, along both sides, for the
quad to fix the focal length."""

MAX_DEPTH_RATIO = 4.0
"""How many times farther away the far corner may be than the near one: beyond, the far
side cannot be read."""

MIN_ASPECT, MAX_ASPECT = 0.1, 10.0
"""Cell areas outside of this are no boards but a collapsed fit."""

WHOLE_COVERAGE = 0.9
"""Share of the cell area from which a photo counts as one of the whole board."""


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """Where the board is in a photo.

    `projection` is board pixels from photo pixels; `size_wh` and `cell_area` are in
    board pixels, the first with headings. `residual_px` is what the fit leaves in the
    photo (root mean square), `coverage` the share of the cell area that it shows, 0 to
    1; ValueError if they are none. `steps` photos lead from tags or the profile's
    reference to this one. The board's lines or an earlier photo confirm it if
    `checked`, not only tags; `moved_tags` are not at their corners.
    """

    board: Board
    method: Method
    projection: Projection
    size_wh: tuple[int, int]
    cell_area: Rect
    residual_px: float
    coverage: float
    steps: int = 0
    checked: bool = True
    moved_tags: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.method not in get_args(Method):
            raise ValueError(f"expected one of {get_args(Method)}, got {self.method!r}")
        if not 0 <= self.residual_px < math.inf:
            raise ValueError(
                f"expected a residual of 0 or more, got {self.residual_px}"
            )
        if not 0 <= self.coverage <= 1:
            raise ValueError(f"expected a coverage from 0 to 1, got {self.coverage}")

    @property
    def whole(self) -> bool:
        """Whether the photo shows nearly the whole board."""
        return self.coverage >= WHOLE_COVERAGE

    @property
    def unit(self) -> Projection:
        """The unit square of the cell area from photo pixels."""
        projection = self.projection
        return Projection(self.area_from_board @ projection.homography, projection.lens)

    @property
    def area_from_board(self) -> Homography:
        """The unit square of the cell area from board pixels."""
        area = self.cell_area
        return Homography.scaling(
            1 / area.width, 1 / area.height
        ) @ Homography.translation(-area.left, -area.top)

    @property
    def frame(self) -> Rect:
        """What the rectified board shows, in units of the cell area."""
        area, (width, height) = self.cell_area, self.size_wh
        return Rect(
            -area.left / area.width,
            -area.top / area.height,
            (width - area.left) / area.width,
            (height - area.top) / area.height,
        )

    @property
    def cell_px(self) -> float:
        """Size of a cell in board pixels: the geometric mean of a mean cell's sides."""
        return float((self.cell_area.area / len(self.board.layout.cells)) ** 0.5)

    @property
    def cell_rects(self) -> dict[CellId, Rect]:
        """Each cell's rect in board pixels, row by row."""
        layout = self.board.layout
        return {
            cell: layout.cell_rect(cell).within(self.cell_area) for cell in layout.cells
        }


def cells_wh(layout: Layout) -> npt.NDArray[np.int_]:
    """Return how many columns and rows a layout has, (2,)."""
    return np.array([len(layout.column_edges) - 1, len(layout.row_edges) - 1])


def aspect_of(corners_photo: Points, photo_wh: tuple[int, int]) -> float:
    """Return width / height of a rectangle by its corners in a photo, (4, 2).

    TL, TR, BR, BL, lens-free. Z. Zhang & L.-W. He, "Whiteboard scanning and image
    enhancement", Digital Signal Processing 17 (2007), section 3: the principal point is
    the photo's centre, the focal length follows from the corners where perspective
    shows it.
    """
    centred = np.asarray(corners_photo, np.float64) - np.array(photo_wh) / 2
    top_left, top_right, bottom_right, bottom_left = (
        np.array([x, y, 1.0]) for x, y in centred
    )
    # Zhang & He name the corners m1 = TL, m2 = TR, m3 = BL, m4 = BR.
    k2 = np.cross(top_left, bottom_right) @ bottom_left
    k2 /= np.cross(top_right, bottom_right) @ bottom_left
    k3 = np.cross(top_left, bottom_right) @ top_right
    k3 /= np.cross(bottom_left, bottom_right) @ top_right
    along, down = k2 * top_right - top_left, k3 * bottom_left - top_left
    focal = _focal_px(along, down, max(photo_wh))
    inverse = np.diag([1 / focal, 1 / focal, 1.0])
    ratio = float(np.linalg.norm(inverse @ along) / np.linalg.norm(inverse @ down))
    return min(max(ratio, MIN_ASPECT), MAX_ASPECT)


def _focal_px(along: Vector, down: Vector, long_side_px: int) -> float:
    """Return the focal length from two orthogonal directions, (3,)."""
    if min(abs(along[2]), abs(down[2])) > MIN_CONVERGENCE:
        squared = -(along[0] * down[0] + along[1] * down[1]) / (along[2] * down[2])
        if squared > 0 and MIN_FOCAL <= math.sqrt(squared) / long_side_px <= MAX_FOCAL:
            return math.sqrt(squared)
    return PHONE_FOCAL * long_side_px


def registration_from_area(
    board: Board,
    method: Method,
    unit: Projection,
    *,
    aspect: float,
    residual_px: float,
) -> Registration:
    """Lay out the rectified board for a registration of the cell area.

    Takes the unit square of the cell area from photo, and its width / height.
    """
    width, height = _area_size(unit, aspect)
    frame = _frame_rect(unit, board)
    scale = Homography.scaling(width, height) @ Homography.translation(
        -frame.left, -frame.top
    )
    left, top = -frame.left * width, -frame.top * height
    return Registration(
        board=board,
        method=method,
        projection=Projection(scale @ unit.homography, unit.lens),
        size_wh=(round(frame.width * width), round(frame.height * height)),
        cell_area=Rect(left, top, left + width, top + height),
        residual_px=residual_px,
        coverage=coverage_of(unit),
    )


def coverage_of(unit: Projection) -> float:
    """Return the share of the cell area that the photo shows, 0 to 1."""
    steps = (np.arange(40) + 0.5) / 40
    return float(_shown(unit, steps, steps)[1].mean())


def _shown(unit: Projection, x: Vector, y: Vector) -> tuple[Points, Mask]:
    """Return a grid's points, (N, 2), and whether the photo shows each, (N,)."""
    grid = mesh(x, y)
    photo = unit.photo_from_board(grid)
    inside = (photo >= 0) & (photo < unit.lens.photo_wh)
    return grid, np.asarray(inside.all(axis=1))


def _area_size(unit: Projection, aspect: float) -> tuple[float, float]:
    corners = [[0, 0.5], [1, 0.5], [0.5, 0], [0.5, 1]]
    left, right, top, bottom = unit.photo_from_board(corners)
    # Keep the photo's resolution along whichever side is the denser one.
    height = float(max(np.hypot(*(right - left)) / aspect, np.hypot(*(bottom - top))))
    longest = max(height * aspect, height)
    scale = min(max(longest, MIN_AREA_SIDE_PX), MAX_AREA_SIDE_PX) / longest
    return height * aspect * scale, height * scale


def _frame_rect(unit: Projection, board: Board) -> Rect:
    """Return the frame in units of the cell area: margins where the photo has any."""
    column, row = 1 / cells_wh(board.layout)
    margins = board.margins
    x = np.linspace(-margins.left * column, 1 + margins.right * column, 80)
    y = np.linspace(-margins.top * row, 1 + margins.bottom * row, 80)
    grid, shown = _shown(unit, x, y)
    if not shown.any():
        return Rect(0, 0, 1, 1)
    first, last, step = (np.array([x[i], y[i]]) for i in (0, -1, 1))
    step -= first
    left, top = np.maximum(first, grid[shown].min(axis=0) - step).clip(max=0).tolist()
    right, bottom = np.minimum(last, grid[shown].max(axis=0) + step).clip(1).tolist()
    return Rect(left, top, right, bottom)


def is_plausible(unit: Projection) -> bool:
    """Tell whether a cell area, its unit square from photo, stands as a board can.

    Convex, seen from the front, whole on this side of the horizon and not edge-on.
    """
    try:
        photo = Quad.from_array(unit.homography.inverse.apply(UNIT_CORNERS))
    except DegenerateError:
        return False
    matrix = unit.homography.inverse.matrix
    depths = np.column_stack([UNIT_CORNERS, np.ones(4)]) @ matrix[2]
    near, far = np.sort(depths * np.sign(depths[0]))[[0, 3]]
    return bool(0 < far <= MAX_DEPTH_RATIO * near) and photo.area > 0
