"""The connected pieces of a mask that are as large as a mark on a card."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from vision.recognition.ground import Bits, Mask

LEAST_PX = 4
"""Least side of a mark at the size of `Ground`'s look: smaller is the dot of an i."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A connected piece of a mask.

    Parameters
    ----------
    left, top, width, height : int
        Its bounds, in pixels of the mask.
    area : int
        Its pixels.
    alone : ndarray of shape (height, width), bool
        The piece within its bounds, nothing else.
    """

    left: int
    top: int
    width: int
    height: int
    area: int
    alone: Mask

    @property
    def here(self) -> tuple[slice, slice]:
        """Its bounds as an index of the mask."""
        return self.around(0)

    @property
    def sides(self) -> tuple[int, int]:
        """Its shorter and its longer side."""
        return min(self.width, self.height), max(self.width, self.height)

    def around(self, reach_px: int) -> tuple[slice, slice]:
        """Return its bounds and so much around them as an index of the mask."""
        return (
            slice(max(0, self.top - reach_px), self.top + self.height + reach_px),
            slice(max(0, self.left - reach_px), self.left + self.width + reach_px),
        )


def pieces_of(mask: Bits, most_px: float) -> Iterator[Piece]:
    """Yield the pieces of a mask whose sides are a mark's.

    Parameters
    ----------
    mask : ndarray of shape (H, W), uint8
        0 where there is nothing.
    most_px : float
        Longest side of a piece.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    sides = stats[:, 2:4]
    fits = (sides.min(axis=1) >= LEAST_PX) & (sides.max(axis=1) <= most_px)
    fits[0] = False  # the rest
    for label in np.flatnonzero(fits).tolist():
        left, top, width, height, area = stats[label].tolist()
        bounds = labels[top : top + height, left : left + width]
        yield Piece(left, top, width, height, area, np.asarray(bounds == label))
