"""What asks for a decision about planned sessions: no card yet, or another one. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from server.schedule.corrections.change import Change
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held
from server.schedule.corrections.join import Join
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.schedule.sessions import Schedule, Session
from server.views.desk.conflicts import Way

AHEAD = dt.timedelta(hours=1)
"""Before a planned session without a card begins: time to write one."""


@dataclass(frozen=True, slots=True)
class DeskPlan:
    """A planned session that a person has to look after.

    Parameters
    ----------
    session : Session
    others : tuple of Session
        What is on the board in its place; empty if it merely has no card yet.
    ways : tuple of Way
        Out of it.
    """

    session: Session
    others: tuple[Session, ...]
    ways: tuple[Way, ...]


def desk_plans(schedule: Schedule, now: dt.datetime) -> tuple[DeskPlan, ...]:
    """Return planned sessions whose place another one has, or that begin soon.

    Parameters
    ----------
    schedule : Schedule
    now : datetime
        Aware.
    """
    found = []
    for session in schedule.listed_as("planned"):
        if session.ends_at <= now:
            continue
        others = tuple(_in_its_place(session, schedule.sessions))
        soon = session.timed and session.starts_at - now <= AHEAD
        if others or soon:
            found.append(DeskPlan(session, others, tuple(_ways(session, others))))
    return tuple(found)


def change_for(action: str, shown: Iterable[DeskPlan], held: Held) -> Change | None:
    """Return what a person decided of a planned session; None if it is not asked.

    Parameters
    ----------
    action : str
        Of one of its ways.
    shown : iterable of DeskPlan
        As they stand now.
    held : Held
        What people set.
    """
    for one in shown:
        if action not in {way.action for way in one.ways}:
            continue
        verb, _, ids = action.partition(" ")
        session = one.session
        if verb == "held":
            made = held.made[session.id]
            return WriteSession(
                session.id,
                made.board,
                session.cell if session.cell.slot else None,
                Texts(session.title, session.description, session.host),
                made.until,
                made.elsewhere,
                made.handles,
            )
        if verb == "join":
            return Join(session.id, (ids.partition(" ")[2],))
        return Edit(session.id, hidden=True)
    return None


def _ways(session: Session, others: tuple[Session, ...]) -> Iterable[Way]:
    numbered = [
        Way(
            "j" if len(others) == 1 else str(number),
            f"join {session.id} {other.id}",
            "It is that card: join them",
        )
        for number, other in enumerate(others, start=1)
    ]
    yield from numbered
    if not others:
        yield Way(
            "o", f"held {session.id}", "It is held: on the schedule without a card"
        )
    yield Way("h", f"hide {session.id}", "It is not held: hide it")


def _in_its_place(session: Session, on_board: Iterable[Session]) -> Iterable[Session]:
    """Yield the sessions that are on in a planned one's room at its time."""
    for one in on_board:
        rooms = one.rooms or (one.cell.room,)
        at_once = one.starts_at < session.ends_at and session.starts_at < one.ends_at
        if at_once and session.cell.slot and session.cell.room in rooms:
            yield one
