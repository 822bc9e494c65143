"""The grid of a board: columns and rows, drawn by lot."""

from dataclasses import dataclass

import numpy as np

from training.scenes.paint import Dice, between, chance
from training.scenes.writing import Box


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and rows of a board, px.

    Parameters
    ----------
    columns, rows : tuple of float
        Edges of columns and rows, one more than there are.
    """

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    @property
    def cell(self) -> tuple[float, float]:
        """Return the mean width and height of a cell."""
        wide = (self.columns[-1] - self.columns[0]) / (len(self.columns) - 1)
        tall = (self.rows[-1] - self.rows[0]) / (len(self.rows) - 1)
        return wide, tall


def make_grid(wide: float, tall: float, rng: Dice) -> tuple[tuple[int, int], Grid]:
    """Return the size of a board and its grid, for cells of about this size."""
    most_columns, most_rows = int(1180 / wide), int(980 / tall)
    columns = int(rng.integers(2, max(3, most_columns + 1)))
    rows = int(rng.integers(2, max(3, most_rows + 1)))
    if columns * wide > 2.2 * rows * tall:
        rows = max(2, min(most_rows, round(columns * wide / tall / between(rng, 1, 2))))
    if rows * tall > 1.5 * columns * wide:
        columns = max(
            2, min(most_columns, round(rows * tall / wide * between(rng, 0.8, 1.6)))
        )
    short = 640 / max(columns * wide, rows * tall)
    if short > 1:
        columns = max(2, min(most_columns, round(columns * short)))
        rows = max(2, min(most_rows, round(rows * short)))
    left, top = wide * between(rng, 0.1, 1.1), tall * between(rng, 0.15, 1.1)
    if chance(rng, 0.4):
        top += tall * between(rng, 0.3, 1.2)
    right, bottom = wide * between(rng, 0.03, 0.6), tall * between(rng, 0.03, 0.6)

    def edges(count: int, step: float, start: float) -> tuple[float, ...]:
        uneven = rng.uniform(0.75, 1.3, count) if chance(rng, 0.3) else np.ones(count)
        if chance(rng, 0.12):
            uneven[int(rng.integers(count))] *= between(rng, 0.35, 0.7)
        uneven = uneven / uneven.mean()
        return tuple((start + step * np.concatenate([[0], np.cumsum(uneven)])).tolist())

    grid = Grid(edges(columns, wide, left), edges(rows, tall, top))
    size = (int(grid.columns[-1] + right), int(grid.rows[-1] + bottom))
    return size, grid


def cell_box(grid: Grid, column: int, row: int) -> Box:
    """Return a cell; column -1 and row -1 are those of headings."""
    wide, tall = grid.cell
    left = grid.columns[column] if column >= 0 else max(0.0, grid.columns[0] - wide)
    right = grid.columns[column + 1]
    top = grid.rows[row] if row >= 0 else max(0.0, grid.rows[0] - tall * 0.8)
    return Box(left, top, right - left, grid.rows[row + 1] - top)
