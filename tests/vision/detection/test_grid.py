"""The grid on the shrunk board: distances, cells and bands along its lines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from calibration.layout import Layout, Slot
from vision.detection.grid import Grid, window

GRID = Grid((10.0, 30.0, 50.0), (0.0, 20.0))
"""Two cells of 20 px side by side."""


def test_grid_lays_the_edges_of_a_layout_over_its_area():
    layout = Layout(
        ("A", "B"),
        (Slot.parse("10:00-11:00"),),
        column_edges=(0.0, 0.25, 1.0),
        row_edges=(0.0, 1.0),
    )

    assert Grid.of(layout, Rect(100, 50, 500, 90)) == Grid(
        (100.0, 200.0, 500.0), (50.0, 90.0)
    )


def test_grid_knows_its_size():
    assert (GRID.cell_count, GRID.area, GRID.cell_px) == (2, Rect(10, 0, 50, 20), 20)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        pytest.param(10, 0, 0.0, id="on a crossing"),
        pytest.param(30, 10, 0.0, id="on a line between cells"),
        pytest.param(20, 10, 0.5, id="in the middle of a cell"),
        pytest.param(20, 5, 0.25, id="a quarter below a line"),
        pytest.param(9, 10, -1.0, id="one pixel to the left of the area"),
        pytest.param(51, 10, -1.0, id="one pixel to the right of it"),
        pytest.param(20, 21, -1.0, id="one pixel below it"),
    ],
)
def test_distance_is_in_cells_and_none_outside(x, y, expected):
    assert GRID.distance((30, 60))[y, x] == pytest.approx(expected)


@given(
    columns=st.lists(st.floats(5, 60), min_size=1, max_size=4),
    rows=st.lists(st.floats(5, 60), min_size=1, max_size=4),
)
def test_each_pixel_of_the_area_is_within_half_a_cell_of_a_line(columns, rows):
    grid = Grid(tuple(np.cumsum([0.0, *columns])), tuple(np.cumsum([0.0, *rows])))
    shape = (int(grid.rows_px[-1]) + 9, int(grid.columns_px[-1]) + 9)

    distance, cells = grid.distance(shape), grid.cell_index(shape)

    inside = distance >= 0
    assert distance[inside].max() <= 0.5
    assert set(np.unique(distance[~inside])) <= {-1.0}
    assert set(np.unique(cells[inside])) == set(range(grid.cell_count))


def test_cells_are_counted_row_by_row():
    grid = Grid((0.0, 2.0, 4.0), (0.0, 1.0, 2.0))

    assert grid.cell_index((2, 4)).tolist() == [[0, 0, 1, 1], [2, 2, 3, 3]]


def test_segments_go_from_crossing_to_crossing():
    assert list(GRID.segments(0.1)) == [
        Rect(8, 2, 12, 18),
        Rect(28, 2, 32, 18),
        Rect(48, 2, 52, 18),
        Rect(12, -2, 28, 2),
        Rect(12, 18, 28, 22),
        Rect(32, -2, 48, 2),
        Rect(32, 18, 48, 22),
    ]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        pytest.param(Rect(10, 0, 30, 20), True, id="a cell"),
        pytest.param(Rect(12, 2, 28, 18), True, id="the ground of a cell"),
        pytest.param(Rect(10, 0, 50, 20), True, id="two cells"),
        pytest.param(Rect(14, 4, 26, 16), False, id="a card in a cell"),
        pytest.param(Rect(20, 0, 40, 20), False, id="a card over a line"),
    ],
)
def test_a_cells_shape_is_told_from_a_cards(bounds, expected):
    assert GRID.is_cell_shaped(bounds, 0.1) is expected


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        pytest.param(Rect(1, 0, 3, 1), [[1, 2]], id="inside"),
        pytest.param(Rect(-2, -2, 1, 1), [[0]], id="sticking out"),
        pytest.param(Rect(-4, -4, -1, -1), [], id="to the left, outside"),
        pytest.param(Rect(9, 0, 11, 1), [[]], id="to the right, outside"),
    ],
)
def test_window_is_what_the_picture_holds(bounds, expected):
    whole = np.arange(8, dtype=np.uint8).reshape(2, 4)

    assert window(whole, bounds).tolist() == expected
