"""Known cards that hang as they hung: told before anything is looked for.

Most cards of a next photo are where they were and as they were. Their own pixels tell
it, in a fraction of the time that finding them again takes. Only what is certain is
told here, by the same evidence as for a card that was found again and stricter: the
whole card is seen, in its place, and nothing on it has changed. Mostly the small
picture tells it at a glance. All others are looked for as in a first photo.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.cards import KnownCard
from vision.detection import HungCard, Shrunk
from vision.image.arrays import Mask
from vision.image.crop import CardCrop, cut_card
from vision.image.parallel import on_both_cores
from vision.image.photo import Photo
from vision.image.rectify import RectifiedBoard, Registration
from vision.tracking.appearance import patch_of
from vision.tracking.association import SURE_HERE
from vision.tracking.correlation import Patch, fit_upright, normalised, upright
from vision.tracking.cut_off import ends_at_edge
from vision.tracking.glance import same_at_a_glance
from vision.tracking.news import told_of, told_of_same
from vision.tracking.sighting import colour_of

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
    crop : CardCrop or None
        None where it was not needed: an earlier photo shows it as well.
    place_area : Quad
        Where it hangs, in the unit square of the cell area.
    sharpness : float
        Of the crop; 0 where nothing was to be gained from knowing.
    """

    known: KnownCard
    hung: HungCard
    crop: CardCrop | None
    place_area: Quad
    sharpness: float


def unchanged_cards(
    photo: Photo,
    straight: RectifiedBoard,
    shrunk: Shrunk,
    known: Sequence[KnownCard],
) -> tuple[Unchanged, ...]:
    """Return the known cards that certainly hang as they hung.

    Parameters
    ----------
    photo : Photo
    straight : RectifiedBoard
        Of this photo.
    shrunk : Shrunk
        The straight picture.
    known : sequence of KnownCard
        The board's cards so far.
    """
    registration = straight.registration
    board_from_area = registration.area_from_board.inverse
    places = [board_from_area.apply_quad(card.quad_area) for card in known]
    same = _at_a_glance(shrunk, known, places)

    def told(asked: tuple[KnownCard, Quad, bool]) -> Unchanged | None:
        card, place, as_it_was = asked
        if not _is_all_in(photo, registration, place):
            return None
        if as_it_was and (seen := _glanced_at(straight, card, place)):
            return seen
        return _unchanged(photo, registration, card, board_from_area)

    asked = zip(known, places, same, strict=True)
    return tuple(card for card in on_both_cores(told, asked) if card is not None)


def _at_a_glance(
    shrunk: Shrunk, known: Sequence[KnownCard], places: Sequence[Quad]
) -> list[bool]:
    """Tell which cards are as they were in their places, on both cores."""
    grey = np.asarray(cv2.cvtColor(shrunk.pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    to_shrunk = Homography.scaling(shrunk.scale, shrunk.scale)

    def look(part: slice) -> Mask:
        return same_at_a_glance(
            grey,
            [to_shrunk.apply_quad(place) for place in places[part]],
            [card.descriptor.patch for card in known[part]],
        )

    half = len(known) // 2
    same = on_both_cores(look, (slice(half), slice(half, None)))
    return [bool(so) for part in same for so in part]


def _glanced_at(
    straight: RectifiedBoard, card: KnownCard, quad_board: Quad
) -> Unchanged | None:
    """Return a card that is as it was; None if it may be sharper."""
    told = told_of_same(card, straight.around(quad_board))
    if told is None:
        return None
    hung = HungCard(card.id, quad_board, colour_of(card))
    return Unchanged(card, hung, None, card.quad_area, told.sharpness)


def _unchanged(
    photo: Photo,
    registration: Registration,
    card: KnownCard,
    board_from_area: Homography,
) -> Unchanged | None:
    """Return a card if it hangs as it hung, after a closer look."""
    quad_board = board_from_area.apply_quad(card.quad_area)
    crop = cut_card(photo, registration, quad_board)
    patch = patch_of(crop.pixels)
    fit = fit_upright(normalised(patch), upright(card.descriptor.patch))
    if fit.score < SURE_HERE:
        return None
    place = card.quad_area
    shift = fit.on_target[:, 2]
    if np.abs(shift).max() > MAX_OFF_PX:
        place = _shifted(place, patch, shift)
        quad_board = board_from_area.apply_quad(place)
        if not _is_all_in(photo, registration, quad_board):
            return None
        crop = cut_card(photo, registration, quad_board)
        patch = patch_of(crop.pixels)
    told = told_of(card, crop.pixels, patch)
    if not told.whole or told.news != "same":
        return None
    hung = HungCard(card.id, quad_board, colour_of(card))
    return Unchanged(card, hung, crop, place, told.sharpness)


def _is_all_in(photo: Photo, registration: Registration, quad_board: Quad) -> bool:
    """Tell whether the photo shows all of a place on the board."""
    quad_photo = registration.projection.quad_photo(quad_board)
    return not ends_at_edge(quad_photo, photo.size_wh)


def _shifted(place: Quad, patch: Patch, shift: npt.NDArray[np.float64]) -> Quad:
    """Return a place moved by a shift (2,) in pixels of its patch."""
    height, width = patch.shape
    outline = Rect(0, 0, width, height).to_quad()
    area_from_patch = Homography.from_quads(target=place, source=outline)
    moved = Homography.translation(float(shift[0]), float(shift[1]))
    return (area_from_patch @ moved).apply_quad(outline)
