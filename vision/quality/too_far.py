"""Too far away: letters of too few pixels."""

from collections.abc import Sequence

import numpy as np

from vision.quality.letters import MIN_CARDS, Letters
from vision.reading import Finding
from vision.registration.frame import Registration

MIN_LETTER_PX = 5.5
"""Height of a letter in the photo below which cards are misread: 85% of shrunk crops
below had lost more than .15 in CER, and 75% of those that had are below."""

MIN_CELL_PX = 60
"""Mean side of a cell in the photo below which lines (9 px and less) are lost."""


def far_board(registration: Registration) -> Finding | None:
    """Return the finding on a board whose cells are too small for writing."""
    cell_px = cell_px_of(registration)
    if cell_px >= MIN_CELL_PX:
        return None
    return Finding(
        "too_far",
        f"A cell is only {cell_px:.0f} pixels wide in the photo. Go closer, or take "
        "a larger picture.",
    )


def cell_px_of(registration: Registration) -> float:
    """Return the mean side of a cell in the photo, in its pixels."""
    area = registration.projection.quad_photo(registration.cell_area.to_quad())
    return float((area.area / len(registration.board.layout.cells)) ** 0.5)


def far_cards(letters: Sequence[Letters]) -> Finding | None:
    """Return the finding on cards whose letters are too small, in photo pixels."""
    heights = [one.height_px for one in letters if one.height_px is not None]
    if len(heights) < MIN_CARDS or float(np.median(heights)) >= MIN_LETTER_PX:
        return None
    return Finding(
        "too_far",
        f"Letters are only {int(np.median(heights))} pixels high in the photo; most "
        f"so small are misread. Go closer, or take a larger picture.",
    )
