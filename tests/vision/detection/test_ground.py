"""Which colours are the board's own, on maps of few colours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.detection.ground import background_of

GROUND, CARD, OTHER = 0, 1, 2
EVERY_CELL = [(column, row) for column in range(4) for row in range(4)]
LINES = tuple(
    (OTHER, rect)
    for edge in range(5)
    for rect in (
        Rect(edge - 0.05, 0, edge + 0.05, 4),
        Rect(0, edge - 0.05, 4, edge + 0.05),
    )
)
"""Lines of tape, a tenth of a cell wide."""


def backgrounds(labels, grid, *, ink=None):
    nothing = np.zeros(labels.shape, np.bool_)
    found = background_of(
        labels,
        3,
        grid,
        ~nothing,
        nothing if ink is None else ink,
    )
    return set(np.flatnonzero(found).tolist())


def test_a_board_without_cards_is_all_ground(grid, painted):
    assert backgrounds(painted(), grid) == {GROUND}


def test_lines_are_background_and_cards_are_not(grid, painted, cards_in):
    cells = [(0, 0), (2, 1), (1, 3), (3, 3)]

    labels = painted(*LINES, *cards_in(CARD, cells))

    assert backgrounds(labels, grid) == {GROUND, OTHER}


def test_cards_in_every_cell_leave_the_ground_along_the_lines(grid, painted, cards_in):
    assert backgrounds(painted(*cards_in(CARD, EVERY_CELL)), grid) == {GROUND}


def test_cards_across_the_lines_are_no_ground(grid, painted):
    across = [
        (CARD, Rect(column - 0.35, row + 0.2, column + 0.35, row + 0.8))
        for column in (1, 2, 3)
        for row in range(4)
    ]

    assert backgrounds(painted(*across), grid) == {GROUND}


def test_ground_that_wide_tape_hides_along_the_lines_is_found_in_free_cells(
    grid, painted, cards_in
):
    wide = [
        (OTHER, rect)
        for edge in range(5)
        for rect in (
            Rect(edge - 0.1, 0, edge + 0.1, 4),
            Rect(0, edge - 0.1, 4, edge + 0.1),
        )
    ]

    labels = painted(*wide, *cards_in(CARD, [(0, 0), (1, 2)]))

    assert backgrounds(labels, grid) == {GROUND, OTHER}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(False, {CARD, OTHER}, id="free cells between wide tape"),
        pytest.param(True, {OTHER}, id="cards that fill their cells"),
    ],
)
def test_what_fills_cells_is_ground_only_if_nothing_is_written_there(
    grid, painted, written, expected
):
    filled = [
        (CARD, Rect(column + 0.1, row + 0.1, column + 0.9, row + 0.9))
        for column, row in EVERY_CELL
    ]
    labels = painted(*filled, ground=OTHER)
    ink = np.random.default_rng(1).random(labels.shape) < 0.05 * written

    assert backgrounds(labels, grid, ink=ink) == expected


@given(cells=st.sets(st.sampled_from(EVERY_CELL), max_size=16))
def test_cards_in_any_cells_are_never_the_ground(grid, painted, cards_in, cells):
    labels = painted(*LINES, *cards_in(CARD, sorted(cells)))

    found = backgrounds(labels, grid)

    assert CARD not in found
    assert GROUND in found
