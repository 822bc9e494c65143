"""Photos as received: adding, looking up, and how far each has got."""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from server.errors import NotFoundError
from server.store.codec import findings_from_json, findings_to_json
from server.store.tables import PhotoRow, PictureRow
from server.store.values import VERSION, PhotoRecord, PhotoState
from vision.reading import Finding

ID_LENGTH = 16
"""Hex digits of a photo's id, 64 bits of its hash: never twice at one event,
short enough to read out."""


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
        received_at=received_at,
        taken_at=taken_at,
        at=min(taken_at, received_at) if taken_at else received_at,
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
    """Return the photos received last, newest first.

    Parameters
    ----------
    session : Session
    board : str or None
        Slug: photos of this board, and those whose board is not known (yet).
        None for all.
    limit : int
        At most so many.
    """
    query = select(PhotoRow).order_by(PhotoRow.received_at.desc(), PhotoRow.id)
    if board is not None:
        # Not by the index on boards: the newest few of all photos are soon found.
        query = query.where(func.coalesce(PhotoRow.board, board) == board)
    return tuple(record_of(row) for row in session.scalars(query.limit(limit)))


def people_wait(session: Session) -> bool:
    """Say whether there is a photo whose picture or words people wait for."""
    waiting = exists().where(PhotoRow.state.in_(("received", "straightened")))
    return bool(session.scalar(select(waiting)))


def set_state(
    session: Session, photo_id: str, state: PhotoState, board: str | None = None
) -> PhotoRecord:
    """Note how far a photo has got.

    Parameters
    ----------
    session : Session
    photo_id : str
    state : PhotoState
    board : str, optional
        Slug, where it is known now.
    """
    row = photo_row(session, photo_id)
    row.state = state
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


def record_of(row: PhotoRow) -> PhotoRecord:
    """Return a row as a value, for modules of this package."""
    return PhotoRecord(
        id=row.id,
        sha256=row.sha256,
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
    )
