"""What is typed of a session, or stands in a row, as what is kept of it. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from calibration.layout import CellId, Layout
from calibration.profile import Board
from server.errors import CorrectionError
from server.schedule.corrections.change import made_id
from server.schedule.corrections.held import Elsewhere
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.schedule.ends import ends_from
from server.schedule.written_hours import Hours, clock, hours_of

FORMULA = re.compile(r"^=")
GUARDED = re.compile(r"^'(?=[=+\-@\t\r])")
"""How `/os/<slug>.csv` keeps spreadsheets from reckoning: what it wrote is read again."""

WITH_DATE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d)?")
"""A day and a time in one cell, as programs write it."""

ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")


class RowError(Exception):
    """A row that cannot be taken; `column` is its name in `COLUMNS`."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


class Note(NamedTuple):
    """What is to be known of a row that is taken, or why one is not."""

    column: str
    message: str


@dataclass(slots=True)
class Where:
    """Where a session is held, as far as the board knows it."""

    cell: CellId | None = None
    until: str | None = None
    elsewhere: Elsewhere | None = None
    notes: list[Note] = field(default_factory=list)


def written_from(
    cells: Mapping[str, str],
    board: Board,
    *,
    planned: bool,
    card: str = "",
    formerly: Mapping[str, str] = MappingProxyType({}),
) -> tuple[WriteSession, tuple[Note, ...]]:
    """Return the session that cells say, and what is to be known of it.

    Parameters
    ----------
    cells : mapping of str to str
        By the names of their columns, in `server.publish.planning.sheet.COLUMNS`.
    board : Board
        Of its day.
    planned : bool
        Whether a card is yet to make it official.
    card : str
        Its id, if it has one.
    formerly : mapping of str to str
        What rooms are called now, by what they were called once.

    Raises
    ------
    RowError
        If a cell cannot be kept.
    """
    cells = {name: _text_in(name, text) for name, text in cells.items()}
    title = " ".join(cells.get("title", "").split())
    if not title:
        raise RowError("title", "it is empty; write what the session is called")
    where = _where(cells, board, formerly)
    key = cells.get("id") or title.casefold()
    kind = "planned" if planned else "elsewhere"
    written = WriteSession(
        card or made_id(kind, board.slug, key),
        board.slug,
        where.cell,
        Texts(
            title, cells.get("description", ""), " ".join(cells.get("host", "").split())
        ),
        where.until,
        where.elsewhere,
        _handles(cells.get("handle", "")),
        planned,
    )
    try:
        written.check()
    except CorrectionError as error:
        message = f"{error.message} {error.hint}".rstrip(".")
        raise RowError("description", message) from error
    return written, tuple(where.notes)


def cells_of(
    cell: CellId | None, until: str | None, elsewhere: Elsewhere | None
) -> dict[str, str]:
    """Return where a session is as a person types it: `written_from` reads it again."""
    if cell is not None:
        start, _, end = cell.slot.partition("-")
        return {"room": cell.room, "time": f"{start}-{until or end}"}
    where = elsewhere or Elsewhere()
    hours = f"{where.starts}-{where.ends}" if where.starts else where.time
    return {"room": where.place, "time": hours}


def board_of_day(
    day: str,
    boards: Iterable[Board],
    room: str,
    formerly: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Board | None:
    """Return the board of a day as people write it: its name, a date, a weekday.

    Of several of one day the one that has the room, else that which had one of this
    name, else the first.
    """
    known = [board for board in boards if _is_day(day, board)]
    having = [board for board in known if _room(room, board.layout.rooms)]
    had = [board for board in known if _room(room, formerly.get(board.slug, {}))]
    return next(iter([*having, *had, *known]), None)


def day_and_time(cells: Mapping[str, str]) -> dict[str, str]:
    """Return cells with the day apart, where it stands with the time."""
    parted = dict(cells)
    for name in ("time", "ends"):
        if match := WITH_DATE.match(parted.get(name, "")):
            parted[name] = match[2]
            parted["day"] = parted.get("day") or match[1]
    return parted


def _text_in(name: str, text: str) -> str:
    text = GUARDED.sub("", text.strip())
    if FORMULA.match(text):
        shown = text[:30]
        raise RowError(name, f'"{shown}" is a formula; write the text itself')
    return text


def _where(
    cells: Mapping[str, str], board: Board, formerly: Mapping[str, str]
) -> Where:
    """Return where a session is held: in a cell, or in words."""
    layout, written = board.layout, cells.get("room", "")
    where, room = Where(), _room(written, layout.rooms)
    if room is None and (old := _room(written, formerly)):
        room = _room(formerly[old], layout.rooms)
        if room:
            message = f'"{written}" is called {room} now'
            where.notes.append(Note("room", message))
    if written and room is None:
        message = f'"{written}" is no room of {board.title}: it is told as its place'
        where.notes.append(Note("room", message))
    hours, words = _hours(cells)
    if hours is not None and room is not None:
        for one in (hours, *([] if hours.exact else [hours.later])):
            if where.cell is None:
                _put(where, room, one, layout)
        if where.cell is None:
            message = f"{_words(hours)} is no hour of {board.title}: it is told beside the schedule"
            where.notes.append(Note("time", message))
        elif where.cell in layout.blocked:
            why = layout.blocked[where.cell] or "no reason is given"
            message = f"{where.cell.room}, {where.cell.slot} is blocked: {why}"
            where.notes.append(Note("room", message))
    if where.cell is None:
        starts, ends = hours.clocks if hours else ("", "")
        where.elsewhere = Elsewhere(room or written, words, starts, ends)
    return where


def _put(where: Where, room: str, hours: Hours, layout: Layout) -> None:
    """Put a session into the cell that begins with its hours, if there is one."""
    for slot in layout.slots:
        cell = CellId(room, slot.label)
        if slot.minutes()[0] == hours.starts:
            end = slot.minutes()[1] if hours.ends is None else hours.ends
            ends = ends_from(layout, cell)
            if clock(end) in ends:
                where.cell = cell
                where.until = None if clock(end) == ends[0] else clock(end)


def _hours(cells: Mapping[str, str]) -> tuple[Hours | None, str]:
    """Return the hours of cells; where they are none, what they say in words."""
    text, ends = cells.get("time", ""), cells.get("ends", "")
    try:
        hours = hours_of(text) if text else None
        if hours is not None and hours.ends is None and ends:
            text = f"{text} - {ends}"
            hours = hours_of(text)
    except ValueError as error:
        message = f'"{text}" is no time of a day; write for example 19:00-20:00'
        raise RowError("time", message) from error
    if hours is None and re.search(r"\d", text):
        message = f'"{text}" is no time; write for example 19:00-20:00 or 7pm-8pm'
        raise RowError("time", message)
    return hours, "" if hours else text


def _words(hours: Hours) -> str:
    starts = clock(hours.starts)
    return starts if hours.ends is None else f"{starts}-{clock(hours.ends)}"


def _room(text: str, rooms: Iterable[str]) -> str | None:
    """Return the room that a text names, whatever its capitals and spaces."""
    wanted = "".join(text.split()).casefold()
    for room in rooms:
        if wanted in {
            one := "".join(room.split()).casefold(),
            one.removeprefix("room"),
        }:
            return room if wanted else None
    return None


def _handles(text: str) -> tuple[str, ...]:
    """Return handles, each with its sign."""
    words = re.split(r"[\s,;]+", text)
    return tuple(one if re.search(r"[@/.]", one) else f"@{one}" for one in words if one)


def _is_day(text: str, board: Board) -> bool:
    if text.casefold() in {board.slug.casefold(), board.title.casefold()}:
        return True
    words = {
        ORDINAL.sub("", word).lstrip("0")
        for word in re.findall(r"[^\W_]+", text.casefold())
    }
    date = board.date
    days = {f"{date:%A}".lower(), f"{date:%a}".lower(), str(date.day)}
    about = {f"{date:%B}".lower(), f"{date:%b}".lower(), str(date.month)}
    return bool(words & days) and words <= days | about | {str(date.year)}
