"""Rooms x slots of one board: which cell lies where on the cell area.

The cell area is the unit square: (0, 0) is its top left corner, (1, 1) its
bottom right, whatever the board's shape.
"""

import bisect
import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from calibration.geometry import Rect

SLOT_PATTERN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")
DAY = dt.timedelta(days=1)

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
    """

    label: str
    start: dt.time
    end: dt.time

    @classmethod
    def parse(cls, label: str) -> Self:
        """Read ``HH:MM-HH:MM``.

        Raises
        ------
        ValueError
            If the label is no such span or has no length.
        """
        match = SLOT_PATTERN.fullmatch(label)
        if match is None:
            msg = f'expected "HH:MM-HH:MM", got "{label}"'
            raise ValueError(msg)
        hour, minute, end_hour, end_minute = map(int, match.groups())
        start, end = dt.time(hour, minute), dt.time(end_hour, end_minute)
        if start == end:
            msg = f'expected a slot with a length, got "{label}"'
            raise ValueError(msg)
        return cls(label, start, end)

    def span(
        self, date: dt.date, timezone: ZoneInfo
    ) -> tuple[dt.datetime, dt.datetime]:
        """Return the aware start and end on a board's date."""
        start = dt.datetime.combine(date, self.start, timezone)
        end = dt.datetime.combine(date, self.end, timezone)
        return start, end if self.start < self.end else end + DAY

    def minutes(self) -> tuple[int, int]:
        """Return start and end in minutes from midnight; the end may pass 1440."""
        start = self.start.hour * 60 + self.start.minute
        end = self.end.hour * 60 + self.end.minute
        return start, end if start < end else end + 24 * 60


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
    ValueError
        If names repeat, edges do not ascend from 0 to 1, their number does
        not fit, or a blocked cell does not exist.
    """

    rooms: tuple[str, ...]
    slots: tuple[Slot, ...]
    rooms_along: RoomsAlong = "columns"
    column_edges: tuple[float, ...] = ()
    row_edges: tuple[float, ...] = ()
    blocked: dict[CellId, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        labels = tuple(slot.label for slot in self.slots)
        for name, values in (("rooms", self.rooms), ("slots", labels)):
            if not values or len(set(values)) < len(values):
                msg = f"expected at least one of {name} and no repeats, got {values}"
                raise ValueError(msg)
        by_rooms = self.rooms_along == "columns"
        columns, rows = (
            (len(self.rooms), len(self.slots))
            if by_rooms
            else (len(self.slots), len(self.rooms))
        )
        for name, count in (("column_edges", columns), ("row_edges", rows)):
            edges = getattr(self, name) or even_edges(count)
            check_edges(edges, count)
            object.__setattr__(self, name, tuple(edges))
        for cell in self.blocked:
            self.place(cell)

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


def even_edges(count: int) -> tuple[float, ...]:
    """Return count + 1 edges that divide 0 to 1 evenly."""
    return tuple(index / count for index in range(count + 1))


def check_edges(edges: tuple[float, ...], count: int) -> None:
    """Check edges of `count` columns or rows.

    Raises
    ------
    ValueError
        If they are not count + 1 numbers ascending from 0 to 1.
    """
    if len(edges) != count + 1:
        msg = f"expected {count + 1} edges for {count}, got {len(edges)}"
        raise ValueError(msg)
    if edges[0] != 0 or edges[-1] != 1:
        msg = f"expected edges from 0 to 1, got {edges[0]} to {edges[-1]}"
        raise ValueError(msg)
    for before, after in itertools.pairwise(edges):
        if not before < after:
            msg = f"expected edges that ascend, got {before} before {after}"
            raise ValueError(msg)


def overlapping_slots(slots: tuple[Slot, ...]) -> Iterator[tuple[Slot, Slot]]:
    """Yield each pair of slots that share time, in board order."""
    for first, second in itertools.combinations(slots, 2):
        (start, end), (other_start, other_end) = first.minutes(), second.minutes()
        for shift in (-24 * 60, 0, 24 * 60):
            if start < other_end + shift and other_start + shift < end:
                yield first, second
                break
