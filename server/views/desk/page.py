"""What the desk of a board shows: a value made of what is stored. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from calibration.profile import Board
from server.schedule.hosting import is_waiting
from server.schedule.sessions import Schedule
from server.views.desk.board_now import BoardNow
from server.views.desk.cards import DeskCard
from server.views.desk.history import HistoryEntry, history_of
from server.views.desk.order import ends_of, in_order
from server.views.desk.photos import DeskPhoto
from vision.reading import CardReading

HISTORY_SHOWN = 60
"""Entries of the history: a busy hour's worth."""

NO_NOTICE = "is it a session? Give it a host or a description"
"""The way back from a card that was taken for a notice, whatever its title is."""

MOST_QUEUED = 300
"""Cards that have their forms on one page; a browser can still show so many."""

PHOTOS_SHOWN = 12
"""Photos listed: those of the last hours."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the desk of a board shows.

    Parameters
    ----------
    board : Board
    queue : tuple of DeskCard
        On the board and not hidden; see `in_order`.
    hidden : tuple of DeskCard
        Hidden by a person; what waits to be let through is in `Attention`.
    gone : tuple of DeskCard
        Those that left the board.
    history : tuple of HistoryEntry
        The newest first.
    photos : tuple of DeskPhoto
        The newest first.
    """

    board: Board
    queue: tuple[DeskCard, ...]
    hidden: tuple[DeskCard, ...]
    gone: tuple[DeskCard, ...]
    history: tuple[HistoryEntry, ...]
    photos: tuple[DeskPhoto, ...]

    @property
    def unchecked(self) -> int:
        """How many cards nobody has looked at."""
        return sum(not entry.checked for entry in self.queue)

    def waiting(self, at: str | None) -> tuple[DeskCard, ...]:
        """Return the cards that one page shows: the first ones, and the one it is at."""
        first, rest = self.queue[:MOST_QUEUED], self.queue[MOST_QUEUED:]
        return first + tuple(entry for entry in rest if entry.card.id == at)

    @property
    def slots(self) -> tuple[str, ...]:
        """The labels of the board's slots."""
        return tuple(slot.label for slot in self.board.layout.slots)

    def with_readings(self, readings: Mapping[str, tuple[CardReading, ...]]) -> "Desk":
        """Return it with what readings say of its cards, by their ids.

        Of cards that were joined, those of all of them.
        """
        queue = []
        for entry in self.queue:
            ids = dict.fromkeys([entry.card.id, *(one.id for one in entry.cards)])
            said = [one for card_id in ids for one in readings.get(card_id, ())]
            said.sort(key=lambda reading: reading.text != entry.card.text)
            queue.append(replace(entry, readings=tuple(said)))
        return replace(self, queue=tuple(queue))

    def following(self, card_id: str) -> str | None:
        """Return the id of the card after this one in the queue; None at its end."""
        ids = [entry.card.id for entry in self.queue]
        index = ids.index(card_id) + 1 if card_id in ids else 0
        return ids[index] if index < len(ids) else None


def desk_of(now: BoardNow, photos: tuple[DeskPhoto, ...]) -> Desk:
    """Return the desk of a board as it stands, with its photos, the newest first."""
    board, schedule = now.board, now.outcome.schedule
    notes = _notes(schedule)
    entries = [
        replace(entry, note=notes.get(entry.card.id, "") or _lost_place(entry, board))
        for entry in now.cards
    ]
    ends = ends_of(entries, schedule, board, now.timezone)
    entries = in_order(entries, ends, now.at)
    return Desk(
        board=board,
        queue=tuple(
            entry
            for entry in entries
            if not entry.hidden and entry.card.presence != "gone"
        ),
        hidden=tuple(
            entry for entry in entries if entry.hidden and not is_waiting(entry.held)
        ),
        gone=tuple(
            entry
            for entry in entries
            if entry.card.presence == "gone" and not entry.hidden
        ),
        history=history_of(entries, now.corrections, HISTORY_SHOWN),
        photos=photos,
    )


def _lost_place(entry: DeskCard, board: Board) -> str:
    """Return what a card is that is on no cell of the board."""
    if entry.cell is None and board.beside == "people":
        return "on the page of people; H removes it there and in all pictures"
    if entry.cell is None or entry.cell in board.layout.cells:
        return ""
    known = entry.cell.room in board.layout.rooms
    what = f"the hour {entry.cell.slot}" if known else f"its room {entry.cell.room}"
    return f"not published: {what} is gone; give it another place, or hide it"


def _notes(schedule: Schedule) -> dict[str, str]:
    """Return by their ids what cards are that are no sessions of their own."""
    notes = {entry.card: f"blocks its cell; {NO_NOTICE}" for entry in schedule.blocked}
    for session in schedule.listed:
        what = "planned" if session.listing == "planned" else "elsewhere"
        notes[session.id] = f"listed as {what}: {session.place}"
    for session in schedule.sessions:
        name = f"\N{LEFT DOUBLE QUOTATION MARK}{session.title}\N{RIGHT DOUBLE QUOTATION MARK}"
        if session.all_rooms:
            notes[session.id] = "in all rooms"
        for other in session.others:
            kept = other.cell.slot != session.cell.slot
            what = "keeps the place of" if kept else "one entry with"
            way_back = f"; {NO_NOTICE}" if kept else ""
            notes[other.id] = f"{what} {name}, {session.cell.room}{way_back}"
    return notes
