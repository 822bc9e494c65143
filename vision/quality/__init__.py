"""Findings: what another photo would mend, while staff can still take one.

One module for each cause; here is what is refused. Thresholds are where reading fails:
real cards were blurred, shaken, shrunk, darkened and lit by a lamp step by step.
"""

from collections.abc import Collection, Sequence

import numpy as np

from calibration.geometry import Rect
from vision.cards import ReadCard
from vision.errors import UnreadablePhotoError
from vision.image import on_both_cores
from vision.image.arrays import Image, window_of
from vision.image.photo import Photo
from vision.quality.blurred import MOST, blurred_board, blurred_cards, focus_of_places
from vision.quality.glare import glare
from vision.quality.letters import MIN_CARDS, CardCrop, letters_of
from vision.quality.light import OVEREXPOSED, dark_cards, light_of, seen_levels
from vision.quality.placement import (
    cut_off,
    far_board,
    far_cards,
    tag_moved,
    unchecked,
)
from vision.reading import Finding
from vision.registration.rectify import RectifiedBoard

__all__ = [
    "CardCrop",
    "assess_picture",
    "assess_read",
    "assess_unread",
    "unreadable",
    "why_unreadable",
]

DOUBTFUL = 0.4
"""Confidence below which a reading is in doubt: 98% of real cards blurred to a focus
below 1.15 and in doubt had lost more than .15 in CER."""

LOST_FOCUS = 1.03
"""Focus of the sharpest place below which nothing is read: of eight real boards,
blurred step by step, those of which 6% of the words were read reach 1.04."""

BLACK_LEVEL = 16
"""Level of the brightest hundredth of the board below which nothing is read."""

BRIGHTEST_PERCENT = 99
"""Percentile of the levels that stands for paper in the light."""

PHOTO_PLACES = 4
"""Rows of so many places in which a photo without a board is judged."""


def assess_picture(board: RectifiedBoard) -> tuple[Finding, ...]:
    """Return the findings on a rectified board before cards are detected."""
    registration, pixels = board.registration, board.pixels
    light = light_of(pixels)
    places = tuple(registration.cell_rects.values())
    return _present(
        light,
        unchecked(registration),
        tag_moved(registration),
        cut_off(registration),
        far_board(registration),
        # In the dark everything is soft, and overexposed everything glares.
        None if light else blurred_board(pixels, places),
        None if light is OVEREXPOSED else glare(board),
    )


def assess_unread(
    cards: Sequence[CardCrop], before: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Return the further findings on crops that are about to be read."""
    return _assess_crops(cards, len(cards), {finding.code for finding in before})


def assess_read(
    cards: Sequence[ReadCard], before: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Return the further findings on cards that were read and are in doubt."""
    read = [card for card in cards if card.read_again]
    doubtful = [
        # Without a letter it may be no card at all: a passer-by's head is soft too.
        CardCrop(card.reading.cell if card.reading.lines else None, card.crop)
        for card in read
        if card.crop is not None and card.reading.confidence < DOUBTFUL
    ]
    return _assess_crops(doubtful, len(read), {finding.code for finding in before})


def why_unreadable(photo: Photo) -> UnreadablePhotoError | None:
    """Return why no board may have been found in a photo; None if not for this."""
    width, height = (length / PHOTO_PLACES for length in photo.size_wh)
    places = [
        Rect(column * width, row * height, (column + 1) * width, (row + 1) * height)
        for row in range(PHOTO_PLACES)
        for column in range(PHOTO_PLACES)
    ]
    return unreadable(photo.pixels, places)


def unreadable(pixels: Image, places: Sequence[Rect]) -> UnreadablePhotoError | None:
    """Return why no word could be read in a picture; None if something may be.

    Takes (H, W, 3) uint8 BGR, black where the photo does not reach, and at least one
    place in it where cards may be.
    """
    levels = seen_levels(window_of(pixels, Rect.around(places)))
    if len(levels) and np.percentile(levels, BRIGHTEST_PERCENT) < BLACK_LEVEL:
        return UnreadablePhotoError(
            "The photo is too dark to be read.",
            hint="Switch on the light, or tap on the board, and take it again.",
        )
    focus = focus_of_places(pixels, places)
    if focus and focus[0] < LOST_FOCUS:
        return UnreadablePhotoError(
            "The photo is too blurred to be read.",
            hint="Hold still, let it focus and take it again.",
        )
    return None


def _assess_crops(
    cards: Sequence[CardCrop], count: int, known: Collection[str]
) -> tuple[Finding, ...]:
    if "dark" in known:
        return ()  # in the dark everything is soft, and noise is like small letters
    enough = len(cards) >= max(MIN_CARDS, MOST * count)
    letters = (
        on_both_cores(letters_of, [card.pixels for card in cards]) if enough else ()
    )
    if dark := dark_cards(letters):
        return (dark,)
    return _present(
        far_cards(letters) if "too_far" not in known else None,
        blurred_cards(cards, count) if "blurred" not in known else None,
    )


def _present(*findings: Finding | None) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding is not None)
