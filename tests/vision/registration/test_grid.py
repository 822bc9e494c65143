"""What a board's own lines say of where it is."""

import numpy as np
import pytest

from calibration.geometry import Quad
from calibration.homography import Homography
from calibration.layout import Layout, Slot
from calibration.lens import Projection
from sample_boards.camera import Standpoint
from sample_boards.random_boards import random_board
from vision.image.arrays import grey_of
from vision.registration import Reference, register
from vision.registration.frame import UNIT_CORNERS
from vision.registration.marked_grid import grid_from_marks
from vision.registration.tagged_grid import (
    finer_cells,
    grid_from_tags,
    lines_hold,
    other_cells,
)

PRINTED_OFF = 0.008
"""Cells of 110 pixels by which a corner may be off: less than a pixel."""

STANDPOINT = Standpoint(yaw_deg=14, pitch_deg=-5, roll_deg=2, fill=0.9, k1=-0.02)


@pytest.fixture(scope="module")
def printed(photographed):
    return photographed(random_board(23, rooms=5, slots=5, cards=7), STANDPOINT)


def marked(scene, off_cells, seed=0):
    """Return the corners as somebody marks them who is off by so many cells."""
    true = scene.truth.corners_photo
    cell = np.sqrt(true.area) / 5
    way = np.random.default_rng(seed).uniform(0, 2 * np.pi, 4)
    there = np.column_stack([np.cos(way), np.sin(way)]) * off_cells * cell
    return Quad.from_array(true.to_array() + there)


def off_of(unit, scene):
    """Return the greatest distance of a corner from the true one, in cells."""
    true = scene.truth.corners_photo
    off = np.hypot(*(unit.photo_from_board(UNIT_CORNERS) - true.to_array()).T)
    return float(off.max()) / (np.sqrt(true.area) / 5)


@pytest.mark.parametrize(("off_cells", "seed"), [(0.0, 1), (0.02, 2), (0.05, 1)])
def test_printed_lines_mend_marks_and_tell_the_lens(printed, off_cells, seed):
    unit = grid_from_marks(
        printed.photo.pixels, marked(printed, off_cells, seed), printed.board.layout
    )

    assert unit is not None
    assert off_of(unit, printed) < PRINTED_OFF
    assert unit.lens.k1 == pytest.approx(STANDPOINT.k1, abs=0.004)


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param({"look": "printed", "lines": False}, id="no lines"),
        pytest.param({"look": "whiteboard"}, id="drawn by hand"),
        pytest.param({"look": "taped", "tags": True}, id="taped"),
    ],
)
def test_what_are_no_printed_lines_leaves_the_marks(photographed, drawn):
    board = random_board(23, rooms=4, slots=4, cards=9, **drawn)
    scene = photographed(board, STANDPOINT, None, (800, 600))
    corners = marked(scene, 0.02)

    assert grid_from_marks(scene.photo.pixels, corners, scene.board.layout) is None


def test_lines_that_the_layout_does_not_know_move_nothing(printed):
    rooms = printed.board.layout.rooms
    layout = Layout(
        rooms, printed.board.layout.slots, column_edges=(0, 0.3, 0.4, 0.6, 0.8, 1)
    )

    unit = grid_from_marks(printed.photo.pixels, marked(printed, 0.0), layout)

    assert unit is None or off_of(unit, printed) < 2 * PRINTED_OFF


def test_half_a_board_with_lines_is_no_board_with_lines(printed):
    pixels = printed.photo.pixels.copy()
    pixels[len(pixels) // 2 :] = 128
    corners = marked(printed, 0.02)

    assert grid_from_marks(pixels, corners, printed.board.layout) is None


@pytest.mark.parametrize("name", ["black", "white", "noise"])
def test_pictures_of_nothing_leave_the_marks(printed, name):
    noise = np.random.default_rng(5).integers(0, 256, (600, 800, 3))
    pixels = {"black": 0, "white": 255, "noise": noise}[name] * np.ones((600, 800, 3))
    corners = Quad.from_array([[80, 60], [720, 70], [710, 540], [70, 530]])

    assert (
        grid_from_marks(pixels.astype(np.uint8), corners, printed.board.layout) is None
    )


def test_a_photo_is_placed_by_the_lines_of_its_reference(
    printed, photographed, cell_error
):
    wrong = marked(printed, 0.04)
    later = photographed(printed.drawn, Standpoint(yaw_deg=-12, k1=0.004))
    reference = Reference.from_photo(printed.board, printed.photo, wrong)

    registration = register(later.photo, [later.board], [reference])
    itself = register(printed.photo, [printed.board], [reference])

    assert cell_error(registration, later.truth) < 2 * PRINTED_OFF
    assert cell_error(itself, printed.truth) < PRINTED_OFF


def layout_of(columns, rows):
    """Return a layout of so many even columns and rows."""
    rooms = tuple(f"Room {column}" for column in range(columns))
    slots = (Slot.parse(f"{9 + row}:00-{10 + row}:00") for row in range(rows))
    return Layout(rooms, tuple(slots))


@pytest.fixture(scope="module")
def four(printed_scene):
    """The grey photo of a printed board of 4 x 4, and where the board really is."""
    return grey_of(printed_scene.photo.pixels), printed_scene.registration.unit


@pytest.fixture(scope="module")
def bare(photographed):
    """The same of a board without lines."""
    scene = photographed(
        random_board(3, rooms=4, slots=4, cards=8, lines=False), STANDPOINT
    )
    return grey_of(scene.photo.pixels), scene.registration.unit


def shifted(unit, cells):
    """Return where a board is taken to be that is so many of four cells further."""
    further = Homography.translation(cells / 4, 0)
    return Projection(further @ unit.homography, unit.lens)


@pytest.mark.parametrize(
    ("columns", "rows", "hold"),
    [
        pytest.param(4, 4, True, id="its own"),
        pytest.param(2, 4, True, id="every second column"),
        pytest.param(5, 4, False, id="other columns"),
        pytest.param(4, 3, False, id="other rows"),
    ],
)
def test_lines_hold_where_those_of_the_layout_are_seen(four, columns, rows, hold):
    assert lines_hold(*four, layout_of(columns, rows)) is hold


def test_lines_hold_neither_beside_their_places_nor_without_any(four, bare):
    grey, unit = four

    assert not lines_hold(grey, shifted(unit, 0.3), layout_of(4, 4))
    assert not lines_hold(*bare, layout_of(4, 4))


@pytest.mark.parametrize(
    ("columns", "rows", "finer"),
    [(4, 4, None), (2, 4, (4, 4)), (2, 2, (4, 4)), (4, 2, (4, 4))],
)
def test_cells_that_lines_divide_are_counted(four, columns, rows, finer):
    assert finer_cells(*four, layout_of(columns, rows)) == finer


@pytest.mark.parametrize(
    ("columns", "rows", "others"),
    [
        pytest.param(4, 4, None, id="its own"),
        pytest.param(5, 4, (4, 4), id="a column more"),
        pytest.param(6, 4, (4, 4), id="two columns more"),
        pytest.param(5, 3, (4, 4), id="both"),
        pytest.param(2, 4, (4, 4), id="divided"),
    ],
)
def test_cells_of_another_board_are_counted(four, columns, rows, others):
    assert other_cells(*four, layout_of(columns, rows)) == others


def test_without_lines_cells_are_those_of_the_layout(bare):
    assert finer_cells(*bare, layout_of(2, 2)) is None
    assert other_cells(*bare, layout_of(3, 5)) is None


def test_grid_is_moved_to_its_lines_or_left_open(four, bare):
    grey, unit = four
    moved = grid_from_tags(grey, shifted(unit, 0.2), layout_of(4, 4))

    assert grid_from_tags(grey, unit, layout_of(4, 4)) is unit
    corners = moved.photo_from_board(UNIT_CORNERS)
    cell_px = np.hypot(*np.ptp(corners, axis=0)) / 4
    off = np.hypot(*(corners - unit.photo_from_board(UNIT_CORNERS)).T)
    assert off.max() < 0.05 * cell_px
    assert grid_from_tags(*bare, layout_of(4, 4)) is None
