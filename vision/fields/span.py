"""Sessions of several slots or rooms: cards that lie across them.

What cards below lengthen ("booked, see above", an arrow), `server.schedule` tells.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from calibration.geometry import Rect
from calibration.layout import CellId, Layout
from vision.reading import CardReading
from vision.registration.frame import Registration

MIN_SLOT_COVER = 0.6
"""Part of a slot that a card must cover to last through it. A card of usual size
that hangs over a line covers half of each."""

MIN_ROOM_COVER = 0.75
"""Part of another room's column that a card must cover to be in that room, too: one that
hangs over a line covers half of each at most, a crooked one a little more."""

MIN_LONG = 1.5
"""Length of a long card along the slots, in slots and in the board's usual cards."""


def with_spans(
    cards: Sequence[CardReading], registration: Registration
) -> tuple[CardReading, ...]:
    """Say of each card of a photo until when and in which rooms its session is.

    Nothing is said of one in its own slot and room only.
    """
    layout, projection = registration.board.layout, registration.projection
    bounds = [projection.quad_board(card.quad_photo).bounds for card in cards]
    lasts = _lasts(cards, bounds, registration)
    return tuple(
        replace(
            card,
            until=(
                None
                if last is None or last == card.cell
                else f"{layout.slot(last.slot).end:%H:%M}"
            ),
            rooms=_rooms(card, rect, registration),
        )
        for card, rect, last in zip(cards, bounds, lasts, strict=True)
    )


def _lasts(
    cards: Sequence[CardReading], bounds: Sequence[Rect], registration: Registration
) -> list[CellId | None]:
    """Return the last cell that each card covers: its own, unless it is a long one."""
    layout, rects = registration.board.layout, registration.cell_rects
    extents = [_along(rect, layout) for rect in bounds]
    lengths = [end - start for start, end in extents]
    usual_px = float(np.median(lengths)) if lengths else 0.0
    lasts: list[CellId | None] = []
    for card, (_, end), length in zip(cards, extents, lengths, strict=True):
        last = card.cell
        if last is not None:
            slot_start, slot_end = _along(rects[last], layout)
            long = length >= MIN_LONG * max(usual_px, slot_end - slot_start)
            while long and (following := _next(last, layout)) is not None:
                slot_start, slot_end = _along(rects[following], layout)
                if end < slot_start + MIN_SLOT_COVER * (slot_end - slot_start):
                    break
                last = following
        lasts.append(last)
    return lasts


def _rooms(
    card: CardReading, bounds: Rect, registration: Registration
) -> tuple[str, ...]:
    """Return the rooms that a card lies across; none if it lies in its own only."""
    layout = registration.board.layout
    if card.cell is None:
        return ()
    start, end = _across(bounds, layout)
    rooms = []
    for room in layout.rooms:
        first, last = _across(
            registration.cell_rects[CellId(room, card.cell.slot)], layout
        )
        covered = min(end, last) - max(start, first)
        if room == card.cell.room or covered >= MIN_ROOM_COVER * (last - first):
            rooms.append(room)
    return tuple(rooms) if len(rooms) > 1 else ()


def _across(bounds: Rect, layout: Layout) -> tuple[float, float]:
    if layout.rooms_along == "columns":
        return bounds.left, bounds.right
    return bounds.top, bounds.bottom


def _along(bounds: Rect, layout: Layout) -> tuple[float, float]:
    """Return start and end of a rect along the slots, in pixels."""
    if layout.rooms_along == "columns":
        return bounds.top, bounds.bottom
    return bounds.left, bounds.right


def _next(cell: CellId, layout: Layout) -> CellId | None:
    labels = [slot.label for slot in layout.slots]
    index = labels.index(cell.slot) + 1
    return CellId(cell.room, labels[index]) if index < len(labels) else None
