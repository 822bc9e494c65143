"""What a card detector is, and one for tests that finds what it was told to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import Colour, DetectedCard
from vision.detection import CardSurvey
from vision.detection.detector import CardMaps
from vision.image.arrays import window_of
from vision.registration.rectify import RectifiedBoard, at_working_scale


class CardDetector(Protocol):
    """What finds the cards on a rectified board: `find_cards` with the network."""

    def __call__(self, board: RectifiedBoard, /) -> CardSurvey:
        """Return its cards, row by row."""
        ...


@dataclass(frozen=True, slots=True)
class ScriptedDetector:
    """Finds a card of a colour in the middle of each of these cells."""

    cells: Mapping[CellId, Colour]

    def __call__(self, board: RectifiedBoard, /) -> CardSurvey:
        """Return a card half as wide and high as its cell for each cell."""
        working = at_working_scale(board)
        mask = np.zeros(working.pixels.shape[:2], np.bool_)
        cards = []
        for cell, colour in self.cells.items():
            rect = _middle(board.registration.cell_rects[cell])
            cards.append(DetectedCard(rect.to_quad(), cell, colour, "card"))
            window_of(mask, rect.scaled(working.scale))[:] = True
        nothing = np.zeros((1, 1), np.float32)
        maps = CardMaps(nothing, nothing, nothing, np.zeros((8, 1, 1), np.float32))
        picture = np.zeros((4, 4, 3), np.uint8)
        return CardSurvey(tuple(cards), mask, working, picture, maps, ())


def _middle(cell: Rect) -> Rect:
    """Return a cell without a quarter at each side."""
    across, down = cell.width / 4, cell.height / 4
    return Rect(
        cell.left + across, cell.top + down, cell.right - across, cell.bottom - down
    )
