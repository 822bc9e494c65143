"""Known cards that hang as they hung: told before anything is looked for.

Most cards of a next photo are where they were and as they were. Their own pixels tell
it, in a fraction of the time that finding them again takes. Only what is certain is
told here, by the same evidence as for a card that was found again and stricter: the
whole card is seen, in its place, and nothing on it has changed. All others are looked
for as in a first photo.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.cards import HungCard
from vision.cores import on_both_cores
from vision.crops import CardCrop, cut_card
from vision.cut_off import ends_at_edge
from vision.identity import KnownCard, patch_of
from vision.looks import Patch, fit_upright, normalised, upright
from vision.matching import SURE_HERE
from vision.news import told_of
from vision.photo import Photo
from vision.rectify import Registration
from vision.sighting import colour_of

MAX_OFF_PX = 1.0
"""Shift in patch pixels up to which a card is cut out where it was: what comparing
it makes good anyway. From there on it is cut out where it now is."""


@dataclass(frozen=True, slots=True, eq=False)
class Unchanged:
    """A known card that hangs as it hung.

    Parameters
    ----------
    known : KnownCard
    hung : HungCard
        Where it hangs, for whoever looks for the others.
    crop : CardCrop
    place_area : Quad
        Where it hangs, in the unit square of the cell area.
    sharpness : float
        Of the crop; 0 where nothing was to be gained from knowing.
    """

    known: KnownCard
    hung: HungCard
    crop: CardCrop
    place_area: Quad
    sharpness: float


def unchanged_cards(
    photo: Photo, registration: Registration, known: Sequence[KnownCard]
) -> tuple[Unchanged, ...]:
    """Return the known cards that certainly hang as they hung.

    Parameters
    ----------
    photo : Photo
    registration : Registration
        Of this photo.
    known : sequence of KnownCard
        The board's cards so far.
    """
    board_from_area = registration.area_from_board.inverse
    told = on_both_cores(
        lambda card: _unchanged(photo, registration, card, board_from_area), known
    )
    return tuple(card for card in told if card is not None)


def _unchanged(
    photo: Photo,
    registration: Registration,
    card: KnownCard,
    board_from_area: Homography,
) -> Unchanged | None:
    """Return a card if it hangs as it hung."""
    quad_board = board_from_area.apply_quad(card.quad_area)
    crop = _cut(photo, registration, quad_board)
    if crop is None:
        return None
    patch = patch_of(crop.pixels)
    fit = fit_upright(normalised(patch), upright(card.descriptor.patch))
    if fit.score < SURE_HERE:
        return None
    place = card.quad_area
    shift = fit.on_target[:, 2]
    if np.abs(shift).max() > MAX_OFF_PX:
        place = _shifted(place, patch, shift)
        quad_board = board_from_area.apply_quad(place)
        crop = _cut(photo, registration, quad_board)
        if crop is None:
            return None
        patch = patch_of(crop.pixels)
    told = told_of(card, crop.pixels, patch)
    if not told.whole or told.news != "same":
        return None
    hung = HungCard(card.id, quad_board, colour_of(card))
    return Unchanged(card, hung, crop, place, told.sharpness)


def _cut(photo: Photo, registration: Registration, quad_board: Quad) -> CardCrop | None:
    """Cut a place of the board out of the photo, None if it is not all in it."""
    quad_photo = registration.projection.quad_photo(quad_board)
    if ends_at_edge(quad_photo, photo.size_wh):
        return None
    return cut_card(photo, registration, quad_board)


def _shifted(place: Quad, patch: Patch, shift: npt.NDArray[np.float64]) -> Quad:
    """Return a place moved by a shift (2,) in pixels of its patch."""
    height, width = patch.shape
    outline = Rect(0, 0, width, height).to_quad()
    area_from_patch = Homography.from_quads(target=place, source=outline)
    moved = Homography.translation(float(shift[0]), float(shift[1]))
    return (area_from_patch @ moved).apply_quad(outline)
