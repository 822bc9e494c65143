"""What a sheet of planned sessions would change, before it does. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from calibration.profile import Board
from server.publish.planning.rows import (
    Note,
    RowError,
    board_of_day,
    day_and_time,
    written_from,
)
from server.publish.planning.sheet import MOST_ROWS, Row, Sheet
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.plan import Plan
from server.schedule.corrections.written_session import WriteSession


class Said(NamedTuple):
    """What is said of a row.

    Parameters
    ----------
    row : int
        As a spreadsheet counts it.
    column : str
        Its heading.
    message : str
    """

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.message}."


class Taken(NamedTuple):
    """A row that is taken.

    Parameters
    ----------
    row : int
    session : WriteSession
    before : WriteSession or None
        What a sheet said before of the same session.
    """

    row: int
    session: WriteSession
    before: WriteSession | None

    @property
    def state(self) -> str:
        """Whether it is new, changed or known as it is."""
        if self.before is None:
            return "new"
        return "known" if self.before == self.session else "changed"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sheet would change.

    Parameters
    ----------
    taken : tuple of Taken
        In the order of the rows.
    refused, notes : tuple of Said
        Rows that are not taken, and what is to be known of others.
    missing : tuple of WriteSession
        Planned before on boards that the sheet has, and not in it.
    unknown : tuple of str
        Headings of columns that are left out.
    """

    taken: tuple[Taken, ...]
    refused: tuple[Said, ...]
    notes: tuple[Said, ...]
    missing: tuple[WriteSession, ...]
    unknown: tuple[str, ...]

    def count(self, state: str) -> int:
        """Return how many rows are new, changed or known."""
        return sum(one.state == state for one in self.taken)

    @property
    def plans(self) -> dict[str, Plan]:
        """What makes it so, by the slugs of the boards; none where nothing changes."""
        by_board: dict[str, list[Taken]] = defaultdict(list)
        for one in sorted(self.taken, key=lambda one: one.session.card):
            if one.state != "known":
                by_board[one.session.board].append(one)
        return {
            slug: Plan(
                tuple(one.session for one in rows),
                tuple(one.before for one in rows if one.before),
            )
            for slug, rows in by_board.items()
        }


def preview_of(
    sheet: Sheet,
    boards: Iterable[Board],
    known: Mapping[str, WriteSession],
    default: Board | None = None,
    formerly: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Preview:
    """Return what a sheet would change. The order of its rows does not matter.

    Parameters
    ----------
    sheet : Sheet
    boards : iterable of Board
        All of the event.
    known : mapping of str to WriteSession
        What was written before of sessions, by their ids; see `written_before`.
    default : Board, optional
        Of rows that say no day.
    formerly : mapping of str to mapping of str to str
        By boards' slugs: what rooms are called now, by what they were called once.
    """
    boards = tuple(boards)
    headings = sheet.headings
    refused, notes, taken = [], [], []
    for row in sheet.rows:
        try:
            session, said = _session(row, boards, default, formerly)
        except RowError as error:
            column = headings.get(error.column, error.column)
            refused.append(Said(row.number, column, error.message))
            continue
        taken.append(Taken(row.number, session, known.get(session.card)))
        notes += [(session.card, row.number, note) for note in said]
    taken, twice = _once(taken)
    refused += [Said(row, headings["title"], message) for row, message in twice]
    if sheet.left_out:
        first = sheet.rows[-1].number + 1
        message = (
            f"it and those after it are left out: {MOST_ROWS} rows are taken at most"
        )
        refused.append(Said(first, headings["title"], message))
    ids, slugs = (
        {getattr(one.session, name) for one in taken} for name in ("card", "board")
    )
    return Preview(
        tuple(taken),
        tuple(sorted(refused)),
        tuple(
            sorted(
                Said(row, headings.get(note.column, note.column), note.message)
                for card, row, note in notes
                if card in ids
            )
        ),
        tuple(
            one
            for one in known.values()
            if one.planned and one.board in slugs and one.card not in ids
        ),
        sheet.unknown,
    )


def written_before(corrections: Iterable[Correction]) -> dict[str, WriteSession]:
    """Return what sheets said of each session last, by its id.

    Not what people set of it since; but what they typed before any sheet had it.
    """
    written: dict[str, WriteSession] = {}
    by_sheet: set[str] = set()
    for correction in sorted(corrections, key=lambda one: one.id):
        change = correction.change
        if correction.undone:
            continue
        if isinstance(change, Plan):
            written |= {one.card: one for one in change.sessions}
            by_sheet |= {*change.cards}
        elif isinstance(change, WriteSession) and change.card not in by_sheet:
            written[change.card] = change
    return written


def _session(
    row: Row,
    boards: tuple[Board, ...],
    default: Board | None,
    formerly: Mapping[str, Mapping[str, str]],
) -> tuple[WriteSession, tuple[Note, ...]]:
    cells = day_and_time(row.cells)
    day = cells.get("day", "")
    room = cells.get("room", "")
    board = board_of_day(day, boards, room, formerly) if day else default
    if board is None:
        days = ", ".join(f"{one.title} ({one.date})" for one in boards)
        said = f'"{day}" is no day of this event' if day else "it says no day"
        raise RowError("day", f"{said}; write one of {days}")
    names = formerly.get(board.slug, {})
    return written_from(cells, board, planned=True, formerly=names)


def _once(taken: Iterable[Taken]) -> tuple[list[Taken], list[tuple[int, str]]]:
    """Return rows each session of which is there once; and those that contradict.

    The same row twice is one. Of rows with one title that say different things none is
    taken: which of them is meant nobody could tell.
    """
    rows: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        rows[one.session.card].append(one)
    kept, twice = [], []
    for same in rows.values():
        if len({one.session for one in same}) == 1:
            kept.append(same[0])
            continue
        numbers = ", ".join(str(one.row) for one in same)
        message = (
            f"rows {numbers} have this title on one day and say different things; "
            "give them other titles, or a column id"
        )
        twice += [(one.row, message) for one in same]
    return sorted(kept, key=lambda one: one.row), twice
