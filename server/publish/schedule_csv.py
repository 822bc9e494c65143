"""The schedule as CSV, for spreadsheets that read it by address.

The columns only grow, at the end: formulas of a spreadsheet count them.
"""

import csv
import io
from collections.abc import Iterable

from calibration.profile import Board, Event
from server.publish.addresses import picture_path
from server.publish.plain_text import plain
from server.schedule.sessions import Session

COLUMNS = (
    *("session_id", "title", "host", "handles", "date", "starts", "ends", "place"),
    *("status", "description", "url", "card_picture", "doubt"),
    *("room_kind", "capacity"),
)

RECKONED = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def render_csv(
    event: Event, sessions: Iterable[tuple[Board, Session]], *, root: str
) -> bytes:
    """Return sessions as CSV: UTF-8, commas, a row each, headings first.

    Parameters
    ----------
    event : Event
    sessions : iterable of (Board, Session)
    root : str
        Address of the site without a trailing slash.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for board, session in sessions:
        writer.writerow(map(guarded, _row(event, board, session, root)))
    return out.getvalue().encode()


def guarded(text: str) -> str:
    """Return a text that no spreadsheet reckons with."""
    text = plain(text)
    return f"'{text}" if text.startswith(RECKONED) else text


def _row(event: Event, board: Board, session: Session, root: str) -> tuple[str, ...]:
    """Return the cells of a session, in the order of `COLUMNS`."""
    facts = board.facts_of(session.cell.room)
    return (
        session.id,
        session.title,
        session.host,
        " ".join(session.handles),
        board.date.isoformat(),
        f"{session.starts_at:%H:%M}" if session.timed else session.time,
        f"{session.ends_at:%H:%M}" if session.timed else "",
        session.place,
        status_of(session),
        session.description,
        f"{root}/{event.short_path}/s/{session.id}",
        f"{root}{picture_path(session.crop)}" if session.crop else "",
        session.doubt,
        "" if session.listing == "elsewhere" else facts.kind,
        f"{facts.capacity or ''}",
    )


def status_of(session: Session) -> str:
    """Return what is to be known of a session, in one word."""
    if session.cancelled:
        return "cancelled"
    return "planned" if session.listing == "planned" else "confirmed"
