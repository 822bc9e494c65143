"""Sessions of several slots: a long card, or cards below one that say so.

A blank card, one with an arrow or a bar, and "booked, see above" lengthen the session
before them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from calibration.geometry import Quad, Rect
from calibration.layout import CellId, Layout
from vision.image.rectify import Registration
from vision.reading import CardFields, CardReading

MIN_SLOT_COVER = 0.6
"""Part of a slot that a card must cover to last through it. A card of usual size
that hangs over a line covers half of each."""

MIN_LONG = 1.5
"""Length of a long card along the slots, in slots and in the board's usual cards."""

SEE_ABOVE = re.compile(
    r"^\W*(booked|taken|see|cont(\.|inue[ds]?)|same as|siehe)\b.{0,20}"
    r"\b(above|before|left|oben)\W*$",
    re.IGNORECASE | re.DOTALL,
)
"""What people write on a card that only keeps a place for the session before it."""

MIN_IN_LINE = 0.5
"""Part of the shorter card that must lie in line with the card that it continues."""


def with_spans(
    cards: Sequence[CardReading], registration: Registration
) -> tuple[CardReading, ...]:
    """Say of each card until when its session lasts, if longer than its slot.

    Parameters
    ----------
    cards : sequence of CardReading
        All cards of one photo, read.
    registration : Registration
        Of that photo.

    Returns
    -------
    tuple of CardReading
        In the same order, each with its `until`, or None. Those that only keep a
        place have no title.
    """
    projection, layout = registration.projection, registration.board.layout
    quads = [projection.quad_board(card.quad_photo) for card in cards]
    lengths = [_along(quad.bounds, layout)[1] for quad in quads]
    usual = float(np.median(lengths)) if lengths else 0.0
    rects = registration.cell_rects
    lasts = [
        _last_covered(card.cell, quad, rects, layout, usual)
        for card, quad in zip(cards, quads, strict=True)
    ]
    return tuple(
        replace(
            card,
            fields=CardFields() if _keeps_a_place(card) else card.fields,
            until=_until(
                card.cell, _continued(index, cards, quads, lasts, layout), layout
            ),
        )
        for index, card in enumerate(cards)
    )


def _along(bounds: Rect, layout: Layout) -> tuple[float, float]:
    """Return start and length of a rect along the slots, in pixels."""
    if layout.rooms_along == "columns":
        return bounds.top, bounds.height
    return bounds.left, bounds.width


def _across(bounds: Rect, layout: Layout) -> tuple[float, float]:
    """Return start and end of a rect along the rooms, in pixels."""
    if layout.rooms_along == "columns":
        return bounds.left, bounds.right
    return bounds.top, bounds.bottom


def _next(cell: CellId, layout: Layout) -> CellId | None:
    """Return the same room's next slot, None after the last."""
    labels = [slot.label for slot in layout.slots]
    index = labels.index(cell.slot) + 1
    return CellId(cell.room, labels[index]) if index < len(labels) else None


def _last_covered(
    cell: CellId | None,
    quad: Quad,
    rects: dict[CellId, Rect],
    layout: Layout,
    usual_px: float,
) -> CellId | None:
    """Return the last cell that a long card covers, else the card's own."""
    if cell is None:
        return None
    start, length = _along(quad.bounds, layout)
    if length < MIN_LONG * max(usual_px, _along(rects[cell], layout)[1]):
        return cell
    last, following = cell, _next(cell, layout)
    while following is not None:
        slot_start, slot_length = _along(rects[following], layout)
        if start + length < slot_start + MIN_SLOT_COVER * slot_length:
            break
        last, following = following, _next(following, layout)
    return last


def _continued(
    index: int,
    cards: Sequence[CardReading],
    quads: Sequence[Quad],
    lasts: Sequence[CellId | None],
    layout: Layout,
) -> CellId | None:
    """Return the last cell of a card and of the blank cards that continue it."""
    last = lasts[index]
    if last is None or _keeps_a_place(cards[index]):
        return last
    while (place := _next(last, layout)) is not None:
        blanks = [
            lasts[other] or place
            for other, card in enumerate(cards)
            if card.cell == place and _continues(index, other, cards, quads, layout)
        ]
        if not blanks:
            break
        last = blanks[0]
    return last


def _continues(
    index: int,
    other: int,
    cards: Sequence[CardReading],
    quads: Sequence[Quad],
    layout: Layout,
) -> bool:
    """Tell whether a card only lengthens the session of another, in line with it."""
    if not _keeps_a_place(cards[other]):
        return False
    low, high = _across(quads[index].bounds, layout)
    other_low, other_high = _across(quads[other].bounds, layout)
    shared = min(high, other_high) - max(low, other_low)
    shorter = min(high - low, other_high - other_low)
    return shared >= MIN_IN_LINE * shorter


def _keeps_a_place(card: CardReading) -> bool:
    """Tell whether a card has no session of its own."""
    return card.blank or SEE_ABOVE.search(card.text) is not None


def _until(cell: CellId | None, last: CellId | None, layout: Layout) -> str | None:
    """Return when the last cell's slot ends, None if it is the card's own."""
    if cell is None or last is None or last == cell:
        return None
    return f"{layout.slot(last.slot).end:%H:%M}"
