"""Remarks on a photo that do not stop the reading, in words for staff.

Every threshold is where reading fails, not where a picture looks poor: real
cards were blurred, shaken, shrunk, darkened and lit by a lamp step by step and
read at each step. `vision.quality.blur` says how.
"""

from collections.abc import Sequence

from vision.identity import SeenCard
from vision.quality.blur import blurred
from vision.quality.distance import too_far
from vision.quality.frame import covered, cut_off
from vision.quality.glare import glare
from vision.quality.light import light
from vision.reading import CellReading, Finding
from vision.rectify import RectifiedBoard

__all__ = ["assess"]


def assess(
    straight: RectifiedBoard,
    cells: Sequence[CellReading],
    cards: Sequence[SeenCard],
) -> tuple[Finding, ...]:
    """Return what staff should know about a photo.

    Parameters
    ----------
    straight : RectifiedBoard
        The straight picture.
    cells : sequence of CellReading
        What is known of every cell.
    cards : sequence of SeenCard
        The cards that it shows.

    Returns
    -------
    tuple of Finding
        What can be mended by another photo, about the whole photo first; empty
        for a good one.
    """
    registration = straight.registration
    dim = light(straight.pixels, cards)
    remarks = (
        dim,
        cut_off(registration),
        too_far(registration, cards),
        blurred(cards),
        # Everything is white in an overexposed photo: its glare is no news.
        glare(straight, cells, cards) if dim is None else None,
        covered(cells),
    )
    return tuple(remark for remark in remarks if remark is not None)
