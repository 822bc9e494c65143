"""Posts on their way to services.

A delivery is claimed, and that is committed, before a byte of it is sent. So whatever
is killed and when, what may have arrived is known as such, and never sent again by
itself.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.errors import NotFoundError
from server.schedule.announcing.announcement import (
    Announcement,
    Delivery,
    DeliveryState,
)
from server.store.announcements import announcement_of, delivery_of
from server.store.tables import AnnouncementRow, DeliveryRow

LEASE = dt.timedelta(minutes=5)
"""How long after a claim nobody knows any more what became of it. Longer than any
attempt takes: `server.announcing.services` ends each within two minutes."""

UNKNOWN = "Boardcast was stopped while it sent this. Look whether it arrived."
"""Said of a post that was being sent when its process ended."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this process's to send, and nobody else's.

    Parameters
    ----------
    board : str
        Slug.
    announcement : Announcement
    delivery : Delivery
    """

    board: str
    announcement: Announcement
    delivery: Delivery


def is_due(session: Session, now: dt.datetime) -> bool:
    """Say whether a delivery is to be claimed, or a claim has run out."""
    query = select(DeliveryRow.id).where(
        or_(
            (DeliveryRow.state == "waiting") & (DeliveryRow.next_try_at <= now),
            (DeliveryRow.state == "sending") & _run_out(now),
        )
    )
    return session.scalars(query.limit(1)).first() is not None


def claim(
    session: Session, owner: str, now: dt.datetime, zone: ZoneInfo
) -> Claimed | None:
    """Claim the next delivery that is due; None if none is.

    Parameters
    ----------
    session : Session
        Of `Database.write`: once it is committed the delivery may be sent.
    owner : str
        Who claims; different for every process.
    now : datetime
        Aware.
    zone : ZoneInfo
        The event's.
    """
    _give_up(session, _run_out(now), now)
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.state == "waiting", DeliveryRow.next_try_at <= now)
        .order_by(DeliveryRow.next_try_at, DeliveryRow.id)
        .limit(1)
        # PostgreSQL: two processes must not both see it waiting.
        .with_for_update(skip_locked=True)
    )
    row = session.scalars(query).first()
    if row is None:
        return None
    row.state, row.claimed_by, row.claimed_until = "sending", owner, now + LEASE
    row.tries, row.changed_at = row.tries + 1, now
    session.flush()
    post = session.get_one(AnnouncementRow, row.announcement_id)
    return Claimed(post.board, announcement_of(session, post, zone), delivery_of(row))


def settle(
    session: Session,
    delivery_id: int,
    state: DeliveryState,
    why: str,
    now: dt.datetime,
    *,
    owner: str | None = None,
    next_try_at: dt.datetime | None = None,
    with_picture: bool = True,
) -> bool:
    """Keep what became of a delivery; say whether it was still this owner's.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    delivery_id : int
    state : DeliveryState
    why : str
        In plain words, what went wrong.
    now : datetime
        Aware.
    owner : str, optional
        Who claimed it; a person, who decides about one that is not being sent, if
        left out.
    next_try_at : datetime, optional
        Aware, if it is to be tried again.
    with_picture : bool
        Whether the next try is to send the picture, too.

    Raises
    ------
    NotFoundError
        If there is no such delivery.
    """
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        raise NotFoundError(f"post number {delivery_id}")
    if row.claimed_by != owner:
        return False
    row.state, row.why, row.changed_at = state, why, now
    row.claimed_by, row.claimed_until = None, None
    row.next_try_at = next_try_at or row.next_try_at
    row.with_picture = row.with_picture and with_picture
    return True


def answer(
    session: Session, delivery_id: int, by: str, now: dt.datetime, *, arrived: bool
) -> bool:
    """Take a person's word about a post that failed, or perhaps arrived.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    delivery_id : int
    by : str
        Who looked.
    now : datetime
        Aware.
    arrived : bool
        Whether it is there; else it is sent again.

    Returns
    -------
    bool
        Whether that was still to be said.

    Raises
    ------
    NotFoundError
        If there is no such delivery.
    """
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        raise NotFoundError(f"post number {delivery_id}")
    if row.state not in {"unsure", "failed"}:
        return False
    row.state, row.changed_at = ("sent" if arrived else "waiting"), now
    row.why = f"{by} says that it arrived." if arrived else f"{by} sends it again."
    row.next_try_at = now
    return True


def end_deliveries(session: Session, owner: str, now: dt.datetime) -> None:
    """Give up what a process claimed that has ended: nobody knows what it sent."""
    _give_up(session, DeliveryRow.claimed_by == owner, now)


def _give_up(session: Session, which: ColumnElement[bool], now: dt.datetime) -> None:
    query = select(DeliveryRow).where(DeliveryRow.state == "sending", which)
    for row in session.scalars(query):
        row.state, row.why, row.changed_at = "unsure", UNKNOWN, now
        row.claimed_by, row.claimed_until = None, None


def _run_out(now: dt.datetime) -> ColumnElement[bool]:
    """Select claims that nobody can hold any more: their whole machine died.

    Also those that would hold for far longer than any does: the clock was set back.
    """
    until = DeliveryRow.claimed_until
    return or_(until < now, until > now + 2 * LEASE)
