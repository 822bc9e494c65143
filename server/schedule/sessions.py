"""The published schedule: a pure function of cards, corrections and layout."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from calibration.layout import CellId, Slot
from calibration.profile import Board
from server.schedule.cards import Card, Presence
from server.schedule.corrections import (
    Correction,
    CorrectionField,
    is_hidden,
    standing,
)
from server.schedule.doubt import Doubt, doubt_of
from vision.fields.doubt import title_confidence
from vision.reading import CellReading, CellState

Span = tuple[dt.datetime, dt.datetime]
"""Aware start and end, in the event's timezone."""


@dataclass(frozen=True, slots=True)
class Session:
    """What is published for a card.

    Parameters
    ----------
    id : str
        The card's id; never changes.
    title, description, host : str
        Corrected where a person corrected them, else as read. What is read of a card
        whose title is unreadable is withheld.
    handles, hashtags, urls : tuple of str
        As read.
    cell : CellId
        Room and slot.
    starts_at, ends_at : datetime
        Aware, in the event's timezone.
    crop : str
        SHA-256 of the picture of the card.
    confidence : float
        Of the reading, 0 to 1.
    corrected : bool
        Whether a person set its title, so that its confidence no longer matters.
    presence : Presence
        ``present``, or ``covered`` / ``unseen`` where the last state holds.
    last_seen_at : datetime
        Aware.
    title_confidence : float
        Chance that the title is the card's, 0 to 1; 1 where a person set it, and in
        releases from before it was known.
    """

    id: str
    title: str
    description: str
    host: str
    handles: tuple[str, ...]
    hashtags: tuple[str, ...]
    urls: tuple[str, ...]
    cell: CellId
    starts_at: dt.datetime
    ends_at: dt.datetime
    crop: str
    confidence: float
    corrected: bool
    presence: Presence
    last_seen_at: dt.datetime
    title_confidence: float = 1.0

    @property
    def doubt(self) -> Doubt:
        """How its title is shown."""
        return doubt_of(self.title, self.title_confidence)


@dataclass(frozen=True, slots=True)
class Schedule:
    """All sessions of a board and the state of each cell.

    Parameters
    ----------
    board : str
        Slug.
    sessions : tuple of Session
        By start, then in the order of the rooms, then by id.
    cells : tuple of CellReading
        Every cell, row by row.
    """

    board: str
    sessions: tuple[Session, ...]
    cells: tuple[CellReading, ...]


def build_schedule(
    cards: Iterable[Card],
    corrections: Iterable[Correction],
    board: Board,
    timezone: ZoneInfo,
    cells: Iterable[CellReading],
) -> Schedule:
    """Return what is published for a board.

    Parameters
    ----------
    cards : iterable of Card
        Every card ever seen on the board.
    corrections : iterable of Correction
        Every correction ever made on it.
    board : Board
        Its layout and date.
    timezone : ZoneInfo
        The event's.
    cells : iterable of CellReading
        The last known state of each cell from photos; cells that are left
        out were never seen.
    """
    held = standing(corrections)
    spans = {slot.label: slot.span(board.date, timezone) for slot in board.layout.slots}
    sessions = [
        session
        for card in cards
        if (session := _session(card, held.get(card.id, {}), board, spans))
    ]
    # By what was read of them, also where that is withheld.
    sessions = [
        _without_the_unreadable(one, held.get(one.id, {}))
        for one in sessions
        if not _is_part(one, sessions)
    ]
    rooms = board.layout.rooms
    sessions.sort(key=lambda s: (s.starts_at, rooms.index(s.cell.room), s.id))
    seen = {entry.cell: entry.state for entry in cells}
    taken = {cell for session in sessions for cell in _cells_of(session, spans)}
    return Schedule(
        board.slug,
        tuple(sessions),
        tuple(
            CellReading(cell, _state(cell, board, taken, seen))
            for cell in board.layout.cells
        ),
    )


def _is_part(session: Session, sessions: Iterable[Session]) -> bool:
    """Tell whether a card without a title lies within a longer session in its room."""
    return not session.title and any(
        other.title
        and other.cell.room == session.cell.room
        and other.starts_at < session.starts_at < other.ends_at
        for other in sessions
    )


def _without_the_unreadable(
    session: Session, held: Mapping[CorrectionField, Correction]
) -> Session:
    """Return a session without what was read of it, if its title is unreadable.

    What a person set stays.
    """
    if session.doubt != "unreadable" or session.corrected:
        return session
    return replace(
        session,
        title="",
        description=session.description if "description" in held else "",
        host=session.host if "host" in held else "",
        handles=(),
        hashtags=(),
        urls=(),
    )


def _session(
    card: Card,
    held: dict[CorrectionField, Correction],
    board: Board,
    spans: Mapping[str, Span],
) -> Session | None:
    """Return the session of a card, None if nothing of it is published."""
    cell = held["cell"].value if "cell" in held else card.cell
    if card.presence == "gone" or is_hidden(held) or not isinstance(cell, CellId):
        return None
    if cell.room not in board.layout.rooms or cell.slot not in spans:
        # The profile lost this room or slot after the card was seen: one
        # such card must not keep the rest of the board from being published.
        return None
    until = card.until if cell == card.cell else None
    starts_at, ends_at = _span(board, cell, until, spans)
    fields = card.fields

    def text(field: CorrectionField, read: str) -> str:
        return str(held[field].value) if field in held else read

    return Session(
        id=card.id,
        title=text("title", fields.title),
        description=text("description", fields.description),
        host=text("host", fields.host),
        handles=fields.handles,
        hashtags=fields.hashtags,
        urls=fields.urls,
        cell=cell,
        starts_at=starts_at,
        ends_at=ends_at,
        crop=card.crop,
        confidence=card.confidence,
        corrected="title" in held,
        presence=card.presence,
        last_seen_at=card.last_seen_at,
        title_confidence=(
            1.0 if "title" in held else title_confidence(fields, card.confidence)
        ),
    )


def _span(
    board: Board, cell: CellId, until: str | None, spans: Mapping[str, Span]
) -> Span:
    """Return start and end: the slot's, longer if `until` says so.

    An `until` that is not after the slot, or after the board's last one, was
    misread: the slot's own end holds.
    """
    starts_at, ends_at = spans[cell.slot]
    if until is None or until == f"{starts_at:%H:%M}":
        return starts_at, ends_at
    written = Slot.parse(f"{starts_at:%H:%M}-{until}")
    # A slot after midnight belongs to the next date, and so does its card.
    written = replace(written, days_later=board.layout.slot(cell.slot).days_later)
    longer = written.span(board.date, _zone_of(starts_at))[1]
    last = max(end for _, end in spans.values())
    return starts_at, longer if ends_at < longer <= last else ends_at


def _zone_of(moment: dt.datetime) -> ZoneInfo:
    timezone = moment.tzinfo
    if not isinstance(timezone, ZoneInfo):
        msg = f"expected a moment in a named timezone, got {timezone}"
        raise ValueError(msg)  # noqa: TRY004  (a value, not an argument type)
    return timezone


def _cells_of(session: Session, spans: Mapping[str, Span]) -> Iterable[CellId]:
    """Yield the cells of the session's room that it takes up."""
    for label, (start, end) in spans.items():
        if session.starts_at < end and start < session.ends_at:
            yield CellId(session.cell.room, label)


def _state(
    cell: CellId, board: Board, taken: set[CellId], seen: dict[CellId, CellState]
) -> CellState:
    """Return a cell's state; free only where a photo showed it free."""
    if cell in taken:
        return "taken"
    if cell in board.layout.blocked:
        return "blocked"
    state = seen.get(cell, "unseen")
    # Its card is hidden, gone or elsewhere by now: nobody saw the cell empty.
    return "unseen" if state == "taken" else state
