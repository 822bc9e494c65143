"""Too far away: letters of too few pixels."""

import math
from collections.abc import Sequence

import numpy as np

from calibration.geometry import Quad
from vision.cards import ReadCard
from vision.image.rectify import Registration
from vision.quality.doubt import read_surely
from vision.quality.letters import Letters
from vision.reading import Finding

MIN_LINE_PX = 16.0
"""Height of a written line in the photo, from the top of its tall letters to the
bottom of its tails, below which cards in doubt are misread because of it.

Real cards shrunk until lines had 20, 14, 10 and 7 px lost .15, .30, .56 and .79 in
CER; of the boards under 16 px and in doubt 83% had lost more than .15 on half of their
cards, and 78% of those that had are found."""

MIN_LETTER_PX = 8.0
"""Height of a letter in the photo, as `Letters` tells it, below which cards in doubt
are misread because of it. Of the same boards 78% of those called had lost half of their
cards, and 95% of those that had are called."""

MIN_LETTER_PX_UNREAD = 5.5
"""The same before any card is read. Of 637 crops of 84 real cards of eleven photos, as
they were and shrunk until their lines had 24 to 7 px, 85% of those called had lost more
than .15 in CER, and 75% of those that had are called (5: .91, .67; 6: .83, .79; 7: .76,
.86; by the height of the lines that were found, 12 px: .89, .56; 16 px: .78, .79). Of the
boards called 90% had lost half of their cards, and 90% of those that had are called.
None of the boards is as it was photographed."""

MIN_CELL_PX = 90
"""Mean side of a cell in the photo below which handwriting is mere dots, where
no line was found that could be measured: a line is about a seventh of it."""

SURELY_SMALL_CELL_PX = 60
"""The same where nobody needs to wait for the words: lines of 9 px and less are lost
on all boards."""

MIN_CARDS = 3
"""Cards whose lines say how large people write on this board."""


def too_far(registration: Registration, cards: Sequence[ReadCard]) -> Finding | None:
    """Remark on writing too small to be read.

    Parameters
    ----------
    registration : Registration
    cards : sequence of ReadCard
        The cards of the photo. If they were read all the same it is large enough.
    """
    if read_surely(cards):
        return None
    heights = [
        float(np.median([line.quad_photo.size_wh[1] for line in card.reading.lines]))
        for card in cards
        if card.reading.lines
    ]
    if len(heights) < MIN_CARDS:
        return _small_cells(registration, MIN_CELL_PX)
    line_px = float(np.median(heights))
    if line_px >= MIN_LINE_PX:
        return None
    return _too_far("Lines of writing", line_px, MIN_LINE_PX)


def too_far_in_doubt(letters: Sequence[Letters]) -> Finding | None:
    """Remark on writing too small to be read, whatever lines an engine found in it.

    Parameters
    ----------
    letters : sequence of Letters
        Of the cards that were read, if their words are in doubt.
    """
    return _small_letters(letters, MIN_LETTER_PX)


def too_far_unread(letters: Sequence[Letters]) -> Finding | None:
    """Remark on writing that looks too small to be read, before it is read.

    Parameters
    ----------
    letters : sequence of Letters
        Of the cards that are to be read, in pixels that are as large as the photo's.
    """
    return _small_letters(letters, MIN_LETTER_PX_UNREAD)


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


def _small_letters(letters: Sequence[Letters], min_px: float) -> Finding | None:
    """Remark on cards whose letters are mostly lower than so many pixels."""
    heights = [one.height_px for one in letters if math.isfinite(one.height_px)]
    if len(heights) < MIN_CARDS:
        return None
    letter_px = float(np.median(heights))
    # Under the greater height most are misread, even where they are not in doubt.
    return _too_far("Letters", letter_px, MIN_LETTER_PX) if letter_px < min_px else None


def _too_far(what: str, height_px: float, min_px: float) -> Finding:
    message = (
        f"{what} are only {int(height_px)} pixels high in the photo; under "
        f"{min_px:.0f} most are misread. Go closer, or take a larger picture."
    )
    return Finding("too_far", message)
