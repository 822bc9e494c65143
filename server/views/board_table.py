"""All rooms and hours of a board as a table. Pure, but for the language of the request."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from calibration.layout import CellId
from calibration.profile import Board
from server.languages.current import clock_time
from server.languages.current import gettext as _
from server.schedule.sessions import Schedule, Session
from server.views.sections import Section
from vision.reading import CellState


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of the table of rooms and hours: its state and what is in it.

    As wide as the rooms side by side that are one entry.
    """

    state: CellState
    words: str
    sessions: tuple[Session, ...]
    width: int = 1


@dataclass(frozen=True, slots=True)
class TableRow:
    """One slot of the table of rooms and hours."""

    label: str
    cells: tuple[TableCell, ...]


def table_of(
    board: Board, schedule: Schedule, sections: tuple[Section, ...]
) -> tuple[TableRow, ...]:
    """Return rooms x slots; a session of several slots stands in each of them.

    Parameters
    ----------
    board : Board
    schedule : Schedule
        Of this board.
    sections : tuple of Section
        Its slots, in any order.
    """
    states = {entry.cell: entry.state for entry in schedule.cells}
    reasons = schedule.reasons(board)

    def cell(room: str, section: Section) -> TableCell:
        here = CellId(room, section.slot.label)
        state = states.get(here, "unseen")
        return TableCell(
            state=state,
            words=reasons.get(here) or _words(state, section),
            sessions=tuple(
                session
                for session in section.running + section.sessions
                if room in (session.rooms or (session.cell.room,))
            ),
        )

    return tuple(
        TableRow(
            f"{clock_time(section.starts_at)}\N{EN DASH}{clock_time(section.ends_at)}",
            _side_by_side(cell(room, section) for room in board.layout.rooms),
        )
        for section in sorted(sections, key=lambda entry: entry.starts_at)
    )


def _words(state: CellState, section: Section) -> str:
    """Return a cell's state as a word; what is over is not to be had any more."""
    match state:
        case "taken":
            return _("taken")
        case "free":
            return "" if section.phase == "past" else _("free")
        case "blocked":
            return _("not available")
        case _:
            return _("not visible")


def _side_by_side(cells: Iterable[TableCell]) -> tuple[TableCell, ...]:
    """Return the cells of a row, neighbours with the same in them as one."""
    row: list[TableCell] = []
    for cell in cells:
        one_entry = any(session.rooms for session in cell.sessions)
        alike = row and replace(row[-1], width=1) == cell
        if alike and (one_entry or cell.state == "blocked"):
            row[-1] = replace(row[-1], width=row[-1].width + 1)
        else:
            row.append(cell)
    return tuple(row)
