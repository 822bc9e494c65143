"""Too far away: letters of too few pixels."""

import math
from collections.abc import Sequence

import numpy as np

from calibration.geometry import Quad
from vision.image.rectify import Registration
from vision.quality.letters import MIN_CARDS, Letters
from vision.reading import Finding

MIN_LETTER_PX = 5.5
"""Height of a letter in the photo, as `Letters` tells it, below which cards are misread
because of it. Of 637 crops of 84 real cards of eleven photos, as they were and shrunk
until their lines had 24 to 7 px, 85% of those called had lost more than .15 in CER, and
75% of those that had are called (5: .91, .67; 6: .83, .79; 7: .76, .86; by the height
of the lines that an engine found, 12 px: .89, .56; 16 px: .78, .79). Of the boards
called 90% had lost half of their cards, and 90% of those that had are called. None of
the boards is as it was photographed."""

MIN_CELL_PX = 60
"""Mean side of a cell in the photo below which nobody needs to look at the cards: lines
of 9 px and less, a seventh of it, are lost on all boards."""


def far_board(registration: Registration) -> Finding | None:
    """Tell that a board's cells are too small for any writing to be read."""
    area = registration.projection.photo_from_board(
        registration.cell_area.to_quad().to_array()
    )
    cells = len(registration.board.layout.cells)
    cell_px = (Quad.from_array(area).area / cells) ** 0.5
    if cell_px >= MIN_CELL_PX:
        return None
    return Finding(
        "too_far",
        f"A cell is only {cell_px:.0f} pixels wide in the photo. Go closer, or take "
        "a larger picture.",
    )


def far_cards(letters: Sequence[Letters]) -> Finding | None:
    """Tell that the writing on cards is too small to be read.

    Parameters
    ----------
    letters : sequence of Letters
        On the cards of a photo, in pixels that are as large as the photo's; none if
        they say nothing about it.
    """
    heights = [one.height_px for one in letters if math.isfinite(one.height_px)]
    if len(heights) < MIN_CARDS or float(np.median(heights)) >= MIN_LETTER_PX:
        return None
    return Finding(
        "too_far",
        f"Letters are only {int(np.median(heights))} pixels high in the photo; most "
        f"so small are misread. Go closer, or take a larger picture.",
    )
