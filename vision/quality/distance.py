"""Too far away: letters of too few pixels."""

from collections.abc import Sequence

import numpy as np

from calibration.geometry import Quad
from vision.identity import SeenCard
from vision.quality.doubt import read_surely
from vision.reading import Finding
from vision.rectify import Registration

MIN_LINE_PX = 16.0
"""Height of a written line in the photo, from the top of its tall letters to the
bottom of its tails, below which cards in doubt are misread because of it.

Real cards shrunk until lines had 20, 14, 10 and 7 px lost .15, .30, .56 and .79 in
CER; of those under 16 px and in doubt 89% had lost more than .15, and 86% of those
that had are found (under 12 px: .96, .71)."""

MIN_CELL_PX = 90
"""Mean side of a cell in the photo below which handwriting is mere dots, where
no line was found that could be measured: a line is about a seventh of it."""

SURELY_SMALL_CELL_PX = 60
"""The same where nobody needs to wait for the words: lines of 9 px and less are lost
on all boards."""

MIN_CARDS = 3
"""Cards whose lines say how large people write on this board."""


def too_far(registration: Registration, cards: Sequence[SeenCard]) -> Finding | None:
    """Remark on writing too small to be read.

    Parameters
    ----------
    registration : Registration
    cards : sequence of SeenCard
        The cards of the photo; those without lines say nothing.
    """
    heights = [
        float(np.median([line.quad_photo.size_wh[1] for line in card.reading.lines]))
        for card in cards
        if card.reading.lines
    ]
    if len(heights) < MIN_CARDS:
        return _small_cells(registration, MIN_CELL_PX)
    line_px = float(np.median(heights))
    if line_px >= MIN_LINE_PX or read_surely(cards):
        return None
    return Finding(
        "too_far",
        f"Lines of writing are only {line_px:.0f} pixels high in the photo; under "
        f"{MIN_LINE_PX:.0f} most are misread. Go closer, or take a larger picture.",
    )


def too_small(registration: Registration) -> Finding | None:
    """Remark on a board whose cells are too small for any writing to be read."""
    return _small_cells(registration, SURELY_SMALL_CELL_PX)


def _small_cells(registration: Registration, min_px: float) -> Finding | None:
    """Remark on cells smaller than so many pixels of the photo."""
    area = registration.projection.photo_from_board(
        registration.cell_area.to_quad().to_array()
    )
    cells = len(registration.board.layout.cells)
    cell_px = (Quad.from_array(area).area / cells) ** 0.5
    if cell_px >= min_px:
        return None
    return Finding(
        "too_far",
        f"A cell is only {cell_px:.0f} pixels wide in the photo. Go closer, or take "
        "a larger picture.",
    )
