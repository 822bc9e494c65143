import cv2
import numpy as np
import pytest

from calibration.geometry import Quad, Rect
from vision.detection.ink import ink_quads

CELL_PX = 160.0
WORDS = {(0, 0): "Typing", (1, 1): "Packaging", (2, 0): "Async"}
"""What is written in which cell, by column and row."""


def cell_at(column, row):
    left, top = 40 + CELL_PX * column, 40 + CELL_PX * row
    return Rect(left, top, left + CELL_PX, top + CELL_PX)


CELLS = {(column, row): cell_at(column, row) for column in range(3) for row in range(2)}


@pytest.fixture
def whiteboard():
    """A lined whiteboard, a little noisy."""
    pixels = np.full((400, 560, 3), 226, np.uint8)
    for line in range(4):
        at = round(40 + CELL_PX * line)
        cv2.line(pixels, (at, 40), (at, 360), (140, 140, 140), 3)
        if line < 3:
            cv2.line(pixels, (40, at), (520, at), (140, 140, 140), 3)
    noise = np.random.default_rng(1).normal(0, 1.5, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def written(whiteboard, words, pen=(120, 40, 20)):
    for (column, row), word in words.items():
        at = (round(52 + CELL_PX * column), round(125 + CELL_PX * row))
        cv2.putText(whiteboard, word, at, cv2.FONT_HERSHEY_SIMPLEX, 0.8, pen, 2)
    return whiteboard


def test_writing_is_found_in_the_cells_that_have_some(whiteboard):
    found = ink_quads(written(whiteboard, WORDS), [*CELLS.values()], (), CELL_PX)

    cells = [
        place
        for quad in found
        for place, rect in CELLS.items()
        if rect.to_quad().overlap(quad) > 0.9 * quad.area
    ]
    assert sorted(cells) == sorted(WORDS)


def test_nothing_is_found_on_a_bare_board(whiteboard):
    assert ink_quads(whiteboard, [*CELLS.values()], (), CELL_PX) == ()


def test_writing_on_a_card_is_the_cards_own(whiteboard):
    cell = CELLS[1, 1]
    card = Quad.from_array(
        [
            (cell.left + 8, cell.top + 40),
            (cell.right - 8, cell.top + 40),
            (cell.right - 8, cell.top + 115),
            (cell.left + 8, cell.top + 115),
        ]
    )

    found = ink_quads(
        written(whiteboard, {(1, 1): "Packaging"}), [cell], (card,), CELL_PX
    )

    assert found == ()


@pytest.mark.parametrize(("covered", "sessions"), [(0.1, 1), (0.2, 0)])
def test_writing_beside_a_card_of_many_cells_is_no_session(
    whiteboard, covered, sessions
):
    cell = CELLS[1, 1]
    card = Rect(-900, 0, cell.left + covered * CELL_PX, 900).to_quad()
    at, font = (round(cell.left) + 52, round(cell.top) + 85), cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(whiteboard, "Typing", at, font, 0.8, (120, 40, 20), 2)

    assert len(ink_quads(whiteboard, [cell], (card,), CELL_PX)) == sessions


def test_a_neighbours_writing_is_not_a_cells_own(whiteboard):
    pixels = written(whiteboard, {(0, 0): "Typing"})

    assert ink_quads(pixels, [CELLS[1, 0], CELLS[0, 1]], (), CELL_PX) == ()
