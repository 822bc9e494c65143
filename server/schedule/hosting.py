"""Boards without a wall: which places hosts can take, and what waits to be let through.

Pure.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from calibration.layout import CellId, Layout
from calibration.profile import Board
from server.schedule.cards_now import CardNow
from server.schedule.corrections.held import HeldCard, is_cancelled, is_hidden
from server.schedule.entries import Spans
from vision.reading import CellReading

HOST = "host (online form)"
"""Author of what hosts enter themselves: they have no account, and no name here."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a host asks for, or is offered.

    Parameters
    ----------
    cell : CellId
        Where it begins.
    until : str
        ``HH:MM`` at which it ends, if it takes several slots; else empty.
    """

    cell: CellId
    until: str = ""


def is_unlooked(held: HeldCard) -> bool:
    """Say whether a session is hidden as long as no facilitator has looked at it."""
    return is_hidden(held) and held["hidden"].made.author == HOST


def is_waiting(held: HeldCard) -> bool:
    """Say whether a session waits to be let through, and was not called off since."""
    return is_unlooked(held) and not is_cancelled(held, read=False)


def waiting_cells(
    cards: Iterable[CardNow], board: Board, spans: Spans
) -> frozenset[CellId]:
    """Return the places of sessions that wait: nobody else is to take them meanwhile."""
    cells: set[CellId] = set()
    for now in cards:
        cell = now.cell
        if is_waiting(now.held) and cell in board.layout.cells and cell is not None:
            said = now.held.get("until")
            until = (str(said.value) if said else now.card.until) or ""
            cells |= set(cells_from(Place(cell, until), board.layout, spans))
    return frozenset(cells)


def cells_from(place: Place, layout: Layout, spans: Spans) -> tuple[CellId, ...]:
    """Return the cells that a place is: until its end, without a break.

    Empty if no slot ends then.
    """
    room, first = place.cell
    labels = sorted(spans, key=lambda label: spans[label][0])
    taken: list[str] = []
    for label in labels[labels.index(first) :]:
        if taken and spans[taken[-1]][1] != spans[label][0]:
            break
        taken.append(label)
        if place.until in {"", f"{layout.slot(label).end:%H:%M}"}:
            return tuple(CellId(room, one) for one in taken)
    return ()


def open_cells(
    cells: Iterable[CellReading], spans: Spans, now: dt.datetime
) -> frozenset[CellId]:
    """Return the places that can be taken now: free, and not over.

    Parameters
    ----------
    cells : iterable of CellReading
        Of the schedule.
    spans : Spans
    now : datetime
        Aware.
    """
    return frozenset(
        entry.cell
        for entry in cells
        if entry.state == "free" and spans[entry.cell.slot][1] > now
    )


def next_free(
    wanted: CellId, open_ones: Collection[CellId], layout: Layout, spans: Spans
) -> CellId | None:
    """Return the place to offer instead of one that is taken; None if there is none.

    At the same time, in the nearest room; else as early after it as can be, in the same
    room if that is free; else whatever comes first.
    """
    rooms = layout.rooms
    home = rooms.index(wanted.room)
    starts = spans[wanted.slot][0]

    def order(cell: CellId) -> tuple[bool, dt.datetime, int, int]:
        begins, room = spans[cell.slot][0], rooms.index(cell.room)
        return begins < starts, begins, abs(room - home), room

    return min(open_ones, key=order, default=None)


def next_end(
    place: Place, open_ones: Collection[CellId], layout: Layout, spans: Spans
) -> str:
    """Return when a session ends that goes on for a slot more; empty if it cannot.

    The slot after its last one has to follow at once, and be free.
    """
    cells = cells_from(place, layout, spans)
    labels = sorted(spans, key=lambda label: spans[label][0])
    following = {
        one: two for one, two in pairwise(labels) if spans[one][1] == spans[two][0]
    }
    after = following.get(cells[-1].slot) if cells else None
    if after is None or CellId(place.cell.room, after) not in open_ones:
        return ""
    return f"{layout.slot(after).end:%H:%M}"
