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
"""Part of a slot that a card must cover to last through it."""

MIN_ROOM_COVER = 0.75
"""Part of another room's column that a card must cover to be in that room, too: one
that hangs over a line covers half of each at most."""

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
    spanned = []
    for card, rect, last in zip(cards, bounds, lasts, strict=True):
        until = None
        if last is not None and last != card.cell:
            until = f"{layout.slot(last.slot).end:%H:%M}"
        rooms = _rooms(card, rect, registration)
        spanned.append(replace(card, until=until, rooms=rooms))
    return tuple(spanned)


def _lasts(
    cards: Sequence[CardReading], bounds: Sequence[Rect], registration: Registration
) -> list[CellId | None]:
    """Return the last cell that each card covers: its own, unless it is a long one."""
    layout, rects = registration.board.layout, registration.cell_rects
    across = layout.rooms_along != "columns"
    extents = [_extent(rect, across=across) for rect in bounds]
    lengths = [end - start for start, end in extents]
    usual_px = float(np.median(lengths)) if lengths else 0.0
    lasts: list[CellId | None] = []
    for card, (_, end), length in zip(cards, extents, lengths, strict=True):
        last = card.cell
        if last is not None:
            slot_start, slot_end = _extent(rects[last], across=across)
            long = length >= MIN_LONG * max(usual_px, slot_end - slot_start)
            while long and (following := _next(last, layout)) is not None:
                slot_start, slot_end = _extent(rects[following], across=across)
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
    across = layout.rooms_along == "columns"
    start, end = _extent(bounds, across=across)
    rooms = []
    for room in layout.rooms:
        rect = registration.cell_rects[CellId(room, card.cell.slot)]
        first, last = _extent(rect, across=across)
        covered = min(end, last) - max(start, first)
        if room == card.cell.room or covered >= MIN_ROOM_COVER * (last - first):
            rooms.append(room)
    return tuple(rooms) if len(rooms) > 1 else ()


def _extent(bounds: Rect, *, across: bool) -> tuple[float, float]:
    """Return start and end of a rect from left to right, else from top to bottom."""
    return (bounds.left, bounds.right) if across else (bounds.top, bounds.bottom)


def _next(cell: CellId, layout: Layout) -> CellId | None:
    labels = [slot.label for slot in layout.slots]
    index = labels.index(cell.slot) + 1
    return CellId(cell.room, labels[index]) if index < len(labels) else None
