"""Following cards from photo to photo: which found card is which known one.

Cards are matched by their looks. A known card that nothing matched is then
looked for at its old place: half hidden behind somebody it is found as a
fragment or not at all, yet its own pixels still tell that it is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.geometry import Quad
from calibration.homography import Homography
from vision.cards import FoundCard
from vision.crops import CardCrop, cut_card
from vision.identity import KnownCard, Look, describe, likeness, match_cards
from vision.photo import Photo
from vision.rectify import Registration

MIN_STILL_THERE = 0.45
"""Likeness from which the pixels at a card's old place are the card. Lower than
between two found cards: that it is there is the likeliest thing to begin with."""

MIN_SAME_SPOT = 0.5
"""Part of the smaller of two outlines that they share when they are of one card."""

MIN_REMAINDER_INSIDE, MAX_REMAINDER = 0.7, 0.7
"""A fragment of a nearly hidden card lies this far on the card's place and has
at most this part of its size."""

MAX_COLOUR_DISTANCE = 70.0
"""Euclidean distance of two BGR colours that may be one card in another light."""

MIN_MORE = 1.2
"""Times the known area from which a found card shows more than was known."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A card in this photo.

    Parameters
    ----------
    card : FoundCard
    crop : CardCrop
    look : Look
    known : KnownCard or None
        The known card that it is.
    readable : bool
        Whether its pixels are worth reading: it is new, or shows more than
        before. Otherwise the known reading holds.
    """

    card: FoundCard
    crop: CardCrop
    look: Look
    known: KnownCard | None
    readable: bool


def follow_cards(
    photo: Photo,
    registration: Registration,
    found: Sequence[FoundCard],
    known: Sequence[KnownCard],
) -> tuple[Sighting, ...]:
    """Tell new cards from known ones.

    Parameters
    ----------
    photo : Photo
    registration : Registration
        Of this photo.
    found : sequence of FoundCard
        The cards in this photo.
    known : sequence of KnownCard
        The board's cards so far.

    Returns
    -------
    tuple of Sighting
        One for each card in the photo; a known card at most once.
    """
    sightings = [_sight(photo, registration, card) for card in found]
    matches = match_cards(
        [sighting.look for sighting in sightings],
        [Look(card.descriptor, card.quad_area) for card in known],
    )
    for match in matches:
        sightings[match.current] = replace(
            sightings[match.current], known=known[match.previous], readable=False
        )
    matched = {match.previous for match in matches}
    for index, card in enumerate(known):
        if index not in matched:
            _find_at_old_place(photo, registration, card, sightings)
    return tuple(sightings)


def area_from_board(registration: Registration) -> Homography:
    """Return the unit square of the cell area from board pixels."""
    area = registration.cell_area
    return Homography.scaling(1 / area.width, 1 / area.height) @ Homography.translation(
        -area.left, -area.top
    )


def _sight(photo: Photo, registration: Registration, card: FoundCard) -> Sighting:
    """Cut a card out of the photo and describe it."""
    crop = cut_card(photo, registration, card.quad_board)
    quad_area = area_from_board(registration).apply_quad(card.quad_board)
    look = Look(describe(crop.pixels), quad_area)
    return Sighting(card, crop, look, known=None, readable=True)


def _find_at_old_place(
    photo: Photo,
    registration: Registration,
    card: KnownCard,
    sightings: list[Sighting],
) -> None:
    """Look for a known card where it was; replace what was found of it."""
    quad_board = area_from_board(registration).inverse.apply_quad(card.quad_area)
    crop = cut_card(photo, registration, quad_board)
    if likeness(describe(crop.pixels), card.descriptor) < MIN_STILL_THERE:
        _drop_remainder(card, sightings)
        return
    fragments = [
        sighting
        for sighting in sightings
        if sighting.known is None and _same_spot(sighting, card.quad_area)
    ]
    for fragment in fragments:
        sightings.remove(fragment)
    larger = [
        fragment
        for fragment in fragments
        if fragment.look.quad_area.area > MIN_MORE * card.quad_area.area
    ]
    if larger:
        best = max(larger, key=lambda fragment: fragment.look.quad_area.area)
        sightings.append(replace(best, known=card))
    elif card.reading.cell is not None:
        sightings.append(_still_there(card, quad_board, crop))


def _drop_remainder(card: KnownCard, sightings: list[Sighting]) -> None:
    """Drop what still shows of a known card that is nearly hidden.

    A new card of its own colour (or mere writing), smaller and wholly on its place, would be a
    strange coincidence; published twice, the card would be a nuisance.
    """
    colour = _colour_of(card)
    for sighting in tuple(sightings):
        here = sighting.look.quad_area
        inside = here.overlap(card.quad_area) >= MIN_REMAINDER_INSIDE * here.area
        smaller = here.area <= MAX_REMAINDER * card.quad_area.area
        if sighting.known is None and inside and smaller:
            distance = np.subtract(sighting.card.colour_bgr, colour)
            alike = float(np.linalg.norm(distance)) <= MAX_COLOUR_DISTANCE
            if alike or sighting.card.kind == "ink":
                sightings.remove(sighting)


def _colour_of(card: KnownCard) -> tuple[int, int, int]:
    """Return a known card's colour, (blue, green, red)."""
    colour = card.reading.colour.lstrip("#")
    red, green, blue = (int(colour[index : index + 2], 16) for index in (0, 2, 4))
    return (blue, green, red)


def _still_there(card: KnownCard, quad_board: Quad, crop: CardCrop) -> Sighting:
    """Return a known card at its old place, as it was known."""
    if card.reading.cell is None:
        msg = "expected a card with a cell"
        raise ValueError(msg)
    found = FoundCard(quad_board, card.reading.cell, _colour_of(card), "card")
    # The old looks are kept: half hidden it looks like somebody's back.
    return Sighting(
        found, crop, Look(card.descriptor, card.quad_area), card, readable=False
    )


def _same_spot(sighting: Sighting, quad_area: Quad) -> bool:
    """Tell whether two outlines can be of one card, one perhaps a fragment."""
    here = sighting.look.quad_area
    shared = here.overlap(quad_area)
    return shared > MIN_SAME_SPOT * min(here.area, quad_area.area)
