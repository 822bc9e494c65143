"""What shows of cards that are known, and is no card of its own."""

from collections.abc import Sequence

import numpy as np

from calibration.geometry import Quad
from vision.cards import KnownCard, TrackedCard
from vision.image.photo import Photo
from vision.image.rectify import Registration
from vision.tracking.cut_off import ends_at_edge, outside_share
from vision.tracking.sighting import colour_of

REMAINDERS = ((0.7, 0.7), (0.5, 0.4))
"""A fragment of a known card lies at least this far on the card's place and has at
most this part of its size: a small one's outline is the less exact."""

MIN_OUTSIDE = 0.2
"""Part of a known card outside of the photo from which a piece of it looks like
another card, and may be found as one."""

MIN_CUT_SIZE = 0.5
"""Size, in units of the usual card's, up to which what a close-up's edge leaves of an
unknown card is left for a photo that shows more of it."""

MAX_COLOUR_DISTANCE = 70.0
"""Euclidean distance of two BGR colours that may be one card in another light."""


def drop_remainders(
    card: KnownCard, place_area: Quad, sightings: list[TrackedCard]
) -> None:
    """Drop what still shows of a known card besides what was told of it.

    A new card of its own colour (or mere writing), smaller and on its place, would be a
    strange coincidence; published twice, the card would be a nuisance.
    """
    colour = colour_of(card)
    for sighting in tuple(sightings):
        if sighting.known is not None:
            continue
        here = sighting.look.quad_area
        inside = here.overlap(place_area) / here.area
        part = here.area / place_area.area
        if any(inside >= low and part <= high for low, high in REMAINDERS):
            distance = np.subtract(sighting.card.colour_bgr, colour)
            alike = float(np.linalg.norm(distance)) <= MAX_COLOUR_DISTANCE
            if alike or sighting.card.kind == "ink":
                sightings.remove(sighting)


def drop_cut_off(
    photo: Photo,
    registration: Registration,
    known: Sequence[KnownCard],
    sightings: list[TrackedCard],
) -> None:
    """Drop what the photo's edge leaves of cards, where it is not known again.

    What is known of the card holds; a new one waits for a photo that shows it.
    """
    board_from_area = registration.area_from_board.inverse

    def photo_from_area(quad_area: Quad) -> Quad:
        return registration.projection.quad_photo(board_from_area.apply_quad(quad_area))

    usual = np.median([entry.look.quad_area.area for entry in sightings] or [0.0])
    for sighting in tuple(sightings):
        here = sighting.look.quad_area
        place = registration.projection.quad_photo(sighting.card.quad_board)
        if sighting.known or not ends_at_edge(place, photo.size_wh):
            continue
        small = not registration.whole and here.area < MIN_CUT_SIZE * usual
        inside, _ = REMAINDERS[0]
        if small or any(
            here.overlap(card.quad_area) / here.area >= inside
            and outside_share(photo_from_area(card.quad_area), photo.size_wh)
            >= MIN_OUTSIDE
            for card in known
        ):
            sightings.remove(sighting)
