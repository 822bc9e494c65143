"""Two cards of one colour that were found as one, of which one is known.

Somebody hangs a card close to another of its colour, or over its edge, and what is seen
is one long rectangle. A first photo has nothing but its seam to tell them apart. Once
one of them is known, its own words tell that it still hangs there, and what else the
rectangle holds is another card.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.cards import CardDescriptor, DetectedCard, KnownCard
from vision.detection import cell_rects
from vision.detection.cells import cell_of
from vision.detection.sizes import MIN_GROWTH, Size, fits, is_fragment, typical_size
from vision.image.crop import cut_card
from vision.image.photo import Photo
from vision.image.rectify import Registration
from vision.tracking.appearance import patch_of
from vision.tracking.association import likeness

MIN_THERE = 0.5
"""Likeness from which the known card still hangs there, a good third of it perhaps
under the other one. Other words are at 0 to 0.3."""

MIN_HELD = 0.85
"""Part of the known card that lies in the rectangle."""

MAX_LEDGE = 0.3
"""Part of a card's side by which the rectangle may be larger on the other sides: two
cards hang askew."""

UNIT = Rect(0, 0, 1, 1)


def taken_apart(
    photo: Photo,
    registration: Registration,
    found: Sequence[DetectedCard],
    known: Sequence[KnownCard],
) -> tuple[DetectedCard, ...]:
    """Return found cards, those apart that are a known one and another one.

    Parameters
    ----------
    photo : Photo
    registration : Registration
        Of this photo.
    found : sequence of DetectedCard
        The cards in this photo.
    known : sequence of KnownCard
        The board's cards so far.
    """
    board_from_area = registration.area_from_board.inverse
    places = [board_from_area.apply_quad(card.quad_area) for card in known]
    usual = typical_size(places)
    if usual is None or not usual.alike:
        return tuple(found)
    named = {card.known for card in found}
    held = [
        (card, place)
        for card, place in zip(known, places, strict=True)
        if card.id not in named
    ]
    return tuple(
        part
        for card in found
        for part in _parts(photo, registration, card, held, usual)
    )


def _parts(
    photo: Photo,
    registration: Registration,
    card: DetectedCard,
    known: Sequence[tuple[KnownCard, Quad]],
    usual: Size,
) -> Iterator[DetectedCard]:
    """Yield a found card, or the known one in it and the other one."""
    if card.known is None and not fits(card.quad_board, usual):
        cells = cell_rects(registration)
        for one, place in known:
            other = _beside(card.quad_board, place, usual)
            if other is not None and _hangs(photo, registration, one, place):
                for quad in (place, other):
                    cell = cell_of(quad, cells)
                    yield replace(card, quad_board=quad, paper_board=quad, cell=cell)
                return
    yield card


def _beside(both: Quad, place: Quad, usual: Size) -> Quad | None:
    """Return the other card of two that make a rectangle, None if that cannot be.

    It is as large as the known one; what is missing of it lies under that, or is on it.
    """
    if is_fragment(place, usual) or not fits(place, usual):
        return None
    if both.overlap(place) < MIN_HELD * place.area:
        return None
    place_from_unit = Homography.from_quads(target=place, source=UNIT.to_quad())
    around = place_from_unit.inverse.apply_quad(both).bounds
    beyond = {
        (-1, 0): -around.left,
        (1, 0): around.right - 1,
        (0, -1): -around.top,
        (0, 1): around.bottom - 1,
    }
    (across, down), most = max(beyond.items(), key=lambda side: side[1])
    ledges = sorted(beyond.values())[:-1]
    if not MIN_GROWTH <= most <= 1 + MAX_LEDGE or max(ledges) > MAX_LEDGE:
        return None
    left, top = across * most, down * most
    return place_from_unit.apply_quad(Rect(left, top, left + 1, top + 1).to_quad())


def _hangs(
    photo: Photo, registration: Registration, card: KnownCard, place: Quad
) -> bool:
    """Tell whether a known card hangs where it hung, by most of what is on it."""
    now = CardDescriptor(patch_of(cut_card(photo, registration, place).pixels))
    return likeness(now, card.descriptor) >= MIN_THERE
