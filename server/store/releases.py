"""Releases: numbered for each board, written whole, never changed."""

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from server.schedule.sessions import Schedule
from server.store.codec import (
    picture_from_json,
    picture_to_json,
    schedule_from_json,
    schedule_to_json,
)
from server.store.pictures import BoardPicture
from server.store.tables import BallotRow, CorrectionRow, ReleaseRow, UndoRow
from server.store.values import Cause, Picture, Release


def _stamp() -> Select[Any, Any, Any, Any]:
    """Return the query of `published_stamp`.

    It finds the boards one after the other, each in the index by the one before, and
    the newest release of each: GROUP BY would go through every release there is.
    """
    first = select(func.min(ReleaseRow.board).label("board"))
    boards = first.cte("boards", recursive=True)
    following = select(func.min(ReleaseRow.board)).where(
        ReleaseRow.board > boards.c.board
    )
    boards = boards.union_all(
        select(following.correlate(boards).scalar_subquery()).where(
            boards.c.board.is_not(None)
        )
    )
    newest = select(func.max(ReleaseRow.number)).where(
        ReleaseRow.board == boards.c.board
    )
    total = func.sum(newest.correlate(boards).scalar_subquery())
    return select(
        select(func.coalesce(total, 0)).select_from(boards).scalar_subquery(),
        select(func.coalesce(func.max(CorrectionRow.id), 0)).scalar_subquery(),
        select(func.count()).select_from(UndoRow).scalar_subquery(),
        select(func.coalesce(func.max(BallotRow.id), 0)).scalar_subquery(),
    )


STAMP = _stamp()
"""Made once: it is asked for with every answer."""


def latest_release(session: Session, board: str) -> Release | None:
    """Return what is published for a board now.

    None before the first photo, or if that was taken back.
    """
    query = _newest_first(board).limit(1)
    row = session.scalars(query).first()
    return _value_of(row) if row and (row.sizes or row.photo_id is None) else None


def release_at(session: Session, board: str, moment: dt.datetime) -> Release | None:
    """Return what was published for a board at a moment; None if nothing was."""
    query = _newest_first(board).where(ReleaseRow.created_at <= moment).limit(1)
    row = session.scalars(query).first()
    return _value_of(row) if row and (row.sizes or row.photo_id is None) else None


def latest_number(session: Session, board: str) -> int:
    """Return the number of what is published for a board; 0 for nothing yet.

    Reads no more than the number: pages ask for it all the time.
    """
    query = (
        select(ReleaseRow.number)
        .where(ReleaseRow.board == board)
        .order_by(ReleaseRow.number.desc())
        .limit(1)
    )
    return session.scalars(query).first() or 0


def published_stamp(session: Session) -> tuple[int, int, int, int]:
    """Return what changes whenever anything that is public may have changed.

    Four numbers: of releases over all boards, of the newest correction, of corrections
    that were taken back, and of the newest ballot. The second and third because what
    is hidden is hidden at once, be it in a release or not.

    Reads four ends of indexes, and each board's newest release by its own: every
    answer asks for it.
    """
    numbers, correction, undone, ballot = session.execute(STAMP).one()
    return int(numbers), correction, undone, ballot


def releases(session: Session, board: str, after: int = 0) -> tuple[Release, ...]:
    """Return every release of a board above a number, the newest first."""
    query = _newest_first(board).where(ReleaseRow.number > after)
    return tuple(_value_of(row) for row in session.scalars(query))


def append_release(
    session: Session,
    *,
    board: str,
    created_at: dt.datetime,
    cause: Cause,
    picture: BoardPicture | None,
    schedule: Schedule,
) -> Release:
    """Append a release under the next number.

    Parameters
    ----------
    session : Session
        Of `Database.write`: with its transaction the release is published, or
        nothing of it is.
    board : str
        Slug.
    created_at : datetime
        Aware.
    cause : Cause
    picture : BoardPicture or None
        None of a board that needs no photo.
    schedule : Schedule
    """
    row = ReleaseRow(
        board=board,
        number=latest_number(session, board) + 1,
        created_at=created_at,
        cause=cause,
        photo_id=picture.photo_id if picture else None,
        photo_taken_at=picture.at if picture else None,
        sizes=picture_to_json(picture.picture) if picture else [],
        schedule=schedule_to_json(schedule),
    )
    session.add(row)
    session.flush()
    return _release(row, picture.picture if picture else None, schedule)


def append_end(
    session: Session, board: str, *, created_at: dt.datetime, cause: Cause
) -> None:
    """Append that nothing is published of a board any more, if anything is.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : str
        Slug.
    created_at : datetime
        Aware.
    cause : Cause
    """
    last = latest_release(session, board)
    if last is None or not (last.picture or last.schedule.every or last.schedule.ideas):
        return
    row = ReleaseRow(
        board=board,
        number=last.number + 1,
        created_at=created_at,
        cause=cause,
        photo_id=last.photo_id,
        photo_taken_at=last.photo_taken_at,
        sizes=[],
        schedule=schedule_to_json(Schedule(board, (), ())),
    )
    session.add(row)
    session.flush()


def _newest_first(board: str) -> Select[ReleaseRow]:
    return (
        select(ReleaseRow)
        .where(ReleaseRow.board == board)
        .order_by(ReleaseRow.number.desc())
    )


def _value_of(row: ReleaseRow) -> Release:
    picture = None if row.photo_id is None else picture_from_json(row.sizes)
    return _release(row, picture, schedule_from_json(row.schedule))


def _release(row: ReleaseRow, picture: Picture | None, schedule: Schedule) -> Release:
    return Release(
        board=row.board,
        number=row.number,
        created_at=row.created_at,
        # The column holds what append_release wrote, whose type is Cause.
        cause=row.cause,  # type: ignore[arg-type]  # see above
        photo_id=row.photo_id,
        photo_taken_at=row.photo_taken_at,
        picture=picture,
        schedule=schedule,
    )
