"""Schedules as attendees read them: slot by slot, now and next first. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
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
    """One slot of a board.

    Parameters
    ----------
    board : Board
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

    board: Board
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


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of the page: what all of its boards have from then until then.

    Parameters
    ----------
    starts_at, ends_at : datetime
        Aware, in the event's timezone.
    phase : Phase
    anchor : str
        Its id on the page: ``at-1000``; with its end where several start at that time
        of the day, as those of this night and of the next do.
    sections : tuple of Section
        One of each board that has such a slot, in the order of the boards.
    """

    starts_at: dt.datetime
    ends_at: dt.datetime
    phase: Phase
    anchor: str
    sections: tuple[Section, ...]

    @property
    def sessions(self) -> tuple[tuple[Board, Session], ...]:
        """Those that start in it, each with its board."""
        return tuple((one.board, it) for one in self.sections for it in one.sessions)

    @property
    def running(self) -> tuple[Session, ...]:
        """Those that started earlier and go on."""
        return tuple(it for one in self.sections for it in one.running)

    @property
    def no_talks(self) -> bool:
        """Whether nothing else runs at that time."""
        return any(one.slot.label in one.board.no_talks for one in self.sections)

    @property
    def free(self) -> tuple[tuple[Section, str], ...]:
        """The free rooms, each with what its board has."""
        return tuple((one, room) for one in self.sections for room in one.free)

    @property
    def twice(self) -> frozenset[str]:
        """Names of rooms that several of its boards have: they are not to be mixed up."""
        boards = {one.board.slug: one.board for one in self.sections}.values()
        counts = Counter(room for board in boards for room in board.layout.rooms)
        return frozenset(room for room, count in counts.items() if count > 1)

    def free_by_kind(
        self,
    ) -> tuple[tuple[RoomKind, tuple[tuple[Section, str], ...]], ...]:
        """Return the free rooms of each kind of which there are any."""
        kinds: dict[RoomKind, list[tuple[Section, str]]]
        kinds = {kind: [] for kind in get_args(RoomKind)}
        for section, room in self.free:
            kinds[section.board.facts_of(room).kind].append((section, room))
        return tuple((kind, tuple(rooms)) for kind, rooms in kinds.items() if rooms)

    def not_visible(
        self, photographed: Collection[str]
    ) -> tuple[tuple[Section, str], ...]:
        """Return the rooms that the photos of boards do not show, by the boards' slugs."""
        return tuple(
            (one, room)
            for one in self.sections
            if one.board.slug in photographed
            for room in one.covered + one.unseen
        )


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


def hours_of(sections: Iterable[Section]) -> tuple[Hour, ...]:
    """Return the sections of boards of one day as one list by hour, in its order.

    What has the same hours on several boards is one. Next is what comes first on any.
    """
    every = list(sections)
    next_start = min(
        (one.starts_at for one in every if one.phase == "next"), default=None
    )
    spans: dict[tuple[dt.datetime, dt.datetime], list[Section]] = {}
    for one in every:
        waits = one.phase == "next" and one.starts_at != next_start
        spans.setdefault((one.starts_at, one.ends_at), []).append(
            replace(one, phase="later") if waits else one
        )
    starts = Counter(start.time() for start, _ in spans)
    hours = [
        Hour(
            start,
            end,
            together[0].phase,
            f"at-{start:%H%M}"
            + (f"-{end:%d-%H%M}" if starts[start.time()] > 1 else ""),
            tuple(together),
        )
        for (start, end), together in spans.items()
    ]
    return tuple(
        sorted(hours, key=lambda it: (PHASES.index(it.phase), it.starts_at, it.ends_at))
    )


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
        board=board,
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
