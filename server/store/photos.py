"""Photos as received: adding, looking up, and how far each has got."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Select, and_, case, exists, func, null, or_, select
from sqlalchemy.orm import Session

from server.errors import NotFoundError
from server.store.codec import findings_from_json, findings_to_json, picture_from_json
from server.store.corrections import held_photos
from server.store.tables import PhotoRow, PictureRow
from server.store.values import VERSION, PhotoRecord, PhotoState, Source
from vision.reading import Finding

ID_LENGTH = 16
"""Hex digits of a photo's id, 64 bits of its hash: never twice at one event,
short enough to read out."""

UNREAD: tuple[PhotoState, ...] = ("received", "straightened")
"""States of photos whose picture or words people wait for."""

SHOWN: tuple[PhotoState, ...] = ("straightened", "read", "settled")
"""States of photos whose picture is published."""


UNDATED = and_(PhotoRow.taken_at.is_(None), PhotoRow.source == "file")
"""As not `PhotoRecord.dated`."""

CAME_AT = case((UNDATED, PhotoRow.received_at), else_=null())
"""When a photo came of which nobody knows when it was taken."""

RETRIED: frozenset[PhotoState] = frozenset({"refused", "failed"})
"""States from which a photo is tried again, by whoever sends it again or asks."""


def photo_id_of(sha256: str) -> str:
    """Return the id of the photo with these bytes."""
    return sha256[:ID_LENGTH]


def add_photo(
    session: Session,
    *,
    sha256: str,
    size_bytes: int,
    given_board: str | None,
    sender: str,
    received_at: dt.datetime,
    taken_at: dt.datetime | None,
    at: dt.datetime | None = None,
    source: Source | None = None,
) -> tuple[PhotoRecord, bool]:
    """Add a photo whose bytes are already kept; the same bytes only once.

    One that was refused or has failed before gets another try: meanwhile the
    profile may have been corrected, or the sender says which board it shows.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    sha256 : str
    size_bytes : int
    given_board : str or None
        Slug that the sender gave.
    sender : str
    received_at : datetime
        Aware.
    taken_at : datetime or None
        Aware. A camera whose clock is ahead must not hold up every photo
        after it: a moment after `received_at` counts as `received_at`.
    at : datetime, optional
        Aware: what it is evidence of, if `taken_at` does not tell; else `received_at`.
    source : Source, optional
        Where it came from.

    Returns
    -------
    tuple of PhotoRecord and bool
        The photo, and whether there is anything to do about it.
    """
    known = session.get(PhotoRow, photo_id_of(sha256))
    if known is not None and known.state not in RETRIED:
        return record_of(known), False
    if known is not None:
        known.given_board = known.board = given_board
        known.findings = []
        return set_outcome(session, known.id, "received", "", ""), True
    row = PhotoRow(
        id=photo_id_of(sha256),
        sha256=sha256,
        size_bytes=size_bytes,
        given_board=given_board,
        board=given_board,
        sender=sender,
        source=source,
        received_at=received_at,
        taken_at=taken_at,
        at=min(taken_at, received_at) if taken_at else at or received_at,
        state="received",
        message="",
        hint="",
        cards_read=0,
        cards_total=0,
        findings=[],
        crashes=0,
        kills=0,
    )
    session.add(row)
    session.flush()
    return record_of(row), True


def photo_for_board(session: Session, photo_id: str, board: str) -> PhotoRecord:
    """Return what a photo is on another board, which is read as that board's.

    It is a photo of its own, with the same bytes: what the first one showed of its
    board stays as it was written. Given back to its first board, it is the first one.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    photo_id : str
    board : str
        Slug.

    Raises
    ------
    NotFoundError
        If there is no photo with this id.
    """
    row = photo_row(session, photo_id)
    sha256 = row.bytes_sha256 or row.sha256
    for other in _with_bytes(session, sha256):
        if other.board == board:
            return record_of(other)
    name = hashlib.sha256(f"{sha256} {board}".encode()).hexdigest()
    known = session.get(PhotoRow, photo_id_of(name))
    if known is not None:  # a version of Boardcast before forgot whose bytes it has
        known.bytes_sha256 = sha256
        return set_outcome(session, known.id, "received", "", "")
    made = PhotoRow(
        id=photo_id_of(name),
        sha256=name,
        bytes_sha256=sha256,
        size_bytes=row.size_bytes,
        given_board=board,
        board=board,
        sender=row.sender,
        source=row.source,
        received_at=row.received_at,
        taken_at=row.taken_at,
        at=row.at,
        state="received",
    )
    session.add(made)
    session.flush()
    return record_of(made)


def same_photos(session: Session, photo_id: str) -> frozenset[str]:
    """Return the ids of all photos that have a photo's bytes, its own among them."""
    row = photo_row(session, photo_id)
    found = _with_bytes(session, row.bytes_sha256 or row.sha256)
    return frozenset(other.id for other in found)


def _with_bytes(session: Session, sha256: str) -> Sequence[PhotoRow]:
    same = or_(PhotoRow.sha256 == sha256, PhotoRow.bytes_sha256 == sha256)
    return session.scalars(select(PhotoRow).where(same)).all()


def photo(session: Session, photo_id: str) -> PhotoRecord:
    """Return a photo.

    Raises
    ------
    NotFoundError
        If there is none with this id.
    """
    return record_of(photo_row(session, photo_id))


def photos_of(
    session: Session, board: str | None, limit: int = 50
) -> tuple[PhotoRecord, ...]:
    """Return the photos received last with their pictures, newest first.

    Parameters
    ----------
    session : Session
    board : str or None
        Slug: photos of this board, and those whose board is not known (yet).
        None for all.
    limit : int
        At most so many.
    """
    query = _newest_first()
    if board is not None:
        # Not by the index on boards: the newest few of all photos are soon found.
        query = query.where(func.coalesce(PhotoRow.board, board) == board)
    return tuple(record_of(*row) for row in session.execute(query.limit(limit)))


def photos_sent_by(
    session: Session, sender: str, since: dt.datetime, limit: int
) -> tuple[PhotoRecord, ...]:
    """Return the photos that somebody sent last with their pictures, newest first.

    Parameters
    ----------
    session : Session
    sender : str
        As they signed in.
    since : datetime
        Aware: only those received since then.
    limit : int
        At most so many.
    """
    query = _newest_first().where(
        PhotoRow.sender == sender, PhotoRow.received_at >= since
    )
    return tuple(record_of(*row) for row in session.execute(query.limit(limit)))


def _newest_first() -> Select[PhotoRow, list[Any] | None]:
    return (
        select(PhotoRow, PictureRow.sizes)
        .outerjoin(PictureRow, PictureRow.photo_id == PhotoRow.id)
        .order_by(PhotoRow.received_at.desc(), PhotoRow.id)
    )


def oldest_waiting(session: Session) -> dt.datetime | None:
    """Return when the photo that waits longest to be read came; None if none does."""
    query = (
        select(PhotoRow.received_at)
        .where(PhotoRow.state.in_(UNREAD))
        .order_by(PhotoRow.received_at)
        .limit(1)
    )
    return session.scalars(query).first()


def count_by_state(session: Session) -> dict[PhotoState, int]:
    """Return how many photos are in which state; states without one are left out."""
    query = select(PhotoRow.state, func.count()).group_by(PhotoRow.state)
    # The column holds what set_state wrote, whose type is PhotoState.
    return {cast("PhotoState", state): count for state, count in session.execute(query)}


def newest_by_board(session: Session) -> dict[str, dt.datetime]:
    """Return the moment of the newest photo of each board that has one, by slug."""
    held = held_photos(session)
    shown = PhotoRow.board.is_not(None), PhotoRow.state.in_(SHOWN)
    query = (
        select(PhotoRow.board, func.max(func.coalesce(CAME_AT, PhotoRow.at)))
        .where(*shown, PhotoRow.id.not_in(held))
        .group_by(PhotoRow.board)
    )
    newest = {str(board): at for board, at in session.execute(query)}
    for row in session.scalars(select(PhotoRow).where(*shown, PhotoRow.id.in_(held))):
        if held[row.id].taken_back is None:
            at = held[row.id].moment(row.at)
            newest[str(row.board)] = max(newest.get(str(row.board), at), at)
    return newest


def people_wait(session: Session) -> bool:
    """Say whether there is a photo whose picture or words people wait for."""
    waiting = exists().where(PhotoRow.state.in_(UNREAD))
    return bool(session.scalar(select(waiting)))


def set_state(
    session: Session,
    photo_id: str,
    state: PhotoState,
    board: str | None = None,
    at: dt.datetime | None = None,
) -> PhotoRecord:
    """Note how far a photo has got.

    Parameters
    ----------
    session : Session
    photo_id : str
    state : PhotoState
    board : str, optional
        Slug, where it is known now.
    at : datetime, optional
        Aware: what the photo is evidence of, where it is known now.
    """
    row = photo_row(session, photo_id)
    row.state = state
    row.at = at or row.at
    row.board = board or row.board
    row.lease_owner, row.lease_until = None, None
    row.crashes, row.kills = 0, 0
    return record_of(row)


def set_outcome(
    session: Session, photo_id: str, state: PhotoState, message: str, hint: str
) -> PhotoRecord:
    """Note that a photo was refused or has failed, why, and what to do."""
    set_state(session, photo_id, state)
    row = photo_row(session, photo_id)
    row.message, row.hint = message, hint
    row.failed_in = VERSION if state == "failed" else None
    return record_of(row)


def failed_photos(
    session: Session, but_in: str | None = None
) -> tuple[PhotoRecord, ...]:
    """Return the photos that have failed, the one taken first first.

    Parameters
    ----------
    session : Session
    but_in : str, optional
        A version: those on which it gave up itself are left out.
    """
    query = select(PhotoRow).where(PhotoRow.state == "failed")
    if but_in is not None:
        query = query.where(PhotoRow.failed_in.is_distinct_from(but_in))
    rows = session.scalars(query.order_by(PhotoRow.at, PhotoRow.id))
    return tuple(record_of(row) for row in rows)


def retry_photo(session: Session, photo_id: str) -> PhotoRecord:
    """Let a photo that was refused or has failed be tried again.

    One that was straightened goes on from there: its picture is published. Another
    one, of which something came or comes, stays as it is.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    photo_id : str

    Raises
    ------
    NotFoundError
        If there is none with this id.
    """
    row = photo_row(session, photo_id)
    if row.state not in RETRIED:
        return record_of(row)
    picture = session.get(PictureRow, photo_id)
    if picture is not None and picture.board == row.board:
        return set_outcome(session, photo_id, "straightened", "", "")
    row.findings = []
    return set_outcome(session, photo_id, "received", "", "")


def look_again(session: Session, photo_id: str) -> None:
    """Have a photo that was read looked at again, by whoever claims it next."""
    if photo_row(session, photo_id).state in {"read", "settled"}:
        set_state(session, photo_id, "read")


def set_progress(session: Session, photo_id: str, read: int, total: int) -> None:
    """Note how many cards of how many are read."""
    row = photo_row(session, photo_id)
    row.cards_read, row.cards_total = read, total


def add_findings(
    session: Session,
    photo_id: str,
    findings: Iterable[Finding],
    instead_of: Collection[str] = (),
) -> None:
    """Add remarks on a photo; one takes the place of an earlier one of its code.

    Parameters
    ----------
    session : Session
    photo_id : str
    findings : iterable of Finding
    instead_of : collection of str
        Codes of earlier remarks that do not hold any more.
    """
    row = photo_row(session, photo_id)
    remarks = {
        entry.code: entry
        for entry in findings_from_json(row.findings)
        if entry.code not in instead_of
    }
    remarks |= {entry.code: entry for entry in findings}
    row.findings = findings_to_json(remarks.values())


def photo_row(session: Session, photo_id: str) -> PhotoRow:
    """Return a photo's row, for modules of this package.

    Raises
    ------
    NotFoundError
        If there is none with this id.
    """
    row = session.get(PhotoRow, photo_id)
    if row is None:
        raise NotFoundError(f"photo {photo_id}")
    return row


def record_of(row: PhotoRow, sizes: list[Any] | None = None) -> PhotoRecord:
    """Return a row as a value, for modules of this package."""
    return PhotoRecord(
        id=row.id,
        sha256=row.bytes_sha256 or row.sha256,
        board=row.board,
        given_board=row.given_board,
        sender=row.sender,
        received_at=row.received_at,
        taken_at=row.taken_at,
        at=row.at,
        # The column holds what set_state wrote, whose type is PhotoState.
        state=row.state,  # type: ignore[arg-type]  # see above
        message=row.message,
        hint=row.hint,
        cards_read=row.cards_read,
        cards_total=row.cards_total,
        findings=findings_from_json(row.findings),
        # The column holds what `add_photo` was given, whose type is Source.
        source=row.source,  # type: ignore[arg-type]  # see above
        picture=picture_from_json(sizes) if sizes else None,
    )
