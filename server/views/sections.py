"""A schedule as attendees read it: slot by slot, now and next first. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from calibration.layout import CellId, Slot
from calibration.names import RoomKind
from calibration.profile import Board
from server.schedule.sessions import Schedule, Session
from vision.reading import CellState

Phase = Literal["now", "next", "later", "past"]
"""In the order in which sections stand on the page."""

PHASES: tuple[Phase, ...] = ("now", "next", "later", "past")


@dataclass(frozen=True, slots=True)
class Section:
    """One slot of the board's page.

    Parameters
    ----------
    slot : Slot
    starts_at, ends_at : datetime
        Aware, in the event's timezone.
    phase : Phase
    sessions : tuple of Session
        Those that start in this slot, in the order of the rooms.
    running : tuple of Session
        Those that started in an earlier slot and go on.
    free, covered, unseen : tuple of str
        Rooms whose cell is in that state.
    blocked : tuple of (tuple of str, str)
        Rooms that are not to be had in this slot, those with one reason together, and
        why.
    """

    slot: Slot
    starts_at: dt.datetime
    ends_at: dt.datetime
    phase: Phase
    sessions: tuple[Session, ...]
    running: tuple[Session, ...]
    free: tuple[str, ...]
    covered: tuple[str, ...]
    unseen: tuple[str, ...]
    blocked: tuple[tuple[tuple[str, ...], str], ...]

    def free_by_kind(
        self, board: Board
    ) -> tuple[tuple[RoomKind, tuple[str, ...]], ...]:
        """Return the free rooms of each kind of which there are any."""
        return tuple(
            (kind, tuple(rooms))
            for kind in get_args(RoomKind)
            if (rooms := [it for it in self.free if board.facts_of(it).kind == kind])
        )

    @property
    def anchor(self) -> str:
        """Its id on the page, for example ``at-1000``."""
        return f"at-{self.starts_at:%H%M}"


def sections_of(
    schedule: Schedule, board: Board, now: dt.datetime, timezone: ZoneInfo
) -> tuple[Section, ...]:
    """Return every slot of a board, in the order in which it matters at `now`.

    What is on now comes first, then what is next, what comes later and, from
    the start of the day, what is past. Before the board's day nothing is
    next, it is all to come.

    Parameters
    ----------
    schedule : Schedule
        Of this board.
    board : Board
    now : datetime
        Aware.
    timezone : ZoneInfo
        The event's.
    """
    phases = _phases(board, now, timezone)
    sections = [
        _section(schedule, board, slot, phases[slot.label], timezone)
        for slot in board.layout.slots
    ]
    sections.sort(key=lambda entry: (PHASES.index(entry.phase), entry.starts_at))
    return tuple(sections)


def _phases(board: Board, now: dt.datetime, timezone: ZoneInfo) -> dict[str, Phase]:
    """Return the phase of each slot by its label."""
    spans = {slot.label: slot.span(board.date, timezone) for slot in board.layout.slots}
    coming = [start for start, _ in spans.values() if start > now]
    same_day = board.date <= now.astimezone(timezone).date()
    next_start = min(coming) if coming and same_day else None

    def phase(start: dt.datetime, end: dt.datetime) -> Phase:
        if end <= now:
            return "past"
        if start <= now:
            return "now"
        return "next" if start == next_start else "later"

    return {label: phase(*span) for label, span in spans.items()}


def _section(
    schedule: Schedule, board: Board, slot: Slot, phase: Phase, timezone: ZoneInfo
) -> Section:
    """Return one slot with what is in it."""
    starts_at, ends_at = slot.span(board.date, timezone)
    states = {entry.cell: entry.state for entry in schedule.cells}

    def rooms(state: CellState) -> tuple[str, ...]:
        return tuple(
            room
            for room in board.layout.rooms
            if states.get(CellId(room, slot.label)) == state
        )

    return Section(
        slot=slot,
        starts_at=starts_at,
        ends_at=ends_at,
        phase=phase,
        sessions=tuple(s for s in schedule.sessions if s.cell.slot == slot.label),
        running=tuple(
            session
            for session in schedule.sessions
            if session.starts_at < starts_at < session.ends_at
        ),
        free=rooms("free"),
        covered=rooms("covered"),
        unseen=rooms("unseen"),
        blocked=tuple(
            (tuple(together), reason)
            for reason, together in schedule.blocked_rooms(board, slot.label).items()
        ),
    )
