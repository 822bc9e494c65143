"""A changed event.toml: what it means for what is published, and taking it up."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy.orm import Session

from calibration.profile import Board, Event, Profile
from server.errors import ReloadRefusedError
from server.event_file import EventFile
from server.publish.releases import publish
from server.schedule.renamings import Renaming
from server.schedule.sessions import Session as Published
from server.store.profiles import AcceptedProfile, add_profile, newest_profile
from server.store.releases import latest_number, latest_release

YES = "--yes"
"""Option of ``boardcast reload`` that takes sessions down with their places."""

RENAMED = "--renamed"
"""Option of it that takes what stands in the place of another name for the same."""


TAKEN_DOWN = (
    "sessions whose room or slot is gone are taken down, and their cards wait at the "
    "desk to be moved or hidden."
)


@dataclass(frozen=True, slots=True)
class LostPlace:
    """A board, or a room or slot of one, that is no longer in the file.

    Parameters
    ----------
    board : str
        The board's title.
    kind : {"board", "room", "slot"}
    name : str
    sessions : int
        How many published sessions hang there.
    """

    board: str
    kind: Literal["board", "room", "slot"]
    name: str
    sessions: int

    def __str__(self) -> str:
        """Say what is gone and how much hangs there."""
        where = "" if self.kind == "board" else f" of {self.board}"
        gone = f'The {self.kind} "{self.name}"{where} is gone from event.toml'
        return f"{gone}; {_hanging(self.sessions)} there."


@dataclass(frozen=True, slots=True)
class RenamedPlace:
    """A room or slot where another one stood in the file before.

    Parameters
    ----------
    board : str
        The board's title.
    kind : {"room", "slot"}
    old, new : str
    sessions : int
        How many published sessions hang there.
    """

    board: str
    kind: Literal["room", "slot"]
    old: str
    new: str
    sessions: int

    def __str__(self) -> str:
        """Ask whether it is the same, with how much hangs there."""
        hanging = f"({_hanging(self.sessions)} there)"
        return f'"{self.old}" of {self.board} {hanging} is now called "{self.new}"?'


@dataclass(frozen=True, slots=True, eq=False)
class EventChange:
    """What a file says anew.

    Parameters
    ----------
    old : Profile
        What holds.
    file : EventFile
        What is to hold.
    lost : tuple of LostPlace
        In the order of the old boards.
    in_place : tuple of RenamedPlace
        Where sessions hang and another name stands now, unless that is known to be
        a new name of the same.
    renamed : mapping of str to Renaming
        What is known to be so, by the slugs of the boards.
    """

    old: Profile
    file: EventFile
    lost: tuple[LostPlace, ...]
    in_place: tuple[RenamedPlace, ...] = ()
    renamed: Mapping[str, Renaming] = field(default_factory=dict)


def change_to(
    session: Session, file: EventFile, *, renamed: bool = False
) -> EventChange | None:
    """Return what a file says anew; None if nothing.

    Parameters
    ----------
    session : Session
        Of `Database.write`, so that it holds until the transaction's end.
    file : EventFile
    renamed : bool
        Whether a name that stands in the place of another is a new name of the same.
    """
    accepted = newest_profile(session)
    if accepted is None or accepted.is_that_of(file):
        return None
    old = accepted.profile
    new = {board.slug: board for board in file.profile.boards}
    in_place = {
        board.slug: Renaming.between(board.layout, new[board.slug].layout)
        for board in old.boards
        if board.slug in new
    }
    known = {slug: names for slug, names in in_place.items() if renamed and names}
    lost: list[LostPlace] = []
    asked: list[RenamedPlace] = []
    for board in old.boards:
        names = known.get(board.slug, Renaming())
        lost += _lost_of(session, board, new.get(board.slug), names)
        if board.slug in new and not renamed:
            asked += _in_place(session, board, in_place[board.slug])
    return EventChange(old, file, tuple(lost), tuple(asked), known)


def check_addresses(change: EventChange) -> None:
    """Check that a running site can take a change up.

    Raises
    ------
    ReloadRefusedError
        If the short path is another one: addresses hang on it, printed ones, too.
    """
    old, new = change.old.event.short_path, change.file.profile.event.short_path
    if old != new:
        raise ReloadRefusedError(
            f"The short path cannot change from {old} to {new} while the site runs.",
            hint="Put it back, or stop boardcast serve and start it again: "
            f"addresses under /{old} will no longer work.",
        )


def check_nothing_lost(change: EventChange) -> None:
    """Check that no published session loses its place, or is taken for another's.

    Raises
    ------
    ReloadRefusedError
        If one does.
    """
    asked = {(place.board, place.kind, place.old) for place in change.in_place}
    lost = [
        str(place)
        for place in change.lost
        if place.sessions and (place.board, place.kind, place.name) not in asked
    ]
    if change.in_place:
        raise ReloadRefusedError(
            " ".join([*map(str, change.in_place), *lost]),
            hint=f"If so, take it up with boardcast reload {RENAMED}: sessions and "
            "corrections stay. If these are other places, with boardcast reload "
            f"{YES}: {TAKEN_DOWN}",
        )
    if lost:
        raise ReloadRefusedError(
            " ".join(lost),
            hint="Put the old names back, or take it up with "
            f"boardcast reload {YES}: {TAKEN_DOWN}",
        )


def take_up(
    session: Session, change: EventChange, at: dt.datetime
) -> tuple[AcceptedProfile, tuple[str, ...]]:
    """Take a change up, and publish the boards anew whose schedule it changes.

    Parameters
    ----------
    session : Session
        Of `Database.write`, the one of `change_to`: all of it, or nothing.
    change : EventChange
    at : datetime
        Aware time that it is now.

    Returns
    -------
    AcceptedProfile and tuple of str
        The new version, and the slugs of the boards with a new release.
    """
    accepted = add_profile(session, change.file, at, change.renamed)
    profile = accepted.profile
    before = {board.slug: board for board in change.old.boards}
    same_event = _told_by(change.old.event) == _told_by(profile.event)
    published = []
    for board in profile.boards:
        old = before.get(board.slug)
        if old and same_event and _told_of(old) == _told_of(board):
            continue
        number = latest_number(session, board.slug)
        publish(session, profile, board.slug, cause="event changed", at=at)
        if latest_number(session, board.slug) > number:
            published.append(board.slug)
    return accepted, tuple(published)


def _told_of(board: Board) -> tuple[object, ...]:
    """Return what its schedule takes from a board."""
    return board.layout, board.date, board.beside, board.online, board.links


def _told_by(event: Event) -> tuple[object, ...]:
    """Return what the schedules of all boards take from an event."""
    return event.timezone, event.planned


def _lost_of(
    session: Session, old: Board, new: Board | None, names: Renaming
) -> Iterator[LostPlace]:
    """Yield what a board lacks now, and how many sessions hang there."""
    sessions = _published(session, old)
    if new is None:
        yield LostPlace(old.title, "board", old.title, len(sessions))
        return
    rooms = Counter(entry.cell.room for entry in sessions)
    for room in old.layout.rooms:
        if names.room(room) not in new.layout.rooms:
            yield LostPlace(old.title, "room", room, rooms[room])
    slots = Counter(entry.cell.slot for entry in sessions)
    kept = {slot.label for slot in new.layout.slots}
    for slot in old.layout.slots:
        if names.slot(slot.label) not in kept:
            yield LostPlace(old.title, "slot", slot.label, slots[slot.label])


def _in_place(session: Session, old: Board, names: Renaming) -> Iterator[RenamedPlace]:
    """Yield where sessions of a board hang and another name stands now."""
    sessions = _published(session, old)
    rooms = Counter(entry.cell.room for entry in sessions)
    slots = Counter(entry.cell.slot for entry in sessions)
    for room, now in names.rooms.items():
        if rooms[room]:
            yield RenamedPlace(old.title, "room", room, now, rooms[room])
    for slot, now in names.slots.items():
        if slots[slot]:
            yield RenamedPlace(old.title, "slot", slot, now, slots[slot])


def _published(session: Session, board: Board) -> tuple[Published, ...]:
    release = latest_release(session, board.slug)
    return release.schedule.sessions if release else ()


def _hanging(sessions: int) -> str:
    return "1 session hangs" if sessions == 1 else f"{sessions} sessions hang"
