"""Following cards from photo to photo: which found card is which known one.

Cards are matched by their looks. A known card that nothing matched is then
looked for at its old place: half hidden behind somebody it is found as a
fragment or not at all, yet its own pixels still tell that it is there.

A card that is found again is read again only for a reason: somebody wrote on it,
more of it shows, or it is much sharper. Half hidden it never is: it would be read
as less than it is. What it is compared with is its look when it was read, so that
small changes add up, and one that a head hid today is seen tomorrow.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from calibration.geometry import Quad
from calibration.layout import CellId
from vision.cards import CardDescriptor, DetectedCard, KnownCard, Look, TrackedCard
from vision.image.crop import CardCrop, cut_card
from vision.image.parallel import on_both_cores
from vision.image.photo import Photo
from vision.image.rectify import Registration
from vision.tracking.appearance import describe, patch_of
from vision.tracking.association import likeness, match_cards
from vision.tracking.news import Told, told_of
from vision.tracking.remainders import drop_cut_off, drop_remainders
from vision.tracking.sighting import colour_of

MIN_STILL_THERE = 0.45
"""Likeness from which the pixels at a card's old place are the card. Lower than
between two found cards: that it is there is the likeliest thing to begin with."""

MIN_SAME_SPOT = 0.5
"""Part of the smaller of two outlines that they share when they are of one card."""

MIN_MORE = 1.2
"""Times the known area from which a found card shows more than was known."""

MAX_PART = 0.75
"""Part of the known area up to which a found card is a fragment. Outlines of one
card differ by 10% between photos, by 25% where a neighbour touches it."""

SAME_OUTLINE = 0.01
"""Part of a card's sides by which the corners of two outlines of one card may differ:
one pixel of the patches that are compared, which are laid on each other anyway."""

HIDDEN = Told("same", 0.0, whole=False)
"""Of a card that is not seen well enough to tell."""


def follow_cards(
    photo: Photo,
    registration: Registration,
    detected: Sequence[DetectedCard],
    known: Sequence[KnownCard],
) -> tuple[TrackedCard, ...]:
    """Tell new cards from known ones, and what is new of those.

    Parameters
    ----------
    photo : Photo
    registration : Registration
        Of this photo.
    detected : sequence of DetectedCard
        The cards in this photo.
    known : sequence of KnownCard
        The board's cards so far.

    Returns
    -------
    tuple of TrackedCard
        One for each card in the photo; a known card at most once.
    """
    tracked = _followed(
        photo,
        registration,
        [*on_both_cores(lambda card: _sight(photo, registration, card), detected)],
        known,
    )
    for card in tuple(tracked):
        if card.known is not None:
            drop_remainders(card.known, card.look.quad_area, tracked)
    drop_cut_off(photo, registration, known, tracked)
    return on_both_cores(_described, sorted(tracked, key=_reading_order))


def _followed(
    photo: Photo,
    registration: Registration,
    sightings: list[TrackedCard],
    known: Sequence[KnownCard],
) -> list[TrackedCard]:
    """Return sightings with the known cards that they are, and others still there."""
    matches = match_cards(
        [sighting.look for sighting in sightings],
        [Look(card.descriptor, card.quad_area) for card in known],
    )
    for match in matches:
        sightings[match.current] = _again(
            photo,
            registration,
            sightings[match.current],
            known[match.previous],
            match.place_area,
        )
    matched = {match.previous for match in matches}
    for index, card in enumerate(known):
        if index not in matched:
            _find_at_old_place(photo, registration, card, sightings)
    return sightings


def _reading_order(sighting: TrackedCard) -> tuple[float, float]:
    """Return a key that sorts cards by their top edge, then their left one."""
    bounds = sighting.card.quad_board.bounds
    return (bounds.top, bounds.left)


def _sight(photo: Photo, registration: Registration, card: DetectedCard) -> TrackedCard:
    """Cut a card out of the photo and describe it."""
    crop = cut_card(photo, registration, card.quad_board)
    quad_area = registration.area_from_board.apply_quad(card.quad_board)
    look = Look(CardDescriptor(patch_of(crop.pixels)), quad_area)
    return TrackedCard(card, crop, look, known=None, news="new")


def _described(sighting: TrackedCard) -> TrackedCard:
    """Return a sighting whose look is known in full if it is to be remembered.

    How sharp it is takes longer to tell than who it is, and most cards are as known.
    """
    if sighting.crop is None or not sighting.readable:
        return sighting
    descriptor = describe(sighting.crop.pixels)
    return replace(
        sighting,
        look=Look(descriptor, sighting.look.quad_area),
        sharpness=descriptor.sharpness,
    )


def _again(
    photo: Photo,
    registration: Registration,
    sighting: TrackedCard,
    card: KnownCard,
    place_area: Quad,
) -> TrackedCard:
    """Return a sighting of a known card, whose whole outline lies at a place."""
    here = sighting.look.quad_area
    if here.area > MIN_MORE * place_area.area:
        return replace(sighting, known=card, news="whole")
    partly = here.area < MAX_PART * place_area.area
    # Writing without paper has no edges: its outline varies with nobody in front.
    hidden = partly and sighting.card.kind == "card"
    cell = card.reading.cell
    if hidden and cell and place_area.iou(card.quad_area) > MIN_SAME_SPOT:
        crop = _cut_where_it_was(photo, registration, card)
        return _still_there(registration, card, cell, crop)
    quad_board = registration.area_from_board.inverse.apply_quad(place_area)
    crop = (
        sighting.crop
        if sighting.crop is not None and _same_outline(here, place_area)
        else cut_card(photo, registration, quad_board)
    )
    if partly:
        whole = replace(sighting.card, quad_board=quad_board)
        now = Look(CardDescriptor(patch_of(crop.pixels)), place_area)
        sighting = TrackedCard(whole, crop, now, card, news="same")
    told = HIDDEN if hidden else told_of(card, crop.pixels, patch_of(crop.pixels))
    same = told.news == "same"
    look = Look(card.descriptor, place_area) if same else sighting.look
    return replace(
        sighting, look=look, known=card, news=told.news, sharpness=told.sharpness
    )


def _same_outline(one: Quad, other: Quad) -> bool:
    """Tell whether two outlines differ by less than what `compare` makes good."""
    corners, others = one.to_array(), other.to_array()
    off = np.abs(corners - others).max(axis=0)
    sides = np.ptp(corners, axis=0)
    return bool((off <= SAME_OUTLINE * sides).all())


def _find_at_old_place(
    photo: Photo,
    registration: Registration,
    card: KnownCard,
    sightings: list[TrackedCard],
) -> None:
    """Look for a known card where it was; replace what was found of it."""
    cell = card.reading.cell
    if cell is None:
        return
    crop = _cut_where_it_was(photo, registration, card)
    there = _still_there(registration, card, cell, crop)
    now = CardDescriptor(patch_of(crop.pixels))
    if likeness(now, card.descriptor) < MIN_STILL_THERE:
        drop_remainders(card, card.quad_area, sightings)
        return
    fragments = [
        sighting
        for sighting in sightings
        if sighting.known is None and _same_spot(sighting, card.quad_area)
    ]
    for fragment in fragments:
        sightings.remove(fragment)
    best = max(
        fragments, key=lambda fragment: fragment.look.quad_area.area, default=there
    )
    size = best.look.quad_area.area / card.quad_area.area
    if size > MIN_MORE:
        sightings.append(replace(best, known=card, news="whole"))
    elif best is there or size < MAX_PART:
        sightings.append(there)
    else:
        told = told_of(card, crop.pixels, now.patch)
        look = there.look if told.news == "same" else Look(now, card.quad_area)
        sightings.append(
            replace(there, look=look, news=told.news, sharpness=told.sharpness)
        )


def _cut_where_it_was(
    photo: Photo, registration: Registration, card: KnownCard
) -> CardCrop:
    """Cut a known card's old place out of the photo."""
    quad_board = registration.area_from_board.inverse.apply_quad(card.quad_area)
    return cut_card(photo, registration, quad_board)


def _still_there(
    registration: Registration, card: KnownCard, cell: CellId, crop: CardCrop
) -> TrackedCard:
    """Return a known card at its old place, as it was known."""
    quad_board = registration.area_from_board.inverse.apply_quad(card.quad_area)
    found = DetectedCard(quad_board, cell, colour_of(card), "card")
    # The old looks are kept: half hidden it looks like somebody's back.
    return TrackedCard(
        found, crop, Look(card.descriptor, card.quad_area), card, news="same"
    )


def _same_spot(sighting: TrackedCard, quad_area: Quad) -> bool:
    """Tell whether two outlines can be of one card, one perhaps a fragment."""
    here = sighting.look.quad_area
    shared = here.overlap(quad_area)
    return shared > MIN_SAME_SPOT * min(here.area, quad_area.area)
