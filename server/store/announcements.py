"""Posts about sessions: what was decided about each, and how far it was sent.

A delivery is claimed, and that is committed, before a byte of it is sent. So whatever
is killed and when, what may have arrived is known as such, and never sent again by
itself.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import get_args
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from calibration.announcing import About
from server.errors import NotFoundError
from server.schedule.announcing.announcement import (
    Announcement,
    Delivery,
    DeliveryState,
    Facts,
    State,
)
from server.store.tables import AnnouncementRow, DeliveryRow

LEASE = dt.timedelta(minutes=5)
"""How long after a claim nobody knows any more what became of it. Longer than any
attempt takes: `server.announcing.services` ends each within two minutes."""

UNKNOWN = "Boardcast was stopped while it sent this. Look whether it arrived."
"""Said of a post that was being sent when its process ended."""

_FACTS = TypeAdapter(Facts)


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


def announcements_of(
    session: Session, board: str, zone: ZoneInfo
) -> tuple[Announcement, ...]:
    """Return all that was decided about posts of a board, in the order in which it was.

    Parameters
    ----------
    session : Session
    board : str
        Slug.
    zone : ZoneInfo
        The event's, in which times are given.
    """
    query = select(AnnouncementRow).where(AnnouncementRow.board == board)
    rows = session.scalars(query.order_by(AnnouncementRow.id)).all()
    return _values(session, rows, zone)


def decide(
    session: Session,
    board: str,
    key: tuple[str, About, str],
    *,
    state: State,
    facts: Facts,
    text: str,
    by: str,
    at: dt.datetime,
) -> bool:
    """Keep what somebody decided about a post; say whether that was still possible.

    It is not once the post has begun to go out.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : str
        Slug.
    key : tuple
        Of the `Announcement`.
    state : State
        ``begun`` through `begin` only.
    facts : Facts
        What the person saw.
    text : str
        Empty for the template's words.
    by : str
    at : datetime
        Aware time that it is now.
    """
    before = session.scalars(_by_key(board, key)).first()
    if before is not None:
        if before.state == "begun":
            return False
        session.delete(before)
        session.flush()
    session_id, about, version = key
    session.add(
        AnnouncementRow(
            board=board,
            session_id=session_id,
            about=about,
            version=version,
            state=state,
            facts=_FACTS.dump_python(facts, mode="json"),
            text=text,
            author=by,
            decided_at=at,
            begun_at=at if state == "begun" else None,
        )
    )
    session.flush()
    return True


def forget(session: Session, board: str, announcement_id: int) -> None:
    """Take back what was decided about a post, if it has not begun to go out."""
    session.execute(
        delete(AnnouncementRow).where(
            AnnouncementRow.board == board,
            AnnouncementRow.id == announcement_id,
            AnnouncementRow.state != "begun",
        )
    )


def begin(
    session: Session,
    board: str,
    key: tuple[str, About, str],
    services: Iterable[str],
    *,
    facts: Facts,
    text: str,
    by: str,
    at: dt.datetime,
) -> bool:
    """Let a post go out to services; say whether this was the first time.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : str
    key : tuple
    services : iterable of str
        Their names.
    facts : Facts
        What it says, for good.
    text : str
        Its words, for good.
    by : str
        Who approved it.
    at : datetime
        Aware time that it is now.
    """
    new = decide(
        session, board, key, state="begun", facts=facts, text=text, by=by, at=at
    )
    if not new:
        return False
    row = session.scalars(_by_key(board, key)).one()
    for name in services:
        session.add(
            DeliveryRow(
                announcement_id=row.id,
                service=name,
                state="waiting",
                tries=0,
                with_picture=True,
                next_try_at=at,
                changed_at=at,
                why="",
            )
        )
    session.flush()
    return True


def begun_since(session: Session, moment: dt.datetime) -> tuple[dt.datetime, ...]:
    """Return when posts of all boards began to go out, since a moment."""
    query = select(AnnouncementRow.begun_at).where(AnnouncementRow.begun_at > moment)
    return tuple(at for at in session.scalars(query) if at is not None)


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
    return Claimed(post.board, _values(session, [post], zone)[0], _delivery(row))


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


def _by_key(board: str, key: tuple[str, About, str]) -> Select[AnnouncementRow]:
    session_id, about, version = key
    return select(AnnouncementRow).where(
        AnnouncementRow.board == board,
        AnnouncementRow.session_id == session_id,
        AnnouncementRow.about == about,
        AnnouncementRow.version == version,
    )


def _values(
    session: Session, rows: Sequence[AnnouncementRow], zone: ZoneInfo
) -> tuple[Announcement, ...]:
    query = select(DeliveryRow).order_by(DeliveryRow.id)
    ids = [row.id for row in rows]
    deliveries: dict[int, list[Delivery]] = defaultdict(list)
    for row in session.scalars(query.where(DeliveryRow.announcement_id.in_(ids))):
        deliveries[row.announcement_id].append(_delivery(row))
    return tuple(_announcement(row, tuple(deliveries[row.id]), zone) for row in rows)


def _announcement(
    row: AnnouncementRow, deliveries: tuple[Delivery, ...], zone: ZoneInfo
) -> Announcement:
    facts = _FACTS.validate_python(row.facts)
    starts_at, ends_at = (t.astimezone(zone) for t in (facts.starts_at, facts.ends_at))
    return Announcement(
        id=row.id,
        session_id=row.session_id,
        about=_about(row.about),
        version=row.version,
        # The column holds what decide wrote, whose type is State.
        state=row.state,  # type: ignore[arg-type]  # see above
        facts=replace(facts, starts_at=starts_at, ends_at=ends_at),
        text=row.text,
        by=row.author,
        at=row.decided_at,
        begun_at=row.begun_at,
        deliveries=deliveries,
    )


def _about(text: str) -> About:
    return next(one for one in get_args(About) if one == text)


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        service=row.service,
        # The column holds what claim and settle wrote, whose type is DeliveryState.
        state=row.state,  # type: ignore[arg-type]  # see above
        tries=row.tries,
        with_picture=row.with_picture,
        next_try_at=row.next_try_at,
        changed_at=row.changed_at,
        why=row.why,
    )
