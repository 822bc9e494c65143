"""What a board's own lines say of where it is."""

import numpy as np
import pytest

from calibration.geometry import Quad
from calibration.layout import Layout
from sample_boards.camera import Standpoint
from sample_boards.random_boards import random_board
from vision.registration import Reference, register
from vision.registration.frame import UNIT_CORNERS
from vision.registration.marked_grid import grid_from_marks

PRINTED_OFF = 0.008
"""Cells of 110 pixels by which a corner may be off: less than a pixel."""

STANDPOINT = Standpoint(yaw_deg=14, pitch_deg=-5, roll_deg=2, fill=0.9, k1=-0.02)


@pytest.fixture(scope="module")
def printed(photographed):
    return photographed(random_board(23, rooms=5, slots=5, cards=12), STANDPOINT)


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


@pytest.mark.parametrize("off_cells", [0.0, 0.02, 0.05])
@pytest.mark.parametrize("seed", [1, 2])
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
    scene = photographed(
        random_board(23, rooms=5, slots=5, cards=20, **drawn), STANDPOINT
    )
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
