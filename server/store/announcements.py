"""Posts about sessions: what was decided about each, and which began to go out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import get_args
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from calibration.announcing import About
from server.schedule.announcing.announcement import (
    Announcement,
    Delivery,
    Facts,
    State,
)
from server.schedule.renamings import Names
from server.store.profiles import names_of, version_at
from server.store.tables import AnnouncementRow, DeliveryRow

_FACTS = TypeAdapter(Facts)

MOST_ROWS = 2**31 - 1
"""The greatest number that a row can have: databases refuse to look for others."""


def announcements_of(
    session: Session, board: str, zone: ZoneInfo
) -> tuple[Announcement, ...]:
    """Return all that was decided about posts of a board, in the order in which it was.

    What was told counts under the names that rooms have now: a new name is no move.

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
    stored, names = _values(session, rows, zone), names_of(session, board)
    return tuple(
        replace(
            one, facts=_as_called_now(one.facts, names, version_at(session, one.at))
        )
        if one.state == "begun" and names.renamings
        else one
        for one in stored
    )


def _as_called_now(facts: Facts, names: Names, version: int) -> Facts:
    """Return what was told in a version of the event, with the names of now."""
    now = names.since(version)
    if facts.place in now.rooms:  # commas may be in its name
        return replace(facts, place=now.room(facts.place))
    return replace(facts, place=", ".join(map(now.room, facts.place.split(", "))))


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
    if not 0 < announcement_id <= MOST_ROWS:
        return
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


def _by_key(board: str, key: tuple[str, About, str]) -> Select[AnnouncementRow]:
    session_id, about, version = key
    return select(AnnouncementRow).where(
        AnnouncementRow.board == board,
        AnnouncementRow.session_id == session_id,
        AnnouncementRow.about == about,
        AnnouncementRow.version == version,
    )


def announcement_of(
    session: Session, row: AnnouncementRow, zone: ZoneInfo
) -> Announcement:
    """Return the value of a row, with times in a zone."""
    return _values(session, [row], zone)[0]


def _values(
    session: Session, rows: Sequence[AnnouncementRow], zone: ZoneInfo
) -> tuple[Announcement, ...]:
    query = select(DeliveryRow).order_by(DeliveryRow.id)
    ids = [row.id for row in rows]
    deliveries: dict[int, list[Delivery]] = defaultdict(list)
    for row in session.scalars(query.where(DeliveryRow.announcement_id.in_(ids))):
        deliveries[row.announcement_id].append(delivery_of(row))
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


def delivery_of(row: DeliveryRow) -> Delivery:
    """Return the value of a row."""
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
