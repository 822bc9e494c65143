import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.occupancy.background import bands_of, visible_lines

CELL_PX = 100


def cell_of(column, row):
    return CellId(f"Room {column}", f"{10 + row}:00-{11 + row}:00")


@pytest.fixture
def bands():
    """Those of three rooms in three hours, at the board's own edge, too."""
    return {
        cell_of(column, row): bands_of(
            Rect(
                (column + 0.5) * CELL_PX,
                (row + 0.5) * CELL_PX,
                (column + 1.5) * CELL_PX,
                (row + 1.5) * CELL_PX,
            )
        )
        for column in range(3)
        for row in range(3)
    }


@pytest.fixture
def ground():
    return np.full((4 * CELL_PX, 4 * CELL_PX, 3), (90, 110, 70), np.uint8)


def lined(ground, upright=range(4), across=range(4), colour=(210, 220, 205)):
    """Draw lines, five pixels wide, on the ground."""
    drawn = ground.copy()
    for line in upright:
        middle = round((line + 0.5) * CELL_PX)
        drawn[:, middle - 2 : middle + 3] = colour
    for line in across:
        middle = round((line + 0.5) * CELL_PX)
        drawn[middle - 2 : middle + 3] = colour
    return drawn


def test_bands_lie_along_the_four_lines_of_a_cell():
    assert bands_of(Rect(50, 50, 150, 150)) == (
        (Rect(40, 60, 60, 140), True),
        (Rect(60, 40, 140, 60), False),
        (Rect(140, 60, 160, 140), True),
        (Rect(60, 140, 140, 160), False),
    )


def test_every_line_of_a_lined_board_is_visible(ground, bands):
    assert visible_lines(lined(ground), bands) == dict.fromkeys(bands, 4)


def test_a_line_that_is_missing_is_not_visible_in_the_cells_beside_it(ground, bands):
    drawn = lined(ground, upright=(0, 1, 3))

    assert visible_lines(drawn, bands) == {
        cell_of(column, row): 4 if column == 0 else 3
        for column in range(3)
        for row in range(3)
    }


@pytest.mark.parametrize(
    "colour",
    [pytest.param((90, 110, 70), id="ground"), pytest.param((94, 113, 73), id="faint")],
)
def test_a_board_without_lines_has_none(ground, bands, colour):
    assert visible_lines(lined(ground, colour=colour), bands) == {}


def test_one_line_in_five_makes_no_lined_board(ground, bands):
    assert visible_lines(lined(ground, upright=(), across=(0,)), bands) == {}


def test_an_edge_is_no_line(ground, bands):
    two = ground.copy()
    two[:, 150:] = (200, 190, 60)
    two[250:] //= 2

    assert visible_lines(two, bands) == {}


def test_what_crosses_less_than_half_of_a_line_does_not_hide_it(ground, bands):
    drawn = lined(ground)
    drawn[105:140, 140:160] = (20, 20, 20)

    assert visible_lines(drawn, bands) == dict.fromkeys(bands, 4)


def test_a_line_that_is_covered_is_not_visible(ground, bands):
    drawn = lined(ground)
    drawn[95:155, 130:170] = (90, 110, 70)

    assert visible_lines(drawn, bands) == dict.fromkeys(bands, 4) | {
        cell_of(0, 0): 3,
        cell_of(1, 0): 3,
    }


def test_lines_are_told_as_well_from_pictures_many_times_as_large(ground, bands):
    large = lined(ground).repeat(4, axis=0).repeat(4, axis=1)
    scaled = {
        cell_of(column, row): bands_of(
            Rect(
                200 + 400 * column,
                200 + 400 * row,
                600 + 400 * column,
                600 + 400 * row,
            )
        )
        for column in range(3)
        for row in range(3)
    }

    assert visible_lines(large, scaled) == dict.fromkeys(bands, 4)


def test_a_place_outside_of_the_picture_has_no_line(ground):
    beside = {cell_of(0, 0): bands_of(Rect(500, 500, 600, 600))}

    assert visible_lines(lined(ground), beside) == {}


def test_no_cells_have_no_lines(ground):
    assert visible_lines(ground, {}) == {}
