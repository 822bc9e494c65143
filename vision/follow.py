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
from dataclasses import dataclass, replace

import numpy as np

from calibration.geometry import Quad
from calibration.homography import Homography
from calibration.layout import CellId
from vision.cards import FoundCard
from vision.changes import compare
from vision.crops import CardCrop, cut_card
from vision.cut_off import ends_at_edge, outside_share
from vision.identity import (
    CardDescriptor,
    KnownCard,
    Look,
    News,
    describe,
    likeness,
    match_cards,
    patch_of,
)
from vision.ocr.engine import Image
from vision.photo import Photo
from vision.rectify import Registration
from vision.sharpness import sharpness_of

MIN_STILL_THERE = 0.45
"""Likeness from which the pixels at a card's old place are the card. Lower than
between two found cards: that it is there is the likeliest thing to begin with."""

MIN_SAME_SPOT = 0.5
"""Part of the smaller of two outlines that they share when they are of one card."""

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

MIN_MORE = 1.2
"""Times the known area from which a found card shows more than was known."""

MAX_PART = 0.75
"""Part of the known area up to which a found card is a fragment. Outlines of one
card differ by 10% between photos, by 25% where a neighbour touches it."""

SAME_OUTLINE = 0.01
"""Part of a card's sides by which the corners of two outlines of one card may differ:
one pixel of the patches that are compared, which are laid on each other anyway."""

MIN_SHARPER = 2.0
"""Times the sharpness from which a card is worth reading again: as if it were half
as large again, or half a pixel less blurred. One card in ten exceeds it between two
photos from anywhere; each time it is exceeded it becomes twice as hard to."""

SURE = 0.9
"""Confidence from which a reading gains nothing from more sharpness: a whole photo
is sharper than another, and would have all its cards read again."""

MIN_LEGIBLE = 0.15
"""Times the sharpness below which a card is not read again even if somebody wrote on
it: as if it were blurred by a pixel more. Fewer than one in twenty; the next photo
shows the edit, too."""

UNTOLD: tuple[News, float] = ("same", 0.0)
"""News and sharpness of a card that is not seen well enough to tell, or need not be."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A card in this photo.

    Parameters
    ----------
    card : FoundCard
    crop : CardCrop
    look : Look
        As to be remembered: how it looks, or looked when it was read, and where
        it now is.
    known : KnownCard or None
        The known card that it is.
    news : {"new", "same", "whole", "edited", "sharper"}
        What it shows against when it was read.
    sharpness : float
        Of the crop; 0 where something may hide a part of the card, or nothing was
        to be gained from knowing.
    """

    card: FoundCard
    crop: CardCrop
    look: Look
    known: KnownCard | None
    news: News
    sharpness: float = 0.0

    @property
    def readable(self) -> bool:
        """Whether its pixels are worth reading; else the known reading holds."""
        return self.news != "same"


def follow_cards(
    photo: Photo,
    registration: Registration,
    found: Sequence[FoundCard],
    known: Sequence[KnownCard],
) -> tuple[Sighting, ...]:
    """Tell new cards from known ones, and what is new of those.

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
    for sighting in tuple(sightings):
        if sighting.known is not None:
            _drop_remainders(sighting.known, sighting.look.quad_area, sightings)
    _drop_cut_off(photo, registration, known, sightings)
    return tuple(
        _with_all_paper(photo, registration, _described(sighting))
        for sighting in sightings
    )


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
    look = Look(CardDescriptor(patch_of(crop.pixels)), quad_area)
    return Sighting(card, crop, look, known=None, news="new")


def _with_all_paper(
    photo: Photo, registration: Registration, sighting: Sighting
) -> Sighting:
    """Return a sighting whose crop shows what is read: the outline is for its looks."""
    card = sighting.card
    if not sighting.readable or card.paper_board == card.quad_board:
        return sighting
    return replace(sighting, crop=cut_card(photo, registration, card.paper_board))


def _described(sighting: Sighting) -> Sighting:
    """Return a sighting whose look is known in full if it is to be remembered.

    How sharp it is takes longer to tell than who it is, and most cards are as known.
    """
    if not sighting.readable:
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
    sighting: Sighting,
    card: KnownCard,
    place_area: Quad,
) -> Sighting:
    """Return a sighting of a known card, whose whole outline lies at a place."""
    here = sighting.look.quad_area
    if here.area > MIN_MORE * place_area.area:
        return replace(sighting, known=card, news="whole")
    partly = here.area < MAX_PART * place_area.area
    # Writing without paper has no edges: its outline varies with nobody in front.
    hidden = partly and sighting.card.kind == "card"
    cell = card.reading.cell
    if hidden and cell and place_area.iou(card.quad_area) > MIN_SAME_SPOT:
        return _still_there(photo, registration, card, cell)
    quad_board = area_from_board(registration).inverse.apply_quad(place_area)
    crop = (
        sighting.crop
        if _same_outline(here, place_area)
        else cut_card(photo, registration, quad_board)
    )
    if partly:
        whole = replace(sighting.card, quad_board=quad_board, paper_board=quad_board)
        now = Look(CardDescriptor(patch_of(crop.pixels)), place_area)
        sighting = Sighting(whole, crop, now, card, news="same")
    news, sharpness = UNTOLD if hidden else _news(card, crop.pixels)
    look = Look(card.descriptor, place_area) if news == "same" else sighting.look
    return replace(sighting, look=look, known=card, news=news, sharpness=sharpness)


def _same_outline(one: Quad, other: Quad) -> bool:
    """Tell whether two outlines differ by less than what `compare` makes good."""
    corners, others = one.to_array(), other.to_array()
    off = np.abs(corners - others).max(axis=0)
    sides = np.ptp(corners, axis=0)
    return bool((off <= SAME_OUTLINE * sides).all())


def _news(card: KnownCard, now: Image) -> tuple[News, float]:
    """Return why a card of an unchanged outline is to be read again, if it is.

    And how sharp it is; 0 where too little of it is seen, or nobody need know.

    Parameters
    ----------
    card : KnownCard
    now : ndarray of shape (H, W, 3), uint8, BGR
        Its crop.
    """
    then = card.descriptor
    comparison = compare(then.patch, patch_of(now))
    in_doubt = card.reading.confidence < SURE
    if not comparison.comparable or not (comparison.edited or in_doubt):
        return UNTOLD
    sharpness = sharpness_of(now)
    if sharpness < MIN_LEGIBLE * then.sharpness:
        return UNTOLD
    if comparison.edited:
        return "edited", sharpness
    sharper = 0 < MIN_SHARPER * then.sharpness <= sharpness
    return "sharper" if sharper else "same", sharpness


def _find_at_old_place(
    photo: Photo,
    registration: Registration,
    card: KnownCard,
    sightings: list[Sighting],
) -> None:
    """Look for a known card where it was; replace what was found of it."""
    cell = card.reading.cell
    if cell is None:
        return
    there = _still_there(photo, registration, card, cell)
    now = CardDescriptor(patch_of(there.crop.pixels))
    if likeness(now, card.descriptor) < MIN_STILL_THERE:
        _drop_remainders(card, card.quad_area, sightings)
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
        news, sharpness = _news(card, there.crop.pixels)
        look = there.look if news == "same" else Look(now, card.quad_area)
        sightings.append(replace(there, look=look, news=news, sharpness=sharpness))


def _drop_remainders(
    card: KnownCard, place_area: Quad, sightings: list[Sighting]
) -> None:
    """Drop what still shows of a known card besides what was told of it.

    A new card of its own colour (or mere writing), smaller and on its place, would be a
    strange coincidence; published twice, the card would be a nuisance.
    """
    colour = _colour_of(card)
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


def _drop_cut_off(
    photo: Photo,
    registration: Registration,
    known: Sequence[KnownCard],
    sightings: list[Sighting],
) -> None:
    """Drop what the photo's edge leaves of cards, where it is not known again.

    What is known of the card holds; a new one waits for a photo that shows it.
    """
    board_from_area = area_from_board(registration).inverse

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


def _colour_of(card: KnownCard) -> tuple[int, int, int]:
    """Return a known card's colour, (blue, green, red)."""
    colour = card.reading.colour.lstrip("#")
    red, green, blue = (int(colour[index : index + 2], 16) for index in (0, 2, 4))
    return (blue, green, red)


def _still_there(
    photo: Photo, registration: Registration, card: KnownCard, cell: CellId
) -> Sighting:
    """Return a known card at its old place, as it was known."""
    quad_board = area_from_board(registration).inverse.apply_quad(card.quad_area)
    crop = cut_card(photo, registration, quad_board)
    found = FoundCard(quad_board, cell, _colour_of(card), quad_board, "card")
    # The old looks are kept: half hidden it looks like somebody's back.
    return Sighting(
        found, crop, Look(card.descriptor, card.quad_area), card, news="same"
    )


def _same_spot(sighting: Sighting, quad_area: Quad) -> bool:
    """Tell whether two outlines can be of one card, one perhaps a fragment."""
    here = sighting.look.quad_area
    shared = here.overlap(quad_area)
    return shared > MIN_SAME_SPOT * min(here.area, quad_area.area)
