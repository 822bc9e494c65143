"""A changed event.toml: what it means for what is published, and taking it up."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from calibration.profile import Board, Profile
from server.errors import ReloadRefusedError
from server.event_file import EventFile
from server.publish.releases import publish
from server.store.profiles import AcceptedProfile, add_profile, newest_profile
from server.store.releases import latest_number, latest_release

YES = "--yes"
"""Option of ``boardcast reload`` that takes sessions down with their places."""


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
        number = (
            "1 session hangs"
            if self.sessions == 1
            else f"{self.sessions} sessions hang"
        )
        gone = f'The {self.kind} "{self.name}"{where} is gone from event.toml'
        return f"{gone}; {number} there."


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
    """

    old: Profile
    file: EventFile
    lost: tuple[LostPlace, ...]


def change_to(session: Session, file: EventFile) -> EventChange | None:
    """Return what a file says anew; None if nothing.

    Parameters
    ----------
    session : Session
        Of `Database.write`, so that it holds until the transaction's end.
    file : EventFile
    """
    accepted = newest_profile(session)
    if accepted is None or accepted.is_that_of(file):
        return None
    old = accepted.profile
    lost = [
        place
        for board in old.boards
        for place in _lost_of(session, board, file.profile)
    ]
    return EventChange(old, file, tuple(lost))


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
    """Check that no published session loses its place.

    Raises
    ------
    ReloadRefusedError
        If one does.
    """
    lost = [str(place) for place in change.lost if place.sessions]
    if lost:
        raise ReloadRefusedError(
            " ".join(lost),
            hint="Put the old names back, or take it up with "
            f"boardcast reload {YES}: these sessions are taken down until a new "
            "photo of the board shows their cards in the new places.",
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
    accepted = add_profile(session, change.file, at)
    profile = accepted.profile
    before = {board.slug: board for board in change.old.boards}
    same_clock = change.old.event.timezone == profile.event.timezone
    published = []
    for board in profile.boards:
        old = before.get(board.slug)
        if old and same_clock and (old.layout, old.date) == (board.layout, board.date):
            continue
        number = latest_number(session, board.slug)
        publish(session, profile, board.slug, cause="event changed", at=at)
        if latest_number(session, board.slug) > number:
            published.append(board.slug)
    return accepted, tuple(published)


def _lost_of(session: Session, old: Board, profile: Profile) -> Iterator[LostPlace]:
    """Yield what a profile lacks of a board, and how many sessions hang there."""
    release = latest_release(session, old.slug)
    sessions = release.schedule.sessions if release else ()
    new = next((board for board in profile.boards if board.slug == old.slug), None)
    if new is None:
        yield LostPlace(old.title, "board", old.title, len(sessions))
        return
    rooms = Counter(entry.cell.room for entry in sessions)
    for room in old.layout.rooms:
        if room not in new.layout.rooms:
            yield LostPlace(old.title, "room", room, rooms[room])
    slots = Counter(entry.cell.slot for entry in sessions)
    kept = {slot.label for slot in new.layout.slots}
    for slot in old.layout.slots:
        if slot.label not in kept:
            yield LostPlace(old.title, "slot", slot.label, slots[slot.label])
