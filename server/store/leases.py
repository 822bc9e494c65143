"""Who works on which photo, so that two workers never do the same one.

A worker claims a photo for a short while and renews its claim as long as it
lives. What ends a claim counts against the photo only as far as the photo may
be to blame: a step that raises or brings its process down is a *crash*, a
process that was killed from outside, or vanished, is a *kill*.
"""

import datetime as dt
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.store.photos import CAME_AT, photo_row, record_of, set_outcome, set_state
from server.store.tables import PhotoRow
from server.store.values import PhotoRecord, PhotoState

LEASE = dt.timedelta(seconds=20)
"""How long after a machine died another worker takes over its photo."""

MAX_CRASHES = 3
"""A photo that brought its step down so often will do so again."""

MAX_KILLS = 10
"""Restarts and power cuts are not the photo's fault, but the system also
kills whoever takes all the memory, and that may be."""

NEWEST_FIRST: frozenset[PhotoState] = frozenset({"read"})
"""States whose newest photo comes first: what was read goes on to be read
further where people look. All other photos come in the order in which they
were taken."""

End = Literal["crash", "kill", "stop"]
"""How work on a photo ended before its step was done."""


def claim(
    session: Session, state: PhotoState, owner: str, now: dt.datetime
) -> PhotoRecord | None:
    """Claim the next photo in a state; None if none waits.

    Photos without trouble come first, then the one taken first (the one taken
    last where `NEWEST_FIRST` says so). Of each board only one photo is worked
    on at a time: a second one would not know the cards that the first is about
    to add.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    state : PhotoState
        ``received``, ``straightened`` or ``read``.
    owner : str
        Who claims; different for every process.
    now : datetime
        Aware.
    """
    expire(session, now)
    other = aliased(PhotoRow)
    busy = select(other.id).where(
        other.state == state,
        other.lease_owner.is_not(None),
        or_(other.board == PhotoRow.board, other.id == PhotoRow.id),
    )
    query = (
        select(PhotoRow)
        .where(PhotoRow.state == state, ~busy.exists())
        .order_by(PhotoRow.crashes + PhotoRow.kills, *_age_order(state), PhotoRow.id)
        .limit(1)
        # PostgreSQL: two workers must not both see it unclaimed.
        .with_for_update(skip_locked=True)
    )
    row = session.scalars(query).first()
    if row is None:
        return None
    row.lease_owner, row.lease_until = owner, now + LEASE
    return record_of(row)


def _age_order(state: PhotoState) -> tuple[ColumnElement[Any], ...]:
    columns = (func.coalesce(CAME_AT, PhotoRow.at), PhotoRow.received_at)
    if state in NEWEST_FIRST:
        return tuple(column.desc() for column in columns)
    return tuple(column.asc() for column in columns)


def renew(session: Session, photo_id: str, owner: str, now: dt.datetime) -> bool:
    """Renew a claim; say whether it still held."""
    row = photo_row(session, photo_id)
    if row.lease_owner != owner:
        return False
    row.lease_until = now + LEASE
    return True


def holds(session: Session, photo_id: str, owner: str) -> bool:
    """Say whether this owner's claim on a photo still holds."""
    return photo_row(session, photo_id).lease_owner == owner


def end_claims(session: Session, owner: str, end: End) -> None:
    """Give up what an owner has claimed.

    Parameters
    ----------
    session : Session
    owner : str
    end : {"crash", "kill", "stop"}
        How it ended; a photo with too many crashes or kills becomes failed,
        or, if it was read already, settled.
    """
    for row in session.scalars(select(PhotoRow).where(PhotoRow.lease_owner == owner)):
        _end(session, row, end)


def expire(session: Session, now: dt.datetime) -> None:
    """Give up claims that nobody has renewed: their whole machine died.

    One that would hold for far longer than any does is from before the clock was
    set back: a small computer wakes up in the past. Clocks of several machines may
    differ by a lease either way.
    """
    until = PhotoRow.lease_until
    query = select(PhotoRow).where(or_(until < now, until > now + 2 * LEASE))
    for row in session.scalars(query):
        _end(session, row, "kill")


def _end(session: Session, row: PhotoRow, end: End) -> None:
    row.lease_owner, row.lease_until = None, None
    row.crashes += end == "crash"
    row.kills += end == "kill"
    if row.crashes < MAX_CRASHES and row.kills < MAX_KILLS:
        return
    if row.state == "read":
        # What was read is published, and good as it is.
        set_state(session, row.id, "settled")
    else:
        tries = max(row.crashes, row.kills)
        set_outcome(
            session,
            row.id,
            "failed",
            f"Boardcast broke down on this photo {tries} times.",
            "The photo is kept, and can be tried again at the desk. If that fails "
            "too, take another one, and show the server's log to whoever runs it.",
        )
