"""Whether another card hangs where a known one hung.

A bare place proves that a card is gone. Mostly, though, somebody takes a card down to
put up another one, or sticks it over the old one: the slot is the new card's. Then the
old one's place never shows bare, and its session would stay published beside the new one.
"""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from calibration.geometry import Quad
from vision.cards import KnownCard, ReadCard

MIN_HIDDEN = 0.8
"""Part of a card's place that the other one takes: where cards overlap by less,
people still read both."""

MAX_LARGER = 1.6
"""Times the area of the card up to which the other one is a card, too, and not
something large in front that looks like one."""

MAX_ALIKE = 50.0
"""Likeness of two texts, 0 to 100, from which they may be two readings of one card
that was not known again. Unlike titles are at 20 to 45."""

MIN_LETTERS = 4
"""Letters that a text has at least to tell it from another."""


def is_replaced(
    card: KnownCard, seen: Sequence[ReadCard], before: Mapping[str, Quad]
) -> bool:
    """Tell whether a card that was not found again has another one in its place.

    Parameters
    ----------
    card : KnownCard
    seen : sequence of ReadCard
        All cards of the photo.
    before : mapping of str to Quad
        Where each known card hung, by its id, in the unit square of the cell area.

    Returns
    -------
    bool
        False where it cannot be told: a card without text, or with nearly the same.
    """
    return any(
        _takes(other.quad_area, card.quad_area)
        and (
            _is_another(other, card)
            if other.known is None
            else not _takes(before[other.known], card.quad_area)
        )
        for other in seen
    )


def _takes(quad: Quad, place: Quad) -> bool:
    """Tell whether a card as large as another lies on its place."""
    return (
        quad.area <= MAX_LARGER * place.area
        and quad.overlap(place) >= MIN_HIDDEN * place.area
    )


def _is_another(new: ReadCard, card: KnownCard) -> bool:
    """Tell by the texts whether a new card is none but a known one."""
    one, two = (_letters(reading.text) for reading in (new.reading, card.reading))
    enough = min(len(one), len(two)) >= MIN_LETTERS
    return enough and fuzz.ratio(one, two) < MAX_ALIKE


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())
