"""The published schedule: a pure function of cards, corrections and layout."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from calibration.event import PlannedMode
from calibration.layout import CellId
from calibration.profile import Board
from server.schedule.cards import Card, Presence
from server.schedule.cards_now import cards_now
from server.schedule.cell_states import said_of_cells, state_of
from server.schedule.conflicts import conflicts_of
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.held import Held, HeldCard, HeldCell
from server.schedule.corrections.kinds import held_by
from server.schedule.decided import Decided, decided
from server.schedule.doubt import Doubt, doubt_of
from server.schedule.entries import Entry, OtherCard, Spans
from server.schedule.evidence import KnownCell
from server.schedule.hosting import waiting_cells
from server.schedule.ideas import Idea, ideas_of
from server.schedule.listed import Listing, listed_of, listing_of
from server.schedule.placed import cells_of, entries_of, spans_of
from server.schedule.votes import Vote, votes_of
from vision.fields.doubt import title_confidence
from vision.reading import CellReading, CellState

DAY = dt.timedelta(days=1)

ALL_ROOMS = "All rooms"
"""What is said in place of a list of rooms."""


@dataclass(frozen=True, slots=True)
class Session:
    """What is published for a card.

    Parameters
    ----------
    id : str
        The card's, of an entry of several cards that of the one that was seen first.
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
        SHA-256 of the picture of the card; empty as long as nobody has seen it.
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
    rooms : tuple of str
        All rooms that it takes place in, if in more than its cell's.
    all_rooms : bool
        Whether these are all that are to be had.
    others : tuple of OtherCard
        The cards beside its own that belong to it: they keep its place, or say the same.
    votes : int or None
        Dots on the card; None where the board counts none.
    cancelled : bool
        Its card is struck through or crossed out, or a person says so. It keeps its
        place: the card still hangs there.
    decide_by : datetime or None
        Until when it is left open whether it is held: it is in conflict with another.
    listing : {"", "planned", "elsewhere"}
        Where it is told if not on the schedule. Beside the cells its cell has the place
        in words as its room, and no slot.
    time : str
        When it is held, in words, where its hours are not known.
    online : bool
        Whether its board is without a wall: no card of it hangs anywhere.
    link : str
        Where its place is on the web; empty where event.toml tells none.
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
    rooms: tuple[str, ...] = ()
    all_rooms: bool = False
    others: tuple[OtherCard, ...] = ()
    votes: int | None = None
    cancelled: bool = False
    decide_by: dt.datetime | None = None
    listing: Listing = ""
    time: str = ""
    online: bool = False
    link: str = ""

    @property
    def timed(self) -> bool:
        """Whether its hours are known; else it is told on its whole day."""
        return self.ends_at - self.starts_at < DAY

    @property
    def by_hand(self) -> bool:
        """Whether a person put it there, and its card was not seen yet."""
        return not self.crop

    @property
    def place(self) -> str:
        """Where it takes place, in words."""
        if self.all_rooms:
            return ALL_ROOMS
        return ", ".join(self.rooms or (self.cell.room,))

    @property
    def doubt(self) -> Doubt:
        """How its title is shown."""
        return doubt_of(self.title, self.title_confidence)


@dataclass(frozen=True, slots=True)
class BlockedCell:
    """A cell that a person blocks, or a card: it says so, or keeps a place of nothing.

    Parameters
    ----------
    cell : CellId
    reason : str
        What the person or the card says, corrected where a person corrected it.
    card : str
        Its id; empty where a person says so.
    """

    cell: CellId
    reason: str
    card: str


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
    blocked : tuple of BlockedCell
        The cells that people and cards block; those that the profile blocks are not
        among them.
    listed : tuple of Session
        What is told beside the schedule, by start: planned sessions and those elsewhere.
    ideas : tuple of Idea
        Topics that people want, in the order in which they were added.
    votes : tuple of Vote
        Which of several sessions in one place is held, attendees say or said.
    """

    board: str
    sessions: tuple[Session, ...]
    cells: tuple[CellReading, ...]
    blocked: tuple[BlockedCell, ...] = ()
    listed: tuple[Session, ...] = ()
    ideas: tuple[Idea, ...] = ()
    votes: tuple[Vote, ...] = ()

    @property
    def every(self) -> tuple[Session, ...]:
        """All sessions that are told, on the schedule or beside it."""
        return (*self.sessions, *self.listed)

    def listed_as(self, listing: Listing) -> tuple[Session, ...]:
        """Return the sessions beside the schedule that are told in one way."""
        return tuple(one for one in self.listed if one.listing == listing)

    def reasons(self, board: Board) -> dict[CellId, str]:
        """Return why each blocked cell is: as people say, the profile, or its card."""
        states = {entry.cell: entry.state for entry in self.cells}
        why = {**board.layout.blocked}
        for entry in self.blocked:
            said = "" if entry.card else entry.reason
            why[entry.cell] = said or why.get(entry.cell) or entry.reason
        return {
            cell: why[cell]
            for cell in board.layout.cells
            if cell in why and states.get(cell, "blocked") == "blocked"
        }

    def blocked_rooms(self, board: Board, slot: str) -> dict[str, tuple[str, ...]]:
        """Return the rooms that are blocked in a slot by why they are."""
        together: dict[str, tuple[str, ...]] = {}
        for cell, reason in self.reasons(board).items():
            if cell.slot == slot:
                together[reason] = (*together.get(reason, ()), cell.room)
        return together


@dataclass(frozen=True, slots=True)
class Outcome:
    """What cards and corrections come to.

    Parameters
    ----------
    schedule : Schedule
        What is published.
    decided : Decided
        What is in conflict, and how far that is decided.
    sessions : dict of str to Session
        By their ids, all of them: also those that are not published.
    """

    schedule: Schedule
    decided: Decided
    sessions: dict[str, Session]


def build_schedule(
    cards: Iterable[Card],
    corrections: Iterable[Correction],
    board: Board,
    timezone: ZoneInfo,
    cells: Iterable[KnownCell],
    *,
    planned: PlannedMode = "listed",
) -> Schedule:
    """Return what is published for a board; see `outcome_of`."""
    given = cards, corrections, board, timezone, cells
    return outcome_of(*given, planned=planned).schedule


def outcome_of(
    cards: Iterable[Card],
    corrections: Iterable[Correction],
    board: Board,
    timezone: ZoneInfo,
    cells: Iterable[KnownCell],
    *,
    planned: PlannedMode = "listed",
) -> Outcome:
    """Return what is published for a board, and what is in conflict on it.

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
    cells : iterable of KnownCell
        The last known state of each cell from photos; cells that are left
        out were never seen.
    planned : {"listed", "scheduled"}
        Where sessions that were planned stand as long as no card is there.
    """
    held = held_by(corrections)
    now = cards_now(cards, held)
    spans = spans_of(board, timezone)
    on_board = [one for one in now if not listing_of(one, held, board, planned)]
    entries, ownerless = entries_of(on_board, board, spans)
    outcome = _decided(entries, held, board, spans)
    sessions = _sessions(entries, board)
    entries = [one for one in entries if one.card.id not in outcome.withheld]
    takes = [
        entry
        for entry in entries
        if not entry.notice and not (board.online and entry.cancelled)
    ]
    taken = {cell for entry in takes for cell in cells_of(entry, spans)}
    if board.online:
        taken |= waiting_cells(now, board, spans)
    known = {entry.cell: entry for entry in cells}
    said = said_of_cells(held.cells, known, now)
    notices = [*(entry for entry in entries if entry.notice), *ownerless]
    blocked = _blocked(notices, said, taken, board, spans)
    not_to_be_had = {*board.layout.blocked, *(one.cell for one in blocked)}
    times = outcome.decide_by
    schedule = Schedule(
        board.slug,
        tuple(
            replace(one, decide_by=times[one.id].astimezone(timezone))
            if one.id in times
            else one
            for one in sessions
            if one.id not in outcome.withheld
        ),
        tuple(
            CellReading(
                cell,
                _known(state_of(cell, taken, said, not_to_be_had, known), board),
            )
            for cell in board.layout.cells
        ),
        tuple(blocked),
        tuple(
            replace(_session(entry, board), listing=listing, time=time)
            for entry, listing, time in listed_of(
                now, held, board, spans, timezone=timezone, planned=planned
            )
        ),
        ideas_of(held),
        votes_of(outcome.questions, {one.id: one.title for one in sessions}, timezone),
    )
    return Outcome(schedule, outcome, {one.id: one for one in sessions})


def _known(state: CellState, board: Board) -> CellState:
    """Return the state of a cell: nobody has to see that a place online is free."""
    return "free" if board.online and state == "unseen" else state


def _blocked(
    notices: Iterable[Entry],
    said: Mapping[CellId, HeldCell],
    taken: Collection[CellId],
    board: Board,
    spans: Spans,
) -> list[BlockedCell]:
    """Return the cells that no session takes and that a person blocks, or a card.

    Of those of which a person said something no card says more.
    """
    blocked = [
        BlockedCell(cell, one.reason, "")
        for cell, one in said.items()
        if one.state == "blocked"
    ]
    blocked += [
        BlockedCell(cell, entry.text("title"), entry.card.id)
        for entry in notices
        for cell in cells_of(entry, spans)
        if cell not in said
    ]
    places = {cell: place for place, cell in enumerate(board.layout.cells)}
    here = [one for one in blocked if one.cell in places and one.cell not in taken]
    return sorted(here, key=lambda one: (places[one.cell], one.card))


def _sessions(entries: Iterable[Entry], board: Board) -> list[Session]:
    """Return the sessions of entries, in the order in which they are published."""
    rooms = board.layout.rooms
    sessions = [_session(entry, board) for entry in entries if not entry.notice]
    return sorted(sessions, key=lambda s: (s.starts_at, rooms.index(s.cell.room), s.id))


def _decided(
    entries: Iterable[Entry], held: Held, board: Board, spans: Spans
) -> Decided:
    """Return what is in conflict among entries and how far that is decided."""
    entries = tuple(entries)
    blocked = {
        cell: entry.text("title")
        for entry in entries
        if entry.notice == "blocked"
        for cell in cells_of(entry, spans)
    }
    blocked |= board.layout.blocked
    for cell, said in held.cells.items():
        if said.state == "blocked":
            blocked[cell] = said.reason
        else:
            blocked.pop(cell, None)
    conflicts = conflicts_of(entries, blocked, spans)
    return decided(conflicts, held.decisions_now)


def _without_the_unreadable(session: Session, held: HeldCard) -> Session:
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


def _session(entry: Entry, board: Board) -> Session:
    """Return what is published of an entry."""
    card, fields = entry.card, entry.card.fields
    left_at = _left_at(entry) if board.online else None
    session = Session(
        id=card.id,
        title=entry.text("title"),
        description=entry.text("description"),
        host=entry.text("host"),
        handles=fields.handles,
        hashtags=fields.hashtags,
        urls=fields.urls,
        cell=entry.cell,
        starts_at=entry.starts_at,
        ends_at=left_at or entry.ends_at,
        crop=card.crop,
        confidence=card.confidence,
        corrected="title" in entry.held,
        presence=card.presence,
        last_seen_at=card.last_seen_at,
        title_confidence=(
            1.0 if "title" in entry.held else title_confidence(fields, card.confidence)
        ),
        rooms=entry.rooms if len(entry.rooms) > 1 else (),
        all_rooms=entry.all_rooms,
        others=entry.others,
        votes=card.votes,
        cancelled=entry.cancelled and left_at is None,
        online=board.online,
        link=board.links.get(entry.cell.room, ""),
    )
    return _without_the_unreadable(session, entry.held)


def _left_at(entry: Entry) -> dt.datetime | None:
    """Return the minute in which a session was left: it had begun, and was cancelled.

    Until then it was held. None if it was not left, or within its first minute.
    """
    at = entry.cancelled_at
    if at is None or not entry.starts_at < at < entry.ends_at:
        return None
    local = at.astimezone(entry.starts_at.tzinfo).replace(second=0, microsecond=0)
    return local if local > entry.starts_at else None
