"""Taking a photo in: when this returns, the photo is never lost.

The order matters. First everything that can be refused is refused, so that
nothing half-good is kept; then the bytes are kept and written through to the
disk; then the database knows of them, and is written through too; then both are
looked for where a restart will look; only then is the sender told. A crash in
between leaves at most bytes that nobody was promised: ``boardcast check`` takes
them back in.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from calibration.profile import Profile
from server.decoding import CheckPhoto
from server.errors import (
    EarlierYearError,
    NotFoundError,
    PhotoMissingError,
    StorageError,
)
from server.store.blobs import Blobs
from server.store.database import Database
from server.store.photos import add_photo
from server.store.values import PhotoRecord, Source

DAYS_EARLY = 366
"""Before the event's first day: boards are photographed beforehand to try it all."""

EARLIER_YEARS = range(180, 3 * 366)
"""Days before the event's first day on which photos were taken of an earlier one: a trial
is nearer, and the clock of a camera that was never set is further behind."""

TRIAL = 60
"""Days within which a photo is sent that tries it all, however long before the event."""

DAYS_LATE = 1
"""After it was received: where the camera is, it may be tomorrow."""


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
    source: Source = "file",
    waited: dt.timedelta = dt.timedelta(),
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
    source : Source
        Where it came from.
    waited : timedelta
        How long the capture page kept it before it could be sent.

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
    slugs = {entry.slug for entry in profile.walls}
    if not slugs:
        raise NotFoundError("board that needs photos: the event's boards are online")
    if board is not None and board not in slugs:
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
            taken_at=moment_taken(taken_at, profile, received_at),
            at=received_at - waited
            if source == "camera"
            else moment_unknown(received_at, profile.event.timezone),
            source=source,
        )
    # The database has seen to its file; the folder of the bytes may have gone since.
    if not originals.exists(sha256):
        raise StorageError(
            "The photo was removed while it was received.",
            hint="Check who clears the data folder, and send the photo again.",
        )
    return Receipt(photo, new)


def moment_unknown(received_at: dt.datetime, timezone: ZoneInfo) -> dt.datetime:
    """Return what a photo is evidence of if nobody knows when it was taken.

    As if it had been taken before all others of the day on which it came: what those
    show holds, and what only it shows is added. Several such keep the order in which
    they came: each is a millionth of the day's time after midnight.
    """
    came_at = received_at.astimezone(timezone)
    midnight = came_at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight + (came_at - midnight) / 1_000_000


def check_year(
    taken_at: dt.datetime | None, profile: Profile, received_at: dt.datetime
) -> None:
    """Check that a photo is of this event, and not of an earlier one on the same wall.

    One that was sent soon after it was taken tries it all.

    Raises
    ------
    EarlierYearError
        If the camera says so.
    """
    if taken_at is None:
        return
    first = min(board.date for board in profile.boards).toordinal()
    taken_on = taken_at.toordinal()
    kept = received_at.toordinal() - taken_on
    if first - taken_on in EARLIER_YEARS and kept > TRIAL:
        raise EarlierYearError(taken_at.date())


def moment_taken(
    taken_at: dt.datetime | None, profile: Profile, received_at: dt.datetime
) -> dt.datetime | None:
    """Return when a photo was taken, as an aware time; None if that is not known.

    A camera whose clock was never set says 1970 or 2000, a damaged file anything
    from the year 1 to 9999: a photo of a board is not so much older than the board,
    and not younger than its arrival.

    Parameters
    ----------
    taken_at : datetime or None
        As the camera says. Naive ones are meant in the event's timezone: phones
        follow it.
    profile : Profile
    received_at : datetime
        Aware.
    """
    if taken_at is None:
        return None
    # In whole days of any timezone: near the years 1 and 9999 no time of another
    # one can be told.
    first = min(board.date for board in profile.boards).toordinal() - DAYS_EARLY
    last = received_at.toordinal() + DAYS_LATE
    if not first <= taken_at.toordinal() <= last:
        return None
    if taken_at.tzinfo is None:
        return taken_at.replace(tzinfo=profile.event.timezone)
    return taken_at
