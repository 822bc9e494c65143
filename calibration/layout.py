"""Rooms x slots of one board: which cell lies where on the cell area.

The cell area is the unit square: (0, 0) is its top left corner, (1, 1) its
bottom right, whatever the board's shape.
"""

import bisect
import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from calibration.errors import FieldError, FieldErrors
from calibration.geometry import Rect
from calibration.names import check_names

CLOCK = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
SLOT_PATTERN = re.compile(rf"{CLOCK}-(?:{CLOCK}|(24):(00))")
MINUTE = dt.timedelta(minutes=1)
DAY_MINUTES = 24 * 60
NIGHT_MINUTES = 6 * 60
"""A slot that begins this long or longer after one that reached midnight is not
its continuation: a list from the bottom up would else begin on the next date."""

RoomsAlong = Literal["columns", "rows"]


class CellId(NamedTuple):
    """One place on the grid: a room's name and a slot's label."""

    room: str
    slot: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of local time; one that ends before it starts crosses midnight.

    Parameters
    ----------
    label : str
        As in event.toml, ``HH:MM-HH:MM``.
    start, end : datetime.time
        Local wall-clock times in the event's timezone.
    days_later : int
        Days from the board's date to the start: 1 for a slot after midnight
        that goes on where an evening slot ended. `Layout` sets it.
    """

    label: str
    start: dt.time
    end: dt.time
    days_later: int = 0

    @classmethod
    def parse(cls, label: str) -> Self:
        """Read ``HH:MM-HH:MM``; a day may end at ``24:00``.

        Raises
        ------
        FieldError
            If the label is no such span or has no length.
        """
        match = SLOT_PATTERN.fullmatch(label)
        if match is None:
            msg = f'expected "HH:MM-HH:MM", got "{label}"'
            raise FieldError(msg)
        hour, minute, end_hour, end_minute = map(int, filter(None, match.groups()))
        start, end = dt.time(hour, minute), dt.time(end_hour % 24, end_minute)
        if start == end:
            msg = f'expected a slot with a length, got "{label}"'
            raise FieldError(msg)
        return cls(label, start, end)

    def span(
        self, date: dt.date, timezone: ZoneInfo
    ) -> tuple[dt.datetime, dt.datetime]:
        """Return the aware start and end on a board's date, each a time that exists.

        On the day on which the clock is put forward, a slot that begins in the hour
        left out begins when that is over. One that lies in it as a whole follows it
        in its usual length: no slot is without one.
        """
        first = date + dt.timedelta(days=self.days_later)
        last = first if self.start < self.end else first + dt.timedelta(days=1)
        start = _existing(dt.datetime.combine(first, self.start, timezone))
        end = _existing(dt.datetime.combine(last, self.end, timezone))
        if start == end:
            opens, closes = self.minutes()
            length = dt.timedelta(minutes=closes - opens)
            end = (start.astimezone(dt.UTC) + length).astimezone(timezone)
        return start, end

    def minutes(self) -> tuple[int, int]:
        """Return start and end in minutes from midnight; the end may pass 1440."""
        start = self.start.hour * 60 + self.start.minute
        end = self.end.hour * 60 + self.end.minute
        return start, end if start < end else end + DAY_MINUTES


@dataclass(frozen=True, slots=True)
class Layout:
    """Rooms x slots of one board and the edges between them.

    Parameters
    ----------
    rooms : tuple of str
        Names, in the order in which they stand on the board.
    slots : tuple of Slot
        Spans, in the order in which they stand on the board.
    rooms_along : {"columns", "rows"}
        Whether each room is a column or a row.
    column_edges, row_edges : tuple of float
        Fractions of the cell area, from 0 to 1, one more than there are
        columns (rows); empty for even ones.
    blocked : dict of CellId to str
        Cells that are not to be had, and why.

    Raises
    ------
    FieldError
        If names repeat, slots overlap, edges do not ascend from 0 to 1, their
        number does not fit, or a blocked cell does not exist.
    """

    rooms: tuple[str, ...]
    slots: tuple[Slot, ...]
    rooms_along: RoomsAlong = "columns"
    column_edges: tuple[float, ...] = ()
    row_edges: tuple[float, ...] = ()
    blocked: dict[CellId, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wrong = FieldErrors()
        with wrong.within():
            check_names(self.rooms, "rooms")
        with wrong.within():
            check_names(tuple(slot.label for slot in self.slots), "slots")
            for first, second in overlapping_slots(self.slots):
                msg = f'expected slots that share no time, got "{first.label}" and "{second.label}"'
                raise FieldError(msg, "slots", self.slots.index(second))
        object.__setattr__(self, "slots", dated(self.slots))
        counts = len(self.rooms), len(self.slots)
        columns, rows = counts if self.rooms_along == "columns" else counts[::-1]
        for name, count in (("column_edges", columns), ("row_edges", rows)):
            if not count:
                continue
            with wrong.within():
                edges = getattr(self, name) or even_edges(count)
                check_edges(edges, count, name)
                object.__setattr__(self, name, tuple(edges))
        for index, cell in enumerate(self.blocked):
            with wrong.within("blocked", index):
                self._check_blocked(cell)
        wrong.refuse()

    def _check_blocked(self, cell: CellId) -> None:
        labels = tuple(slot.label for slot in self.slots)
        for part, known in (("room", self.rooms), ("slot", labels)):
            name = getattr(cell, part)
            if name not in known:
                msg = f'expected a {part} of this board, got "{name}"'
                raise FieldError(msg, part)

    @property
    def cells(self) -> tuple[CellId, ...]:
        """All cells, row by row as they are seen on the board."""
        return tuple(
            self.cell_at(column, row)
            for row in range(len(self.row_edges) - 1)
            for column in range(len(self.column_edges) - 1)
        )

    def cell_at(self, column: int, row: int) -> CellId:
        """Return the cell in this column and row, counted from 0."""
        room, slot = (column, row) if self.rooms_along == "columns" else (row, column)
        return CellId(self.rooms[room], self.slots[slot].label)

    def place(self, cell: CellId) -> tuple[int, int]:
        """Return (column, row) of a cell, counted from 0.

        Raises
        ------
        ValueError
            If the layout has no such room or slot.
        """
        labels = [slot.label for slot in self.slots]
        if cell.room not in self.rooms or cell.slot not in labels:
            msg = f"expected a cell of this layout, got {cell}"
            raise ValueError(msg)
        room, slot = self.rooms.index(cell.room), labels.index(cell.slot)
        return (room, slot) if self.rooms_along == "columns" else (slot, room)

    def cell_rect(self, cell: CellId) -> Rect:
        """Return the cell's rect in the unit square of the cell area."""
        column, row = self.place(cell)
        return Rect(
            self.column_edges[column],
            self.row_edges[row],
            self.column_edges[column + 1],
            self.row_edges[row + 1],
        )

    def cell_containing(self, x: float, y: float) -> CellId | None:
        """Return the cell at a point of the unit square, None outside of it."""
        if not (0 <= x < 1 and 0 <= y < 1):
            return None
        column = bisect.bisect_right(self.column_edges, x) - 1
        row = bisect.bisect_right(self.row_edges, y) - 1
        return self.cell_at(column, row)

    def slot(self, label: str) -> Slot:
        """Return the slot with this label.

        Raises
        ------
        ValueError
            If there is none.
        """
        for slot in self.slots:
            if slot.label == label:
                return slot
        msg = f'expected a slot of this layout, got "{label}"'
        raise ValueError(msg)


def _existing(moment: dt.datetime) -> dt.datetime:
    """Return a local time, or the first after it that the clock shows."""
    zone = moment.tzinfo
    while moment != moment.astimezone(dt.UTC).astimezone(zone):
        moment += MINUTE
    return moment


def even_edges(count: int) -> tuple[float, ...]:
    """Return count + 1 edges that divide 0 to 1 evenly."""
    return tuple(index / count for index in range(count + 1))


def check_edges(edges: tuple[float, ...], count: int, name: str) -> None:
    """Check edges of `count` columns or rows.

    Parameters
    ----------
    edges : tuple of float
        Fractions of the cell area.
    count : int
        How many columns or rows they bound.
    name : str
        Of the field, for the error.

    Raises
    ------
    FieldError
        If they are not count + 1 numbers ascending from 0 to 1.
    """
    if len(edges) != count + 1:
        msg = f"expected {count + 1} edges for {count} of them, got {len(edges)}"
        raise FieldError(msg, name)
    for index, end in ((0, 0), (count, 1)):
        if edges[index] != end:
            msg = f"expected edges from 0 to 1, got {edges[0]} to {edges[-1]}"
            raise FieldError(msg, name, index)
    for index, (before, after) in enumerate(itertools.pairwise(edges), start=1):
        if not before < after:
            msg = f"expected edges that ascend, got {after} after {before}"
            raise FieldError(msg, name, index)


def overlapping_slots(slots: tuple[Slot, ...]) -> Iterator[tuple[Slot, Slot]]:
    """Yield each pair of slots that share time of day, in board order."""
    for first, second in itertools.combinations(slots, 2):
        (start, end), (other_start, other_end) = first.minutes(), second.minutes()
        if any(
            start < other_end + shift and other_start + shift < end
            for shift in (-DAY_MINUTES, 0, DAY_MINUTES)
        ):
            yield first, second


def dated(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Put slots after midnight on the day after the board's date.

    A slot is after midnight if the one before it on the board reached
    midnight and it goes on from there, with a gap or without.
    """
    placed: list[Slot] = []
    for slot in slots:
        days_later = _days_after(placed[-1], slot) if placed else 0
        placed.append(replace(slot, days_later=days_later))
    return tuple(placed)


def _days_after(before: Slot, slot: Slot) -> int:
    end, start = before.minutes()[1], slot.minutes()[0]
    reached_midnight = before.days_later > 0 or end >= DAY_MINUTES
    gap = (start - end) % DAY_MINUTES
    return 1 if reached_midnight and gap < NIGHT_MINUTES else 0
