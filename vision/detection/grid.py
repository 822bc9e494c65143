"""The grid's lines on the shrunk board: strips, rings and cells as masks."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from calibration.layout import Layout


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the lines of a layout lie, in pixels of the shrunk board.

    Parameters
    ----------
    columns_px, rows_px : tuple of float
        x of the upright and y of the level lines, ascending.
    """

    columns_px: tuple[float, ...]
    rows_px: tuple[float, ...]

    @classmethod
    def of(cls, layout: Layout, area: Rect) -> "Grid":
        """Lay a layout's lines over a cell area."""
        return cls(
            tuple(area.left + edge * area.width for edge in layout.column_edges),
            tuple(area.top + edge * area.height for edge in layout.row_edges),
        )

    def scaled(self, factor: float) -> "Grid":
        """Return the same lines in a picture of another size."""
        return Grid(
            tuple(x * factor for x in self.columns_px),
            tuple(y * factor for y in self.rows_px),
        )

    @property
    def cell_count(self) -> int:
        """How many cells there are."""
        return (len(self.columns_px) - 1) * (len(self.rows_px) - 1)

    @property
    def area(self) -> Rect:
        """The cell area."""
        return Rect(
            self.columns_px[0], self.rows_px[0], self.columns_px[-1], self.rows_px[-1]
        )

    @property
    def cell_px(self) -> float:
        """Geometric mean of a mean cell's sides."""
        return float(np.sqrt(self.area.area / self.cell_count))

    def distance(self, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        """Return each pixel's distance from the nearest line.

        Parameters
        ----------
        shape : tuple of int
            Height and width first.

        Returns
        -------
        ndarray of shape (H, W), float32
            In cells, 0 on a line to 0.5; -1 outside of the cell area.
        """
        along_x = _edge_distance(np.arange(shape[1]), self.columns_px)
        along_y = _edge_distance(np.arange(shape[0]), self.rows_px)
        distance = np.minimum(along_x[None, :], along_y[:, None])
        distance[(along_x[None, :] < 0) | (along_y[:, None] < 0)] = -1
        return distance

    def cell_index(self, shape: tuple[int, ...]) -> npt.NDArray[np.int32]:
        """Return each pixel's cell, counted row by row, (H, W); 0 outside."""
        column = _index(np.arange(shape[1]), self.columns_px)
        row = _index(np.arange(shape[0]), self.rows_px)
        width = len(self.columns_px) - 1
        return (row[:, None] * width + column[None, :]).astype(np.int32)

    def segments(self, share: float) -> Iterator[Rect]:
        """Yield the band along each piece of line from crossing to crossing.

        Parameters
        ----------
        share : float
            Half width of the band, in cells.
        """
        half = share * self.cell_px
        for top, bottom in zip(self.rows_px, self.rows_px[1:], strict=False):
            for x in self.columns_px:
                yield Rect(x - half, top + half, x + half, bottom - half)
        for left, right in zip(self.columns_px, self.columns_px[1:], strict=False):
            for y in self.rows_px:
                yield Rect(left + half, y - half, right - half, y + half)

    def is_cell_shaped(self, bounds: Rect, tolerance: float) -> bool:
        """Tell whether a rect's sides all lie close to lines of the grid.

        Parameters
        ----------
        bounds : Rect
            In pixels of the shrunk board.
        tolerance : float
            In cells.
        """
        near = tolerance * self.cell_px
        return all(
            min(abs(side - line) for line in lines) <= near
            for side, lines in (
                (bounds.left, self.columns_px),
                (bounds.right, self.columns_px),
                (bounds.top, self.rows_px),
                (bounds.bottom, self.rows_px),
            )
        )


def window(whole: npt.NDArray[np.uint8], bounds: Rect) -> npt.NDArray[np.uint8]:
    """Return the part of a picture (H, W[, C]) in a rect, empty outside of it."""
    return whole[
        max(0, round(bounds.top)) : max(0, round(bounds.bottom)),
        max(0, round(bounds.left)) : max(0, round(bounds.right)),
    ]


def _index(
    positions: npt.NDArray[np.integer], edges: tuple[float, ...]
) -> npt.NDArray[np.intp]:
    """Return the interval of each position, those outside in the nearest one."""
    index = np.searchsorted(np.asarray(edges), positions, "right") - 1
    return np.clip(index, 0, len(edges) - 2)


def _edge_distance(
    positions: npt.NDArray[np.integer], edges: tuple[float, ...]
) -> npt.NDArray[np.float32]:
    """Return distances to the nearest edge in cells, -1 outside of all edges."""
    array = np.asarray(edges)
    index = _index(positions, edges)
    inner = (positions - array[index]) / (array[index + 1] - array[index])
    distance = np.minimum(inner, 1 - inner)
    outside = (positions < array[0]) | (positions > array[-1])
    return np.where(outside, -1, np.maximum(distance, 0)).astype(np.float32)
