"""The published schedule: a pure function of cards, corrections and layout."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from calibration.layout import CellId, Slot
from calibration.profile import Board
from server.schedule.cards import Card, Presence
from server.schedule.cards_now import CardNow, cards_now
from server.schedule.cell_states import said_of_cells, state_of
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.held import HeldCard, HeldCell, is_hidden
from server.schedule.corrections.kinds import held_by
from server.schedule.doubt import Doubt, doubt_of
from server.schedule.entries import (
    Entry,
    OtherCard,
    Span,
    Spans,
    said_once,
    with_places_kept,
)
from server.schedule.evidence import KnownCell
from vision.fields.doubt import title_confidence
from vision.reading import CellReading

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
    """

    board: str
    sessions: tuple[Session, ...]
    cells: tuple[CellReading, ...]
    blocked: tuple[BlockedCell, ...] = ()

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


def build_schedule(
    cards: Iterable[Card],
    corrections: Iterable[Correction],
    board: Board,
    timezone: ZoneInfo,
    cells: Iterable[KnownCell],
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
    cells : iterable of KnownCell
        The last known state of each cell from photos; cells that are left
        out were never seen.
    """
    held = held_by(corrections)
    now = cards_now(cards, held)
    spans = {slot.label: slot.span(board.date, timezone) for slot in board.layout.slots}
    entries, ownerless = with_places_kept(
        _placed(now, board, spans), board.layout, spans
    )
    entries = _without_parts(entries)
    entries, ownerless = said_once(entries, ownerless, board.layout, spans)
    takes = [entry for entry in entries if not entry.notice]
    taken = {cell for entry in takes for cell in _cells_of(entry, spans)}
    known = {entry.cell: entry for entry in cells}
    said = said_of_cells(held.cells, known, now)
    notices = [*(entry for entry in entries if entry.notice), *ownerless]
    blocked = _blocked(notices, said, taken, board, spans)
    not_to_be_had = {*board.layout.blocked, *(one.cell for one in blocked)}
    rooms = board.layout.rooms
    return Schedule(
        board.slug,
        tuple(
            sorted(
                map(_session, takes),
                key=lambda s: (s.starts_at, rooms.index(s.cell.room), s.id),
            )
        ),
        tuple(
            CellReading(cell, state_of(cell, taken, said, not_to_be_had, known))
            for cell in board.layout.cells
        ),
        tuple(blocked),
    )


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
        for cell in _cells_of(entry, spans)
        if cell not in said
    ]
    places = {cell: place for place, cell in enumerate(board.layout.cells)}
    here = [one for one in blocked if one.cell in places and one.cell not in taken]
    return sorted(here, key=lambda one: (places[one.cell], one.card))


def _without_parts(entries: Iterable[Entry]) -> list[Entry]:
    """Give cards without a title within a longer session in their room to it."""
    entries = tuple(entries)
    kept = [entry for entry in entries if entry.text("title")]
    for part in (entry for entry in entries if not entry.text("title")):
        longer = [
            entry
            for entry in kept
            if entry.text("title")
            and part.cell.room in entry.rooms
            and entry.starts_at < part.starts_at < entry.ends_at
        ]
        if longer:
            kept[kept.index(longer[0])] = longer[0].with_other(part)
        else:
            kept.append(part)
    return kept


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


def _placed(cards: Iterable[CardNow], board: Board, spans: Spans) -> list[Entry]:
    """Return the cards that say something at a place on the board.

    Those that a person hid do not, nor do notices that are cancelled.
    """
    entries = []
    for now in cards:
        card, mine, cell = now.card, now.held, now.cell
        if card.presence == "gone" or is_hidden(mine) or cell is None:
            continue
        if cell.room not in board.layout.rooms or cell.slot not in spans:
            # The profile lost this room or slot after the card was seen: one
            # such card must not keep the rest of the board from being published.
            continue
        until = card.until if cell == card.cell else None
        if "until" in mine:
            until = str(mine["until"].value) or None
        starts_at, ends_at = _span(board, cell, until, spans)
        rooms: tuple[str, ...] = (cell.room,)
        if cell == card.cell and set(card.rooms) <= set(board.layout.rooms):
            rooms = card.rooms or rooms
        counted = card if board.votes else replace(card, votes=None)
        others = tuple(OtherCard(one.id, one.cell or cell) for one in now.others)
        entry = Entry(counted, mine, cell, starts_at, ends_at, rooms, others=others)
        if not (entry.notice and entry.cancelled):
            entries.append(entry)
    return entries


def _session(entry: Entry) -> Session:
    """Return what is published of an entry."""
    card, fields = entry.card, entry.card.fields
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
        ends_at=entry.ends_at,
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
        cancelled=entry.cancelled,
    )
    return _without_the_unreadable(session, entry.held)


def _span(board: Board, cell: CellId, until: str | None, spans: Spans) -> Span:
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


def _cells_of(entry: Entry, spans: Spans) -> Iterable[CellId]:
    """Yield the cells that an entry takes up."""
    for label, span in spans.items():
        if entry.is_on(span):
            yield from (CellId(room, label) for room in entry.rooms)
