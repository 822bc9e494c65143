"""Maps of few colours, drawn pixel by pixel."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from calibration.geometry import Rect
from vision.detection.grid import Grid

CELL = 40
"""Side of a cell, in pixels."""


@pytest.fixture(scope="session")
def grid() -> Grid:
    """A grid of 4 x 4 cells with a margin of half a cell."""
    lines = tuple(float(CELL * index + CELL / 2) for index in range(5))
    return Grid(lines, lines)


@pytest.fixture(scope="session")
def painted() -> Callable[..., np.ndarray]:
    """Paint rects, in cells of the grid, over a ground of colour 0."""

    def paint(*patches: tuple[int, Rect], ground: int = 0) -> np.ndarray:
        labels = np.full((5 * CELL, 5 * CELL), ground, np.uint8)
        for colour, rect in patches:
            top, bottom = (
                round((rect.top + 0.5) * CELL),
                round((rect.bottom + 0.5) * CELL),
            )
            left, right = (
                round((rect.left + 0.5) * CELL),
                round((rect.right + 0.5) * CELL),
            )
            labels[max(0, top) : bottom, max(0, left) : right] = colour
        return labels

    return paint


@pytest.fixture(scope="session")
def cards_in() -> Callable[..., tuple[tuple[int, Rect], ...]]:
    """Put a card of a colour into the middle of cells (column, row)."""

    def cards(
        colour: int, cells: Sequence[tuple[int, int]]
    ) -> tuple[tuple[int, Rect], ...]:
        return tuple(
            (colour, Rect(column + 0.15, row + 0.2, column + 0.85, row + 0.8))
            for column, row in cells
        )

    return cards
