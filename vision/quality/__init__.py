"""Remarks on a photo that do not stop the reading, in words for staff.

Three kinds: what the straight picture tells at once, and what it tells once its cards
are found, while whoever took it still stands in front of the board; and what the cards
tell only when they are read.
Each is told once. Every threshold is where reading fails, not where a picture
looks poor: real cards were blurred, shaken, shrunk, darkened and lit by a lamp
step by step and read at each step. `vision.quality.blur` says how.
"""

from collections.abc import Sequence

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import ReadCard
from vision.detection.cells import cell_rects
from vision.errors import UnreadablePhotoError
from vision.image.arrays import Image, Mask
from vision.image.parallel import on_both_cores
from vision.image.photo import Photo
from vision.image.rectify import RectifiedBoard, Registration
from vision.occupancy.background import Background
from vision.quality.blur import blurred, blurred_unread
from vision.quality.distance import (
    too_far,
    too_far_in_doubt,
    too_far_unread,
    too_small,
)
from vision.quality.doubt import read_surely
from vision.quality.frame import cut_off
from vision.quality.front import in_front
from vision.quality.glare import glare, lit_cells
from vision.quality.legible import Illegible, soft, why_illegible
from vision.quality.letters import Letters, letters_of
from vision.quality.light import OVEREXPOSED, gloomy, gloomy_unread, light
from vision.quality.stand import moved_tags, unchecked
from vision.reading import CellReading, Finding

__all__ = [
    "assess_cards",
    "assess_found",
    "assess_picture",
    "assess_unread",
    "require_readable",
    "why_unreadable",
]

PHOTO_PLACES = 4
"""A photo whose board was not found is judged in so many rows of so many places."""


def assess_picture(straight: RectifiedBoard) -> tuple[Finding, ...]:
    """Return what staff should know about a photo before anything is read.

    Parameters
    ----------
    straight : RectifiedBoard
        The straight picture.

    Returns
    -------
    tuple of Finding
        What another photo can mend, at most one of a code; empty for a good one.
    """
    registration, pixels = straight.registration, straight.pixels
    dim = light(pixels)
    places = tuple(cell_rects(registration).values())
    return _told(
        dim,
        unchecked(registration),
        moved_tags(registration),
        cut_off(registration),
        too_small(registration),
        # In the dark everything is soft, and overexposed everything glares.
        soft(pixels, places) if dim is None else None,
        lit_cells(straight) if dim != OVEREXPOSED else None,
    )


def assess_found(
    registration: Registration,
    background: Background,
    cards: Mask,
    cells: Sequence[CellReading],
) -> tuple[Finding, ...]:
    """Return what staff should know once the cards are found, before they are read.

    Parameters
    ----------
    registration : Registration
    background : Background
        Of the straight picture.
    cards : ndarray of shape (H, W), bool
        Where any card is seen.
    cells : sequence of CellReading
        What is known of every cell.
    """
    return _told(in_front(registration, background, cards, cells))


def assess_unread(
    cards: Sequence[tuple[CellId, Image]], before: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Return what is likely wrong with cards that are about to be read.

    Once they are read, what `assess_cards` says takes its place: words that were read
    well all the same are not in doubt.

    Parameters
    ----------
    cards : sequence of (CellId, ndarray of shape (H, W, 3), uint8, BGR)
        In which cell each hangs, and its crop.
    before : sequence of Finding
        What was told before: in the dark everything is soft.

    Returns
    -------
    tuple of Finding
        At most one of a code; none of a code that was told.
    """
    told = {finding.code for finding in before}
    if "dark" in told:
        return ()
    letters = on_both_cores(letters_of, [crop for _, crop in cards])
    dim = gloomy_unread(letters)
    if dim is not None:
        return (dim,)
    return _told(
        too_far_unread(letters) if "too_far" not in told else None,
        blurred_unread(cards) if "blurred" not in told else None,
    )


def assess_cards(
    straight: RectifiedBoard,
    cells: Sequence[CellReading],
    cards: Sequence[ReadCard],
    before: Sequence[Finding],
) -> tuple[Finding, ...]:
    """Return what else staff should know once the cards are read.

    Parameters
    ----------
    straight : RectifiedBoard
        The straight picture.
    cells : sequence of CellReading
        What is known of every cell.
    cards : sequence of ReadCard
        The cards that it shows.
    before : sequence of Finding
        What `assess_picture` and `assess_found` have told.

    Returns
    -------
    tuple of Finding
        At most one of a code; none of a code that was told.
    """
    told = {finding.code for finding in before}
    registration = straight.registration
    # What was likely before they were read holds unless the words prove it wrong.
    letters = _letters_in_doubt(cards)
    dim = gloomy(straight.pixels, cards) or gloomy_unread(letters)
    in_the_dark = dim is not None or "dark" in told
    found = _told(
        dim,
        # In the dark noise looks like small letters.
        too_far(registration, cards)
        or (None if in_the_dark else too_far_in_doubt(letters)),
        blurred(cards) if "blurred" not in told else None,
        glare(straight, cells, cards) if OVEREXPOSED.code not in told else None,
    )
    return tuple(finding for finding in found if finding.code not in told)


def require_readable(straight: RectifiedBoard) -> None:
    """Refuse a straight picture in which no word could be read.

    Parameters
    ----------
    straight : RectifiedBoard

    Raises
    ------
    UnreadablePhotoError
        With what to do.
    """
    places = cell_rects(straight.registration).values()
    why = why_illegible(straight.pixels, tuple(places))
    if why is not None:
        raise UnreadablePhotoError(why.message, hint=why.hint)


def why_unreadable(photo: Photo) -> Illegible | None:
    """Return why no board may have been found in a photo; None if not for this.

    Parameters
    ----------
    photo : Photo
    """
    return why_illegible(photo.pixels, _places(*photo.size_wh))


def _letters_in_doubt(cards: Sequence[ReadCard]) -> tuple[Letters, ...]:
    """Measure the letters on the cards that were read, if not most were read well."""
    if read_surely(cards):
        return ()
    crops = [card.crop for card in cards if card.read_again and card.crop is not None]
    return on_both_cores(letters_of, crops)


def _places(width: int, height: int) -> tuple[Rect, ...]:
    """Divide a photo into places of equal size, row by row."""
    across, down = width / PHOTO_PLACES, height / PHOTO_PLACES
    return tuple(
        Rect(column * across, row * down, (column + 1) * across, (row + 1) * down)
        for row in range(PHOTO_PLACES)
        for column in range(PHOTO_PLACES)
    )


def _told(*remarks: Finding | None) -> tuple[Finding, ...]:
    """Return the remarks that there are."""
    return tuple(remark for remark in remarks if remark is not None)
