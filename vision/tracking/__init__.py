"""Tracking: which card of a photo is which known one, and what changed on it.

By appearance; without a match, at its old place: partly occluded it is detected in part
or not at all. It is read again only if somebody wrote on it, more of it is seen, or it
is much sharper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from calibration.geometry import Quad
from calibration.layout import CellId
from vision.cards import CardDescriptor, Colour, DetectedCard, KnownCard, TrackedCard
from vision.image import on_both_cores
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.image.warp import cut_card
from vision.registration.frame import Registration
from vision.tracking.appearance import fit, patch_of
from vision.tracking.association import is_replaced, match_cards, place_of
from vision.tracking.change_detection import change_of, sharpness_of

__all__ = ["is_replaced", "track_cards"]

MIN_STILL_THERE, MIN_UNMOVED = 0.5, 0.9
"""Score from which the pixels at a card's old place are the card, and intersection over
union of where it then lies with where it lay."""

MIN_SAME_SPOT, MIN_MORE = 0.5, 1.2
"""Part of the smaller of two outlines that they share when they are of one card; times
the known area from which a detected card shows more."""

MAX_PART = 0.75
"""Part of the known area up to which a detected card is partly occluded: outlines of
one card differ by 10%, by 25% where a neighbour touches it."""

PART_INSIDE, PART_SIZE = 0.6, 0.7
"""Part of what is seen of a card on its place, and its size at most in parts of
that."""

MAX_COLOUR_DISTANCE = 70.0
"""Euclidean distance of two BGR colours that may be one card in another light."""


def track_cards(
    photo: Photo,
    registration: Registration,
    detected: Sequence[DetectedCard],
    known: Sequence[KnownCard],
) -> tuple[TrackedCard, ...]:
    """Tell new cards from known ones, and what changed on those.

    Gives one for each card in the photo, row by row; a known card at most once.
    """
    cutter = _Cutter(photo, registration)
    new = on_both_cores(cutter.new, detected)
    unknown = dict(enumerate(new))
    unmatched = dict(enumerate(known))
    tracked = []
    for match in match_cards(new, known):
        card, seen = unmatched.pop(match.previous), unknown.pop(match.current)
        tracked.append(_found_again(cutter, card, seen, match.place_area))
    for card in unmatched.values():
        there, parts = _at_old_place(cutter, card, unknown)
        if there is not None:
            tracked.append(there)
            unknown = {at: one for at, one in unknown.items() if at not in parts}
    places = {card.id: (card, card.quad_area) for card in known}
    places |= {one.known.id: (one.known, one.quad_area) for one in tracked if one.known}
    tracked += [
        seen
        for seen in unknown.values()
        if not any(_is_part_of(seen, *place) for place in places.values())
    ]
    tracked.sort(key=lambda seen: seen.detected.top_left)
    return on_both_cores(_described, tracked)


class _Cutter(NamedTuple):
    """Cuts cards out of a photo."""

    photo: Photo
    registration: Registration

    def at(self, place_area: Quad) -> tuple[Quad, Image]:
        """Return where a place is on the board, and what the photo shows there."""
        board_from_area = self.registration.area_from_board.inverse
        quad_board = board_from_area.apply_quad(place_area)
        return quad_board, cut_card(
            self.photo, self.registration.projection, quad_board
        )

    def new(self, card: DetectedCard) -> TrackedCard:
        """Return a card that is not known, as far as is known."""
        crop = cut_card(self.photo, self.registration.projection, card.quad_board)
        quad_area = self.registration.area_from_board.apply_quad(card.quad_board)
        return TrackedCard(card, crop, CardDescriptor(patch_of(crop)), quad_area)


def _found_again(
    cutter: _Cutter, card: KnownCard, seen: TrackedCard, place_area: Quad
) -> TrackedCard:
    """Return a known card that is detected, whose whole outline lies at a place."""
    size = seen.quad_area.area / place_area.area
    if size > MIN_MORE:
        return replace(seen, known=card, change="whole")
    # Writing without paper has no edges: its outline varies with nobody in front.
    if size < MAX_PART and seen.detected.kind == "card":
        return _occluded(card, place_area, *cutter.at(place_area), seen.detected.cell)
    change, sharpness = change_of(card, cutter.at(place_area)[1])
    again = replace(seen, known=card, change=change, sharpness=sharpness)
    if change == "same":
        return replace(again, descriptor=card.descriptor, quad_area=place_area)
    return again


def _occluded(
    card: KnownCard, place_area: Quad, quad: Quad, crop: Image, cell: CellId | None
) -> TrackedCard:
    """Return a known card that is partly occluded: as it was when it was read."""
    detected = DetectedCard(quad, cell, _colour_of(card), "card")
    return TrackedCard(
        detected, crop, card.descriptor, place_area, card, "same", whole=False
    )


def _at_old_place(
    cutter: _Cutter, card: KnownCard, unknown: Mapping[int, TrackedCard]
) -> tuple[TrackedCard | None, Sequence[int]]:
    """Return a known card that is still where it was, and which unknown ones show it.

    None and nothing if it is not.
    """
    cell, place = card.reading.cell, card.quad_area
    if cell is None:
        return None, ()
    quad, crop = cutter.at(place)
    found = fit(patch_of(crop), card.descriptor.patch, (1.0, 1.0))
    if (
        found is None
        or found.score < MIN_STILL_THERE
        or place_of(card, found).iou(place) < MIN_UNMOVED
    ):
        return None, ()
    parts = [
        index
        for index, seen in unknown.items()
        if seen.quad_area.overlap(place)
        > MIN_SAME_SPOT * min(seen.quad_area.area, place.area)
    ]
    if not parts:
        return _occluded(card, place, quad, crop, cell), parts
    best = max((unknown[index] for index in parts), key=lambda one: one.quad_area.area)
    return _found_again(cutter, card, best, place), parts


def _is_part_of(seen: TrackedCard, card: KnownCard, place: Quad) -> bool:
    """Tell whether an unknown card is the visible part of a known one."""
    size = seen.quad_area.area
    inside = seen.quad_area.overlap(place) >= PART_INSIDE * size
    if size > PART_SIZE * place.area or not inside:
        return False
    distance = np.subtract(seen.detected.colour_bgr, _colour_of(card))
    alike = float(np.linalg.norm(distance)) <= MAX_COLOUR_DISTANCE
    return alike or seen.detected.kind == "ink"


def _colour_of(card: KnownCard) -> Colour:
    red, green, blue = bytes.fromhex(card.reading.colour.lstrip("#"))
    return (blue, green, red)


def _described(seen: TrackedCard) -> TrackedCard:
    """Return a card with its sharpness if it is to be read: computing it takes long."""
    if not seen.readable:
        return seen
    sharpness = sharpness_of(seen.crop)
    descriptor = replace(seen.descriptor, sharpness=sharpness)
    return replace(seen, descriptor=descriptor, sharpness=sharpness)
