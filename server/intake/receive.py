"""Taking a photo in: when this returns, the photo is never lost.

The order matters. First everything that can be refused is refused, so that
nothing half-good is kept; then the bytes are kept and written through to the
disk; then the database knows of them, and is written through too; only then
is the sender told. A crash in between leaves at most bytes that nobody was
promised.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from calibration.profile import Profile
from server.decoding import CheckPhoto
from server.errors import NotFoundError, PhotoMissingError
from server.store.blobs import Blobs
from server.store.database import Database
from server.store.photos import add_photo
from server.store.values import PhotoRecord


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a sender is told.

    Parameters
    ----------
    photo : PhotoRecord
    new : bool
        False if the same bytes were received before.
    """

    photo: PhotoRecord
    new: bool


def receive(
    data: bytes,
    *,
    database: Database,
    originals: Blobs,
    profile: Profile,
    check_photo: CheckPhoto,
    sender: str,
    board: str | None,
    received_at: dt.datetime,
) -> Receipt:
    """Check a photo, keep it for good, and queue it.

    Parameters
    ----------
    data : bytes
        The file as it came.
    database : Database
    originals : Blobs
    profile : Profile
    check_photo : callable
        Decodes the bytes, to see that they are a photo.
    sender : str
        As they signed in.
    board : str or None
        Slug, if the sender says which board it shows.
    received_at : datetime
        Aware time that it is now.

    Raises
    ------
    PhotoMissingError
        If there are no bytes at all.
    NotFoundError
        If the event has no such board.
    PhotoError
        If the bytes are no photo that can be used.
    DecodingError
        If that cannot be told just now.
    StorageError
        If it cannot be kept.
    """
    if not data:
        raise PhotoMissingError
    if board is not None and board not in {entry.slug for entry in profile.boards}:
        raise NotFoundError(f"board {board}")
    taken_at = check_photo(data).taken_at
    sha256 = originals.put(data)
    with database.write() as session:
        photo, new = add_photo(
            session,
            sha256=sha256,
            size_bytes=len(data),
            given_board=board,
            sender=sender,
            received_at=received_at,
            taken_at=localised(taken_at, profile.event.timezone),
        )
    return Receipt(photo, new)


def localised(taken_at: dt.datetime | None, timezone: ZoneInfo) -> dt.datetime | None:
    """Return a camera's time as an aware one.

    Parameters
    ----------
    taken_at : datetime or None
        Naive ones are meant in the event's timezone: phones follow it.
    timezone : ZoneInfo
    """
    if taken_at is None or taken_at.tzinfo is not None:
        return taken_at
    return taken_at.replace(tzinfo=timezone)
