"""What a board needs of staff: its next photo, and the parts that nobody has seen. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from calibration.layout import CellId, Layout
from calibration.profile import Board
from server.store.pictures import BoardPicture
from server.store.values import Release
from server.views.capture.drawing import Drawing, drawing_of
from server.views.moment import STALE_AFTER, stale_from


@dataclass(frozen=True, slots=True)
class MissingPart:
    """Cells of one room that nobody has seen; no slots if these are all of it."""

    room: str
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardNeeds:
    """What a board needs of staff.

    Parameters
    ----------
    board : Board
    last : datetime or None
        Aware moment of its newest photo.
    due : datetime or None
        When the next one is due; None where it is not in use today.
    missing : tuple of MissingPart
        What no photo has shown lately.
    drawing : Drawing or None
        Where these parts are.
    """

    board: Board
    last: dt.datetime | None
    due: dt.datetime | None
    missing: tuple[MissingPart, ...]
    drawing: Drawing | None


def needs_of(
    board: Board,
    newest: Mapping[str, dt.datetime],
    release: Release | None,
    shown: BoardPicture | None,
    *,
    now: dt.datetime,
    timezone: ZoneInfo,
) -> BoardNeeds:
    """Return what a board needs.

    Parameters
    ----------
    board : Board
    newest : mapping of str to datetime
        The moment of each board's newest photo, by slug.
    release : Release or None
        What is published of it.
    shown : BoardPicture or None
        What it looks like.
    now : datetime
        Aware.
    timezone : ZoneInfo
        The event's.
    """
    last = newest.get(board.slug)
    due = stale_from(last or now - STALE_AFTER, board, now, timezone)
    states = {
        entry.cell: entry.state for entry in (release.schedule.cells if release else ())
    }
    # Before the first photo is read, nobody is to take another one for that.
    read = not {"unseen", "blocked"}.issuperset(states.values())
    unseen = [cell for cell, state in states.items() if read and state == "unseen"]
    missing = missing_parts(board.layout, unseen)
    drawing = drawing_of(shown, board.layout, dict.fromkeys(unseen, "?"))
    return BoardNeeds(board, last, due, missing, drawing if missing else None)


def missing_parts(layout: Layout, unseen: Sequence[CellId]) -> tuple[MissingPart, ...]:
    """Return cells by their rooms, in the order of the board."""
    parts = []
    for room in layout.rooms:
        slots = tuple(
            slot.label for slot in layout.slots if CellId(room, slot.label) in unseen
        )
        seen_elsewhere = any(
            cell.room == room and cell not in unseen and cell not in layout.blocked
            for cell in layout.cells
        )
        if slots:
            parts.append(MissingPart(room, slots if seen_elsewhere else ()))
    return tuple(parts)
