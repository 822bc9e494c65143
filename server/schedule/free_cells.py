"""Where a session can move to: cells that a photo showed free. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from calibration.layout import CellId, Layout
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import ConflictKind
from server.schedule.entries import Spans
from server.schedule.sessions import Schedule, Session


@dataclass(frozen=True, slots=True)
class Move:
    """A place that a session can move to.

    Parameters
    ----------
    card : str
        Its id.
    cell : CellId
        Where it begins then.
    until : str
        ``HH:MM`` at which it ends there, if it takes several slots; else empty.
    """

    card: str
    cell: CellId
    until: str = ""

    @property
    def change(self) -> Edit:
        """What moves it."""
        return Edit(self.card, cell=self.cell, until=self.until)


def free_cells(schedule: Schedule, spans: Spans, now: dt.datetime) -> frozenset[CellId]:
    """Return the cells that a photo or a person showed free, and that are to come.

    Parameters
    ----------
    schedule : Schedule
        As it is published.
    spans : Spans
    now : datetime
        Aware.
    """
    return frozenset(
        entry.cell
        for entry in schedule.cells
        if entry.state == "free" and spans[entry.cell.slot][0] > now
    )


def moves_of(
    session: Session,
    kind: ConflictKind,
    free: frozenset[CellId],
    spans: Spans,
    layout: Layout,
) -> tuple[Move, ...]:
    """Return where a session can go out of a conflict's way, at most two places.

    Parameters
    ----------
    session : Session
    kind : ConflictKind
        Of the conflict: a host is at one place at a time, whatever the room is.
    free : frozenset of CellId
        From `free_cells`.
    spans : Spans
    layout : Layout
        Of the board.

    Returns
    -------
    tuple of Move
        Later in its own room, and meanwhile in the nearest other one.
    """
    if kind == "session" or session.others or len(session.rooms) > 1:
        return ()
    rooms, slots = layout.rooms, list(spans)
    home, first = rooms.index(session.cell.room), slots.index(session.cell.slot)
    length = sum(
        session.starts_at < end and start < session.ends_at
        for start, end in spans.values()
    )

    def fitting(room: str, starts: range | list[int]) -> Iterator[Move]:
        for start in starts:
            taken = slots[start : start + length]
            gaps = any(spans[one][1] != spans[two][0] for one, two in pairwise(taken))
            cells = {CellId(room, one) for one in taken}
            if len(taken) == length and not gaps and cells <= free:
                end = f"{spans[taken[-1]][1]:%H:%M}" if length > 1 else ""
                yield Move(session.id, CellId(room, taken[0]), end)

    later = fitting(rooms[home], range(first + 1, len(slots)))
    nearest = sorted(rooms, key=lambda room: abs(rooms.index(room) - home))
    beside = (move for room in nearest for move in fitting(room, [first]))
    ways = [later] if kind == "host" else [later, beside]
    return tuple(move for way in ways for move in list(way)[:1])
