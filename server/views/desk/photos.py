"""The desk's photos: taken back and put back, given their time or their day's board."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board, Event
from server.auth import check_csrf, require
from server.errors import CorrectionError, NotFoundError
from server.intake.days import OF_ITS_DAY
from server.publish.releases import publish
from server.roles import Identity
from server.schedule.corrections.held import HeldPhoto
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.schedule.corrections.photo_time import PhotoTime
from server.site import Site, site
from server.store.corrections import corrections_of_photo, held_photos, set_undone
from server.store.photos import photo, photo_for_board, photos_of
from server.store.values import PhotoRecord
from server.views.choice import chosen_board
from server.views.desk.acts import act
from vision.reading import Finding

OF_ITS_TIME = frozenset({"late", "undated", *OF_ITS_DAY})
"""Codes of findings that hold no more once a person says when it was taken."""

GIVE_TO = "give-to "
"""What the value of a button begins with that gives a photo to a board, by its slug."""

LONG_BEFORE = dt.timedelta(days=366)
"""Before a board's day: what is still earlier is a slip in a year, and of the first year
some clocks cannot tell the time at all."""


@dataclass(frozen=True, slots=True)
class DeskPhoto:
    """A photo as it counts.

    Parameters
    ----------
    record : PhotoRecord
    said : HeldPhoto
        What people said of it.
    """

    record: PhotoRecord
    said: HeldPhoto

    @property
    def taken_back(self) -> bool:
        """Whether it counts as if it had not come."""
        return self.said.taken_back is not None

    @property
    def at(self) -> dt.datetime | None:
        """When it was taken; None where nobody knows."""
        known = self.said.time is not None or self.record.dated
        return self.said.moment(self.record.at) if known else None

    @property
    def thumbnail(self) -> str | None:
        """SHA-256 of its smallest picture."""
        picture = self.record.picture
        return picture.of_type("image/jpeg")[-1].sha256 if picture else None

    def other_days(self, boards: Sequence[Board]) -> tuple[Board, ...]:
        """Return the boards of other days of which it may be instead.

        None if its day is known, or it was taken back.
        """
        found = {finding.code for finding in self.findings}
        if self.taken_back or not found & set(OF_ITS_DAY):
            return ()
        own = [board.date for board in boards if board.slug == self.record.board]
        return tuple(board for board in boards if own and board.date not in own)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is remarked on it and still holds."""
        said = OF_ITS_TIME if self.said.time else frozenset[str]()
        return tuple(one for one in self.record.findings if one.code not in said)


def desk_photos(
    database: DatabaseSession, board: str, limit: int
) -> tuple[DeskPhoto, ...]:
    """Return the photos received last of a board, the newest first."""
    return as_they_count(database, photos_of(database, board, limit))


def as_they_count(
    database: DatabaseSession, records: Sequence[PhotoRecord]
) -> tuple[DeskPhoto, ...]:
    """Return photos with what people said of them."""
    held = held_photos(database)
    return tuple(
        DeskPhoto(record, held.get(record.id, HeldPhoto())) for record in records
    )


def change_photo(slug: str, photo_id: str) -> ResponseReturnValue:
    """Do what the pressed button says to a photo, and publish what holds then.

    Raises
    ------
    NotFoundError
        If this board has no such photo.
    CorrectionError
        If no time was given, or one that is yet to come.
    """
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    with here.database.write() as database:
        record = photo(database, photo_id)
        if record.board not in {board.slug, None}:
            raise NotFoundError(f"photo {photo_id} of this board")
        match request.form.get("action"):
            case "take-back":
                take_back(database, here, board, identity, record)
            case "put-back":
                undo_all(database, here, board, identity, record, kind=PhotoTakenBack)
            case "no-time":
                undo_all(database, here, board, identity, record, kind=PhotoTime)
            case "now":
                at = record.received_at
                set_time(database, here, board, identity, record, at=at)
            case str(action) if action.startswith(GIVE_TO):
                slug = action.removeprefix(GIVE_TO)
                give_to(database, here, identity, record, slug)
            case _:
                at = _typed_time(board, here.profile.event)
                set_time(database, here, board, identity, record, at=at)
    return redirect(url_for("desk.board", slug=slug, _anchor="photos"), 303)


def take_back(
    database: DatabaseSession,
    here: Site,
    board: Board,
    identity: Identity,
    record: PhotoRecord,
) -> None:
    """Take a photo back and publish what holds without it; twice is once."""
    if held_photos(database).get(record.id, HeldPhoto()).taken_back:
        return
    change = PhotoTakenBack(record.id, _named(record, here.profile.event))
    act(database, here, board, identity, change)


def give_to(
    database: DatabaseSession,
    here: Site,
    identity: Identity,
    record: PhotoRecord,
    slug: str,
) -> PhotoRecord:
    """Give a photo to another day's board; return what it is there.

    It counts no more on the board on which it was, and is read on the other one.

    Raises
    ------
    NotFoundError
        If no photo is taken of such a board.
    """
    boards = {board.slug: board for board in here.profile.walls}
    if slug not in boards or record.board is None:
        raise NotFoundError(f"board {slug}")
    if slug == record.board:
        return record
    take_back(database, here, chosen_board(here, record.board), identity, record)
    there = photo_for_board(database, record.id, slug)
    if held_photos(database).get(there.id, HeldPhoto()).taken_back:
        board = boards[slug]
        undo_all(database, here, board, identity, there, kind=PhotoTakenBack)
    return there


def undo_all(
    database: DatabaseSession,
    here: Site,
    board: Board,
    identity: Identity,
    record: PhotoRecord,
    *,
    kind: type[PhotoTakenBack | PhotoTime],
) -> None:
    """Take back all that people did to a photo of one kind, and publish."""
    now = here.clock()
    for correction in corrections_of_photo(database, record.id):
        if isinstance(correction.change, kind):
            set_undone(database, correction, undone=True, author=identity.name, at=now)
    publish(database, here.profile, board.slug, cause="correction", at=now)


def set_time(
    database: DatabaseSession,
    here: Site,
    board: Board,
    identity: Identity,
    record: PhotoRecord,
    *,
    at: dt.datetime,
) -> None:
    """Say when a photo was taken and publish what holds then.

    Raises
    ------
    CorrectionError
        If that is yet to come, or long before the board.
    """
    early = board.date - at.date() > LONG_BEFORE
    if early or at > here.clock():
        why = "long before the board" if early else "yet to come"
        raise CorrectionError(
            f"No photo was taken at {at:%H:%M on %Y-%m-%d}: that is {why}.",
            hint="Check hour and day, and set the time again.",
        )
    event = here.profile.event
    change = PhotoTime(record.id, at.astimezone(event.timezone), _named(record, event))
    act(database, here, board, identity, change)


def _typed_time(board: Board, event: Event) -> dt.datetime:
    """Return the time in a form; of the board's day unless it says another."""
    day, time = request.form.get("day", ""), request.form.get("time", "")
    try:
        date = dt.date.fromisoformat(day) if day else board.date
        return dt.datetime.combine(date, dt.time.fromisoformat(time), event.timezone)
    except ValueError:
        raise CorrectionError(
            "To set a photo's time, hour and minute are needed.",
            hint="Type it as 14:05, and set the time again.",
        ) from None


def _named(record: PhotoRecord, event: Event) -> str:
    """Return what the history calls a photo."""
    came_at = record.received_at.astimezone(event.timezone)
    return f"photo sent {came_at:%H:%M} by {record.sender}"
